"""What shapes may ask of the world around a piece of the data, so that a piece gives what the whole would give.

Shapes look one step ahead (`sh:class`, `sh:node` on types) and, where a path is inverse or a target is the object of a
property, one step back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rdflib import RDF, SH, Graph
from rdflib.term import Node as Term

from lod.check.nodes import Nodes, Types
from lod.terms import Iri, Triple, iri
from lod.vocab import rdf

Pointer = tuple[Triple, Types]
"""A triple that shapes may ask for backwards, and the classes of its subject."""

_SAYS_NOTHING = frozenset({SH.path, SH.message, SH.severity, SH.name, SH.description, SH["class"], RDF.type})


@dataclass(frozen=True, slots=True)
class Backwards:
    """What shapes ask of those that point to a node with one predicate."""

    askers: frozenset[Iri]
    """The classes whose shapes ask; empty for any class."""
    enough: frozenset[Iri] | None
    """Classes: one pointer from a node of all these says as much as a hundred. None where the number matters."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What the shapes ask for backwards: predicates of inverse paths, and those that make their objects targets."""

    asked: dict[Iri, Backwards]
    targets: frozenset[Iri]

    @classmethod
    def of(cls, shapes: Graph) -> "Questions":
        """Those of a graph of shapes."""
        asked: dict[Iri, Backwards] = {}
        for path, predicate in shapes.subject_objects(SH.inversePath):
            named, found = iri(str(predicate)), _backwards(path, shapes)
            earlier = asked.get(named)
            asked[named] = found if earlier is None else _both(earlier, found)
        return cls(asked, frozenset(iri(str(each)) for each in shapes.objects(None, SH.targetObjectsOf)))

    @property
    def askers_of_one(self) -> frozenset[Iri]:
        """Classes whose shapes ask whether anything points to a node, not what or how many."""
        return frozenset().union(*(each.askers for each in self.asked.values() if each.enough is not None))

    def concern(self, triple: Triple, types: Types | None) -> bool:
        """Whether a shape of the object's classes asks who points to it so."""
        asked = self.asked.get(triple[1])
        return asked is None or not asked.askers or not asked.askers.isdisjoint(types or ())


def _backwards(path: Term, shapes: Graph) -> Backwards:
    constraints = list(shapes.subjects(SH.path, path))
    askers = {shape for constraint in constraints for shape in shapes.subjects(SH.property, constraint)}
    classes = {iri(str(kind)) for shape in askers for kind in shapes.objects(shape, SH.targetClass)}
    sure = bool(classes) and all(shapes.value(shape, SH.targetClass) is not None for shape in askers)
    counted = not constraints or any(_counts(constraint, shapes) for constraint in constraints)
    wanted = {iri(str(kind)) for constraint in constraints for kind in shapes.objects(constraint, SH["class"])}
    return Backwards(frozenset(classes) if sure else frozenset(), None if counted else frozenset(wanted))


def _counts(constraint: Term, shapes: Graph) -> bool:
    """Whether it matters how many there are: for all but "at least one" and "of this class"."""
    told = shapes.predicate_objects(constraint)
    return any(
        said not in _SAYS_NOTHING and not (said == SH.minCount and str(value) in ("0", "1")) for said, value in told
    )


def _both(one: Backwards, other: Backwards) -> Backwards:
    askers = one.askers | other.askers if one.askers and other.askers else frozenset[Iri]()
    enough = None if one.enough is None or other.enough is None else one.enough | other.enough
    return Backwards(askers, enough)


class Pointers:
    """The triples that shapes may ask for backwards, by the node they point to. No more of them than can matter."""

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self._enough: set[tuple[Iri, str]] = set()
        self._pointing: dict[Iri, list[Pointer]] = {}

    def take(self, triples: Iterable[Triple], nodes: Nodes) -> None:
        """Keep what a block says, `nodes` knowing the block's own."""
        asked, targets = self.questions.asked, self.questions.targets
        for triple in triples:
            if triple[1] in asked or triple[1] in targets:
                self.add((triple, nodes.of(triple[0]) or ()))

    def add(self, pointer: Pointer) -> None:
        """Keep one triple, unless one like it says as much."""
        (_, predicate, value), types = pointer
        asked = self.questions.asked.get(predicate)
        # to be a target, a node needs one triple that points to it
        if asked is None or (asked.enough is not None and asked.enough.issubset(types)):
            if (predicate, value) in self._enough:
                return
            self._enough.add((predicate, value))
        self._pointing.setdefault(Iri(value), []).append(pointer)

    def to(self, node: Iri) -> Sequence[Pointer]:
        """What points to a node."""
        return self._pointing.get(node, ())

    def __iter__(self) -> Iterator[Pointer]:
        for pointers in self._pointing.values():
            yield from pointers


class Surroundings:
    """Nodes and pointers of a whole data set, as far as a piece of it may need them."""

    def __init__(self, questions: Questions, nodes: Nodes | None = None, pointers: Pointers | None = None) -> None:
        self.questions = questions
        self.nodes = nodes or Nodes()
        self.pointers = pointers or Pointers(questions)

    def take(self, triples: Sequence[Triple]) -> None:
        """Remember what a block says."""
        self.nodes.take(triples)
        self.pointers.take(triples, self.nodes)

    def of(self, triples: Sequence[Triple]) -> tuple[frozenset[str], list[Triple]]:
        """The nodes that a piece of the data is about, and the piece with all that shapes may ask of its surroundings."""
        focus = {triple[0] for triple in triples}
        back: list[Triple] = []
        kinds: dict[Iri, Types] = {}
        for node in focus:
            for triple, types in self.pointers.to(node):
                if triple[0] not in focus and self.questions.concern(triple, self.nodes.of(node)):
                    back.append(triple)
                    if triple[1] in self.questions.asked:
                        kinds[triple[0]] = types
        for _, _, value in triples:
            if value[0] == "<" and value not in focus and value not in kinds:
                kinds[Iri(value)] = self.nodes.of(Iri(value)) or ()
        types_near = [(node, rdf.type, kind) for node, types in sorted(kinds.items()) for kind in types]
        return frozenset(focus), [*triples, *back, *types_near]
