"""What an entry of a register tells beyond what a record has fields for: its words are kept as a remark, and that is told.

An education, a state or trait, a nationality that points nowhere: the profile has no statement for them. Nothing of an
entry is left out without a finding.
"""

from collections.abc import Iterable, Iterator

from lod.model import Note
from lod.readers.index import kind_named
from lod.readers.xml import TEI, Element, Place, words

_STRUCTURES = tuple(
    f"{TEI}{name}" for name in ("listBibl", "listPlace", "listPerson", "listOrg", "figure", "graphic", "media")
)
"""Parts that hold things rather than words."""
_NOT_WORDS = (f"{TEI}geo", f"{TEI}idno")
_SPELT_OUT = {
    "placeName": "place",
    "socecStatus": "status",
    "langKnowledge": "languages",
    "idno": "number",
    "biblScope": "scope",
}
_LOCATION = ("address", "placeName", "country", "region", "settlement", "district", "offset", "desc", "label")
_ASIDE = tuple(f"{TEI}{name}" for name in ("roleName", "term", "date", "idno", "note"))
_HINT = "point to an entry with @ref where there is one"


def kept(children: Iterable[Element], path: str, here: Place) -> Iterator[Note]:
    """A remark for each child that has words, `Education: Lycée Louis-le-Grand`; a finding for each child."""
    for child in _opened(children):
        name, told = _name(child), said(child)
        dating = here.dating_of(child, path)
        if dating is not None and not told and child.tag == f"{TEI}floruit":
            message = f"<floruit> is kept as words: '{dating.date.label}'"
            here.report.note("kept-as-words", message, here.source(child), path, _HINT)
            yield Note(f"{name}: {dating.date.label}")
            continue
        if child.tag in _STRUCTURES or not told:
            attributes = " ".join(str(value) for value in child.attrib.values())
            if told or attributes or len(child):
                message = f"<{_tag(child)}> ({told or attributes or 'no words'}) is not understood and was left out"
                here.report.note("part-left-out", message, here.source(child), path)
            continue
        message = f"<{_tag(child)}> is kept as words: '{told}'"
        here.report.note("kept-as-words", message, here.source(child), path, _HINT)
        yield Note(f"{name}: {told}" + (f" ({dating.date.label})" if dating else ""))


def _opened(children: Iterable[Element]) -> Iterator[Element]:
    """A `location` gives way to what stands in it, coordinates apart."""
    for child in children:
        if child.tag == f"{TEI}location":
            yield from child.iterchildren(*(f"{TEI}{name}" for name in _LOCATION))
        else:
            yield child


def loose(element: Element, path: str, here: Place, *, dated: bool) -> Iterator[Note]:
    """The words that stand in a birth or death beside its date and places, as a remark; of one not dated, its date too."""
    date = element.find(f"{TEI}date")
    told = " ".join(filter(None, (loose_words(element), "" if dated or date is None else words(date))))
    if told and (not dated or any(char.isalpha() for char in told)):
        message = f"<{_tag(element)}> is kept as words: '{told}'"
        here.report.note("kept-as-words", message, here.source(element), path, "name the place in a placeName")
        yield Note(told)


def loose_words(element: Element, inner: Element | None = None) -> str:
    """The words of an element outside of `inner`, of names of places, roles, dates, numbers and notes."""
    pieces = [element.text or ""]
    for child in element:
        known = child is inner or not isinstance(child.tag, str) or child.tag in _ASIDE
        known = known or (inner is None and kind_named(child) == "place")
        pieces += ["" if known else words(child), child.tail or ""]
    told = " ".join(" ".join(pieces).split())
    return told if any(char.isalnum() for char in told) else ""


def said(element: Element) -> str:
    """The words of an element; of one that only holds others, theirs with commas between. Notes and numbers apart."""
    inner = [child for child in element if isinstance(child.tag, str)]
    mixed = (element.text or "").strip() or any((child.tail or "").strip() for child in element)
    if mixed or not inner:
        return words(element)
    told = [said(child) for child in inner if child.tag not in _NOT_WORDS and child.get("type") != "IDNO"]
    return ", ".join(dict.fromkeys(filter(None, told)))


def _name(element: Element) -> str:
    """`Education`, `Trait (physical)`."""
    name, kind = _tag(element), (element.get("type") or element.get("unit") or "").replace("_", " ")
    name = _SPELT_OUT.get(name, name)
    return f"{name[0].upper()}{name[1:]}" + (f" ({kind})" if kind else "")


def _tag(element: Element) -> str:
    return str(element.tag).removeprefix(TEI)
