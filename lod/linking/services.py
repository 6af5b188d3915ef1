"""Other people's services over HTTP: any reconciliation service (0.2), and the look-up of another edition like ours."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import httpx

from lod.errors import LinkingError
from lod.linking.entity import Entity
from lod.linking.propose import Proposal, conditions, names
from lod.linking.protocol import SCHEMA_SPACE, kind_of

_SECONDS = 30.0
_BATCH = 10
_LOOKED_UP = 500
_SCORE = 50.0
_AGENT = {"User-Agent": "lod link (scholarly correspondence as linked open data)"}


class Service:
    """A reconciliation service, asked as OpenRefine asks it: batches of ten, names with what is known of their bearers."""

    def __init__(self, address: str, client: httpx.Client | None = None) -> None:
        self._address = address
        self._client = client or httpx.Client(timeout=_SECONDS, follow_redirects=True, headers=_AGENT)
        self._manifest: Mapping[str, Any] = self._json(self._client.get, address)
        if not isinstance(self._manifest.get("identifierSpace"), str):
            raise LinkingError(f"{address}: no manifest of a reconciliation service (version 0.2)")

    @property
    def name(self) -> str:
        """What the service calls itself."""
        return str(self._manifest.get("name") or self._address)

    def propose(self, entities: Sequence[Entity]) -> Iterator[Proposal]:
        """What the service has for each entity, by its names; a candidate that comes twice is told once."""
        asked = [(entity, name) for entity in entities for name in names(entity)]
        best: dict[tuple[str, str], Proposal] = {}
        for group in (asked[place : place + _BATCH] for place in range(0, len(asked), _BATCH)):
            queries = {f"q{number}": self._query(*each) for number, each in enumerate(group)}
            answer = self._json(self._client.post, self._address, data={"queries": json.dumps(queries)})
            for number, (entity, name) in enumerate(group):
                found = answer.get(f"q{number}", {})
                for each in found.get("result", []) if isinstance(found, dict) else []:
                    proposal = self._proposal(entity, name, each)
                    key = entity.id, proposal.object
                    if proposal.score >= _SCORE and (key not in best or best[key].score < proposal.score):
                        best[key] = proposal
        yield from best.values()

    def _query(self, entity: Entity, name: str) -> dict[str, Any]:
        """The query; properties only where the service speaks of them in schema.org's words, as this house does."""
        query: dict[str, Any] = {"query": name, "limit": 5}
        kinds = {
            kind_of(str(each.get("id"))) or kind_of(str(each.get("name"))): each["id"]
            for each in self._manifest.get("defaultTypes", [])
        }
        if entity.kind in kinds:
            query["type"] = kinds[entity.kind]
        if self._manifest.get("schemaSpace") == SCHEMA_SPACE:
            query["properties"] = [
                {"pid": each.property, "v": value.text} for each in conditions(entity) for value in each.values
            ]
        return query

    def _proposal(self, entity: Entity, name: str, found: Mapping[str, Any]) -> Proposal:
        identifier, score = str(found.get("id", "")), float(found.get("score", 0))
        address = identifier if "://" in identifier else f"{self._manifest['identifierSpace']}{identifier}"
        described = str(found.get("description") or "")
        differs = [each for each in described.split("; ") if each.startswith("differs: ")]
        return Proposal(
            subject=entity,
            object=address,
            label=str(found.get("name", "")),
            score=min(score, 100.0),
            sure=found.get("match") is True and not differs,
            name=name,
            evidence=(f"the service scores {score:g}", *filter(None, (described,))),
            against="; ".join(each.removeprefix("differs: ") for each in differs),
            source=self.name,
        )

    def _json(self, ask: Any, address: str, **more: Any) -> Any:
        return _json(ask, address, **more)


def by_address(address: str, entities: Iterable[Entity], client: httpx.Client | None = None) -> Iterator[Proposal]:
    """What another edition's `/lookup` at this address has under the addresses that our entities have elsewhere."""
    asking = client or httpx.Client(timeout=_SECONDS, follow_redirects=True, headers=_AGENT)
    known = [(entity, uri) for entity in entities for uri in entity.same_as]
    told: set[tuple[str, str]] = set()
    for group in (known[place : place + _LOOKED_UP] for place in range(0, len(known), _LOOKED_UP)):
        answer = _json(asking.post, address, json={"uris": [uri for _, uri in group]})
        results = answer.get("results", {}) if isinstance(answer, dict) else {}
        for entity, uri in group:
            for each in results.get(uri, []):
                found = str(each.get("iri", ""))
                if found and found != entity.iri and found not in entity.same_as and (entity.id, found) not in told:
                    told.add((entity.id, found))
                    words = (f"both are {uri}", f"{each.get('letters', 0)} letters there")
                    yield Proposal(
                        entity,
                        found,
                        str(each.get("name", "")),
                        100.0,
                        True,
                        entity.label,
                        words,
                        "",
                        address,
                        chained=True,
                    )


def _json(ask: Any, address: str, **more: Any) -> Any:
    try:
        response = ask(address, **more)
        response.raise_for_status()
        return response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise LinkingError(f"{address}: no answer that can be used: {error}") from None
