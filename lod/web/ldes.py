"""`/ldes`: the releases as a Linked Data Event Stream. Each member is a version of a document, a graph of its own.

The root lists the pages; a page tells of one release (or of all before it, if these are not kept here) and never changes.
A document that is gone is a member without statements, typed `activity:Delete`. What a version said is at
`/release/{version}/{path}` for ever.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from lod.dumps import turtle
from lod.formats import N_QUADS, RDF_FORMATS, TRIG, TURTLE, Format
from lod.release.change import Change, Kind
from lod.release.history import version_iri
from lod.terms import Iri, Literal, Triple, iri, n_triples, typed
from lod.vocab import PREFIXES, activity, dcterms, ldes, rdf, tree, xsd
from lod.web import negotiate, problems, render
from lod.web.conditional import Representation, respond
from lod.web.dumps import IMMUTABLE
from lod.web.site import Room


def _space(term: Iri) -> str:
    return term[1 : term.index("#") + 1]


_QUADS = (TRIG, N_QUADS)
_ROOT = (TRIG, TURTLE, N_QUADS)
_PREFIXES = dict(
    sorted(
        {
            **PREFIXES,
            "activity": _space(activity.Create),
            "ldes": _space(ldes.EventStream),
            "tree": _space(tree.Node),
        }.items()
    )
)
Graphs = Mapping[Iri, Sequence[Triple]]
_WHAT = {
    Kind.CREATED: activity.Create,
    Kind.UPDATED: activity.Update,
    Kind.WITHDRAWN: activity.Delete,
    Kind.MERGED: activity.Delete,
}


def root(request: Request, room: Room) -> Response:
    """The stream and its pages."""
    form = negotiate.choose(request.headers.get("accept"), _ROOT)
    if form is None:
        return _not_acceptable(request, _ROOT)
    view = iri(room.address("ldes"))
    said = [*_stream(room), (view, rdf.type, tree.Node)]
    for number, (version, place) in enumerate(room.history.pages(), 1):
        relation = iri(f"{room.address('ldes')}#page-{number}")
        said += [
            (view, tree.relation, relation),
            (relation, rdf.type, tree.GreaterThanOrEqualToRelation),
            (relation, tree.node, iri(room.address(f"ldes/{version}/{place}"))),
            (relation, tree.path, dcterms.created),
            (relation, tree.value, _earliest(room, version, place)),
        ]
    return _respond(request, said, {}, form, {"Vary": "Accept"}, room)


def page(request: Request, room: Room, version: str, place: int) -> Response:
    """One page of the stream."""
    changes = room.history.page(version, place)
    if not changes:
        return problems.respond(request, problems.Problem(404, "The stream has no such page.", "unknown"))
    form = negotiate.choose(request.headers.get("accept"), _QUADS)
    if form is None:
        return _not_acceptable(request, _QUADS)
    here = iri(room.address(f"ldes/{version}/{place}"))
    said: list[Triple] = [*_stream(room), (here, rdf.type, tree.Node)]
    graphs: dict[Iri, Sequence[Triple]] = {}
    contents = room.history.said(version, place)
    for change in changes:
        member = version_iri(room.edition.base, change.version, change.path)
        said += _member(room, member, change)
        if not change.kind.gone:
            graphs[member] = contents.get(change.path, ())
    return _respond(request, said, graphs, form, {"Vary": "Accept", "Cache-Control": _caching(room, version)}, room)


def version(request: Request, room: Room, name: str, path: str) -> Response:
    """What a document said in a release; 410 for one that the release took away."""
    found = next((page for page in room.history.pages() if _has(room.history.page(*page), name, path)), None)
    if found is None:
        return problems.respond(request, problems.Problem(404, "No release tells of this.", "unknown"))
    said = room.history.said(*found).get(path)
    if said is None:
        return problems.respond(request, problems.Problem(410, "This release withdrew it.", "withdrawn"))
    form = negotiate.choose(request.headers.get("accept"), RDF_FORMATS)
    if form is None:
        return _not_acceptable(request, RDF_FORMATS)
    body = render.rdf(said, form, room.edition.base)
    link = f'<{room.address(path)}>; rel="latest-version"'
    headers = {"Vary": "Accept", "Cache-Control": _caching(room, found[0]), "Link": link}
    return respond(request, Representation(body, form.content_type), headers)


def _has(changes: Sequence[Change], version: str, path: str) -> bool:
    return any(change.version == version and change.path == path for change in changes)


def _stream(room: Room) -> list[Triple]:
    stream = iri(f"{room.address('ldes')}#stream")
    return [
        (stream, rdf.type, ldes.EventStream),
        (stream, ldes.timestampPath, dcterms.created),
        (stream, ldes.versionOfPath, dcterms.isVersionOf),
        (stream, tree.view, iri(room.address("ldes"))),
    ]


def _member(room: Room, member: Iri, change: Change) -> list[Triple]:
    return [
        (iri(f"{room.address('ldes')}#stream"), tree.member, member),
        (member, rdf.type, _WHAT[change.kind]),
        (member, dcterms.isVersionOf, room.documents.iris.of(change.path)),
        (member, dcterms.created, timestamp(room, change.version)),
        *((member, dcterms.isReplacedBy, each) for each in change.instead),
    ]


def timestamp(room: Room, version: str) -> Literal:
    """The moment of a release: its day, a second later for each release before it on that day, so that order is kept."""
    versions = room.history.table.versions()
    same = [each for each, day in versions.items() if day == versions[version]]
    moment = datetime.combine(date.fromisoformat(versions[version]), datetime.min.time())
    moment += timedelta(seconds=same.index(version))
    return typed(f"{moment.isoformat()}Z", xsd.dateTime)


def _earliest(room: Room, version: str, place: int) -> Literal:
    return min(timestamp(room, change.version) for change in room.history.page(version, place))


def _caching(room: Room, version: str) -> str:
    """For ever; a trial only until the next one."""
    release = room.history.release(version)
    return "no-cache" if release is None or release.manifest.trial else IMMUTABLE


def _respond(
    request: Request,
    said: Iterable[Triple],
    graphs: Graphs,
    form: Format,
    headers: Mapping[str, str],
    room: Room,
) -> Response:
    triples = list(dict.fromkeys(said))
    write = {TURTLE: _trig, TRIG: _trig, N_QUADS: _n_quads}[form]
    return respond(request, Representation(write(triples, graphs, room.edition.base), form.content_type), headers)


def _trig(triples: Sequence[Triple], graphs: Graphs, base: str) -> bytes:
    """Turtle, and a block in braces for each graph."""
    compact = turtle.Compact(base, _PREFIXES)
    pieces = [turtle.head(base, _PREFIXES), "\n", turtle.block(triples, compact)]
    for graph, them in graphs.items():
        pieces.append(f"\n{compact[graph]} {{\n{turtle.block(them, compact)}}}\n")
    return "".join(pieces).encode()


def _n_quads(triples: Sequence[Triple], graphs: Graphs, base: str) -> bytes:  # noqa: ARG001 (IRIs are written whole)
    lines = "".join(map(n_triples, triples))
    lines += "".join(f"{n_triples(each)[:-3]} {graph} .\n" for graph, them in graphs.items() for each in them)
    return lines.encode()


def _not_acceptable(request: Request, offered: Sequence[Format]) -> Response:
    kinds = [form.media_type for form in offered]
    problem = problems.Problem(406, f"This comes as {', '.join(kinds)}.", "not-acceptable", facts={"offered": kinds})
    return problems.respond(request, problem)
