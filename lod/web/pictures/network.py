"""Who writes to whom, and who is spoken of: people as circles, bodies as squares, letters as lines, mentions as thin ones."""

import math
from collections import Counter
from collections.abc import Callable, Mapping

from lod.web.overview import Tie
from lod.web.pictures.drawing import Drawing, Key, Shape, circle, marked, path, rect, words
from lod.web.site import Room

_WIDTH, _HEIGHT, _EDGE = 960, 760, 70
PEOPLE = 48
"""So many people and bodies are drawn, those with most letters and mentions; the table has all."""
_LETTERS, _NAMED = 7.2, 6.4
"""How wide a letter of a name is, of writers and of those only spoken of."""


_Sizes = Mapping[str, tuple[float, float]]
"""How far the name of each reaches to a side, and how far it needs room above and below."""


def draw(room: Room, known: tuple[Tie, ...], say: Callable[[str], str]) -> Drawing:
    """The strongest ties. The same ties give the same picture."""
    weight: Counter[str] = Counter()
    for tie in known:
        for end in (tie.source, tie.target):
            weight[end] += tie.count * (4 if tie.kind == "letters" else 1)
    shown = [name for name, _ in sorted(weight.items(), key=lambda pair: (-pair[1], pair[0]))[:PEOPLE]]
    drawn = [tie for tie in known if tie.source in shown and tie.target in shown]
    writers = {tie.source for tie in drawn if tie.kind == "letters"}
    wide = {name: len(room.names.text(name)) * (_LETTERS if name in writers else _NAMED) + 30 for name in shown}
    at = _places(shown, drawn, {name: (wide[name], max(9.5, _radius(weight[name]))) for name in shown})
    shapes = [_line(room, tie, at, say) for tie in sorted(drawn, key=lambda tie: (tie.kind == "letters", tie.count))]
    for name in reversed(shown):
        shapes += _end(room, name, at[name], weight[name], name in writers)
    return Drawing(_WIDTH, _HEIGHT, tuple(shapes), _legend({_kind(name, name in writers) for name in shown}, say))


def _kind(name: str, writes: bool) -> str:
    """The kind of shape: people and bodies, each writing or not."""
    return ("node" if writes else "other") if name.startswith("person/") else ("body" if writes else "otherbody")


def _legend(kinds: set[str], say: Callable[[str], str]) -> tuple[Key, ...]:
    """What there is in this picture."""
    keys = (
        Key("node", say("people who write letters")),
        Key("body", say("organisations that write letters")),
        Key("other", say("people written to or spoken of")),
        Key("otherbody", say("organisations written to")),
    )
    lines = (Key("letters", say("letters")), Key("mention", say("mentions")))
    return (*(key for key in keys if key.kind in kinds), *lines)


def _places(shown: list[str], drawn: list[Tie], size: _Sizes) -> dict[str, tuple[float, float]]:
    """A spring layout from a fixed start, stretched to the frame, shapes moved off each other's names."""
    import networkx  # when somebody looks at the first network: a server starts sooner without it

    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(shown)
    for tie in drawn:
        before = graph.get_edge_data(tie.source, tie.target, {"weight": 0.0})["weight"]
        graph.add_edge(
            tie.source, tie.target, weight=before + (1.0 if tie.kind == "letters" else 0.15) * min(tie.count, 6)
        )
    if len(shown) < 2:
        return dict.fromkeys(shown, (_WIDTH / 2, _HEIGHT / 2))
    found = networkx.spring_layout(graph, seed=3, k=1.6 / len(shown) ** 0.5, iterations=120)
    low = [min(float(spot[axis]) for spot in found.values()) for axis in (0, 1)]
    high = [max(float(spot[axis]) for spot in found.values()) for axis in (0, 1)]
    ground = (_WIDTH, _HEIGHT)
    placed = {
        name: tuple(
            _EDGE
            + (float(found[name][axis]) - low[axis]) / ((high[axis] - low[axis]) or 1) * (ground[axis] - 2 * _EDGE)
            for axis in (0, 1)
        )
        for name in shown
    }
    return _apart({name: (spot[0], spot[1]) for name, spot in placed.items()}, size)


def _apart(at: dict[str, tuple[float, float]], size: _Sizes) -> dict[str, tuple[float, float]]:
    """Names need room: shapes whose names would run into each other are moved up and down until they do not."""
    for _ in range(90):
        for one in at:
            for other in at:
                (x1, y1), (x2, y2) = at[one], at[other]
                (left1, right1), (left2, right2) = _reach(x1, size[one][0]), _reach(x2, size[other][0])
                need = size[one][1] + size[other][1]
                if one < other and left1 < right2 and left2 < right1 and abs(y1 - y2) < need:
                    push = (need - abs(y1 - y2)) / 2 * (1 if y1 >= y2 else -1)
                    at[one], at[other] = (x1, _inside(y1 + push)), (x2, _inside(y2 - push))
    return at


def _reach(x: float, wide: float) -> tuple[float, float]:
    """From where to where a shape with its name goes: names stand on the right, on the left where that would be outside."""
    return (x - wide, x + 14) if _leftwards(x, wide) else (x - 14, x + wide)


def _leftwards(x: float, wide: float) -> bool:
    return x + wide > _WIDTH - 6 and x - wide > 6


def _radius(weight: int) -> float:
    return min(4 + math.sqrt(weight) * 0.9, 22)


def _inside(y: float) -> float:
    return min(max(y, 24.0), _HEIGHT - 24.0)


def _line(room: Room, tie: Tie, at: dict[str, tuple[float, float]], say: Callable[[str], str]) -> Shape:
    (x1, y1), (x2, y2) = at[tie.source], at[tie.target]
    bend = 0.12 if tie.kind == "letters" else 0.04
    middle = ((x1 + x2) / 2 + (y2 - y1) * bend, (y1 + y2) / 2 - (x2 - x1) * bend)
    width = min(1.2 + tie.count**0.5, 8) if tie.kind == "letters" else min(0.5 + tie.count * 0.15, 2.5)
    title = f"{room.names.text(tie.source)} → {room.names.text(tie.target)}: {tie.count} {say(tie.kind)}"
    d = f"M{x1:.1f} {y1:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {x2:.1f} {y2:.1f}"
    line = path("letters" if tie.kind == "letters" else "mention", d, round(width, 1), title)
    return marked(line, ends=f"{tie.source} {tie.target}")


def _end(room: Room, name: str, at: tuple[float, float], weight: int, writes: bool) -> list[Shape]:
    radius = _radius(weight)
    words_, kind, link = room.names.text(name), _kind(name, writes), room.link(name)
    left = _leftwards(at[0], len(words_) * (_LETTERS if writes else _NAMED) + 30)
    x = at[0] - radius - 4 if left else at[0] + radius + 4
    side = radius * 1.8
    shape = (
        circle(kind, *at, radius, words_, link)
        if name.startswith("person/")
        else rect(kind, at[0] - side / 2, at[1] - side / 2, side, side, words_, link)
    )
    label = words("name" if writes else "small", x, at[1] + 4, words_, "end" if left else "start")
    return [marked(shape, thing=name), marked(label, name=name)]
