"""Places in the printed edition: citable parts of it, who speaks there, and what people call them."""

import re
from collections.abc import Iterable, Iterator

from lod.iris import Iris
from lod.model import Document, Letter, Organisation, Record, Voice, Work
from lod.terms import Triple, text
from lod.vocab import crm, rdf, rdfs, schema

_NUMBERS = re.compile(r"\d+")
_SECTIONS = {"title-page": "Title page", "archives": "List of archives", "theses": "List of theses"}


class PrintedEdition:
    """The printed edition that places belong to, if the edition has one."""

    def __init__(self, path: str, records: Iterable[Record]) -> None:
        self.path = path
        self._voices: tuple[Voice, ...] = ()
        self._editors: tuple[str, ...] = ()
        self._writers: dict[str, tuple[str, ...]] = {}
        self._bodies: dict[str, str] = {}
        for record in records if path else ():
            self._take(record)

    def _take(self, record: Record) -> None:
        match record:
            case Work() if record.path == self.path:
                self._voices = record.voices
                self._editors = tuple(link.target for link in record.contributors if link.kind == "editor")
            case Letter() if record.printed:
                writers = tuple(agent.target for agent in record.sent.agents if agent.claim.standing.holds)
                self._writers |= dict.fromkeys(record.places, writers)
            case Document():
                writers = tuple(agent.target for agent in record.authors if agent.claim.standing.holds)
                self._writers |= dict.fromkeys(record.own_places, writers)
            case Organisation():
                acronym = next(
                    (name.text for name in record.names if name.kind == "acronym"),
                    record.names[0].text if record.names else record.key,
                )
                self._bodies[record.key] = acronym
            case _:
                pass

    def told(self) -> tuple[object, ...]:
        """All that is known of it."""
        return self.path, self._voices, self._editors, self._writers, self._bodies

    def speakers(self, place: str) -> tuple[str, ...]:
        """Who speaks at a place: a text's writer, the author in the table of voices, else the book's editors."""
        if place in self._writers:
            return self._writers[place]
        unit, _, number = place.partition("-")
        if place.startswith(("letter-", "document-")):
            return ()
        for voice in self._voices:
            if voice.unit == unit and _order(voice.first) <= _order(number) <= _order(voice.last):
                return (voice.speaker,)
        return self._editors

    def map_parts(self, cited: Iterable[str], iris: Iris) -> Iterator[Triple]:
        """The parts that were cited, in their order in the book as far as their keys tell."""
        book = iris.of(self.path)
        for place in sorted(cited, key=lambda key: (key.partition("-")[0], _order(key), key)):
            unit, label, identifier = self.describe(place)
            node = iris.of(f"{self.path}/{place}")
            yield node, rdf.type, crm.E31_Document
            yield node, rdf.type, schema.CreativeWork
            yield node, rdfs.label, text(label, "en")
            yield node, crm.P2_has_type, iris.of(f"type/{unit}")
            yield node, crm.P106i_forms_part_of, book
            yield node, schema.isPartOf, book
            if identifier:
                yield node, schema.identifier, text(identifier)
            for speaker in self.speakers(place):
                yield node, schema.author, iris.of(speaker)

    def describe(self, place: str) -> tuple[str, str, str]:
        """Type key, label and printed identifier of a part: `part-note`, `Note 150 to chapter 2`, `2.150`."""
        unit, _, rest = place.partition("-")
        match unit:
            case "note":
                chapter, _, number = rest.partition("-")
                return "part-note", f"Note {number} to chapter {chapter}", f"{chapter}.{number}"
            case "letter":
                return "part-letter", f"{text_name(rest)} as printed", ""
            case "document":
                chapter, _, number = rest.partition("-")
                return "part-document", f"Document {number} of chapter {chapter} as printed", ""
            case "introduction":
                return (
                    "part-introduction",
                    "General introduction" if rest == "general" else f"Introduction to chapter {rest}",
                    "",
                )
            case "glossary" if rest:
                return "part-glossary", f"Glossary, entry {self._bodies.get(rest, rest)}", ""
            case "chronology" if rest:
                return "part-chronology", f"Chronology, {rest.replace('-', '–')}", ""
            case _:
                return "part-section", _SECTIONS.get(place, place.replace("-", " ").capitalize()), ""


def text_name(key: str) -> str:
    """What people call a letter by its key: `Letter 12`, `Prefatory letter`, `Supplement to letter 14`."""
    number, _, rest = key.partition("-")
    if key.isdigit():
        return f"Letter {key}"
    if key.isalpha():
        return f"{key.capitalize()} letter"
    if number.isdigit() and rest.isalpha():
        return f"{rest.capitalize()} to letter {number}"
    return f"Letter {key}"


def _order(key: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(key)]
