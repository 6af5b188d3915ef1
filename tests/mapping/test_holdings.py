"""A doubtful holding: the original is there, where it may lie is an assertion, and no shelf says that it has it."""

from lod.build import examine
from lod.terms import iri, value
from lod.vocab import crm, rdfs, schema
from tests.conftest import ROOT

BASE = "https://example.org/sample/"


def test_a_doubtful_holding_has_its_assertion_and_no_direct_statement() -> None:
    built = examine(ROOT / "tests" / "sample" / "edition")
    said = {triple for path, triples in built.blocks if path == "letter/2" for triple in triples}
    letter, original, assertion, papers = (
        iri(f"{BASE}{path}")
        for path in ("letter/2", "letter/2/original", "letter/2/assertion-holding", "holding/papers")
    )
    about = {predicate: node for subject, predicate, node in said if subject == assertion}
    assert (letter, crm.P128i_is_carried_by, original) in said
    assert about[crm.P140_assigned_attribute_to] == original
    assert about[crm.P177_assigned_property_of_type] == crm.P46i_forms_part_of
    assert about[crm.P141_assigned] == papers
    assert about[crm.P2_has_type] == iri(f"{BASE}type/assertion-uncertain")
    assert value(about[rdfs.label])[0] == "Perhaps: letter 2 is kept in Papers, MS 14"  # type: ignore[arg-type]
    leaks = {
        crm.P46i_forms_part_of,
        schema.isPartOf,
        crm.P50_has_current_keeper,
        schema.holdingArchive,
        schema.identifier,
    }
    assert {predicate for subject, predicate, _ in said if subject == original} & leaks == set()


def test_a_holding_that_is_stated_has_none() -> None:
    built = examine(ROOT / "tests" / "sample" / "edition")
    said = {triple for path, triples in built.blocks if path == "letter/1" for triple in triples}
    assert (iri(f"{BASE}letter/1/original"), crm.P46i_forms_part_of, iri(f"{BASE}holding/papers")) in said
    assert iri(f"{BASE}letter/1/assertion-holding") not in {subject for subject, _, _ in said}
