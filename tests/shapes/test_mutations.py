"""Each constraint of the shapes has a change to the sample that it alone finds: none of them passes everything."""

from pathlib import Path

import pyshacl
import pytest
from mutations import PARAMETERS, ROOT, Case, S, break_it, cases, focus_nodes, targeted, thing
from pyshacl.graph_abstraction import DataGraph
from pyshacl.validator import Validator
from rdflib import RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from lod.check import shapes as shape_check

SHAPES = shape_check.load(ROOT / "shapes")
CASES = list(cases(SHAPES))
TARGETED = set(targeted(SHAPES))
VALIDATOR = Validator(DataGraph.from_rdflib_graph(Graph()), shacl_graph=SHAPES, options={"inplace": True})


def name(node: Node) -> str:
    return str(node).rpartition("#")[2].rpartition("/")[2] if isinstance(node, URIRef) else "path"


def label(case: Case) -> str:
    return f"{name(case.shape)}-{name(case.path)}-{name(case.parameter)}-{name(case.value)}"


SAMPLE = Graph().parse(ROOT / "tests/sample/sample.ttl")


@pytest.fixture
def sample() -> Graph:
    graph = Graph(bind_namespaces="none")
    graph += SAMPLE
    return graph


def results(data: Graph, focus: Node) -> list[tuple[Node | None, str, str]]:
    """Path, component and message of each result about `focus`."""
    # Shape by shape, because pyshacl skips shapes within shapes when told to look at one node only.
    graph = DataGraph.from_rdflib_graph(data)
    executor = VALIDATOR.make_executor()
    told = [
        row
        for shape in VALIDATOR.shacl_graph.shapes
        if shape.node in TARGETED and focus in focus_nodes(shape.node, SHAPES, data)
        for row in shape.validate(executor, graph, focus=[focus])[1]
    ]
    report, _ = Validator.create_validation_report(VALIDATOR.shacl_graph, not told, told)
    return [
        (
            report.value(result, SH.resultPath),
            str(report.value(result, SH.sourceConstraintComponent)),
            str(report.value(result, SH.resultMessage)),
        )
        for result in report.objects(None, SH.result)
    ]


def test_the_sample_conforms(sample: Graph) -> None:
    conforms, _, text = pyshacl.validate(sample, shacl_graph=SHAPES, inplace=True)
    assert conforms, text


def test_every_constraint_is_known_to_this_test() -> None:
    assert {case.parameter for case in CASES} <= set(PARAMETERS)
    assert len(CASES) > 500


@pytest.mark.parametrize("case", CASES, ids=label)
def test_broken_triple_is_found(case: Case, sample: Graph) -> None:
    focus = break_it(case, sample, SHAPES)
    assert focus is not None, "the sample has no node with this property"
    found = results(sample, focus)
    message = str(SHAPES.value(case.constraint, SH.message))
    assert (case.component, message) in {(component, text) for _, component, text in found}
    # Nothing but this property is told, and what must be equal to it.
    partners = {SHAPES.value(other, SH.path) for other in SHAPES.subjects(SH.equals, case.path)}
    partners |= {SHAPES.value(other, SH.path) for other in SHAPES.subjects(SH.lessThanOrEquals, case.path)}
    simple = {path for path, _, _ in found if isinstance(path, URIRef)}
    assert simple <= {case.path, *partners}


@pytest.mark.parametrize("shape", [s for s in targeted(SHAPES) if SHAPES.value(s, SH.closed)], ids=name)
def test_closed_shape_refuses_a_foreign_property(shape: Node, sample: Graph) -> None:
    focus = focus_nodes(shape, SHAPES, sample)[0]
    sample.add((focus, RDFS.seeAlso, thing("dataset")))
    message = str(SHAPES.value(shape, SH.message))
    assert results(sample, focus) == [(RDFS.seeAlso, str(SH.ClosedConstraintComponent), message)]


def without_sender(sample: Graph) -> Node:
    sample.remove((thing("letter/1"), None, thing("person/anna")))
    return thing("letter/1")


def without_assertion(sample: Graph) -> Node:
    sample.remove((thing("letter/2/assertion-sender-boris"), None, thing("letter/2/writing")))
    return thing("letter/2")


def without_holding(sample: Graph) -> Node:
    original = thing("letter/1/original")
    for predicate in ("http://www.cidoc-crm.org/cidoc-crm/P46i_forms_part_of", "https://schema.org/isPartOf"):
        sample.remove((original, URIRef(predicate), None))
    return original


def without_assertion_of_a_holding(sample: Graph) -> Node:
    sample.remove((thing("letter/2/assertion-holding"), None, thing("letter/2/original")))
    return thing("letter/2/original")


def neither_event_nor_action(sample: Graph) -> Node:
    stay = thing("person/anna/residence-zurich")
    sample.set((stay, URIRef("http://www.cidoc-crm.org/cidoc-crm/P2_has_type"), thing("type/letter")))
    return stay


ON_NODES = {
    S + "Letter": (without_sender, without_assertion),
    S + "Kept": (without_holding, without_assertion_of_a_holding),
    S + "Activity": (neither_event_nor_action,),
}


def test_every_choice_on_a_node_is_tried() -> None:
    on_nodes = {
        (str(shape), parameter)
        for shape in targeted(SHAPES)
        for parameter in SHAPES.predicates(shape)
        if parameter in (SH["or"], SH.xone, SH["not"], SH.node, SH["and"])
    }
    assert on_nodes == {(shape, SH["or"]) for shape in ON_NODES}


@pytest.mark.parametrize(
    ("shape", "change"),
    [(s, c) for s, changes in ON_NODES.items() for c in changes],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_broken_choice_is_found(shape: str, change: object, sample: Graph) -> None:
    focus = change(sample)  # type: ignore[operator]
    assert (None, str(SH.OrConstraintComponent), str(SHAPES.value(URIRef(shape), SH.message))) in results(sample, focus)


def test_every_constraint_has_a_message() -> None:
    def constrains(shape: Node) -> bool:
        parameters = {*PARAMETERS, SH.closed, SH["or"], SH.qualifiedValueShape}
        return any((shape, parameter, None) in SHAPES for parameter in parameters)

    # A bare `[ sh:class … ]` or `[ sh:datatype … ]` inside a choice is told by the choice's own message.
    inner = {choice for choices in SHAPES.objects(None, SH["or"]) for choice in SHAPES.items(choices)}
    silent = [
        shape
        for shape in set(SHAPES.subjects())
        if constrains(shape) and shape not in inner and (shape, SH.message, None) not in SHAPES
    ]
    assert silent == []


def closed_shapes_of(data: Graph) -> dict[Node, list[str]]:
    covering: dict[Node, list[str]] = {node: [] for node in data.subjects()}
    for shape in targeted(SHAPES):
        if SHAPES.value(shape, SH.closed) == Literal(True):
            for node in focus_nodes(shape, SHAPES, data):
                covering.setdefault(node, []).append(name(shape))
    return covering


@pytest.mark.parametrize(
    "file", [ROOT / "tests/sample/sample.ttl", *sorted((ROOT / "dumps").glob("*/*.ttl"))], ids=lambda f: f.stem
)
def test_every_node_has_exactly_one_closed_shape(file: Path) -> None:
    data = Graph()
    data.parse(file)
    assert {str(node): found for node, found in closed_shapes_of(data).items() if len(found) != 1} == {}


def test_the_walk_reaches_every_property_shape() -> None:
    reached = {case.constraint for case in CASES}
    inner = {
        p
        for choice in SHAPES.objects(None, SH["or"])
        for s in SHAPES.items(choice)
        for p in SHAPES.objects(s, SH.property)
    }
    every = set(SHAPES.subjects(SH.path)) - inner
    assert {str(shape) for shape in every - reached} == set()
