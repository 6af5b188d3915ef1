"""What elements stand for: which kind of thing a name names, which path a register entry has."""

from lod.iris import KINDS, slug
from lod.readers.parse import TEI, XML, Element

_KIND_OF_TAG = {f"{TEI}person": "person", f"{TEI}org": "organisation", f"{TEI}place": "place", f"{TEI}event": "event"}
_WORKS = (f"{TEI}bibl", f"{TEI}biblStruct", f"{TEI}biblFull")
_KIND_OF_LIST = {"documents": "document", "archives": "holding"}
_LIFE = (f"{TEI}birth", f"{TEI}death")
_PARTS = (*_LIFE, f"{TEI}event", f"{TEI}affiliation")
ENTRIES = tuple(dict.fromkeys((*_KIND_OF_TAG, *_WORKS, *_PARTS)))
"""Elements that can have a path."""
_TYPED = (f"{TEI}rs", f"{TEI}name")
_ID = f"{XML}id"
_LISTS = tuple(f"{TEI}{name}" for name in ("listPerson", "listOrg", "listPlace", "listEvent", "listBibl", "particDesc"))
NAMES: dict[str, str] = {
    f"{TEI}persName": "person",
    f"{TEI}orgName": "organisation",
    f"{TEI}placeName": "place",
    f"{TEI}settlement": "place",
    f"{TEI}geogName": "place",
    f"{TEI}country": "place",
    f"{TEI}region": "place",
    f"{TEI}district": "place",
    f"{TEI}repository": "organisation",
    f"{TEI}institution": "organisation",
    f"{TEI}eventName": "event",
    f"{TEI}title": "work",
    f"{TEI}bibl": "work",
    f"{TEI}objectName": "object",
    f"{TEI}author": "person",
    f"{TEI}editor": "person",
    f"{TEI}publisher": "organisation",
}
"""Elements that name things, and the kind of thing they name."""
_KIND_OF_TYPE = {
    "person": "person", "pers": "person", "people": "person", "org": "organisation", "organisation": "organisation",
    "organization": "organisation", "group": "organisation", "place": "place", "geo": "place", "event": "event",
    "work": "work", "bibl": "work", "title": "work", "object": "object", "litwork": "work", "lit_work": "work",
    "literary-work": "work", "artwork": "object", "location": "place", "settlement": "place", "institution": "organisation",
}  # fmt: skip


_POINTING = ("ref", "target", "key", "corresp", "sameAs")


def kind_named(element: Element) -> str:
    """The kind of thing that an element names: `person`, `place`, `object` …; `""` for an element that names nothing."""
    if element.tag in _TYPED:
        return _KIND_OF_TYPE.get((element.get("type") or "").lower(), "")
    return NAMES.get(str(element.tag), "")


def kinds_of_path(path: str) -> tuple[str, ...]:
    """The kinds of thing that a path may stand for: a birth, a foundation is an event, and tells of whose it is."""
    kind, _, key = path.partition("/")
    return (kind, "event") if "/" in key else (kind,) if kind else ()


def written_pointers(element: Element) -> list[str]:
    """What an element points with, as written: `@ref`, `@corresp`, `@key`, `@sameAs`; its only child's, when it has none."""
    written = [value for name in _POINTING if (value := element.get(name))]
    found = [pointer for pointer in " ".join(written).split() if pointer != "#"]
    if not found and len(element) == 1 and (element[0].get("ref") or element[0].get("key")):
        found = (element[0].get("ref") or element[0].get("key") or "").split()
    return found


def is_listed(element: Element) -> bool:
    """True for an entry that stands in a list of its kind: a `bibl` in a TEI header as a rule does not."""
    parent = element.getparent()
    if element.tag in _WORKS:
        return any(up.tag in (f"{TEI}standOff", f"{TEI}back") for up in element.iterancestors())
    return parent is not None and (parent.tag in _LISTS or parent.tag == element.tag or parent.tag == f"{TEI}standOff")


def entry_path(element: Element) -> str:
    """The path of a register entry; `""` for what is none. In a part's id the dot is the slash before the part."""
    identifier = element.get(_ID) or ""
    if "." in identifier and element.tag in _PARTS:
        owner = next(
            (
                entry_path(parent)
                for parent in element.iterancestors()
                if parent.tag in _KIND_OF_TAG and parent.get(f"{XML}id")
            ),
            "",
        )
        part = identifier.partition(".")[2]
        if element.tag in _LIFE:
            part = str(element.tag).removeprefix(TEI)
        elif element.get("exclude"):
            part = part.rpartition("-")[0] or part
        if owner:
            return f"{owner}/{slug(part)}"
    kind = _KIND_OF_TAG.get(str(element.tag), "")
    if element.tag in _WORKS:
        lists = [parent.get("type") or "" for parent in element.iterancestors(f"{TEI}listBibl")]
        kind = _KIND_OF_LIST.get(lists[0], "work") if lists else ""
    return f"{kind}/{slug(identifier)}" if kind in KINDS and slug(identifier) else ""
