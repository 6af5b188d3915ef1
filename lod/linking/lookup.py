"""From what somebody else calls a thing to what we call it: authority addresses in every form they are written in."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lod.authorities import recognise
from lod.linking.entity import Entity

_ADDRESS = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_PAGE = re.compile(r"(?:\.(?:html?|ttl|rdf|json|jsonld|nt|xml)|/about(?:/\w+)?|/)$")


def canonical(uri: str) -> str:
    """One form for all in which an address is written: scheme, `www`, `/about/…`, file endings and last stroke do not count."""
    uri = uri.strip().partition("#")[0]
    known = recognise(uri) or recognise(uri.replace("/about/", "/"))
    if known is not None:
        return ":".join(known)
    plain = _ADDRESS.sub("", uri)
    while (shorter := _PAGE.sub("", plain)) != plain:
        plain = shorter
    return plain


class Lookup:
    """Entities by every address they have elsewhere, and by their own."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._by_address: dict[str, dict[str, Entity]] = defaultdict(dict)
        for entity in entities:
            for uri in (entity.iri, *entity.same_as):
                if uri:
                    self._by_address[canonical(uri)][entity.id] = entity

    def find(self, uri: str) -> Sequence[Entity]:
        """Who has this address; several when an identifier was given to several, or in several editions."""
        return tuple(self._by_address.get(canonical(uri), {}).values())

    def shared(self) -> Iterator[Mapping[str, Entity]]:
        """Groups of entities that have an address in common."""
        return (group for group in self._by_address.values() if len(group) > 1)
