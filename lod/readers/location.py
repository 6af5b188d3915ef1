"""Where a place lies: its coordinates, what it lies in."""

from collections.abc import Iterator

from lod import authorities
from lod.model import Link
from lod.readers.index import entry_path, kind_named
from lod.readers.references import References
from lod.readers.xml import TEI, Element, words

_NESTING = (f"{TEI}place", f"{TEI}listPlace")
_NAMING = ("placeName", "geogName", "district", "settlement", "region", "country", "bloc")
"""What names a place: a placeName, else the narrowest."""


def coordinates(element: Element, refs: References) -> tuple[str, str] | tuple[()]:
    """Latitude and longitude as decimal text, of the place itself and not of what it lies in; `()` for none."""
    own = [place for place in element.iterfind(f"{TEI}location") if not _names(place)]
    geo = next((found for place in own if (found := place.find(f"{TEI}geo")) is not None), None)
    here, path = refs.here, refs.path
    if geo is None:
        return ()
    if not words(geo):
        here.report.note("coordinates-missing", "an empty geo", here.source(geo), path)
        return ()
    numbers = words(geo).split()
    decimal_commas = len(numbers) == 2 and all(number.count(",") == 1 and "." not in number for number in numbers)
    numbers = (
        [number.replace(",", ".") for number in numbers] if decimal_commas else words(geo).replace(",", " ").split()
    )
    try:
        latitude, longitude = (float(number) for number in numbers)
    except ValueError:
        latitude = longitude = 999.0
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        message, hint = f"'{words(geo)}' is no latitude and longitude", "write latitude, blank, longitude"
        here.report.error("coordinates-impossible", message, here.source(geo), path, hint)
        return ()
    return numbers[0], numbers[1]


def around(element: Element, refs: References) -> str:
    """The path of the place that a place lies in: the entry around it, else the first that it points to; `""` for none."""
    parent = element.getparent()
    while parent is not None and parent.tag in _NESTING:
        if entry_path(parent):
            return entry_path(parent)
        parent = parent.getparent()
    found = list(dict.fromkeys(link.target for name in _pointing(element) if (link := refs.link(name, _ref(name)))))
    found = [path for path in found if path != refs.path]
    for other in found[1:]:
        message = f"lies in {found[0]} and in {other}: the second was left out"
        refs.here.report.note("within-several", message, refs.here.source(element), refs.path)
    return found[0] if found else ""


def seats(element: Element, refs: References) -> Iterator[Link]:
    """Where a body has its seat: by a pointer, else by a plain name."""
    for name in element.iterchildren():
        if isinstance(name.tag, str) and kind_named(name) == "place" and is_read(name):
            yield from _linked(name, refs)
    for place in element.iterfind(f"{TEI}location"):
        for name in _names(place):
            yield from _linked(name, refs)


def names(element: Element) -> list[Element]:
    """What names a place in its entry, and says something."""
    several = (element.findall(f"{TEI}{name}") for name in _NAMING)
    own = ([name for name in found if words(name) and not is_elsewhere(name)] for found in several)
    return next(filter(None, own), [])


def is_elsewhere(element: Element) -> bool:
    """True for a name in a place's entry that points to another place; an authority's address is that of the place itself."""
    if kind_named(element) != "place" or not (_ref(element) or element.get("key")):
        return False
    return element.tag != f"{TEI}placeName" or not authorities.is_address(_ref(element) or element.get("key") or "")


def is_read(element: Element) -> bool:
    """True when an element that names a place points to it, or is nothing but a name."""
    return bool(_ref(element) or element.get("key")) or len(element) == 0


def is_read_whole(element: Element, kind: str) -> bool:
    """True for a `location` whose coordinates, or whose pointers, are all that it says."""
    if _names(element):
        return kind in ("place", "organisation", "event")
    return kind == "place" and all(child.tag == f"{TEI}geo" for child in element.iterchildren(f"{TEI}*"))


def _linked(name: Element, refs: References) -> Iterator[Link]:
    link = refs.link(name, _ref(name))
    if link:
        yield link


def _pointing(element: Element) -> list[Element]:
    """Names of other places that an entry points to: its own children, and those of its locations."""
    children = [child for child in element if isinstance(child.tag, str) and is_elsewhere(child)]
    return [*children, *(name for place in element.iterfind(f"{TEI}location") for name in _names(place))]


def _names(location: Element) -> list[Element]:
    """What a `location` says a place lies in: by pointers, or by the one plain name in it."""
    names = [child for child in location.iterchildren(f"{TEI}*") if kind_named(child) == "place"]
    pointing = [name for name in names if _ref(name) or name.get("key")]
    plain = len(names) == 1 and len(names[0]) == 0 and words(names[0])
    return pointing or (names if plain else [])


def _ref(element: Element) -> str | None:
    return element.get("ref")
