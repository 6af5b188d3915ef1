"""Letters per month (or year, for long correspondences) by writer, and what happened meanwhile."""

from lod.web.deeds import when
from lod.web.interface import Interface
from lod.web.overview import OTHERS, Bin, Timeline
from lod.web.pictures.drawing import WRITERS, Drawing, Key, Shape, circle, line, rect, words
from lod.web.site import Room

_WIDTH, _LEFT, _TOP, _BOTTOM, _LANE = 960, 36, 24, 300, 60
LEFT, LOW = _LEFT, _BOTTOM + _LANE + 6
"""Where the columns begin, and where the band below them does in which a stretch of time is chosen."""


def draw(room: Room, made: Timeline, reader: Interface) -> Drawing:
    """Stacked bars above a lane of events, in the reader's language."""
    say = reader.gettext
    if not made.bins:
        return Drawing(_WIDTH, 40, (words("label", _LEFT, 24, say("No letter has a date.")),))
    step = (_WIDTH - _LEFT) / len(made.bins)
    highest = max(max(one.total for one in made.bins), 1)
    scale = (_BOTTOM - _TOP) / highest
    shapes = _axis(highest, scale)
    for place, one in enumerate(made.bins):
        x = _LEFT + place * step
        shapes += _bar(room, made, one, x, step, scale, reader)
        shapes += _ticks(room, one, x, step, reader)
        shapes += _month_label(one.name, x, step, made.unit, len(made.bins), place == 0)
    legend = tuple(Key(f"w{place}", room.names.text(path)) for place, path in enumerate(made.writers))
    return Drawing(
        _WIDTH,
        _BOTTOM + _LANE + 44,
        tuple(shapes),
        (*legend, Key(f"w{WRITERS}", say("others")), Key("event", say("events"))),
    )


def _axis(highest: int, scale: float) -> list[Shape]:
    unit = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if highest / size <= 6)
    shapes = []
    for count in range(0, highest + 1, unit):
        y = _BOTTOM - count * scale
        shapes += [
            line("axis" if count == 0 else "grid", _LEFT, y, _WIDTH, y),
            words("small", _LEFT - 6, y + 4, str(count), "end"),
        ]
    return shapes


def _bar(room: Room, made: Timeline, one: Bin, x: float, step: float, scale: float, reader: Interface) -> list[Shape]:
    shapes, y = [], float(_BOTTOM)
    for place, writer in enumerate((*made.writers, OTHERS)):
        count = one.counts.get(writer, 0)
        if not count:
            continue
        y -= count * scale
        facet = f"{made.unit}={one.name}" + (f"&from={writer}" if writer else "")
        name = room.names.text(writer) if writer else reader.gettext("others")
        kind = f"w{place if writer else WRITERS}"
        title = f"{reader.month(one.name)} · {name}: {count}"
        shapes.append(
            rect(kind, x + 0.08 * step, y, 0.84 * step, count * scale - 1, title, room.link("letter/") + "?" + facet)
        )
    return shapes


def _ticks(room: Room, one: Bin, x: float, step: float, reader: Interface) -> list[Shape]:
    """Events as a column of dots below their month; what does not fit stands in the table."""
    shapes = []
    for place, event in enumerate(one.events[:5]):
        y = _BOTTOM + 14 + 10 * place
        title = f"{reader.date(date.text)} · {event.title}" if (date := when(event.edtf)) else event.title
        shapes.append(circle("event", x + step / 2, y, 3.2, title, room.link(event.path)))
    return shapes


def _month_label(name: str, x: float, step: float, unit: str, bins: int, first: bool) -> list[Shape]:
    y = _BOTTOM + _LANE + 22
    if unit == "month":
        year, month = name.rsplit("-", 1)
        if month == "01" or first:
            return [line("grid", x, _TOP, x, y - 12), words("label", x + 4, y, year)]
        return []
    every = -(-bins // 20)
    return [words("label", x + step / 2, y, name, "middle")] if int(name) % every == 0 else []
