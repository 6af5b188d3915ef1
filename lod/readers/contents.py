"""What a file holds, as far as other files need to know: its table of contents, small, without XML, handed from process to process.

Made of every file before any record is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lod import authorities
from lod.config import SourceFile
from lod.errors import SourceError
from lod.model import SourceDescription
from lod.readers.describe import describe
from lod.readers.files import Description, Files, described
from lod.readers.keys import in_one_line, said
from lod.readers.kinds import ENTRIES, entry_path, is_listed, kind_named, written_pointers
from lod.readers.manuscripts import manuscripts
from lod.readers.parse import line, namespaced, salvage
from lod.readers.sayings import Sayings
from lod.readers.shares import Share, Shares
from lod.readers.xml import TEI, XML, Element, Place, authority, named_addresses, words
from lod.report import Finding, Report, Source

_ACTIONS = (f"{TEI}correspAction", f"{TEI}sender", f"{TEI}addressee")
_REMEMBERED = 8192
"""Actions of which it is remembered at a time what they say."""


class Entry(NamedTuple):
    """An entry of a register: its id, its path, its line, the addresses that authorities give it."""

    identifier: str
    path: str
    line: int
    addresses: tuple[str, ...]


class Book(NamedTuple):
    """An edition that a header describes: letters are printed in it."""

    title: str
    kind: str
    address: str
    line: int


@dataclass(slots=True)
class Contents:
    """One file. `readable` is False when nothing but its ids could be saved."""

    readable: bool = False
    findings: tuple[Finding, ...] = ()
    prefixes: list[tuple[str, str, str]] = field(default_factory=list)
    """`prefixDef`: name, pattern, replacement."""
    letters: Sayings = field(default_factory=Sayings)
    holdings: list[tuple[int, str, int]] = field(default_factory=list)
    """Archives that letters lie in: number of the letter in the file, path, line."""
    entries: list[Entry] = field(default_factory=list)
    unions: dict[tuple[str, tuple[str, ...]], None] = field(default_factory=dict)
    """Names with several pointers: the kind of thing named, the pointers as written."""
    books: dict[str, Book] = field(default_factory=dict)
    description: SourceDescription | None = None


def contents(files: Files, source: SourceFile) -> Contents:
    """The table of contents of a file. A file that cannot be read is a finding; its ids are salvaged."""
    report = Report()
    taker = _Taker(source)
    try:
        root, lost = taker.take(files, report)
        taker.found.readable = True
        taker.found.description = describe(root, source.file)
    except SourceError as error:
        report, taker = Report(), _Taker(source)
        where = Source(error.file, error.line)
        report.error("file-unreadable", error.message, where, "", "nothing of this file is published")
        lost = taker.salvage(files.folder)
    if lost:
        message = f'{lost} elements have lost TEI\'s namespace (xmlns=""): they are read as TEI'
        report.note("namespace-reset", message, Source(source.file))
    taker.found.findings = tuple(report)
    return taker.found


class _Taker:
    """Takes down what a file holds."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.here = Place(source.file, Report())
        self.found = Contents()
        self._actions: dict[str, str] = {}

    def take(self, files: Files, report: Report) -> tuple[Element, int]:
        """What is left of the file when everything is taken, and how many elements had lost their namespace."""
        if self.source.reads_as == "cmif":
            descriptions = files.descriptions(self.source, report)
            for description in descriptions:
                self._letter(description)
            self._header(descriptions.rest)
            return descriptions.rest, descriptions.lost
        texts = files.texts(self.source, report)
        for root in texts:
            self._tree(root)
        return texts.head, texts.lost

    def salvage(self, folder: Path) -> int:
        """What can be had of an ill-formed file; how many elements had lost their namespace."""
        root = salvage(folder, self.source.file) if self.source.format != "table" else None
        if root is None:
            return 0
        lost = namespaced(root)
        self._tree(root)
        return lost

    def _tree(self, root: Element) -> None:
        self._header(root)
        self._unions(root)
        shares = Shares(root) if self.source.format == "tei" else None
        for description in described(root) if self.source.reads_as != "registers" else ():
            if shares is not None:
                self._holdings(shares.of(description.element))
            self._letter(description)
        if self.source.reads_as != "cmif":
            for element in root.iter(*ENTRIES):
                self._entry(element)

    def _letter(self, description: Description) -> None:
        for part in description.others:
            self._unions(part)
        content = " | ".join([self._said(action, how) for action, how in description.actions])
        self.found.letters.append(said(description, content, self.source))

    def _said(self, action: Element, how: str) -> str:
        """What an action says, in one line; those that are written the same are looked at once."""
        found = self._actions.get(how)
        if found is None:
            if len(self._actions) >= _REMEMBERED:
                self._actions.clear()
            found = self._actions[how] = in_one_line(action)
            self._union(action)
        return found

    def _holdings(self, share: Share) -> None:
        for each in manuscripts(share):
            held = len(self.found.letters), f"holding/{each.key}", line(each.description)
            self.found.holdings.append(held)

    def _header(self, root: Element) -> None:
        for definition in root.iter(f"{TEI}prefixDef"):
            self.found.prefixes.append(
                (
                    definition.get("ident") or "",
                    definition.get("matchPattern") or "(.+)",
                    definition.get("replacementPattern") or "",
                )
            )
        if self.source.reads_as != "registers":
            for bibl in root.iterfind(f"{TEI}teiHeader//{TEI}sourceDesc//{TEI}bibl"):
                self.found.books[bibl.get(f"{XML}id") or ""] = _book(bibl, self.here)

    def _entry(self, element: Element) -> None:
        identifier = element.get(f"{XML}id")
        if identifier is None or (self.source.format == "tei" and not is_listed(element)):
            return
        path = entry_path(element)
        if path:
            addresses = tuple(
                address
                for idno in element.iterfind(f"{TEI}idno")
                if (address := authority(idno)) and idno.get("cert") is None
            )
            named = tuple(named_addresses(element))
            self.found.entries.append(Entry(identifier, path, self.here.source(element).line, (*addresses, *named)))

    def _unions(self, root: Element) -> None:
        """Several pointers in one name of a letter's description are one thing. The names of all actions in an element."""
        for action in root.iter(*_ACTIONS):
            self._union(action)

    def _union(self, action: Element) -> None:
        for name in action:
            pointers = written_pointers(name) if isinstance(name.tag, str) else ()
            if len(pointers) > 1 and (kind := kind_named(name)):
                self.found.unions[kind, tuple(pointers)] = None


def _book(bibl: Element, here: Place) -> Book:
    addresses: Iterable[str] = (ref.get("target") or "" for ref in bibl.iter(f"{TEI}ref"))
    kind = {"print": "book", "hybrid": "book"}.get(bibl.get("type") or "", "digital-edition")
    address = next((each for each in addresses if authorities.is_address(each)), "")
    return Book(words(bibl), kind, address, here.source(bibl).line)
