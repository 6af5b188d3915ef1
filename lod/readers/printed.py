"""Where a TEI letter is printed, by the bibliography in its header: `sourceDesc`, and what its manuscript's description adds.

Text Encoding Initiative, P5 Guidelines, 2.2.7 (the source description): a `bibl` there is the text's source. Only what says
a title and where, when or by whom it was published is a publication; a citation in plain words may as well be of a manuscript.
"""

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from lod.iris import slug
from lod.model import Link, Note
from lod.readers.contents import Book
from lod.readers.references import References
from lod.readers.remaining import said
from lod.readers.shares import Share
from lod.readers.xml import TEI, XML, Element, words

_SOURCES = (f"{TEI}bibl", f"{TEI}biblStruct", f"{TEI}biblFull")
_FROM_PRINT = (f"{TEI}publisher", f"{TEI}pubPlace", f"{TEI}date", f"{TEI}editor")
_PAGES = ("", "page", "pages", "pp", "p")
_FIRST = ("firstprint", "first", "first-print", "erstdruck")
_KEY = 80


class Printed(NamedTuple):
    """A publication of a letter, and a remark on where in it the letter stands."""

    link: Link
    notes: tuple[Note, ...]


def printed(share: Share, refs: References) -> Iterator[Printed]:
    """The publications that a letter's header tells of. Other sources are a finding."""
    for element in sources(share.text):
        if share.has(element):
            if is_publication(element):
                yield _publication(element, refs)
            elif words(element):
                message = f"the source '{said(element)[:80]}' does not say that it is printed, and was left out"
                hint = "title, and publisher, place or date, in elements of their own"
                refs.here.report.note("source-unclear", message, refs.here.source(element), refs.path, hint)


def sources(text: Element) -> Iterator[Element]:
    """The bibliography of a header's sources, none of them a part of another."""
    for element in text.iterfind(f"{TEI}teiHeader/{TEI}fileDesc/{TEI}sourceDesc//*"):
        if element.tag in _SOURCES and not any(up.tag in _SOURCES for up in element.iterancestors()):
            yield element


def is_publication(element: Element) -> bool:
    """True for a citation with a title and a publisher, an editor, a place or a date of publication."""
    titled = any(words(title) for title in element.iter(f"{TEI}title"))
    return titled and any(words(part) or part.get("when") for part in element.iter(*_FROM_PRINT))


def _publication(element: Element, refs: References) -> Printed:
    cited = _cited(element)
    identifier = element.get(f"{XML}id")
    book = Book(cited, _kind(element), "", refs.here.source(element).line)
    target = refs.index.book(f"{refs.file_key}-{identifier}" if identifier else _key(element), book)
    how = next((value for name in ("n", "type", "subtype") if (value := element.get(name) or "").lower() in _FIRST), "")
    pages = [words(scope) for scope in element.iter(f"{TEI}biblScope") if _is_page(scope)]
    notes = tuple(Note(f"Printed in {cited}: {page}") for page in pages if page)
    return Printed(Link(target, claim=refs.here.claim(element, refs.path), kind="first" if how else ""), notes)


def _kind(element: Element) -> str:
    """An article stands in something; all else is a book, because nothing else is said."""
    contained = element.find(f"{TEI}analytic") is not None or element.get("type") in ("journal", "article")
    return "article" if contained else "book"


def _cited(element: Element) -> str:
    """The citation in words, without the pages, so that letters on other pages are in the same book."""
    told = [said(part) for part in _parts(element)]
    return ", ".join(dict.fromkeys(filter(None, told)))


def _parts(element: Element) -> Iterator[Element]:
    for child in element.iterchildren(f"{TEI}*"):
        if _is_page(child):
            continue
        if len(child) and child.tag in tuple(f"{TEI}{name}" for name in ("analytic", "monogr", "series", "imprint")):
            yield from _parts(child)
        else:
            yield child


def _is_page(element: Element) -> bool:
    """True for the pages of a letter; a number of a series without a unit is its volume."""
    parent = element.getparent()
    in_series = parent is not None and parent.tag == f"{TEI}series"
    unit = element.get("unit") or ""
    return element.tag == f"{TEI}biblScope" and unit in _PAGES and not (in_series and not unit)


def _key(element: Element) -> str:
    """Who, what and when: the same for a book however fully it is cited."""
    agent = next((words(name) for name in element.iter(f"{TEI}author", f"{TEI}editor") if words(name)), "")
    title = next((words(name) for name in element.iter(f"{TEI}title") if words(name)), "")
    date = next(element.iter(f"{TEI}date"), None)
    year = (date.get("when") or words(date))[:4] if date is not None else ""
    return _cut(slug(f"{agent} {title} {year}"))


def _cut(key: str) -> str:
    """A key of a length that people can bear, cut between words; what was cut still tells two apart."""
    return key if len(key) <= _KEY else f"{key[: _KEY + 1].rpartition('-')[0]}-{crc32(key.encode()):08x}"
