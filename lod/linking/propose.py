"""Candidates for authority links: each with its score, what speaks for it, and what speaks against it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lod.authorities import recognise
from lod.linking.entity import STRONG, Entity
from lod.linking.matcher import Matcher
from lod.linking.properties import Asked, Verdict
from lod.linking.query import Candidate, Condition, Query

_SCORE = 60.0
"""Below this a candidate is not shown, unless its name fits and only a date or a place speaks against it."""
_NAMESAKE = 85.0
_TITLE = 80.0
"""Names of places and bodies that are less alike than this are other names."""
_NAMES, _CANDIDATES = 6, 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """One candidate for one thing. `against`: why it is somebody else, `""` when nothing says so."""

    subject: Entity
    object: str
    label: str
    score: float
    sure: bool
    """The name is the same, nothing else bears it, and what is known agrees: still nobody has decided."""
    name: str
    evidence: tuple[str, ...] = ()
    against: str = ""
    source: str = ""
    chained: bool = False
    """Found through a third address that both have, not by a name."""


def names(entity: Entity) -> list[str]:
    """The names to look for: those that somebody bears, the preferred one first."""
    borne = [form.text for form in entity.names if form.kind in STRONG]
    return list(dict.fromkeys(borne))[:_NAMES]


def conditions(entity: Entity) -> tuple[Condition, ...]:
    """What is known of an entity, as conditions on a candidate."""
    told: list[tuple[str, Iterable[str]]] = [
        ("birthDate", [str(entity.birth.first)] if entity.birth.first is not None else []),
        ("deathDate", [str(entity.death.first)] if entity.death.first is not None else []),
        ("gender", [entity.sex] if entity.sex else []),
        ("date", [str(entity.date.first)] if entity.date.first is not None and entity.kind == "event" else []),
        ("geo", [f"{entity.point[0]}, {entity.point[1]}"] if entity.point else []),
        ("containedInPlace", entity.places if entity.kind == "place" and not entity.point else []),
    ]
    return tuple(Condition(name, tuple(map(Asked, values))) for name, values in told if values)


def propose(entities: Sequence[Entity], authority: Iterable[Entity], source: str) -> Iterator[Proposal]:
    """What an authority has for each entity, the best first."""
    matcher = Matcher(authority)
    for entity in entities:
        best: dict[str, Candidate] = {}
        for name in names(entity):
            for found in matcher.match(Query(name, (entity.kind,), _CANDIDATES, conditions(entity))):
                known = best.get(found.entity.id)
                if known is None or known.score < found.score:
                    best[found.entity.id] = found
        listed = sorted(best.values(), key=lambda found: (-found.score, found.entity.id))
        shown = [found for found in listed if _worth_showing(found)]
        yield from (_proposal(entity, found, source) for found in shown[:_CANDIDATES])


def _worth_showing(found: Candidate) -> bool:
    if found.entity.kind != "person":
        return found.name_score >= _TITLE
    return found.score >= _SCORE or found.name_score >= _NAMESAKE


def _proposal(entity: Entity, found: Candidate, source: str) -> Proposal:
    told = {verdict: [each.words for each in found.evidence if each.verdict is verdict] for verdict in Verdict}
    return Proposal(
        subject=entity,
        object=found.entity.id,
        label=found.entity.label,
        score=found.score,
        sure=found.match,
        name=found.name,
        evidence=(
            f"name “{found.name}” fits to {found.name_score:g}",
            *(f"agrees: {each}" for each in told[Verdict.AGREES]),
            *filter(None, (found.entity.description,)),
        ),
        against="; ".join(told[Verdict.DIFFERS]),
        source=source,
    )


def lacking(entities: Iterable[Entity], schemes: Iterable[str], kinds: Sequence[str]) -> list[Entity]:
    """The entities of these kinds that no address of these authorities is known of yet, nameless ones left out."""
    wanted = set(schemes)
    return [
        entity
        for entity in entities
        if entity.kind in kinds
        and names(entity)
        and not (wanted and any(found and found[0] in wanted for found in map(recognise, entity.same_as)))
    ]
