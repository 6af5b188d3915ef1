"""The manuscripts that the header of a TEI text describes, and the archives they lie in."""

from collections.abc import Iterator
from typing import NamedTuple

from lod.iris import slug
from lod.readers.shares import Share
from lod.readers.xml import TEI, Element, words


class Manuscript(NamedTuple):
    """One `msDesc` with a `msIdentifier`. `parts`: settlement, institution, repository, collection; `key` names its holding."""

    description: Element
    identifier: Element
    parts: dict[str, str]
    key: str


def manuscripts(share: Share) -> Iterator[Manuscript]:
    """Those of a letter that say where they lie."""
    for description in share.text.iterfind(f"{TEI}teiHeader/{TEI}fileDesc/{TEI}sourceDesc//{TEI}msDesc"):
        identifier = description.find(f"{TEI}msIdentifier")
        if identifier is None or not share.has(description):
            continue
        names = ("settlement", "institution", "repository", "collection")
        parts = {name: words(identifier.find(f"{TEI}{name}")) for name in names}
        key = slug(" ".join(dict.fromkeys(filter(None, parts.values()))))
        if key:
            yield Manuscript(description, identifier, parts, key)
