"""The documents of a state one after the other, as a release is made of them: no more is held than what things are called."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from lod.iris import KINDS, Iris
from lod.mapping import Block
from lod.terms import Iri, Triple
from lod.vocab import rdf, rdfs


class State:
    """An edition's blocks, gone through as often as needed. A document is the same as in `lod.store.documents`."""

    def __init__(self, blocks: Collection[Block], base: str) -> None:
        self._blocks = blocks
        self.iris = Iris(base)
        self.triples = 0
        self._kinds: Counter[str] = Counter()
        self._described: dict[Iri, list[Triple]] = {}
        for path, triples in blocks:
            self._take(path, dict.fromkeys(triples))

    def _take(self, path: str, triples: Iterable[Triple]) -> None:
        self._kinds[path.partition("/")[0]] += "/" in path
        for triple in triples:
            self.triples += 1
            if triple[1] in (rdf.type, rdfs.label):
                self._described.setdefault(triple[0], []).append(triple)

    def counts(self) -> dict[str, int]:
        """How many things there are of each kind, kinds without any left out."""
        return {kind: self._kinds[kind] for kind in KINDS if self._kinds[kind]}

    def document(self, triples: Iterable[Triple]) -> list[Triple]:
        """A block, and class and label of every thing of ours that it points to; every triple once."""
        found = dict.fromkeys(triples)
        for _, _, node in tuple(found):
            if node[0] == "<":
                found.update(dict.fromkeys(self._described.get(Iri(node), ())))
        return list(found)

    def documents(self) -> Iterator[Block]:
        """All documents with their paths, in the order of the dump."""
        for path, triples in self._blocks:
            yield path, self.document(triples)

    def languages(self) -> list[Triple]:
        """Class and label of every language, which texts name by tags and not by pointing to them."""
        start = self.iris.of("language/")[:-1]
        return [triple for term, said in self._described.items() if term.startswith(start) for triple in said]
