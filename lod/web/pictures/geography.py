"""The map: where letters were written and where they went, over land outlines from Natural Earth."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lod.store.documents import Documents
from lod.terms import Iri, Literal
from lod.vocab import schema
from lod.web.pictures.drawing import Drawing, Key, Shape, circle, path, words
from lod.web.pictures.ground import HEIGHT, WIDTH, Frame, Ground, Spot, frame
from lod.web.site import Room
from lod.web.texts import Text
from lod.web.values import plain

_NEAR_DAYS = 120


@dataclass(frozen=True, slots=True)
class Way:
    """Letters from one place to another. `sure` is false where the goal is only where the addressee wrote about then."""

    start: str
    goal: str
    sure: bool
    letters: tuple[Text, ...]


@dataclass(slots=True)
class Atlas:
    """Where things are: a place's own coordinates, or those of the nearest place it lies in."""

    documents: Documents
    known: dict[str, tuple[str, Spot] | None] = field(default_factory=dict)

    def spot(self, place: str) -> tuple[str, Spot] | None:
        """The place that has coordinates, and these."""
        if place not in self.known:
            self.known[place] = None  # a place that lies in itself ends here
            self.known[place] = self._find(place)
        return self.known[place]

    def _find(self, place: str) -> tuple[str, Spot] | None:
        thing, within, said = self.documents.iris.of(place), "", dict[Iri, float]()
        for subject, predicate, node in self.documents.own(place):
            if subject != thing:
                continue
            if predicate in (schema.latitude, schema.longitude):
                said[predicate] = float(plain(Literal(node))[0])
            elif predicate == schema.containedInPlace:
                within = self.documents.iris.path(Iri(node))
        if len(said) == 2:
            return place, (said[schema.longitude], said[schema.latitude])
        return self.spot(within) if within else None


def ways(room: Room, year: str = "") -> tuple[Way, ...]:
    """Every letter with a place of writing that is on the map, by where from and where to; `""` for an unknown goal."""
    atlas = Atlas(room.documents)
    found: dict[tuple[str, str, bool], list[Text]] = {}
    for row in room.texts.letters:
        start = _first(atlas, row.written_at)
        if not start or (year and row.year != year):
            continue
        goal, sure = _first(atlas, row.received_at), True
        if not goal:
            goal, sure = _first(atlas, _writing_about_then(room, row)), False
        found.setdefault((start, goal, sure or not goal), []).append(row)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(Way(start, goal, sure, tuple(rows)) for (start, goal, sure), rows in ordered)


def _first(atlas: Atlas, places: Sequence[str]) -> str:
    return next((spot[0] for place in places if (spot := atlas.spot(place))), "")


def _writing_about_then(room: Room, row: Text) -> tuple[str, ...]:
    """Where the addressee wrote letters nearest in time, if within four months."""
    if not row.earliest:
        return ()
    best: tuple[int, tuple[str, ...]] = (_NEAR_DAYS, ())
    for person in row.addressees:
        for other in room.texts.shelf(person).written:
            if other.written_at and other.earliest and len(other.earliest) == len(row.earliest) == 10:
                best = min(best, (abs(_days(other.earliest) - _days(row.earliest)), other.written_at))
    return best[1]


def _days(day: str) -> int:
    year, month, date = (int(piece) for piece in day.split("-"))
    return year * 365 + month * 30 + date


def years(room: Room) -> tuple[str, ...]:
    """The years that have letters on the map."""
    return tuple(sorted({row.year for way in ways(room) for row in way.letters} - {""}))


def draw(
    room: Room, known: Sequence[Way], everything: Sequence[Way], ground: Ground, say: Callable[[str], str]
) -> Drawing:
    """The ways of one year, or of all, in the frame of all, so that years can be compared."""
    atlas = Atlas(room.documents)
    spots = {
        place: spot[1] for way in everything for place in (way.start, way.goal) if place and (spot := atlas.spot(place))
    }
    view = frame(list(spots.values()))
    written = Counter[str]()
    for way in known:
        written[way.start] += len(way.letters)
    ends = {place for way in known for place in (way.start, way.goal) if place}
    shapes = [*ground(view), *(_arc(room, way, view, spots) for way in known if way.goal and way.goal != way.start)]
    taken: list[tuple[float, float, float]] = []
    for place in sorted(ends, key=lambda one: (-written[one], one)):
        x, y = view.at(spots[place])
        radius = 3 + 3.2 * written[place] ** 0.5 if written[place] else 3.0
        name = room.names.text(place)
        shapes.append(
            circle("place", x, y, radius, f"{name}: {written[place]} {say('letters written here')}", room.link(place))
        )
        if all(abs(y - other[1]) > 15 or x > other[2] or x + radius + 8 * len(name) < other[0] for other in taken):
            shapes.append(words("name", x + radius + 4, y + 4, name))
            taken.append((x, y, x + radius + 8 * len(name)))
    legend = (
        Key("place", say("letters written here")),
        Key("arc", say("went to")),
        Key("guess", say("to where the addressee was writing from about then")),
    )
    return Drawing(WIDTH, HEIGHT, tuple(shapes), legend)


def _arc(room: Room, way: Way, view: Frame, spots: dict[str, Spot]) -> Shape:
    (x1, y1), (x2, y2) = view.at(spots[way.start]), view.at(spots[way.goal])
    middle = ((x1 + x2) / 2 + (y2 - y1) * 0.18, (y1 + y2) / 2 - (x2 - x1) * 0.18)
    title = f"{room.names.text(way.start)} → {room.names.text(way.goal)}: {len(way.letters)}"
    d = f"M{x1:.1f} {y1:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {x2:.1f} {y2:.1f}"
    return path("arc" if way.sure else "guess", d, round(min(1 + len(way.letters) ** 0.5 * 0.8, 7), 1), title)


def locator(spot: Spot, ground: Ground) -> Drawing:
    """A small map with one place on it."""
    view = frame([spot], 320, 220, least=24)
    return Drawing(320, 220, (*ground(view), circle("place", *view.at(spot), 6)))
