"""The data set described for machines (DCAT, VoID, schema.org) and people."""

import json

from starlette.requests import Request
from starlette.responses import Response

from lod.formats import HTML, JSON_LD, RDF_FORMATS, TURTLE, Format
from lod.mapping import PROFILE
from lod.web import changelog, cite, describe, files, links, negotiate, problems, quality, render
from lod.web.conditional import Representation, respond
from lod.web.site import Room, Site
from lod.web.twins import Twins


class Datasets:
    """`/dataset` in every RDF format and as a page; with several editions the one at the root tells of all."""

    def __init__(self, site: Site, twins: Twins) -> None:
        self._site, self._twins = site, twins

    def answer(self, request: Request, rooms: tuple[Room, ...]) -> Response:
        """Negotiated, at one address."""
        wanted = request.query_params.get("format")
        offered = (*RDF_FORMATS, HTML)
        if wanted is not None:
            form = next((form for form in offered if form.name == wanted), None)
            if form is None:
                return problems.respond(request, problems.Problem(400, "There is no such format.", "unknown-format"))
        else:
            form = negotiate.choose(request.headers.get("accept"), offered)
        if form is None:
            kinds = [form.media_type for form in offered]
            problem = problems.Problem(
                406, f"This comes as {', '.join(kinds)}.", "not-acceptable", facts={"offered": kinds}
            )
            return problems.respond(request, problem)
        headers = {"Vary": "Accept"}
        if len(rooms) == 1:
            items = [(path, file.media_type) for path, file in files.downloads(rooms[0]) if file.role == "dump"]
            headers["Link"] = links.of_dataset(rooms[0], form, items)
        return respond(request, Representation(self._body(request, form, rooms), form.content_type), headers)

    def _told(self, request: Request, room: Room) -> dict[str, object]:
        """What the page says of one edition besides its settings."""
        words = self._site.words(request)
        return {
            "room": room,
            "downloads": files.downloads(room),
            "quality": quality.of(self._site, room, words),
            "changes": changelog.of(room.told_in(words)),
            "citation": cite.dataset(room),
        }

    def _body(self, request: Request, form: Format, rooms: tuple[Room, ...]) -> bytes:
        if form is HTML:
            linked_data = json.loads(self._body(request, JSON_LD, rooms))
            return self._site.html(
                request,
                "dataset.html",
                room=rooms[0] if len(rooms) == 1 else None,
                rooms=rooms,
                told=[self._told(request, room) for room in rooms],
                linked_data=linked_data,
                profile=PROFILE,
                formats=RDF_FORMATS,
            )
        triples = [triple for room in rooms for triple in describe.description(self._site, room)]
        if len(rooms) > 1:
            triples = [*describe.catalogue(self._site), *triples, *describe.between(rooms, self._twins)]
        base = rooms[0].documents.iris.base
        return render.rdf(list(dict.fromkeys(triples)), form if form in RDF_FORMATS else TURTLE, base)
