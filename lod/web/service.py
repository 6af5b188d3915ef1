"""What the endpoint tells about itself, and its results as a table for people."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from lod.formats import Format
from lod.terms import Iri, Triple, iri, text, typed
from lod.vocab import dcterms, void, xsd
from lod.web import render, values
from lod.web.site import Site
from lod.web.values import Value


def description(site: Site, form: Format) -> bytes:
    """The SPARQL 1.1 Service Description, with the triples of the default graph counted, and the licences."""
    endpoint = f"{site.public_url}/sparql"
    fixed = files("lod.web").joinpath("templates", "service.ttl").read_bytes()
    graphs = "".join(_NAMED_GRAPH.format(graph=graph) for graph in site.graphs)
    quads = ox.parse(input=fixed + graphs.encode(), format=ox.RdfFormat.TURTLE, base_iri=endpoint)
    said: list[Triple] = [(Iri(str(quad.subject)), Iri(str(quad.predicate)), Iri(str(quad.object))) for quad in quads]
    return render.rdf([*said, *_counted(site, endpoint), *_sizes(site)], form, f"{site.public_url}/")


def _sizes(site: Site) -> list[Triple]:
    """How many triples each named graph has."""
    return [
        (iri(f"{graph}#graph"), void.triples, typed(str(_size(file, file.stat().st_mtime_ns)), xsd.integer))
        for graph, file in site.graphs.items()
    ]


@lru_cache(maxsize=256)
def _size(file: Path, _state: int) -> int:
    """Triples in a file, counted once for each state of it."""
    form = ox.RdfFormat.from_extension(file.suffix.removeprefix("."))
    return len({quad.triple for quad in ox.parse(path=str(file), format=form)})


def _counted(site: Site, endpoint: str) -> list[Triple]:
    graph = iri(f"{endpoint}#default-graph")
    total = sum(room.documents.triples for room in site.rooms)
    said: list[Triple] = [(graph, void.triples, typed(str(total), xsd.integer))]
    said += [(graph, dcterms.source, room.documents.iris.of("dataset")) for room in site.rooms]
    return [*said, *((iri(endpoint), dcterms.license, iri(room.edition.licence)) for room in site.rooms)]


_NAMED_GRAPH = """
<#dataset> sd:namedGraph <{graph}#named> .
<{graph}#named> a sd:NamedGraph ; sd:name <{graph}> ; sd:graph <{graph}#graph> .
<{graph}#graph> a sd:Graph .
"""
"""Appended to `service.ttl` for each named graph."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A graph for a page, a line a statement: `shown` of `total`."""

    text: str
    shown: int
    total: int


def lines(triples: bytes, most: int) -> Lines:
    """The first N-Triples of a result."""
    pieces = triples.split(b"\n", most)
    return Lines(b"\n".join(pieces[:most]).decode(), min(len(pieces) - 1, most), triples.count(b"\n"))


@dataclass(frozen=True, slots=True)
class Table:
    """A result for a page: `rows` are cut at what a page shows, `total` counts all. `truth` is an ASK's answer."""

    names: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: int
    truth: bool | None = None


def table(site: Site, results: bytes, most: int) -> Table:
    """SPARQL JSON results as a table; our own IRIs become links to their pages here. Read row by row: there may be millions."""
    found = ox.parse_query_results(results, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return Table((), (), 0, bool(found))
    assert isinstance(found, ox.QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(_cell(site, term) for term in row) for row in islice(found, most))
    return Table(names, rows, len(rows) + sum(1 for _ in found))


def _cell(site: Site, term: object) -> Value:
    if term is None:
        return Value("")
    if isinstance(term, ox.NamedNode):
        name = iri(term.value)
        found = site.by_iri(name)
        return Value(found[1], href=found[0].link(found[1]), note=term.value) if found else values.foreign(name)
    if isinstance(term, ox.Literal):
        datatype = iri(term.datatype.value)
        worded = term.language or datatype == xsd.string
        return values.literal(text(term.value, term.language or "") if worded else typed(term.value, datatype))
    return Value(str(term))
