"""Terms in hand-written files: all of ours are known, and each kind of slip is found where it stands."""

from pathlib import Path

import pytest

from lod.check import ontology
from lod.check.files import check_file, check_python, check_rdf_text
from lod.report import Source

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ontology.load(ROOT / "ontology")
WRITTEN = sorted(
    file
    for pattern in (
        "shapes/*.ttl",
        "corpus/*/queries/*.rq",
        "lod/web/queries/*.rq",
        "lod/web/templates/*",
        "tests/sample/*.ttl",
    )
    for file in ROOT.glob(pattern)
    if file.is_file()
)
# rdflib's terms are made from our strings here and nowhere else; the wrong scheme of schema.org is known here too.
BRIDGES = ("lod/check/", "lod/tools/vocab.py", "lod/vocab.py")
MODULES = [
    file for file in sorted((ROOT / "lod").rglob("*.py")) if not file.relative_to(ROOT).as_posix().startswith(BRIDGES)
]


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_every_term_of_a_written_file_is_known(file: Path) -> None:
    assert [str(finding) for finding in check_file(file, ONTOLOGY, ROOT)] == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_python_takes_terms_from_the_vocabulary(file: Path) -> None:
    assert [str(finding) for finding in check_file(file, ONTOLOGY, ROOT)] == []


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("@prefix sh: <http://www.w3.org/ns/shacl#> .\n[] sh:mincount 1 .", "term-case", 2),
        ("@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n[] sh:minCont 1 .", "term-unknown", 3),
        (
            "PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>\nSELECT * { ?a crm:P14_caried_out_by ?b }",
            "term-unknown",
            2,
        ),
        ("PREFIX schema: <http://schema.org/>\nSELECT * { ?a a ?b }", "term-namespace", 1),
        ("PREFIX c: <http://www.cidoc-crm.org/cidoc-crm#>\nSELECT * { ?a a ?b }", "term-namespace", 1),
        ("SELECT * {\n ?a <http://schema.org/name> ?b }", "term-scheme", 2),
        ("SELECT * {\n ?a schema:name ?b }", "term-prefix", 2),
        (
            "PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/>\nSELECT * { ?a a crm:E2_Temporal_Entity }",
            "term-ancestor",
            2,
        ),
    ],
)
def test_slip_is_found(text: str, code: str, line: int) -> None:
    found = [(finding.code, finding.source) for finding in check_rdf_text(text, "file", ONTOLOGY)]
    assert (code, Source("file", line)) in found


@pytest.mark.parametrize(
    "text",
    [
        "# crm:P14_caried_out_by\nSELECT * { ?a ?b 'crm:Nonsense' }",
        'PREFIX : <https://example.org/>\nSELECT * { ?a :b """x:y\n"quoted" z:w""" }',
        "SELECT * { ?a ?b ?c FILTER(?b < 3 && ?c > 4) }",
    ],
)
def test_comments_strings_and_comparisons_are_no_terms(text: str) -> None:
    assert list(check_rdf_text(text, "file", ONTOLOGY)) == []


def test_page_template(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p>\n<a property="schema:nme" href="https://x.org/schema:odd">crm:P14_carried_out_by</a>', "utf-8")
    assert [(f.code, f.source.line) for f in check_file(page, ONTOLOGY, tmp_path)] == [("term-unknown", 2)]


@pytest.mark.parametrize(
    "text",
    [
        'x = URIRef("a")',
        'n = rdflib.Namespace("b")',
        'name = "https://schema.org/name"',
        'q = f"<http://schema.org/{x}>"',
    ],
)
def test_raw_terms_in_python_are_refused(text: str) -> None:
    assert [finding.code for finding in check_python(text, "module.py")] == ["term-raw"]


def test_documentation_may_name_a_vocabulary() -> None:
    assert (
        list(
            check_python(
                '"""Terms of https://schema.org/name."""\nx = 1\n"""`<http://www.w3.org/2001/XMLSchema#>`"""', "m"
            )
        )
        == []
    )
