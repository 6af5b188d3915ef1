"""Timeline, map, network and model: pages with picture and table, and the same as SVG and CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from lod.formats import HTML, fits_xml, xml_words
from lod.web import browse, census, overview, problems
from lod.web.conditional import Representation, respond
from lod.web.pictures import geography, model, network, timeline
from lod.web.pictures.drawing import Drawing
from lod.web.site import Room, Site
from lod.web.words import prefixed

_SVG = "image/svg+xml"
_TITLES = {"timeline": "Timeline", "map": "Map", "network": "Network", "schema": "How a letter is modelled"}
_ROWS = 300
"""So many rows of a table stand on the page; the CSV has all."""


class Gallery:
    """The pictures of all editions. What depends on data alone is made once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: dict[tuple[str, str, str], Any] = {}
        self.shown: dict[str, Callable[[Request, Room, str], Response]] = {
            "timeline": self.timeline,
            "map": self.map,
            "network": self.network,
            "schema": self.schema,
        }

    def answer(self, request: Request, room: Room, name: str, form: str) -> Response:
        """One picture as a page, as SVG or as CSV."""
        if name not in self.shown or form not in ("html", "svg", "csv") or (name, form) == ("schema", "csv"):
            return problems.respond(request, problems.Problem(404, "There is no such picture.", "unknown"))
        return self.shown[name](request, room, form)

    def _once(self, room: Room, name: str, key: str, make: Callable[[], Any]) -> Any:
        """What was made before for the same data, language and choice."""
        found = self._made.get((room.edition.id, name, key))
        if found is None:
            found = self._made[room.edition.id, name, key] = make()
        return found

    def timeline(self, request: Request, room: Room, form: str) -> Response:
        """Letters and events in time."""
        made: overview.Timeline = self._once(room, "timeline", "", lambda: overview.timeline(room.index))
        if form == "csv":
            rows = [
                (one.name, *(one.counts.get(path, 0) for path in (*made.writers, overview.OTHERS)), len(one.events))
                for one in made.bins
            ]
            return _csv(
                request, room, "timeline", (made.unit, *map(room.names.text, made.writers), "others", "events"), rows
            )
        words = self._site.words(request)
        drawing = self._once(room, "timeline-drawn", words.tag, lambda: timeline.draw(room.told_in(words), made, words))
        return self._picture(
            request,
            room,
            "timeline",
            form,
            drawing,
            made=made,
            others=overview.OTHERS,
            ends=(timeline.LEFT, timeline.LOW),
        )

    def map(self, request: Request, room: Room, form: str) -> Response:
        """Where letters went from and to, in all years or in one."""
        asked = request.query_params.get("year", "")
        everything = self._once(room, "map", "", lambda: overview.ways(room.index))
        years = self._once(room, "years", "", lambda: geography.years(everything))
        year = asked if asked in years else ""
        known = self._once(room, "map", year, lambda: geography.of_year(everything, year))
        if form == "csv":
            rows = [
                (
                    room.names.text(way.start),
                    room.names.text(way.goal) if way.goal else "",
                    "stated" if way.sure and way.goal else "concluded" if way.goal else "",
                    len(way.letters),
                    " ".join(row.path for row in way.letters),
                )
                for way in known
            ]
            return _csv(request, room, "map", ("from", "to", "goal", "letters", "which"), rows)
        words = self._site.words(request)
        drawing = self._once(
            room,
            "map-drawn",
            f"{words.tag}{year}",
            lambda: geography.draw(room.told_in(words), known, everything, self._site.ground, words.gettext),
        )
        placed = sum(len(way.letters) for way in known)
        return self._picture(
            request, room, "map", form, drawing, ways=known[:_ROWS], years=years, year=year, placed=placed
        )

    def network(self, request: Request, room: Room, form: str) -> Response:
        """Who writes to whom, and who is spoken of."""
        ties = self._once(room, "network", "", lambda: overview.ties(room.index))
        if form == "csv":
            rows = [(room.names.text(tie.source), room.names.text(tie.target), tie.kind, tie.count) for tie in ties]
            return _csv(request, room, "network", ("from", "to", "tie", "count"), rows)
        words = self._site.words(request)
        drawing = self._once(
            room, "network-drawn", words.tag, lambda: network.draw(room.told_in(words), ties, words.gettext)
        )
        return self._picture(request, room, "network", form, drawing, ties=ties[:_ROWS], total=len(ties))

    def schema(self, request: Request, room: Room, form: str) -> Response:
        """How a letter is modelled."""
        words = self._site.words(request)
        drawing = model.draw({text: words.gettext(text) for text in model.texts()})
        uses = self._once(room, "uses", "", lambda: _uses(room))
        return self._picture(request, room, "schema", form, drawing, uses=uses)

    def _label(self, request: Request, room: Room, name: str) -> str:
        """What a picture is called by those who do not see it."""
        words = self._site.words(request)
        return f"{room.title}: {words.gettext(_TITLES[name])}"

    def _picture(self, request: Request, room: Room, name: str, form: str, drawing: Drawing, **values: Any) -> Response:
        template = "drawing.svg" if form == "svg" else f"{name}.html"
        body = self._site.html(
            request, template, room=room, drawing=drawing, label=self._label(request, room, name), **values
        )
        if form == "svg" and not fits_xml(body):
            body = xml_words(body.decode()).encode()
        return respond(request, Representation(body, _SVG if form == "svg" else HTML.content_type), {})


def _csv(request: Request, room: Room, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([browse.safe(str(cell)) for cell in row] for row in (head, *rows))
    headers = {"Content-Disposition": f'attachment; filename="{room.edition.id}-{name}.csv"'}
    return respond(request, Representation(out.getvalue().encode(), browse.CSV_TYPE), headers)


def _uses(room: Room) -> list[tuple[str, str, int, str]]:
    """Kind of thing, its classes in one string, how many, and one of them."""
    order = list(room.documents.counts())
    found = sorted(census.kinds(room.index), key=lambda each: order.index(each[0]))
    return [(kind, " ".join(sorted(map(prefixed, types))), count, path) for kind, types, count, path in found]
