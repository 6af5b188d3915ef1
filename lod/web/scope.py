"""What a linking service speaks of: one edition, or all editions of the server at once.

Ids are paths below the service's own address: `person/serge` of one edition, `serge-trotsky/person/serge` of several.
Index and look-up are made when somebody first asks, once.
"""

import threading
from collections.abc import Iterator, Sequence

from lod.linking.entity import Entity, gather
from lod.linking.lookup import Lookup
from lod.linking.matcher import Matcher
from lod.web.site import Room, Site


class Scope:
    """Editions asked together."""

    def __init__(self, site: Site, rooms: Sequence[Room], prefix: str) -> None:
        self.site, self.rooms, self.prefix = site, tuple(rooms), prefix
        self._lock = threading.Lock()
        self._matcher: Matcher | None = None
        self._lookup: Lookup | None = None

    @property
    def several(self) -> bool:
        """True when ids begin with the edition's."""
        return len(self.rooms) > 1

    @property
    def address(self) -> str:
        """Where the service's ids are below, without the last stroke."""
        return self.site.public_url + self.prefix

    @property
    def names(self) -> str:
        """What ids make names with: the edition's base; of several editions the address, since bases differ."""
        return f"{self.address}/" if self.several else self.rooms[0].edition.base

    @property
    def title(self) -> str:
        """What the service is called."""
        return "; ".join(room.title for room in self.rooms)

    @property
    def matcher(self) -> Matcher:
        """The index of names."""
        with self._lock:
            if self._matcher is None:
                self._matcher = Matcher(self._entities())
            return self._matcher

    @property
    def lookup(self) -> Lookup:
        """The index of addresses."""
        matcher = self.matcher
        with self._lock:
            if self._lookup is None:
                self._lookup = Lookup(matcher)
            return self._lookup

    def _entities(self) -> Iterator[Entity]:
        for room in self.rooms:
            yield from gather(room.documents, f"{room.edition.id}/" if self.several else "")

    def place(self, identifier: str) -> tuple[Room, str] | None:
        """The edition and path of an id."""
        for room in self.rooms:
            path = identifier.removeprefix(f"{room.edition.id}/") if self.several else identifier
            if path in room.documents and (path != identifier or not self.several):
                return room, path
        return None

    def url(self, entity: Entity) -> str:
        """Where an entity's page is reached."""
        return f"{self.address}/{entity.id}"
