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
