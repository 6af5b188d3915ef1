"""Triples as bytes in each of the RDF formats. Turtle is the dump's own; all of them are isomorphic."""

from collections.abc import Sequence

import pyoxigraph as ox

from lod.dumps import jsonld, rdfxml, turtle
from lod.formats import JSON_LD, N_TRIPLES, TURTLE, Format
from lod.terms import Triple, n_triples


def rdf(triples: Sequence[Triple], form: Format, base: str, *, faithful: bool = True) -> bytes:
    """One graph in one of `RDF_FORMATS`, deterministic for a given order of triples.

    RDF/XML cannot say all that a literal may hold: `FormatError`, or not `faithful` U+FFFD for what it cannot.
    """
    if form is TURTLE:
        return (turtle.head(base) + "\n" + turtle.block(triples, turtle.Compact(base))).encode()
    if form is JSON_LD:
        return jsonld.document(triples)
    lines = "".join(map(n_triples, triples)).encode()
    if form is N_TRIPLES:
        return lines
    graph = (quad.triple for quad in ox.parse(input=lines, format=ox.RdfFormat.N_TRIPLES))
    return rdfxml.serialised(graph, faithful=faithful)
