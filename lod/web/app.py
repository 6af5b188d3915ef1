"""The application: every route there is, in one place."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from importlib.resources import files

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from lod.errors import FormatError, StoreError
from lod.formats import HTML
from lod.store import Cached, Isolated, Limits, Store
from lod.store.answers import REFUSALS
from lod.store.workers import Worker
from lod.web import cite, clients, dataset, dumps, gallery, harvest, lookup, problems, reconcile, sparql, things, views
from lod.web.access import Access, Journal
from lod.web.conditional import Representation, respond
from lod.web.counts import Metrics
from lod.web.embedded import Embedded
from lod.web.guard import Guard, allowed
from lod.web.kept import Keeping, Kept
from lod.web.scope import Scope
from lod.web.search import Searches
from lod.web.site import Published, Room, Site, graph_files, query_base
from lod.web.straight import PATH, Application, Straight
from lod.web.twins import Twins


def create_app(
    published: Sequence[Published],
    *,
    public_url: str,
    limits: Limits | None = None,
    store: Store | None = None,
    client_queries: int = clients.AT_ONCE,
    worker: Worker | None = None,
) -> FastAPI:
    """Serve editions from their dumps at `public_url`, an absolute address (with a path, if a proxy takes one off).

    One edition lives at `/`, several below `/{edition}/` with a catalogue at `/`. The dumps are read now (`StoreError`
    when one is missing); the store for queries loads in its own process after the start. `worker` says which one this is,
    when several processes serve together.
    """
    if not published:
        raise StoreError("there is no edition to serve")
    store = store or Cached(Isolated(graph_files(published), base=query_base(published, public_url), worker=worker))
    site = Site(published, public_url, limits or Limits(), store)
    app = Application(title=site.title, docs_url=None, redoc_url=None, lifespan=_lifespan)
    app.state.site = site
    app.state.searches = Searches(site)
    app.state.journal = Journal(Metrics(store, worker))
    app.state.kept = Kept(app.state.journal)
    app.add_middleware(Guard)
    app.add_middleware(Keeping, kept=app.state.kept)
    app.add_middleware(Access, journal=app.state.journal)
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(FormatError, _unwritable)
    _add_signs_of_life(app, site)
    shares = clients.Clients(client_queries, worker.crowd("clients") if worker else None)
    endpoint = sparql.Sparql(site, shares)
    app.straight = Straight(endpoint, app.state.journal, app.state.kept)
    app.router.routes.extend(_routes(site, app.state.searches, endpoint, shares))
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    site: Site = app.state.site
    await site.store.start()
    loading = asyncio.gather(_load(site.store), app.state.searches.prepare(), asyncio.to_thread(views.prepare, site))
    try:
        yield
    finally:
        loading.cancel()
        app.state.journal.flush()
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await loading
        finally:
            await site.store.stop()


async def _load(store: Store) -> None:
    try:
        await store.loaded()
    except StoreError:
        logging.getLogger(__name__).exception(
            "the store does not load: queries are refused, pages and dumps are served"
        )


async def _told(request: Request, error: Exception) -> Response:
    """What the router itself refuses, told like everything else."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        methods = ", ".join(allowed(request.url.path))
        problem = problems.Problem(
            405, f"This address takes {methods}.", "method-not-allowed", headers={"Allow": methods}
        )
        return problems.respond(request, problem)
    detail = "Nothing has this address." if status == 404 else "The request cannot be answered."
    return problems.respond(request, problems.Problem(status, detail))


async def _unwritable(request: Request, error: Exception) -> Response:
    """What the format that was chosen cannot say: another one can."""
    return problems.respond(request, problems.Problem(406, f"{error}; take another format.", "not-acceptable"))


def _add_signs_of_life(app: FastAPI, site: Site) -> None:
    @app.api_route("/health", methods=["GET", "HEAD"], summary="The server runs")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.api_route("/ready", methods=["GET", "HEAD"], summary="Queries are answered")
    async def ready() -> JSONResponse:
        if site.store.ready:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "loading"}, 503, {"Retry-After": "2"})


def _routes(site: Site, searches: Searches, endpoint: sparql.Sparql, shares: clients.Clients) -> list[Route | Mount]:
    twins = Twins(site.rooms)
    named, datasets = things.Documents(site), dataset.Datasets(site, twins)

    async def start(request: Request) -> Response:
        return _page(request, "catalogue.html", None) if site.several else _start(request, site.rooms[0])

    async def described(request: Request) -> Response:
        return datasets.answer(request, site.rooms)

    async def void(_request: Request) -> Response:
        return Response(status_code=303, headers={"Location": f"{site.public_url}/dataset"})

    async def explained(request: Request) -> Response:
        return _page(request, "problems.html", None)

    async def named_thing(request: Request) -> Response:
        return await named.answer(request)

    static = StaticFiles(directory=str(files("lod.web").joinpath("static")))
    return [
        Route("/", start),
        Route(PATH, endpoint.answer, methods=["GET", "POST"]),
        Route("/sparql/examples", endpoint.examples),
        Route("/search", searches.answer),
        Route("/problems", explained),
        Route("/dataset", described),
        Route("/.well-known/void", void),
        Mount("/static", static),
        *_linking_routes(site, twins, shares),
        *harvest.routes(site),
        *(route for room in site.rooms for route in (*_room_routes(site, room, datasets), *_page_routes(site, room))),
        Route("/{path:path}", named_thing),
    ]


def _linking_routes(site: Site, twins: Twins, shares: clients.Clients) -> list[Route]:
    """Reconciliation and look-up: of each edition, and with several of all of them together."""
    site.offer(twins=twins, embedded=Embedded(site))
    scopes = [Scope(site, (room,), room.prefix) for room in site.rooms]
    scopes += [Scope(site, site.rooms, "")] if site.several else []
    return [
        route
        for scope in scopes
        for route in (*reconcile.Reconciliation(scope, shares).routes(), *lookup.Lookups(scope, twins).routes())
    ]


def _room_routes(site: Site, room: Room, datasets: dataset.Datasets) -> list[Route]:
    """What every edition has, below its prefix."""
    files_of = dumps.Dumps(site)

    async def start(request: Request) -> Response:
        return _start(request, room)

    async def described(request: Request) -> Response:
        return datasets.answer(request, (room,))

    async def void(_request: Request) -> Response:
        return Response(status_code=303, headers={"Location": room.address("dataset")})

    async def listing(request: Request) -> Response:
        return files_of.listing(request, room)

    async def file(request: Request) -> Response:
        return await files_of.file(request, room, request.path_params["name"])

    own = [Route(f"{room.prefix}/dumps/", listing), Route(f"{room.prefix}/dumps/{{name:path}}", file)]
    if room.prefix:
        own += [
            Route(f"{room.prefix}/", start),
            Route(f"{room.prefix}/dataset", described),
            Route(f"{room.prefix}/.well-known/void", void),
        ]
    return own


def _page_routes(site: Site, room: Room) -> list[Route]:
    """Pictures and citations of one edition."""
    drawn = gallery.Gallery(site)

    async def cited(request: Request) -> Response:
        return cite.file(request, room, request.path_params["name"])

    def shown(name: str, form: str) -> Route:
        async def picture(request: Request) -> Response:
            return drawn.answer(request, room, name, form)

        return Route(f"{room.prefix}/{name}" + ("" if form == "html" else f".{form}"), picture)

    pictures = [shown(name, form) for name in drawn.shown for form in ("html", "svg", "csv")]
    return [*pictures, Route(f"{room.prefix}/cite/{{name:path}}", cited)]


def _start(request: Request, room: Room) -> Response:
    site: Site = request.app.state.site
    return respond(request, Representation(views.start(site, request, room), HTML.content_type), {})


def _page(request: Request, template: str, room: Room | None) -> Response:
    site: Site = request.app.state.site
    page = site.html(request, template, room=room, refusals=REFUSALS.values())
    return respond(request, Representation(page, HTML.content_type), {})
