"""What an edition does not tell yet: no fault, but worth knowing. One note for each sort of gap, counted."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeVar

from lod.model import (
    Dating,
    Document,
    Event,
    Letter,
    Link,
    Organisation,
    Person,
    Place,
    Record,
    Standing,
    Work,
)
from lod.report import Report, Source

EXAMPLES = 3
"""How many keys a note gives: enough to start with, never a list."""

R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class _Gap:
    """A sort of gap: its code, how many of how many have it (`7 of 12 places`), what they lack, the first records."""

    code: str
    counted: str
    lack: str
    count: int = 0
    all: int = 0
    first: dict[str, Source] = field(default_factory=dict)
    """Path → place of one record more than a note gives."""

    def see(self, record: Record, times: int = 1) -> None:
        """One record, or so many statements in it, with the gap."""
        self.count += times
        if len(self.first) <= EXAMPLES:
            self.first.setdefault(record.path, record.source)

    def join(self, later: "_Gap") -> None:
        """Add what was counted in later records."""
        self.count += later.count
        self.all += later.all
        for path, source in later.first.items():
            if len(self.first) <= EXAMPLES:
                self.first.setdefault(path, source)

    def tell(self, report: Report) -> None:
        """One note with the first few keys, at the first record's line."""
        if self.first:
            first = ", ".join(list(self.first)[:EXAMPLES])
            more = ", …" if len(self.first) > EXAMPLES else ""
            message = f"{self.count} of {self.all} {self.counted} {self.lack}: {first}{more}"
            report.note(f"coverage-{self.code}", message, next(iter(self.first.values())))


class Tally:
    """What is counted in letters and documents, some at a time; `join` puts parts together."""

    def __init__(self) -> None:
        self._gaps = {code: _Gap(code, counted, lack) for code, counted, lack in _TEXTS}
        self.named: set[str] = set()
        self.dated: set[str] = set()
        self._doubtful = _Gap("mention-doubtful", "mentions", "are doubtful, in")
        self._mentions = 0
        self.foreign: list[tuple[str, Letter | Document]] = []
        """Mentions of what is none of the things, with the text: a letter may be meant."""

    def take(self, text: Letter | Document, things: Container[str]) -> None:
        """Count one text. `things` are paths of records and their parts: a mention of anything else may have no entry."""
        for code, lacks in _lacks(text).items():
            gap = self._gaps[code]
            gap.all += 1
            if lacks:
                gap.see(text)
        self.named.update(link.target for link in _links(text))
        if isinstance(text, Letter) and text.sent.dating:
            self.dated.update(link.target for link in (*text.sent.agents, *text.received.agents))
        self._mentions += len(text.mentions)
        for link in text.mentions:
            if link.claim.standing is Standing.UNCERTAIN:
                self._doubtful.see(text)
            if link.target not in things:
                self.foreign.append((link.target, text))

    def join(self, later: "Tally") -> None:
        """Add what was counted in later texts."""
        for code, gap in self._gaps.items():
            gap.join(later._gaps[code])
        self.named |= later.named
        self.dated |= later.dated
        self._doubtful.join(later._doubtful)
        self._mentions += later._mentions
        self.foreign += later.foreign

    def texts(self) -> Iterable[_Gap]:
        """The gaps of letters and documents."""
        return self._gaps.values()

    def mentions(self, letters: Set[str]) -> Iterator[_Gap]:
        """Counted by mention, not by text; the examples are texts."""
        self._doubtful.all = self._mentions
        yield self._doubtful
        gap = _Gap("mention-unresolved", "mentions", "have no entry in a register, in", all=self._mentions)
        for target, text in self.foreign:
            if target not in letters:
                gap.see(text)
        yield gap


_TEXTS = (
    ("letter-language", "letters", "have no language"),
    ("letter-place", "letters", "have no place of writing"),
    ("letter-date", "letters", "are not dated to the day"),
    ("letter-addressee", "letters", "have no addressee"),
    ("document-language", "documents", "have no language"),
    ("document-date", "documents", "are not dated to the day"),
)


def _lacks(text: Letter | Document) -> dict[str, bool]:
    match text:
        case Letter():
            return {
                "letter-language": not text.languages,
                "letter-place": not text.sent.places,
                "letter-date": not _exact(text.sent.dating),
                "letter-addressee": not text.received.agents,
            }
        case Document():
            return {"document-language": not text.languages, "document-date": not _exact(text.dating)}


def check_coverage(records: Iterable[Record], report: Report) -> None:
    """Put a note into `report` for each sort of gap in the records of an edition."""
    everything = tuple(records)
    tally, things = Tally(), paths(everything)
    for record in everything:
        if isinstance(record, Letter | Document):
            tally.take(record, things)
    tell(everything, tally, frozenset(), report)


def tell(records: tuple[Record, ...], tally: Tally, letters: Set[str], report: Report) -> None:
    """The same from the records that are no letters, what was counted in letters, and the paths of letters mentioned."""
    for gap in (*tally.texts(), *_registers(records, tally), *_unnamed(records, tally), *tally.mentions(letters)):
        gap.tell(report)


def paths(records: Iterable[Record]) -> set[str]:
    """The paths of records and of their parts that may be mentioned."""
    told: set[str] = set()
    for record in records:
        told.add(record.path)
        if isinstance(record, Person | Organisation):
            told.update(event.path for event in record.events)
        if isinstance(record, Person):
            told.update(one.path for one in record.affiliations if one.path)
    return told


def _gap(code: str, counted: str, lack: str, among: Sequence[R], lacks: Callable[[R], bool]) -> _Gap:
    gap = _Gap(code, counted, lack, all=len(among))
    for record in among:
        if lacks(record):
            gap.see(record)
    return gap


def _of(records: tuple[Record, ...], kind: type[R]) -> list[R]:
    return [record for record in records if isinstance(record, kind)]


def _registers(records: tuple[Record, ...], tally: Tally) -> Iterator[_Gap]:
    dated = _dated(records) | tally.dated
    people, bodies = _of(records, Person), _of(records, Organisation)
    places, events = _of(records, Place), _of(records, Event)
    yield _gap("person-date", "people", "have no date of any kind", people, lambda one: one.path not in dated)
    yield _gap("person-life", "people", "have no date of birth or death", people, lambda one: not _lived(one))
    yield _gap("person-sex", "people", "have no sex", people, lambda one: not one.sex)
    yield _gap("organisation-country", "organisations", "have no seat or country", bodies, lambda one: not one.seats)
    yield _gap("organisation-kind", "organisations", "have no kind", bodies, lambda one: not one.kind)
    yield _gap("organisation-language", "organisations", "have a name without language", bodies, _tongueless)
    yield _gap("place-coordinates", "places", "have no coordinates", places, lambda one: not one.coordinates)
    yield _gap("event-date", "events", "have no date", events, lambda one: not (one.dating or one.rivals))
    yield _gap("event-place", "events", "have no place", events, lambda one: not one.sites)


def _unnamed(records: tuple[Record, ...], tally: Tally) -> Iterator[_Gap]:
    """Things that no text mentions, comes from, is written by, at or to: known from notes, lists or bibliographies."""
    kinds: tuple[tuple[type[Person | Organisation | Place | Event | Work], str], ...] = (
        (Person, "people"),
        (Organisation, "organisations"),
        (Place, "places"),
        (Event, "events"),
        (Work, "works"),
    )
    for kind, words in kinds:
        things = _of(records, kind)
        code = f"{kind.__name__.lower()}-unnamed"
        yield _gap(code, words, "are named in no letter or document", things, lambda one: one.path not in tally.named)


def _links(text: Letter | Document) -> Iterator[Link]:
    yield from (*text.mentions, *text.context, *text.published, *text.translators, *text.holdings)
    match text:
        case Letter():
            yield from (*text.sent.agents, *text.sent.places, *text.received.agents, *text.received.places)
            yield from text.forwarders
        case Document():
            yield from (*text.authors, *text.addressees, *text.written_at, *text.part_of)


def _exact(dating: Dating | None) -> bool:
    return dating is not None and bool(dating.date.exact) and dating.date.earliest == dating.date.latest


def _lived(person: Person) -> bool:
    return any(event.dating or event.rivals for event in person.events)


def _tongueless(body: Organisation) -> bool:
    return any(not name.language and not name.spelling_only and name.kind != "acronym" for name in body.names)


def _dated(records: tuple[Record, ...]) -> set[str]:
    """Paths of people of whom anything is dated: life, membership, stay, or an event they took part in."""
    found: set[str] = set()
    for record in records:
        match record:
            case Person():
                parts = (*(one.dating for one in record.affiliations), *(stay.dating for stay in record.stays))
                if _lived(record) or any(parts):
                    found.add(record.path)
            case Event() if record.dating or record.rivals:
                found.update((record.subject, *(link.target for link in record.participants)))
            case Organisation():
                events = (event for event in record.events if event.dating or event.rivals)
                found.update(link.target for event in events for link in event.participants)
            case _:
                pass
    return found
