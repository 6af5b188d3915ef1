"""What the data are made of: our own terms, terms in use with counts and examples, the profile, shapes, JSON-LD context.

`https://w3id.org/correspondence-lod/…` leads here: `/ns`, `/profile/…`, `/shapes`, `/context.jsonld`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lod.check import HOUSE
from lod.check.ontology import compact
from lod.dumps import jsonld
from lod.dumps.profiles import FULL, PROFILES
from lod.formats import HTML, JSON_LD, N_TRIPLES, RDF_FORMATS, RDF_XML, TURTLE, Format
from lod.terms import Iri, Node, address, value
from lod.terms import Literal as Text
from lod.vocab import PREFIXES, rdf, rdfs, skos
from lod.web import census, negotiate, problems
from lod.web.conditional import Representation, respond
from lod.web.once import once_a_room
from lod.web.site import Room, Site

_OURS = HOUSE / "ontology" / "correspondence-lod.ttl"
_PROFILE = HOUSE / "ontology" / "profile.ttl"
_SHAPES = HOUSE / "shapes"
_VERSIONS = HOUSE / "ontology" / "versions.tsv"


@dataclass(frozen=True, slots=True)
class Term:
    """One of our own terms, as the page shows it. `about` are its domain, range and superterms, by name of the relation."""

    name: str
    label: str
    definition: str
    example: str
    about: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the profile: its number, its day, what it brought."""

    number: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class Use:
    """How often a term is used, and one statement that uses it: labels and paths of its two ends."""

    name: str
    iri: str
    count: int
    subject: str
    link: str
    value: str


def routes(site: Site) -> list[Route]:
    """All of it, once for the server."""

    async def own_terms(request: Request) -> Response:
        return _described(request, site, [_OURS], "ns.html", terms=_terms())

    async def profile(request: Request) -> Response:
        name = request.path_params.get("name", "")
        known = {"", "1.0", *(each.name for each in PROFILES)}
        if name not in known:
            return problems.respond(request, problems.Problem(404, "There is no such profile.", "unknown"))
        return _described(request, site, [_PROFILE], "profile.html", profiles=PROFILES, full=FULL, history=_history())

    async def shapes(request: Request) -> Response:
        files = sorted(_SHAPES.glob("*.ttl"))
        return _described(request, site, files, "shapes.html", names=[file.name for file in files])

    async def shape(request: Request) -> Response:
        file = next((each for each in _SHAPES.glob("*.ttl") if each.name == request.path_params["name"]), None)
        if file is None:
            return problems.respond(request, problems.Problem(404, "There is no such file of shapes.", "unknown"))
        return respond(request, Representation(file.read_bytes(), TURTLE.content_type), {})

    async def context(request: Request) -> Response:
        return respond(request, Representation(jsonld.CONTEXT.read_bytes(), JSON_LD.content_type), {})

    async def used(request: Request) -> Response:
        page = site.html(request, "vocabulary.html", room=_only(site), uses=_uses(site))
        return respond(request, Representation(page, HTML.content_type), {})

    return [
        *_with_suffixes("/ns", own_terms),
        Route("/profile", profile),
        Route("/profile/{name}", profile),
        *_with_suffixes("/shapes", shapes),
        Route("/shapes/{name}", shape),
        Route("/context.jsonld", context),
        Route("/vocabulary", used),
    ]


def _with_suffixes(path: str, answer: object) -> list[Route]:
    """An address, and the same with the suffix of each format."""
    forms = (*RDF_FORMATS, HTML)
    return [Route(path, answer), *(Route(f"{path}.{form.name}", answer) for form in forms)]  # type: ignore[arg-type]


def _only(site: Site) -> Room | None:
    return None if site.several else site.rooms[0]


def _described(request: Request, site: Site, files: Sequence[Path], template: str, **values: object) -> Response:
    """Turtle files as what the client would rather have: themselves, another format, or a page."""
    offered = (*RDF_FORMATS, HTML)
    suffix = request.url.path.rpartition(".")[2]
    wanted = request.query_params.get("format", suffix)
    form = next((each for each in offered if each.name == wanted), None)
    form = form or negotiate.choose(request.headers.get("accept"), offered)
    if form is None:
        kinds = [each.media_type for each in offered]
        problem = problems.Problem(
            406, f"This comes as {', '.join(kinds)}.", "not-acceptable", facts={"offered": kinds}
        )
        return problems.respond(request, problem)
    page = {"room": _only(site), "formats": RDF_FORMATS, **values}
    body = site.html(request, template, **page) if form is HTML else _written(tuple(files), form)
    links = (
        f'<{site.public_url}{request.url.path}?format={each.name}>; rel="alternate"; type="{each.media_type}"'
        for each in offered
        if each is not form
    )
    return respond(request, Representation(body, form.content_type), {"Vary": "Accept", "Link": ", ".join(links)})


@lru_cache(maxsize=64)
def _written(files: tuple[Path, ...], form: Format) -> bytes:
    """Turtle files in one format. Shapes have blank nodes: this is the one place where some are published."""
    if form is TURTLE and len(files) == 1:
        return files[0].read_bytes()
    quads = (
        quad.triple
        for file in files
        for quad in ox.parse(
            path=str(file), format=ox.RdfFormat.TURTLE, base_iri=_BASE, rename_blank_nodes=len(files) > 1
        )
    )
    written = {
        TURTLE: ox.RdfFormat.TURTLE,
        JSON_LD: ox.RdfFormat.JSON_LD,
        N_TRIPLES: ox.RdfFormat.N_TRIPLES,
        RDF_XML: ox.RdfFormat.RDF_XML,
    }[form]
    return ox.serialize(quads, format=written, prefixes=dict(PREFIXES)) or b""


_BASE = "https://w3id.org/correspondence-lod/ns"


@lru_cache(maxsize=1)
def _terms() -> tuple[Term, ...]:
    """Our terms in the order of the file."""
    said: dict[str, dict[str, list[Node]]] = {}
    for quad in ox.parse(path=str(_OURS), format=ox.RdfFormat.TURTLE, base_iri=_BASE):
        node = str(quad.object)
        kept = said.setdefault(str(quad.subject), {}).setdefault(str(quad.predicate), [])
        kept.append(Iri(node) if node[0] == "<" else Text(node))
    return tuple(_term(Iri(term), them) for term, them in said.items() if rdfs.isDefinedBy in them)


def _term(term: Iri, said: dict[str, list[Node]]) -> Term:
    def words(predicate: Iri) -> str:
        found = [value(Text(node)) for node in said.get(predicate, ()) if node[0] != "<"]
        return next((text for text, tag, _ in found if tag in ("en", "")), "")

    relations = (rdf.type, rdfs.domain, rdfs.range, rdfs.subPropertyOf, rdfs.subClassOf)
    about = tuple((compact(each), tuple(compact(Iri(node)) for node in said.get(each, ()))) for each in relations)
    name = address(term).partition("#")[2]
    shown = tuple(row for row in about if row[1])
    return Term(name, words(rdfs.label), words(skos.definition), words(skos.example), shown)


def _history() -> tuple[Version, ...]:
    """The versions of the profile, the newest first, as `ontology/versions.tsv` tells them."""
    rows = _VERSIONS.read_text(encoding="utf-8").splitlines()[1:]
    return tuple(Version(*row.split("\t")) for row in reversed(rows) if row)


def _uses(site: Site) -> list[tuple[str, list[Use]]]:
    """For each vocabulary its terms in use, the most used first."""
    found: dict[str, list[Use]] = {}
    for room in site.rooms:
        for use in uses(room):
            found.setdefault(use.name.partition(":")[0], []).append(use)
    return [(prefix, sorted(found[prefix], key=lambda use: -use.count)) for prefix in sorted(found)]


@once_a_room
def uses(room: Room) -> tuple[Use, ...]:
    """Every class and property of an edition's dump with its count and its first use."""
    classes, properties, _, _ = census.partitions(room.index)
    counts = {**dict(classes), **dict(properties)}
    first = census.first_uses(room.index)
    return tuple(_use(room, term, count, *first[term]) for term, count in counts.items())


def _use(room: Room, term: Iri, count: int, subject: Iri, node: Node) -> Use:
    path = room.documents.iris.path(subject)
    return Use(compact(term), address(term), count, path, room.link(path), "" if node == term else _shown(room, node))


def _shown(room: Room, node: Node) -> str:
    if node[0] != "<":
        return value(Text(node))[0]
    return room.documents.iris.path(Iri(node)) or compact(Iri(node))
