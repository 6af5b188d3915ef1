"""The SPARQL 1.1 Protocol, its query half. What a query may cost is the store's affair; this module speaks HTTP."""

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lod.formats import (
    CSV_RESULTS,
    GRAPH_FORMATS,
    HTML,
    JSON_LD,
    JSON_RESULTS,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    RESULT_FORMATS,
    SPREADSHEET,
    TURTLE,
    XML_RESULTS,
    Format,
)
from lod.store import Answer, Graphs, Limits, Refusal, TooMany
from lod.store.named import no_graph
from lod.web import access, bodies, kept, negotiate, problems, service
from lod.web.clients import Clients
from lod.web.conditional import Representation, respond
from lod.web.problems import Problem
from lod.web.protocol import TAKEN
from lod.web.service import Lines, Table
from lod.web.site import Site

_ROWS_SHOWN = 1000
_FORMATS = (*RESULT_FORMATS, *GRAPH_FORMATS)
_BY_TYPE = {form.media_type: form for form in (*_FORMATS, SPREADSHEET)}
_BY_NAME: dict[str, tuple[Format, ...]] = {
    **{form.media_type: (form,) for form in _FORMATS},
    **{form.name: (form,) for form in (*_FORMATS, SPREADSHEET)},
    "json": (JSON_RESULTS, JSON_LD),
    "xml": (XML_RESULTS, RDF_XML),
    "turtle": (TURTLE,),
    "n3": (TURTLE,),
    "json-ld": (JSON_LD,),
    "rdf+xml": (RDF_XML,),
}
"""What `format=` may say: our names, media types, and the words that clients use; the first that suits is taken."""
_FILES = {CSV_RESULTS.media_type: "result.csv", SPREADSHEET.media_type: "result-for-spreadsheets.csv"}
"""What browsers save instead of showing it."""
_Tell = Callable[[Request, Answer | Refusal], Awaitable[Response]]
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request of the protocol, read. `text` is `None` when there is no query."""

    text: str | None
    limits: Limits
    graphs: Graphs
    forms: tuple[Format, ...]
    """Those named in the request; empty when its header decides."""


class Sparql:
    """The endpoint over all editions."""

    def __init__(self, site: Site, clients: Clients) -> None:
        self._site = site
        self._clients = clients

    async def answer(self, request: Request) -> Response:
        """GET and POST on `/sparql`."""
        asked = await self._read(request)
        if isinstance(asked, Problem):
            return problems.respond(request, asked)
        if asked.text is None:
            return self._describe(request)
        wanted = asked.forms or _wanted(request.headers.get("accept"))
        if wanted[:1] == (HTML,):
            return await self._page(request, asked)
        formats = tuple(form for form in wanted if form is not HTML)
        return await self._ask(request, asked.text, formats, asked, _told)

    async def examples(self, request: Request) -> Response:
        """The shipped queries with title, question and text, as JSON."""
        shipped = [
            {
                "name": query.name,
                "title": query.title,
                "question": query.question,
                "query": query.text,
                "edition": room.edition.id,
            }
            for room in self._site.rooms
            for query in room.queries
        ]
        body = json.dumps(shipped, ensure_ascii=False, indent=1).encode()
        return respond(request, Representation(body, "application/json"), {})

    async def _read(self, request: Request) -> _Asked | Problem:
        pairs = bodies.pairs(request.scope.get("query_string", b""))
        if isinstance(pairs, Problem):
            return pairs
        if request.method == "POST":
            body = await bodies.read(request)
            if isinstance(body, Problem):
                return body
            posted = _posted(request, body)
            if isinstance(posted, Problem):
                return posted
            pairs = pairs + posted
        return self._asked(pairs)

    def _asked(self, pairs: Sequence[tuple[str, str]]) -> _Asked | Problem:
        def every(name: str) -> tuple[str, ...]:
            return tuple(value for key, value in pairs if key == name)

        if every("update"):
            return Problem(
                403, "This endpoint answers queries, it changes nothing.", "update-refused", "Updates are refused"
            )
        queries, forms = every("query"), every("format")
        known = [form for form in forms if form in _BY_NAME]  # SPARQLWrapper adds a list of types that is none
        if len(queries) > 1:
            return Problem(400, f"There are {len(queries)} queries in one request; send one.", "several-queries")
        if forms and not known:
            return Problem(400, f"There is no such format; there are {', '.join(_BY_NAME)}.", "unknown-format")
        limits = _limits(self._site.limits, every("timeout"))
        if isinstance(limits, Problem):
            return limits
        graphs = Graphs(every("default-graph-uri"), every("named-graph-uri"))
        nameless = no_graph(graphs)
        if nameless is not None:
            return problems.of_refusal(nameless)
        return _Asked(queries[0] if queries else None, limits, graphs, _BY_NAME[known[-1]] if known else ())

    async def _ask(
        self, request: Request, text: str, formats: Sequence[Format], asked: _Asked, tell: _Tell
    ) -> Response:
        """The store's answer as `tell` tells it, if the client may have one now; the log gets word of it.

        It counts as one of the client's queries until the client has taken it: what waits to be read is held in memory.
        """
        share = self._clients.enter(request)
        if isinstance(share, TooMany):
            access.told(request.scope, text, share)
            return await tell(request, share)
        try:
            result = await self._answered(request, text, formats, asked)
            access.told(request.scope, text, result)
            response = _gone() if result is None else await tell(request, result)
        except BaseException:
            self._clients.leave(share)
            raise
        response.background = BackgroundTask(self._taken, request, share)
        return response

    async def _taken(self, request: Request, share: int) -> None:
        """The client has its answer, or has gone."""
        try:
            taken = request.scope.get("extensions", {}).get(TAKEN)
            if taken is not None:
                await taken()
        finally:
            self._clients.leave(share)

    async def _answered(
        self, request: Request, text: str, formats: Sequence[Format], asked: _Asked
    ) -> Answer | Refusal | None:
        """The store's answer. A client that goes away takes its query with it: `None`."""
        waiting = True
        this = asyncio.current_task()
        gone = asyncio.ensure_future(_disconnected(request))

        def left(_: object) -> None:
            if waiting and this is not None and not gone.cancelled():
                this.cancel()

        gone.add_done_callback(left)
        try:
            return await self._site.store.query(text, formats, asked.limits, asked.graphs)
        except asyncio.CancelledError:
            if this is None or not gone.done() or gone.cancelled() or this.uncancel():
                raise
            return None
        finally:
            waiting = False
            gone.cancel()

    def _describe(self, request: Request) -> Response:
        """Without a query: a form for browsers, a Service Description for programs."""
        form = negotiate.choose(request.headers.get("accept"), (*RDF_FORMATS, HTML))
        if form is None:
            offered = [form.media_type for form in (*RDF_FORMATS, HTML)]
            return problems.respond(
                request,
                Problem(
                    406, f"The description comes as {', '.join(offered)}.", "not-acceptable", facts={"offered": offered}
                ),
            )
        if form is HTML:
            return self._html(request, None, _Asked(None, self._site.limits, Graphs(), ()))
        return respond(
            request, Representation(service.description(self._site, form), form.content_type), {"Vary": "Accept"}
        )

    async def _page(self, request: Request, asked: _Asked) -> Response:
        """The form with the result below it."""
        if asked.text is None or not asked.text.strip():
            return self._html(request, None, replace(asked, text=None))
        tell = functools.partial(self._shown, asked=asked)
        return await self._ask(request, asked.text, (JSON_RESULTS, N_TRIPLES), asked, tell)

    async def _shown(self, request: Request, result: Answer | Refusal, asked: _Asked) -> Response:
        """The page with a result on it, which is read aside: it may be long."""
        if isinstance(result, Refusal):
            return self._html(request, result, asked)
        if _is_table(result):
            read = await run_in_threadpool(service.table, self._site, result.body, _ROWS_SHOWN)
            return self._html(request, read, asked)
        return self._html(request, service.lines(result.body, _ROWS_SHOWN), asked)

    def _html(self, request: Request, result: Table | Lines | Refusal | None, asked: _Asked) -> Response:
        refusal = problems.of_refusal(result) if isinstance(result, Refusal) else None
        page = self._site.html(
            request,
            "sparql.html",
            room=None if self._site.several else self._site.rooms[0],
            query=asked.text or "",
            refusal=refusal,
            table=result if isinstance(result, Table) else None,
            graph=result if isinstance(result, Lines) else None,
            formats=RESULT_FORMATS if isinstance(result, Table) else RDF_FORMATS,
            limits=self._site.limits,
        )
        headers = {**(refusal.headers if refusal else {}), "Content-Type": HTML.content_type, "Vary": "Accept"}
        return Response(page, refusal.status if refusal else 200, headers)


@functools.lru_cache(maxsize=512)
def _wanted(accept: str | None) -> tuple[Format, ...]:
    """The formats that an `Accept` takes, the page among them, best first."""
    return tuple(negotiate.rank(accept, (*_FORMATS, HTML)))


async def _told(request: Request, result: Answer | Refusal) -> Response:
    """For programs."""
    if isinstance(result, Refusal):
        return problems.respond(request, problems.of_refusal(result))
    return _given(request, result)


def _given(request: Request, answer: Answer) -> Response:
    """A whole result as a response; what was asked for with GET has a validator."""
    form = _BY_TYPE[answer.media_type]
    content_type = CSV_RESULTS.content_type if form is SPREADSHEET else form.content_type
    headers = {"Vary": "Accept"}
    if form.media_type in _FILES:
        headers["Content-Disposition"] = f'attachment; filename="{_FILES[form.media_type]}"'
    if request.method in ("GET", "HEAD"):
        if answer.lasting:
            kept.keep(request.scope)
        return respond(request, Representation(answer.body, content_type), headers)
    return Response(answer.body, headers={**headers, "Content-Type": content_type, "Cache-Control": "no-cache"})


def _gone() -> Response:
    """For the log only: nobody is there to read it."""
    return Response(status_code=499)


def _is_table(answer: Answer) -> bool:
    return answer.media_type == JSON_RESULTS.media_type


def _limits(limits: Limits, asked: Sequence[str]) -> Limits | Problem:
    """The limits, lowered to a `timeout` in seconds if there is one."""
    if not asked:
        return limits
    try:
        seconds = float(asked[-1])
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        return Problem(400, "timeout is a number of seconds above zero.", "bad-timeout")
    return limits.lowered(seconds)


def _posted(request: Request, body: bytes) -> list[tuple[str, str]] | Problem:
    """What a POST says, by its media type."""
    media_type, charset = bodies.media_type(request)
    if media_type == _UPDATE:
        return Problem(
            403, "This endpoint answers queries, it changes nothing.", "update-refused", "Updates are refused"
        )
    if media_type not in (_QUERY, bodies.FORM):
        return Problem(
            415,
            f"A query comes as {_QUERY} or as {bodies.FORM}.",
            "unsupported-media-type",
            headers={"Accept-Post": f"{_QUERY}, {bodies.FORM}"},
        )
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        return Problem(400, "A query is sent in UTF-8.", "not-utf-8")
    if media_type == bodies.FORM:
        return bodies.pairs(body.strip())
    try:
        return [("query", body.decode("utf-8"))]
    except UnicodeDecodeError:
        return Problem(400, "The query is not UTF-8.", "not-utf-8")


async def _disconnected(request: Request) -> None:
    """Returns when the client has gone."""
    while True:
        message: Any = await request.receive()
        if message["type"] == "http.disconnect":
            return
