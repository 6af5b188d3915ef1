"""What is written to files. A new format is one module and one line in `DUMPS`.

Dumps come from the mapping, never from a store, and hold no clock, host, path or version of a tool.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from lod.cache import Cache
from lod.dumps import jsonld, rdfxml, spooled, turtle
from lod.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from lod.mapping import Block
from lod.mapping.blocks import Spooled
from lod.parallel import Crew, uncollected
from lod.terms import Triple, lines


def _lines(blocks: Iterable[Iterable[Triple]], base: str) -> Iterator[str]:  # noqa: ARG001 (N-Triples needs no base)
    for triples in blocks:
        yield lines(triples)


_AT_ONCE = 1 << 20
"""Bytes that go to a file at once: an owner's block each would be a call of the system each."""

Writer = Callable[[Iterable[Iterable[Triple]], str], Iterator[str]]
"""Takes blocks of triples (an owner each) and the base, gives the text in pieces."""

DUMPS: dict[str, Writer] = {
    TURTLE.name: turtle.write,
    N_TRIPLES.name: _lines,
    JSON_LD.name: jsonld.write,
    RDF_XML.name: rdfxml.write,
}


def write(blocks: Iterable[Iterable[Triple]], base: str, file: Path, form: str) -> None:
    """Write a dump in one of `DUMPS`. The file appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".part")
    with uncollected(), beside.open("w", _AT_ONCE, encoding="utf-8", newline="\n") as stream:
        stream.writelines(DUMPS[form](blocks, base))
    beside.replace(file)


def write_blocks(
    blocks: Collection[Block], base: str, file: Path, form: str, crew: Crew, cache: Cache | None = None
) -> None:
    """The same from the blocks of an edition, by as many processes as there are when they lie on disk.

    `cache`: where the text of blocks on disk is kept for the next time.
    """
    if isinstance(blocks, Spooled) and form in spooled.FORMS:
        spooled.write(blocks, base, file, form, crew, cache)
    else:
        write((triples for _, triples in blocks), base, file, form)
