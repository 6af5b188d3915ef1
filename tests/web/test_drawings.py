"""The drawing of the model: no line runs through a box or through words, and no words lie on others."""

from itertools import combinations, pairwise

from lod.web.pictures import model
from lod.web.words import prefixed

Rect = tuple[float, float, float, float]
LETTER = 5.3
"""About how wide a letter of the small words is."""


def boxes() -> dict[str, Rect]:
    return {
        name: (left, top, left + model._BOX_W, top + height) for name, (left, top, height, *_) in model._BOXES.items()
    }


def crosses(line: Rect, box: Rect) -> bool:
    """Whether two rectangles (left, top, right, bottom) share more than an edge."""
    return line[0] < box[2] and line[2] > box[0] and line[1] < box[3] and line[3] > box[1]


def pieces(way: model._Way) -> list[Rect]:
    return [
        (min(x1, x2) - 0.5, min(y1, y2) - 0.5, max(x1, x2) + 0.5, max(y1, y2) + 0.5)
        for (x1, y1), (x2, y2) in pairwise(way)
    ]


def labels() -> list[Rect]:
    found = []
    for _, _, term, way in model._ARROWS:
        at = model._name(term, way).geometry
        x, y, wide = float(at["x"]), float(at["y"]), LETTER * len(prefixed(term))
        left = x - wide / 2 if at["text-anchor"] == "middle" else x
        found.append((left, y - 9, left + wide, y + 2))
    return found


def test_boxes_lie_apart_and_inside() -> None:
    assert not [pair for pair in combinations(boxes().values(), 2) if crosses(*pair)]
    assert all(
        box[0] > 0 and box[1] > 0 and box[2] < model._WIDTH and box[3] < model._HEIGHT for box in boxes().values()
    )


def test_arrows_go_from_edge_to_edge_level_or_upright() -> None:
    for start, goal, term, way in model._ARROWS:
        assert all((x1 == x2) != (y1 == y2) for (x1, y1), (x2, y2) in pairwise(way)), term
        for name, (x, y) in ((start, way[0]), (goal, way[-1])):
            left, top, right, bottom = boxes()[name]
            on_side = x in (left, right) and top < y < bottom
            assert on_side or (y in (top, bottom) and left < x < right), (term, name)


def test_no_line_runs_through_a_box_or_words() -> None:
    lines = [(term, piece) for _, _, term, way in model._ARROWS for piece in pieces(way)]
    for term, piece in lines:
        inner = {name: (box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1) for name, box in boxes().items()}
        assert not [name for name, box in inner.items() if crosses(piece, box)], term
        assert not [label for label in labels() if crosses(piece, label)], term


def test_words_lie_on_nothing() -> None:
    assert not [pair for pair in combinations(labels(), 2) if crosses(*pair)]
    assert not [(label, box) for label in labels() for box in boxes().values() if crosses(label, box)]
