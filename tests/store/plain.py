"""Documents by a plain pass over a dump, everything held: what an index must answer."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from lod.iris import KINDS, Iris, owner
from lod.terms import Iri, Literal, Node, Triple
from lod.vocab import rdf, rdfs

_FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES}


def triples(dump: Path) -> list[Triple]:
    """All of a dump, term by term."""
    return [
        (Iri(str(quad.subject)), Iri(str(quad.predicate)), _node(str(quad.object)))
        for quad in ox.parse(path=str(dump), format=_FORMATS[dump.suffix])
    ]


def _node(term: str) -> Node:
    return Iri(term) if term[0] == "<" else Literal(term)


def said_in(file: Path) -> list[str]:
    """All that the index of a dump, or of a search, says, but of what pieces it was made."""
    with closing(sqlite3.connect(file)) as connection:
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "piece"')]


class Plain:
    """The same answers as `lod.store.documents.Documents`."""

    def __init__(self, said: list[Triple], base: str) -> None:
        self.iris = Iris(base)
        self.triples = said
        self.own: dict[str, list[Triple]] = {}
        self.incoming: dict[str, list[Triple]] = {}
        self.described: dict[str, list[Triple]] = {}
        for triple in said:
            subject, predicate, node = triple
            source = owner(self.iris.path(subject))
            self.own.setdefault(source, []).append(triple)
            if predicate in (rdf.type, rdfs.label):
                self.described.setdefault(subject, []).append(triple)
            target = owner(self.iris.path(Iri(node))) if node[0] == "<" else ""
            if predicate != rdf.type and target not in ("", source):
                self.incoming.setdefault(target, []).append(triple)

    def document(self, path: str) -> list[Triple]:
        """Own triples, and type and label of what they point to."""
        found = dict.fromkeys(self.own[path])
        for _, _, node in self.own[path]:
            found.update(dict.fromkeys(self.described.get(node, ())))
        return list(found)

    def counts(self) -> dict[str, int]:
        """Things by kind."""
        found = {kind: sum(1 for path in self.own if path.startswith(f"{kind}/")) for kind in KINDS}
        return {kind: count for kind, count in found.items() if count}

    def namespaces(self) -> set[str]:
        """Of properties and classes."""
        used = {triple[1] for triple in self.triples} | {node for _, term, node in self.triples if term == rdf.type}
        return {term[1 : max(term.rfind("#"), term.rfind("/")) + 1] for term in used}
