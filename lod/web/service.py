"""What the endpoint tells about itself, and its results as a table for people."""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pyoxigraph as ox

from lod.formats import Format
from lod.terms import Iri, Triple, iri, text, typed
from lod.vocab import dcterms, void, xsd
from lod.web import pages, render
from lod.web.pages import Value
from lod.web.site import Site


def description(site: Site, form: Format) -> bytes:
    """The SPARQL 1.1 Service Description, with the triples of the default graph counted, and the licences."""
    endpoint = f"{site.public_url}/sparql"
    fixed = files("lod.web").joinpath("templates", "service.ttl").read_bytes()
    quads = ox.parse(input=fixed, format=ox.RdfFormat.TURTLE, base_iri=endpoint)
    said: list[Triple] = [(Iri(str(quad.subject)), Iri(str(quad.predicate)), Iri(str(quad.object))) for quad in quads]
    return render.rdf(said + _counted(site, endpoint), form, f"{site.public_url}/")


def _counted(site: Site, endpoint: str) -> list[Triple]:
    graph = iri(f"{endpoint}#default-graph")
    total = sum(room.documents.triples for room in site.rooms)
    said: list[Triple] = [(graph, void.triples, typed(str(total), xsd.integer))]
    said += [(graph, dcterms.source, room.documents.iris.of("dataset")) for room in site.rooms]
    return [*said, *((iri(endpoint), dcterms.license, iri(room.edition.licence)) for room in site.rooms)]


@dataclass(frozen=True, slots=True)
class Table:
    """A result for a page: `rows` are cut at what a page shows, `total` counts all. `truth` is an ASK's answer."""

    names: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: int
    truth: bool | None = None


def table(site: Site, results: bytes, most: int) -> Table:
    """SPARQL JSON results as a table; our own IRIs become links to their pages here."""
    data = json.loads(results)
    if "boolean" in data:
        return Table((), (), 0, data["boolean"])
    names, bindings = tuple(data["head"]["vars"]), data["results"]["bindings"]
    rows = tuple(tuple(_cell(site, row.get(name)) for name in names) for row in bindings[:most])
    return Table(names, rows, len(bindings))


def _cell(site: Site, bound: Any) -> Value:
    if bound is None:
        return Value("")
    if bound["type"] == "uri":
        term = iri(bound["value"])
        found = site.by_iri(term)
        return Value(found[1], href=found[0].link(found[1]), note=bound["value"]) if found else pages.foreign(term)
    if bound["type"] == "literal":
        language, datatype = bound.get("xml:lang", ""), bound.get("datatype")
        return pages.literal(typed(bound["value"], iri(datatype)) if datatype else text(bound["value"], language))
    return Value("_:" + bound["value"] if bound["type"] == "bnode" else str(bound["value"]))
