"""What properties say of a candidate, and whether the best candidate may be taken without anybody looking."""

from collections.abc import Sequence
from dataclasses import dataclass

from lod.linking.entity import STRONG, Entity, Form
from lod.linking.names import Word
from lod.linking.properties import Property, Verdict, find
from lod.linking.query import Candidate, Condition, Evidence
from lod.linking.score import Fit

SURE = 90.0
"""The least score of a sure match."""
_CLOSE = 90.0
"""Of places, bodies, works and events: another one with this score might be meant as well."""
_MAY_BE_MEANT = 70.0
_NAMED = 50.0
"""An identifier that agrees makes a match sure only when the name is not somebody else's."""


@dataclass(frozen=True, slots=True)
class Named:
    """How an entity's names fit a query."""

    fit: Fit
    form: Form
    asked: tuple[Word, ...] = ()


def weigh(entity: Entity, score: float, conditions: Sequence[Condition]) -> tuple[float, tuple[Evidence, ...]] | None:
    """The score after all conditions, with what each says; None when a required one is not met."""
    evidence = []
    for condition in conditions:
        known = find(condition.property, entity.kind)
        told = _judge(entity, condition, known)
        if condition.required and told is not Verdict.AGREES:
            return None
        if known is None:
            continue
        score = _changed(score, told, known)
        values = "; ".join(_shown(value) for value in known.values(entity)[:4])
        asked = "; ".join(each.text or each.id for each in condition.values)
        evidence.append(Evidence(known.id, told, f"{known.name}: asked {asked}, here {values or 'nothing'}"))
    return min(score, 100.0), tuple(evidence)


def sure(found: Sequence[tuple[Candidate, Named]], alone: bool) -> bool:
    """Whether the first candidate is certainly meant. `alone`: nothing but its id was asked for."""
    if not found:
        return False
    best, named = found[0]
    verdicts = {each.verdict for each in best.evidence}
    if alone:
        return len(found) == 1
    if Verdict.DIFFERS in verdicts or best.score < SURE:
        return False
    others = [(one, how) for one, how in found[1:] if not _one_and_the_same(best.entity, one.entity)]
    if _identified(best) and (best.name_score >= _NAMED or not named.asked):
        return not any(_identified(one) for one, _ in others)
    if any(_rival(best, one, how) for one, how in others):
        return False
    return _own_name(best.entity, named, Verdict.AGREES in verdicts) and _confirmed(best)


def _judge(entity: Entity, condition: Condition, known: Property | None) -> Verdict:
    if known is None:
        return Verdict.UNKNOWN
    told = [known.compare(entity, value) for value in condition.values if value.text.strip() or value.id]
    if condition.quantifier == "none":
        turned = {Verdict.AGREES: Verdict.DIFFERS, Verdict.DIFFERS: Verdict.AGREES, Verdict.UNKNOWN: Verdict.UNKNOWN}
        told = [turned[each] for each in told]
    every = condition.quantifier in ("all", "none")
    for wanted in (Verdict.DIFFERS, Verdict.UNKNOWN, Verdict.AGREES) if every else (Verdict.AGREES, Verdict.DIFFERS):
        if wanted in told:
            return wanted
    return Verdict.UNKNOWN


def _changed(total: float, told: Verdict, known: Property) -> float:
    if told is Verdict.AGREES:
        return min(100.0, total + known.agrees)
    return total * known.differs if told is Verdict.DIFFERS else total


def _shown(value: object) -> str:
    return value[1] if isinstance(value, tuple) else str(value)


def _identified(candidate: Candidate) -> bool:
    """True when an identifier of an authority agrees."""
    return any(
        each.verdict is Verdict.AGREES and (known := find(each.property)) is not None and known.agrees >= 100
        for each in candidate.evidence
    )


def _rival(best: Candidate, other: Candidate, named: Named) -> bool:
    """Whether something else could be meant as well. A body that has a town in its name is not meant by the town's name."""
    if best.entity.kind == "person" or other.entity.kind == "person":
        return other.entity.kind == best.entity.kind and _fits(named) and other.score >= _MAY_BE_MEANT
    return other.score >= _CLOSE


def _fits(named: Named) -> bool:
    """The whole query is in a name of theirs; one put together of parts is a guess, and no rival to a name that is borne."""
    return named.fit.explained and not named.fit.contradicts and named.form.kind != "composed"


def _one_and_the_same(one: Entity, other: Entity) -> bool:
    return not set(one.same_as).isdisjoint(other.same_as)


def _own_name(entity: Entity, named: Named, told: bool) -> bool:
    """The query is a name that the thing bears. One word alone names a person only if it is all that is known of the name."""
    if not named.fit.same or named.form.kind not in STRONG:
        return False
    alone = entity.kind == "person" and len(named.asked) == 1
    return not alone or told or named.form.kind == "preferred"


def _confirmed(best: Candidate) -> bool:
    """What the query tells of years, places and identifiers is known here too, at least in one point."""
    telling = [
        each for each in best.evidence if (known := find(each.property, best.entity.kind)) is not None and known.tells
    ]
    return not telling or any(each.verdict is Verdict.AGREES for each in telling)
