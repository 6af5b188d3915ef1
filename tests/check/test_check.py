"""The whole check: findings of every sort, each with the file and line of the record behind it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import Graph

from lod.check import HOUSE, check, shapes
from lod.check.where import Whereabouts
from lod.config import Edition
from lod.errors import VocabularyError
from lod.iris import Iris, owner
from lod.report import Finding, Level, Report, Source
from lod.terms import Iri, Literal, Triple, address, iri, n_triples, text
from lod.vocab import crm, rdf, schema

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://example.org/edition/"
TOLD = {
    "letter/1": Source("letters.xml", 12),
    "letter/2": Source("letters.xml", 40),
    "person/anna": Source("people.xml", 7),
    "work/herald-1": Source("works.xml", 3),
}


def node(path: str) -> Iri:
    return iri(BASE + path)


@pytest.fixture
def triples() -> list[Triple]:
    parsed = ox.parse(path=ROOT / "tests/sample/sample.ttl", format=ox.RdfFormat.TURTLE)
    return [(Iri(str(t.subject)), Iri(str(t.predicate)), Iri(str(t.object))) for t in parsed]


@pytest.fixture
def edition() -> Edition:
    return Edition(
        folder=ROOT,
        id="sample",
        title={"en": "Sample"},
        description={"en": "Sample"},
        base=BASE,
        languages=("en",),
        editors=("Anna",),
        publisher="Club",
        licence="https://example.org/licence",
        rights="",
        sources=(),
    )


def found(triples: list[Triple], edition: Edition, house: Path = HOUSE) -> list[Finding]:
    blocks: dict[str, list[Triple]] = {}
    for triple in triples:
        blocks.setdefault(owner(address(triple[0]).removeprefix(BASE)), []).append(triple)
    report = Report()
    check(list(blocks.items()), edition, TOLD, report, house=house)
    return list(report)


def test_the_sample_is_clean(triples: list[Triple], edition: Edition) -> None:
    assert found(triples, edition) == []


Change = Callable[[list[Triple]], None]


def without_sender(triples: list[Triple]) -> None:
    triples.remove((node("letter/1"), schema.sender, node("person/anna")))
    triples.remove((node("letter/1/assertion-date"), crm.P140_assigned_attribute_to, node("letter/1/writing")))


def two_dates(triples: list[Triple]) -> None:
    triples.append((node("letter/1/writing"), crm.P4_has_time_span, node("letter/1/receipt-date")))


def to_nobody(triples: list[Triple]) -> None:
    triples.append((node("letter/2"), crm.P67_refers_to, node("person/nobody")))


def misspelt(triples: list[Triple]) -> None:
    triples.append(
        (node("person/anna/death"), Iri(crm.P100_was_death_of.replace("death", "deth")), node("person/anna"))
    )


def bad_type(triples: list[Triple]) -> None:
    triples.append((node("type/occupation-painter"), schema.name, text("painter", "en")))


@pytest.mark.parametrize(
    ("change", "code", "key", "source"),
    [
        (two_dates, "shape-max-count", "letter/1/writing", Source("letters.xml", 12)),
        (to_nobody, "link-dangling", "letter/2", Source("letters.xml", 40)),
        (misspelt, "term-unknown", "person/anna/death", Source("people.xml", 7)),
        (bad_type, "shape-closed", "type/occupation-painter", Source("people.xml", 7)),
    ],
)
def test_fault_is_told_with_file_and_line(
    change: Change, code: str, key: str, source: Source, triples: list[Triple], edition: Edition
) -> None:
    change(triples)
    told = [(finding.level, finding.code, finding.key, finding.source) for finding in found(triples, edition)]
    assert (Level.ERROR, code, key, source) in told
    assert {(told_key, told_source) for _, _, told_key, told_source in told} == {(key, source)}


def test_editor_is_told_what_a_letter_needs(triples: list[Triple], edition: Edition) -> None:
    without_sender(triples)
    messages = {finding.message for finding in found(triples, edition) if finding.key == "letter/1"}
    assert "A letter needs a sender, or an assertion of who may have written it." in messages


def test_hint_names_property_and_value(triples: list[Triple], edition: Edition) -> None:
    bad_type(triples)
    assert 'schema:name "painter"@en' in {finding.hint for finding in found(triples, edition)}


def test_shape_that_cannot_be_used_is_told_and_the_rest_too(
    tmp_path: Path, triples: list[Triple], edition: Edition
) -> None:
    for folder in ("ontology", "shapes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    file = tmp_path / "shapes" / "place.ttl"
    file.write_text(file.read_text("utf-8").replace("sh:path schema:latitude", "sh:pth schema:latitude"))
    to_nobody(triples)
    assert [finding.code for finding in found(triples, edition, tmp_path)] == [
        "link-dangling",
        "term-unknown",
        "shapes-unusable",
    ]


def test_misspelt_property_in_a_shape_is_found(tmp_path: Path, triples: list[Triple], edition: Edition) -> None:
    for folder in ("ontology", "shapes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    file = tmp_path / "shapes" / "letter.ttl"
    file.write_text(
        file.read_text("utf-8").replace("sh:path schema:sender ; sh:node", "sh:path schema:sendr ; sh:node")
    )
    line = next(n for n, row in enumerate(file.read_text("utf-8").splitlines(), 1) if "schema:sendr" in row)
    told = [(finding.code, finding.source) for finding in found(triples, edition, tmp_path)]
    assert told == [("term-unknown", Source("shapes/letter.ttl", line))]


@pytest.mark.parametrize("folder", ["ontology", "shapes"])
def test_missing_or_broken_rules_cannot_go_on(folder: str, tmp_path: Path, edition: Edition) -> None:
    for name in ("ontology", "shapes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / folder / "broken.ttl").write_text("<a> <b> .", "utf-8")
    with pytest.raises(VocabularyError, match=r"broken\.ttl"):
        found([], edition, tmp_path)
    shutil.rmtree(tmp_path / folder)
    with pytest.raises(VocabularyError, match="no Turtle file"):
        found([], edition, tmp_path)


def test_graph_is_the_one_a_parser_makes(triples: list[Triple]) -> None:
    triples.append((node("letter/1"), crm.P3_has_note, text('a "quoted"\tline\nnext \\ ünïcode \x01', "en")))
    triples.append((node("letter/1"), rdf.type, schema.Message))
    triples.append(
        (node("x"), crm.P82a_begin_of_the_begin, Literal('"nonsense"^^<http://www.w3.org/2001/XMLSchema#dateTime>'))
    )
    parsed = Graph().parse(data="".join(map(n_triples, triples)), format="nt")
    assert set(shapes.graph_of(triples)) == set(parsed)


@pytest.mark.parametrize("normalised", [False, True])
def test_literals_stay_as_written(monkeypatch: pytest.MonkeyPatch, normalised: bool) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", normalised)
    moment = Literal('"1936-04-22T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>')
    graph = shapes.graph_of([(node("x"), crm.P82a_begin_of_the_begin, moment)])
    assert [str(value) for value in graph.objects()] == ["1936-04-22T00:00:00Z"]


@pytest.mark.parametrize("normalised", [False, True])
def test_values_in_shapes_stay_as_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, normalised: bool) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", normalised)
    (tmp_path / "day.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
        ' <urn:day> sh:hasValue "1936-04-22T00:00:00Z"^^xsd:dateTime .',
        encoding="utf-8",
    )
    assert [str(value) for value in shapes.load(tmp_path).objects()] == ["1936-04-22T00:00:00Z"]


def test_severity_sets_the_level(triples: list[Triple]) -> None:
    rules = shapes.load(ROOT / "shapes")
    sh = "http://www.w3.org/ns/shacl#"
    rules.update(
        f"INSERT {{ ?s <{sh}severity> <{sh}Warning> }} WHERE {{ ?s <{sh}path> schema:gender }}",
        initNs={"schema": "https://schema.org/"},
    )
    triples.append((node("person/anna"), schema.gender, text("unknown")))
    where = Whereabouts(TOLD, Iris(BASE), triples, Source("edition.toml"))
    assert [finding.level for finding in shapes.check_shapes(triples, rules, where)] == [Level.WARNING]


def test_findings_come_in_the_same_order(triples: list[Triple]) -> None:
    rules = shapes.load(ROOT / "shapes")
    kept = [triple for triple in triples if triple[1] != schema.name]
    where = Whereabouts(TOLD, Iris(BASE), triples, Source("edition.toml"))
    once = shapes.check_shapes(kept, rules, where)
    assert len(once) > 10
    assert shapes.check_shapes(list(reversed(kept)), rules, where) == once
