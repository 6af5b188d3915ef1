"""What a release is made of piece by piece is what it would be as a whole."""

import random
from itertools import chain

import pytest

from lod.build import Built
from lod.dumps import rdfxml
from lod.formats import RDF_XML
from lod.mapping import Block
from lod.release import sorting
from lod.release.state import State
from lod.store.documents import Documents
from lod.web import render


@pytest.fixture(scope="module")
def blocks(shipped: Built) -> list[Block]:
    return list(shipped.blocks)


def test_documents_one_after_the_other_are_those_of_a_dump(shipped: Built, blocks: list[Block]) -> None:
    base = shipped.corpus.edition.base
    whole = Documents(dict.fromkeys(chain.from_iterable(triples for _, triples in blocks)), base)
    state = State(blocks, base)
    assert (state.triples, state.counts()) == (whole.triples, whole.counts())
    assert (shipped.triples, shipped.things) == (whole.triples, sum(whole.counts().values()))
    assert [path for path, _ in state.documents()] == list(whole.paths())
    assert all(triples == whole.document(path) for path, triples in state.documents())
    assert {triple[0] for triple in state.languages()} == {
        state.iris.of(f"language/{key}") for key in whole.keys("language")
    }


def test_rdf_xml_in_pieces_is_the_same_file(blocks: list[Block], monkeypatch: pytest.MonkeyPatch) -> None:
    some = [triples for _, triples in blocks[:450]]
    whole = render.rdf(list(chain.from_iterable(map(dict.fromkeys, some))), RDF_XML, "").decode()
    assert "".join(rdfxml.write(some, "")) == f"{whole}\n"
    monkeypatch.setattr(rdfxml, "_AT_ONCE", 1)
    assert "".join(rdfxml.write(some[:50], "")) == "".join(rdfxml.write(iter(some[:50]), ""))
    assert "".join(rdfxml.write([], "")) == f"{render.rdf([], RDF_XML, '').decode()}\n"


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 1000])
def test_lines_are_sorted_however_many_fit_in_memory(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(count)
    lines = [f"{rng.choice(['a', 'ä', 'é', '𐌰', chr(0x85), chr(0x2028)])}{rng.randrange(400)}\n" for _ in range(count)]
    monkeypatch.setattr(sorting, "_RUN", 8)
    with sorting.sorted_lines(iter(lines)) as found:
        assert list(found) == sorted(lines)
