"""The term check: all seeded faults are found, each by itself, and nothing else."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod.check import ontology
from lod.check.terms import check_terms
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.report import Finding, Source
from lod.terms import Iri, Literal, Triple, iri, text
from lod.vocab import crm, rdf, rdfs, schema

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ROOT / "tests/check/faults.ttl"
BASE = "https://example.org/edition/"
ONTOLOGY = ontology.load(ROOT / "ontology")
EXPECTED = dict(re.findall(r"^# (\d\d) ([a-z-]+):", FAULTS.read_text(encoding="utf-8"), re.MULTILINE))


def read(file: Path) -> list[Triple]:
    return [
        (Iri(str(triple.subject)), Iri(str(triple.predicate)), Iri(str(triple.object)))
        for triple in ox.parse(path=file, format=ox.RdfFormat.TURTLE)
    ]


def check(triples: list[Triple], told: dict[str, Source] | None = None, base: str = BASE) -> list[Finding]:
    where = Whereabouts(told or {}, Iris(base), triples, Source("edition.toml"))
    return list(check_terms(triples, ONTOLOGY, where, base))


FOUND = check(read(FAULTS))


def test_there_are_at_least_twenty_faults() -> None:
    assert len(EXPECTED) >= 20
    assert len(set(EXPECTED.values())) >= 12


@pytest.mark.parametrize(("number", "code"), EXPECTED.items())
def test_seeded_fault_is_found(number: str, code: str) -> None:
    assert [finding.code for finding in FOUND if finding.key == f"fault/{number}"] == [code]


def test_nothing_else_is_found() -> None:
    assert {finding.key for finding in FOUND} == {f"fault/{number}" for number in EXPECTED}


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("01", "did you mean crm:P146_separated_from?"),
        ("02", "did you mean crm:E21_Person?"),
        ("03", "write schema:name"),
        ("05", "schema.org is written with https here: schema:name"),
        ("09", "it is crm:E21_Person, schema:Person"),
        ("19", "did you mean xsd:gYear?"),
    ],
)
def test_hint_leads_to_the_right_term(number: str, hint: str) -> None:
    assert [finding.hint for finding in FOUND if finding.key == f"fault/{number}"] == [hint]


def test_blank_nodes_are_refused() -> None:
    person = iri(f"{BASE}person/anna")
    triples: list[Triple] = [
        (person, rdf.type, schema.Person),
        (person, schema.sibling, Iri("_:b0")),
        (Iri("_:b0"), rdf.type, schema.Person),
    ]
    assert [finding.code for finding in check(triples)] == ["term-blank", "term-blank"]


def test_one_fitting_class_is_enough() -> None:
    letter = iri(f"{BASE}letter/1")
    triples: list[Triple] = [
        (letter, rdf.type, crm.E33_Linguistic_Object),
        (letter, rdf.type, schema.Message),
        (letter, schema.name, text("Letter")),
    ]
    assert check(triples) == []
    assert [finding.code for finding in check([triples[0], triples[2]])] == ["term-domain"]


def test_good_literals_do_not_hide_bad_ones() -> None:
    person = iri(f"{BASE}person/anna")
    dates = ("1936-02-29", "1935-02-29", "1936-02-29", "1934-02-29")
    datatype = "<http://www.w3.org/2001/XMLSchema#date>"
    triples: list[Triple] = [(person, rdf.type, schema.Person)]
    triples += [(person, schema.birthDate, Literal(f'"{day}"^^{datatype}')) for day in dates]
    assert ["1935" in finding.message for finding in check(triples)] == [True, False]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("letter/1", Source("letters.xml", 10)),
        ("letter/1/writing-date", Source("letters.xml", 10)),
        ("person/anna/death", Source("people.xml", 7)),
        ("person/anna/death-date", Source("people.xml", 5)),
        ("person/anna.ttl", Source("people.xml", 5)),
        ("type/painter", Source("people.xml", 5)),
        ("type/unused", Source("edition.toml")),
    ],
)
def test_finding_names_the_record_behind_a_node(path: str, expected: Source) -> None:
    told = {
        "letter/1": Source("letters.xml", 10),
        "person/anna": Source("people.xml", 5),
        "person/anna/death": Source("people.xml", 7),
    }
    triples: list[Triple] = [
        (iri(f"{BASE}person/anna"), crm.P2_has_type, iri(f"{BASE}type/painter")),
        (iri(f"{BASE}{path}"), rdfs.label, text("x", "en")),
    ]
    where = Whereabouts(told, Iris(BASE), triples, Source("edition.toml"))
    assert where.source(iri(f"{BASE}{path}")) == expected


@pytest.mark.parametrize("file", sorted((ROOT / "dumps").glob("*/*.ttl")), ids=lambda file: file.stem)
def test_every_term_of_the_dump_is_known(file: Path) -> None:
    head = file.read_text(encoding="utf-8")[:200]
    base = head[head.index("<") + 1 : head.index(">")]
    assert [str(finding) for finding in check(read(file), base=base)] == []


def test_the_sample_is_without_fault() -> None:
    assert check(read(ROOT / "tests/sample/sample.ttl")) == []


@pytest.mark.parametrize("name", ["letter-1.ttl", "patterns.ttl"])
def test_only_links_are_missing_in_the_selections_of_the_design(name: str) -> None:
    file = ROOT.parent / "shared" / "design" / name
    if not file.is_file():
        pytest.skip(f"no ../shared/design/{name} beside the checkout")
    base = "https://w3id.org/serge-trotsky/"
    triples = [triple for triple in read(file) if triple[0].startswith(f"<{base}")]
    assert len(triples) > 200
    assert {finding.code for finding in check(triples, base=base)} == {"link-dangling"}
