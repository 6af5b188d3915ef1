"""Who writes to whom, and who is spoken of: people as circles, letters as lines, mentions as thin ones."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import networkx

from lod.web.pictures.drawing import Drawing, Key, Shape, circle, path, words
from lod.web.site import Room

_WIDTH, _HEIGHT, _EDGE = 960, 760, 70
PEOPLE = 48
"""So many people are drawn, those with most letters and mentions; the table has all."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Letters from one person to another, or letters of one that mention the other."""

    source: str
    target: str
    kind: str
    """`letters` or `mentions`."""
    count: int


def ties(room: Room) -> tuple[Tie, ...]:
    """Every tie between people, letters first, the strongest first."""
    letters: Counter[tuple[str, str]] = Counter()
    mentions: Counter[tuple[str, str]] = Counter()
    for row in room.texts.letters:
        letters.update((writer, to) for writer in row.writers for to in row.addressees if writer != to)
        mentions.update(
            (writer, other)
            for writer in row.writers
            for other in row.mentions
            if other.startswith("person/") and other.count("/") == 1 and other != writer
        )
    found = [
        Tie(*pair, kind, count)
        for kind, counts in (("letters", letters), ("mentions", mentions))
        for pair, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda tie: (tie.kind, -tie.count, tie.source, tie.target)))


def draw(room: Room, known: tuple[Tie, ...], say: Callable[[str], str]) -> Drawing:
    """The strongest ties. The same ties give the same picture."""
    weight: Counter[str] = Counter()
    for tie in known:
        for end in (tie.source, tie.target):
            weight[end] += tie.count * (4 if tie.kind == "letters" else 1)
    shown = [name for name, _ in sorted(weight.items(), key=lambda pair: (-pair[1], pair[0]))[:PEOPLE]]
    drawn = [tie for tie in known if tie.source in shown and tie.target in shown]
    at = _places(shown, drawn)
    shapes = [_line(room, tie, at, say) for tie in sorted(drawn, key=lambda tie: (tie.kind == "letters", tie.count))]
    writers = {tie.source for tie in drawn if tie.kind == "letters"}
    for name in reversed(shown):
        shapes += _person(room, name, at[name], weight[name], name in writers)
    legend = (
        Key("node", say("writers of letters")),
        Key("other", say("people spoken of")),
        Key("letters", say("letters")),
        Key("mention", say("mentions")),
    )
    return Drawing(_WIDTH, _HEIGHT, tuple(shapes), legend)


def _places(shown: list[str], drawn: list[Tie]) -> dict[str, tuple[float, float]]:
    """A spring layout from a fixed start, stretched to the frame, circles moved off each other's names."""
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
    size = (_WIDTH, _HEIGHT)
    placed = {
        name: tuple(
            _EDGE + (float(found[name][axis]) - low[axis]) / ((high[axis] - low[axis]) or 1) * (size[axis] - 2 * _EDGE)
            for axis in (0, 1)
        )
        for name in shown
    }
    return _apart({name: (spot[0], spot[1]) for name, spot in placed.items()})


def _apart(at: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Names need room: circles that stand in each other's line are moved up and down until they do not."""
    for _ in range(60):
        for one in at:
            for other in at:
                (x1, y1), (x2, y2) = at[one], at[other]
                if one < other and abs(x1 - x2) < 110 and abs(y1 - y2) < 19:
                    push = (19 - abs(y1 - y2)) / 2 * (1 if y1 >= y2 else -1)
                    at[one], at[other] = (x1, _inside(y1 + push)), (x2, _inside(y2 - push))
    return at


def _inside(y: float) -> float:
    return min(max(y, 24.0), _HEIGHT - 24.0)


def _line(room: Room, tie: Tie, at: dict[str, tuple[float, float]], say: Callable[[str], str]) -> Shape:
    (x1, y1), (x2, y2) = at[tie.source], at[tie.target]
    bend = 0.12 if tie.kind == "letters" else 0.04
    middle = ((x1 + x2) / 2 + (y2 - y1) * bend, (y1 + y2) / 2 - (x2 - x1) * bend)
    width = min(1.2 + tie.count**0.5, 8) if tie.kind == "letters" else min(0.5 + tie.count * 0.15, 2.5)
    title = f"{room.names.text(tie.source)} → {room.names.text(tie.target)}: {tie.count} {say(tie.kind)}"
    d = f"M{x1:.1f} {y1:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {x2:.1f} {y2:.1f}"
    return path("letters" if tie.kind == "letters" else "mention", d, round(width, 1), title)


def _person(room: Room, name: str, at: tuple[float, float], weight: int, writes: bool) -> list[Shape]:
    radius = min(4 + weight**0.5 * 0.9, 22)
    words_ = room.names.text(name)
    left = at[0] > _WIDTH - 180
    x = at[0] - radius - 4 if left else at[0] + radius + 4
    return [
        circle("node" if writes else "other", *at, radius, words_, room.link(name)),
        words("name" if writes else "small", x, at[1] + 4, words_, "end" if left else "start"),
    ]
