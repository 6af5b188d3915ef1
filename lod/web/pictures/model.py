"""How a letter is modelled, as a drawing: boxes for nodes with their classes, arrows for properties."""

from itertools import pairwise

from lod.terms import Iri, address
from lod.vocab import crm, lod, lrmoo, schema
from lod.web.pictures.drawing import Drawing, Shape, path, rect, words
from lod.web.words import prefixed

_WIDTH, _HEIGHT, _BOX_W = 1060, 690, 220
_BOXES: dict[str, tuple[float, float, float, str, tuple[Iri, ...], bool]] = {
    "letter": (420, 280, 130, "the letter", (lrmoo.F2_Expression, crm.E33_Linguistic_Object, schema.Message), True),
    "writing": (420, 160, 64, "its writing", (lrmoo.F28_Expression_Creation,), False),
    "sending": (20, 250, 64, "its sending", (crm.E7_Activity,), False),
    "receipt": (20, 340, 64, "its receipt", (crm.E7_Activity,), False),
    "writer": (20, 30, 64, "the writer", (crm.E21_Person, schema.Person), True),
    "place": (420, 30, 64, "the place", (crm.E53_Place, schema.Place), True),
    "date": (820, 30, 64, "the date", (crm.E52_Time_Span,), False),
    "claim": (820, 160, 64, "who says so", (crm.E13_Attribute_Assignment,), False),
    "addressee": (20, 480, 64, "the addressee", (crm.E21_Person, schema.Person), True),
    "mentioned": (420, 480, 64, "who and what it mentions", (crm.E21_Person, crm.E7_Activity, lrmoo.F1_Work), True),
    "other": (820, 280, 64, "the letter it answers", (lrmoo.F2_Expression, schema.Message), True),
    "translation": (820, 374, 64, "its translation", (lrmoo.F2_Expression,), False),
    "book": (820, 600, 64, "the printed book", (lrmoo.F3_Manifestation, schema.Book), True),
    "archive": (20, 600, 64, "its original", (crm.E22_Human_Made_Object, schema.ArchiveComponent), False),
    "holding": (420, 600, 64, "the archive's holding", (crm.E78_Curated_Holding,), True),
}
"""Left, top, height, words, classes, and whether it is a thing with a page of its own."""
_Way = tuple[tuple[float, float], ...]
_ARROWS: tuple[tuple[str, str, Iri, _Way], ...] = (
    ("writing", "letter", lrmoo.R17_created, ((530, 224), (530, 280))),
    ("writing", "writer", crm.P14_carried_out_by, ((420, 192), (265, 192), (265, 62), (240, 62))),
    ("writing", "place", crm.P7_took_place_at, ((530, 160), (530, 94))),
    ("writing", "date", crm.P4_has_time_span, ((640, 176), (795, 176), (795, 62), (820, 62))),
    ("claim", "writing", crm.P140_assigned_attribute_to, ((820, 208), (640, 208))),
    ("claim", "date", crm.P141_assigned, ((880, 160), (880, 94))),
    ("sending", "letter", crm.P16_used_specific_object, ((240, 298), (420, 298))),
    ("receipt", "letter", crm.P16_used_specific_object, ((240, 352), (420, 352))),
    ("receipt", "addressee", crm.P14_carried_out_by, ((80, 404), (80, 480))),
    ("letter", "addressee", lod.addressed_to, ((420, 380), (265, 380), (265, 512), (240, 512))),
    ("letter", "other", lod.replies_to, ((640, 312), (820, 312))),
    ("translation", "letter", lrmoo.R76_is_derivative_of, ((820, 392), (640, 392))),
    ("translation", "book", lrmoo.R4i_is_embodied_in, ((880, 438), (880, 600))),
    ("letter", "archive", crm.P128i_is_carried_by, ((420, 398), (395, 398), (395, 616), (240, 616))),
    ("letter", "mentioned", schema.mentions, ((530, 410), (530, 480))),
    ("archive", "holding", crm.P46i_forms_part_of, ((240, 650), (420, 650))),
)
"""From box to box, the property, and the way from edge to edge: along no box, and past the words of all others."""


def draw(say: dict[str, str]) -> Drawing:
    """The model; `say` has the words of the boxes in the reader's language."""
    shapes: list[Shape] = []
    for _, _, term, way in _ARROWS:
        shapes += _arrow(term, way)
    for left, top, height, text, classes, own in _BOXES.values():
        shapes += _box((left, top, height), say.get(text, text), classes, own)
    return Drawing(_WIDTH, _HEIGHT, tuple(shapes))


def texts() -> list[str]:
    """The words of the boxes, English messages."""
    return [box[3] for box in _BOXES.values()]


def _box(at: tuple[float, float, float], text: str, classes: tuple[Iri, ...], own: bool) -> list[Shape]:
    left, top, height = at
    said = [prefixed(one) for one in classes]
    lines = [words("name", left + 12, top + 22, text)]
    lines += [
        words("small", left + 12, top + 38 + 13 * place, line)
        for place, line in enumerate((said[0], " · ".join(said[1:])))
        if line
    ]
    return [
        rect("box" if own else "box2", left, top, _BOX_W, height, f"{text}: {said[0]}", address(classes[0])),
        *lines,
    ]


def _arrow(term: Iri, way: _Way) -> list[Shape]:
    """A line with a head, and the property's name: above its longest level piece, or beside its middle."""
    (xa, ya), (x, y) = way[-2:]
    # One of these is 0 and the other 9: how far back the barbs lie.
    dx, dy = 9 * ((x > xa) - (x < xa)), 9 * ((y > ya) - (y < ya))
    line = "L".join(f"{x:g} {y:g}" for x, y in way)
    head = f"M{x - dx - dy * 0.55:g} {y - dy - dx * 0.55:g}L{x:g} {y:g}L{x - dx + dy * 0.55:g} {y - dy + dx * 0.55:g}"
    return [path("axis", f"M{line}{head}", 1.1), _name(term, way)]


def _name(term: Iri, way: _Way) -> Shape:
    level = [(one, other) for one, other in pairwise(way) if one[1] == other[1]]
    if not level:
        (x, y), (_, below) = way[0], way[-1]
        return words("small", x + 8, (y + below) / 2 + 4, prefixed(term))
    (x1, y), (x2, _) = max(level, key=lambda ends: abs(ends[0][0] - ends[1][0]))
    return words("small", (x1 + x2) / 2, y - 6, prefixed(term), "middle")
