"""What timeline, map, network and start page tell of the whole: counted once, with the index of a dump, and read from it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


def write(documents: Documents, texts: Sequence[Text], happenings: Iterable[Happening]) -> None:
    """Count all of it for an index that is being made; texts and what happened come in order of time."""
    index, letters = documents.index, [row for row in texts if row.path.startswith("letter/")]
    index.tell("timeline", _plainly(_timeline(letters, happenings)))
    index.tell("ways", [fields(way) for way in _ways(documents, letters)])
    index.tell("ties", [fields(tie) for tie in _ties(letters)])
    index.tell("ranked", fields(_ranked(letters)))


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


def _timeline(letters: Sequence[Text], happenings: Iterable[Happening]) -> Timeline:
    months = _core(sorted(row.month for row in letters if row.month))
    unit = "month" if months and len(_between(*months)) <= _MONTHS_SHOWN else "year"
    known = sorted({getattr(row, unit) for row in letters} - {""})
    ends = months if unit == "month" and months else (known[0], known[-1]) if known else None
    spans = _between(*ends) if ends else []
    shown = set(spans)
    dated = [(row, name) for row in letters if (name := getattr(row, unit)) in shown]
    writers = tuple(path for path, _ in Counter(one for row, _ in dated for one in row.writers).most_common(WRITERS))
    counts: dict[str, Counter[str]] = {name: Counter() for name in spans}
    for row, name in dated:
        counts[name].update([one if one in writers else OTHERS for one in row.writers] or [OTHERS])
    events: dict[str, list[Happening]] = {name: [] for name in spans}
    for happening in happenings:
        name = _unit(happening, unit)
        if name in events and happening.path.startswith("event/"):
            events[name].append(happening)
    bins = tuple(Bin(name, counts[name], tuple(events[name])) for name in spans)
    return Timeline(bins, writers, unit, len(letters) - len(dated))


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


def _ways(documents: Documents, letters: Sequence[Text]) -> tuple[Way, ...]:
    atlas, elsewhere = Atlas(documents), _Elsewhere(letters)
    found: dict[tuple[str, str, bool], list[Sent]] = {}
    for row in letters:
        start = _first(atlas, row.written_at)
        if not start:
            continue
        goal, sure = _first(atlas, row.received_at), True
        if not goal:
            goal, sure = _first(atlas, elsewhere.of_addressees(row)), False
        found.setdefault((start, goal, sure or not goal), []).append(Sent(row.path, row.year))
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


def _ties(letters: Sequence[Text]) -> tuple[Tie, ...]:
    exchanged: Counter[tuple[str, str]] = Counter()
    mentions: Counter[tuple[str, str]] = Counter()
    for row in letters:
        exchanged.update((writer, to) for writer in row.writers for to in row.addressees if writer != to)
        mentions.update(
            (writer, other)
            for writer in row.writers
            for other in row.mentions
            if other.startswith("person/") and other.count("/") == 1 and other != writer
        )
    found = [
        Tie(*pair, kind, count)
        for kind, counts in (("letters", exchanged), ("mentions", mentions))
        for pair, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda tie: (tie.kind, -tie.count, tie.source, tie.target)))


def _ranked(letters: Sequence[Text]) -> Ranked:
    printed = [row for row in letters if not row.lost]
    writers = Counter(path for row in letters for path in row.writers)
    mentioned = Counter(path for row in letters for path in row.mentions if path.startswith("person/"))
    first = tuple(row.path for row in (printed or letters)[:_RANKED])
    return Ranked(tuple(writers.most_common(_RANKED)), tuple(mentioned.most_common(_RANKED)), first)
