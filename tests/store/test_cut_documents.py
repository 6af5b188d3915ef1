"""Documents cut from a dump."""

from pathlib import Path

import pytest

from lod.errors import StoreError
from lod.store.documents import Documents
from lod.terms import Iri, Literal
from lod.vocab import rdf, rdfs, schema

SAMPLE = Path(__file__).parents[1] / "web" / "sample.ttl"
BASE = "https://example.org/harbour/"


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents.load(SAMPLE, BASE)


def test_owners_and_parts(documents: Documents) -> None:
    assert "letter/1" in documents
    assert "letter/1/writing" not in documents
    assert documents.describes("letter/1/writing") and documents.describes("letter/1.ttl")
    assert not documents.describes("letter/1/receipt")
    assert "" not in documents
    assert list(documents.own("letter/99")) == []


def test_own_is_thing_parts_and_record(documents: Documents) -> None:
    subjects = {documents.iris.path(subject) for subject, _, _ in documents.own("letter/1")}
    assert subjects == {
        "letter/1",
        "letter/1/writing",
        "letter/1/writing-date",
        "letter/1/assertion-place",
        "letter/1.ttl",
    }


def test_a_document_adds_only_type_and_label_of_neighbours(documents: Documents) -> None:
    own = set(documents.own("letter/1"))
    document = documents.document("letter/1")
    assert len(document) == len(set(document))
    added = [triple for triple in document if triple not in own]
    assert {predicate for _, predicate, _ in added} == {rdf.type, rdfs.label}
    assert documents.iris.of("person/berg") in {subject for subject, _, _ in added}
    assert documents.iris.of("letter/2") not in {subject for subject, _, _ in added}


def test_incoming_links_reach_the_owner_through_its_parts(documents: Documents) -> None:
    found = {(documents.iris.path(s), p) for s, p, _ in documents.incoming("work/harbour-letters-1980")}
    assert {path for path, _ in found} == {"letter/1"}
    senders = {documents.iris.path(s) for s, p, _ in documents.incoming("person/berg") if p == schema.sender}
    assert senders == {"letter/1", "letter/10"}


def test_keys_are_in_an_order_for_people(documents: Documents) -> None:
    assert list(documents.keys("letter")) == ["1", "2", "10"]
    assert documents.counts()["person"] == 3
    assert "source" not in documents.counts()


def test_keys_that_are_no_numbers_have_their_place_too() -> None:
    keys = ["0", "007", "10", "9" * 5000, "x-2", "x-10", "²", "٣"]
    said = [(Iri(f"<{BASE}letter/{key}>"), rdfs.label, Literal('"x"')) for key in reversed(keys)]
    assert list(Documents(said, BASE).keys("letter")) == ["0", "007", "10", "x-2", "x-10", "²", "٣", "9" * 5000]


def test_n_triples_and_turtle_give_the_same(documents: Documents, tmp_path: Path) -> None:
    file = tmp_path / "same.nt"
    file.write_text(
        "".join(f"{s} {p} {o} .\n" for path in documents.paths() for s, p, o in documents.own(path)), encoding="utf-8"
    )
    same = Documents.load(file, BASE)
    assert same.triples == documents.triples
    assert all(list(same.own(path)) == list(documents.own(path)) for path in documents.paths())


@pytest.mark.parametrize("text", ["<a:a> <a:b> .", "<a:a> <a:b> [] .", "_:x <a:b> 1 .", "\x00"])
def test_a_dump_that_is_none_is_told_with_its_name(text: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.ttl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=r"bad\.ttl"):
        Documents.load(file, BASE)
    with pytest.raises(StoreError, match=r"none\.ttl"):
        Documents.load(tmp_path / "none.ttl", BASE)
