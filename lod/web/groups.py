"""Groups of links on the page of a thing, cut into pages: a person with ten thousand letters is as quick as one with ten."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from lod.web import backlinks
from lod.web.site import Room
from lod.web.values import Value

SIZE = 50
"""So many links stand on one page of a group."""


@dataclass(frozen=True, slots=True)
class Group:
    """Things that point here with one meaning. `years` counts texts by year, `facet` finds them all in the browser."""

    key: str
    heading: str
    count: int
    page: int
    pages: int
    shown: tuple[Value, ...]
    years: tuple[tuple[str, int], ...] = ()
    facet: str = ""

    @property
    def highest(self) -> int:
        """The count of the fullest year."""
        return max((count for _, count in self.years), default=0)


_FACETS: Mapping[str, str] = {"Letters sent": "from", "Letters received": "to", "Letters written here": "place"}
"""The facet of the letters' list that has the same letters."""


def of(room: Room, path: str, wanted: str, number: int, told: Set[str] = frozenset()) -> tuple[Group, ...]:
    """All groups; the wanted one at page `number` (from 1), every other at its first.

    A group is left out when the page links to all of it already: `told` are these links.
    """
    found = []
    for heading, pointing in room.backlinks.of(path).items():
        paths = pointing.paths
        if told and all(room.link(one) in told for one in paths):
            continue
        key = backlinks.anchor(heading)
        pages = max(1, -(-len(paths) // SIZE))
        page = min(max(number, 1), pages) if key == wanted else 1
        shown = tuple(room.names.value(one, here=path) for one in paths[(page - 1) * SIZE : page * SIZE])
        facet = path.split("/")[0] if heading == "Mentioned in" else _FACETS.get(heading, "")
        found.append(Group(key, heading, len(paths), page, pages, shown, pointing.years, facet))
    return tuple(found)
