"""The command line: exit codes, and one thing broken at a time: each fault has its own finding with file and line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lod.cli import app
from tests.conftest import ROOT

SAMPLE = ROOT / "tests" / "sample" / "edition"


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "edition"))


def lod(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def findings(edition: Path) -> list[dict[str, object]]:
    result = lod("check", edition, "--format", "json")
    assert result.exit_code == 1, result.output
    return [row for row in json.loads(result.stdout)["findings"] if row["level"] == "error"]


def replace(file: Path, old: str, new: str) -> int:
    """Replace once; the line it stood in."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old} is not in {file.name}"
    line = text[: text.index(old)].count("\n") + 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return line


def test_a_good_edition_is_clean(edition: Path) -> None:
    result = lod("check", edition)
    assert result.exit_code == 0, result.output
    assert "clean" in result.output


FAULTS: list[tuple[str, str, str, str, str]] = [
    ("letters.xml", 'when="1901-02-03"', 'when="1936-13-40"', "date-impossible", "there is no month 13"),
    ("letters.xml", 'person/carl">C.', 'person/karl">C.', "pointer-to-nobody", "did you mean person/carl?"),
    ("registers.xml", '<birth when="1870-01-02"', '<birth when="1870-02-30"', "date-impossible", "has no day 30"),
    (
        "registers.xml",
        'ref="#land" source="book:note-1-1">Land</nat',
        'ref="#lund" source="book:note-1-1">Land</nat',
        "pointer-to-nobody",
        "'#lund' points to nothing",
    ),
    ("registers.xml", "<geo>50.5 4.25</geo>", "<geo>150.5 4.25</geo>", "coordinates-impossible", "150.5"),
    ("registers.xml", 'source="book:document-1-1"', 'source="buch:document-1-1"', "place-unknown", "buch:document-1-1"),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "words"), FAULTS)
def test_a_fault_has_its_own_finding(edition: Path, file: str, old: str, new: str, code: str, words: str) -> None:
    line = replace(edition / file, old, new)
    found = findings(edition)
    assert [(row["code"], row["file"], row["line"]) for row in found] == [(code, file, line)]
    assert words in f"{found[0]['message']} {found[0]['hint']}"


def test_a_missing_sender_is_found(edition: Path) -> None:
    line = replace(
        edition / "letters.xml",
        '<persName ref="https://example.org/sample/person/ben">Ben</persName>\n          <date',
        "<date",
    )
    found = findings(edition)
    assert ("sender-missing", "letters.xml", "letter/2") in [(row["code"], row["file"], row["key"]) for row in found]
    assert all(row["file"] in ("letters.xml", "registers.xml") and row["line"] for row in found)
    assert min(int(str(row["line"])) for row in found if row["key"] == "letter/2") < line


def test_two_entries_with_one_key_are_found(edition: Path) -> None:
    line = replace(edition / "registers.xml", 'xml:id="league"', 'xml:id="union"')
    found = [(row["code"], row["line"]) for row in findings(edition)]
    assert found[0] == ("file-unreadable", line), "an id that is there twice is no well-formed XML"
    assert ("key-twice", line) in found, "what can be read of it says which key"


def test_ill_formed_xml_is_one_finding_and_the_rest_goes_on(edition: Path) -> None:
    replace(edition / "registers.xml", "</listPlace>", "</listPlaces>")
    (edition / "published.txt").write_text("letter/1\n", encoding="utf-8")
    found = findings(edition)
    first = found[0]
    assert (first["code"], first["file"]) == ("file-unreadable", "registers.xml")
    assert int(str(first["line"])) > 1
    result = lod("build", edition, "--out", edition / "out")
    assert result.exit_code == 1
    assert "<letter/1> a " in (edition / "out" / "sample" / "sample.ttl").read_text(encoding="utf-8")


def test_a_doctype_is_refused(edition: Path) -> None:
    replace(edition / "letters.xml", "<TEI ", '<!DOCTYPE TEI [<!ENTITY secret SYSTEM "edition.toml">]>\n<TEI ')
    assert next(row["code"] for row in findings(edition)) == "file-unreadable"


def test_an_unknown_key_stops_with_2(edition: Path) -> None:
    (edition / "edition.toml").write_text(
        'colour = "red"\n' + (edition / "edition.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    result = lod("check", edition)
    assert result.exit_code == 2
    assert "unknown key 'colour'" in result.output
    assert "edition.toml" in result.output
    assert "Traceback" not in result.output


def test_no_edition_stops_with_2(tmp_path: Path) -> None:
    assert lod("build", tmp_path).exit_code == 2


def test_build_writes_what_was_asked(edition: Path) -> None:
    out = edition / "out"
    result = lod("build", edition, "--out", out, "--format", "nt")
    assert result.exit_code == 0, result.output
    assert sorted(file.name for file in (out / "sample").iterdir()) == ["graphs", "report.json", "sample.nt"]
    assert lod("build", edition, "--format", "docx").exit_code == 2


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "1",
            [
                "letters.xml:",
                'key="1"',
                "record  Letter",
                "<letter/1/writing> a lrmoo:F28",
                "agents: target person/ann",
            ],
        ),
        ("person/ann", ["registers.xml:", 'xml:id="ann"', "record  Person"]),
        ("person/ben/death", ["<person/ben/death> a crm:E69_Death"]),
        ("LOST-1", ["<letter/lost-1/writing> a "]),
    ],
)
def test_explain_follows_a_thing(edition: Path, key: str, expected: list[str]) -> None:
    result = lod("explain", key, "--edition", edition)
    assert result.exit_code == 0, result.output
    for words in expected:
        assert words in result.output


def test_explain_says_when_there_is_nothing(edition: Path) -> None:
    assert lod("explain", "letter/99", "--edition", edition).exit_code == 2


def test_query_answers_and_refuses(edition: Path) -> None:
    out = edition / "out"
    assert "run `lod build" in lod("query", "ASK {}", "--edition", edition, "--out", out).stderr
    lod("build", edition, "--out", out)
    ask = run_query(edition, out)
    rows = ask("SELECT ?l WHERE { ?l a <https://schema.org/Message> } ORDER BY ?l")
    assert rows.exit_code == 0, rows.output
    assert rows.stdout.split() == [
        "l",
        *(f"https://example.org/sample/letter/{key}" for key in ("1", "2", "3", "lost-1")),
    ]
    assert ask("SELECT * WHERE { SERVICE <http://localhost:1/> { ?s ?p ?o } }").exit_code == 2
    unread = ask("SELECT")
    assert unread.exit_code == 2
    assert "Malformed(" not in unread.stderr
    assert "Line 1, column" in unread.stderr
    relative = ask("SELECT ?kind { <letter/1> a ?kind }")
    assert "https://schema.org/Message" in relative.stdout.split()


def run_query(edition: Path, out: Path) -> Callable[[str], Result]:
    return lambda text: lod("query", text, "--edition", edition, "--out", out)
