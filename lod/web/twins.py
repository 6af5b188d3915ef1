"""The same things in several editions of one server: those that have an address elsewhere in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lod.iris import KINDS, owner
from lod.linking.lookup import canonical
from lod.terms import Iri, address, value
from lod.vocab import schema
from lod.web import census
from lod.web.site import Room


@dataclass(frozen=True, slots=True)
class Twin:
    """A thing of an edition, with its label, its page, the letters it sent or received there, and the texts that mention it."""

    room: Room = field(repr=False)
    path: str
    label: str
    href: str
    iri: str
    letters: int
    mentions: int


_Name = tuple[str, str]
"""The id of an edition and a path in it."""


class Twins:
    """Groups of things, made when somebody first asks. With one edition there are none."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self._rooms = {room.edition.id: room for room in rooms}

    @cached_property
    def _group(self) -> dict[_Name, list[_Name]]:
        """Things with an address in common are one group, and so are those that a third one joins."""
        known: dict[str, _Name] = {}
        groups: dict[_Name, list[_Name]] = {}
        for name, addresses in self._named().items() if len(self._rooms) > 1 else ():
            own = groups[name] = [name]
            for uri in addresses:
                other = groups[known.setdefault(canonical(address(uri)), name)]
                if other is not own:
                    other += own
                    for each in own:
                        groups[each] = other
                    own = other
        return {each: group for each, group in groups.items() if len({edition for edition, _ in group}) > 1}

    def _named(self) -> dict[_Name, list[Iri]]:
        """Every thing that may be in a group, with its own address and those it says are the same: all others are alone."""
        said: dict[_Name, list[Iri]] = {}
        asked: dict[str, None] = {}
        for edition, room in self._rooms.items():
            for path, subject, node in census.addresses(room.index):
                if path.partition("/")[0] in KINDS and subject == room.documents.iris.of(path):
                    said.setdefault((edition, path), [subject]).append(node)
                    asked[canonical(address(node))] = None
        for edition, room in self._rooms.items():
            start = f"{canonical(room.edition.base)}/"
            for path in (name.removeprefix(start) for name in asked if name.startswith(start)):
                if path.partition("/")[0] in KINDS and path in room.documents:
                    said.setdefault((edition, path), [room.documents.iris.of(path)])
        order = list(self._rooms)
        return dict(sorted(said.items(), key=lambda each: order.index(each[0][0])))

    def of(self, room: Room, path: str) -> list[Twin]:
        """What other editions tell of the same thing."""
        group = self._group.get((room.edition.id, path), ())
        return [self._twin(edition, other) for edition, other in group if edition != room.edition.id]

    def groups(self) -> list[list[Twin]]:
        """Every group once, those with most letters first."""
        found = {id(group): [self._twin(*each) for each in group] for group in self._group.values()}
        return sorted(found.values(), key=lambda group: (-sum(twin.letters for twin in group), group[0].label))

    def _twin(self, edition: str, path: str) -> Twin:
        room = self._rooms[edition]
        thing = room.documents.iris.of(path)
        label = next((value(each)[0] for each in room.documents.labels(thing)), path)
        texts: dict[bool, set[str]] = {True: set(), False: set()}
        for subject, said, node in room.documents.incoming(path):
            if node == thing and said in (schema.sender, schema.recipient, schema.mentions):
                texts[said != schema.mentions].add(owner(room.documents.iris.path(subject)))
        return Twin(room, path, label, room.link(path), address(thing), len(texts[True]), len(texts[False]))


def pairs(groups: Sequence[Sequence[Twin]], one: Room, other: Room) -> list[tuple[Twin, Twin]]:
    """The links from one edition to another."""
    return [(a, b) for group in groups for a in group if a.room is one for b in group if b.room is other]
