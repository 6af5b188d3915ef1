"""From an authority's address to ours: `/lookup`, one by one and in bulk; `/beacon/`; the linkset `/same-as`."""

import json
from dataclasses import replace
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lod.dumps.linksets import Link, Linkset, beacon
from lod.errors import LinkingError
from lod.formats import HTML, RDF_FORMATS
from lod.linking.entity import Entity
from lod.linking.protocol import type_of
from lod.terms import Triple, iri
from lod.vocab import owl
from lod.web import bodies, describe, modified, negotiate, problems, render
from lod.web.conditional import Representation, respond
from lod.web.problems import Problem
from lod.web.scope import Scope
from lod.web.twins import Twins, pairs

BULK = 1000
"""The most addresses in one request."""


class Lookups:
    """Look-up over one scope, and the files of links of its editions."""

    def __init__(self, scope: Scope, twins: Twins) -> None:
        self._scope, self._twins = scope, twins

    def routes(self) -> list[Route]:
        """Every address."""
        below = self._scope.prefix
        own = [
            Route(f"{below}/lookup", self.answer, methods=["GET", "POST"]),
            Route(f"{below}/same-as", self.same_as),
        ]
        if not self._scope.several:
            own += [Route(f"{below}/beacon/", self.listing), Route(f"{below}/beacon/{{name}}.txt", self.file)]
        return own

    async def answer(self, request: Request) -> Response:
        """303 to the one that has this address, 300 with a list when several have it, 404 when nobody has."""
        if request.method == "POST":
            return await self._bulk(request)
        wanted = request.query_params.getlist("uri")
        if len(wanted) != 1 or not wanted[0].strip():
            detail = "Look up one address: /lookup?uri=https://d-nb.info/gnd/118642979. Several are sent with POST."
            return problems.respond(request, Problem(400, detail, "one-address"))
        found = await anyio.to_thread.run_sync(lambda: self._scope.lookup.find(wanted[0]))
        if not found:
            detail = "Nobody and nothing here is known by this address."
            return problems.respond(request, Problem(404, detail, "unknown-address"))
        if len(found) == 1:
            return Response(status_code=303, headers={"Location": self._scope.url(found[0])})
        links = ", ".join(f'<{self._scope.url(each)}>; rel="alternate"' for each in found)
        headers = {"Link": links, "Vary": "Accept"}
        if negotiate.choose(request.headers.get("accept"), (negotiate.PROBLEM, HTML)) is HTML:
            rows = [(self._scope.url(each), each) for each in found]
            room = None if self._scope.several else self._scope.rooms[0]
            page = self._scope.site.html(request, "lookup.html", room=room, uri=wanted[0], found=rows)
            return Response(page, 300, {**headers, "Content-Type": HTML.content_type})
        return _json({"uri": wanted[0], "found": [self._told(each) for each in found]}, 300, headers)

    async def _bulk(self, request: Request) -> Response:
        """Addresses as JSON (`{"uris": […]}`) or one a line as text; what each is here."""
        body = await bodies.read(request)
        if isinstance(body, Problem):
            return problems.respond(request, body)
        try:
            wanted = _addresses(body, request.headers.get("content-type", ""))
        except LinkingError as error:
            return problems.respond(request, Problem(400, str(error), "bad-lookup"))
        if len(wanted) > BULK:
            detail = f"There are {len(wanted):,} addresses; at most {BULK:,} are looked up at once."
            return problems.respond(request, Problem(413, detail, "batch-too-large"))

        def work() -> dict[str, list[dict[str, Any]]]:
            lookup = self._scope.lookup
            return {uri: [self._told(each) for each in lookup.find(uri)] for uri in wanted}

        return _json({"results": await anyio.to_thread.run_sync(work)})

    def _told(self, entity: Entity) -> dict[str, Any]:
        return {
            "id": entity.id,
            "iri": entity.iri,
            "url": self._scope.url(entity),
            "name": entity.label,
            "description": entity.description,
            "type": type_of(entity.kind),
            "letters": entity.letters,
        }

    # --- files of links

    async def listing(self, request: Request) -> Response:
        """The BEACON lists there are."""
        room = self._scope.rooms[0]
        rows = [(each.label, room.link(f"beacon/{each.name}.txt"), len(each.links)) for each in describe.links(room)]
        page = self._scope.site.html(request, "beacon.html", room=room, lists=rows)
        return respond(request, Representation(page, HTML.content_type), {"Vary": "Accept"})

    async def file(self, request: Request) -> Response:
        """The BEACON list of an authority, its targets at the address where this server is reached."""
        room = self._scope.rooms[0]
        wanted = next((each for each in describe.links(room) if each.name == request.path_params["name"]), None)
        if wanted is None:
            known = ", ".join(each.name for each in describe.links(room)) or "none"
            return problems.respond(request, Problem(404, f"There is no such list; there are {known}.", "unknown"))
        iris = room.documents.iris
        here = tuple(replace(link, thing=iri(room.address(iris.path(link.thing)))) for link in wanted.links)
        lines = beacon(
            Linkset(wanted.name, here),
            title=f"{room.title}: {wanted.label}",
            feed=room.address(f"beacon/{wanted.name}.txt"),
            timestamp=last.isoformat() if (last := modified.of_all(room)) else "",
            target=room.address(""),
        )
        return respond(request, Representation("".join(lines).encode(), "text/plain; charset=utf-8"), {})

    async def same_as(self, request: Request) -> Response:
        """`owl:sameAs` between our things and the authorities'; of several editions also between the editions."""
        form = negotiate.choose(request.headers.get("accept"), RDF_FORMATS)
        if form is None:
            offered = [each.media_type for each in RDF_FORMATS]
            detail = f"The linkset comes as {', '.join(offered)}."
            return problems.respond(request, Problem(406, detail, "not-acceptable", facts={"offered": offered}))
        links: list[Link] = [link for room in self._scope.rooms for each in describe.links(room) for link in each.links]
        triples: list[Triple] = [link.triple for link in links]
        if self._scope.several:
            triples += self._between()
        body = render.rdf(sorted(set(triples)), form, self._scope.rooms[0].edition.base)
        return respond(request, Representation(body, form.content_type), {"Vary": "Accept"})

    def _between(self) -> list[Triple]:
        """Links from each edition's things to the same things of the others."""
        groups = self._twins.groups()
        rooms = self._scope.rooms
        found = ((a, b) for one in rooms for other in rooms if one is not other for a, b in pairs(groups, one, other))
        return [(iri(a.iri), owl.sameAs, iri(b.iri)) for a, b in found]


def _addresses(body: bytes, content_type: str) -> list[str]:
    try:
        text = body.decode()
        if "json" not in content_type:
            return [line.strip() for line in text.splitlines() if line.strip()]
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise LinkingError('Addresses are sent as JSON, {"uris": ["https://…"]}, or as text, one a line.') from None
    listed = given.get("uris") if isinstance(given, dict) else given
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise LinkingError('Addresses are a list of strings: {"uris": ["https://…"]}.')
    return listed


def _json(content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps(content, ensure_ascii=False)
    return Response(body, status, {"Content-Type": "application/json", "Cache-Control": "no-cache", **(headers or {})})
