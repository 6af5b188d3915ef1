"""`lod new` writes an `edition.toml` that loads and reads what is there."""

import shutil
from pathlib import Path

import pytest

from lod import config, readers
from lod.errors import LodError
from lod.model import Letter
from lod.report import Report
from lod.tools import new
from tests.conftest import shared

CORPORA = {"cmif": 3679, "tei/tillich": 60, "tei/amp": 45, "tei/pec": 60, "tei/schnitzler-briefe": 60, "csv": 800}
"""How many letters lie in each folder."""


@pytest.mark.parametrize("name", CORPORA)
def test_what_it_writes_reads_every_letter(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    shutil.copytree(shared(f"corpora/{name}"), folder)
    (folder / "edition.toml").write_text(new.toml(folder, new.look(folder)), encoding="utf-8")
    corpus = readers.read(config.load(folder), Report())
    assert sum(isinstance(record, Letter) for record in corpus.records) == CORPORA[name]


def test_a_folder_without_letters_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LodError, match="no XML file and no table in it, but nothing"):
        new.look(tmp_path)
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(LodError, match=r"but 1 × \.txt"):
        new.look(tmp_path)
    (tmp_path / "a.xml").write_text("<a/>", encoding="utf-8")
    with pytest.raises(LodError, match="no letters in 1 files"):
        new.toml(tmp_path, new.look(tmp_path))


def test_registers_beside_letters_are_told_apart(tmp_path: Path) -> None:
    tei = '<TEI xmlns="http://www.tei-c.org/ns/1.0">{}</TEI>'
    (tmp_path / "letters.xml").write_text(tei.format("<correspDesc key='1'/>"), encoding="utf-8")
    people = "<text><body><listPerson><person xml:id='a'><persName>A</persName></person></listPerson></body></text>"
    (tmp_path / "people.xml").write_text(tei.format(people), encoding="utf-8")
    written = new.toml(tmp_path, new.look(tmp_path))
    (tmp_path / "edition.toml").write_text(written, encoding="utf-8")
    assert [(source.file, source.format) for source in config.load(tmp_path).sources] == [
        ("letters.xml", "cmif"),
        ("people.xml", "registers"),
    ]


def titled(folder: Path) -> str:
    """The line of the title that is written for a folder, which must be read again as the title."""
    written = new.toml(folder, new.look(folder))
    (folder / "edition.toml").write_text(written, encoding="utf-8")
    line = next(line for line in written.splitlines() if line.startswith("title = "))
    assert next(iter(config.load(folder).title.values())).replace('"', '\\"') in line
    return line


def letter(folder: Path, number: int, header: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{number}.xml").write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>'
        f"{header.format(number=number)}</fileDesc><profileDesc><correspDesc key='{number}'/></profileDesc></teiHeader></TEI>",
        encoding="utf-8",
    )


OWN = '<titleStmt><title level="a">Letter {number}</title>'
SERIES = "<seriesStmt><title type='genre'>Letters</title><title>Papers</title></seriesStmt>"
EDITION = "<editionStmt><edition>Edition of all papers</edition></editionStmt>"


@pytest.mark.parametrize(
    ("header", "title", "where"),
    [
        (f'{OWN}<title level="s">"P" Papers</title></titleStmt>', r"\"P\" Papers", 'titleStmt/title[@level="s"]'),
        (f"{OWN}</titleStmt>{SERIES}", "Papers", "seriesStmt/title"),
        (f"{OWN}<title>Papers</title></titleStmt>", "Papers", "titleStmt/title"),
        (f"{OWN}</titleStmt>{EDITION}", "Edition of all papers", "editionStmt/edition"),
    ],
)
def test_the_title_is_what_files_agree_on(tmp_path: Path, header: str, title: str, where: str) -> None:
    folder = tmp_path / "some-papers_1936"
    for number in range(3):
        letter(folder, number, header)
    letter(folder, 4, "<titleStmt><title level='s'>Another</title></titleStmt>")
    assert titled(folder) == f'title = {{ en = "{title}" }}  # {where} of 3 of 4 files with letters'


def test_without_a_common_title_it_is_the_folders_name(tmp_path: Path) -> None:
    folder = tmp_path / "some-papers_1936"
    for number in range(2):
        letter(folder, number, OWN + "</titleStmt><editionStmt><edition>Version 2</edition></editionStmt>")
    assert titled(folder).startswith('title = { en = "Some papers 1936" }  # the folder\'s name: ')


def test_one_file_says_its_title(tmp_path: Path) -> None:
    letter(tmp_path, 1, "<titleStmt><title>Letters of Anna</title></titleStmt>")
    assert titled(tmp_path) == 'title = { en = "Letters of Anna" }  # titleStmt/title of 1.xml'


TITLES = {
    "tei/amp": "Auden Musulin Papers: ",
    "tei/pec": "Correspondence of Paul d'Estournelles de Constant",
    "tei/schnitzler-briefe": "Arthur Schnitzler: Briefwechsel mit Autorinnen und Autoren",
    "tei/tillich": "Edition der Korrespondenz von Paul Tillich 1887-1933",
}


@pytest.mark.parametrize("name", TITLES)
def test_real_editions_are_called_what_they_are(name: str) -> None:
    folder = shared(f"corpora/{name}")
    assert f'"{TITLES[name]}' in new.toml(folder, new.look(folder))
