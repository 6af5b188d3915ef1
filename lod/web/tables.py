"""The index of an edition, filled: pieces of its dump one after the other, then everything that pages ask of the whole.

What a piece has a share of (`lod.web.shares`) is worked out by any process, or taken over from the index that lay there
before; here all shares become one, and it does not matter where pieces begin and end.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

import lod
from lod.iris import KINDS
from lod.parallel import Crew
from lod.store import index
from lod.store.cut import Cut, pieces, unpack
from lod.store.documents import Documents
from lod.store.index import Index
from lod.store.joined import Joined
from lod.store.ordered import Numbers
from lod.store.packed import unpack as unpacked
from lod.terms import triples
from lod.web import backlinks, happenings, overview, shares, texts
from lod.web.census import Census
from lod.web.happenings import Happening, happening_of
from lod.web.listing import Lists
from lod.web.rows import row_of
from lod.web.shares import Piece, Share
from lod.web.texts import Letters, Text

_CODE = (
    "dates.py",
    "dumps/turtle.py",
    "edtf.py",
    "iris.py",
    "linking/names.py",
    "search.py",
    "store/cut.py",
    "store/documents.py",
    "store/index.py",
    "store/joined.py",
    "store/ordered.py",
    "store/packed.py",
    "terms.py",
    "web/backlinks.py",
    "web/census.py",
    "web/facets.py",
    "web/happenings.py",
    "web/listing.py",
    "web/overview.py",
    "web/rows.py",
    "web/shares.py",
    "web/tables.py",
    "web/texts.py",
    "web/values.py",
    "web/words.py",
)
"""The code that makes an index: one that other code made is made again."""
_LINES = 25_000
"""Lines of a dump that make a piece."""
_FEW = 3
"""Pieces whose shares are worked out before another process would have begun."""
_TEXTS = "CREATE TEMP TABLE told_in_time(key TEXT, place INTEGER, thing INTEGER, path TEXT, name TEXT, data TEXT);"
_IN_TIME = "SELECT thing, path, name, data FROM temp.told_in_time ORDER BY key, place"

Meanwhile = Callable[[Index], AbstractContextManager[None]]


def _alone(_: Index) -> AbstractContextManager[None]:
    return nullcontext()


def index_file(folder: Path, edition: str) -> Path:
    """Where the index of an edition lies: beside its dump."""
    return folder / f"{edition}.index.sqlite"


def opened(
    dump: Path,
    base: str,
    blocks: Sequence[Piece] = (),
    crew: Crew | None = None,
    meanwhile: Meanwhile = _alone,
    takes_over: bool = True,
) -> Documents:
    """The documents of a dump, from the index beside it, which is made if it must be. `StoreError` when that cannot be.

    `blocks`: what the dump was written from, where it is at hand; else the dump is read. `meanwhile` is entered when what
    can be found is known, and left when the tables of pages are there too. `takes_over`: from the index that lies there.
    """

    def fill(made: Index, last: Index | None, lines: Iterable[str]) -> None:
        known = last if takes_over else None
        _fill(made, base, blocks or pieces(lines, base, _LINES), known, crew or Crew(1), meanwhile)

    return Documents(index.opened(dump, base, index_file(dump.parent, dump.stem), _made_by(), fill), base)


@lru_cache(maxsize=1)
def _made_by() -> str:
    house, digest = Path(lod.__file__).parent, blake2b(digest_size=16)
    for name in _CODE:
        digest.update((house / name).read_bytes())
    return digest.hexdigest()


def _fill(made: Index, base: str, some: Iterable[Piece], last: Index | None, crew: Crew, meanwhile: Meanwhile) -> None:
    """Fill an empty index from pieces."""
    joined = Joined(made, base)
    made.run(shares.TABLE)
    for key, share in _shares(some, base, last, crew):
        first = len(joined) + 1
        joined.take(Cut(**unpacked(share.cut)), share.documents)
        row = (first, len(joined) + 1 - first, key, share.cut, share.pages, share.found, share.digest)
        made.insert("INSERT INTO piece VALUES (?, ?, ?, ?, ?, ?, ?)", [row])
    joined.end()
    if joined.scattered:  # pieces say only part of what some documents say
        made.run("DELETE FROM piece;")
    with meanwhile(made):
        pages = Pages(made)
        for said, told in _of_documents(made, base) if joined.scattered else _of_pieces(made):
            pages.take(said, told, joined)
        pages.write(Documents(made, base), joined)


def _shares(some: Iterable[Piece], base: str, last: Index | None, crew: Crew) -> Iterator[tuple[str, Share]]:
    """Each piece's key and share, from the last index if it is there, in their order."""
    if crew.processes <= 1:
        for piece in some:
            key = shares.key(piece)
            yield key, _kept(last, key) or shares.of_piece(base, piece)
        return
    works = [(shares.key(piece), piece) for piece in some]
    known = {key for (key,) in last.all("SELECT key FROM piece")} if last else set()
    missing = [piece for key, piece in works if key not in known]
    new = (crew if len(missing) > _FEW else Crew(1)).each(partial(shares.of_piece, base), missing)
    for key, piece in works:
        yield key, next(new) if key not in known else _kept(last, key) or shares.of_piece(base, piece)


def _kept(last: Index | None, key: str) -> Share | None:
    try:
        return shares.kept(last, key) if last else None
    except (sqlite3.Error, ValueError, TypeError):  # whatever is wrong with it, it is worked out anew
        return None


def _of_pieces(made: Index) -> Iterator[tuple[dict[str, Any], Numbers]]:
    """What pages ask of each piece, and the numbers of the things that its documents are about."""
    for first, count in made.all("SELECT first, count FROM piece ORDER BY first"):
        (said,) = made.one("SELECT pages FROM piece WHERE first = ?", first)
        things = made.all("SELECT id FROM thing WHERE place >= ? AND place < ? ORDER BY place", first, first + count)
        yield unpacked(said), np.array(things, np.int64)[:, 0]


def _of_documents(made: Index, base: str) -> Iterator[tuple[dict[str, Any], Numbers]]:
    """The same of documents that stood in several places of a dump, and are whole in the index."""
    for some in made.some("SELECT id, path, lines FROM own CROSS JOIN thing USING (place) ORDER BY place"):
        share = shares.share(((path, triples(unpack(lines))) for _, path, lines in some), base)
        yield unpacked(share.pages), np.array([number for number, _, _ in some])


class Pages:
    """Everything that pages ask of the whole, from what they ask of pieces."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._census, self._lists = Census(), Lists()
        self._happenings: list[tuple[str, str]] = []
        self._others: dict[str, list[tuple[str, int, int, str]]] = {kind: [] for kind in KINDS}
        index.run(_TEXTS)

    def take(self, said: Mapping[str, Any], told: Numbers, joined: Joined) -> None:
        """What one more piece says; `told` are the numbers of the things that its documents are about."""
        self._census.join(said["census"])
        self._happenings += map(tuple, said["happenings"])
        for kind, things in said["others"].items():
            numbers = (int(told[place]) for place, _, _ in things)
            self._others[kind] += [
                (by_name, joined.places[number], number, name)
                for number, (_, by_name, name) in zip(numbers, things, strict=True)
            ]
        for kind, listed in said["lists"].items():
            self._lists.join(kind, listed, told)
        in_time = (
            (key, joined.places[number := int(told[place])], number, joined.paths[number - 1], name, data)
            for place, key, name, data in said["texts"]
        )
        self._index.insert("INSERT INTO temp.told_in_time VALUES (?, ?, ?, ?, ?, ?)", in_time)

    def write(self, documents: Documents, joined: Joined) -> None:
        """Write the tables of pages."""
        index = self._index
        self._census.write(index)
        self._lists.begin(index)
        in_time = _InTime(joined.things, documents)
        in_time.write(self._lists)
        self._happenings.sort(key=lambda pair: pair[0])
        happened = [row_of(happening_of, json.loads(data)) for _, data in self._happenings]
        happenings.write(index, happened)
        overview.write(index, in_time.counted, in_time.ways.all(Letters(index)), happened)
        listed = dict.fromkeys(texts.KINDS, in_time.rows) | self._others_listed(joined.paths, happened)
        self._lists.write(documents, listed)
        backlinks.write(index, joined.paths, in_time.of)
        index.run("DROP TABLE temp.told_in_time;")

    def _others_listed(self, paths: Sequence[str], happened: Sequence[Happening]) -> dict[str, Numbers]:
        """Write down the lists of all but texts; the row of each thing in its list. Events come in order of time."""
        order = {row.path: place for place, row in enumerate(happened) if row.path.startswith("event/")}
        found: dict[str, Numbers] = {}
        for kind, things in self._others.items():
            if kind in texts.KINDS:
                continue
            things.sort(key=lambda thing: (order.get(paths[thing[2] - 1], len(happened)), thing))
            self._lists.add(self._index, kind, 0, ((paths[number - 1], name) for _, _, number, name in things))
            rows_of = found[kind] = np.full(len(paths) + 1, -1, np.int32)
            rows_of[[number for _, _, number, _ in things]] = np.arange(len(things))
        return found


class _InTime:
    """Texts in order of time: their place among all, their row in the list of their kind, and their year."""

    def __init__(self, things: Mapping[str, int], documents: Documents) -> None:
        self._things, self._index = things, documents.index
        self.counted, self.ways = overview.Counted(), overview.Ways(documents)
        self.rows, self._places, self._years = np.full((3, len(things) + 1), -1, np.int32)
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []

    def write(self, lists: Lists) -> None:
        """Write down all texts and the lists of them."""
        writer, place, listed = texts.Writer(self._index), 0, dict.fromkeys(texts.KINDS, 0)
        for some in self._index.some(_IN_TIME):
            made = [(row_of(Text, json.loads(data)), data) for _, _, _, data in some]
            writer.add(made)
            by_kind: dict[str, list[tuple[str, str]]] = {kind: [] for kind in texts.KINDS}
            for (number, path, name, _), (row, _) in zip(some, made, strict=True):
                kind = path.partition("/")[0]
                self.rows[number] = listed[kind] + len(by_kind[kind])
                by_kind[kind].append((path, name))
                self._places[number], place = place, place + 1
                self._years[number] = self._numbers.setdefault(row.year, len(self._numbers))
                if kind == "letter":
                    self.counted.take(row)
                    self.ways.take(row)
            for kind, things in by_kind.items():
                lists.add(self._index, kind, listed[kind], things)
                listed[kind] += len(things)
        writer.end()
        self._names = [*self._numbers]

    def of(self, path: str) -> tuple[int, str] | None:
        """Place and year of a text, None for what is none."""
        number = self._things.get(path, 0)
        place = int(self._places[number])
        return (place, self._names[self._years[number]]) if place >= 0 else None
