"""The fast engine says what pyshacl says, in one piece and in many."""

from collections import Counter

import pytest
from rdflib import Graph

from lod.build import Built
from lod.check import shapes as referee
from lod.check.engine import Engine, Surroundings, check_chunks, sort
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.report import Finding, Source
from lod.terms import Iri, Triple, text
from lod.vocab import crm, rdfs, schema
from tests.conftest import ROOT
from tests.shapes.mutations import BASE, Case, break_it, cases

SHAPES = referee.load(ROOT / "shapes")
ENGINE = Engine.of(SHAPES)
SAMPLE = Graph().parse(ROOT / "tests/sample/sample.ttl")
NOWHERE = Whereabouts({}, Iris(BASE), [], Source("sample.ttl"))
EVERY = 25
"""pyshacl takes a third of a second a fault: one in so many here; all 880 agreed when the engine was chosen."""


@pytest.mark.parametrize("case", list(cases(SHAPES))[::EVERY], ids=lambda case: str(case.value).rpartition("#")[2])
def test_each_injected_fault_is_told_alike(case: Case) -> None:
    graph = Graph(bind_namespaces="none")
    graph += SAMPLE
    assert break_it(case, graph, SHAPES) is not None
    fast = sort(ENGINE.findings(graph.serialize(format="nt"), NOWHERE))
    assert fast
    assert Counter(fast) == Counter(referee.findings(graph, SHAPES, NOWHERE))


def broken(shipped: Built) -> list[tuple[str, list[Triple]]]:
    """The shipped edition with a fault in every tenth block: a statement gone, a foreign one, a link to the wrong kind."""
    blocks = []
    for number, (path, triples) in enumerate(shipped.blocks):
        kept = list(triples)
        if number % 10 == 0:
            node: Iri = kept[0][0]
            kept = [triple for triple in kept if triple[1] != rdfs.label or triple[0] != node]
            kept.append((node, schema.sameAs, text("not an address")))
            kept.append((node, crm.P7_took_place_at, node))
        blocks.append((path, kept))
    return blocks


def findings(blocks: list[tuple[str, list[Triple]]], size: int) -> list[Finding]:
    around = Surroundings(SHAPES)
    for _, block in blocks:
        around.take(block)
    where = Whereabouts({}, Iris("https://w3id.org/serge-trotsky/"), [], Source("x"))
    return sort(check_chunks((block for _, block in blocks), ENGINE, around, where, size))


def test_in_pieces_as_in_one(shipped: Built) -> None:
    blocks = broken(shipped)
    whole = findings(blocks, 10**9)
    assert len(whole) > len(blocks) / 10
    assert findings(blocks, 1000) == whole
    assert findings(blocks, 1) == whole
