"""What the edition holds: every entry of every file by its id, so that a pointer leads somewhere or is a finding."""

from difflib import get_close_matches
from pathlib import Path

from lod.config import Edition
from lod.errors import SourceError
from lod.iris import KINDS, is_key, slug
from lod.readers.xml import TEI, XML, Element, Place, parse_file, salvage, words
from lod.report import Report, Source

_KIND_OF_TAG = {f"{TEI}person": "person", f"{TEI}org": "organisation", f"{TEI}place": "place", f"{TEI}event": "event"}
_KIND_OF_LIST = {"documents": "document", "archives": "holding"}
_LIFE = (f"{TEI}birth", f"{TEI}death")


class Index:
    """Pointers of one edition to paths. Built over all files before any record is read."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.paths: dict[str, Source] = {}
        """Every path that exists, and where it is told."""
        self.roots: dict[str, Element] = {}
        """The files that could be read whole."""
        self._ids: dict[tuple[str, str], str] = {}
        self._authorities: dict[str, str] = {}

    def take(self, folder: Path, name: str, form: str, report: Report) -> None:
        """Read one file and enter what it holds. An ill-formed one is a finding; its ids are salvaged."""
        root: Element | None
        try:
            root = parse_file(folder, name)
            self.roots[name] = root
        except SourceError as error:
            report.error(
                "file-unreadable",
                error.message,
                Source(error.file, error.line),
                "",
                "nothing of this file is published",
            )
            root = salvage(folder, name)
        if root is None:
            return
        here = Place(name, report)
        for element in root.iter(f"{TEI}*"):
            if form == "cmif":
                if element.tag == f"{TEI}correspDesc":
                    key = letter_key(element)
                    if key:
                        self._enter(f"letter/{key}", here.source(element), report)
            else:
                self._take_entry(element, here)

    def _take_entry(self, element: Element, here: Place) -> None:
        identifier = element.get(f"{XML}id")
        if identifier is None:
            return
        path = entry_path(element)
        if path:
            self._ids[here.file, identifier] = path
            self._enter(path, here.source(element), here.report)
            for idno in element.findall(f"{TEI}idno"):
                if words(idno).startswith("http") and idno.get("cert") is None:
                    self._authorities[words(idno)] = path

    def _enter(self, path: str, source: Source, report: Report) -> None:
        first = self.paths.setdefault(path, source)
        kind, _, key = path.partition("/")
        twice = first != source and not key.partition("/")[2].startswith(("birth", "death", "formation", "dissolution"))
        if twice:
            report.error(
                "key-twice", f"'{key}' already names a {kind} at {first}", source, path, "one of them needs another key"
            )

    def resolve(self, pointer: str, here: Place, element: Element, key: str) -> str:
        """The path or foreign IRI that a pointer means; `""` and a finding when it leads to nothing."""
        path = self._own(pointer, here.file)
        if path in self.paths:
            return path
        if pointer.startswith(("http://", "https://")) and not pointer.startswith(self.edition.base):
            known = self._authorities.get(pointer, "")
            if known:
                return known
        close = get_close_matches(path, self.paths, 1, 0.75) if path else []
        here.report.error(
            "pointer-to-nobody",
            f"'{pointer}' points to nothing in this edition",
            here.source(element),
            key,
            f"did you mean {close[0]}?" if close else "add the entry, or mend the pointer",
        )
        return ""

    def _own(self, pointer: str, file: str) -> str:
        if pointer.startswith(self.edition.base):
            return pointer.removeprefix(self.edition.base)
        if "#" in pointer and "://" not in pointer:
            other, _, identifier = pointer.partition("#")
            return self._ids.get((other or file, identifier), "")
        return ""


def letter_key(element: Element) -> str:
    """The key of a `correspDesc`: `@key`, else its `xml:id`, else the last segment of `@ref`; as an IRI may hold it."""
    given = element.get("key") or element.get(f"{XML}id") or (element.get("ref") or "").rstrip("/").rpartition("/")[2]
    return given if is_key(given) else slug(given)


def entry_path(element: Element) -> str:
    """The path of a register entry; `""` for what is none. A dot in the id is the slash before a part."""
    identifier = element.get(f"{XML}id") or ""
    if "." in identifier:
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
        return f"{owner}/{part}" if owner else ""
    kind = _KIND_OF_TAG.get(str(element.tag), "")
    if element.tag == f"{TEI}bibl":
        lists = [parent.get("type") or "" for parent in element.iterancestors(f"{TEI}listBibl")]
        kind = _KIND_OF_LIST.get(lists[0], "work") if lists else ""
    return f"{kind}/{identifier}" if kind in KINDS else ""
