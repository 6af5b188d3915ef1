"""What the nodes of a data set are: the one thing that a statement's check must know of the nodes it points to."""

from collections.abc import Callable, Iterable, Iterator, KeysView

from lod.terms import Iri, Triple
from lod.vocab import rdf

Types = tuple[Iri, ...]
"""The classes of a node, in the order they are said; none for a node that says things without being of a class."""


def _nobody(_: Iri) -> Types | None:
    return None


class Nodes:
    """Every node that something is said of, and its classes. What is not held here is asked for `elsewhere`."""

    def __init__(self, elsewhere: Callable[[Iri], Types | None] = _nobody) -> None:
        self._types: dict[Iri, Types] = {}
        self._known: dict[Types, Types] = {}
        self._elsewhere = elsewhere

    def take(self, triples: Iterable[Triple]) -> None:
        """Remember what a block says of its nodes."""
        is_a, said = rdf.type, dict[Iri, list[Iri]]()
        for subject, predicate, value in triples:
            kinds = said.get(subject)
            if kinds is None:
                kinds = said[subject] = []
            if predicate == is_a:
                kinds.append(Iri(value))
        for subject, kinds in said.items():
            self.put(subject, tuple(kinds))

    def put(self, node: Iri, types: Types) -> None:
        """Remember one node; what was known of it stays."""
        types = tuple(dict.fromkeys((*self._types.get(node, ()), *types)))
        # a few dozen sets of classes make up a data set: each is kept once
        self._types[node] = self._known.setdefault(types, types)

    def of(self, node: Iri) -> Types | None:
        """The classes of a node; None when nothing is said of it anywhere."""
        found = self._types.get(node)
        return found if found is not None else self._elsewhere(node)

    @property
    def own(self) -> KeysView[Iri]:
        """The nodes held here."""
        return self._types.keys()

    def __iter__(self) -> Iterator[tuple[Iri, Types]]:
        return iter(self._types.items())
