"""Documents cut from a dump: everything about one thing, its parts and its record, and what its links point to.

Everything is asked for by owner path (`letter/1`), so that an index of byte offsets into the dump can take the place of
the tables held here.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from lod.errors import StoreError
from lod.formats import N_TRIPLES, TURTLE
from lod.iris import KINDS, Iris, owner
from lod.terms import Iri, Literal, Node, Triple
from lod.vocab import rdf, rdfs

_FORMATS = {TURTLE.name: ox.RdfFormat.TURTLE, N_TRIPLES.name: ox.RdfFormat.N_TRIPLES}


class Documents:
    """The documents of one edition. Paths are relative to its base; an unknown path has no triples."""

    def __init__(self, triples: Iterable[Triple], base: str) -> None:
        self.iris = Iris(base)
        self.triples = 0
        self._own: dict[str, list[Triple]] = {}
        self._incoming: dict[str, list[Triple]] = {}
        self._keys: dict[str, list[str]] = {}
        self._described: dict[Iri, list[Triple]] = {}
        self._take(triples)
        self._keys = {kind: self._in_order(kind) for kind in KINDS}

    @classmethod
    def load(cls, dump: Path, base: str) -> "Documents":
        """Read a dump (`.ttl` or `.nt`). `StoreError` names file and line of what cannot be read."""
        collecting = gc.isenabled()
        gc.disable()  # millions of tuples and no cycle among them: looking for some takes a third of the time
        try:
            return cls(_parse(dump), base)
        except (OSError, SyntaxError, ValueError) as error:
            raise StoreError(f"{dump}: {error}. Build the dump again with `lod build`.") from None
        finally:
            if collecting:
                gc.enable()

    def _take(self, triples: Iterable[Triple]) -> None:
        described = (rdf.type, rdfs.label)
        owners: dict[str, str] = {}
        last, source = "", ""
        own: list[Triple] = []
        for triple in triples:
            subject, predicate, node = triple
            self.triples += 1
            if subject != last:
                last, source = subject, owner(self.iris.path(subject))
                own = self._own.setdefault(source, [])
            own.append(triple)
            if predicate in described:
                self._described.setdefault(subject, []).append(triple)
            if node[0] == "<" and predicate != described[0]:
                target = owners.get(node)
                if target is None:
                    target = owners[node] = owner(self.iris.path(Iri(node)))
                if target and target != source:
                    self._incoming.setdefault(target, []).append(triple)

    def _in_order(self, kind: str) -> list[str]:
        """Keys of a kind, numbers as numbers: 2 before 10."""
        start = f"{kind}/"
        return sorted((path[len(start) :] for path in self._own if path.startswith(start)), key=_natural)

    def __contains__(self, path: str) -> bool:
        """True for a thing (`letter/1`), not for its parts."""
        return path in self._own

    def describes(self, path: str) -> bool:
        """True when the dump says something about exactly this path, a part or a record included."""
        return self.iris.of(path) in self._described

    def paths(self) -> Iterator[str]:
        """Every owner path, in the order of the dump."""
        return iter(self._own)

    def own(self, path: str) -> Sequence[Triple]:
        """The triples of a thing, its parts and its record, in the order of the dump."""
        return self._own.get(path, ())

    def document(self, path: str) -> list[Triple]:
        """What one GET returns: `own`, and type and label of every own IRI it points to; every triple once."""
        triples = dict.fromkeys(self.own(path))
        for _, _, node in tuple(triples):
            if node[0] == "<":
                triples.update(dict.fromkeys(self._described.get(Iri(node), ())))
        return list(triples)

    def incoming(self, path: str) -> Sequence[Triple]:
        """The triples of other documents that point to this thing or one of its parts."""
        return self._incoming.get(path, ())

    def labels(self, term: Iri) -> list[Literal]:
        """The `rdfs:label`s of an IRI of ours, in the order of the dump."""
        return [Literal(node) for _, predicate, node in self._described.get(term, ()) if predicate == rdfs.label]

    def types(self, term: Iri) -> list[Iri]:
        """The classes of an IRI of ours."""
        return [Iri(node) for _, predicate, node in self._described.get(term, ()) if predicate == rdf.type]

    def keys(self, kind: str) -> Sequence[str]:
        """The keys of a kind, in an order for people."""
        return self._keys.get(kind, ())

    def counts(self) -> dict[str, int]:
        """How many things there are of each kind, kinds without any left out."""
        return {kind: len(keys) for kind, keys in self._keys.items() if keys}

    def namespaces(self) -> set[str]:
        """The namespaces of all properties and classes in use."""
        used = {triple[1] for triples in self._own.values() for triple in triples}
        used |= {
            Iri(node) for triples in self._described.values() for _, predicate, node in triples if predicate == rdf.type
        }
        return {_namespace(term) for term in used}


def _parse(dump: Path) -> Iterator[Triple]:
    """The triples of a file as strings; equal terms are one object."""
    known: dict[str, str] = {}
    form = _FORMATS[dump.suffix.removeprefix(".")]
    for quad in ox.parse(path=str(dump), format=form):
        subject, predicate, node = str(quad.subject), str(quad.predicate), str(quad.object)
        if subject[0] != "<" or node.startswith("_:"):
            raise ValueError(f"a blank node, which no dump holds: {subject} {predicate} {node}")
        yield (
            Iri(known.setdefault(subject, subject)),
            Iri(known.setdefault(predicate, predicate)),
            _node(known.setdefault(node, node)),
        )


def _node(term: str) -> Node:
    return Iri(term) if term[0] == "<" else Literal(term)


def _natural(key: str) -> tuple[tuple[int, str], ...]:
    return tuple(
        (int(piece), "") if piece.isdigit() else (1 << 60, piece) for piece in key.replace("_", "-").split("-")
    )


def _namespace(term: str) -> str:
    inside = term[1:-1]
    return inside[: max(inside.rfind("#"), inside.rfind("/")) + 1]
