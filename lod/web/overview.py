"""What timeline, map, network and start page tell of the whole: counted once, with the index of a dump, and read from it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from lod.store.documents import Documents
from lod.store.index import Index
from lod.terms import Iri, Literal
from lod.vocab import schema
from lod.web.happenings import Happening, happening_of
from lod.web.pictures.drawing import WRITERS
from lod.web.pictures.ground import Spot
from lod.web.rows import fields, row_of
from lod.web.texts import Text
from lod.web.values import plain

OTHERS = ""
"""The column of all other writers."""
_MONTHS_SHOWN = 120
"""A correspondence longer than this is shown by year."""
_NEAR_DAYS = 120
_RANKED = 8
"""So many names stand in each short list of the start page."""


@dataclass(frozen=True, slots=True)
class Bin:
    """A month (`1936-04`) or a year, with its letters by writer."""

    name: str
    counts: Mapping[str, int]
    events: tuple[Happening, ...]

    @property
    def total(self) -> int:
        """All letters of it; one by two writers counts twice, as it does in the columns."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bins in order, without gaps; the writers with columns of their own; how many letters stand in none."""

    bins: tuple[Bin, ...]
    writers: tuple[str, ...]
    unit: str
    undated: int


class Sent(NamedTuple):
    """A letter on the map, and its year, `""` when that is open."""

    path: str
    year: str


@dataclass(frozen=True, slots=True)
class Way:
    """Letters from one place to another. `sure` is false where the goal is only where the addressee wrote about then."""

    start: str
    goal: str
    sure: bool
    letters: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """Letters from one person or body to another, or letters of one that mention a person."""

    source: str
    target: str
    kind: str
    """`letters` or `mentions`."""
    count: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """Who writes most, who is spoken of most, each with a number of letters; and the first letters."""

    writers: tuple[tuple[str, int], ...]
    mentioned: tuple[tuple[str, int], ...]
    first: tuple[str, ...]


@dataclass(slots=True)
class Atlas:
    """Where things are: a place's own coordinates, or those of the nearest place it lies in."""

    documents: Documents
    known: dict[str, tuple[str, Spot] | None] = field(default_factory=dict)

    def spot(self, place: str) -> tuple[str, Spot] | None:
        """The place that has coordinates, and these."""
        if place not in self.known:
            self.known[place] = None  # a place that lies in itself ends here
            self.known[place] = self._find(place)
        return self.known[place]

    def _find(self, place: str) -> tuple[str, Spot] | None:
        thing, within, said = self.documents.iris.of(place), "", dict[Iri, float]()
        for subject, predicate, node in self.documents.own(place):
            if subject != thing:
                continue
            if predicate in (schema.latitude, schema.longitude):
                said[predicate] = float(plain(Literal(node))[0])
            elif predicate == schema.containedInPlace:
                within = self.documents.iris.path(Iri(node))
        if len(said) == 2:
            return place, (said[schema.longitude], said[schema.latitude])
        return self.spot(within) if within else None


def write(index: Index, counted: "Counted", ways: Sequence[Way], happenings: Iterable[Happening]) -> None:
    """Write all of it into an index that is being made; what happened comes in order of time."""
    index.tell("timeline", _plainly(counted.timeline(happenings)))
    index.tell("ways", [fields(way) for way in ways])
    index.tell("ties", [fields(tie) for tie in counted.ties()])
    index.tell("ranked", fields(counted.ranked()))


def timeline(index: Index) -> Timeline:
    """Every letter by when it was written: by month where nearly all of them lie within ten years, else by year."""
    said = index.told("timeline")
    bins = (
        Bin(name, counts, tuple(row_of(happening_of, event) for event in events))
        for name, counts, events in said["bins"]
    )
    return Timeline(tuple(bins), tuple(said["writers"]), said["unit"], said["undated"])


def ways(index: Index) -> tuple[Way, ...]:
    """Every letter with a place of writing that is on the map, by where from and where to; `""` for an unknown goal."""
    found = index.told("ways")
    return tuple(Way(start, goal, sure, tuple(Sent(*one) for one in letters)) for start, goal, sure, letters in found)


def ties(index: Index) -> tuple[Tie, ...]:
    """Every tie, letters first, the strongest first."""
    return tuple(Tie(*each) for each in index.told("ties"))


def ranked(index: Index) -> Ranked:
    """The short lists of the start page."""
    return row_of(Ranked, index.told("ranked"))


def _plainly(made: Timeline) -> Mapping[str, Any]:
    bins = [(one.name, one.counts, [fields(event) for event in one.events]) for one in made.bins]
    return {"bins": bins, "writers": made.writers, "unit": made.unit, "undated": made.undated}


class Counted:
    """What is counted of letters, which come one after the other in order of time."""

    def __init__(self) -> None:
        self._moments: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
        self._exchanged: Counter[tuple[str, str]] = Counter()
        self._mentions: Counter[tuple[str, str]] = Counter()
        self._mentioned: Counter[str] = Counter()
        self._printed: list[str] = []
        self._first: list[str] = []

    def take(self, row: Text) -> None:
        """One more."""
        self._moments[row.month, row.year, row.writers] += 1
        self._exchanged.update((writer, to) for writer in row.writers for to in row.addressees if writer != to)
        people = [other for other in row.mentions if other.startswith("person/")]
        self._mentioned.update(people)
        self._mentions.update(
            (writer, other) for writer in row.writers for other in people if other.count("/") == 1 and other != writer
        )
        for some, wanted in ((self._printed, not row.lost), (self._first, True)):
            if wanted and len(some) < _RANKED:
                some.append(row.path)

    def timeline(self, happenings: Iterable[Happening]) -> Timeline:
        """Columns of letters, and the events of each."""
        months = _core(
            sorted(chain.from_iterable([month] * count for (month, _, _), count in self._moments.items() if month))
        )
        unit = "month" if months and len(_between(*months)) <= _MONTHS_SHOWN else "year"
        named = [
            (month if unit == "month" else year, who, count) for (month, year, who), count in self._moments.items()
        ]
        known = sorted({name for name, _, _ in named} - {""})
        ends = months if unit == "month" and months else (known[0], known[-1]) if known else None
        spans = _between(*ends) if ends else []
        shown = set(spans)
        dated = [(name, who, count) for name, who, count in named if name in shown]
        ranks = _summed((one, count) for _, who, count in dated for one in who)
        writers = tuple(path for path, _ in ranks.most_common(WRITERS))
        counts: dict[str, Counter[str]] = {name: Counter() for name in spans}
        for name, who, count in dated:
            for one in [each if each in writers else OTHERS for each in who] or [OTHERS]:
                counts[name][one] += count
        events: dict[str, list[Happening]] = {name: [] for name in spans}
        for happening in happenings:
            name = _unit(happening, unit)
            if name in events and happening.path.startswith("event/"):
                events[name].append(happening)
        bins = tuple(Bin(name, counts[name], tuple(events[name])) for name in spans)
        return Timeline(bins, writers, unit, self._moments.total() - sum(count for _, _, count in dated))

    def ties(self) -> tuple[Tie, ...]:
        """Who wrote to whom, and who wrote of whom."""
        found = [
            Tie(*pair, kind, count)
            for kind, counts in (("letters", self._exchanged), ("mentions", self._mentions))
            for pair, count in counts.items()
        ]
        return tuple(sorted(found, key=lambda tie: (tie.kind, -tie.count, tie.source, tie.target)))

    def ranked(self) -> Ranked:
        """The short lists of the start page."""
        writers = _summed((one, count) for (_, _, who), count in self._moments.items() for one in who)
        first = tuple(self._printed or self._first)
        return Ranked(tuple(writers.most_common(_RANKED)), tuple(self._mentioned.most_common(_RANKED)), first)


def _summed(counted: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for path, count in counted:
        found[path] += count
    return found


def _core(months: Sequence[str]) -> tuple[str, str] | None:
    """The shortest stretch of time that holds nine tenths of the letters: a stray one of a lifetime before is left out."""
    if not months:
        return None
    size = -(-len(months) * 9 // 10)
    windows = dict.fromkeys((months[place], months[place + size - 1]) for place in range(len(months) - size + 1))
    return min(windows, key=lambda ends: _month(ends[1]) - _month(ends[0]))


def _month(name: str) -> int:
    year, month = name.rsplit("-", 1)
    return int(year) * 12 + int(month)


def _unit(row: Happening, unit: str) -> str:
    cut = -3 if unit == "month" else -6
    return row.earliest[:cut] if row.earliest and row.earliest[:cut] == row.latest[:cut] else ""


def _between(first: str, last: str) -> list[str]:
    """Every month or year from the first to the last."""
    if "-" not in first.lstrip("-"):
        return [f"{year:04d}" for year in range(int(first), int(last) + 1)]
    (year, month), found = (int(piece) for piece in first.rsplit("-", 1)), [first]
    while found[-1] < last:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        found.append(f"{year:04d}-{month:02d}")
    return found


class Ways:
    """Collects where letters went, which come one after the other in order of time."""

    def __init__(self, documents: Documents) -> None:
        self._atlas = Atlas(documents)
        self._found: dict[tuple[str, str, bool], list[Sent]] = {}
        self._open: list[tuple[str, Text]] = []

    def take(self, row: Text) -> None:
        """One more."""
        start = _first(self._atlas, row.written_at)
        goal = _first(self._atlas, row.received_at) if start else ""
        if goal:
            self._found.setdefault((start, goal, True), []).append(Sent(row.path, row.year))
        elif start:
            self._open.append((start, row))

    def all(self, letters: Iterable[Text]) -> tuple[Way, ...]:
        """The ways of all that were taken; `letters` are gone through again where goals must be guessed."""
        elsewhere, found = _Elsewhere(letters if self._open else ()), self._found
        for start, row in self._open:
            goal = _first(self._atlas, elsewhere.of_addressees(row))
            found.setdefault((start, goal, not goal), []).append(Sent(row.path, row.year))
        return in_order(Way(*key, tuple(rows)) for key, rows in found.items())


def in_order(known: Iterable[Way]) -> tuple[Way, ...]:
    """Ways, those with most letters first."""
    return tuple(sorted(known, key=lambda way: (-len(way.letters), (way.start, way.goal, way.sure))))


def _first(atlas: Atlas, places: Sequence[str]) -> str:
    return next((spot[0] for place in places if (spot := atlas.spot(place))), "")


class _Elsewhere:
    """Where people wrote letters, by day."""

    def __init__(self, letters: Iterable[Text]) -> None:
        found: dict[str, set[tuple[int, tuple[str, ...]]]] = {}
        for row in letters:
            if row.written_at and _exact(row.earliest):
                for person in row.writers:
                    found.setdefault(person, set()).add((_days(row.earliest), row.written_at))
        self._written = {person: sorted(known) for person, known in found.items()}

    def of_addressees(self, row: Text) -> tuple[str, ...]:
        """Where the addressee wrote letters nearest in time, if within four months."""
        best: tuple[int, tuple[str, ...]] = (_NEAR_DAYS, ())
        if _exact(row.earliest):
            day = _days(row.earliest)
            for person in row.addressees:
                for other, places in self._near(person, day):
                    best = min(best, (abs(other - day), places))
        return best[1]

    def _near(self, person: str, day: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        known = self._written.get(person, [])
        for place in range(bisect_left(known, day - _NEAR_DAYS, key=itemgetter(0)), len(known)):
            if known[place][0] > day + _NEAR_DAYS:
                return
            yield known[place]


def _exact(day: str) -> bool:
    return len(day) == 10


def _days(day: str) -> int:
    year, month, date = (int(piece) for piece in day.split("-"))
    return year * 365 + month * 30 + date
