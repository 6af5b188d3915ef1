"""A dump cut into documents, piece by piece: what some of its documents come to, whatever stands before and after them.

A piece numbers things and words as it meets them; `lod.store.joined` makes one of all pieces. So any process can cut one.
"""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from lod.iris import Iris, owner
from lod.store.ordered import Numbers
from lod.terms import Iri, Triple, lines, triples
from lod.vocab import dcterms, rdf, rdfs

Document = tuple[str, str, bytes]
"""The lines that date its record, those that give type or label of the thing itself, and all of them, packed."""

_LEVEL = 1
"""How hard documents are packed: they are small and alike, so the quickest way makes a sixth of them."""
_PREDICATE = itemgetter(1)


@dataclass(frozen=True, slots=True)
class Cut:
    """What some documents come to. Things and words are told by their places in `things` and `words`."""

    things: Sequence[str]
    """The paths of all things that are told of or pointed to, in the order in which they come."""
    words: Sequence[str]
    """Properties, and what follows a thing's path in those of its parts."""
    told: Sequence[int]
    """The things that the documents are about."""
    links: Numbers
    """Five numbers (int32) for each statement that points to a thing of another document: that thing, which part of it,
    the thing that says so, which part of it, by which property."""
    namespaces: Sequence[str]
    triples: int


def unpack(data: bytes) -> str:
    """The lines of a document: what was cut from several places of a dump lies behind each other, each packed by itself."""
    found = []
    while data:
        unpacking = zlib.decompressobj()
        found.append(unpacking.decompress(data))
        data = unpacking.unused_data
    return b"".join(found).decode()


def documents_of(text: str, base: str) -> Iterator[tuple[str, list[Triple]]]:
    """Lines as `lod.terms.n_triples` writes them, by the thing whose document they belong to, as they follow each other."""
    iris, last, path, own = Iris(base), "", "", list[Triple]()
    for triple in triples(text):
        if triple[0] != last:
            last, thing = triple[0], owner(iris.path(triple[0]))
            if own and thing != path:
                yield path, own
                own = []
            path = thing
        own.append(triple)
    if own:
        yield path, own


def pieces(lines: Iterable[str], base: str, most: int) -> Iterator[str]:
    """Lines of a dump, some at a time: `most`, or as many more as the last document has."""
    iris, held, last, path = Iris(base), list[str](), "", ""
    for line in lines:
        if len(held) >= most:
            subject = line.split(" ", 1)[0]
            if subject != last:
                thing = owner(iris.path(Iri(subject)))
                if last and thing != path:
                    yield "".join(held)
                    held = []
                    subject = ""
                last, path = subject, thing
        elif len(held) == most - 1:
            last = line.split(" ", 1)[0]
            path = owner(iris.path(Iri(last)))
        held.append(line)
    if held:
        yield "".join(held)


class Cutter:
    """Cuts one document after the other."""

    def __init__(self, base: str) -> None:
        self._iris = Iris(base)
        self._things: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._aims: dict[str, tuple[str, int, int]] = {}
        self._told: list[int] = []
        self._links = array("i")
        self._terms: set[str] = set()
        self._triples = 0

    def take(self, path: str, own: Sequence[Triple]) -> Document:
        """One more. `ValueError` when it has a blank node."""
        words, links, type_, last, part, inner = self._words, self._links, rdf.type, "", 0, ""
        number = self._things.setdefault(path, len(self._things))
        start, described, days = f"<{self._iris.base}", list[Triple](), list[Triple]()
        self._told.append(number)
        self._triples += len(own)
        self._terms.update(map(_PREDICATE, own))
        for triple in own:
            subject, predicate, node = triple
            if subject != last:
                last, inner = subject, self._iris.path(subject)
                part = words.setdefault(inner[len(path) :], len(words))
            if node[0] == '"':
                if predicate == rdfs.label and inner == path:
                    described.append(triple)
                elif predicate == dcterms.modified and inner == f"{path}.ttl":
                    days.append(triple)
            elif predicate == type_:
                self._terms.add(node)
                if inner == path:
                    described.append(triple)
            elif node.startswith(start):
                target, aimed, aim = self._aims.get(node) or self._aim(node)
                if target != path and target:
                    links.extend((aimed, aim, number, part, words.setdefault(predicate, len(words))))
        text = " .\n".join([*map(" ".join, own), ""])
        if "_:" in text:
            _refuse_blanks(own)
        return lines(days), lines(described), zlib.compress(text.encode(), _LEVEL)

    def done(self) -> Cut:
        """What they came to."""
        namespaces = sorted({_namespace(term) for term in self._terms})
        return Cut([*self._things], [*self._words], self._told, np.array(self._links, "<i4"), namespaces, self._triples)

    def _aim(self, node: str) -> tuple[str, int, int]:
        """The thing that a link of ours goes to, its number, and the part of it."""
        path = node[len(self._iris.base) + 1 : -1]
        thing = owner(path)
        number = self._things.setdefault(thing, len(self._things))
        found = self._aims[node] = thing, number, self._words.setdefault(path[len(thing) :], len(self._words))
        return found


def _refuse_blanks(own: Iterable[Triple]) -> None:
    for triple in own:
        if triple[0][0] == "_" or triple[2][0] == "_":
            raise ValueError(f"a blank node, which no dump holds: {' '.join(triple)}")


def _namespace(term: str) -> str:
    inside = term[1:-1]
    return inside[: max(inside.rfind("#"), inside.rfind("/")) + 1]
