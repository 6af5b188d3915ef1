"""The reconciliation protocol of the W3C community group, versions 0.2 and 1.0-draft: JSON in, `Query`; `Candidate`, JSON out.

<https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/>,
<https://reconciliation-api.github.io/specs/draft/>. What is no request of these raises `LinkingError` with a sentence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lod.errors import LinkingError
from lod.linking.entity import KINDS, Entity
from lod.linking.properties import PROPERTIES, Asked, Property, Value, Verdict, find
from lod.linking.query import Candidate, Condition, Query
from lod.terms import Iri, address
from lod.vocab import PREFIXES, schema

Json = dict[str, Any]

BATCH = 50
"""The most queries in one batch, and the most candidates of one query."""
EXTENDED = 500
"""The most entities in one request for data extension."""
NAME = 500
"""The longest name, in characters."""

_CLASSES: Mapping[str, tuple[Iri, str]] = {
    "person": (schema.Person, "Person"),
    "organisation": (schema.Organization, "Organisation"),
    "place": (schema.Place, "Place"),
    "work": (schema.CreativeWork, "Work"),
    "event": (schema.Event, "Event"),
}
SCHEMA_SPACE = PREFIXES["schema"]
"""What the ids of types and properties are short for."""
_TYPES = {kind: address(term).removeprefix(SCHEMA_SPACE) for kind, (term, _) in _CLASSES.items()}
_KINDS = {name.lower(): kind for kind, short in _TYPES.items() for name in (kind, short, _CLASSES[kind][1])}
_DIGITS = re.compile(r"[0-9]{1,9}")
_VERDICTS = {Verdict.AGREES: 1.0, Verdict.UNKNOWN: 0.0, Verdict.DIFFERS: -1.0}
LIMIT = "The most values of this property that are handed out, 0 for all"


class TooMany(LinkingError):
    """More in one request than is answered."""


def kind_of(identifier: str) -> str:
    """The kind that a type means: `Person`, `person`, its IRI; `""` for an unknown one."""
    return _KINDS.get(identifier.rstrip("/").rpartition("/")[2].lower(), "")


def type_of(kind: str) -> Json:
    """The type of a kind, as every answer gives it."""
    return {"id": _TYPES[kind], "name": _CLASSES[kind][1]}


def types(prefix: str = "") -> list[Json]:
    """The types whose id or name begins with this."""
    wanted = prefix.strip().lower()
    return [type_of(kind) for kind in KINDS if any(name.lower().startswith(wanted) for name in type_of(kind).values())]


def properties(kind: str = "", prefix: str = "") -> list[Json]:
    """The properties of a kind whose id, name or alias begins with this."""
    wanted = prefix.strip().lower()
    return [
        {"id": each.id, "name": each.name, "description": each.description}
        for each in PROPERTIES
        if (not kind or kind in each.kinds)
        and any(name.lower().startswith(wanted) for name in (each.id, *each.name.split(), each.name, *each.aliases))
    ]


# --- requests


def queries_02(batch: Any) -> dict[str, Query]:
    """A batch of version 0.2: `{"q0": {"query": …, "type": …, "limit": …, "properties": [{"pid": …, "v": …}]}}`."""
    if not isinstance(batch, dict):
        raise LinkingError('queries is an object, a query for each key: {"q0": {"query": "Trotzki, Leo"}}')
    _not_more(len(batch), BATCH, "queries in a batch")
    return {key: _query_02(key, asked) for key, asked in batch.items()}


def _query_02(key: str, asked: Any) -> Query:
    known = {"query", "type", "limit", "properties", "type_strict"}
    if not isinstance(asked, dict) or set(asked) - known:
        raise LinkingError(f"{key}: a query is an object with {', '.join(sorted(known))} and nothing else")
    name, wanted = asked.get("query"), asked.get("properties", [])
    if not isinstance(wanted, list) or (name is not None and not isinstance(name, str)):
        raise LinkingError(f"{key}: query is a string and properties is a list")
    if name is None and not wanted:
        raise LinkingError(f"{key}: a query needs query, or properties")
    if asked.get("type_strict", "any") not in ("any", "should", "all"):
        raise LinkingError(f"{key}: type_strict is any, should or all")
    conditions = []
    for each in wanted:
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str) or "v" not in each:
            raise LinkingError(f"{key}: a property is an object with pid and v")
        conditions.append(Condition(each["pid"], _values(key, each["v"])))
    given = asked.get("type")
    listed = [given] if isinstance(given, str) else given or []
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise LinkingError(f"{key}: type is a string or a list of strings")
    return Query(_name(key, name or ""), _kinds(listed), _limit(key, asked), tuple(conditions))


def queries_10(batch: Any) -> list[Query]:
    """A batch of the 1.0 draft: `{"queries": [{"type": …, "conditions": [{"matchType": "name", "propertyValue": …}]}]}`."""
    if not isinstance(batch, dict) or not isinstance(batch.get("queries"), list):
        raise LinkingError('the body is an object with a list of queries: {"queries": [{"conditions": […]}]}')
    _not_more(len(batch["queries"]), BATCH, "queries in a batch")
    return [_query_10(f"query {number}", asked) for number, asked in enumerate(batch["queries"])]


def _query_10(key: str, asked: Any) -> Query:
    known = {"type", "limit", "lang", "dir", "conditions"}
    if not isinstance(asked, dict) or set(asked) - known:
        raise LinkingError(f"{key}: a query is an object with {', '.join(sorted(known))} and nothing else")
    wanted, given = asked.get("conditions"), asked.get("type")
    if not isinstance(wanted, list) or not wanted:
        raise LinkingError(f"{key}: conditions is a list of one condition or more")
    if given is not None and not isinstance(given, str):
        raise LinkingError(f"{key}: type is one string")
    names: list[str] = []
    ids: list[str] = []
    conditions: list[Condition] = []
    for each in wanted:
        if (
            not isinstance(each, dict)
            or "propertyValue" not in each
            or each.get("matchType") not in ("name", "id", "property")
        ):
            raise LinkingError(f"{key}: a condition has a matchType (name, id or property) and a propertyValue")
        values = _values(key, each["propertyValue"])
        if each["matchType"] == "name":
            names += [value.text for value in values]
        elif each["matchType"] == "id":
            ids += [value.id or value.text for value in values]
        else:
            conditions.append(_condition_10(key, each, values))
    return Query(
        _name(key, names[0] if names else ""),
        _kinds([given] if given else []),
        _limit(key, asked),
        (*conditions, *(Condition("alternateName", (Asked(name),)) for name in names[1:])),
        tuple(ids),
    )


def _condition_10(key: str, each: Json, values: tuple[Asked, ...]) -> Condition:
    property_id, quantifier = each.get("propertyId"), each.get("matchQuantifier", "any")
    if not isinstance(property_id, str) or quantifier not in ("any", "all", "none"):
        raise LinkingError(f"{key}: a condition on a property has a propertyId; matchQuantifier is any, all or none")
    return Condition(property_id, values, each.get("required") is True, quantifier)


def _values(key: str, given: Any) -> tuple[Asked, ...]:
    found = []
    for each in given if isinstance(given, list) else [given]:
        if isinstance(each, dict) and isinstance(each.get("id"), str):
            found.append(Asked(str(each.get("name") or ""), each["id"]))
        elif isinstance(each, (str, int, float)):
            found.append(Asked(str(each)[:NAME]))
        else:
            raise LinkingError(f"{key}: a value is a string, a number, true, false, or an object with an id")
    return tuple(found)


def _name(key: str, name: str) -> str:
    if len(name) > NAME:
        raise LinkingError(f"{key}: a name has at most {NAME} characters")
    return name


def _kinds(listed: Sequence[str]) -> tuple[str, ...]:
    """Kinds of types; a type that nothing here has stands for itself, so that nothing is found."""
    return tuple(kind_of(each) or each for each in listed if each)


def _limit(key: str, asked: Json) -> int:
    limit = asked.get("limit", 5)
    if not isinstance(limit, (int, float)) or isinstance(limit, bool) or not limit >= 0:
        raise LinkingError(f"{key}: limit is a number above zero")
    return int(min(limit, BATCH))


def _not_more(count: int, most: int, what: str) -> None:
    if count > most:
        raise TooMany(f"There are {count:,} {what}; at most {most:,} are answered at once.")


# --- answers


def candidate(found: Candidate, version: str) -> Json:
    """A candidate. Features tell how well the name fits and what each property says (1 agrees, -1 differs, 0 not known)."""
    entity = found.entity
    features: list[Json] = [{"id": "name", "name": f"fit of the name “{found.name}”", "value": found.name_score}]
    features += [{"id": each.property, "name": each.words, "value": _VERDICTS[each.verdict]} for each in found.evidence]
    if version == "0.2":
        features = [{"id": each["id"], "value": each["value"]} for each in features]
    against = [each.words for each in found.evidence if each.verdict is Verdict.DIFFERS]
    described = "; ".join(word for word in (entity.description, *(f"differs: {words}" for words in against)) if word)
    return {
        "id": entity.id,
        "name": entity.label,
        "description": described,
        "score": found.score,
        "match": found.match,
        "type": [type_of(entity.kind)],
        "features": features,
    }


def suggestion(entity: Entity) -> Json:
    """An entity in a list to choose from."""
    return {
        "id": entity.id,
        "name": entity.label,
        "description": entity.description,
        "notable": [type_of(entity.kind)],
    }


# --- data extension


def extension(asked: Any) -> tuple[list[str], list[tuple[Property, int]]]:
    """The ids and the properties, each with the most values wanted (0: all), of a request for data extension."""
    if not isinstance(asked, dict) or not _strings(asked.get("ids")) or not isinstance(asked.get("properties"), list):
        raise LinkingError('extend is an object: {"ids": ["person/serge"], "properties": [{"id": "gnd"}]}')
    _not_more(len(asked["ids"]), EXTENDED, "ids in a request")
    wanted = []
    for each in asked["properties"]:
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            raise LinkingError("a property is an object with an id")
        known = find(each["id"])
        if known is None:
            raise LinkingError(
                f"There is no property '{each['id'][:80]}'; there are {', '.join(one.id for one in PROPERTIES)}"
            )
        settings = each.get("settings")
        limit = settings.get("limit", 0) if isinstance(settings, dict) else 0
        wanted.append((known, int(limit) if _DIGITS.fullmatch(str(limit)) else 0))
    return asked["ids"], wanted


def _strings(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(each, str) for each in given)


def extended(
    entities: Iterable[tuple[str, Entity | None]], wanted: Sequence[tuple[Property, int]], version: str, service: str
) -> Json:
    """The answer: a table of values, in the form of the version; things have the ids of `service`."""
    bodies: Json = {"type": type_of("organisation"), "service": service}
    meta = [{"id": known.id, "name": known.name, **(bodies if known.id == "memberOf" else {})} for known, _ in wanted]
    rows = {
        identifier: {known.id: _told(entity, known, limit) for known, limit in wanted}
        for identifier, entity in entities
    }
    if version == "0.2":
        return {"meta": meta, "rows": rows}
    listed = [
        {"id": identifier, "properties": [{"id": name, "values": values} for name, values in row.items()]}
        for identifier, row in rows.items()
    ]
    return {"meta": meta, "rows": listed}


def _told(entity: Entity | None, known: Property, limit: int) -> list[Json]:
    if entity is None:
        return []
    values = known.values(entity)
    return [_value(value) for value in (values[:limit] if limit else values)]


def _value(value: Value) -> Json:
    if isinstance(value, tuple):
        return {"id": value[0], "name": value[1]}
    if isinstance(value, str):
        return {"str": value}
    return {"int": value} if isinstance(value, int) else {"float": value}
