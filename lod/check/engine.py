"""The shapes run by a fast engine (`shacl`, Rust); pyshacl is the referee that it is tested against.

A large data set is checked in chunks of owners: each chunk with what is needed to know the things it points to.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import shacl
from rdflib import SH, Graph

from lod.check.ontology import compact
from lod.check.where import Whereabouts
from lod.errors import VocabularyError
from lod.report import Finding, Level
from lod.terms import Iri, Triple, iri, n_triples
from lod.vocab import rdf

_LEVELS = {"Violation": Level.ERROR, "Warning": Level.WARNING, "Info": Level.NOTE}
_IRI = re.compile(r"<[^<>]*>")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Engine:
    """Compiled shapes."""

    shapes: "shacl.Shapes"

    @classmethod
    def of(cls, shapes: Graph) -> "Engine":
        """Compile the shapes. `VocabularyError` when they cannot be used.

        A property shape without a path is refused here, because the engine would take it for a node shape.
        """
        for shape in shapes.objects(None, SH.property):
            if len(list(shapes.objects(shape, SH.path))) != 1:
                message = shapes.value(shape, SH.message) or shape
                raise VocabularyError(f"the shapes cannot be used: a property shape needs one sh:path: {message}")
        try:
            return cls(shacl.Shapes.from_text(shapes.serialize(format="turtle")))
        except Exception as error:
            raise VocabularyError(f"the shapes cannot be used: {error}") from error

    def check(self, triples: Iterable[Triple], where: Whereabouts) -> list[Finding]:
        """A finding for each result, in the order of the source files."""
        return sort(self.findings("".join(map(n_triples, triples)), where))

    def findings(self, data: str, where: Whereabouts, only: frozenset[str] | None = None) -> Iterator[Finding]:
        """The results over N-Triples; of the focus nodes `only`, if given (in angle brackets)."""
        try:
            report = self.shapes.validate_text(data, format="ntriples")
        except Exception as error:
            raise VocabularyError(f"the data cannot be checked: {error}") from error
        for result in report.results:
            if only is None or result.focus_node in only:
                yield _finding(result, where)


def sort(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the source files."""
    return sorted(findings, key=lambda each: (each.source, each.key, each.code, each.message, each.hint))


def _finding(result: "shacl.Result", where: Whereabouts) -> Finding:
    focus = Iri(result.focus_node)
    component = str(result.component).removesuffix("ConstraintComponent")
    value = result.value or ""
    told = (_path(result.path or ""), _value(value, where) if value and value != focus else "")
    return Finding(
        level=_LEVELS.get(result.severity, Level.ERROR),
        code="shape-" + _HUMP.sub("-", component).lower(),
        message=result.message or "does not conform",
        source=where.source(focus),
        key=where.path(focus),
        hint=" ".join(filter(None, told)),
    )


def _path(path: str) -> str:
    """A path as people write it: `crm:P14_carried_out_by`, `^lrmoo:R17_created`."""
    plain = _IRI.sub(lambda match: compact(Iri(match[0])), path)
    return plain.replace("(", "").replace(")", "").replace(" ", "")


def _value(value: str, where: Whereabouts) -> str:
    if value[0] != "<":
        return value
    short = compact(Iri(value))
    return short if short != value else where.path(Iri(value))


class Surroundings:
    """What shapes may ask of the world around a node: the types of what it points to, and what points to it.

    Shapes look one step ahead (`sh:class`, `sh:node` on types) and, where a path is inverse or a target is the object
    of a property, one step back. Filled block by block; a piece of the data with its surroundings gives what the whole gives.
    """

    def __init__(self, shapes: Graph) -> None:
        self._asked = _asked(shapes)
        self._targets = frozenset(iri(str(each)) for each in shapes.objects(None, SH.targetObjectsOf))
        self._targeted: set[tuple[Iri, str]] = set()
        self._types: dict[Iri, tuple[Iri, ...]] = {}
        self._known: dict[tuple[Iri, ...], tuple[Iri, ...]] = {}
        self._pointing: dict[Iri, list[Triple]] = {}

    def take(self, triples: Iterable[Triple]) -> None:
        """Remember the types that a block gives, and what it points to backwards."""
        types: dict[Iri, list[Iri]] = {}
        for triple in triples:
            if triple[1] == rdf.type:
                types.setdefault(triple[0], []).append(Iri(triple[2]))
            elif triple[1] in self._asked:
                self._pointing.setdefault(Iri(triple[2]), []).append(triple)
            elif triple[1] in self._targets and (triple[1], triple[2]) not in self._targeted:
                # to be a target, a node needs one triple that points to it
                self._targeted.add((triple[1], triple[2]))
                self._pointing.setdefault(Iri(triple[2]), []).append(triple)
        for subject, kinds in types.items():
            # a few dozen sets of types make up a data set: each is kept once
            self._types[subject] = self._known.setdefault(tuple(kinds), tuple(kinds))

    def of(self, triples: Sequence[Triple]) -> tuple[frozenset[str], list[Triple]]:
        """The nodes that a piece of the data is about, and the piece with all that shapes may ask of its surroundings."""
        focus = {triple[0] for triple in triples}
        back = [
            triple
            for node in focus
            for triple in self._pointing.get(node, ())
            if triple[0] not in focus and self._concerns(triple[1], node)
        ]
        asking = {triple[0] for triple in back if triple[1] in self._asked}
        near = {Iri(value) for _, _, value in triples if value[0] == "<"} | asking
        types = [(node, rdf.type, kind) for node in sorted(near - focus) for kind in self._types.get(node, ())]
        return frozenset(focus), [*triples, *back, *types]

    def _concerns(self, predicate: Iri, node: Iri) -> bool:
        """Whether a shape of the node's class asks what points to it with this predicate."""
        classes = self._asked.get(predicate)
        return not classes or not classes.isdisjoint(self._types.get(node, ()))


def _asked(shapes: Graph) -> dict[Iri, frozenset[Iri]]:
    """The predicates of inverse paths, each with the classes whose shapes ask; none where that cannot be told."""
    asked: dict[Iri, frozenset[Iri]] = {}
    for path, predicate in shapes.subject_objects(SH.inversePath):
        askers = {
            shape for constraint in shapes.subjects(SH.path, path) for shape in shapes.subjects(SH.property, constraint)
        }
        classes = {iri(str(kind)) for shape in askers for kind in shapes.objects(shape, SH.targetClass)}
        named = iri(str(predicate))
        sure = classes and all(shapes.value(shape, SH.targetClass) is not None for shape in askers)
        earlier = asked.get(named, frozenset(classes))
        # an empty set stands for "any class"
        asked[named] = earlier | classes if sure and earlier else frozenset()
    return asked


def check_chunks(
    blocks: Iterable[Iterable[Triple]], engine: Engine, around: Surroundings, where: Whereabouts, size: int = 200_000
) -> Iterator[Finding]:
    """The findings of all blocks, a piece of about `size` triples at a time."""
    piece: list[Triple] = []
    for block in blocks:
        piece += dict.fromkeys(block)
        if len(piece) >= size:
            yield from _check_piece(piece, engine, around, where)
            piece = []
    if piece:
        yield from _check_piece(piece, engine, around, where)


def _check_piece(piece: list[Triple], engine: Engine, around: Surroundings, where: Whereabouts) -> Iterator[Finding]:
    focus, triples = around.of(piece)
    yield from engine.findings("".join(map(n_triples, triples)), where, focus)
