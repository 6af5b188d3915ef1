"""The reconciliation service: version 0.2 at `/reconcile`, the 1.0 draft below `/reconcile/1.0/`; suggest, preview, extend."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lod import __version__
from lod.errors import LinkingError
from lod.formats import HTML
from lod.linking import protocol
from lod.linking.protocol import Json
from lod.linking.query import Query
from lod.store import TooMany
from lod.web import bodies, problems
from lod.web.clients import Clients
from lod.web.numbers import number
from lod.web.problems import Problem
from lod.web.scope import Scope

VERSIONS = ("0.2", "1.0-draft")
DRAFT = "/reconcile/1.0"
_SHOWN = 20
_WIDTH, _HEIGHT = 430, 180
_FRAMED = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *; object-src 'none'"
"""The preview may stand in a frame of any site: it shows nothing private and does nothing."""
_AT_ONCE = 2
"""So many batches are worked on at once; others wait, and pages are served meanwhile."""


class Reconciliation:
    """The services over one scope. What a client asks of them counts with its queries."""

    def __init__(self, scope: Scope, clients: Clients) -> None:
        self._scope = scope
        self._clients = clients
        self._slots: anyio.CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        """Every address of the service."""
        below = self._scope.prefix
        return [
            Route(f"{below}/reconcile", self._told(self.batch), methods=["GET", "POST"]),
            Route(f"{below}/suggest/{{what}}", self._told(self.suggest)),
            Route(f"{below}/preview", self._told(self.preview)),
            Route(f"{below}/extend", self._told(self.extend), methods=["GET", "POST"]),
            Route(f"{below}/extend/propose", self._told(self.propose)),
            Route(f"{below}{DRAFT}", self._told(self.draft)),
            Route(f"{below}{DRAFT}/", self._told(self.draft)),
            *(
                Route(f"{below}{DRAFT}/{name}", self._told(self.match), methods=["POST"])
                for name in ("match", "reconcile")
            ),
            Route(f"{below}{DRAFT}/suggest/{{what}}", self._told(self.suggest)),
            Route(f"{below}{DRAFT}/preview", self._told(self.preview)),
            Route(f"{below}{DRAFT}/extend", self._told(self.extend_draft), methods=["POST"]),
            Route(f"{below}{DRAFT}/extend/propose", self._told(self.propose)),
        ]

    def _told(self, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        """The answer, or what is wrong with the request."""

        async def told(request: Request) -> Response:
            client = self._clients.enter(request)
            if isinstance(client, TooMany):
                return problems.respond(request, problems.of_refusal(client))
            try:
                response: Response = await answer(request)
            except protocol.TooMany as error:
                return problems.respond(request, Problem(413, str(error), "batch-too-large"))
            except LinkingError as error:
                return problems.respond(request, Problem(400, str(error), "bad-reconciliation-request"))
            finally:
                self._clients.leave(client)
            return response

        return told

    async def _matched(self, queries: list[Query], version: str) -> list[list[Json]]:
        """The candidates of each query. Matching is work for the processor: it is done beside the loop that serves pages."""
        self._slots = self._slots or anyio.CapacityLimiter(_AT_ONCE)

        def work() -> list[list[Json]]:
            matcher = self._scope.matcher
            return [[protocol.candidate(found, version) for found in matcher.match(query)] for query in queries]

        return await anyio.to_thread.run_sync(work, limiter=self._slots)

    # --- version 0.2

    async def batch(self, request: Request) -> Response:
        """The manifest; with `queries` a batch of them; with `extend` the values of properties (both as OpenRefine sends them)."""
        given = await _form(request)
        if isinstance(given, Problem):
            return problems.respond(request, given)
        if "queries" in given:
            asked = protocol.queries_02(_json(given["queries"], "queries"))
            found = await self._matched(list(asked.values()), "0.2")
            return _answer({key: {"result": result} for key, result in zip(asked, found, strict=True)})
        if "extend" in given:
            return _answer(await self._extended(_json(given["extend"], "extend"), "0.2"))
        if request.method == "POST":
            raise LinkingError("A POST brings the form field queries, or extend.")
        return _answer(self.manifest())

    def manifest(self) -> Json:
        """What the service can do, for version 0.2 (the 1.0 draft says it in other words)."""
        here = self._scope.address
        return {
            "versions": list(VERSIONS),
            "name": self._scope.title,
            "identifierSpace": self._scope.names,
            "schemaSpace": protocol.SCHEMA_SPACE,
            "documentation": f"{here}/dataset",
            "serviceVersion": __version__,
            "logo": f"{self._scope.site.public_url}/static/icon.svg",
            "view": {"url": f"{here}/{{{{id}}}}"},
            "defaultTypes": protocol.types(),
            "suggest": {
                name: {"service_url": here, "service_path": f"/suggest/{name}"}
                for name in ("entity", "type", "property")
            },
            "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
            "extend": {
                "propose_properties": {"service_url": here, "service_path": "/extend/propose"},
                "property_settings": [
                    {"name": "limit", "label": "Limit", "type": "number", "default": 0, "help_text": protocol.LIMIT}
                ],
            },
        }

    async def extend(self, request: Request) -> Response:
        """Values of properties: `extend` in a form or in the address, or the request itself as JSON."""
        if request.method == "POST" and "json" in request.headers.get("content-type", ""):
            asked = await _posted_json(request)
        else:
            given = await _form(request)
            if isinstance(given, Problem):
                return problems.respond(request, given)
            asked = _json(given.get("extend", ""), "extend")
        return (
            problems.respond(request, asked)
            if isinstance(asked, Problem)
            else _answer(await self._extended(asked, "0.2"))
        )

    async def _extended(self, asked: Any, version: str) -> Json:
        ids, wanted = protocol.extension(asked)
        service = self._scope.address + ("/reconcile" if version == "0.2" else DRAFT)

        def work() -> Json:
            matcher = self._scope.matcher
            return protocol.extended([(each, matcher.get(each)) for each in ids], wanted, version, service)

        return await anyio.to_thread.run_sync(work)

    # --- both versions

    async def suggest(self, request: Request) -> Response:
        """Entities, types or properties that begin with `prefix`; `cursor` leaves out so many."""
        asked, what = request.query_params, request.path_params["what"]
        if what not in ("entity", "type", "property"):
            return problems.respond(
                request, Problem(404, "There are suggestions of entity, type and property.", "unknown")
            )
        if "prefix" not in asked:
            raise LinkingError("What is to be suggested begins with prefix.")
        prefix, cursor = asked["prefix"][: protocol.NAME], number(asked.get("cursor", "0"))
        if cursor is None:
            raise LinkingError("cursor is a number: so many suggestions are left out.")
        kind = protocol.kind_of(asked.get("type", ""))
        if what == "entity":
            found = await anyio.to_thread.run_sync(
                lambda: [
                    protocol.suggestion(each) for each in self._scope.matcher.suggest(prefix, (kind,) if kind else ())
                ]
            )
        else:
            found = protocol.types(prefix) if what == "type" else protocol.properties(kind, prefix)
        return _answer({"result": found[cursor : cursor + _SHOWN]})

    async def propose(self, request: Request) -> Response:
        """The properties that can be had of things of a type."""
        asked = request.query_params
        limit = number(asked.get("limit", ""))
        kind = protocol.kind_of(asked.get("type", ""))
        offered = [{"id": each["id"], "name": each["name"]} for each in protocol.properties(kind)]
        answer: Json = {"properties": offered[:limit]}
        if asked.get("type"):
            answer["type"] = asked["type"]
        if limit is not None:
            answer["limit"] = limit
        return _answer(answer)

    async def preview(self, request: Request) -> Response:
        """A small page about an entity, for the frames of other programs."""
        identifier = request.query_params.get("id", "")
        place = self._scope.place(identifier)
        entity = await anyio.to_thread.run_sync(lambda: self._scope.matcher.get(identifier))
        if place is None or entity is None:
            return problems.respond(request, Problem(404, "There is no entity with this id.", "unknown"))
        page = self._scope.site.html(
            request, "preview.html", room=place[0], entity=entity, address=self._scope.url(entity)
        )
        return Response(page, headers={"Content-Type": HTML.content_type, "Content-Security-Policy": _FRAMED})

    # --- the 1.0 draft

    async def draft(self, _request: Request) -> Response:
        """The manifest of the 1.0 draft."""
        said = self.manifest()
        kept = {name: said[name] for name in ("name", "documentation", "serviceVersion", "logo", "defaultTypes")}
        settings: list[Mapping[str, Any]] = [
            {"id": "limit", "name": "Limit", "type": "number", "default": 0, "helpText": protocol.LIMIT}
        ]
        answer = {
            **kept,
            "versions": [VERSIONS[1]],
            "lang": "en",
            "view": {"url": f"{self._scope.address}/{{+id}}"},
            "suggest": {"entity": True, "type": True, "property": True},
            "preview": {"width": _WIDTH, "height": _HEIGHT},
            "extend": {"proposeProperties": True, "propertySettings": settings},
            "standardizedScore": True,
        }
        return _answer(answer)

    async def match(self, request: Request) -> Response:
        """A batch of queries as JSON."""
        asked = await _posted_json(request)
        if isinstance(asked, Problem):
            return problems.respond(request, asked)
        found = await self._matched(protocol.queries_10(asked), "1.0-draft")
        return _answer({"results": [{"candidates": each} for each in found]})

    async def extend_draft(self, request: Request) -> Response:
        """Values of properties, asked for as JSON."""
        asked = await _posted_json(request)
        if isinstance(asked, Problem):
            return problems.respond(request, asked)
        return _answer(await self._extended(asked, "1.0-draft"))


def _answer(content: Json) -> Response:
    body = json.dumps(content, ensure_ascii=False)
    return Response(body, headers={"Content-Type": "application/json", "Cache-Control": "no-cache"})


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise LinkingError(f"{name} is not JSON.") from None


async def _posted_json(request: Request) -> Any:
    body = await bodies.read(request)
    if isinstance(body, Problem):
        return body
    try:
        return _json(body.decode(), "The body")
    except UnicodeDecodeError:
        raise LinkingError("The body is not UTF-8.") from None


async def _form(request: Request) -> dict[str, str] | Problem:
    """The fields of the address, and of a form that is posted."""
    given = dict(request.query_params)
    if request.method != "POST":
        return given
    if bodies.media_type(request)[0] != bodies.FORM:
        return Problem(415, f"A form is sent as {bodies.FORM}.", "unsupported-media-type")
    body = await bodies.read(request)
    fields = body if isinstance(body, Problem) else bodies.pairs(body.strip())
    return fields if isinstance(fields, Problem) else given | dict(fields)
