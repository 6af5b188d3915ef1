"""RDF/XML, written by pyoxigraph: deterministic for a given order, and subjects stay together as they come."""

import io
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from lod.terms import Triple, n_triples
from lod.vocab import PREFIXES


def write(blocks: Iterable[Iterable[Triple]], base: str) -> Iterator[str]:  # noqa: ARG001 (IRIs are written whole)
    """A whole file."""
    lines = io.BytesIO("".join(n_triples(t) for triples in blocks for t in dict.fromkeys(triples)).encode())
    graph = (quad.triple for quad in ox.parse(input=lines, format=ox.RdfFormat.N_TRIPLES))
    yield (ox.serialize(graph, format=ox.RdfFormat.RDF_XML, prefixes=dict(PREFIXES)) or b"").decode() + "\n"
