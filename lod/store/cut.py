"""A dump cut into documents: one pass over its statements fills the tables that `lod.store.documents` reads.

Nothing is held but the thing that is being told of and a number for each thing, so memory grows with the things, not with
the statements.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator

from lod.iris import KINDS, Iris, owner
from lod.terms import Iri
from lod.vocab import dcterms, rdf, rdfs

TABLES = """
CREATE TABLE told(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE own(place INTEGER PRIMARY KEY, days TEXT, described TEXT, lines BLOB);
CREATE TABLE thing(id INTEGER PRIMARY KEY, path TEXT, place INTEGER, kind TEXT, rank INTEGER, links INTEGER);
CREATE TABLE word(id INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE link(target INTEGER, aim INTEGER, source INTEGER, part INTEGER, predicate INTEGER);
"""
"""`told`: what is known of the whole, as JSON. `own`: the documents in the order of the dump, `lines` packed N-Triples,
`described` those of them that give type or label of the thing itself, `days` those that date its record. `thing`: everything
that is told of or pointed to; `place` is its document's. `link`: statements of other documents that point to a thing: which
part of which document (`source`, `part`), by which property, at which part of the thing (`aim`)."""
_INDEXES = """
CREATE UNIQUE INDEX thing_path ON thing(path);
CREATE INDEX thing_place ON thing(place) WHERE place IS NOT NULL;
CREATE INDEX thing_kind ON thing(kind, rank) WHERE kind IS NOT NULL;
CREATE INDEX link_target ON link(target);
"""
_AT_ONCE = 20_000
_LEVEL = 1
"""How hard documents are packed: they are small and alike, so the quickest way makes a sixth of them."""


def cut(lines: Iterable[str], base: str, connection: sqlite3.Connection) -> None:
    """Fill an empty database from lines as `lod.terms.n_triples` writes them. `ValueError` when one has a blank node."""
    connection.executescript(TABLES)
    _Cutter(base, connection).run(lines)
    connection.executescript(_INDEXES)


def unpack(data: bytes) -> str:
    """The lines of a document: what was cut from several places of a dump lies behind each other, each packed by itself."""
    found = []
    while data:
        unpacking = zlib.decompressobj()
        found.append(unpacking.decompress(data))
        data = unpacking.unused_data
    return b"".join(found).decode()


class _Cutter:
    def __init__(self, base: str, connection: sqlite3.Connection) -> None:
        self._iris = Iris(base)
        self._connection = connection
        self._things: dict[str, int] = {}
        self._places: dict[int, int] = {}
        self._words: dict[str, int] = {}
        self._links: list[tuple[int, int, int, int, int]] = []
        self._aims: dict[str, tuple[str, int, int]] = {}
        self._source = ""
        self._own: list[str] = []
        self._described: list[str] = []
        self._days: list[str] = []
        self._count = 0
        self._used: set[str] = set()

    def run(self, lines: Iterable[str]) -> None:
        """All lines, then what is known of the whole."""
        with self._connection:
            self._take(lines)
            self._flush()
            self._link()
            self._finish()

    def _take(self, lines: Iterable[str]) -> None:
        start, type_, last, source, number, part = f"<{self._iris.base}", rdf.type, "", None, 0, 0
        length, described, dated = len(start), (rdf.type, rdfs.label), False
        used, words, links = self._used, self._words, self._links
        own: list[str] = []
        told: list[str] | None = None
        for line in lines:
            subject, predicate, node = line.split(" ", 2)
            if subject != last:
                if subject[0] != "<":
                    raise ValueError(f"a blank node, which no dump holds: {line.strip()}")
                last, path = subject, self._iris.path(Iri(subject))
                thing = owner(path)
                if thing != source:
                    own, source = self._begin(thing), thing
                    number = self._thing(thing)
                told = self._described if path == thing else None
                dated = path == f"{thing}.ttl"
                part = words.setdefault(path[len(thing) :], len(words) + 1)
            own.append(line)
            used.add(predicate)
            if predicate in described:
                if told is not None:
                    told.append(line)
                if predicate == type_:
                    used.add(node[:-3])
                    continue
            elif dated and predicate == dcterms.modified:
                self._days.append(line)
            if node[0] == "<":
                if node[:length] == start:
                    target, aimed, aim = self._aims.get(node) or self._aim(node)
                    if target != source and target:
                        links.append((aimed, aim, number, part, words.setdefault(predicate, len(words) + 1)))
            elif node[0] == "_":
                raise ValueError(f"a blank node, which no dump holds: {line.strip()}")

    def _begin(self, thing: str) -> list[str]:
        """Another thing's lines come now."""
        self._flush()
        self._source, self._own = thing, []
        if len(self._links) > _AT_ONCE:
            self._link()
        return self._own

    def _thing(self, path: str) -> int:
        return self._things.setdefault(path, len(self._things) + 1)

    def _aim(self, node: str) -> tuple[str, int, int]:
        """The thing that a link of ours goes to, its number, and the part of it; remembered for a while."""
        path = node[len(self._iris.base) + 1 : -4]
        thing = owner(path)
        if len(self._aims) > _AT_ONCE:
            self._aims.clear()
        found = thing, self._thing(thing), self._words.setdefault(path[len(thing) :], len(self._words) + 1)
        self._aims[node] = found
        return found

    def _flush(self) -> None:
        """Write what was collected of a thing; what comes later of the same is put behind it."""
        if not self._own:
            return
        number, self._count = self._thing(self._source), self._count + len(self._own)
        packed = zlib.compress("".join(self._own).encode(), _LEVEL)
        row = ("".join(self._days), "".join(self._described), packed)
        if number in self._places:
            self._connection.execute(
                "UPDATE own SET days = days || ?, described = described || ?, lines = CAST(lines || ? AS BLOB) WHERE place = ?",
                (*row, self._places[number]),
            )
        else:
            place = self._places[number] = len(self._places) + 1
            self._connection.execute("INSERT INTO own VALUES (?, ?, ?, ?)", (place, *row))
        self._own = []
        self._described.clear()
        self._days.clear()

    def _link(self) -> None:
        self._connection.executemany("INSERT INTO link VALUES (?, ?, ?, ?, ?)", self._links)
        self._links.clear()

    def _finish(self) -> None:
        self._connection.executemany(
            "INSERT INTO word VALUES (?, ?)", ((id_, text) for text, id_ in self._words.items())
        )
        links = dict(self._connection.execute("SELECT target, COUNT(*) FROM link GROUP BY target"))
        ranks = dict(self._ranks())
        self._connection.executemany(
            "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?)",
            (
                (number, path, self._places.get(number), *ranks.get(path, (None, None)), links.get(number, 0))
                for path, number in self._things.items()
            ),
        )
        counts = {kind: sum(1 for each, _ in ranks.values() if each == kind) for kind in KINDS}
        tell(self._connection, "base", self._iris.base)
        tell(self._connection, "triples", self._count)
        tell(self._connection, "counts", {kind: count for kind, count in counts.items() if count})
        tell(self._connection, "namespaces", sorted({_namespace(term) for term in self._used}))

    def _ranks(self) -> Iterator[tuple[str, tuple[str, int]]]:
        """Path → kind, and place among the things of the kind in an order for people."""
        found: dict[str, list[str]] = {kind: [] for kind in KINDS}
        for path, number in self._things.items():
            kind, _, key = path.partition("/")
            if number in self._places and key and kind in found:
                found[kind].append(key)
        for kind, keys in found.items():
            for rank, key in enumerate(sorted(keys, key=_natural)):
                yield f"{kind}/{key}", (kind, rank)


def tell(connection: sqlite3.Connection, name: str, value: object) -> None:
    """Write down something about the whole."""
    connection.execute("INSERT INTO told VALUES (?, ?)", (name, json.dumps(value, ensure_ascii=False)))


def _natural(key: str) -> tuple[tuple[int, str], ...]:
    """Numbers as numbers: 2 before 10."""
    return tuple(
        (int(piece), "") if piece.isdigit() else (1 << 60, piece) for piece in key.replace("_", "-").split("-")
    )


def _namespace(term: str) -> str:
    inside = term[1:-1]
    return inside[: max(inside.rfind("#"), inside.rfind("/")) + 1]
