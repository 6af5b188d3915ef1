"""The blocks of an edition on disk: the collection that checks, dumps and releases read when they are too many to hold."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lod import terms
from lod.iris import KINDS
from lod.spool import Chunk
from lod.terms import Iri, Triple, triples

Block = tuple[str, list[Triple]]
"""The path of an owner and all its triples."""

Lines = tuple[str, str]
"""A block as it lies on disk: the path of the owner, and its triples as N-Triples, each once."""


def lines(block: Block) -> Lines:
    """A block as it lies on disk."""
    path, said = block
    return path, terms.lines(said)


@dataclass(frozen=True, slots=True)
class Spooled(Collection[Block]):
    """Blocks in the chunks of a spool, in the order of the dump: how many triples they hold, about how many things."""

    chunks: Sequence[Chunk[Lines]]
    triples: int
    things: int
    keeper: object
    """Whatever keeps the files while they are read: the spool."""

    def lines(self) -> Iterator[Lines]:
        """The blocks as they lie there: the cheapest way to read all."""
        for chunk in self.chunks:
            yield from chunk.load()

    def saying(self, predicate: Iri) -> Iterator[Triple]:
        """All triples with a predicate, read faster than all."""
        sign = f" {predicate} "
        for _, text in self.lines():
            if sign in text:
                yield from (triple for triple in triples(text) if triple[1] == predicate)

    def __iter__(self) -> Iterator[Block]:
        for path, text in self.lines():
            yield path, triples(text)

    def __len__(self) -> int:
        return sum(chunk.count for chunk in self.chunks)

    def __contains__(self, block: object) -> bool:
        return any(block == each for each in self)


def saying(blocks: Collection[Block], predicate: Iri) -> Iterable[Triple]:
    """All triples of an edition with a predicate, in order."""
    if isinstance(blocks, Spooled):
        return blocks.saying(predicate)
    return (triple for _, said in blocks for triple in said if triple[1] == predicate)


def is_of_thing(path: str) -> bool:
    """True for the block of a thing; the edition itself and its sources are none."""
    return path.partition("/")[0] in KINDS


def things(blocks: Collection[Block]) -> int:
    """How many things an edition tells of: all that have an IRI and a document, types and languages too (`void:entities`)."""
    return blocks.things if isinstance(blocks, Spooled) else sum(is_of_thing(path) for path, _ in blocks)


def count(blocks: Collection[Block]) -> int:
    """How many triples an edition has: those that a block says twice count once."""
    return blocks.triples if isinstance(blocks, Spooled) else sum(len(set(said)) for _, said in blocks)
