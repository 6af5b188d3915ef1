"""The JSON-LD that pages carry: what the thing's document says of it, and of the data set what `/dataset` says, in short.

The data set's description stands in a graph of its own, named by the address of `/dataset`: a page's default graph says nothing
that the thing's document does not say.
"""

import json
from typing import Any

from lod.dumps import jsonld
from lod.web import describe
from lod.web.once import once_a_room
from lod.web.site import Room, Site


class Embedded:
    """Makes the JSON-LD of pages; offered to the templates."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __call__(self, room: Room | None, thing: Any = None) -> list[Any]:
        """For a page of an edition, or of the whole server; `thing` is the JSON-LD of what it is about."""
        rooms = (room,) if room else self._site.rooms
        return [*([thing] if thing else []), *map(_data_set, rooms)]


@once_a_room
def _data_set(room: Room) -> dict[str, Any]:
    """The data set for search engines: names, licence, publisher, version, days, packed dumps."""
    said = json.loads(jsonld.document(describe.in_short(room)))
    return {"@context": said.pop("@context"), "@id": room.address("dataset"), "@graph": [said]}
