"""Triples by subject and property: what formats that tell of things, and not of statements, look things up in."""

from collections.abc import Iterable, Sequence

from lod.iris import Iris, owner
from lod.terms import Iri, Literal, Node, Triple, value
from lod.vocab import rdf, rdfs


class Index:
    """The statements of one edition, in the order of the dump."""

    def __init__(self, triples: Iterable[Triple], base: str) -> None:
        self.iris = Iris(base)
        self._said: dict[Iri, dict[Iri, dict[Node, None]]] = {}
        for subject, predicate, node in triples:
            self._said.setdefault(subject, {}).setdefault(predicate, {})[node] = None
        self._of: dict[str, list[Iri]] = {}
        for subject in self._said:
            self._of.setdefault(owner(self.iris.path(subject)), []).append(subject)

    def __contains__(self, term: Iri) -> bool:
        return term in self._said

    def nodes(self, subject: Iri, *predicates: Iri) -> list[Iri]:
        """The IRIs that a property, or any of several, leads to; each once."""
        found = (node for predicate in predicates for node in self._said.get(subject, {}).get(predicate, ()))
        return list(dict.fromkeys(Iri(node) for node in found if node[0] == "<"))

    def texts(self, subject: Iri, predicate: Iri) -> list[str]:
        """The texts of a property's literals, without tags and datatypes."""
        nodes = self._said.get(subject, {}).get(predicate, ())
        return list(dict.fromkeys(value(Literal(node))[0] for node in nodes if node[0] != "<"))

    def literals(self, subject: Iri, predicate: Iri) -> list[tuple[str, str, str]]:
        """Text, language tag and datatype of each literal."""
        return [value(Literal(node)) for node in self._said.get(subject, {}).get(predicate, ()) if node[0] != "<"]

    def text(self, subject: Iri, predicate: Iri) -> str:
        """The first of them, `""` when there is none."""
        return next(iter(self.texts(subject, predicate)), "")

    def label(self, subject: Iri) -> str:
        """What a thing is called; the last piece of its address when nothing calls it anything."""
        return self.text(subject, rdfs.label) or subject[1:-1].rstrip("/").rpartition("/")[2]

    def labels(self, subjects: Sequence[Iri]) -> list[str]:
        """The same for several."""
        return [self.label(subject) for subject in subjects]

    def is_a(self, subject: Iri, *classes: Iri) -> bool:
        """True when the thing is said to be of one of these classes."""
        types = self._said.get(subject, {}).get(rdf.type, {})
        return any(each in types for each in classes)

    def parts(self, subject: Iri, kind: Iri) -> list[Iri]:
        """The thing's own parts of a class."""
        return [each for each in self._of.get(self.iris.path(subject), ()) if self.is_a(each, kind)]

    def things(self, kind: str) -> list[Iri]:
        """All things of a kind, in the order of the dump."""
        start = f"<{self.iris.base}{kind}/"
        return [term for term in self._said if term.startswith(start) and self.is_thing(term)]

    def is_thing(self, term: Iri) -> bool:
        """True for `letter/1`, not for its parts or its record."""
        path = self.iris.path(term)
        return path.count("/") == 1 and not path.endswith(".ttl")
