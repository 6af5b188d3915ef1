"""What an edition does not tell yet: no fault, but worth knowing. One note for each sort of gap, counted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from lod.report import Report

EXAMPLES = 3
"""How many keys a note gives: enough to start with, never a list."""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class _Gap:
    """A sort of gap: its code, how many of how many have it (`7 of 12 places`), what they lack, the records concerned."""

    code: str
    count: int
    all: int
    counted: str
    lack: str
    records: tuple[Record, ...]

    def tell(self, report: Report) -> None:
        """One note with the first few keys, at the first record's line."""
        if self.records:
            first = ", ".join(record.path for record in self.records[:EXAMPLES])
            more = ", …" if len(self.records) > EXAMPLES else ""
            message = f"{self.count} of {self.all} {self.counted} {self.lack}: {first}{more}"
            report.note(f"coverage-{self.code}", message, self.records[0].source)


def check_coverage(records: Iterable[Record], report: Report) -> None:
    """Put a note into `report` for each sort of gap in the records of an edition."""
    everything = tuple(records)
    for gap in (*_texts(everything), *_registers(everything), *_unnamed(everything), *_mentions(everything)):
        gap.tell(report)


def _gap(code: str, counted: str, lack: str, among: Sequence[R], lacks: Callable[[R], bool]) -> _Gap:
    found = tuple(record for record in among if lacks(record))
    return _Gap(code, len(found), len(among), counted, lack, found)


def _of(records: tuple[Record, ...], kind: type[R]) -> list[R]:
    return [record for record in records if isinstance(record, kind)]


def _texts(records: tuple[Record, ...]) -> Iterator[_Gap]:
    letters, documents = _of(records, Letter), _of(records, Document)
    yield _gap("letter-language", "letters", "have no language", letters, lambda one: not one.languages)
    yield _gap("letter-place", "letters", "have no place of writing", letters, lambda one: not one.sent.places)
    yield _gap("letter-date", "letters", "are not dated to the day", letters, lambda one: not _exact(one.sent.dating))
    yield _gap("letter-addressee", "letters", "have no addressee", letters, lambda one: not one.received.agents)
    yield _gap("document-language", "documents", "have no language", documents, lambda one: not one.languages)
    yield _gap("document-date", "documents", "are not dated to the day", documents, lambda one: not _exact(one.dating))


def _registers(records: tuple[Record, ...]) -> Iterator[_Gap]:
    dated = _dated(records)
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


def _unnamed(records: tuple[Record, ...]) -> Iterator[_Gap]:
    """Things that no text mentions, comes from, is written by, at or to: known from notes, lists or bibliographies."""
    named = {link.target for record in records if isinstance(record, Letter | Document) for link in _links(record)}
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
        yield _gap(code, words, "are named in no letter or document", things, lambda one: one.path not in named)


def _mentions(records: tuple[Record, ...]) -> Iterator[_Gap]:
    """Counted by mention, not by text; the examples are texts."""
    told = {record.path for record in records}
    told |= {event.path for record in records if isinstance(record, Person | Organisation) for event in record.events}
    told |= {one.path for record in records if isinstance(record, Person) for one in record.affiliations if one.path}
    links = [(text, link) for text in records if isinstance(text, Letter | Document) for link in text.mentions]
    doubtful = [text for text, link in links if link.claim.standing is Standing.UNCERTAIN]
    foreign = [text for text, link in links if link.target not in told]
    for code, lack, found in (
        ("mention-doubtful", "are doubtful", doubtful),
        ("mention-unresolved", "have no entry in a register", foreign),
    ):
        yield _Gap(code, len(found), len(links), "mentions", f"{lack}, in", tuple(dict.fromkeys(found)))


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
            case Letter() if record.sent.dating:
                found.update(link.target for link in (*record.sent.agents, *record.received.agents))
            case _:
                pass
    return found
