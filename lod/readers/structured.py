"""`biblStruct` and `biblFull` of a register as a work: TEI's ordered forms of a bibliographic entry."""

from lod.model import Link, Name, Note, Work
from lod.readers.index import Index
from lod.readers.references import References
from lod.readers.xml import TEI, XML, Element, Place, name_words, words

_KINDS = {"m": "book", "j": "periodical", "a": "article", "s": "book", "u": "part"}
_AGENTS = {f"{TEI}author": "author", f"{TEI}editor": "editor"}
_DATES = (f"{TEI}monogr/{TEI}imprint/{TEI}date", f"{TEI}publicationStmt/{TEI}date")


def read(element: Element, path: str, here: Place, index: Index) -> Work:
    """The work: an article where there is an `analytic`, else what the level of its title says."""
    refs = References(here, index, path)
    parts = [part for name in ("analytic", "monogr", "titleStmt") if (part := element.find(f"{TEI}{name}")) is not None]
    first = parts[0] if parts else element
    titles = _titles(first)
    level = next((title.get("level") or "" for title in first.iterfind(f"{TEI}title")), "")
    dates = map(element.find, _DATES)
    date = next((each for each in dates if each is not None), None)
    return Work(
        key=path.partition("/")[2],
        source=here.source(element),
        kind="article" if first.tag == f"{TEI}analytic" else _KINDS.get(level, "book"),
        titles=titles or (Name(words(first), "preferred"),),
        contributors=tuple(_contributors(first, refs)),
        dating=here.dating(date, path) if date is not None else None,
        notes=(*here.notes(element, path), *_imprint(element, first)),
        same_as=here.authorities(element),
    )


def _titles(part: Element) -> tuple[Name, ...]:
    found: list[Name] = []
    for title in part.iterfind(f"{TEI}title"):
        kind = "subtitle" if title.get("type") == "sub" else ("variant" if found else "preferred")
        if words(title):
            found.append(Name(words(title), kind, (title.get(f"{XML}lang") or "").lower()))
    return tuple(found)


def _contributors(part: Element, refs: References) -> list[Link]:
    """Authors and editors: one name, one node within the file."""
    return [
        link
        for child in part
        if child.tag in _AGENTS and name_words(child)
        for link in refs.links(child, "person", None, _AGENTS[str(child.tag)], "contributor")
    ]


def _imprint(element: Element, first: Element) -> list[Note]:
    """Where it appeared, in words: what an article stands in, town, publisher."""
    hosts = (element.find(f"{TEI}{name}") for name in ("monogr", "publicationStmt"))
    monograph = next((host for host in hosts if host is not None), None)
    if monograph is None:
        return []
    told = [words(title) for title in monograph.iterfind(f"{TEI}title")] if first.tag == f"{TEI}analytic" else []
    if first.tag == f"{TEI}analytic":
        told += [words(agent) for agent in monograph.iterchildren(*_AGENTS)]
    told += [words(series) for series in element.iterfind(f"{TEI}series")]
    told += [
        words(part)
        for name in ("pubPlace", "publisher", "date", "biblScope")
        for part in monograph.iter(f"{TEI}{name}")
    ]
    return [Note("Imprint: " + ", ".join(filter(None, told)))] if any(told) else []
