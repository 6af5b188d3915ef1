"""The days on which records last changed, kept from release to release while their things say the same.

A source file has one day for all that stands in it. So that a register with a new day does not make every entry of it
look changed, a record whose thing says what it said in the last recorded release has the day that it had then.
"""

from collections.abc import Iterable, Iterator

from lod.config import Edition
from lod.iris import Iris
from lod.mapping import Block
from lod.release import change
from lod.release.change import Record, Table, digest_of
from lod.terms import Literal, Triple, typed, value
from lod.vocab import dcterms, xsd

RECORDS = "releases"
"""Beside `edition.toml`: the change table and the manifest of each release, to be committed."""


def recorded(edition: Edition) -> Table:
    """The change table that is committed with an edition; an empty one before its first release."""
    return Table.read(edition.folder / RECORDS / change.FILE)


def kept(blocks: Iterable[Block], edition: Edition, table: Table | None = None) -> Iterator[Block]:
    """The blocks, each with the day of the last release if it says what it said there. `table`: what is recorded."""
    table, iris = recorded(edition) if table is None else table, Iris(edition.base)
    if not len(table):
        yield from blocks
        return
    for path, triples in blocks:
        last = table.last(path)
        found = record(path, triples, iris)
        same = last is not None and last.content == found.content and bool(found.modified)
        if last is not None and same and last.modified and last.modified != found.modified:
            yield path, [_dated(each, path, last.modified, iris) for each in triples]
        else:
            yield path, triples


def record(path: str, triples: Iterable[Triple], iris: Iris) -> Record:
    """What the change table keeps of a thing."""
    node = iris.record(path)
    said: list[Triple] = []
    day = ""
    for triple in dict.fromkeys(triples):
        if triple[0] == node and triple[1] == dcterms.modified:
            day = value(Literal(triple[2]))[0]
        else:
            said.append(triple)
    return Record(digest_of(said), day)


def _dated(triple: Triple, path: str, day: str, iris: Iris) -> Triple:
    if triple[0] == iris.record(path) and triple[1] == dcterms.modified:
        return triple[0], triple[1], typed(day, xsd.date)
    return triple
