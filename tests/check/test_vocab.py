"""The generator of `lod/vocab.py`: what it takes from an ontology, and what it cannot go on with."""

from pathlib import Path

import pytest

from lod.errors import VocabularyError
from lod.tools.vocab import constant, described, generate

HEAD = """@prefix crm: <http://www.cidoc-crm.org/cidoc-crm/> . @prefix lod: <https://w3id.org/correspondence-lod/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix other: <https://example.org/> .
"""


def ontology(folder: Path, text: str) -> Path:
    (folder / "terms.ttl").write_text(HEAD + text, "utf-8")
    return folder


def test_terms_become_constants_and_ancestors_do_not(tmp_path: Path) -> None:
    folder = ontology(
        tmp_path, 'crm:E7_Activity a rdfs:Class . crm:E1_CRM_Entity a rdfs:Class ; lod:standing "ancestor" .'
    )
    assert described(folder) == {"http://www.cidoc-crm.org/cidoc-crm/E7_Activity"}
    text = generate(folder)
    assert '    E7_Activity: Final = Iri("<http://www.cidoc-crm.org/cidoc-crm/E7_Activity>")' in text
    assert "E1_CRM" not in text
    assert "class foaf" not in text


def test_numbers_are_sorted_as_numbers(tmp_path: Path) -> None:
    text = generate(
        ontology(tmp_path, "crm:P14_b a rdf:Property . crm:P2_a a rdf:Property . crm:P107_c a rdf:Property .")
    )
    assert text.index("P2_a") < text.index("P14_b") < text.index("P107_c")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("P14.1_in_the_role_of", "P14_1_in_the_role_of"),
        ("E52_Time-Span", "E52_Time_Span"),
        ("class", "class_"),
        ("name", "name"),
    ],
)
def test_local_name_as_python_name(name: str, written: str) -> None:
    assert constant(name) == written


def test_long_constants_are_broken_as_the_formatter_breaks_them(tmp_path: Path) -> None:
    name = "P107_" + "x" * 60
    text = generate(ontology(tmp_path, f"crm:{name} a rdf:Property ."))
    assert f'    {name}: Final = Iri(\n        "<http://www.cidoc-crm.org/cidoc-crm/{name}>"\n    )' in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize(
    ("text", "told"),
    [("crm:E7 a", "not Turtle"), ("other:thing a rdfs:Class .", "in none of the namespaces")],
)
def test_cannot_go_on(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=told):
        generate(ontology(tmp_path, text))


def test_cannot_go_on_without_an_ontology(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="no Turtle file"):
        generate(tmp_path)
