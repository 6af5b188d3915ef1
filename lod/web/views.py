"""Pages of things, of lists and of pictures: a request in, a page in the reader's language out."""

from collections.abc import Sequence
from datetime import date

from starlette.requests import Request

from lod.formats import HTML
from lod.iris import KINDS
from lod.terms import Iri, Literal, Node
from lod.web import cite, interface, overview, pages, words
from lod.web.conditional import Representation
from lod.web.deeds import when
from lod.web.pictures import geography, timeline
from lod.web.site import Room, Site
from lod.web.values import Value, foreign, literal

_FOLDED = 60
"""So many objects of one property are shown in the data view; the files hold all."""


def prepare(site: Site) -> None:
    """What the first page would otherwise wait for: templates, words, the style of citations."""
    site.prepare()
    for room in site.rooms:
        path = next((path for path in room.documents.paths() if "/" in path), "")
        if path:
            cite.citation(room, path)


def thing(site: Site, request: Request, room: Room, path: str, modified: date | None) -> Representation:
    """The page of a thing; `?view=data` shows its statements, `?list=…&page=…` another page of a group of links."""
    asked = (request.query_params.get("view", ""), request.query_params.get("list", ""), str(number(request)))
    key = (room.edition.id, path, interface.chosen(request), *asked)
    make = _data if asked[0] == "data" else _told
    body = site.once(key, lambda: make(site, request, room.told_in(site.words(request)), path))
    return Representation(body, HTML.content_type, modified)


def _data(site: Site, request: Request, room: Room, path: str) -> bytes:
    return site.html(request, "data.html", room=room, page=pages.page(room, path), statements=statements(room, path))


def _told(site: Site, request: Request, room: Room, path: str) -> bytes:
    kind = path.split("/")[0]
    page = pages.page(room, path, request.query_params.get("list", ""), number(request))
    spot = pages.coordinates(page) if kind == "place" else None
    return site.html(
        request,
        f"{kind}.html" if kind in KINDS else "thing.html",
        room=room,
        page=page,
        row=room.texts.by_path.get(path),
        thread=thread(room, path),
        citation=cite.citation(room, path),
        correspondence=correspondence(room, path),
        locator=geography.locator((spot[1], spot[0]), site.ground) if spot else None,
    )


def start(site: Site, request: Request, room: Room) -> bytes:
    """What an edition is, shown at once: its letters in time, who writes, who is spoken of."""
    reader, ranked = site.words(request), overview.ranked(room.index)
    room = room.told_in(reader)
    return site.html(
        request,
        "start.html",
        room=room,
        timeline=timeline.draw(room, overview.timeline(room.index), reader),
        writers=[(room.names.value(path), count) for path, count in ranked.writers],
        mentioned=[(room.names.value(path), count) for path, count in ranked.mentioned],
        first=[room.names.value(path) for path in ranked.first],
    )


def number(request: Request) -> int:
    """`?page=`, 1 when there is none or it is no number."""
    asked = request.query_params.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1


def thread(room: Room, path: str) -> tuple[tuple[Value, bool], ...]:
    """The chain of replies a letter stands in, oldest first; true for the letter itself. Empty when there is none."""
    rows = room.texts.by_path
    if path not in rows:
        return ()
    chain, seen = [path], {path}
    while (
        nexts := [one for one in rows[chain[0]].answers if one in rows and one not in seen] if chain[0] in rows else []
    ):
        chain.insert(0, nexts[0])
        seen.add(nexts[0])
    while nexts := [one for one in room.texts.answers(chain[-1]) if one not in seen]:
        chain.append(nexts[0])
        seen.add(nexts[0])
    return tuple((room.names.value(one), one == path) for one in chain) if len(chain) > 1 else ()


def correspondence(room: Room, path: str) -> tuple[tuple[Value, Value | None, Value | None], ...]:
    """For each correspondence a letter is in: its name, and the letters before and after."""
    found = []
    row = room.texts.by_path.get(path)
    for one in row.correspondences if row else ():
        before, after = (room.names.value(other) if other else None for other in room.texts.beside(one, path))
        found.append((room.names.value(one), before, after))
    return tuple(found)


def statements(room: Room, path: str) -> list[tuple[str, list[tuple[Value, list[Value], int]]]]:
    """The record as data: subject path → (property, objects, how many more), with prefixed names."""
    found: dict[str, dict[Iri, list[Node]]] = {}
    for subject, predicate, node in room.documents.own(path):
        found.setdefault(room.documents.iris.path(subject), {}).setdefault(predicate, []).append(node)
    return [
        (subject, [_said(room, predicate, nodes) for predicate, nodes in properties.items()])
        for subject, properties in found.items()
    ]


def _said(room: Room, predicate: Iri, nodes: Sequence[Node]) -> tuple[Value, list[Value], int]:
    shown = [_term(room, node) for node in nodes[:_FOLDED]]
    return _term(room, predicate), shown, len(nodes) - len(shown)


def _term(room: Room, node: Node) -> Value:
    """A term as Turtle writes it, linked to what it names."""
    if node[0] != "<":
        said = literal(Literal(node))
        return Value(said.note or said.text, said.language)
    path = room.documents.iris.path(Iri(node))
    if path:
        return Value(path, href=room.link(path), note=room.names.text(path))
    short, said = words.prefixed(Iri(node)), foreign(Iri(node))
    target = node[1:-1] if node.startswith(("<http://", "<https://")) else ""
    return Value(short, href=said.href or target, foreign=True)


__all__ = ["number", "statements", "thing", "thread", "when"]
