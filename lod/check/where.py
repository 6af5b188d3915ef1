"""From a node to the line of TEI that it comes from."""

from collections.abc import Iterable, Mapping

from lod.iris import Iris, owner
from lod.report import Source
from lod.terms import Iri, Triple


class Whereabouts:
    """Finds the record behind a node: by the longest path told, by its owner, or by what points to it."""

    def __init__(self, told: Mapping[str, Source], iris: Iris, triples: Iterable[Triple], unknown: Source) -> None:
        self._told = told
        self._iris = iris
        self._triples = triples
        self._unknown = unknown
        self._pointing: dict[str, str] | None = None

    def source(self, node: Iri) -> Source:
        """File and line of the record behind `node`; of what uses it for types, which no file describes."""
        path = self.path(node)
        found = self._nearest(path)
        if found is None:
            found = self._nearest(self._users().get(owner(path), ""))
        return found or self._unknown

    def path(self, node: Iri) -> str:
        """The path of an own node, else its address."""
        return self._iris.path(node) or node.strip("<>")

    def _nearest(self, path: str) -> Source | None:
        longest = path
        while longest:
            if longest in self._told:
                return self._told[longest]
            longest = longest.rpartition("/")[0]
        return self._told.get(owner(path)) if path else None

    def _users(self) -> dict[str, str]:
        """Thing that is told nowhere → the first told thing that points to it. Made when first asked for: most runs find nothing."""
        if self._pointing is None:
            self._pointing = {}
            for subject, _, value in self._triples:
                target = owner(self._iris.path(Iri(value))) if value[0] == "<" else ""
                if target and target not in self._pointing and target not in self._told:
                    path = self._iris.path(subject)
                    if self._nearest(path) is not None:
                        self._pointing[target] = path
        return self._pointing
