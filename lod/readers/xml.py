"""Safe XML in, lines kept: no entities, no network, no DOCTYPE."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from lod.dates import from_tei, parse
from lod.errors import DateError, SourceError
from lod.model import STATED, Claim, Dating, Link, Note, Standing
from lod.report import Report, Source

TEI = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"

Element = etree._Element

_PLACE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def parse_file(folder: Path, name: str) -> Element:
    """The root of an XML file. `SourceError` with the line for what is missing, ill-formed or carries a DOCTYPE."""
    return _parse(folder, name, recover=False)


def salvage(folder: Path, name: str) -> Element | None:
    """What can be read of an ill-formed file: enough to know which entries it holds. None when nothing can."""
    try:
        return _parse(folder, name, recover=True)
    except SourceError:
        return None


def _parse(folder: Path, name: str, *, recover: bool) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, recover=recover
    )
    try:
        tree = etree.parse(folder / name, parser)
    except OSError:
        raise SourceError(name, 0, "cannot be read") from None
    except etree.XMLSyntaxError as error:
        raise SourceError(name, error.lineno or 0, f"not well-formed XML: {error.msg}") from None
    root = tree.getroot()
    if root is None:
        raise SourceError(name, 0, "holds no XML element")
    if tree.docinfo.internalDTD is not None:
        raise SourceError(name, 1, "a DOCTYPE is refused, because entities in it can name other files")
    return root


class Place:
    """Where a reader is: the file, and the report that takes what it finds."""

    __slots__ = ("file", "report")

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report

    def source(self, element: Element) -> Source:
        """The file and line of an element."""
        return Source(self.file, element.sourceline or 0)

    def places(self, element: Element, key: str) -> tuple[str, ...]:
        """The places in the edition that `@source` names: `book:note-2-150` → `note-2-150`."""
        found = []
        for token in (element.get("source") or "").split():
            prefix, _, place = token.partition(":")
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
        values = {
            "when": "when",
            "notBefore": "not_before",
            "notAfter": "not_after",
            "from": "start",
            "to": "end",
        }
        given = {name: value for attribute, name in values.items() if (value := element.get(attribute))}
        if not given:
            return None
        claim = self.claim(element, key, basis)
        printed = words(element) if element.tag == f"{TEI}date" else ""
        corrected = claim.standing is Standing.CORRECTED and basis is not None and basis.get("n")
        try:
            date = from_tei(
                **given,
                uncertain=element.get("cert") in ("low", "unknown"),
                circa=element.get("precision") == "low",
                printed="" if corrected else printed,
            )
            rival = parse(basis.get("n") or "", printed) if corrected and basis is not None else None
        except DateError as error:
            self.report.error(
                "date-impossible",
                str(error),
                self.source(element),
                key,
                "mend the attribute; the form as printed stays in the text of the element",
            )
            return None
        if claim.standing is Standing.UNCERTAIN:
            inferred = element.get("evidence") == "conjecture"
            claim = Claim(Standing.INFERRED_BY_DATA if inferred else Standing.STATED, claim.places, claim.note)
            if basis is not None and basis.get("subtype") == "inferred-by-edition":
                claim = Claim(Standing.INFERRED_BY_EDITION, claim.places, claim.note)
        return Dating(date, claim, rival)

    def authorities(self, element: Element) -> tuple[Link, ...]:
        """The IRIs of authorities in `idno`; `@source` there is the record that was seen, not a place in the edition."""
        found = []
        for idno in element.findall(f"{TEI}idno"):
            if words(idno).startswith(("http://", "https://")):
                doubtful = idno.get("cert") in ("low", "unknown")
                found.append(Link(words(idno), "", Claim(Standing.UNCERTAIN) if doubtful else STATED))
        return tuple(found)

    def notes(self, element: Element, key: str, kinds: tuple[str, ...] = ("comment", "cause")) -> tuple[Note, ...]:
        """The remarks directly inside an element."""
        return tuple(
            Note(
                words(note),
                note.get("type") or "comment",
                self.places(note, key),
                note.get("cert") in ("low", "unknown"),
            )
            for note in element.findall(f"{TEI}note")
            if (note.get("type") or "comment") in kinds and words(note) and note.find(f"{TEI}ref") is None
        )


def words(element: Element | None) -> str:
    """The text of an element and what is in it, white space made single."""
    if element is None:
        return ""
    return " ".join("".join(text(element)).split())


def text(element: Element) -> Iterator[str]:
    """The pieces of text of an element, comments left out."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from text(child)
        yield child.tail or ""
