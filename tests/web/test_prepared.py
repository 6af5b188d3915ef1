"""What a build leaves for servers is the same whether one process makes it or two."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from lod.parallel import Crew
from lod.store import documents
from lod.web import prepared
from tests.conftest import ROOT

BASE = "https://example.org/harbour/"


def made(folder: Path, processes: int) -> dict[str, list[str]]:
    folder.mkdir()
    dump = Path(shutil.copy(ROOT / "tests" / "web" / "sample.ttl", folder / "harbour.ttl"))
    with Crew(processes) as crew:
        prepared.prepare(dump, BASE, crew)
    files = [file for file in folder.iterdir() if file != dump]
    return {file.name: [*sqlite3.connect(file).iterdump()] for file in files}


def test_one_process_or_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_LARGE", 0)
    one, two = made(tmp_path / "one", 1), made(tmp_path / "two", 2)
    assert set(one) == {"harbour.index.sqlite", "harbour.search.sqlite"}
    assert one == two


def test_documents_are_gone_through_without_sorting_them(tmp_path: Path) -> None:
    made(tmp_path / "dump", 1)
    connection = sqlite3.connect(tmp_path / "dump" / "harbour.index.sqlite")
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {documents._ALL}", (0, 1))]
    assert plan and not [step for step in plan if "TEMP" in step]
