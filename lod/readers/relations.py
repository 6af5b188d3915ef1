"""`relation` of a register: kin, and parts of bodies, in the names that editions use for them."""

from collections.abc import Iterable, Iterator

from lod.model import Claim
from lod.readers import dating
from lod.readers.index import Index
from lod.readers.references import References
from lod.readers.xml import TEI, Element, Place, words
from lod.report import Source
from lod.spool import Value, frozen

_KNOWN = ("parent", "child", "spouse", "sibling", "relative", "part-of")
_SAME = {"husband": "spouse", "wife": "spouse", "married": "spouse", "marriage": "spouse", "marriedto": "spouse",
         "spouseof": "spouse", "parentof": "parent", "childof": "child", "siblingof": "sibling", "partof": "part-of",
         "haspart": "has-part", "relatedto": "relative", "kin": "relative"}  # fmt: skip
_WIDER = {
    "parent": ("father", "mother"),
    "child": ("son", "daughter"),
    "sibling": ("brother", "sister", "half-sibling", "half-brother", "half-sister"),
    "relative": (
        *("grandparent", "grandfather", "grandmother", "grandchild", "grandson", "granddaughter", "ancestor", "descendant"),
        *("uncle", "aunt", "nephew", "niece", "cousin", "godparent", "godfather", "godmother", "godchild", "in-law"),
        *("father-in-law", "mother-in-law", "son-in-law", "daughter-in-law", "brother-in-law", "sister-in-law"),
        *("stepparent", "stepfather", "stepmother", "stepchild", "stepson", "stepdaughter"),
    ),
}  # fmt: skip
"""Relations that RDF can only say more widely, because schema.org has one property for them all."""
_WIDENED = {name: wider for wider, names in _WIDER.items() for name in names}
_TURNED = {"child": "parent", "has-part": "part-of"}


@frozen()
class Relation(Value):
    """What a register says between two of its entries, once: `parent` (active → passive), `spouse`, `part-of` …"""

    name: str
    active: str
    passive: str
    claim: Claim
    source: Source
    note: str = ""


def read(roots: Iterable[Element], here: Place, index: Index) -> Iterator[Relation]:
    """Every relation of a file between entries that are there. One that is not understood is a finding."""
    for element in (relation for root in roots for relation in root.iter(f"{TEI}relation")):
        given = (element.get("name") or element.get("ref") or "").strip()
        plain = given.rpartition("#")[2].rpartition("/")[2].lower().replace("_", "-").replace(" ", "-")
        name = _SAME.get(plain.replace("-", ""), _WIDENED.get(plain, plain))
        if name not in _KNOWN and name not in _TURNED:
            message = f"relation '{given}' between {_sides(element)} is not understood and was left out"
            here.report.warning(
                "relation-unknown",
                message,
                here.source(element),
                "",
                f"known are {', '.join(_KNOWN)}, and names of kin",
            )
            continue
        if plain in _WIDENED:
            message = f"relation '{given}' is said as '{name}'"
            here.report.note("relation-widened", message, here.source(element))
        yield from _relations(element, name, here, index)


def _relations(element: Element, name: str, here: Place, index: Index) -> Iterator[Relation]:
    claim = here.claim(element, name)
    refs = References(here, index, f"relation {name}")
    several = [
        [refs.link(element, pointer) for pointer in (element.get(side) or "").split()]
        for side in ("mutual", "active", "passive")
    ]
    mutual, active, passive = ([link.target for link in side if link] for side in several)
    if name in _TURNED:
        name, active, passive = _TURNED[name], passive, active
    pairs = [(one, other) for one in active for other in passive]
    pairs += [(one, other) for number, one in enumerate(mutual) for other in mutual[number + 1 :]]
    if not pairs and all(link for side in several for link in side):
        message = f"relation '{name}' names one side only, and was left out: {_sides(element)}"
        here.report.warning("relation-unknown", message, here.source(element), "", "@active and @passive, or @mutual")
    if any(map(dating.is_dating, element.keys())):
        message = f"the date of the relation '{name}' between {_sides(element)} was left out"
        here.report.note("part-left-out", message, here.source(element))
    note = words(element.find(f"{TEI}desc"))
    for one, other in pairs:
        yield Relation(name, one, other, claim, here.source(element), note)


def _sides(element: Element) -> str:
    told = [f"{side} {element.get(side)}" for side in ("mutual", "active", "passive") if element.get(side)]
    return _short(" ".join(told) or "nobody")


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most]} …"
