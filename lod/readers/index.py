"""What the edition holds: every entry of every file by its id, so that a pointer leads somewhere or is a finding.

Built over all files before any record is read. A pointer may be an IRI of ours, an authority's address in any of its
forms, `#id`, `file.xml#id`, a bare id, or a short form that the file's `prefixDef` spells out.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from lod import authorities
from lod.config import Edition, SourceFile
from lod.errors import SourceError
from lod.iris import KINDS, slug
from lod.readers import table
from lod.readers.keys import Candidate, Keys, given_key
from lod.readers.met import Encounters, Unions
from lod.readers.parse import namespaced, parse_file, salvage
from lod.readers.xml import TEI, XML, Element, Place, authority
from lod.report import Report, Source

_KIND_OF_TAG = {f"{TEI}person": "person", f"{TEI}org": "organisation", f"{TEI}place": "place", f"{TEI}event": "event"}
_WORKS = (f"{TEI}bibl", f"{TEI}biblStruct", f"{TEI}biblFull")
_KIND_OF_LIST = {"documents": "document", "archives": "holding"}
_LIFE = (f"{TEI}birth", f"{TEI}death")
_LISTS = tuple(f"{TEI}{name}" for name in ("listPerson", "listOrg", "listPlace", "listEvent", "listBibl", "particDesc"))
_GROUPS = re.compile(r"\$(\d)")
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


def kind_named(element: Element) -> str:
    """The kind of thing that an element names: `person`, `place`, `object` …; `""` for an element that names nothing."""
    if element.tag in (f"{TEI}rs", f"{TEI}name"):
        return _KIND_OF_TYPE.get((element.get("type") or "").lower(), "")
    return NAMES.get(str(element.tag), "")


class Index:
    """Pointers of one edition to paths."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.paths: dict[str, Source] = {}
        """Every path that exists, and where it is told."""
        self.roots: dict[str, Element] = {}
        """The files that could be read whole."""
        self.keys = Keys()
        self.met = Encounters()
        self.unions = Unions()
        self._passing: set[str] = set()
        self._ids: dict[tuple[str, str], str] = {}
        self._anywhere: dict[str, str] = {}
        self._authorities: dict[str, str] = {}
        self._prefixes: dict[str, list[tuple[str, re.Pattern[str], str]]] = {}

    def place(self, file: str, report: Report) -> Place:
        """Where a reader of a file is."""
        return Place(file, report, cited=bool(self.edition.printed))

    # ------------------------------------------------------------------ building
    def take(self, source: SourceFile, report: Report) -> None:
        """Read one file and enter what it holds. An ill-formed one is a finding; its ids are salvaged."""
        root: Element | None
        try:
            is_table = source.format == "table"
            data = self.edition.data
            root = table.tree(data, source, report) if is_table else parse_file(data, source.file)
            self.roots[source.file] = root
        except SourceError as error:
            where = Source(error.file, error.line)
            report.error("file-unreadable", error.message, where, "", "nothing of this file is published")
            root = salvage(self.edition.data, source.file) if source.format != "table" else None
        if root is None:
            return
        lost = namespaced(root)
        here = self.place(source.file, report)
        if lost:
            message = f'{lost} elements have lost TEI\'s namespace (xmlns=""): they are read as TEI'
            report.note("namespace-reset", message, Source(source.file))
        self._take_prefixes(root, source.file)
        for element in root.iter(f"{TEI}*"):
            if element.tag == f"{TEI}correspDesc" and source.reads_as in ("cmif", "tei"):
                self.keys.propose(Candidate(source, here.source(element), given_key(element, source), element))
            if source.reads_as != "cmif":
                self._take_entry(element, here, source)
            self._take_pointers(element, here)

    def settle(self, report: Report) -> None:
        """Give every letter its key, once all files are taken."""
        for path, source in self.keys.settle(self.edition, report):
            self.paths.setdefault(path, source)

    def enter(self, path: str, source: Source, identifiers: Iterable[str], same_as: Iterable[str], file: str) -> None:
        """Enter a thing that a table tells of."""
        self.paths.setdefault(path, source)
        for identifier in identifiers:
            self._ids[file, identifier] = path
            self._anywhere.setdefault(identifier, path)
        for address in same_as:
            self._authorities.setdefault(address, path)

    def _take_entry(self, element: Element, here: Place, source: SourceFile) -> None:
        identifier = element.get(f"{XML}id")
        if identifier is None or (source.format == "tei" and not _is_listed(element)):
            return
        path = entry_path(element)
        if not path:
            return
        self._ids[here.file, identifier] = path
        known = self._anywhere.setdefault(identifier, path)
        if source.format == "registers" and path in self._passing:
            # what letters repeat of an entry gives way to the register
            self._passing.discard(path)
            self.paths[path] = here.source(element)
        elif source.format == "tei" and known == path and path not in self.paths:
            self._passing.add(path)
            self.paths[path] = here.source(element)
        elif source.format != "tei":
            self._enter(path, here.source(element), here.report)
        for idno in element.iterfind(f"{TEI}idno"):
            address = authority(idno)
            if address and idno.get("cert") is None:
                self._authorities.setdefault(address, path)

    def _take_pointers(self, element: Element, here: Place) -> None:
        """Several pointers in one name of a letter's description are one thing."""
        kind = kind_named(element)
        parent = element.getparent()
        if not kind or parent is None or parent.tag not in (f"{TEI}correspAction", f"{TEI}sender", f"{TEI}addressee"):
            return
        groups = self.groups(self.pointers(element, here.file), here.file)
        for group in groups:
            if len(group) > 1:
                self.unions.join(kind, group)

    def _take_prefixes(self, root: Element, file: str) -> None:
        for definition in root.iter(f"{TEI}prefixDef"):
            try:
                pattern = re.compile(definition.get("matchPattern") or "(.+)")
            except re.error:
                continue
            replacement = _GROUPS.sub(r"\\\1", definition.get("replacementPattern") or "")
            self._prefixes.setdefault(file, []).append((definition.get("ident") or "", pattern, replacement))

    def _enter(self, path: str, source: Source, report: Report) -> None:
        first = self.paths.setdefault(path, source)
        kind, _, key = path.partition("/")
        twice = first != source and not key.partition("/")[2].startswith(("birth", "death", "formation", "dissolution"))
        if twice:
            report.error(
                "key-twice", f"'{key}' already names a {kind} at {first}", source, path, "one of them needs another key"
            )

    # ------------------------------------------------------------------ asking
    def pointers(self, element: Element, file: str) -> list[str]:
        """What an element points with: `@ref`, `@corresp`, `@key`, `@sameAs`; its only child's, when it has none itself."""
        found = [
            token
            for name in ("ref", "target", "key", "corresp", "sameAs")
            for token in (element.get(name) or "").split()
            if token not in ("#", "")
        ]
        if not found and len(element) == 1 and (element[0].get("ref") or element[0].get("key")):
            found = (element[0].get("ref") or element[0].get("key") or "").split()
        return list(dict.fromkeys(self._spelt_out(token, file) for token in found))

    def _spelt_out(self, pointer: str, file: str) -> str:
        prefix, colon, rest = pointer.partition(":")
        if colon and not rest.startswith("//"):
            for ident, pattern, replacement in self._prefixes.get(file, ()):
                match = pattern.fullmatch(rest) if ident == prefix else None
                if match:
                    try:
                        return match.expand(replacement)
                    except (re.error, IndexError):
                        return pointer
        return pointer

    def groups(self, pointers: list[str], file: str) -> list[list[str]]:
        """Pointers in groups that name one thing each: addresses of different authorities and one local id go together."""
        groups: list[list[str]] = []
        for pointer in pointers:
            token = self.token(pointer, file)
            scheme = _scheme(token)
            fitting = next((group for group in groups if all(_scheme(each) != scheme for each in group)), None)
            if any(token in group for group in groups):
                continue
            if fitting is None:
                groups.append([token])
            else:
                fitting.append(token)
        return groups

    def token(self, pointer: str, file: str) -> str:
        """A pointer in the one form that compares: a path, a canonical address, or `local:` and an id."""
        own = self._own(pointer, file)
        if own:
            return own
        if authorities.is_address(pointer) or authorities.recognise(pointer):
            return authorities.normalise(pointer)
        return f"local:{pointer.rpartition('#')[2]}"

    def known(self, token: str) -> str:
        """The path of a token that an entry, or an entry's authority, stands for; `""` for none."""
        return token if token in self.paths else self._authorities.get(token, "")

    def resolve(self, pointer: str, here: Place, element: Element, key: str) -> str:
        """The path that a pointer means; `""` and a finding when it leads to nothing."""
        path = self._own(pointer, here.file)
        if path in self.paths:
            return path
        known = self.known(self.token(pointer, here.file))
        if known:
            return known
        self.lost(pointer, path, here, element, key)
        return ""

    def lost(self, pointer: str, path: str, here: Place, element: Element, key: str) -> None:
        """Say that a pointer leads to nothing."""
        close = get_close_matches(path, self.paths, 1, 0.75) if path else []
        here.report.error(
            "pointer-to-nobody",
            f"'{pointer}' points to nothing in this edition",
            here.source(element),
            key,
            f"did you mean {close[0]}?" if close else "add the entry, or mend the pointer",
        )

    def book(self, key: str, title: str, source: Source, kind: str, address: str) -> str:
        """The path of an edition that a header describes."""
        path = f"work/{slug(key)}"
        if path not in self.met.found:
            self.met.by_pointer("work", slug(key), title, source, (address,) if address else (), kind)
        return path

    def is_own(self, pointer: str) -> bool:
        """True for an IRI below the edition's base."""
        return pointer.startswith(self.edition.base)

    def _own(self, pointer: str, file: str) -> str:
        if self.is_own(pointer):
            return pointer.removeprefix(self.edition.base)
        if "://" in pointer:
            return ""
        other, _, identifier = pointer.rpartition("#")
        return self._ids.get((other or file, identifier)) or self._anywhere.get(identifier, "")


def _scheme(token: str) -> str:
    known = authorities.recognise(token)
    return known[0] if known else ("local" if "://" not in token else token.split("/")[2])


def _is_listed(element: Element) -> bool:
    """True for an entry that stands in a list of its kind: a `bibl` in a TEI header as a rule does not."""
    parent = element.getparent()
    if element.tag in _WORKS:
        return any(up.tag in (f"{TEI}standOff", f"{TEI}back") for up in element.iterancestors())
    return parent is not None and (parent.tag in _LISTS or parent.tag == element.tag or parent.tag == f"{TEI}standOff")


def entry_path(element: Element) -> str:
    """The path of a register entry; `""` for what is none. In a part's id the dot is the slash before the part."""
    identifier = element.get(f"{XML}id") or ""
    is_part = element.tag in _LIFE or element.tag in (f"{TEI}event", f"{TEI}affiliation")
    if "." in identifier and is_part:
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
