"""The map: where letters were written and where they went, over land outlines from Natural Earth."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from lod.web.overview import Atlas, Way, in_order
from lod.web.pictures.drawing import Drawing, Key, Shape, circle, path, words
from lod.web.pictures.ground import HEIGHT, WIDTH, Frame, Ground, Spot, frame
from lod.web.site import Room


def of_year(known: Sequence[Way], year: str) -> tuple[Way, ...]:
    """The ways of the letters of one year."""
    found = (replace(way, letters=tuple(one for one in way.letters if one.year == year)) for way in known)
    return in_order(way for way in found if way.letters)


def years(known: Sequence[Way]) -> tuple[str, ...]:
    """The years that have letters on the map."""
    return tuple(sorted({one.year for way in known for one in way.letters} - {""}))


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
