"""The same things in several editions of one server: those that have an address elsewhere in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lod.iris import KINDS, owner
from lod.linking.lookup import canonical
from lod.terms import Iri, address, value
from lod.vocab import schema
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


class Twins:
    """Groups of things; made once from the dumps. With one edition there are none."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self._rooms = {room.edition.id: room for room in rooms}
        self._group: dict[tuple[str, str], list[tuple[str, str]]] = {}
        if len(rooms) > 1:
            self._join()

    def _join(self) -> None:
        """Things with an address in common are one group, and so are those that a third one joins."""
        known: dict[str, tuple[str, str]] = {}
        for edition, room in self._rooms.items():
            for path in room.documents.paths():
                if path.split("/")[0] not in KINDS:
                    continue
                thing = room.documents.iris.of(path)
                own = self._group.setdefault((edition, path), [(edition, path)])
                addresses = [
                    node
                    for subject, said, node in room.documents.own(path)
                    if subject == thing and said == schema.sameAs
                ]
                for uri in (thing, *addresses):
                    name = canonical(address(Iri(uri)))
                    other = self._group[known.setdefault(name, (edition, path))]
                    if other is not own:
                        other += own
                        for each in own:
                            self._group[each] = other
                        own = other
        self._group = {each: group for each, group in self._group.items() if len({edition for edition, _ in group}) > 1}

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
