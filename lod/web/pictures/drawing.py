"""Shapes with their place, their paint and where they lead. `SCALE` is in the units of the SVG's view box."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

_HALO = {"paint-order": "stroke", "stroke": "#fbf9f4", "stroke-width": "3", "stroke-linejoin": "round"}
"""Words are told from lines behind them by a rim in the colour of the paper."""
PAINT: Mapping[str, Mapping[str, str]] = {
    "sea": {"fill": "#f3f1ea"},
    "land": {"fill": "#ded9cc", "stroke": "#c9c2b1", "stroke-width": "0.5"},
    "grid": {"stroke": "#d9d4c8", "stroke-width": "1", "fill": "none"},
    "axis": {"stroke": "#6b655c", "stroke-width": "1", "fill": "none"},
    "label": {"fill": "#4a453e", "font-family": "sans-serif", "font-size": "12"},
    "name": {**_HALO, "fill": "#23211e", "font-family": "sans-serif", "font-size": "13"},
    "small": {**_HALO, "fill": "#5d574e", "font-family": "sans-serif", "font-size": "11"},
    "event": {"fill": "#23211e"},
    "lane": {"fill": "none", "stroke": "#d9d4c8"},
    "place": {"fill": "#9b2d1f", "fill-opacity": "0.75", "stroke": "#fbf9f4"},
    "node": {"fill": "#9b2d1f", "stroke": "#fbf9f4", "stroke-width": "1.5"},
    "other": {"fill": "#6b655c", "stroke": "#fbf9f4", "stroke-width": "1.5"},
    "body": {"fill": "#1f6371", "stroke": "#fbf9f4", "stroke-width": "1.5"},
    "otherbody": {"fill": "#6b655c", "stroke": "#fbf9f4", "stroke-width": "1.5"},
    "mention": {"stroke": "#b9b1a2", "fill": "none"},
    "letters": {"stroke": "#9b2d1f", "fill": "none", "stroke-opacity": "0.75"},
    "arc": {"stroke": "#9b2d1f", "fill": "none", "stroke-opacity": "0.8"},
    "guess": {"stroke": "#9b2d1f", "fill": "none", "stroke-opacity": "0.8", "stroke-dasharray": "5 4"},
    "box": {"fill": "#fbf9f4", "stroke": "#9b2d1f", "stroke-width": "1.2"},
    "box2": {"fill": "#f3f1ea", "stroke": "#6b655c"},
    **{
        f"w{place}": {"fill": colour}
        for place, colour in enumerate(("#9b2d1f", "#1f6371", "#9a6b00", "#5b4a8a", "#3f6b35", "#7a756c"))
    },
}
"""How each kind of shape looks in a file of its own; on pages the style sheet has the last word."""
WRITERS = 5
"""So many writers have a colour of their own (`w0` …); all others share the last."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One element: its tag, its kind (class and paint), geometry, words in it, a tooltip, and a link."""

    tag: str
    kind: str
    geometry: Mapping[str, str | float]
    text: str = ""
    title: str = ""
    href: str = ""

    @property
    def attributes(self) -> dict[str, str | float]:
        """Everything that stands in the tag; numbers to a tenth of a unit."""
        rounded = {
            name: round(value, 1) if isinstance(value, float) else value for name, value in self.geometry.items()
        }
        return {"class": self.kind, **PAINT.get(self.kind, {}), **rounded}


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its size, shapes from back to front, and its legend."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    legend: tuple[Key, ...] = field(default=())


def marked(shape: Shape, **data: str) -> Shape:
    """A shape that scripts know: `data-` attributes, read by `frontend/src/pictures.js`."""
    return replace(shape, geometry={**shape.geometry, **{f"data-{name}": value for name, value in data.items()}})


def rect(kind: str, x: float, y: float, width: float, height: float, title: str = "", href: str = "") -> Shape:
    """A rectangle."""
    return Shape("rect", kind, {"x": x, "y": y, "width": width, "height": height}, title=title, href=href)


def circle(kind: str, x: float, y: float, radius: float, title: str = "", href: str = "") -> Shape:
    """A circle."""
    return Shape("circle", kind, {"cx": x, "cy": y, "r": radius}, title=title, href=href)


def line(kind: str, x1: float, y1: float, x2: float, y2: float, width: float = 1.0, title: str = "") -> Shape:
    """A straight line."""
    return Shape("line", kind, {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke-width": width}, title=title)


def path(kind: str, d: str, width: float = 1.0, title: str = "", href: str = "") -> Shape:
    """Any line or area."""
    return Shape("path", kind, {"d": d, "stroke-width": width}, title=title, href=href)


def words(kind: str, x: float, y: float, text: str, anchor: str = "start", href: str = "") -> Shape:
    """Words that begin, end or have their middle at a point."""
    return Shape("text", kind, {"x": x, "y": y, "text-anchor": anchor}, text, href=href)
