"""What all readers of XML share: where they are, how far a statement holds, dates, notes, authorities, words."""

import re
from collections.abc import Iterator

from lod import authorities, dates
from lod.dates import Date
from lod.errors import DateError
from lod.model import STATED, Claim, Dating, Link, Note, Standing
from lod.readers import dating
from lod.readers.parse import TEI, XML, Element, line
from lod.report import Finding, Level, Report, Source

__all__ = ("TEI", "XML", "Element", "Place", "text", "weighs", "words")

_DATE, _IDNO, _NOTE, _PLACE_NAME = (f"{TEI}{name}" for name in ("date", "idno", "note", "placeName"))
_NAMES = (f"{TEI}persName", f"{TEI}orgName", f"{TEI}placeName", f"{TEI}eventName")
_NO_NAME = (f"{TEI}location", f"{TEI}geo", f"{TEI}note", f"{TEI}idno", f"{TEI}del", f"{TEI}surplus")
_NAME_PARTS = frozenset(
    f"{TEI}{part}"
    for part in (
        *("forename", "surname", "roleName", "genName", "nameLink", "addName", "persName", "orgName", "name"),
        *("settlement", "district", "region", "country", "bloc", "geogName", "geogFeat", "street", "placeName"),
    )
)
"""What stands side by side in a name with nothing but its tags between; letters and pieces of words are none."""
_DELETED = (f"{TEI}del", f"{TEI}surplus")
_BREAKS = (f"{TEI}lb", f"{TEI}pb", f"{TEI}cb")
_BLOCKS = frozenset(f"{TEI}{name}" for name in ("p", "ab", "l", "lg", "list", "item", "head", "label", "desc"))
"""No word goes over the ends of these."""
_JOIN = "\0"
"""Stands where a word goes on over a break; no XML can hold it."""
_JOINED = re.compile(r"\s*\0\s*")
_WEIGHS = ("source", "evidence", "cert", "exclude")
"""Attributes that say how far a statement holds."""
_PLACE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Place:
    """Where a reader is: the file, and the report that takes what it finds."""

    __slots__ = ("cited", "file", "report")

    def __init__(self, file: str, report: Report, *, cited: bool = True) -> None:
        self.file = file
        self.report = report
        self.cited = cited
        """Whether `@source` names places in a printed edition; elsewhere it may hold anything."""

    def source(self, element: Element) -> Source:
        """The file and line of an element."""
        return Source(self.file, line(element))

    def places(self, element: Element, key: str) -> tuple[str, ...]:
        """The places in the edition that `@source` names: `book:note-2-150` → `note-2-150`."""
        found = []
        for token in (element.get("source") or "").split():
            prefix, _, place = token.partition(":")
            if not self.cited:
                break
            if prefix == "book" and _PLACE.fullmatch(place):
                found.append(place)
            elif prefix not in ("http", "https") and not token.startswith("#"):
                self.report.error(
                    "place-unknown",
                    f"@source '{token}' names no place in the edition",
                    self.source(element),
                    key,
                    "write book: and the part, such as book:note-2-150",
                )
        return tuple(dict.fromkeys(found))

    def claim(self, element: Element, key: str, basis: Element | None = None) -> Claim:
        """How far a statement holds: `@exclude`, `@cert`, `@evidence`, and the typed note beside it (`basis`)."""
        if basis is None and not weighs(element):
            return STATED
        places = self.places(element, key)
        note = ""
        standing = Standing.STATED
        if element.get("evidence") == "conjecture":
            standing = Standing.INFERRED_BY_DATA
        if basis is not None:
            places = tuple(dict.fromkeys((*places, *self.places(basis, key))))
            note = words(basis)
            standing = {
                "corrected": Standing.CORRECTED,
                "inferred": Standing.INFERRED_BY_DATA,
                "inferred-by-edition": Standing.INFERRED_BY_EDITION,
            }.get(basis.get("subtype") or "", Standing.STATED)
        if element.get("cert") in ("low", "unknown"):
            standing = Standing.UNCERTAIN
        if element.get("exclude"):
            standing = Standing.DISPUTED
        return Claim(standing, places, note) if standing is not Standing.STATED or places or note else STATED

    def dating(self, element: Element, key: str, basis: Element | None = None) -> Dating | None:
        """The date in an element's dating attributes; None when it has none. An impossible one is a finding.

        Doubt about a date stays in its EDTF, so a low `@cert` never makes the claim uncertain here.
        """
        if dating.NAMES.isdisjoint(element.keys()):
            return None
        attributes = dict(element.items())
        given = dating.given(attributes.get, self.source(element), key, self.report)
        if not given:
            return None
        claim = self.claim(element, key, basis)
        printed = words(element) if element.tag == _DATE else ""
        corrected = claim.standing is Standing.CORRECTED and basis is not None and basis.get("n")
        try:
            date, left = dating.read(
                given,
                uncertain=attributes.get("cert") in ("low", "unknown"),
                circa=attributes.get("precision") == "low",
                printed="" if corrected else printed,
            )
            rival = dates.parse(basis.get("n") or "", printed) if corrected and basis is not None else None
        except DateError as error:
            self.report.error(
                "date-impossible",
                str(error),
                self.source(element),
                key,
                "mend the attribute; the form as printed stays in the text of the element",
            )
            return None
        self.dated(date, element, key)
        if left:
            message = f"beside {date.edtf} {left} was left out"
            self.report.warning("date-mixed", message, self.source(element), key, "give one pair of attributes")
        if claim.standing is Standing.UNCERTAIN:
            inferred = attributes.get("evidence") == "conjecture"
            claim = Claim(Standing.INFERRED_BY_DATA if inferred else Standing.STATED, claim.places, claim.note)
            if basis is not None and basis.get("subtype") == "inferred-by-edition":
                claim = Claim(Standing.INFERRED_BY_EDITION, claim.places, claim.note)
        return Dating(date, claim, rival)

    def dated(self, date: Date, element: Element, key: str) -> None:
        """Tell of a date that lies ahead, when it is known which day it is."""
        day = dating.ahead(date)
        if day:
            message, hint = f"'{date.edtf}' has not come yet: it is kept as given", "mend the year"
            self.report.before(day, Finding(Level.WARNING, "date-ahead", message, self.source(element), key, hint))

    def dating_of(self, element: Element, key: str) -> Dating | None:
        """The date of a statement: in its own attributes, else in those of a `date` in it."""
        date = next(element.iterchildren(_DATE), None)
        return self.dating(element, key) or (self.dating(date, key) if date is not None else None)

    def authorities(self, element: Element) -> tuple[Link, ...]:
        """The IRIs of authorities in `idno`, and addresses in the entry's names; `@source` is there the record that was seen."""
        found: dict[str, Link] = {}
        for idno in element.iterchildren(_IDNO):
            address = authority(idno)
            if address:
                doubtful = idno.get("cert") in ("low", "unknown")
                found.setdefault(address, Link(address, "", Claim(Standing.UNCERTAIN) if doubtful else STATED))
        for address in named_addresses(element):
            found.setdefault(address, Link(address))
        return tuple(found.values())

    def notes(self, element: Element, key: str, kinds: tuple[str, ...] = ("comment", "cause")) -> tuple[Note, ...]:
        """The remarks directly inside an element."""
        return tuple(
            Note(
                words(note),
                note.get("type") or "comment",
                self.places(note, key),
                note.get("cert") in ("low", "unknown"),
            )
            for note in element.iterchildren(_NOTE)
            if (note.get("type") or "comment") in kinds and words(note) and note.find(f"{TEI}ref") is None
        )


def weighs(element: Element) -> bool:
    """True when an attribute says how far a statement holds."""
    return any(map(element.get, _WEIGHS))


def named_addresses(element: Element) -> Iterator[str]:
    """The addresses of an entry itself: in `@ref` or `@sameAs` of its own element and of its names."""
    for each in (element, *element.iterchildren(*_NAMES)):
        for token in f"{each.get('ref') or ''} {each.get('sameAs') or ''}".split():
            if authorities.is_address(token) or authorities.recognise(token):
                yield authorities.normalise(token)


def authority(idno: Element) -> str:
    """The address an `idno` gives: in its text (`gnd:…` too), or a number of an authority that its type names; else `""`."""
    value = words(idno)
    if authorities.is_address(value) or authorities.recognise(value):
        return "" if authorities.is_empty_address(value) else authorities.normalise(value)
    kinds = (idno.get("type") or "", idno.get("subtype") or "")
    return next((address for kind in kinds if (address := authorities.from_number(kind, value))), "")


def words(element: Element | None) -> str:
    """The text of an element and what is in it, white space made single."""
    if element is None:
        return ""
    found = "".join(text(element)) if len(element) else element.text or ""
    return " ".join((_JOINED.sub("", found) if _JOIN in found else found).split())


def name_words(element: Element) -> str:
    """A name as words: its parts with blanks between them, of a name within a name the inner one, no coordinates."""
    inner = next(element.iterchildren(_PLACE_NAME), None)
    if inner is not None and element.tag != _PLACE_NAME:
        return words(inner)
    if any(child.tag in _NAME_PARTS for child in element) and not _said_between(element):
        parts = [words(child) for child in element if isinstance(child.tag, str) and child.tag not in _NO_NAME]
        return " ".join(filter(None, parts))
    return words(element)


def _said_between(element: Element) -> bool:
    """True when words stand beside the parts of a name: then they say how the parts are joined."""
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def text(element: Element) -> Iterator[str]:
    """The pieces of text of an element as it is to be read: no comments, nothing deleted, one of what a `choice` offers."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DELETED:
            if child.tag in _BREAKS:
                # a word that goes over the end of a line is marked; all others end there
                yield _JOIN if child.get("break") == "no" else " "
            elif child.tag == f"{TEI}choice":
                yield from text(_chosen(child))
            elif child.tag in _BLOCKS:
                yield " "
                yield from text(child)
                yield " "
            else:
                yield from text(child)
        yield child.tail or ""


def _chosen(choice: Element) -> Element:
    """What an editor would read: the correction, the expansion, the regular form; else the first."""
    found = (choice.find(f"{TEI}{better}") for better in ("corr", "expan", "reg"))
    return next((each for each in found if each is not None), next(choice.iterchildren(f"{TEI}*"), choice))
