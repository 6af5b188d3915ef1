"""TEI registers: `listPerson listOrg listPlace listEvent listBibl` as records, and the relations between entries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lod.config import SourceFile
from lod.model import (
    STATED,
    Affiliation,
    Claim,
    Dating,
    Event,
    Link,
    Name,
    Note,
    Organisation,
    Person,
    Place,
    Record,
    Relation,
    Standing,
    Stay,
)
from lod.readers import bibliography, structured
from lod.readers.index import Index, entry_path
from lod.readers.references import References
from lod.readers.xml import TEI, XML, Element, name_words, words
from lod.readers.xml import Place as Here
from lod.report import Report

_RELATIONS = ("parent", "spouse", "sibling", "relative", "part-of")
_WORDS_ONLY = ("affiliation", "nationality", "education", "event", "state", "trait", "faith", "socecStatus", "floruit")
_IN_TEXT = (f"{TEI}persName", f"{TEI}orgName", f"{TEI}placeName", f"{TEI}rs")


def read(root: Element, source: SourceFile, index: Index, report: Report) -> list[Record | Relation]:
    """The entries of a register file and its relations, in the order of the file.

    Of a TEI edition only entries in lists are read, and of an entry that stands in several files the first.
    """
    reader = _Registers(index.place(source.file, report), index, source)
    found: list[Record | Relation] = []
    seen: set[str] = set()
    for element in root.iter(f"{TEI}*"):
        read_one = _ENTRIES.get(str(element.tag))
        path = entry_path(element) if read_one else ""
        if read_one is None or "/" not in path or path.count("/") > 1 or path in seen:
            continue
        if source.format == "tei" and index.paths.get(path) != reader.here.source(element):
            continue
        seen.add(path)
        found.append(read_one(reader, element, path))
    found += reader.relations(root)
    return found


class _Registers:
    """Reads the entries of one file."""

    def __init__(self, here: Here, index: Index, source: SourceFile) -> None:
        self.here = here
        self.index = index
        self.file_key = source.id

    # ------------------------------------------------------------------ entries
    def person(self, element: Element, path: str) -> Person:
        refs = References(self.here, self.index, path, self.file_key)
        return Person(
            key=path.partition("/")[2],
            source=self.here.source(element),
            names=self.names(element, f"{TEI}persName", path),
            sex=element.get("sex") or _sex(element),
            events=self.parts(element, path, (f"{TEI}birth", f"{TEI}death")),
            nationalities=self.links(element, "nationality", refs),
            occupations=tuple(
                Link("", words(occupation), self.here.claim(occupation, path))
                for occupation in element.findall(f"{TEI}occupation")
            ),
            stays=tuple(self.stays(element, refs)),
            affiliations=tuple(self.affiliations(element, path, refs)),
            places=self.here.places(element, path),
            notes=(*self.here.notes(element, path), *self.words_only(element, path)),
            same_as=self.here.authorities(element),
        )

    def organisation(self, element: Element, path: str) -> Organisation:
        refs = References(self.here, self.index, path, self.file_key)
        return Organisation(
            key=path.partition("/")[2],
            source=self.here.source(element),
            names=self.names(element, f"{TEI}orgName", path),
            kind=element.get("type") or "",
            events=_told(
                self.event(event, entry_path(event), path)
                for event in element.findall(f"{TEI}event")
                if "." in (event.get(f"{XML}id") or "")
            ),
            seats=self.links(element, "placeName", refs),
            places=self.here.places(element, path),
            notes=self.here.notes(element, path),
            same_as=self.here.authorities(element),
        )

    def place(self, element: Element, path: str) -> Place:
        parent = element.getparent()
        return Place(
            key=path.partition("/")[2],
            source=self.here.source(element),
            names=self.names(element, f"{TEI}placeName", path),
            kind=element.get("type") or "",
            within=entry_path(parent) if parent is not None and parent.tag == f"{TEI}place" else "",
            coordinates=self.coordinates(element, path),
            places=self.here.places(element, path),
            notes=self.here.notes(element, path),
            same_as=self.here.authorities(element),
        )

    def event(self, element: Element, path: str, subject: str = "") -> Event:
        refs = References(self.here, self.index, path, self.file_key)
        if not subject:
            owner = element.getparent()
            subject = entry_path(owner) if owner is not None and owner.tag in (f"{TEI}person", f"{TEI}org") else ""
        sites = [refs.link(element, where) for where in (element.get("where") or "").split()]
        label = next(element.iterchildren(f"{TEI}label", f"{TEI}eventName"), None)
        basis = next((note for note in element.findall(f"{TEI}note") if note.get("type") == "date"), None)
        description = element.find(f"{TEI}desc")
        dating, rivals = _apart(self.here.dating(element, path, basis))
        claim = self.here.claim(element, path) if dating is None and not rivals else STATED
        doubtful = claim.standing is Standing.UNCERTAIN
        told = self.participants(description, refs) if description is not None else ()
        return Event(
            path=path,
            source=self.here.source(element),
            kind=element.get("type") or "event",
            label=words(label) or words(element.find(f"{TEI}desc")),
            dating=dating,
            rivals=rivals,
            sites=tuple(replace(site, form="", claim=claim) for site in sites if site),
            participants=tuple(replace(link, claim=claim) if doubtful else link for link in told),
            subject=subject,
            claim=claim,
            description=words(description),
            places=self.here.places(element, path),
            notes=self.here.notes(element, path),
            same_as=self.here.authorities(element),
        )

    # ------------------------------------------------------------------ what entries are made of
    def names(self, element: Element, tag: str, path: str) -> tuple[Name, ...]:
        found = [
            Name(
                text=name_words(name),
                kind=name.get("type") or ("preferred" if not number else "variant"),
                language=(name.get(f"{XML}lang") or "").lower(),
                places=self.here.places(name, path),
                dating=self.here.dating(name, path),
                letters=self.letters(self.here.places(name, path)),
            )
            for number, name in enumerate(element.findall(tag))
            if words(name) and not (tag == f"{TEI}placeName" and name.get("ref"))
        ]
        if not found:
            self.here.report.error(
                "name-missing",
                "this entry has no name",
                self.here.source(element),
                path,
                "add a name of type preferred or descriptive",
            )
        return _one_language(found)

    def letters(self, places: tuple[str, ...]) -> tuple[str, ...]:
        """The letters among the places, if a name was seen nowhere else."""
        letters = [f"letter/{place.removeprefix('letter-')}" for place in places if place.startswith("letter-")]
        return tuple(letter for letter in letters if letter in self.index.paths) if len(letters) == len(places) else ()

    def parts(self, element: Element, path: str, tags: tuple[str, ...]) -> tuple[Event, ...]:
        """Birth and death."""
        kinds = ((part, str(part.tag).removeprefix(TEI)) for part in element if part.tag in tags)
        return _told(self.life(part, f"{path}/{kind}", kind, path) for part, kind in kinds)

    def life(self, element: Element, path: str, kind: str, subject: str) -> Event:
        refs = References(self.here, self.index, path, self.file_key)
        claim = self.here.claim(element, path)
        disputed = claim.standing is Standing.DISPUTED
        sites = []
        for site in element.iterchildren(f"{TEI}placeName", f"{TEI}settlement"):
            link = refs.link(site, site.get("ref"))
            if link:
                sites.append(replace(link, form="", claim=claim if disputed else link.claim))
        date = element.find(f"{TEI}date")
        told = self.here.dating(element, path) or (self.here.dating(date, path) if date is not None else None)
        dating, rivals = _apart(told)
        doubted = dating is None and claim.standing is Standing.UNCERTAIN
        return Event(
            path=path,
            source=self.here.source(element),
            kind=kind,
            label="",
            dating=dating,
            rivals=rivals,
            sites=tuple(sites),
            subject=subject,
            claim=claim if doubted else STATED,
            places=self.here.places(element, path),
            notes=self.here.notes(element, path),
        )

    def words_only(self, element: Element, path: str) -> Iterator[Note]:
        """What an entry tells in words that point nowhere: kept as words, with their dates."""
        for child in element.iterchildren(*(f"{TEI}{name}" for name in _WORDS_ONLY)):
            told = words(child)
            if child.get("ref") or child.get(f"{XML}id") or not told:
                continue
            dating = self.here.dating(child, path)
            name = str(child.tag).removeprefix(TEI)
            yield Note(f"{name[0].upper()}{name[1:]}: {told}" + (f" ({dating.date.label})" if dating else ""))

    def links(self, element: Element, tag: str, refs: References) -> tuple[Link, ...]:
        found = [refs.link(child, child.get("ref")) for child in element.findall(f"{TEI}{tag}") if child.get("ref")]
        return tuple(filter(None, found))

    def stays(self, element: Element, refs: References) -> Iterator[Stay]:
        for stay in element.findall(f"{TEI}residence"):
            link = refs.link(stay, stay.get("ref"))
            if link:
                yield Stay(link, self.here.dating(stay, refs.path))

    def affiliations(self, element: Element, path: str, refs: References) -> Iterator[Affiliation]:
        for affiliation in element.findall(f"{TEI}affiliation"):
            if not affiliation.get("ref"):
                continue
            link = refs.link(affiliation, affiliation.get("ref"))
            if link is None:
                continue
            dating = self.here.dating(affiliation, path)
            claim = link.claim
            if dating is not None and claim.standing is Standing.UNCERTAIN:
                claim = Claim(Standing.STATED, claim.places, claim.note)
            yield Affiliation(
                person=path,
                body=link.target,
                role=affiliation.get("role") or "",
                kind=affiliation.get("type") or "",
                path=entry_path(affiliation),
                label=words(affiliation),
                dating=dating,
                claim=claim,
                source=self.here.source(affiliation),
            )

    def participants(self, description: Element, refs: References) -> Iterator[Link]:
        for name in description.iter(*_IN_TEXT):
            if name.get("ref") and name.get("role"):
                link = refs.link(name, name.get("ref"), None, name.get("role") or "")
                if link:
                    yield link

    def coordinates(self, element: Element, path: str) -> tuple[str, str] | tuple[()]:
        geo = element.find(f"{TEI}location/{TEI}geo")
        if geo is None:
            return ()
        if not words(geo):
            self.here.report.note("coordinates-missing", "an empty geo", self.here.source(geo), path)
            return ()
        numbers = words(geo).split()
        decimal_commas = len(numbers) == 2 and all(number.count(",") == 1 and "." not in number for number in numbers)
        numbers = (
            [number.replace(",", ".") for number in numbers] if decimal_commas else words(geo).replace(",", " ").split()
        )
        try:
            latitude, longitude = (float(number) for number in numbers)
        except ValueError:
            latitude = longitude = 999.0
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            self.here.report.error(
                "coordinates-impossible",
                f"'{words(geo)}' is no latitude and longitude",
                self.here.source(geo),
                path,
                "write latitude, blank, longitude",
            )
            return ()
        return numbers[0], numbers[1]

    # ------------------------------------------------------------------ relations
    def relations(self, root: Element) -> Iterator[Relation]:
        for element in root.iter(f"{TEI}relation"):
            name = element.get("name") or ""
            if name not in _RELATIONS:
                self.here.report.warning(
                    "relation-unknown",
                    f"relation '{name}' is not understood and was left out",
                    self.here.source(element),
                    "",
                    f"known are {', '.join(_RELATIONS)}",
                )
                continue
            claim = self.here.claim(element, name)
            refs = References(self.here, self.index, f"relation {name}")
            several = [
                [refs.link(element, pointer) for pointer in (element.get(side) or "").split()]
                for side in ("mutual", "active", "passive")
            ]
            mutual, active, passive = ([link.target for link in side if link] for side in several)
            pairs = [(one, other) for one in active for other in passive]
            pairs += [(one, other) for number, one in enumerate(mutual) for other in mutual[number + 1 :]]
            for one, other in pairs:
                yield Relation(name, one, other, claim, self.here.source(element), words(element.find(f"{TEI}desc")))


def _sex(element: Element) -> str:
    """`<sex value="1">`: ISO 5218, or a word."""
    sex = element.find(f"{TEI}sex")
    value = (sex.get("value") or words(sex)).strip().lower() if sex is not None else ""
    return {"1": "M", "2": "F", "m": "M", "f": "F", "male": "M", "female": "F"}.get(
        value, "" if value in ("0", "9") else value
    )


def _one_language(names: list[Name]) -> tuple[Name, ...]:
    """The same string has the same tag wherever the entry gives it."""
    known = {name.text: name.language for name in reversed(names) if name.language}
    return tuple(replace(name, language=known.get(name.text, name.language)) for name in names)


def _apart(dating: Dating | None) -> tuple[Dating | None, tuple[Dating, ...]]:
    """A date that holds, or one that is told against another."""
    if dating is not None and dating.claim.standing is Standing.DISPUTED:
        return None, (dating,)
    return dating, ()


def _told(events: Iterable[Event]) -> tuple[Event, ...]:
    """Two tellings of one event (`@exclude`) are one event, whose contested dates and places are disputed."""
    found: dict[str, Event] = {}
    for event in events:
        told = found.get(event.path)
        if told is not None:
            event = replace(
                told,
                dating=told.dating or event.dating,
                rivals=told.rivals + event.rivals,
                sites=told.sites + event.sites,
                participants=told.participants + event.participants,
                places=tuple(dict.fromkeys(told.places + event.places)),
                notes=told.notes + event.notes,
            )
        found[event.path] = event
    return tuple(found.values())


_ENTRIES: dict[str, Callable[[_Registers, Element, str], Record]] = {
    f"{TEI}person": _Registers.person,
    f"{TEI}org": _Registers.organisation,
    f"{TEI}place": _Registers.place,
    f"{TEI}event": _Registers.event,
    f"{TEI}biblStruct": lambda reader, element, path: structured.read(element, path, reader.here, reader.index),
    f"{TEI}bibl": lambda reader, element, path: bibliography.read(element, path, reader.here, reader.index),
}
