"""What is held does not grow with the letters of an edition: measured in bytes, never by a clock."""

import gc
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest
from openpyxl import Workbook

from lod import check, config, mapping, readers, report
from lod.build import Built
from lod.check import engine
from lod.check.nodes import Nodes
from lod.check.rules import Rules
from lod.check.surroundings import Surroundings
from lod.check.where import Whereabouts
from lod.config import SourceFile
from lod.errors import SourceError
from lod.iris import Iris, slug
from lod.readers import cells
from lod.readers.keys import Keys
from lod.readers.sayings import Said, Sayings
from lod.report import Report, Source
from tests.readers.test_identities import TOML

LETTER = (
    '<correspDesc key="a{0}" ref="https://example.org/{0}"><correspAction type="sent"><persName>Ash</persName>'
    '<date when="19{1:02}-01-01"/></correspAction></correspDesc>\n'
)
HEAD = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc>\n'
TAIL = "</profileDesc></teiHeader></TEI>"


@pytest.fixture
def measuring() -> Iterator[None]:
    """Memory is counted."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


def peak(work: Callable[[], object]) -> int:
    """The most bytes that Python's objects take while something is done."""
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    work()
    return tracemalloc.get_traced_memory()[1] - before


def held(letters: int, folder: Path) -> int:
    """Bytes that an edition of so many letters, read, takes."""
    folder.mkdir()
    (folder / "edition.toml").write_text(TOML.replace('file = "letters.xml"', 'files = "l*.xml"'), encoding="utf-8")
    for first in range(0, letters, 500):
        some = "".join(LETTER.format(number, number % 90) for number in range(first, first + 500))
        (folder / f"l{first:05}.xml").write_text(HEAD + some + TAIL, encoding="utf-8")
    edition = config.load(folder)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    corpus = readers.read(edition, Report())
    gc.collect()
    assert len(corpus.records.letters) == letters
    assert corpus.told["letter/a0"] == Source("l00000.xml", 2)
    return tracemalloc.get_traced_memory()[0] - before


@pytest.mark.usefixtures("measuring")
def test_a_letter_that_was_read_takes_a_few_bytes(tmp_path: Path) -> None:
    held(2_500, tmp_path / "warm")
    few, many = held(2_500, tmp_path / "few"), held(5_000, tmp_path / "many")
    assert (many - few) / 2_500 < 150


@pytest.mark.usefixtures("measuring")
def test_a_letter_without_key_takes_a_few_bytes_once_it_has_one(tmp_path: Path) -> None:
    (tmp_path / "edition.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "letters.xml").write_text(HEAD + TAIL, encoding="utf-8")
    edition = config.load(tmp_path)

    def named(count: int) -> int:
        letters = Sayings()
        for number in range(count):
            content = f"sent | 1900-01-01 | somebody of whom much is told, {number} | received | somebody else"
            letters.append(Said(number + 1, "", "", "", f"{number:08x}", content))
        letters.put_away(tmp_path / f"said-{count}")
        gc.collect()
        before, keys = tracemalloc.get_traced_memory()[0], Keys()
        keys.propose(edition.sources[0], letters)
        keys.settle(edition, Report())
        slug.cache_clear()
        gc.collect()
        assert len(keys) == count
        assert sum(1 for _ in keys.made()) == count
        return tracemalloc.get_traced_memory()[0] - before

    named(500)
    assert (named(6_000) - named(1_000)) / 5_000 < 150


@pytest.mark.usefixtures("measuring")
def test_a_finding_takes_little(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(count: int) -> int:
        gc.collect()
        before, found = tracemalloc.get_traced_memory()[0], Report()
        for number in range(count):
            found.note("odd", f"'{number}' is odd in many words of which each costs memory", Source("a.xml", number))
        return tracemalloc.get_traced_memory()[0] - before

    monkeypatch.setattr(report, "_HELD", 500)
    told(500)
    assert (told(6_000) - told(1_000)) / 5_000 < 150


@pytest.mark.usefixtures("measuring")
def test_rows_are_read_one_by_one(tmp_path: Path) -> None:
    row = ",".join(f"a word or two {number}" for number in range(8)) + "\n"
    file = tmp_path / "rows.csv"
    file.write_text("a,b,c,d,e,f,g,h\n" + row * 20_000, encoding="utf-8")

    def read() -> None:
        with file.open("rb") as stream:
            assert sum(1 for _ in cells.rows(stream, SourceFile("rows.csv", "table"))) == 20_000

    assert peak(read) < file.stat().st_size / 10


@pytest.mark.usefixtures("measuring")
def test_a_workbook_is_read_row_by_row(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["a", "b"])
    for number in range(3_000):
        sheet.append([number, number / 7])
    book.save(tmp_path / "rows.xlsx")

    def read(rows: int) -> None:
        with (tmp_path / "rows.xlsx").open("rb") as stream:
            found = cells.rows(stream, SourceFile("rows.xlsx", "table"))
            assert next(found).line == 2
            assert sum(1 for _ in zip(range(rows), found, strict=False)) == rows

    read(1)
    first = peak(lambda: read(1))
    assert peak(lambda: read(2_999)) < 2 * first


def test_rows_before_a_fault_do_not_hide_it(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_bytes(b"a,b\n1,2\n3,\xff\n")
    with (tmp_path / "rows.csv").open("rb") as stream, pytest.raises(SourceError, match="UTF-8") as told:
        next(cells.rows(stream, SourceFile("rows.csv", "table")))
    assert told.value.line == 3


def test_a_report_is_written_finding_by_finding() -> None:
    report = Report()
    assert json.loads(report.to_json())["findings"] == []
    for number in range(50):
        report.note("odd", f'line\n"{number}" {{\n  ä', Source("letters.xml", number), hint="look")
    pieces = list(report.json_pieces())
    assert max(map(len, pieces)) < 300
    assert "".join(pieces) == json.dumps(json.loads("".join(pieces)), ensure_ascii=False, indent=2)
    assert list(Report.from_json("".join(pieces))) == list(report)


def test_shapes_are_given_a_few_triples_at_a_time(shipped: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    findings = engine.Engine.findings

    def watched(self: engine.Engine, data: str, *rest: object) -> object:
        given.append(data.count("\n"))
        return findings(self, data, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine.Engine, "findings", watched)
    rules, nodes = Rules.load(check.HOUSE), Nodes()
    blocks = [said for _, said in shipped.blocks]
    nodes.take(chain.from_iterable(blocks))
    where = Whereabouts({}, Iris(shipped.corpus.edition.base), (), Source(""))
    assert not list(rules.shapes(blocks, Surroundings(rules.questions, nodes), where))
    assert sum(given) >= sum(map(len, blocks))
    assert max(given) < 4 * 2_500 + max(map(len, blocks))


def test_who_speaks_is_known_without_the_letters(shipped: Built) -> None:
    edition, records = shipped.corpus.edition, shipped.corpus.records
    whole = mapping.prepare(edition, tuple(records), ())
    lean = mapping.prepare(edition, records.others, (), None, iter(records.letters))
    assert lean.printed.told() == whole.printed.told()
    assert not any(path.startswith("letter/") for path in lean.labels)


def test_processes_that_read_and_map_load_no_more_than_they_need() -> None:
    needless = {"numpy", "fastapi", "openpyxl", "pyshacl", "rich", "lod.store", "lod.web"}
    code = f"import sys, lod.build, lod.pieces.job, lod.readers.telling; print({needless!r} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
