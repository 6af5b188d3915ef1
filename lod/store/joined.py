"""Pieces of a dump made one: the tables that `lod.store.documents` reads, the same wherever the pieces begin and end.

Nothing is held but a number for each thing, so memory grows with the things, not with the statements.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from lod.iris import KINDS
from lod.store.cut import Cut, Cutter, Document, documents_of, pieces
from lod.store.index import Index, reading
from lod.store.ordered import Numbers, Ordered

TABLES = """
CREATE TABLE own(place INTEGER PRIMARY KEY, days TEXT, described TEXT, lines BLOB);
CREATE TABLE thing(id INTEGER PRIMARY KEY, path TEXT, place INTEGER, kind TEXT, rank INTEGER, links INTEGER, first INTEGER);
CREATE TABLE word(id INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE link(place INTEGER PRIMARY KEY, aim INTEGER, source INTEGER, part INTEGER, predicate INTEGER);
"""
"""`own`: the documents in the order of the dump, `lines` packed N-Triples, `described` those of them that give type or label
of the thing itself, `days` those that date its record. `thing`: everything that is told of or pointed to; `place` is its
document's. `link`: statements of other documents that point to a thing, those of one thing behind each other: `links` of
them from `first` on; which part of which document (`source`, `part`), by which property, at which part of the thing (`aim`)."""
_INDEXES = """
CREATE UNIQUE INDEX thing_path ON thing(path);
CREATE INDEX thing_place ON thing(place) WHERE place IS NOT NULL;
CREATE INDEX thing_kind ON thing(kind, rank) WHERE kind IS NOT NULL;
"""
_MORE = "UPDATE own SET days = days || ?, described = described || ?, lines = CAST(lines || ? AS BLOB) WHERE place = ?"
_LINES = 20_000
"""Lines that are cut at once."""
_AT_ONCE = 10_000
_COLUMNS = 5
_DIGITS = 18
"""Numbers with more of them come after words."""


class Joined:
    """Takes the pieces of a dump in their order."""

    def __init__(self, index: Index, base: str) -> None:
        self._index, self._base = index, base
        self.things: dict[str, int] = {}
        """Path → number, from 1 on."""
        self.paths: list[str] = []
        """Those of all things, by number from 1 on."""
        self.places = array("i", [0])
        """By number of thing the place of its document, 0 for none."""
        self.scattered = False
        """Whether some document stands in several places of the dump."""
        self._words: dict[str, int] = {}
        self._links = Ordered(_COLUMNS, "<i4")
        self._namespaces: set[str] = set()
        self._documents = self._triples = 0
        index.run(TABLES)

    def __len__(self) -> int:
        """How many documents there are so far."""
        return self._documents

    def take(self, cut: Cut, documents: Sequence[Document]) -> Numbers:
        """One more piece; the numbers of the things that its documents are about."""
        things = _numbers(self.things, cut.things)
        self.paths += [
            path for path, number in zip(cut.things, things.tolist(), strict=True) if number > len(self.paths)
        ]
        words = _numbers(self._words, cut.words)
        self.places.extend([0] * (len(self.things) + 1 - len(self.places)))
        told = things[np.asarray(cut.told, np.int64)]
        self._write(told.tolist(), documents)
        links = cut.links.reshape(-1, _COLUMNS)
        target, aim, source, part, predicate = links.T
        self._links.add(np.stack((things[target], words[aim], things[source], words[part], words[predicate]), axis=1))
        self._namespaces.update(cut.namespaces)
        self._triples += cut.triples
        return told

    def _write(self, told: Sequence[int], documents: Sequence[Document]) -> None:
        """Write documents down; what comes later of the same is put behind it."""
        new, more = [], []
        for number, document in zip(told, documents, strict=True):
            if self.places[number]:
                more.append((*document, self.places[number]))
            else:
                self._documents += 1
                self.places[number] = self._documents
                new.append((self._documents, *document))
        self._index.insert("INSERT INTO own VALUES (?, ?, ?, ?)", new)
        if more:
            self.scattered = True
            self._index.insert(_MORE, more)

    def end(self) -> None:
        """All were taken: write down what all of them come to."""
        index, counts = self._index, np.zeros(len(self.paths) + 1, np.int64)
        index.insert("INSERT INTO link VALUES (?, ?, ?, ?, ?)", self._linked(counts))
        first = 1 + np.cumsum(counts) - counts
        index.insert("INSERT INTO word VALUES (?, ?)", ((id_, text) for text, id_ in self._words.items()))
        ranks, of_kinds = self._ranks()
        index.insert(
            "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    number,
                    path,
                    self.places[number] or None,
                    *_ranked(path, ranks[number]),
                    int(counts[number]),
                    int(first[number]),
                )
                for path, number in self.things.items()
            ),
        )
        index.tell("base", self._base)
        index.tell("triples", self._triples)
        index.tell("counts", {kind: count for kind, count in of_kinds.items() if count})
        index.tell("namespaces", sorted(self._namespaces))
        index.run(_INDEXES)

    def _ranks(self) -> tuple["array[int]", dict[str, int]]:
        """By number of thing its place among the told things of its kind in an order for people, -1 for others; how many of each."""
        found: dict[str, list[int]] = {kind: [] for kind in KINDS}
        for path, number in self.things.items():
            kind, _, key = path.partition("/")
            if self.places[number] and key and kind in found:
                found[kind].append(number)
        ranks = array("i", [-1]) * (len(self.paths) + 1)
        for numbers in found.values():
            numbers.sort(key=lambda number: _natural(self.paths[number - 1].partition("/")[2]))
            for rank, number in enumerate(numbers):
                ranks[number] = rank
        return ranks, {kind: len(numbers) for kind, numbers in found.items()}

    def _linked(self, counts: Numbers) -> Iterator[tuple[int, ...]]:
        """Links by what they point to, then as they came; counted by the way."""
        place = 0
        for some in self._links.in_order():
            counts += np.bincount(some[:, 0], minlength=len(counts))
            for begin in range(0, len(some), _AT_ONCE):
                rows = some[begin : begin + _AT_ONCE, 1:].tolist()
                yield from ((place + begin + at, *row) for at, row in enumerate(rows, 1))
            place += len(some)


def of_lines(lines: Iterable[str], base: str) -> Index:
    """The index of some triples, in memory."""
    made = Index.made()
    cut(lines, base, made)
    return made


def of_dump(dump: Path, base: str) -> Index:
    """The index of a dump, in memory. `StoreError` names file and line of what cannot be read."""
    with reading(dump) as lines:
        return of_lines(lines, base)


def cut(lines: Iterable[str], base: str, index: Index) -> None:
    """Fill an empty index from lines as `lod.terms.n_triples` writes them. `ValueError` when one has a blank node."""
    joined = Joined(index, base)
    for text in pieces(lines, base, _LINES):
        cutter = Cutter(base)
        documents = [cutter.take(path, own) for path, own in documents_of(text, base)]
        joined.take(cutter.done(), documents)
    joined.end()


def _numbers(known: dict[str, int], found: Iterable[str]) -> Numbers:
    """The numbers of some texts; new ones get the next."""
    return np.array([known.setdefault(each, len(known) + 1) for each in found], np.int64)


def _ranked(path: str, rank: int) -> tuple[str | None, int | None]:
    return (path.partition("/")[0], rank) if rank >= 0 else (None, None)


def _natural(key: str) -> str:
    """Numbers as numbers, 2 before 10, and before words, unless they are very large."""
    return "\0".join(map(_sortable, re.split("[-_]", key)))


def _sortable(piece: str) -> str:
    if not (piece.isascii() and piece.isdigit()):
        return f"5{piece}"
    number = piece.lstrip("0") or "0"
    return f"{1 if len(number) <= _DIGITS else 9}{len(number):04}{number}"
