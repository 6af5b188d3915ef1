"""Walks every constraint of every targeted shape and knows, for each, one change to the sample that breaks just it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

BASE = "https://example.org/edition/"
ROOT = Path(__file__).resolve().parents[2]
S = "https://w3id.org/correspondence-lod/shapes#"

PARAMETERS = {
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH["class"]: "Class",
    SH.node: "Node",
    SH.nodeKind: "NodeKind",
    SH.datatype: "Datatype",
    SH.pattern: "Pattern",
    SH["in"]: "In",
    SH.hasValue: "HasValue",
    SH.equals: "Equals",
    SH.minLength: "MinLength",
    SH.minInclusive: "MinInclusive",
    SH.maxInclusive: "MaxInclusive",
    SH.lessThanOrEquals: "LessThanOrEquals",
    SH.uniqueLang: "UniqueLang",
}
NOT_CONSTRAINTS = {RDF.type, SH.path, SH.message}


def thing(path: str) -> URIRef:
    """A node of the sample."""
    return URIRef(BASE + path)


@dataclass(frozen=True)
class Case:
    """One constraint of one property shape of one targeted node shape."""

    shape: Node
    constraint: Node
    parameter: URIRef
    value: Node
    path: Node

    @property
    def component(self) -> str:
        """The IRI that a report gives as source."""
        return f"{SH}{PARAMETERS[self.parameter]}ConstraintComponent"


def targeted(shapes: Graph) -> list[Node]:
    """Node shapes with a target of their own."""
    kinds = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
    return sorted({shape for kind in kinds for shape in shapes.subjects(kind)}, key=str)


def focus_nodes(shape: Node, shapes: Graph, data: Graph) -> list[Node]:
    """The nodes of the data that a shape is for."""
    found: set[Node] = set()
    for target in shapes.objects(shape, SH.targetClass):
        found |= set(data.subjects(RDF.type, target))
    for target in shapes.objects(shape, SH.targetSubjectsOf):
        found |= set(data.subjects(target))
    for target in shapes.objects(shape, SH.targetObjectsOf):
        found |= set(data.objects(None, target))
    return sorted(found, key=str)


def cases(shapes: Graph) -> Iterator[Case]:
    """Every constraint of every `sh:property` of every targeted shape."""
    for shape in targeted(shapes):
        for constraint in shapes.objects(shape, SH.property):
            path = shapes.value(constraint, SH.path)
            for parameter, value in sorted(shapes.predicate_objects(constraint)):
                if parameter not in NOT_CONSTRAINTS:
                    yield Case(shape, constraint, parameter, value, path)


def values(data: Graph, focus: Node, path: Node, shapes: Graph) -> list[tuple[Node, Node, Node]]:
    """The triples behind the value nodes of a path: straight, inverse or alternative."""
    if isinstance(path, URIRef):
        return sorted(data.triples((focus, path, None)))
    inverse = shapes.value(path, SH.inversePath)
    if inverse is not None:
        return sorted(data.triples((None, inverse, focus)))
    steps = Collection(shapes, shapes.value(path, SH.alternativePath))
    return [triple for step in steps for triple in data.triples((focus, step, None))]


def break_it(case: Case, data: Graph, shapes: Graph) -> Node | None:
    """Change `data` so that the constraint fails, and say at which node; None when the sample has no such triple."""
    for focus in focus_nodes(case.shape, shapes, data):
        triples = values(data, focus, case.path, shapes)
        adds_only = case.parameter == SH.maxCount and str(case.value) == "0"
        if case.parameter == SH.lessThanOrEquals and (focus, case.value, None) not in data:
            continue
        if triples or adds_only:
            _BREAKERS[case.parameter](case, data, shapes, focus, triples)
            return focus
    return None


Triples = list[tuple[Node, Node, Node]]


def _put(case: Case, data: Graph, shapes: Graph, focus: Node, value: Node) -> None:
    inverse = shapes.value(case.path, SH.inversePath)
    data.add((value, inverse, focus) if inverse is not None else (focus, case.path, value))


def _replace(make: Callable[[Case, Node], Node]) -> Callable[[Case, Graph, Graph, Node, Triples], None]:
    def breaker(case: Case, data: Graph, shapes: Graph, focus: Node, triples: Triples) -> None:
        inverse = shapes.value(case.path, SH.inversePath)
        data.remove(triples[0])
        _put(case, data, shapes, focus, make(case, triples[0][0 if inverse is not None else 2]))

    return breaker


def _remove_all(case: Case, data: Graph, shapes: Graph, focus: Node, triples: Triples) -> None:
    for triple in triples:
        data.remove(triple)


def _add_more(case: Case, data: Graph, shapes: Graph, focus: Node, triples: Triples) -> None:
    like = triples[0][2] if triples else thing("dataset")
    for number in range(int(str(case.value)) + 1 - len(triples)):
        _put(case, data, shapes, focus, _another(like, number))


def _add_foreign(case: Case, data: Graph, shapes: Graph, focus: Node, triples: Triples) -> None:
    _put(case, data, shapes, focus, thing("dataset") if isinstance(triples[0][2], URIRef) else Literal("other"))


def _in(case: Case, data: Graph, shapes: Graph, focus: Node, triples: Triples) -> None:
    if case.path != RDF.type:  # without its type a node would not be looked at
        data.remove(triples[0])
    _put(case, data, shapes, focus, RDFS.Resource)


def _has_value(case: Case, data: Graph, shapes: Graph, focus: Node, triples: Triples) -> None:
    data.remove((focus, case.path, case.value))


def _another(like: Node, number: int) -> Node:
    if not isinstance(like, Literal):
        return thing(f"nobody-{number}")
    text = {XSD.dateTime: "1999-09-09T00:00:00Z", XSD.date: "1999-09-09", XSD.gYear: "1999", XSD.gYearMonth: "1999-09"}
    return Literal(text.get(like.datatype, f"77.{number}"), lang=like.language, datatype=like.datatype)


def _misfit(case: Case, value: Node) -> Node:
    """A value of the same sort that the pattern refuses."""
    if isinstance(value, Literal):
        return Literal("?", lang=value.language, datatype=value.datatype)
    choices = (thing("type/letter"), thing("language/fr"), URIRef("urn:example:1"))
    return next(choice for choice in choices if not re.search(str(case.value), choice))


_BREAKERS: dict[Node, Callable[[Case, Graph, Graph, Node, Triples], None]] = {
    SH.minCount: _remove_all,
    SH.maxCount: _add_more,
    SH["class"]: _replace(lambda case, value: thing("dataset" if "Dataset" not in str(case.value) else "person/anna")),
    SH.node: _replace(lambda case, value: thing("dataset") if isinstance(value, URIRef) else Literal("in May")),
    SH.nodeKind: _replace(lambda case, value: Literal("x") if case.value == SH.IRI else thing("dataset")),
    SH.datatype: _replace(lambda case, value: Literal("true", datatype=XSD.boolean)),
    SH.pattern: _replace(_misfit),
    SH["in"]: _in,
    SH.hasValue: _has_value,
    SH.equals: _add_foreign,
    SH.minLength: _replace(lambda case, value: Literal("", lang=value.language, datatype=value.datatype)),
    SH.minInclusive: _replace(lambda case, value: Literal("-999", datatype=XSD.decimal)),
    SH.maxInclusive: _replace(lambda case, value: Literal("999", datatype=XSD.decimal)),
    SH.lessThanOrEquals: _replace(lambda case, value: Literal("9999-01-01T00:00:00Z", datatype=XSD.dateTime)),
    SH.uniqueLang: lambda case, data, shapes, focus, triples: data.add(
        (focus, case.path, Literal("second", lang=triples[0][2].language))
    ),
}
