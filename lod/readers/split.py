"""The texts of a TEI file, one after the other: those of a large `teiCorpus` are parsed each by itself.

Each comes under the corpus's own root element, so that its namespaces, base and lines are those it has in the file. A corpus
is read at once all the same where a letter is described outside of the texts (its text may be any of them), where one corpus
lies in another, and where the file cannot be taken apart: it is ill-formed, say, holds an id twice, or is in an encoding of
two bytes a letter.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from lod.errors import SourceError
from lod.readers.parse import PIECE, TEI, XML, Element, namespaced, open_file, parse_file, parse_part
from lod.readers.places import Places
from lod.readers.sayings import digest

_LARGE = 1 << 20
"""Bytes of a file that is worth the trouble."""
_CORPUS, _TEXT, _DESCRIPTION = ((f"{TEI[1:-1]} {name}", name) for name in ("teiCorpus", "TEI", "correspDesc"))
"""As the parser names elements: with TEI's namespace, and without it where a tool has reset it."""


_ID = f"{XML[1:-1]} id"


class Texts:
    """The parts of a file, to be gone through as often as wanted; only one of them is held at a time, besides the `head`."""

    def __init__(self, head: Element, lost: int, others: Callable[[], Iterator[Element]] | None = None) -> None:
        self.head = head
        """The file, or what stands in a corpus before its first text."""
        self.lost = lost
        """How many elements had lost TEI's namespace: known once all parts were gone through."""
        self._in_head = lost
        self._others = others

    def __iter__(self) -> Iterator[Element]:
        yield self.head
        lost = self._in_head
        for root in self._others() if self._others else ():
            lost += namespaced(root)
            yield root
        self.lost = lost


def corpus_texts(folder: Path, name: str) -> Texts | None:
    """The texts of a large corpus; None for any other file. `SourceError` when a part of it cannot be read."""
    with open_file(folder, name) as stream:
        cuts = _cuts(stream) if stream.seek(0, 2) > _LARGE else None
    if cuts is None:
        return None

    head = next(_parts(folder, name, cuts))
    return Texts(head, namespaced(head), partial(_parts, folder, name, cuts, 1))


class _Cuts(NamedTuple):
    """Bytes: where the first element in the corpus begins, where each text does, where the corpus's end tag does."""

    first: int
    texts: tuple[int, ...]
    end: int


def _parts(folder: Path, name: str, cuts: _Cuts, first: int = 0) -> Iterator[Element]:
    """What stands before the first text, then each text with what follows it; from number `first` on."""
    try:
        with open_file(folder, name) as stream:
            before = stream.read(cuts.first)
            stream.seek(cuts.end)
            after, lines = stream.read(), 0
            stream.seek(cuts.first)
            for number, (begin, end) in enumerate(pairwise((cuts.first, *cuts.texts, cuts.end))):
                part = stream.read(end - begin)
                if number >= first:
                    yield parse_part(before, part, after, name, lines)
                lines += part.count(b"\n")
    except (SourceError, OSError):
        parse_file(folder, name)  # says what is wrong in the words that all files get
        raise


def _cuts(stream: BinaryIO) -> _Cuts | None:
    """Where to cut a file; None for one that is to be read at once."""
    stream.seek(0)
    finder = _Finder()
    try:
        while piece := stream.read(PIECE):
            if b"\0" in piece:
                return None
            finder.feed(piece)
        return finder.close()
    except (expat.ExpatError, ValueError):
        return None


class _Finder:
    """Finds the texts of a corpus. `ValueError` for what is none, or cannot be taken apart."""

    def __init__(self) -> None:
        self._texts: list[int] = []
        self._first = self._end = -1
        self._depth = 0
        self._in_text = False
        self._ids = Places()
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._stop
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, piece: bytes) -> None:
        """The next bytes of the file."""
        self._parser.Parse(piece, False)

    def close(self) -> _Cuts | None:
        """Where to cut, when all bytes were fed; None for a corpus without texts, or with an id that two elements have."""
        self._parser.Parse(b"", True)
        self._ids.settle()
        whole = not self._texts or self._ids.several
        return None if whole else _Cuts(self._first, tuple(self._texts), self._end)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if _ID in attributes:
            self._ids.extend((digest(attributes[_ID]),))
        if not self._depth and name != _CORPUS[0]:
            self._refuse()
        if self._depth == 1:
            self._in_text = name in _TEXT
            self._first = self._parser.CurrentByteIndex if self._first < 0 else self._first
            if self._in_text:
                self._texts.append(self._parser.CurrentByteIndex)
        if self._depth and (name in _CORPUS or (name in _DESCRIPTION and not self._in_text)):
            self._refuse()
        self._depth += 1

    def _stop(self, _: str) -> None:
        self._depth -= 1
        if not self._depth:
            self._end = self._parser.CurrentByteIndex

    def _refuse(self, *_: object) -> None:
        raise ValueError
