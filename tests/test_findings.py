"""Findings grouped and counted: as a table, as JSON, as Markdown; and runs that warnings fail."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import lod.report
from lod.cli import app
from lod.report import Level, Report, Source
from lod.tools import findings
from tests.conftest import ROOT
from tests.readers import tei

SAMPLE = ROOT / "tests" / "sample" / "edition"


def report() -> Report:
    """Five pointers that lead nowhere, a missing sender, a note with markup in it."""
    found = Report()
    for line in range(1, 6):
        found.warning("pointer-without-entry", f"'p{line}' has no entry", Source("a.xml", line), "letter/1", "add it")
    found.note("note-left-out", "the note '<b>*x*</b> | y' was left out", Source("a.xml", 9))
    found.error("sender-missing", "nobody is named", Source("b.xml", 2), "letter/2", "name one")
    found.error("sender-missing", "nobody is named", Source("b.xml", 2), "letter/2", "name one")
    return found


def shown(*, every: bool) -> str:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(findings.table(report(), every=every))
    return console.export_text()


def test_groups_come_worst_first_with_their_counts() -> None:
    told = [(group.level, group.code, group.count, group.hint) for group in report().groups()]
    assert told == [
        (Level.ERROR, "sender-missing", 1, "name one"),
        (Level.WARNING, "pointer-without-entry", 5, "add it"),
        (Level.NOTE, "note-left-out", 1, ""),
    ]


def test_the_table_shows_the_first_of_each_code_or_all() -> None:
    few, every = shown(every=False), shown(every=True)
    assert few.count("has no entry") == 3
    assert "… and 2 more" in few
    assert "5 ×" in few
    assert few.count("→ add it") == 1
    assert every.count("has no entry") == 5
    assert "more" not in every
    assert findings.counts(report()) == "1 error, 5 warnings, 1 note: not clean"


def test_json_holds_counts_and_every_finding() -> None:
    told = json.loads(report().to_json())
    assert told["levels"] == {"error": 1, "warning": 5, "note": 1}
    assert [(group["code"], group["count"]) for group in told["groups"]] == [
        ("sender-missing", 1),
        ("pointer-without-entry", 5),
        ("note-left-out", 1),
    ]
    assert len(told["findings"]) == 7
    assert told["findings"][0] == {
        "level": "warning",
        "code": "pointer-without-entry",
        "message": "'p1' has no entry",
        "key": "letter/1",
        "hint": "add it",
        "file": "a.xml",
        "line": 1,
    }


def test_markdown_shows_the_source_as_words() -> None:
    told = report().to_markdown()
    assert "## warning: pointer-without-entry (5)" in told
    assert "- … and 2 more" in told
    assert r"the note '\<b\>\*x\*\</b\> \| y' was left out" in told


def test_every_code_of_the_readers_is_on_the_editors_page() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "lod" / "readers").glob("*.py"))
    codes = set(re.findall(r'\.(?:note|warning|error)\(\s*"([a-z]+(?:-[a-z]+)+)"', sources))
    page = (ROOT / "docs" / "editor.md").read_text(encoding="utf-8")
    assert len(codes) > 50
    assert {code for code in codes if f"`{code}`" not in page} == set()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    """The sample with one thing odd in it: nothing wrong, but a warning."""
    edition = Path(shutil.copytree(SAMPLE, tmp_path / "edition"))
    letters = edition / "letters.xml"
    text = letters.read_text(encoding="utf-8")
    letters.write_text(text.replace('when="1901-02-03"', 'when="19010203"', 1), encoding="utf-8")
    return edition


def test_warnings_fail_a_strict_run_only(warned: Path, tmp_path: Path) -> None:
    easy, strict = run("check", warned), run("check", warned, "--strict")
    assert (easy.exit_code, strict.exit_code) == (0, 1)
    assert "date-form" in easy.output
    assert easy.output.endswith(": clean\n")
    assert strict.output.endswith("not clean\n")
    built = [run("build", warned, "--out", tmp_path, *extra).exit_code for extra in ([], ["--strict"])]
    assert built == [0, 1]
    assert run("check", SAMPLE, "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            {"one.xml": "<text><body><p>No letter.</p></body></text>"},
            "in 1 files read as tei: found nothing that is understood",
        ),
        ({"one.xml": "</p>"}, "found nothing that is understood; 1 of the files cannot be read"),
        (
            {
                "one.xml": '<standOff><listPerson><person xml:id="a"><persName>A</persName></person></listPerson></standOff>'
            },
            "in 1 files read as tei: found 1 × person",
        ),
    ],
)
def test_an_edition_without_letters_is_refused_in_one_sentence(
    tmp_path: Path, texts: dict[str, str], said: str
) -> None:
    tei.edition(tmp_path, texts)
    result = run("check", tmp_path, "--format", "json")
    assert result.exit_code == 1
    told = [row for row in json.loads(result.stdout)["findings"] if row["code"] == "edition-without-letters"]
    assert len(told) == 1
    assert told[0]["message"].startswith("no letters in 1 files") and said in told[0]["message"]


@pytest.mark.parametrize("form", ["json", "md"])
def test_check_tells_findings_in_other_forms(warned: Path, form: str) -> None:
    result = run("check", warned, "--format", form)
    assert result.exit_code == 0
    assert "date-form" in result.stdout
    assert result.stdout.startswith({"json": "{", "md": "# Findings"}[form])


def test_an_unknown_form_stops_with_2() -> None:
    result = run("check", SAMPLE, "--format", "docx")
    assert result.exit_code == 2
    assert "there is no format 'docx'" in result.output


def test_what_others_follow_from_comes_first() -> None:
    found = Report()
    for number in range(5):
        found.error("link-dangling", f"points to {number}", Source("a.xml", number))
    found.error("file-unreadable", "no XML", Source("people.xml", 1))
    assert [group.code for group in found.groups()] == ["file-unreadable", "link-dangling"]


def test_a_report_holds_few_findings_and_tells_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> Report:
        found = Report()
        for line in [*range(25), *range(25), 30]:
            found.note(f"odd-{line % 2}", f"line {line}", Source("letters.xml", line), hint=str(line % 4 // 3))
        return found

    whole = told()
    monkeypatch.setattr(lod.report, "_HELD", 10)
    spread = told()
    assert len(spread._held) == 6
    assert (len(spread), spread.told) == (len(whole), whole.told) == (26, 51)
    assert list(spread) == list(whole)
    assert spread.groups() == whole.groups()
    assert spread.to_json() == whole.to_json()
    assert [(each.code, each.count, each.hint, len(each.findings)) for each in spread.groups(2)] == [
        ("odd-0", 14, "0", 2),
        ("odd-1", 12, "", 2),
    ]
