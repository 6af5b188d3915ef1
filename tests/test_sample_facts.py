"""Random facts of a dump: the same for the same seed, each with its places, and nothing true by construction."""

from pathlib import Path

import pytest

from lod.tools.sample_facts import Dump, main, table

DUMP = """
@base <https://example.org/letters/> .
@prefix crm: <http://www.cidoc-crm.org/cidoc-crm/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
<letter/1.ttl> a foaf:Document ; foaf:primaryTopic <letter/1> .
<letter/1> rdfs:label "A to B"@en ; schema:sender <person/a> ; crm:P67_refers_to <person/b> ;
    crm:P70i_is_documented_in <work/book/letter-1> .
<letter/1/writing> rdfs:label "Writing of letter 1"@en ; crm:P14_carried_out_by <person/a> .
<letter/1/assertion-date> crm:P14_carried_out_by <person/editor> .
<person/a> rdfs:label "A" ; schema:name "A" .
<person/b> rdfs:label "B" .
<work/book/letter-1> rdfs:label "Letter 1 as printed"@en ; schema:author <person/a> .
<type/letter> rdfs:label "letter"@en ; crm:P127_has_broader_term <type/text> .
"""


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    file = tmp_path / "dump.ttl"
    file.write_text(DUMP, encoding="utf-8")
    return file


def test_facts_have_labels_and_places(dump: Path) -> None:
    assert sorted(Dump.read(dump).draw(count=10)) == [
        ("A to B", "crm:P67_refers_to", "B", "letter-1"),
        ("A to B", "schema:sender", "A", "letter-1"),
        ("Writing of letter 1", "crm:P14_carried_out_by", "A", "letter-1"),
    ]


def test_the_same_seed_draws_the_same(dump: Path) -> None:
    read = Dump.read(dump)
    assert read.draw(2, seed=7) == Dump.read(dump).draw(2, seed=7)
    assert {tuple(read.draw(1, seed=seed)) for seed in range(20)} == {(fact,) for fact in read.draw(3)}


def test_the_command_writes_a_table(dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(dump), "--count", "3", "--seed", "1"])
    assert capsys.readouterr().out == table(Dump.read(dump).draw(3, 1))
