"""Safe XML in, lines kept: no entities, no network, no DOCTYPE; namespaces set right where a tool has reset them.

A file is read whole, or, when it is a long row of letters, description by description.
"""

import re
from collections import deque
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from lxml import etree

from lod.errors import SourceError

TEI = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
_LINE = "{urn:lod}line"
_BEFORE = "{urn:lod}before"
"""In the root of a part of a file: how many of the file's lines come before it."""
_LINES_THAT_LXML_COUNTS = 65_534
_LARGEST = 512 * 1024 * 1024
PIECE = 1 << 16
"""Bytes that are read at a time."""
_DESCRIPTIONS = (f"{TEI}correspDesc", "correspDesc")
"""With TEI's namespace, and without it where a tool has reset it."""
_DOCTYPE = "a DOCTYPE is refused, because entities in it can name other files"

Element = etree._Element
# or elements that are moved, or get their namespace back, would each be written with another prefix
etree.register_namespace("tei", TEI[1:-1])
# and lines that were written into elements have to be told from what the source wrote
etree.register_namespace("lodlines", _LINE[1:].partition("}")[0])
_WRITTEN_LINES = re.compile(r' (?:xmlns:lodlines="urn:lod"|lodlines:line="\d+")')


def parse_file(folder: Path, name: str) -> Element:
    """The root of an XML file. `SourceError` with the line for what is missing, ill-formed or carries a DOCTYPE."""
    return _parse(folder, name, recover=False)


def stream_file(folder: Path, name: str) -> Generator[Element, None, Element]:
    """Each `correspDesc` that lies in no other one, whole; it is gone when the next is asked for. Returns what is left.

    Memory holds one of them at a time. `SourceError` as for `parse_file`, when the fault is met.
    """
    file = _allowed(folder, name)
    parser = etree.XMLPullParser(
        ("start", "end"), tag=_DESCRIPTIONS, resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True
    )
    lines = _Lines() if _counted(file) > _LINES_THAT_LXML_COUNTS else None
    last: Element | None = None
    try:
        for element in _fed(parser, file, lines):
            if last is None and element.getroottree().docinfo.internalDTD is not None:
                raise SourceError(name, 1, _DOCTYPE)
            _drop(last)
            last = element
            if lines is not None:
                _write_lines(element, lines.next())
            yield element
        root = parser.close()
    except (etree.XMLSyntaxError, ValueError, LookupError, OSError) as error:
        parse_file(folder, name)  # says what is wrong in the words that all files get
        raise SourceError(name, getattr(error, "lineno", 0) or 0, f"cannot be read as XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(name, 1, _DOCTYPE)
    _drop(last)
    if lines is not None:
        _write_lines(root, lines.outside)
    return root


def salvage(folder: Path, name: str) -> Element | None:
    """What can be read of an ill-formed file: enough to know which entries it holds. None when nothing can."""
    try:
        return _parse(folder, name, recover=True)
    except SourceError:
        return None


def line(element: Element) -> int:
    """The line an element begins at, right beyond the 65,535th too."""
    far = element.get(_LINE)
    return (int(far) if far else element.sourceline or 0) + int(element.getroottree().getroot().get(_BEFORE, 0))


def written(element: Element) -> str:
    """An element with all that is in it, as it is written: equal for elements that say the same."""
    said = str(etree.tostring(element, encoding="unicode", with_tail=False))
    return _WRITTEN_LINES.sub("", said) if "lodlines:" in said else said


def parse_part(before: bytes, part: bytes, after: bytes, name: str, lines: int) -> Element:
    """A part of a file as a document: its bytes between those that open and those that close the root element.

    `lines`: how many line ends of the file lie between `before` and `part`. `SourceError` when it cannot be parsed.
    """
    root = _parsed(before + part + after, name, recover=False)
    if lines:
        root.set(_BEFORE, str(lines))
    return root


def _parse(folder: Path, name: str, *, recover: bool) -> Element:
    return _parsed(read_bytes(folder, name), name, recover=recover)


def _parsed(data: bytes, name: str, *, recover: bool) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, recover=recover
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(name, error.lineno or 0, f"not well-formed XML: {error.msg}") from None
    except (ValueError, LookupError) as error:
        raise SourceError(name, 0, f"cannot be read as XML: {error}") from None
    if root is None:
        raise SourceError(name, 0, "holds no XML element")
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(name, 1, _DOCTYPE)
    if data.count(b"\n") > _LINES_THAT_LXML_COUNTS and not recover:
        _number(root, data)
    return root


def read_bytes(folder: Path, name: str) -> bytes:
    """The bytes of a source file. `SourceError` when it is missing, too large, or a link that leads out of the folder."""
    try:
        return _allowed(folder, name).read_bytes()
    except (OSError, ValueError):
        raise SourceError(name, 0, "cannot be read") from None


def open_file(folder: Path, name: str) -> BinaryIO:
    """A source file to be read piece by piece. `SourceError` as for `read_bytes`."""
    try:
        return _allowed(folder, name).open("rb")
    except (OSError, ValueError):
        raise SourceError(name, 0, "cannot be read") from None


def _allowed(folder: Path, name: str) -> Path:
    """The file, when it may be read."""
    file = folder / name
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise SourceError(name, 0, "lies outside the edition's folder and was not read")
        if file.stat().st_size > _LARGEST:
            raise SourceError(name, 0, f"is larger than {_LARGEST // 2**20} MiB: split it")
    except (OSError, ValueError):
        raise SourceError(name, 0, "cannot be read") from None
    return file


# ---------------------------------------------------------------------- one after the other
def _fed(parser: etree.XMLPullParser, file: Path, lines: "_Lines | None") -> Iterable[Element]:
    """Descriptions as they end; those inside of others come with these."""
    inside = 0
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            if lines is not None:
                lines.feed(piece)
            parser.feed(piece)
            for event, element in parser.read_events():
                inside += 1 if event == "start" else -1
                if event == "end" and not inside:
                    yield element


def _drop(element: Element | None) -> None:
    parent = element.getparent() if element is not None else None
    if parent is not None and element is not None:
        parent.remove(element)


def _counted(file: Path) -> int:
    """How many line ends a file has."""
    with file.open("rb") as stream:
        return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(PIECE * 16), b""))


class _Lines:
    """The lines of elements, from a parser that counts further than libxml2 does: those in each description, and all others.

    Without lines when the file has a DOCTYPE or an encoding that this parser does not know.
    """

    def __init__(self) -> None:
        self.outside: list[int] = []
        self._ready: deque[list[int]] = deque()
        self._current = self.outside
        self._inside = 0
        self._parser: expat.XMLParserType | None = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._stop

    def feed(self, piece: bytes) -> None:
        if self._parser is None:
            return
        try:
            self._parser.Parse(piece, False)
        except (expat.ExpatError, ValueError):
            self._parser = None

    def next(self) -> list[int]:
        """The lines in the next description."""
        return self._ready.popleft() if self._ready else []

    def _start(self, name: str, _attributes: object) -> None:
        if name in _EXPAT_DESCRIPTIONS:
            if not self._inside:
                self._current = []
            self._inside += 1
        if self._parser is not None:
            self._current.append(self._parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        if name in _EXPAT_DESCRIPTIONS:
            self._inside -= 1
            if not self._inside:
                self._ready.append(self._current)
                self._current = self.outside

    def _stop(self, *_: object) -> None:
        raise ValueError("DOCTYPE")


_EXPAT_DESCRIPTIONS = tuple(tag.removeprefix("{").replace("}", " ") for tag in _DESCRIPTIONS)


# ---------------------------------------------------------------------- lines, namespaces
def _number(root: Element, data: bytes) -> None:
    """Write each element's line into it."""
    lines: list[int] = []
    counter = expat.ParserCreate()
    counter.StartElementHandler = lambda _name, _attributes: lines.append(counter.CurrentLineNumber)
    try:
        counter.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return
    _write_lines(root, lines)


def _write_lines(root: Element, lines: list[int]) -> None:
    for element, number in zip(root.iter("*"), lines, strict=False):
        if number >= _LINES_THAT_LXML_COUNTS:
            element.set(_LINE, str(number))


def numbered(element: Element, number: int) -> Element:
    """The element, told which line it stands for."""
    element.set(_LINE, str(number))
    return element


def namespaced(root: Element) -> int:
    """Give elements that have lost TEI's namespace (`xmlns=""`) back to it; how many there were."""
    lost = [element for element in root.iter("{}*") if isinstance(element.tag, str) and ":" not in element.tag]
    for element in lost:
        element.tag = TEI + str(element.tag)
    return len(lost)
