"""`bibl` of a register as a work, a document or a holding."""

from dataclasses import replace

from lod.model import Dating, Document, Holding, Link, Name, Note, Voice, Work
from lod.readers import remaining
from lod.readers.index import Index, entry_path, kind_named
from lod.readers.references import References
from lod.readers.xml import TEI, XML, Element, Place, authority, name_words, words

_AGENTS = {f"{TEI}author": "author", f"{TEI}editor": "editor", f"{TEI}publisher": "publisher"}
_READ = ("date", "textLang", "relatedItem", "bibl", "citedRange")
_WITHOUT_WRITING = ("work", "book", "edition", "issue", "periodical", "object", "holding")
_LEVELS = "amjs"
"""Levels of titles, from an article to the series that its host stands in."""
_TITLES = {
    "": "preferred",
    "main": "preferred",
    "alt": "variant",
    "translated": "translated",
    "original": "original",
    "sub": "subtitle",
}


def read(element: Element, path: str, here: Place, index: Index) -> Work | Document | Holding:
    """The record of a `bibl`; which one follows from the list it stands in, that is, from its path."""
    refs = References(here, index, path)
    if path.startswith("holding/"):
        return _holding(element, path, refs)
    if path.startswith("document/"):
        return _document(element, path, refs)
    return _work(element, path, refs)


def _work(element: Element, path: str, refs: References) -> Work:
    here = refs.here
    parent = element.getparent()
    organ = [
        refs.link(name, name.get("ref"), None, "organ-of")
        for name in element.findall(f"{TEI}orgName")
        if name.get("role") == "organ-of"
    ]
    return Work(
        key=path.partition("/")[2],
        source=here.source(element),
        kind=element.get("type") or "work",
        titles=_titles(element, path, here) or _as_words(element),
        contributors=tuple(_contributors(element, refs)),
        written_at=_written_at(element, refs),
        published_at=(*_links(element, "pubPlace", refs), *_named_places(element, refs)),
        dating=_dating(element, path, here),
        language=_languages(element)[0] if _languages(element) else "",
        issue=_scope(element, "issue"),
        volume=_scope(element, "volume"),
        isbn=next((words(idno) for idno in element.findall(f"{TEI}idno") if idno.get("type") == "ISBN"), ""),
        parent=entry_path(parent) if parent is not None and parent.tag == f"{TEI}bibl" else "",
        related=(*_related(element, refs), *filter(None, organ)),
        voices=tuple(_voices(element, refs)),
        places=here.places(element, path),
        notes=(*here.notes(element, path), *remaining.kept(_rest(element), path, here), *_loose(element, refs)),
        same_as=here.authorities(element),
    )


def _rest(element: Element) -> list[Element]:
    """The parts of a `bibl` that a work has no field for."""
    return [child for child in element.iterchildren(f"{TEI}*") if not _is_read(child)]


def _is_read(child: Element) -> bool:
    match str(child.tag).removeprefix(TEI):
        case "title":
            return not _is_of_host(child)
        case "biblScope":
            return child.get("unit") in ("issue", "volume")
        case "orgName":
            return child.get("role") == "organ-of"
        case "idno":
            return bool(authority(child)) or child.get("type") == "ISBN" or not words(child)
        case "note":
            kind = child.get("type") or "comment"
            return kind == "date" or (kind in ("comment", "cause") and child.find(f"{TEI}ref") is None)
        case "placeName":
            return bool(child.get("ref")) and _has_an_author(child)
        case name:
            return name in _READ or name in ("author", "editor", "publisher", "pubPlace")


def _document(element: Element, path: str, refs: References) -> Document:
    here = refs.here
    noted = refs.sorted_refs(element)
    related = _related(element, refs)
    contributors = list(_contributors(element, refs))
    places = tuple(place.removeprefix("book:") for place in noted.values.get("book-place", ()))
    return Document(
        key=path.partition("/")[2],
        source=here.source(element),
        kind=element.get("type") or "document",
        titles=_titles(element, path, here),
        authors=tuple(link for link in contributors if link.kind == "author"),
        addressees=tuple(link for link in contributors if link.kind == "addressee"),
        translators=tuple(link for link in contributors if link.kind == "translator"),
        written_at=_links(element, "placeName", refs),
        dating=_dating(element, path, here),
        languages=_languages(element),
        context=tuple(noted.pointers.get("context", ())),
        mentions=tuple(noted.mentions),
        published=tuple(link for link in related if link.kind.startswith("published-in")),
        part_of=tuple(link for link in related if link.kind == "part-of"),
        holdings=tuple(link for link in related if link.kind == "held-in"),
        own_places=places,
        places=tuple(dict.fromkeys((*places, *here.places(element, path)))),
        notes=here.notes(element, path),
    )


def _holding(element: Element, path: str, refs: References) -> Holding:
    manuscript = element.find(f"{TEI}msIdentifier")
    keepers = []
    if manuscript is not None:
        for tag in ("repository", "institution"):
            keepers += [refs.link(each, each.get("ref"), None, tag) for each in manuscript.findall(f"{TEI}{tag}")]
    return Holding(
        key=path.partition("/")[2],
        source=refs.here.source(element),
        label=words(element.find(f"{TEI}msIdentifier/{TEI}collection")) or words(element.find(f"{TEI}title")),
        keepers=tuple(filter(None, keepers)),
        settlement=words(element.find(f"{TEI}msIdentifier/{TEI}settlement")),
        places=refs.here.places(element, path),
        notes=refs.here.notes(element, path),
    )


def _titles(element: Element, path: str, here: Place) -> tuple[Name, ...]:
    """The titles; the one to go by is the first that is marked so or has no type, else the first."""
    titles = [
        Name(
            words(title),
            _TITLES.get(title.get("type") or "", "variant"),
            (title.get(f"{XML}lang") or "").lower(),
            here.places(title, path),
        )
        for title in element.findall(f"{TEI}title")
        if words(title) and not _is_of_host(title)
    ]
    main = element.find(f"{TEI}title[@type='main']")
    first = next((number for number, title in enumerate(titles) if title.text == words(main)), None)
    if first is None:
        first = next((number for number, title in enumerate(titles) if title.kind == "preferred"), 0)
    kinds = ["variant" if title.kind == "preferred" else title.kind for title in titles]
    return tuple(
        replace(title, kind="preferred" if number == first else kind)
        for number, (title, kind) in enumerate(zip(titles, kinds, strict=True))
    )


def _is_of_host(title: Element) -> bool:
    """True for the title of what the thing stands in: the journal's beside that of an article, a series' beside a book's."""
    parent = title.getparent()
    levels = [each.get("level") or "" for each in parent.iterfind(f"{TEI}title")] if parent is not None else []
    own = min((_LEVELS.index(level) for level in levels if level and level in _LEVELS), default=None)
    level = title.get("level") or ""
    wider = own is not None and bool(level) and level in _LEVELS and _LEVELS.index(level) > own
    return wider or (level == "s" and "" in levels)


def _as_words(element: Element) -> tuple[Name, ...]:
    """The citation itself, where no title is marked up and words stand outside of elements."""
    return (Name(words(element), "preferred"),) if _is_mixed(element) else ()


def _is_mixed(element: Element) -> bool:
    between = [element.text or "", *(child.tail or "" for child in element)]
    return any(char.isalnum() for text in between for char in text)


def _loose(element: Element, refs: References) -> tuple[Note, ...]:
    """The citation as it is printed, where words stand between its elements."""
    if element.find(f"{TEI}title") is None or not _is_mixed(element):
        return ()
    message = f"this <bibl> is kept as words: '{words(element)}'"
    refs.here.report.note("kept-as-words", message, refs.here.source(element), refs.path, "put each part in an element")
    return (Note(f"Citation: {words(element)}"),)


def _contributors(element: Element, refs: References) -> list[Link]:
    found = []
    for child in element:
        default = _AGENTS.get(str(child.tag))
        role = child.get("role") or default or ""
        if default and child.get("ref"):
            found.append(refs.link(child, child.get("ref"), None, role))
        elif default and (name_words(child) or child.get("key")):
            found += refs.links(child, kind_named(child), None, role, "contributor")
    return [link for link in found if link]


def _links(element: Element, tag: str, refs: References) -> tuple[Link, ...]:
    found = [refs.link(child, child.get("ref")) for child in element.findall(f"{TEI}{tag}") if child.get("ref")]
    return tuple(filter(None, found))


def _written_at(element: Element, refs: References) -> tuple[Link, ...]:
    """Where an article or translation was written; of books and periodicals the place would say something else."""
    return _links(element, "placeName", refs) if any(map(_has_an_author, element.findall(f"{TEI}placeName"))) else ()


def _has_an_author(place: Element) -> bool:
    parent = place.getparent()
    if parent is None or parent.get("type") in (None, *_WITHOUT_WRITING):
        return False
    return any(author.get("ref") or words(author) for author in parent.iterchildren(f"{TEI}author"))


def _named_places(element: Element, refs: References) -> tuple[Link, ...]:
    """Towns of publication by their names."""
    plain = [town for town in element.findall(f"{TEI}pubPlace") if not town.get("ref") and words(town)]
    return tuple(link for town in plain for link in refs.links(town, "place", None, "", "published-at"))


def _related(element: Element, refs: References) -> tuple[Link, ...]:
    """What a `relatedItem` points to: by its own `@target`, or by a `ref` in it, whose content is then the form."""
    found = []
    for item in element.findall(f"{TEI}relatedItem"):
        kind = item.get("type") or ""
        subtype = item.get("subtype")
        inner = item.find(f"{TEI}ref")
        pointer = item if inner is None else inner
        found.append(refs.link(pointer, pointer.get("target"), None, f"{kind}-{subtype}" if subtype else kind))
    return tuple(filter(None, found))


def _dating(element: Element, path: str, here: Place) -> Dating | None:
    date = element.find(f"{TEI}date")
    if date is None:
        return None
    basis = next((note for note in element.findall(f"{TEI}note") if note.get("type") == "date"), None)
    dating = here.dating(date, path, basis)
    if dating is None and words(date):
        here.report.note("date-text-only", f"'{words(date)}' has no value a machine can read", here.source(date), path)
    return dating


def _languages(element: Element) -> tuple[str, ...]:
    return tuple(
        language.get("mainLang") or "" for language in element.findall(f"{TEI}textLang") if language.get("mainLang")
    )


def _scope(element: Element, unit: str) -> str:
    return next((words(scope) for scope in element.findall(f"{TEI}biblScope") if scope.get("unit") == unit), "")


def _voices(element: Element, refs: References) -> list[Voice]:
    """Who speaks where: the `bibl type="part"` table of the printed edition."""
    found = []
    for part in element.findall(f"{TEI}bibl"):
        scope, author = part.find(f"{TEI}citedRange"), part.find(f"{TEI}author")
        if part.get("type") != "part" or scope is None or author is None:
            continue
        link = refs.link(author, author.get("ref"))
        if link:
            first = scope.get("from") or ""
            found.append(Voice(scope.get("unit") or "", first, scope.get("to") or first, link.target))
    return found
