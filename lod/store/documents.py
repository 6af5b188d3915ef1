"""Documents cut from a dump: everything about one thing, its parts and its record, and what its links point to.

They are read from the tables of an index when somebody asks (`lod.store.cut` fills them, `lod.store.index` keeps them in a
file), so that an edition of any size is served at once and takes no memory but for what was asked for last.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from lod.iris import Iris, owner
from lod.store.cut import unpack
from lod.store.index import Index
from lod.store.joined import of_dump, of_lines
from lod.terms import Iri, Literal, Triple, n_triples, triples, value
from lod.vocab import rdf, rdfs

_TRIPLES_KEPT = 40_000
"""Documents that were just asked for are kept, as many as have so many triples together."""
_THINGS_KEPT = 10_000
"""Things whose type and labels were just asked for."""
_PARTS_KEPT = 100
"""Documents whose parts were just asked for."""
_AT_ONCE = 1_000
_ALL = """
SELECT thing.path, own.place, own.described, own.lines FROM own CROSS JOIN thing ON thing.place = own.place
WHERE own.place > ? ORDER BY own.place LIMIT ?
"""
"""CROSS: `own` is gone through in its order. Left to itself SQLite sorts all that is left for every hundred documents."""
_BELOW = "SELECT path FROM thing WHERE path >= ? AND path < ? AND place IS NOT NULL ORDER BY place"
"""`0` is the character behind the stroke."""
_LINKS = """
SELECT source.path, part.text, predicate.text, target.path || aim.text FROM thing AS target
CROSS JOIN link ON link.place BETWEEN target.first AND target.first + target.links - 1
JOIN thing AS source ON source.id = link.source JOIN word AS aim ON aim.id = link.aim
JOIN word AS part ON part.id = link.part JOIN word AS predicate ON predicate.id = link.predicate
WHERE target.path = ? ORDER BY link.place
"""


class Told(Protocol):
    """What can be asked about the things of a document, be it by itself or among all."""

    iris: Iris

    def own(self, path: str) -> Sequence[Triple]:
        """The triples of a thing, its parts and its record."""

    def labels(self, term: Iri) -> Sequence[Literal]:
        """The `rdfs:label`s of a thing or one of its parts."""

    def types(self, term: Iri) -> Sequence[Iri]:
        """The classes of one."""


class One:
    """A document by itself: nothing is known of what it points to."""

    def __init__(self, iris: Iris, triples: Sequence[Triple]) -> None:
        self.iris = iris
        self._triples = triples

    def own(self, path: str) -> Sequence[Triple]:  # noqa: ARG002 (all of it, whatever is asked for)
        """All of it, whatever the path."""
        return self._triples

    def labels(self, term: Iri) -> Sequence[Literal]:
        """The labels of the thing or one of its parts."""
        return [
            Literal(node) for subject, predicate, node in self._triples if predicate == rdfs.label and subject == term
        ]

    def types(self, term: Iri) -> Sequence[Iri]:
        """The classes of one."""
        return [Iri(node) for subject, predicate, node in self._triples if predicate == rdf.type and subject == term]


class Documents:
    """The documents of one edition. Paths are relative to its base; an unknown path has no triples."""

    def __init__(self, found: Iterable[Triple] | Index, base: str) -> None:
        self.index = found if isinstance(found, Index) else of_lines(map(n_triples, found), base)
        self.iris = Iris(base)
        self.triples: int = self.index.told("triples")
        self._counts: dict[str, int] = self.index.told("counts")
        self._own: OrderedDict[str, Sequence[Triple]] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()
        self._parts = lru_cache(maxsize=_PARTS_KEPT)(self._by_subject)
        self._said: OrderedDict[str, tuple[bool, Sequence[Triple]]] = OrderedDict()

    @classmethod
    def load(cls, dump: Path, base: str) -> "Documents":
        """Read a dump (`.ttl` or `.nt`) and keep no file of it. `StoreError` names file and line of what cannot be read."""
        return cls(of_dump(dump, base), base)

    def __contains__(self, path: str) -> bool:
        """True for a thing (`letter/1`), not for its parts."""
        return self._thing(path)[0]

    def below(self, start: str) -> list[str]:
        """Those that begin with `source/`, `release/` or the like, in the order of the dump."""
        rows = self.index.all(_BELOW, start, f"{start[:-1]}0")
        return [path for (path,) in rows]

    def __len__(self) -> int:
        """How many owner paths there are."""
        count: int = self.index.one("SELECT COUNT(*) FROM own")[0]
        return count

    def describes(self, path: str) -> bool:
        """True when the dump says something about exactly this path, a part or a record included."""
        return bool(self._described(path))

    def paths(self) -> Iterator[str]:
        """Every owner path, in the order of the dump."""
        last = 0
        while rows := self.index.all(
            "SELECT path, place FROM thing WHERE place > ? ORDER BY place LIMIT ?", last, _AT_ONCE
        ):
            last = rows[-1][1]
            yield from (path for path, _ in rows)

    def each(self) -> Iterator[str]:
        """The same, each with its document at hand: the way to go through all of them."""
        last = 0
        while rows := self.index.all(_ALL, last, _AT_ONCE // 10):
            last = rows[-1][1]
            for path, _, described, lines in rows:
                with self._lock:
                    self._keep(path, triples(unpack(lines)))
                    self._note(path, (True, triples(described)))
                yield path

    def own(self, path: str) -> Sequence[Triple]:
        """The triples of a thing, its parts and its record, in the order of the dump."""
        with self._lock:
            known = self._own.get(path)
            if known is None:
                known = self._read(path)
            self._keep(path, known)
        return known

    def _keep(self, path: str, known: Sequence[Triple]) -> None:
        """Remember a document as the one asked for last."""
        before = self._own.pop(path, None)
        self._own[path] = known
        self._held += len(known) + 1 if before is None else 0
        while self._held > _TRIPLES_KEPT and len(self._own) > 1:
            self._held -= len(self._own.popitem(last=False)[1]) + 1

    def _read(self, path: str) -> Sequence[Triple]:
        row = self.index.one("SELECT lines FROM own WHERE place = (SELECT place FROM thing WHERE path = ?)", path)
        return triples(unpack(row[0])) if row else ()

    def document(self, path: str) -> list[Triple]:
        """What one GET returns: `own`, and type and label of every own IRI it points to; every triple once."""
        found = dict.fromkeys(self.own(path))
        for _, _, node in tuple(found):
            if node[0] == "<":
                found.update(dict.fromkeys(self._of(Iri(node))))
        return list(found)

    def incoming(self, path: str) -> Sequence[Triple]:
        """The triples of other documents that point to this thing or one of its parts, in the order of the dump."""
        of = self.iris.of
        return [
            (of(source + part) if source else Iri(""), Iri(predicate), of(target))
            for source, part, predicate, target in self.index.all(_LINKS, path)
        ]

    def pointers(self, path: str) -> list[tuple[str, str, Iri]]:
        """The same in short: the path of the other document, of which part of it, and by which property."""
        return [(source, part, Iri(predicate)) for source, part, predicate, _ in self.index.all(_LINKS, path)]

    def links(self, path: str) -> int:
        """How many these are."""
        row = self.index.one("SELECT links FROM thing WHERE path = ?", path)
        return row[0] if row else 0

    def days(self, path: str) -> list[str]:
        """When the record of a thing was last changed, as it says."""
        row = self.index.one("SELECT days FROM own WHERE place = (SELECT place FROM thing WHERE path = ?)", path)
        return [value(Literal(node))[0] for _, _, node in triples(row[0])] if row else []

    def labels(self, term: Iri) -> list[Literal]:
        """The `rdfs:label`s of an IRI of ours, in the order of the dump."""
        return [Literal(node) for _, predicate, node in self._of(term) if predicate == rdfs.label]

    def types(self, term: Iri) -> list[Iri]:
        """The classes of an IRI of ours."""
        return [Iri(node) for _, predicate, node in self._of(term) if predicate == rdf.type]

    def keys(self, kind: str) -> Sequence[str]:
        """The keys of a kind, in an order for people."""
        start = len(kind) + 1
        return [path[start:] for (path,) in self.index.all("SELECT path FROM thing WHERE kind = ? ORDER BY rank", kind)]

    def first(self, kind: str) -> str:
        """The first of these keys, `""` when there is none."""
        row = self.index.one("SELECT path FROM thing WHERE kind = ? AND rank = 0", kind)
        return row[0][len(kind) + 1 :] if row else ""

    def counts(self) -> dict[str, int]:
        """How many things there are of each kind, kinds without any left out."""
        return dict(self._counts)

    def namespaces(self) -> set[str]:
        """The namespaces of all properties and classes in use."""
        return set(self.index.told("namespaces"))

    def _of(self, term: Iri) -> Sequence[Triple]:
        """Type and labels of a term."""
        path = self.iris.path(term)
        return self._described(path) if path else self._parts("").get(term, ())

    def _described(self, path: str) -> Sequence[Triple]:
        thing = owner(path)
        if thing == path:
            return self._thing(path)[1]
        return self._parts(thing).get(self.iris.of(path), ())

    def _by_subject(self, path: str) -> dict[Iri, list[Triple]]:
        """Types and labels in a document by what they describe."""
        found: dict[Iri, list[Triple]] = {}
        for triple in self.own(path):
            if triple[1] in (rdf.type, rdfs.label):
                found.setdefault(triple[0], []).append(triple)
        return found

    def _thing(self, path: str) -> tuple[bool, Sequence[Triple]]:
        """Whether the dump tells of a thing, and its type and labels."""
        with self._lock:
            known = self._said.get(path)
            if known is None:
                row = self.index.one(
                    "SELECT described FROM own WHERE place = (SELECT place FROM thing WHERE path = ?)", path
                )
                known = (True, triples(row[0])) if row else (False, ())
            self._note(path, known)
        return known

    def _note(self, path: str, known: tuple[bool, Sequence[Triple]]) -> None:
        """Remember a thing as the one asked for last."""
        self._said[path] = known
        self._said.move_to_end(path)
        while len(self._said) > _THINGS_KEPT:
            self._said.popitem(last=False)
