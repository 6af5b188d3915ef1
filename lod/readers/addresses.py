"""Where a TEI letter stands on the web, by its own header: its page, its TEI file, its pictures, and what it says in short."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from lod import authorities
from lod.readers import tongues
from lod.readers.xml import TEI, XML, Element, words

_FILE = re.compile(r"\.(?:xml|tei|odd)(?:[?#].*)?$", re.IGNORECASE)
_MANIFEST = re.compile(r"manifest(?:\.json)?/?(?:[?#].*)?$", re.IGNORECASE)
_FILES = ("tei", "xml", "tei-xml", "teixml", "tei_xml")
_MANIFESTS = ("iiif", "manifest", "iiif-manifest", "iiif_manifest", "facsimile", "facs")
_PAGES = ("url", "uri", "html", "web", "page", "permalink")


class Addresses(NamedTuple):
    """Addresses of a letter. `page` is that in its own edition, `elsewhere` are others of the same letter."""

    page: str
    files: tuple[str, ...]
    images: tuple[str, ...]
    elsewhere: tuple[str, ...]


def addresses(text: Element) -> Addresses:
    """What header, facsimile and page breaks of a TEI text point to. Names of files that are no addresses lead nowhere."""
    pages, files, manifests = [], [], []
    for kind, address in _published(text):
        if kind in _FILES or (_FILE.search(address) and kind not in _PAGES[2:]):
            files.append(address)
        elif kind in _MANIFESTS or _MANIFEST.search(address):
            manifests.append(address)
        else:
            pages.append((kind not in _PAGES, address))
    ordered = [address for _, address in sorted(pages, key=lambda page: page[0])]
    others = (*ordered[1:], *_catalogued(text))
    images = (*manifests, *_images(text))
    page = ordered[0] if ordered else ""
    return Addresses(page, _once(files), _once(images), tuple(each for each in _once(others) if each != page))


def pictures(part: Element, text: Element) -> tuple[str, ...]:
    """The pictures that the page breaks of a part of a text point to: addresses, and those of its facsimile by their ids."""
    known = {each.get(f"{XML}id"): each for each in text.iterfind(f"{TEI}facsimile//*") if each.get(f"{XML}id")}
    found: list[str] = []
    for page in (part, *part.iterdescendants(f"{TEI}pb")):
        found += _addressed(page, "facs")
        for token in (page.get("facs") or "").split():
            surface = known.get(token.removeprefix("#")) if token.startswith("#") else None
            for graphic in surface.iter(f"{TEI}graphic") if surface is not None else ():
                found += _addressed(graphic, "url")
    return _once(found)


def abstract(text: Element) -> Iterator[tuple[str, str]]:
    """What the header says of the contents, and in which language."""
    header = f"{TEI}teiHeader"
    manuscript = f"{header}/{TEI}fileDesc/{TEI}sourceDesc//{TEI}msDesc/{TEI}msContents"
    for path in (f"{header}/{TEI}profileDesc/{TEI}abstract", f"{manuscript}/{TEI}summary"):
        for element in text.iterfind(path):
            if words(element):
                yield words(element), tongues.normal(element.get(f"{XML}lang") or "")


def _published(text: Element) -> Iterator[tuple[str, str]]:
    """Addresses that the publication statement gives, each with the kind it says they are."""
    for statement in text.iterfind(f"{TEI}teiHeader/{TEI}fileDesc/{TEI}publicationStmt"):
        for element in statement.iter(f"{TEI}idno", f"{TEI}ptr", f"{TEI}ref"):
            licensed = any(up.tag == f"{TEI}availability" for up in element.iterancestors())
            given = (element.get("target") or words(element)).strip()
            if authorities.is_address(given) and not licensed:
                yield (element.get("type") or element.get("subtype") or "").lower(), given


def _catalogued(text: Element) -> Iterator[str]:
    """Addresses of the manuscript in its archive's catalogue."""
    for idno in text.iterfind(f"{TEI}teiHeader/{TEI}fileDesc/{TEI}sourceDesc//{TEI}msIdentifier//{TEI}idno"):
        if authorities.is_address(words(idno)):
            yield words(idno)


def _images(text: Element) -> Iterator[str]:
    """Facsimiles, IIIF manifests first, when they are addresses."""
    for facsimile in text.iterfind(f"{TEI}facsimile"):
        yield from _addressed(facsimile, "sameAs", "corresp", "facs")
    surrogates = f"{TEI}teiHeader/{TEI}fileDesc/{TEI}sourceDesc//{TEI}msDesc/{TEI}additional/{TEI}surrogates"
    for surrogate in text.iterfind(surrogates):
        for pointer in surrogate.iter(f"{TEI}ref", f"{TEI}ptr", f"{TEI}graphic"):
            yield from _addressed(pointer, "target", "url")
    for graphic in text.iterfind(f"{TEI}facsimile//{TEI}graphic"):
        yield from _addressed(graphic, "url")
    for page in text.iterfind(f"{TEI}text//{TEI}pb"):
        yield from _addressed(page, "facs")


def _addressed(element: Element, *names: str) -> Iterator[str]:
    """The addresses in some attributes; relative ones from `@xml:base`, where that is one."""
    for given in (token for name in names for token in (element.get(name) or "").split()):
        base = next((up.get(f"{XML}base") or "" for up in _upwards(element) if up.get(f"{XML}base")), "")
        address = urljoin(base, given) if authorities.is_address(base) and not given.startswith("#") else given
        if authorities.is_address(address):
            yield address


def _upwards(element: Element) -> Iterator[Element]:
    yield element
    yield from element.iterancestors()


def _once(given: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(given))
