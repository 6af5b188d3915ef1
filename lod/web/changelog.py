"""What changed when, from the change table of the releases: by kind of thing, and name by name where that can be read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lod.iris import KINDS
from lod.release.change import Change, Kind
from lod.web.site import Room
from lod.web.values import Value

_NAMED = 40
"""So many things of one sort of change are named; the table in the release has all."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of change in a release: how many things of each kind, and the first of them by name."""

    change: str
    counts: Mapping[str, int]
    named: tuple[Value, ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return sum(self.counts.values()) - len(self.named)


@dataclass(frozen=True, slots=True)
class Entry:
    """A release: the first one has no names, everything in it is new."""

    version: str
    date: str
    first: bool
    sorts: tuple[Sort, ...]


def of(room: Room) -> tuple[Entry, ...]:
    """Every release, the newest first."""
    table = room.history.table
    versions = list(table.versions().items())
    return tuple(
        Entry(version, date, place == 0, _sorts(room, table.of(version), first=place == 0))
        for place, (version, date) in reversed(list(enumerate(versions)))
    )


def _sorts(room: Room, changes: list[Change], *, first: bool) -> tuple[Sort, ...]:
    found = []
    for kind in Kind:
        paths = [each.path for each in changes if each.kind is kind and each.path.split("/")[0] in KINDS]
        if paths:
            counted = Counter(path.split("/")[0] for path in paths)
            named = () if first else tuple(_name(room, path) for path in paths[:_NAMED])
            found.append(Sort(kind.value, {each: counted[each] for each in KINDS if counted[each]}, named))
    return tuple(found)


def _name(room: Room, path: str) -> Value:
    """A thing that is there by its name and page, one that is gone by its path."""
    return room.names.value(path) if path in room.documents else Value(path, href=room.link(path))
