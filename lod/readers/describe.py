"""What a source file says of itself: title, licence, address, last change."""

import re

from lod import authorities
from lod.model import SourceDescription
from lod.readers.xml import TEI, Element, words

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HEADER = f"{TEI}teiHeader"
_PUBLICATION = f"{_HEADER}/{TEI}fileDesc/{TEI}publicationStmt"


def describe(root: Element, file: str) -> SourceDescription:
    """The header of a TEI file. Only what is there: no file date, no default licence."""
    licence = root.find(f"{_PUBLICATION}/{TEI}availability/{TEI}licence")
    target = (licence.get("target") or "").strip() if licence is not None else ""
    return SourceDescription(
        file=file,
        title=words(root.find(f"{_HEADER}/{TEI}fileDesc/{TEI}titleStmt/{TEI}title")),
        modified=_changed(root),
        licence=target if authorities.is_address(target) else "",
        url=next((words(idno) for idno in root.iterfind(f"{_PUBLICATION}/{TEI}idno") if _is_address(idno)), ""),
    )


def _is_address(idno: Element) -> bool:
    return (idno.get("type") or "").lower() in ("url", "uri") and authorities.is_address(words(idno))


def _changed(root: Element) -> str:
    """The day of publication, else of the last change that `revisionDesc` tells."""
    date = root.find(f"{_PUBLICATION}/{TEI}date")
    day = _day(date) if date is not None else ""
    changes = [_day(change) for change in root.iterfind(f"{_HEADER}/{TEI}revisionDesc//{TEI}change")]
    return day or max(changes, default="")


def _day(element: Element) -> str:
    value = (element.get("when") or element.get("when-iso") or "")[:10]
    return value if _DAY.fullmatch(value) else ""
