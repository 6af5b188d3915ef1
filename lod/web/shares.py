"""What a piece of a dump has a share of in its index: its documents, what pages ask of them, what can be found of them.

Any process can work a share out. It depends on nothing but the documents of the piece, so that it is kept in the index and
taken over by the next one as long as the piece stays as it is.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from lod import search
from lod.cache import checksum
from lod.dumps import turtle
from lod.iris import KINDS, Iris
from lod.mapping.blocks import Lines
from lod.spool import Chunk
from lod.store.cut import Cutter, Document, documents_of
from lod.store.documents import One, Told
from lod.store.index import Index
from lod.store.packed import pack, unpack
from lod.terms import Triple, triples
from lod.web import happenings, texts
from lod.web.census import Census
from lod.web.facets import fold
from lod.web.listing import Listing
from lod.web.rows import fields

TABLE = "CREATE TABLE piece(first INTEGER PRIMARY KEY, count INTEGER, key TEXT, cut BLOB, pages BLOB, found BLOB, digest BLOB);"
"""The pieces of which an index was made: the places of their documents, what names each (`key`), and their shares."""
_KEPT = "SELECT first, count, cut, pages, found, digest FROM piece WHERE key = ?"
_DOCUMENTS = "SELECT days, described, lines FROM own WHERE place >= ? AND place < ? ORDER BY place"

Piece = Chunk[Lines] | str
"""Blocks as a build leaves them, or lines as a dump has them."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a piece has a share of. Packed: its `cut`, what `pages` ask of it, what can be `found` in it."""

    documents: Sequence[Document]
    cut: bytes
    pages: bytes
    found: bytes
    digest: bytes
    """Tells whether all of it is still what was written down."""


def key(piece: Piece) -> str:
    """What a piece is known by."""
    return checksum("lines", piece) if isinstance(piece, str) else checksum("blocks", piece.data())


def of_piece(base: str, piece: Piece) -> Share:
    """Work out the share of a piece. `ValueError` when it has a blank node."""
    return share(documents_of(piece, base) if isinstance(piece, str) else _as_in_turtle(piece), base)


def share(documents: Iterable[tuple[str, Sequence[Triple]]], base: str) -> Share:
    """The share of documents, each with the path of its thing."""
    cutter, pages, iris = Cutter(base), Pages(), Iris(base)
    cut, found = list[Document](), list[tuple[int, search.Row]]()
    for path, own in documents:
        one = One(iris, own)
        if path.partition("/")[2]:
            found.append((len(cut), search.row(search.entry(path, own, one))))
        cut.append(cutter.take(path, own))
        pages.take(one, path)
    packed = pack(asdict(cutter.done())), pack(pages.told()), pack(found)
    return Share(cut, *packed, _digest(cut, packed))


def kept(index: Index, key: str) -> Share | None:
    """The share of a piece as an index has it, if it has it unharmed."""
    row = index.one(_KEPT, key)
    if row is None:
        return None
    first, count, cut, pages, found, digest = row
    documents = index.all(_DOCUMENTS, first, first + count)
    return Share(documents, cut, pages, found, digest) if _digest(documents, (cut, pages, found)) == digest else None


def _digest(documents: Iterable[Document], packed: Iterable[bytes]) -> bytes:
    digest = blake2b(digest_size=16)
    for data in packed:
        digest.update(data)
    for days, described, lines in documents:
        digest.update(f"{days}{described}".encode())
        digest.update(lines)
    return digest.digest()


def to_find(index: Index) -> Iterator[tuple[int, search.Row]]:
    """What can be found of every thing of an index, with the number of links to it, in the order of the dump."""
    rows = index.all("SELECT place, links FROM thing WHERE place IS NOT NULL")
    links = np.zeros(len(rows) + 1, np.int64)
    for place, count in rows:
        links[place] = count
    for first, *_ in index.all("SELECT first FROM piece ORDER BY first"):
        (found,) = index.one("SELECT found FROM piece WHERE first = ?", first)
        for place, row in unpack(found):
            yield int(links[first + place]), tuple(row)


class Pages:
    """Collects what pages ask of documents; these are told by their places in the piece."""

    def __init__(self) -> None:
        self._census = Census()
        self._texts: list[tuple[int, str, str, str]] = []
        self._happenings: list[tuple[str, str]] = []
        self._others: dict[str, list[tuple[int, str, str]]] = {}
        self._lists: dict[str, Listing] = {}
        self._count = 0

    def take(self, one: Told, path: str) -> None:
        """One more document."""
        place, self._count = self._count, self._count + 1
        self._census.take(one, path)
        kind, stroke, _ = path.partition("/")
        if not stroke or kind not in KINDS:
            return
        text = None
        name = fold(texts.label(one, path)[0])
        if kind in texts.KINDS:
            text = texts.told_in(one, path)
            self._texts.append((place, texts.time_key(text), name, json.dumps(fields(text), ensure_ascii=False)))
        else:
            self._others.setdefault(kind, []).append((place, _by_name(kind, name), name))
        if kind in happenings.KINDS:
            rows = happenings.told_by(one, path)
            self._happenings += [
                (happenings.time_key(row), json.dumps(fields(row), ensure_ascii=False)) for row in rows
            ]
        self._lists.setdefault(kind, Listing(kind)).take(one, path, place, text)

    def told(self) -> dict[str, Any]:
        """All of it."""
        return {
            "census": self._census.told(),
            "texts": self._texts,
            "happenings": self._happenings,
            "others": self._others,
            "lists": {kind: listing.told() for kind, listing in self._lists.items()},
        }


def _as_in_turtle(blocks: Chunk[Lines]) -> Iterator[tuple[str, list[Triple]]]:
    """The blocks of a build with their triples in the order in which a dump has them."""
    return ((path, list(turtle.in_order(triples(text)))) for path, text in blocks.load())


def _by_name(kind: str, name: str) -> str:
    """People by the last word of their names; all else by name."""
    words = name.split()
    return "\0".join(words[-1:] + words[:-1] if kind == "person" else words)
