"""Letters per month (or year, for long correspondences) by writer, and what happened meanwhile."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lod.web.deeds import when
from lod.web.happenings import Happening
from lod.web.interface import Interface
from lod.web.pictures.drawing import WRITERS, Drawing, Key, Shape, circle, line, rect, words
from lod.web.site import Room
from lod.web.texts import Text

_WIDTH, _LEFT, _TOP, _BOTTOM, _LANE = 960, 36, 24, 300, 60
LEFT, LOW = _LEFT, _BOTTOM + _LANE + 6
"""Where the columns begin, and where the band below them does in which a stretch of time is chosen."""
_MONTHS_SHOWN = 120
"""A correspondence longer than this is shown by year."""


@dataclass(frozen=True, slots=True)
class Bin:
    """A month (`1936-04`) or a year, with its letters by writer."""

    name: str
    counts: Mapping[str, int]
    events: tuple[Happening, ...]

    @property
    def total(self) -> int:
        """All letters of it; one by two writers counts twice, as it does in the columns."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bins in order, without gaps; the writers with columns of their own; how many letters stand in none."""

    bins: tuple[Bin, ...]
    writers: tuple[str, ...]
    unit: str
    undated: int


OTHERS = ""
"""The column of all other writers."""


def table(room: Room) -> Timeline:
    """Every letter by when it was written: by month where nearly all of them lie within ten years, else by year."""
    letters = room.texts.letters
    months = _core(sorted(row.month for row in letters if row.month))
    unit = "month" if months and len(_between(*months)) <= _MONTHS_SHOWN else "year"
    known = sorted({getattr(row, unit) for row in letters} - {""})
    ends = months if unit == "month" and months else (known[0], known[-1]) if known else None
    spans = _between(*ends) if ends else []
    dated = [(row, getattr(row, unit)) for row in letters if getattr(row, unit) in set(spans)]
    writers = tuple(path for path, _ in Counter(one for row, _ in dated for one in row.writers).most_common(WRITERS))
    counts: dict[str, Counter[str]] = {name: Counter() for name in spans}
    for row, name in dated:
        counts[name].update(_columns(row, writers))
    events: dict[str, list[Happening]] = {name: [] for name in spans}
    for happening in room.happenings.rows:
        name = _unit(happening, unit)
        if name in events and happening.path.startswith("event/"):
            events[name].append(happening)
    bins = tuple(Bin(name, counts[name], tuple(events[name])) for name in spans)
    return Timeline(bins, writers, unit, len(letters) - len(dated))


def _core(months: Sequence[str]) -> tuple[str, str] | None:
    """The shortest stretch of time that holds nine tenths of the letters: a stray one of a lifetime before is left out."""
    if not months:
        return None
    size = -(-len(months) * 9 // 10)
    windows = [(months[place], months[place + size - 1]) for place in range(len(months) - size + 1)]
    return min(windows, key=lambda ends: len(_between(*ends)))


def _columns(row: Text, writers: Sequence[str]) -> list[str]:
    return [one if one in writers else OTHERS for one in row.writers] or [OTHERS]


def _unit(row: Happening, unit: str) -> str:
    cut = -3 if unit == "month" else -6
    return row.earliest[:cut] if row.earliest and row.earliest[:cut] == row.latest[:cut] else ""


def _between(first: str, last: str) -> list[str]:
    """Every month or year from the first to the last."""
    if "-" not in first.lstrip("-"):
        return [f"{year:04d}" for year in range(int(first), int(last) + 1)]
    (year, month), found = (int(piece) for piece in first.rsplit("-", 1)), [first]
    while found[-1] < last:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        found.append(f"{year:04d}-{month:02d}")
    return found


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
