"""TEI registers: `listPerson listOrg listPlace listEvent listBibl` as records, and the relations between entries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lod.config import SourceFile
from lod.iris import slug
from lod.model import (
    STATED,
    Dating,
    Event,
    Link,
    Name,
    Note,
    Organisation,
    Person,
    Place,
    Record,
    Standing,
)
from lod.readers import (
    bibliography,
    contradictions,
    dating,
    location,
    naming,
    relations,
    remaining,
    statements,
    structured,
)
from lod.readers.index import Index, entry_path, kind_named
from lod.readers.references import References
from lod.readers.relations import Relation
from lod.readers.xml import TEI, XML, Element, authority, name_words, words
from lod.readers.xml import Place as Here
from lod.report import Report

_LISTS = ("listPerson", "listOrg", "listPlace", "listEvent", "listRelation")
_READ = {
    "person": ("persName", "birth", "death", "sex", "listEvent", "listRelation"),
    "organisation": ("orgName", "org", *_LISTS),
    "place": ("placeName", "place", *_LISTS),
    "event": ("label", "eventName", "desc", "date", "event", *_LISTS),
}
"""Parts of entries that are read whole, or that are entries themselves."""
_DESCRIPTIONS = (f"{TEI}desc", f"{TEI}p", f"{TEI}ab")
_HOLDERS = (f"{TEI}listPerson", f"{TEI}listOrg", f"{TEI}listPlace")
_ENDS = ("/formation", "/dissolution")
_UNNAMED = tuple(f"{TEI}{name}" for name in ("object", "nym", "msDesc", "personGrp"))
"""Entries of lists that are not understood."""
_IN_TEXT = (f"{TEI}persName", f"{TEI}orgName", f"{TEI}placeName", f"{TEI}rs")


def read(roots: Iterable[Element], source: SourceFile, index: Index, report: Report) -> list[Record | Relation]:
    """The entries of a register file and its relations, in the order of the file. Its parts are gone through twice.

    Of a TEI edition only entries in lists are read, and of an entry that stands in several files the first.
    """
    reader = _Registers(index.place(source.file, report), index, source)
    found: list[Record | Relation] = []
    seen: set[str] = set()
    for element in (each for root in roots for each in root.iter(*_ENTRIES, *_UNNAMED)):
        read_one = _ENTRIES.get(str(element.tag))
        path = entry_path(element) if read_one else ""
        if not path and (read_one is not None or element.tag in _UNNAMED):
            reader.without_key(element, works=source.format == "registers")
        if read_one is None or "/" not in path or path.count("/") > 1 or path in seen:
            continue
        if source.format == "tei" and index.paths.get(path) != reader.here.source(element):
            continue
        seen.add(path)
        found.append(read_one(reader, element, path))
        whole = _around(element)
        if whole:
            found.append(Relation("part-of", path, whole, STATED, reader.here.source(element)))
    found += relations.read(roots, reader.here, index)
    return found


class _Registers:
    """Reads the entries of one file."""

    def __init__(self, here: Here, index: Index, source: SourceFile) -> None:
        self.here = here
        self.index = index
        self.file_key = source.id

    def without_key(self, element: Element, *, works: bool) -> None:
        """Tell of an entry in a list that nothing can point to, or of a kind that is not understood."""
        ups = list(element.iterancestors())
        inside = any(up.tag in _ENTRIES or up.tag == f"{TEI}sourceDesc" for up in ups)
        listed = bool(ups) and str(ups[0].tag).removeprefix(TEI) in (*_LISTS, "listBibl", "listObject", "listNym")
        points = any(each.get(name) for each in element.iter(f"{TEI}*") for name in ("sameAs", "corresp", "ref", "key"))
        if not listed or inside or not words(element):
            return
        name, told = str(element.tag).removeprefix(TEI), remaining.said(element)[:60]
        if element.tag in _UNNAMED:
            hint = "an org, if they act as one" if name == "personGrp" else ""
            message = f"a <{name}> is not understood and was left out: '{told}'"
            self.here.report.warning("entry-unknown", message, self.here.source(element), "", hint)
        elif not points and (works or not name.startswith("bibl")):
            message = f"this <{name}> has no xml:id and was left out: '{told}'"
            self.here.report.warning("entry-without-id", message, self.here.source(element), "", "give it an xml:id")

    # ------------------------------------------------------------------ entries
    def person(self, element: Element, path: str) -> Person:
        refs = References(self.here, self.index, path, self.file_key)
        return Person(
            key=path.partition("/")[2],
            source=self.here.source(element),
            names=self.names(element, f"{TEI}persName", path),
            sex=_sex(element),
            events=self.parts(element, path, (f"{TEI}birth", f"{TEI}death")),
            nationalities=tuple(
                link for child in element.findall(f"{TEI}nationality") for link in statements.led(child, "place", refs)
            ),
            occupations=tuple(
                Link("", words(occupation), self.here.claim(occupation, path))
                for occupation in element.findall(f"{TEI}occupation")
                if words(occupation)
            ),
            stays=tuple(statements.stays(element, refs)),
            affiliations=tuple(statements.affiliations(element, refs)),
            places=self.here.places(element, path),
            notes=self.notes(element, "person", refs),
            same_as=self.here.authorities(element),
        )

    def organisation(self, element: Element, path: str) -> Organisation:
        refs = References(self.here, self.index, path, self.file_key)
        return Organisation(
            key=path.partition("/")[2],
            source=self.here.source(element),
            names=self.names(element, f"{TEI}orgName", path),
            kind=element.get("type") or "",
            events=contradictions.together(
                self.event(event, entry_path(event), path)
                for event in element.findall(f"{TEI}event")
                if "." in (event.get(f"{XML}id") or "")
            ),
            seats=tuple(location.seats(element, refs)),
            places=self.here.places(element, path),
            notes=self.notes(element, "organisation", refs),
            same_as=self.here.authorities(element),
        )

    def place(self, element: Element, path: str) -> Place:
        refs = References(self.here, self.index, path, self.file_key)
        return Place(
            key=path.partition("/")[2],
            source=self.here.source(element),
            names=self.names(element, f"{TEI}placeName", path),
            kind=element.get("type") or "",
            within=location.around(element, refs),
            coordinates=location.coordinates(element, refs),
            places=self.here.places(element, path),
            notes=self.notes(element, "place", refs),
            same_as=self.here.authorities(element),
        )

    def event(self, element: Element, path: str, subject: str = "") -> Event:
        refs = References(self.here, self.index, path, self.file_key)
        if not subject:
            owner = next((up for up in element.iterancestors() if up.tag != f"{TEI}listEvent"), None)
            subject = entry_path(owner) if owner is not None and owner.tag in (f"{TEI}person", f"{TEI}org") else ""
        sites = [refs.link(element, where) for where in (element.get("where") or "").split()]
        for site in filter(None, sites):
            refs.expect("place", site.target, element)
        sites += location.seats(element, refs)
        sites += [
            link
            for name in element.iterfind(f"{TEI}listPlace/{TEI}place/{TEI}placeName")
            for link in refs.links(name, "place")
        ]
        label = next(element.iterchildren(f"{TEI}label", f"{TEI}eventName"), None)
        basis = next((note for note in element.findall(f"{TEI}note") if note.get("type") == "date"), None)
        description = next(element.iterchildren(*_DESCRIPTIONS), None)
        if not words(label) and not words(description) and not path.endswith(_ENDS):
            message, hint = "this event has no name", "add a label"
            self.here.report.warning("name-missing", message, self.here.source(element), path, hint)
        date = element.find(f"{TEI}date")
        when = self.here.dating(element, path, basis)
        if when is None and date is not None:
            when = self.here.dating(date, path, basis)
        dating, rivals = contradictions.apart(when)
        claim = self.here.claim(element, path) if dating is None and not rivals else STATED
        doubtful = claim.standing is Standing.UNCERTAIN
        told = [*(self.participants(description, refs) if description is not None else ()), *self.listed(element, refs)]
        return Event(
            path=path,
            source=self.here.source(element),
            kind=element.get("type") or "event",
            label=words(label) or words(description),
            dating=dating,
            rivals=rivals,
            sites=tuple(replace(site, form="", claim=claim) for site in sites if site),
            participants=tuple(replace(link, claim=claim) if doubtful else link for link in told),
            subject=subject,
            claim=claim,
            description=words(description),
            places=self.here.places(element, path),
            notes=self.notes(element, "event", refs),
            same_as=self.here.authorities(element),
        )

    # ------------------------------------------------------------------ what entries are made of
    def names(self, element: Element, tag: str, path: str) -> tuple[Name, ...]:
        called = location.names(element) if tag == f"{TEI}placeName" else filter(words, element.findall(tag))
        found = [
            Name(
                text=name_words(name),
                kind=name.get("type") or ("preferred" if not number else "variant"),
                language=(name.get(f"{XML}lang") or "").lower(),
                places=self.here.places(name, path),
                dating=self.here.dating(name, path),
                letters=self.letters(self.here.places(name, path)),
            )
            for number, name in enumerate(called)
        ]
        if not found:
            self.here.report.error(
                "name-missing",
                "this entry has no name",
                self.here.source(element),
                path,
                "add a name of type preferred or descriptive",
            )
        marked, taken = naming.marked(found)
        if taken:
            message = f"no name is marked as the one to go by: {taken} is taken"
            self.here.report.note("name-unmarked", message, self.here.source(element), path, "type='preferred'")
        return naming.one_language(marked)

    def letters(self, places: tuple[str, ...]) -> tuple[str, ...]:
        """The letters among the places, if a name was seen nowhere else."""
        letters = [f"letter/{place.removeprefix('letter-')}" for place in places if place.startswith("letter-")]
        return tuple(letter for letter in letters if letter in self.index.paths) if len(letters) == len(places) else ()

    def parts(self, element: Element, path: str, tags: tuple[str, ...]) -> tuple[Event, ...]:
        """Birth and death."""
        kinds = ((part, str(part.tag).removeprefix(TEI)) for part in element if part.tag in tags)
        events = [self.life(part, f"{path}/{kind}", kind, path) for part, kind in kinds]
        dated: dict[str, Dating] = {}
        for event in events:
            if event.dating and dated.setdefault(event.path, event.dating).date.edtf != event.dating.date.edtf:
                message = f"more than one date: the first is taken, '{event.dating.date.edtf}' is left out"
                self.here.report.warning("date-several", message, event.source, event.path)
        return contradictions.together(events)

    def life(self, element: Element, path: str, kind: str, subject: str) -> Event:
        refs = References(self.here, self.index, path, self.file_key)
        claim = self.here.claim(element, path)
        disputed = claim.standing is Standing.DISPUTED
        sites = []
        for site in element.iterchildren(f"{TEI}*"):
            link = refs.link(site, site.get("ref")) if kind_named(site) == "place" else None
            if link:
                sites.append(Link(link.target, "", claim if disputed else link.claim, link.kind, link.times))
        date = element.find(f"{TEI}date")
        told = self.here.dating_of(element, path) or self._in_words(element, date, path)
        when, rivals = contradictions.apart(told)
        doubted = when is None and claim.standing is Standing.UNCERTAIN
        return Event(
            path=path,
            source=self.here.source(element),
            kind=kind,
            label="",
            dating=when,
            rivals=rivals,
            sites=tuple(sites),
            subject=subject,
            claim=claim if doubted else STATED,
            places=self.here.places(element, path),
            notes=(*self.here.notes(element, path), *remaining.loose(element, path, self.here, dated=told is not None)),
        )

    def _in_words(self, element: Element, date: Element | None, path: str) -> Dating | None:
        """The date of a birth or death that is only written in words."""
        said = words(date) or remaining.loose_words(element)
        given = (*element.keys(), *(date.keys() if date is not None else ()))
        found = dating.from_words(said) if said and not any(map(dating.is_dating, given)) else None
        if found is None:
            return None
        message = f"'{said}' is read as {found.edtf}"
        self.here.report.note("date-from-words", message, self.here.source(element), path, "add @when")
        self.here.dated(found, element, path)
        return Dating(found)

    def listed(self, element: Element, refs: References) -> Iterator[Link]:
        """Who took part, in the lists of an event; what they are there is their role."""
        for entry in element.iterfind(f".//{TEI}person"):
            yield from self._listed(entry, "person", refs)
        for entry in element.iterfind(f".//{TEI}org"):
            yield from self._listed(entry, "organisation", refs)

    def _listed(self, entry: Element, kind: str, refs: References) -> Iterator[Link]:
        name = next((child for child in entry if isinstance(child.tag, str) and kind_named(child) == kind), None)
        if entry.get(f"{XML}id"):
            return
        role = slug(entry.get("role") or (name.get("role") if name is not None else "") or "") or "participant"
        if name is not None:
            yield from refs.links(name, kind, None, role)
        for pointer in f"{entry.get('corresp') or ''} {entry.get('sameAs') or ''}".split() if name is None else ():
            link = refs.link(entry, pointer, None, role)
            if link:
                yield link

    def notes(self, element: Element, kind: str, refs: References) -> tuple[Note, ...]:
        """The remarks of an entry: its notes and descriptions, and the words of what has no field of its own."""
        described = [child for child in element.iterchildren(*_DESCRIPTIONS) if words(child) and not child.get("type")]
        if kind == "event":
            described = [child for child in described[1:] if words(child) != words(described[0])]
        rest = [child for child in element.iterchildren(f"{TEI}*") if not self._is_read(child, kind, refs)]
        return (
            *self.here.notes(element, refs.path),
            *(Note(words(child), places=self.here.places(child, refs.path)) for child in described),
            *remaining.kept(rest, refs.path, self.here),
        )

    def _is_read(self, child: Element, kind: str, refs: References) -> bool:
        """True for a part of an entry that is read whole. What is kept as a remark besides is none."""
        name = str(child.tag).removeprefix(TEI)
        if name in _READ[kind] or child.tag in _DESCRIPTIONS:
            return not (child.tag in _DESCRIPTIONS and child.get("type"))
        match name:
            case "idno":
                return bool(authority(child)) or not words(child)
            case "note":
                plain = (child.get("type") or "comment") in ("comment", "cause") and child.find(f"{TEI}ref") is None
                return plain or (
                    kind == "event" and (child.get("type") == "date" or next(child.iter(*_HOLDERS), None) is not None)
                )
            case "event":
                return entry_path(child).count("/") == 1 or entry_path(child).endswith(_ENDS)
            case "occupation" if kind == "person":
                return bool(words(child)) and not any(map(dating.is_dating, child.keys()))
            case "nationality" | "residence" if kind == "person":
                return statements.says_only(child, "place", refs)
            case "affiliation" if kind == "person":
                return (
                    statements.says_only(child, "organisation", refs)
                    and (child.get("type") or "joining") in statements.CHANGES
                )
            case "location":
                return location.is_read_whole(child, kind)
            case _:
                return kind_named(child) == "place" and _is_place_read(child, kind)

    def participants(self, description: Element, refs: References) -> Iterator[Link]:
        for name in description.iter(*_IN_TEXT):
            if name.get("ref") and name.get("role"):
                link = refs.link(name, name.get("ref"), None, name.get("role") or "")
                if link:
                    yield link


def _is_place_read(child: Element, kind: str) -> bool:
    if kind != "place":
        return kind in ("organisation", "event") and location.is_read(child)
    parent = child.getparent()
    return location.is_elsewhere(child) or (parent is not None and child in location.names(parent))


def _around(element: Element) -> str:
    """The path of the body that a body is nested in; `""` for none."""
    parent = element.getparent()
    while parent is not None and parent.tag in (f"{TEI}org", f"{TEI}listOrg") and element.tag == f"{TEI}org":
        if entry_path(parent):
            return entry_path(parent)
        parent = parent.getparent()
    return ""


def _sex(element: Element) -> str:
    """`@sex` or `<sex value="1">`: ISO 5218, or a word."""
    sex = element.find(f"{TEI}sex")
    inner = (sex.get("value") or words(sex)) if sex is not None else ""
    value = (element.get("sex") or inner).strip().lower()
    return {"1": "M", "2": "F", "m": "M", "f": "F", "male": "M", "female": "F"}.get(
        value, "" if value in ("0", "9", "n", "u", "unknown") else value
    )


_ENTRIES: dict[str, Callable[[_Registers, Element, str], Record]] = {
    f"{TEI}person": _Registers.person,
    f"{TEI}org": _Registers.organisation,
    f"{TEI}place": _Registers.place,
    f"{TEI}event": _Registers.event,
    f"{TEI}biblFull": lambda reader, element, path: structured.read(element, path, reader.here, reader.index),
    f"{TEI}biblStruct": lambda reader, element, path: structured.read(element, path, reader.here, reader.index),
    f"{TEI}bibl": lambda reader, element, path: bibliography.read(element, path, reader.here, reader.index),
}
