"""Mapping and shapes in step: over an edition that has each field of each kind once, all that is shaped is said, and no more."""

from pathlib import Path

import pytest
from lxml import etree
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from lod.build import Built, examine
from lod.check.shapes import graph_of, load
from lod.report import Level
from tests.conftest import ROOT, shared
from tests.shapes.mutations import focus_nodes, targeted

EDITION = ROOT / "tests" / "sample" / "edition"
SHAPES = load(ROOT / "shapes")
CLOSED = [shape for shape in targeted(SHAPES) if (shape, SH.closed, Literal(True)) in SHAPES]


@pytest.fixture(scope="module")
def built() -> Built:
    return examine(EDITION)


@pytest.fixture(scope="module")
def said(built: Built) -> Graph:
    return graph_of(triple for _, triples in built.blocks for triple in triples)


def shaped(shape: Node) -> set[Node]:
    """The predicates that a closed shape allows: those it names, without those it names to forbid them."""
    constraints = [each for each in SHAPES.objects(shape, SH.property) if (each, SH.maxCount, Literal(0)) not in SHAPES]
    return {path for each in constraints if isinstance(path := SHAPES.value(each, SH.path), URIRef)} | {RDF.type}


def classes(shape: Node) -> set[Node]:
    """The classes that a closed shape allows besides its target."""
    kinds = [each for each in SHAPES.objects(shape, SH.property) if (each, SH.path, RDF.type) in SHAPES]
    return {kind for each in kinds for kind in SHAPES.items(SHAPES.value(each, SH["in"]))}


def short(nodes: set[Node]) -> list[str]:
    return sorted(str(node).rpartition("#")[2].rpartition("/")[2] for node in nodes)


def test_the_sample_edition_is_clean(built: Built) -> None:
    assert [str(finding) for finding in built.report if finding.level is not Level.NOTE] == []


@pytest.mark.parametrize("shape", CLOSED, ids=lambda shape: str(shape).rpartition("#")[2])
def test_what_is_said_is_what_is_shaped(shape: Node, said: Graph) -> None:
    nodes = focus_nodes(shape, SHAPES, said)
    predicates = {predicate for node in nodes for predicate in said.predicates(node)}
    kinds = {kind for node in nodes for kind in said.objects(node, RDF.type)}
    told = {
        "shaped, but the sample edition never says it": short(shaped(shape) - predicates),
        "said, but no shape allows it": short(predicates - shaped(shape)),
        "classes shaped, but in no entry of the sample edition": short(classes(shape) - kinds),
        "classes said, but no shape allows them": short(kinds - classes(shape)),
    }
    assert {what: names for what, names in told.items() if names} == {}


def test_nothing_is_said_of_what_no_closed_shape_is_for(said: Graph) -> None:
    covered = {node for shape in CLOSED for node in focus_nodes(shape, SHAPES, said)}
    assert set(said.subjects()) - covered == set()


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("letters.xml", "suites/cmif-schema/schema/cmi-customization.rng"),
        ("letters.xml", "suites/tei/tei_all.rng"),
        ("registers.xml", "suites/tei/tei_all.rng"),
        ("letter-3.xml", "suites/tei/tei_all.rng"),
    ],
    ids=lambda value: Path(value).stem,
)
def test_the_sample_edition_is_valid(file: str, schema: str) -> None:
    relaxng = etree.RelaxNG(etree.parse(shared(schema)))
    valid = relaxng.validate(etree.parse(EDITION / file))
    assert valid, "\n".join(f"{error.line}: {error.message}" for error in relaxng.error_log)
