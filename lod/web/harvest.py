"""The routes for harvesters: event stream, OAI-PMH, sitemap, CMIF, and what is published about the data model.

Names that only descriptions use lead to what tells of them: parts of `/dataset`, releases, reports, named graphs.
"""

from functools import cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lod.dumps import cmif
from lod.formats import HTML, TURTLE
from lod.release.contents import SHACL_REPORT as REPORT
from lod.release.contents import cmif_header
from lod.terms import address
from lod.web import describe, ldes, modified, negotiate, oai, problems, sitemap, vocabulary
from lod.web.conditional import Representation, respond
from lod.web.numbers import number
from lod.web.once import once_a_room
from lod.web.site import Room, Site


def routes(site: Site) -> list[Route]:
    """What a server has once, and what every edition has below its prefix."""

    async def robots(request: Request) -> Response:
        return sitemap.robots(request, site)

    async def sitemaps(request: Request) -> Response:
        return sitemap.of_site(request, site)

    own = [Route("/robots.txt", robots), *vocabulary.routes(site)]
    if site.several:
        own.append(Route("/sitemap.xml", sitemaps))
    return [*own, *(route for room in site.rooms for route in (*_of_names(site, room), *_of_room(room)))]


def _of_names(site: Site, room: Room) -> list[Route]:
    """303 from names that have no document of their own."""
    below, iris = room.prefix, room.documents.iris

    @cache
    def described() -> frozenset[str]:
        return frozenset(iris.path(subject) for subject, _, _ in describe.description(site, room))

    async def part(request: Request) -> Response:
        path = f"dataset/{request.path_params['part']}"
        return _see(request, room.address("dataset") if path in described() else "")

    async def release(request: Request) -> Response:
        name = request.path_params["version"]
        here = room.history.release(name) and negotiate.choose(request.headers.get("accept"), (TURTLE, HTML)) is HTML
        there = name in room.history.table.versions()
        return _see(request, room.address(f"dumps/{name}/") if here else room.address("dataset") if there else "")

    async def report(request: Request) -> Response:
        name = request.path_params["version"]
        return _see(request, room.address(f"dumps/{name}/{REPORT}") if room.history.release(name) else "")

    async def graph(request: Request) -> Response:
        name = address(iris.of(f"graph/{request.path_params['name']}"))
        query = urlencode({"query": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"})
        return _see(request, f"{site.public_url}/sparql?{query}" if name in site.graphs else "")

    return [
        Route(f"{below}/dataset/{{part:path}}", part),
        Route(f"{below}/release/{{version}}", release),
        Route(f"{below}/release/{{version}}/shacl-report", report),
        Route(f"{below}/release/{{version}}/shacl-report/{{number:int}}", report),
        Route(f"{below}/graph/{{name}}", graph),
    ]


def _see(request: Request, target: str) -> Response:
    if not target:
        return problems.respond(request, problems.Problem(404, "Nothing has this address.", "unknown"))
    return Response(status_code=303, headers={"Location": target, "Vary": "Accept"})


def _of_room(room: Room) -> list[Route]:
    below = room.prefix

    async def stream(request: Request) -> Response:
        return ldes.root(request, room)

    async def page(request: Request) -> Response:
        return ldes.page(request, room, request.path_params["version"], number(request.path_params["place"]) or 0)

    async def version(request: Request) -> Response:
        return ldes.version(request, room, request.path_params["version"], request.path_params["path"])

    async def protocol(request: Request) -> Response:
        return await oai.answer(request, room)

    async def pages(request: Request) -> Response:
        return sitemap.of_room(request, room)

    async def letters(request: Request) -> Response:
        made = _cmif(room)
        if made is None:
            return problems.respond(request, problems.Problem(404, "This edition prints no letters.", "unknown"))
        return respond(request, made, {})

    return [
        Route(f"{below}/ldes", stream),
        Route(f"{below}/ldes/{{version}}/{{place}}", page),
        Route(f"{below}/release/{{version}}/{{path:path}}", version),
        Route(f"{below}/oai", protocol, methods=["GET", "POST"]),
        Route(f"{below}/sitemap.xml", pages),
        Route(f"{below}/cmif.xml", letters),
    ]


@once_a_room
def _cmif(room: Room) -> Representation | None:
    """The letters as correspSearch fetches them; `idno` is the address of the file itself."""
    documents, edition = room.documents, room.edition
    if not documents.first("letter"):
        return None
    day = modified.of_all(room)
    header = cmif_header(edition, room.address("cmif.xml"), day.isoformat() if day else "")
    blocks = [(path, documents.own(path)) for path in documents.each()]
    body = "".join(cmif.write(blocks, edition.base, header)).encode()
    return Representation(body, "application/xml", day)
