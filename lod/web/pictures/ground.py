"""The ground of maps: a stretch of Mercator's map with land outlines from Natural Earth, where the front end is built."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from lod.web.pictures.drawing import Shape, path, rect

WIDTH, HEIGHT = 960, 560
Spot = tuple[float, float]
"""Longitude and latitude in degrees, or x and y in the drawing."""
_KEPT = 512


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of Mercator's map: left, top and scale, so that what must be seen fits."""

    left: float
    top: float
    scale: float
    width: int = WIDTH
    height: int = HEIGHT

    def at(self, spot: Spot) -> Spot:
        """Longitude and latitude in the drawing."""
        return (math.radians(spot[0]) - self.left) * self.scale, (self.top - _mercator(spot[1])) * self.scale


def _mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(max(-84.0, min(84.0, latitude)))))


def frame(spots: Sequence[Spot], width: int = WIDTH, height: int = HEIGHT, least: float = 14) -> Frame:
    """The frame that holds these spots with room around them, `least` degrees wide at least."""
    xs = [math.radians(spot[0]) for spot in spots] or [-0.3, 0.6]
    ys = [_mercator(spot[1]) for spot in spots] or [0.6, 1.1]
    wide = max((max(xs) - min(xs)) * 1.25, math.radians(least))
    high = max((max(ys) - min(ys)) * 1.35, wide * height / width * 0.5)
    scale = min(width / wide, height / high)
    left = (max(xs) + min(xs)) / 2 - width / 2 / scale
    top = (max(ys) + min(ys)) / 2 + height / 2 / scale
    return Frame(left, top, scale, width, height)


@dataclass(frozen=True, slots=True)
class _Ring:
    """An outline with its extent: west, south, east, north."""

    spots: Sequence[Spot]
    extent: tuple[float, float, float, float]


class Ground:
    """Sea and land by frame; what was drawn once is kept."""

    def __init__(self) -> None:
        self._rings = _load()
        self._made: dict[Frame, Sequence[Shape]] = {}

    def __call__(self, view: Frame) -> Sequence[Shape]:
        """The shapes behind everything else of a map."""
        if view not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[view] = self._draw(view)
        return self._made[view]

    def _draw(self, view: Frame) -> Sequence[Shape]:
        pieces = []
        for ring in self._rings:
            west, south, east, north = ring.extent
            (left, bottom), (right, top) = view.at((west, south)), view.at((east, north))
            if right < 0 or left > view.width or bottom < 0 or top > view.height:
                continue
            thin = _thinned(_clip([view.at(spot) for spot in ring.spots], view))
            if len(thin) > 2:
                pieces.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in thin) + "Z")
        sea = rect("sea", 0, 0, view.width, view.height)
        return (sea, path("land", "".join(pieces), 0.5)) if pieces else (sea,)


def _load() -> list[_Ring]:
    """Outlines as the front end's build writes them: rings of [longitude, latitude]."""
    file = files("lod.web").joinpath("static", "build", "land.json")
    if not file.is_file():
        return []
    found = []
    for spots in json.loads(file.read_text(encoding="utf-8")):
        longitudes, latitudes = [spot[0] for spot in spots], [spot[1] for spot in spots]
        found.append(_Ring(spots, (min(longitudes), min(latitudes), max(longitudes), max(latitudes))))
    return found


def _clip(ring: list[Spot], view: Frame) -> list[Spot]:
    """Sutherland and Hodgman's cut of a polygon along the four edges."""
    edges: tuple[tuple[int, float, int], ...] = (
        (0, -2, 1),
        (0, view.width + 2, -1),
        (1, -2, 1),
        (1, view.height + 2, -1),
    )
    for axis, edge, sign in edges:
        if not ring:
            return []
        kept: list[Spot] = []
        for place, here in enumerate(ring):
            before = ring[place - 1]
            inside, was = (here[axis] - edge) * sign >= 0, (before[axis] - edge) * sign >= 0
            if inside != was:
                share = (edge - before[axis]) / (here[axis] - before[axis])
                kept.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
            if inside:
                kept.append(here)
        ring = kept
    return ring


def _thinned(ring: Iterable[Spot]) -> list[Spot]:
    kept: list[Spot] = []
    for spot in ring:
        if not kept or abs(spot[0] - kept[-1][0]) + abs(spot[1] - kept[-1][1]) > 0.9:
            kept.append(spot)
    return kept
