"""Accepted links written into the TEI as `idno`, with who decided, when, and on what: everything else keeps every byte."""

import xml.parsers.expat as expat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lod.authorities import normalise, recognise
from lod.errors import LinkingError
from lod.iris import slug
from lod.linking.checks import possible
from lod.linking.review import Decision

_TEI = "http://www.tei-c.org/ns/1.0"
_XML_ID = "http://www.w3.org/XML/1998/namespace|id"
_AFTER_IDNO = {
    "person": frozenset[str](),
    "org": frozenset({"note", "bibl", "biblStruct", "linkGrp", "link", "ptr", "person", "listPerson", "personGrp"}),
    "place": frozenset({"place", "listPlace"}),
    "event": frozenset({"event", "listEvent"}),
    "bibl": frozenset[str](),
}
"""What an `idno` has to stand before in each element, as TEI orders their content."""


@dataclass(slots=True)
class _Found:
    """Where an entry's `idno` goes: a byte offset, the white space before it, and what is there already."""

    name: str
    depth: int
    start: int
    children: list[tuple[str, int, int]] = field(default_factory=list)
    """Name, first and last byte of each child."""
    known: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a decision: the file, and whether anything was written (not when it stands there already)."""

    decision: Decision
    file: str
    new: bool


def write(
    folder: Path, places: Mapping[str, tuple[str, str]], decided: Sequence[Decision], resp: str, when: str
) -> list[Written]:
    """Write accepted links. `places`: of our names for things, the file and the key of the entry; `resp`: who decided.

    All is checked before anything is written: `LinkingError` on a name that no entry has, or an identifier that is none.
    """
    by_file: dict[str, list[tuple[str, Decision]]] = {}
    for each in decided:
        if each.subject not in places:
            raise LinkingError(f"row {each.line}: no entry of the edition is {each.subject}")
        if "://" not in each.object or not possible(each.object):
            raise LinkingError(
                f"row {each.line}: {each.object} is no address of an authority: a digit is wrong, or it is none"
            )
        file, key = places[each.subject]
        by_file.setdefault(file, []).append((key, each))
    made = {file: _changed(folder / file, file, rows, resp, when) for file, rows in by_file.items()}
    for file, (text, _) in made.items():
        (folder / file).write_bytes(text)
    return [each for _, told in made.values() for each in told]


def _changed(
    file: Path, name: str, rows: Sequence[tuple[str, Decision]], resp: str, when: str
) -> tuple[bytes, list[Written]]:
    text = file.read_bytes()
    entries = _entries(text, name, {key for key, _ in rows})
    inserted: list[tuple[int, int, bytes]] = []
    told = []
    for number, (key, decision) in enumerate(rows):
        entry = entries.get(key)
        if entry is None:
            raise LinkingError(f"row {decision.line}: {name} has no entry {key} of its own: write the idno by hand")
        address = normalise(decision.object)
        new = address not in entry.known
        told.append(Written(decision, name, new))
        if new:
            entry.known.append(address)
            inserted.append(_place(text, entry, number, _idno(address, decision, resp, when)))
    for offset, _, piece in sorted(inserted, reverse=True):
        text = text[:offset] + piece + text[offset:]
    _certain(text, name, entries, [key for (key, _), each in zip(rows, told, strict=True) if each.new])
    return text, told


def _idno(address: str, decision: Decision, resp: str, when: str) -> str:
    known = recognise(address)
    attributes = {
        "type": known[0] if known else "url",
        "source": decision.source if decision.source.startswith(("http://", "https://")) else "",
        "resp": decision.reviewer or resp,
        "when": when,
        "cert": decision.cert,
    }
    said = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items() if value)
    return f"<idno{said}>{escape(address)}</idno>"


def _place(text: bytes, entry: _Found, number: int, idno: str) -> tuple[int, int, bytes]:
    """Offset, order and bytes: behind the last `idno`, else before what must follow it, else at the end of the entry."""
    before = text.rfind(b"\n", 0, entry.start)
    own = text[before + 1 : entry.start] if not text[before + 1 : entry.start].strip() else b""
    line_end = b"\r\n" if text[before - 1 : before] == b"\r" else b"\n"
    first = entry.children[0][1] if entry.children else -1
    start = text.rfind(b"\n", 0, first)
    inner = (
        text[start + 1 : first]
        if entry.children and start > entry.start and not text[start + 1 : first].strip()
        else own + b"  "
    )
    piece = line_end + inner + idno.encode()
    last = [end for name, _, end in entry.children if name == "idno"]
    if last:
        return last[-1], number, piece
    if not entry.children:
        raise LinkingError(f"an entry without content cannot take an idno: give it a name first (byte {entry.start})")
    after = _AFTER_IDNO.get(entry.name, frozenset())
    place = next((n for n, (name, _, _) in enumerate(entry.children) if name in after), len(entry.children))
    if place:
        return entry.children[place - 1][2], number, piece
    return first, number, idno.encode() + line_end + inner


def _certain(text: bytes, name: str, entries: Mapping[str, _Found], keys: Sequence[str]) -> None:
    """Read once more what would be written: a mistake here must never reach a file."""
    now = _entries(text, name, set(entries))
    if any(sorted(now[key].known) != sorted(entries[key].known) for key in keys):
        raise LinkingError(f"{name}: the links would not stand in their entries; nothing was written")


def _entries(text: bytes, name: str, keys: set[str]) -> dict[str, _Found]:
    """Where the entries with these keys (`xml:id`) and their children stand, in bytes."""
    walk = _Walk(text, keys)
    try:
        walk.parser.Parse(text, True)
    except expat.ExpatError as error:
        raise LinkingError(f"{name}:{error.lineno}: not well-formed: {error}") from None
    return walk.found


class _Walk:
    """One pass over a file. Expat tells where events begin, which for the end of an empty element is behind it."""

    def __init__(self, text: bytes, keys: set[str]) -> None:
        self.parser = expat.ParserCreate(namespace_separator="|")
        self.found: dict[str, _Found] = {}
        self._text, self._keys = text, keys
        self._open: list[_Found] = []
        self._empty: list[int] = []
        """Of each open element the byte behind it when it is empty, else -1."""
        self._words: list[str] = []
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._words.append

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        here, local = self.parser.CurrentByteIndex, tag.removeprefix(f"{_TEI}|")
        behind = _behind_tag(self._text, here)
        self._empty.append(behind if self._text[behind - 2 : behind] == b"/>" else -1)
        if self._open and len(self._empty) == self._open[-1].depth + 1:
            self._open[-1].children.append((local, here, -1))
            self._words.clear()
        key = attributes.get(_XML_ID, "")
        key = key if key in self._keys else slug(key)
        if key in self._keys and local in _AFTER_IDNO and key not in self.found:
            self.found[key] = _Found(local, len(self._empty), here)
            self._open.append(self.found[key])

    def _end(self, _tag: str) -> None:
        depth, behind = len(self._empty), self._empty.pop()
        if behind < 0:
            behind = self._text.index(b">", self.parser.CurrentByteIndex) + 1
        if self._open and depth == self._open[-1].depth:
            self._open.pop()
        if self._open and depth == self._open[-1].depth + 1:
            entry = self._open[-1]
            child, first, _ = entry.children.pop()
            entry.children.append((child, first, behind))
            if child == "idno":
                entry.known.append(normalise("".join(self._words).strip()))


def _behind_tag(text: bytes, here: int) -> int:
    """The byte behind a start tag; a `>` in an attribute does not end it."""
    quote = 0
    for place in range(here, len(text)):
        sign = text[place]
        if quote:
            quote = 0 if sign == quote else quote
        elif sign in b"\"'":
            quote = sign
        elif sign == ord(">"):
            return place + 1
    return len(text)


def places(records: Iterable[object], base: str) -> dict[str, tuple[str, str]]:
    """Of each name of a thing the file and the key of its entry, for `write`."""
    found: dict[str, tuple[str, str]] = {}
    for record in records:
        path, source = getattr(record, "path", ""), getattr(record, "source", None)
        if path and source is not None:
            found[f"{base}{path}"] = (source.file, path.split("/", 1)[1])
    return found
