"""What a matcher is asked, and what it answers."""

from dataclasses import dataclass

from lod.linking.entity import Entity
from lod.linking.properties import Asked, Verdict


@dataclass(frozen=True, slots=True)
class Condition:
    """A property that a candidate should have. `quantifier`: `any`, `all` or `none` of the values agree."""

    property: str
    values: tuple[Asked, ...]
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. Without kinds all are; without a name, conditions and ids alone decide."""

    name: str = ""
    kinds: tuple[str, ...] = ()
    limit: int = 5
    conditions: tuple[Condition, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for or against a candidate: a property, what it says, and the two values in words."""

    property: str
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant. `name` is the form of its name that fits best, `name_score` how well (to 100)."""

    entity: Entity
    score: float
    match: bool
    name: str
    name_score: float
    evidence: tuple[Evidence, ...] = ()
