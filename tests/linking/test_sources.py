"""Authority files in every form, and what is wrong with them."""

import json
from pathlib import Path

import pytest

from lod.errors import LinkingError
from lod.linking.sources import read

TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix gndo: <https://d-nb.info/standards/elementset/gnd#> .
<https://d-nb.info/gnd/118642979> a gndo:DifferentiatedPerson ; gndo:preferredNameForThePerson "Serge, Victor" ;
  gndo:variantNameForThePerson "Kibal'čič, Viktor L." ; gndo:dateOfBirth "1890-12-30" ; gndo:dateOfDeath "1947" ;
  skos:exactMatch <http://viaf.org/viaf/1> .
"""
NAME, OTHER = "Serge, Victor", "Kibal'čič, Viktor L."
ROW = {"id": "gnd:118642979", "name": NAME, "names": [OTHER], "birth": 1890, "death": "1947", "sameAs": ["viaf:1"]}
FILES = {
    "a.csv": f"uri;label;aliases;born;died;sameAs\nhttps://d-nb.info/gnd/118642979;{NAME};{OTHER};1890-12-30;1947;viaf:1\n",
    "a.tsv": f"id\tname\tnames\tbirth\tdeath\tsame_as\ngnd:118642979\t{NAME}\t{OTHER}\t1890\t1947\thttp://viaf.org/viaf/1\n",
    "a.json": json.dumps({"people": [ROW]}),
    "a.jsonl": json.dumps(ROW) + "\n",
    "a.ttl": TURTLE,
}


@pytest.mark.parametrize("name", FILES)
def test_one_person_in_every_form(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    (found,) = read(tmp_path / name)
    assert (found.id, found.kind, found.label) == ("https://d-nb.info/gnd/118642979", "person", "Serge, Victor")
    assert [form.text for form in found.names] == ["Serge, Victor", "Kibal'čič, Viktor L."]
    assert (found.birth.first, found.death.last, found.same_as) == (1890, 1947, ("http://viaf.org/viaf/1",))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "id,name\n,Somebody\n", "entry 1 needs id"),
        ("a.csv", "id,name,kind\ngnd:118642979,Somebody,comet\n", "kind 'comet'"),
        ("a.json", "{", "cannot be read"),
        ("a.json", "[1]", "a list of objects"),
        ("a.ttl", "<x", "cannot be read"),
        ("a.rdf", "<!DOCTYPE x><rdf/>", "document type"),
        ("a.pdf", "", "ends with"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LinkingError, match=says):
        read(tmp_path / name)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LinkingError, match="no such file"):
        read(tmp_path / "a.csv")
