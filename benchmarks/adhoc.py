"""What a script that somebody writes for the letters of `benchmarks/peers.py` alone would read and say, without lod.

It knows that every letter has one sender with an address of the GND, one addressee, a day, places with addresses of GeoNames
or with names only, and what lod would find out of them: it looks for nothing else, refuses nothing and tells of nothing.
`benchmarks/alike.py` writes it, in two ways. What it says beside letters, `benchmarks/untyped.py` says too.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zlib import crc32

from anyascii import anyascii
from lxml import etree
from names import BASE, CRM, DCT, FOAF, FREE, LABEL, LRM, PROV, SCHEMA, SKOS, TEI, TYPE, XSD

MONTHS = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
CONCEPTS = {
    "action-received": "received", "action-sent": "sent", "book": "book", "digital-edition": "digital edition",
    "identifier-edition-number": "number in edition", "identity-name-only": "known by name only",
    "identity-placeholder": "not known: words where a name would stand", "letter": "letter",
    "name-preferred": "preferred name", "name-variant": "name variant",
}  # fmt: skip
_UNUSED = ("digital-edition", "identifier-edition-number", "identity-placeholder")
_KINDS_OF_EDITIONS = {
    "book": (f"{LRM}F3_Manifestation", f"{SCHEMA}Book", f"{SCHEMA}CreativeWork"),
    "digital-edition": (f"{LRM}F2_Expression", f"{CRM}E33_Linguistic_Object", f"{SCHEMA}CreativeWork"),
}


@dataclass
class Thing:
    """A person or a place: its IRI, the forms of its name with their counts, the address of an authority."""

    node: str
    same_as: str
    identity: str = ""
    """`name-only` of those without an address, `placeholder` of nobody."""
    forms: Counter[str] = field(default_factory=Counter)

    def names(self) -> list[str]:
        """The commonest first."""
        return sorted(self.forms, key=lambda form: (-self.forms[form], form))


IRI, EN = "<>", "@en"
DATE, MOMENT, EDTF = f"^^<{XSD}date>", f"^^<{XSD}dateTime>", "^^<http://id.loc.gov/datatypes/edtf/EDTF>"
Row = tuple[str, str, str, str]
"""Subject, predicate, object and what that is: an IRI, or a literal with language, datatype (`@en`, `^^<…>`) or neither."""
Origin = tuple[tuple[str, str, str], ...]
"""Predicate, object and what that is."""
Letter = tuple[str, str, Thing, Thing, Thing, str, Thing | None]
"""Key, address, sender, addressee, place, day and, where it is told, place of receipt."""


@dataclass
class Source:
    """What stands in the file."""

    file: Path
    letters: list[Letter] = field(default_factory=list)
    people: dict[str, Thing] = field(default_factory=dict)
    places: dict[str, Thing] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """Of the header, by element."""

    @cached_property
    def book(self) -> str:
        """The IRI of the book that prints the letters."""
        return f"{BASE}work/{self.file.stem}-{slug(self.words['book key'])}"

    def origin(self) -> Origin:
        """What every record made of the file says."""
        return origin_of(self.file, self.words)

    def called(self) -> dict[str, str]:
        """What people and places are called in labels, by IRI."""
        return {thing.node: thing.names()[0] for thing in (*self.people.values(), *self.places.values())}


def slug(words: str) -> str:
    """A key made from words."""
    return re.sub("[^a-z0-9]+", "-", anyascii(unicodedata.normalize("NFC", words)).lower()).strip("-")


def origin_of(file: Path, said: dict[str, str]) -> Origin:
    """What every record made of a file says; the day of its last change when the header tells it."""
    modified = said["modified"].partition("T")[0]
    return (
        (f"{DCT}license", FREE, IRI),
        (f"{PROV}wasDerivedFrom", f"{BASE}source/{file.name}", IRI),
        *(((f"{DCT}modified", modified, DATE),) if len(modified) == len("2018-04-03") else ()),
        (f"{DCT}isPartOf", f"{BASE}dataset", IRI),
    )


def words(element: etree._Element) -> str:
    """All text of an element, white space made single."""
    return " ".join("".join(element.itertext()).split())


def read(source: Path) -> Source:
    """All letters, in one look; whoever is named is joined by address."""
    found = Source(source)
    people, places, letters = found.people, found.places, found.letters
    for _, letter in etree.iterparse(source, tag=f"{TEI}correspDesc"):
        if not letters:
            found.words = header_of(letter)
        sent, received = letter
        sender, place, date = sent
        addressee = received[0]
        there = received[1] if len(received) > 1 else None
        letters.append((
            letter.get("key"), letter.get("ref"), _person(sender, people), _person(addressee, people),
            _place(place, places, source.stem), date.get("when"),
            None if there is None or not there.text else _place(there, places, source.stem),
        ))  # fmt: skip
        letter.clear()
        while letter.getprevious() is not None:
            del letter.getparent()[0]
    return found


def header_of(letter: etree._Element) -> dict[str, str]:
    """What the header says of the file and of the edition that prints its letters; an edition has an address or none."""
    header = letter.getparent().getparent()
    source = header.find(f".//{TEI}sourceDesc/{TEI}bibl")
    ref = source.find(f"{TEI}ref")
    return {
        "title": words(header.find(f".//{TEI}title")),
        "modified": header.find(f".//{TEI}publicationStmt/{TEI}date").get("when"),
        "licence": header.find(f".//{TEI}licence").get("target"),
        "url": header.find(f".//{TEI}idno[@type='url']").text,
        "book": words(source),
        "book key": source.get("{http://www.w3.org/XML/1998/namespace}id"),
        "book url": "" if ref is None else ref.get("target"),
        "book kind": "digital-edition" if source.get("type") == "online" else "book",
    }


def _person(element: etree._Element, known: dict[str, Thing]) -> Thing:
    ref = element.get("ref")
    if ref not in known:
        number = ref.rpartition("/")[2]
        known[ref] = Thing(f"{BASE}person/gnd-{number.lower()}", f"https://d-nb.info/gnd/{number}")
    known[ref].forms[" ".join(element.text.split())] += 1
    return known[ref]


def _place(element: etree._Element, known: dict[str, Thing], file: str) -> Thing:
    name = " ".join(element.text.split())
    ref = element.get("ref") or name
    if ref not in known:
        number = ref.rpartition("/")[2]
        if ref == name:
            node = f"{BASE}place/{file}-{slug(name)}"
            taken = any(thing.node == node for thing in known.values())
            known[ref] = Thing(f"{node}-{crc32(name.encode()):08x}" if taken else node, "", "name-only")
        elif number:
            known[ref] = Thing(f"{BASE}place/geonames-{number}", f"https://sws.geonames.org/{number}/")
        else:
            known[ref] = Thing(f"{BASE}place/geonames-org", ref)
    known[ref].forms[name] += 1
    return known[ref]


def quoted(words: str) -> str:
    """A literal's words as they stand between their quotes."""
    return words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def correspondence_of(one: Thing, other: Thing) -> tuple[str, str, str]:
    """The IRI of the letters between two people, and theirs in order."""
    first, second = sorted((one.node, other.node))
    return (
        f"{BASE}correspondence/{first.rpartition('/')[2]}-{second.rpartition('/')[2]}",
        first,
        second,
    )


def day(when: str) -> str:
    """`22 April 1936`."""
    year, month, number = when.split("-")
    return f"{int(number)} {MONTHS[int(month)]} {year}"


def rest(found: Source) -> Iterator[Row]:
    """Correspondences, people, places, the book, types, source files, the data set."""
    called = found.called()
    for node, first, second in sorted({correspondence_of(each[2], each[3]) for each in found.letters}):
        label = f"Correspondence of {called[first]} and {called[second]}"
        yield node, TYPE, f"{CRM}E73_Information_Object", IRI
        yield node, TYPE, f"{SCHEMA}Conversation", IRI
        yield node, LABEL, label, EN
        yield node, f"{SCHEMA}name", label, EN
        yield from record(node, label, found.origin())
    for each in found.people.values():
        yield from thing(each, "E21_Person", "Person", found.origin())
    for each in found.places.values():
        yield from thing(each, "E53_Place", "Place", found.origin())
    yield from book(found.book, found.words, found.origin())
    yield from concepts(key for key in CONCEPTS if key not in _UNUSED)
    yield from files(found.file.name, found.words, found.origin())


def record(node: str, label: str, origin: Origin) -> Iterator[Row]:
    """The record of a thing."""
    about = f"{node}.ttl"
    yield about, TYPE, f"{FOAF}Document", IRI
    yield about, TYPE, f"{PROV}Entity", IRI
    yield about, LABEL, f"Record of {label}", EN
    yield about, f"{FOAF}primaryTopic", node, IRI
    for predicate, value, kind in origin:
        yield about, predicate, value, kind


def thing(it: Thing, crm: str, schema: str, origin: Origin) -> Iterator[Row]:
    """Somebody, a body, a place: kinds, names, address."""
    node, names = it.node, it.names()
    yield node, TYPE, f"{CRM}{crm}", IRI
    yield node, TYPE, f"{SCHEMA}{schema}", IRI
    yield node, LABEL, names[0], EN
    if it.same_as:
        yield node, f"{SCHEMA}sameAs", it.same_as, IRI
    if it.identity:
        yield node, f"{CRM}P2_has_type", f"{BASE}type/identity-{it.identity}", IRI
    yield from record(node, names[0], origin)
    if it.identity == "placeholder":
        return
    yield node, f"{SCHEMA}name", names[0], ""
    taken: set[str] = set()
    for number, name in enumerate(names):
        key = slug(name)
        part = f"{node}/name-{key}-{crc32(name.encode()):08x}" if key in taken else f"{node}/name-{key}"
        taken.add(key)
        if number:
            yield node, f"{SCHEMA}alternateName", name, ""
        yield node, f"{CRM}P1_is_identified_by", part, IRI
        yield part, TYPE, f"{CRM}E33_E41_Linguistic_Appellation", IRI
        yield part, LABEL, name, EN
        yield (
            part,
            f"{CRM}P2_has_type",
            f"{BASE}type/name-{'variant' if number else 'preferred'}",
            IRI,
        )
        yield part, f"{CRM}P190_has_symbolic_content", name, ""


def book(node: str, said: dict[str, str], origin: Origin) -> Iterator[Row]:
    """The book or digital edition that the header describes."""
    title, kind = said["book"], said["book kind"]
    for each in _KINDS_OF_EDITIONS[kind]:
        yield node, TYPE, each, IRI
    yield node, LABEL, title, EN
    yield node, f"{SCHEMA}name", title, ""
    yield node, f"{CRM}P2_has_type", f"{BASE}type/{kind}", IRI
    if said["book url"]:
        yield node, f"{SCHEMA}sameAs", said["book url"], IRI
    yield from record(node, title, origin)


def concepts(keys: Iterable[str]) -> Iterator[Row]:
    """The types that were used, and their scheme."""
    scheme = f"{BASE}type/scheme"
    for key in keys:
        node, label = f"{BASE}type/{key}", CONCEPTS[key]
        yield node, TYPE, f"{CRM}E55_Type", IRI
        yield node, TYPE, f"{SKOS}Concept", IRI
        yield node, f"{SKOS}prefLabel", label, EN
        yield node, LABEL, label, EN
        yield node, f"{SKOS}inScheme", scheme, IRI
    yield (
        f"{BASE}type/letter",
        f"{SKOS}exactMatch",
        "http://vocab.getty.edu/aat/300026879",
        IRI,
    )
    yield scheme, TYPE, f"{SKOS}ConceptScheme", IRI
    yield scheme, TYPE, f"{CRM}E32_Authority_Document", IRI
    yield scheme, f"{SKOS}prefLabel", "Types used in this edition", EN
    yield scheme, LABEL, "Types used in this edition", EN


def files(name: str, said: dict[str, str], origin: Origin) -> Iterator[Row]:
    """The editors, the file, the settings, the data set."""
    file, settings, data = (
        f"{BASE}source/{name}",
        f"{BASE}source/edition.toml",
        f"{BASE}dataset",
    )
    editors, licence, part = f"{BASE}organisation/editors", origin[0], origin[-1]
    yield editors, TYPE, f"{CRM}E74_Group", IRI
    yield editors, TYPE, f"{SCHEMA}Organization", IRI
    yield editors, LABEL, "Nobody", EN
    yield from record(editors, "Nobody", (licence, (f"{PROV}wasDerivedFrom", settings, IRI), part))
    for node, label in ((file, name), (settings, "edition.toml")):
        yield node, TYPE, f"{PROV}Entity", IRI
        yield node, LABEL, label, EN
    yield file, f"{DCT}title", said["title"], ""
    yield file, f"{DCT}license", said["licence"], IRI
    yield file, f"{DCT}source", said["url"], IRI
    for kind in (
        "http://rdfs.org/ns/void#Dataset",
        "http://www.w3.org/ns/dcat#Dataset",
        f"{SCHEMA}Dataset",
    ):
        yield data, TYPE, kind, IRI
    yield data, LABEL, "Benchmark", EN
    yield data, f"{DCT}title", "Benchmark", EN
    yield data, f"{DCT}license", FREE, IRI
    yield (
        data,
        f"{DCT}conformsTo",
        "https://w3id.org/correspondence-lod/profile/1.0",
        IRI,
    )
