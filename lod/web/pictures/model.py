"""How a letter is modelled, as a drawing: boxes for nodes with their classes, arrows for properties."""

from lod.terms import Iri, address
from lod.vocab import crm, lod, lrmoo, schema
from lod.web.pictures.drawing import Drawing, Shape, path, rect, words
from lod.web.words import prefixed

_WIDTH, _HEIGHT, _BOX_W, _BOX_H = 1000, 660, 220, 64
_BOXES: dict[str, tuple[float, float, str, tuple[Iri, ...], bool]] = {
    "letter": (395, 270, "the letter", (lrmoo.F2_Expression, crm.E33_Linguistic_Object, schema.Message), True),
    "writing": (395, 150, "its writing", (lrmoo.F28_Expression_Creation,), False),
    "sending": (20, 170, "its sending", (crm.E7_Activity,), False),
    "receipt": (20, 300, "its receipt", (crm.E7_Activity,), False),
    "writer": (20, 30, "the writer", (crm.E21_Person, schema.Person), True),
    "place": (395, 30, "the place", (crm.E53_Place, schema.Place), True),
    "date": (760, 30, "the date", (crm.E52_Time_Span,), False),
    "claim": (760, 150, "who says so", (crm.E13_Attribute_Assignment,), False),
    "addressee": (20, 430, "the addressee", (crm.E21_Person, schema.Person), True),
    "mentioned": (395, 430, "who and what it mentions", (crm.E21_Person, crm.E7_Activity, lrmoo.F1_Work), True),
    "other": (760, 270, "the letter it answers", (lrmoo.F2_Expression, schema.Message), True),
    "translation": (760, 390, "its translation", (lrmoo.F2_Expression,), False),
    "book": (760, 550, "the printed book", (lrmoo.F3_Manifestation, schema.Book), True),
    "archive": (20, 560, "its original", (crm.E22_Human_Made_Object, schema.ArchiveComponent), False),
    "holding": (395, 560, "the archive's holding", (crm.E78_Curated_Holding,), True),
}
"""Left, top, words, classes, and whether it is a thing with a page of its own."""
_ARROWS: tuple[tuple[str, str, Iri], ...] = (
    ("writing", "letter", lrmoo.R17_created),
    ("writing", "writer", crm.P14_carried_out_by),
    ("writing", "place", crm.P7_took_place_at),
    ("writing", "date", crm.P4_has_time_span),
    ("claim", "writing", crm.P140_assigned_attribute_to),
    ("claim", "date", crm.P141_assigned),
    ("sending", "letter", crm.P16_used_specific_object),
    ("receipt", "letter", crm.P16_used_specific_object),
    ("receipt", "addressee", crm.P14_carried_out_by),
    ("letter", "addressee", lod.addressed_to),
    ("letter", "other", lod.replies_to),
    ("translation", "letter", lrmoo.R76_is_derivative_of),
    ("translation", "book", lrmoo.R4i_is_embodied_in),
    ("letter", "archive", crm.P128i_is_carried_by),
    ("letter", "mentioned", schema.mentions),
    ("archive", "holding", crm.P46i_forms_part_of),
)


def draw(say: dict[str, str]) -> Drawing:
    """The model; `say` has the words of the boxes in the reader's language."""
    shapes: list[Shape] = []
    for start, goal, term in _ARROWS:
        shapes += _arrow(start, goal, term)
    for left, top, text, classes, own in _BOXES.values():
        shapes += _box(left, top, say.get(text, text), classes, own)
    return Drawing(_WIDTH, _HEIGHT, tuple(shapes))


def texts() -> list[str]:
    """The words of the boxes, English messages."""
    return [box[2] for box in _BOXES.values()]


def _box(left: float, top: float, text: str, classes: tuple[Iri, ...], own: bool) -> list[Shape]:
    said = [prefixed(one) for one in classes]
    lines = [words("name", left + 12, top + 22, text)]
    lines += [
        words("small", left + 12, top + 38 + 13 * place, line)
        for place, line in enumerate((said[0], " · ".join(said[1:])))
        if line
    ]
    return [
        rect("box" if own else "box2", left, top, _BOX_W, _BOX_H, f"{text}: {said[0]}", address(classes[0])),
        *lines,
    ]


def _arrow(start: str, goal: str, term: Iri) -> list[Shape]:
    """A line from edge to edge with a head, and the property's name at its middle."""
    x1, y1, x2, y2 = _ends(start, goal)
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    barbs = [(x2 - 9 * ux + side * uy, y2 - 9 * uy - side * ux) for side in (-5, 5)]
    (xa, ya), (xb, yb) = barbs
    d = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}M{xa:.1f} {ya:.1f}L{x2:.1f} {y2:.1f}L{xb:.1f} {yb:.1f}"
    steep = abs(uy) > abs(ux)
    x, y = (x1 + x2) / 2 + (6 if steep else 0), (y1 + y2) / 2 + (4 if steep else -6)
    return [path("axis", d, 1.1), words("small", x, y, prefixed(term), "start" if steep else "middle")]


def _ends(start: str, goal: str) -> tuple[float, float, float, float]:
    """Where the line between two boxes leaves the one and meets the other."""
    (l1, t1), (l2, t2) = _BOXES[start][:2], _BOXES[goal][:2]
    if l1 == l2:
        down = t2 > t1
        return l1 + 60, t1 + (_BOX_H if down else 0), l2 + 60, t2 + (0 if down else _BOX_H)
    right = l2 > l1
    shift = 0.35 if t2 > t1 else -0.35 if t2 < t1 else 0.0
    middle = _BOX_H / 2
    return (
        l1 + (_BOX_W if right else 0),
        t1 + middle * (1 + shift),
        l2 + (0 if right else _BOX_W),
        t2 + middle * (1 - shift),
    )
