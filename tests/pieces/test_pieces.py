"""An edition in pieces is the edition at once: the same blocks, the same findings, the same bytes."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lod import build, config, dumps, readers, withdrawn
from lod.build import Built, examine
from lod.iris import Iris
from lod.mapping.blocks import Spooled, lines
from lod.model import Claim, Letter, Link, Standing
from lod.parallel import Crew
from lod.pieces import whole
from lod.pieces.examination import examine_pieces
from lod.readers import Corpus
from lod.report import Report
from lod.spool import Section, Spool
from tests.conftest import ROOT
from tests.store.plain import said_in

SHIPPED = ROOT / "corpus" / "serge-trotsky"
SAMPLE = ROOT / "tests" / "sample" / "edition"


def silent(_: str) -> None:
    return None


def in_pieces(corpus: Corpus, report: Report, processes: int = 1) -> Spooled:
    with Crew(processes) as crew:
        gone = withdrawn.read(corpus.edition.folder, corpus.edition.base)
        replaced = withdrawn.replaced(gone.values(), Iris(corpus.edition.base))
        return examine_pieces(corpus, replaced, report, crew, silent)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few letters, so that there are many."""
    monkeypatch.setattr(whole, "LETTERS", 7)
    monkeypatch.setattr(whole, "TRIPLES", 2000)
    monkeypatch.setattr(whole, "SAMPLE", 3)


def rechunked(corpus: Corpus, letters: list[Letter], size: int = 7) -> Corpus:
    """A corpus with other letters, in chunks of so many."""
    section: Section[Letter] = Spool().section("letters")
    for first in range(0, len(letters), size):
        section.append(letters[first : first + size])
    places = [min(place, len(letters)) for place in corpus.records._places]
    return replace(corpus, records=type(corpus.records)(section, corpus.records.others, places))


def at_once(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Built:
    """What the main path makes of a corpus that is read already."""
    with monkeypatch.context() as patch:
        patch.setattr(readers, "read", lambda *_, **__: corpus)
        patch.setattr(config, "load", lambda _: corpus.edition)
        return examine(corpus.edition.folder)


def faulty(letters: list[Letter]) -> list[Letter]:
    """Letters with the faults that only the neighbours can tell: links to letters of other pieces and to nothing."""
    first, last = letters[0], letters[-1]
    there, nowhere = Link(last.path, kind="reply-to"), Link("letter/nowhere", kind="reply-to")
    doubtful = replace(Link(last.path), claim=Claim(Standing.UNCERTAIN))
    return [
        replace(first, context=(there, nowhere), mentions=(doubtful, Link("letter/lost"), Link(letters[9].path))),
        replace(letters[1], sent=replace(letters[1].sent, agents=(Link("person/nobody"),))),
        *letters[2:-1],
        replace(last, context=(Link(first.path, kind="encloses"),), languages=("und",), kind="Brief!"),
    ]


def test_blocks_findings_and_bytes_are_those_of_the_whole(few: None, tmp_path: Path) -> None:
    built, report = examine(SAMPLE), Report()
    blocks = in_pieces(
        rechunked(corpus := readers.read(config.load(SAMPLE), report), list(corpus.records.letters)), report
    )
    assert list(blocks.lines()) == [lines(block) for block in built.blocks]
    assert list(blocks) == [(path, list(dict.fromkeys(said))) for path, said in built.blocks]
    assert (blocks.triples, blocks.things) == (built.triples, built.things)
    assert len(blocks) == len(built.blocks)
    assert report.to_json() == built.report.to_json()
    with Crew(1) as crew:
        for form in dumps.DUMPS:
            for name, source in (("whole", built.blocks), ("pieces", blocks)):
                dumps.write_blocks(source, corpus.edition.base, tmp_path / name, form, crew)
            assert (tmp_path / "whole").read_bytes() == (tmp_path / "pieces").read_bytes()


def test_faults_between_pieces_are_told_as_in_the_whole(few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = readers.read(config.load(SHIPPED), Report())
    corpus = rechunked(corpus, faulty(list(corpus.records.letters)))
    built, report = at_once(corpus, monkeypatch), Report()
    blocks = in_pieces(corpus, report, 2)
    assert list(blocks.lines()) == [lines(block) for block in built.blocks]
    assert report.to_json() == built.report.to_json()
    codes = {finding.code for finding in report}
    assert {"link-dangling", "shape-class", "coverage-mention-unresolved"} <= codes


def test_an_edition_without_a_printed_one_asks_for_labels_of_letters(
    few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There, no piece knows what a letter of another piece is called until it asks."""
    corpus = readers.read(config.load(SHIPPED), Report())
    corpus = rechunked(
        replace(corpus, edition=replace(corpus.edition, printed="")), faulty(list(corpus.records.letters))
    )
    built, report = at_once(corpus, monkeypatch), Report()
    blocks = in_pieces(corpus, report)
    assert list(blocks.lines()) == [lines(block) for block in built.blocks]
    assert report.to_json() == built.report.to_json()


def test_the_main_path_takes_pieces_when_letters_are_many(
    few: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "edition"
    shutil.copytree(SAMPLE, folder)
    small = build.build(folder, tmp_path / "small", ("ttl", "nt"))
    monkeypatch.setattr(build, "LARGE", 0)
    large = build.build(folder, tmp_path / "large", ("ttl", "nt"))
    assert isinstance(large.blocks, Spooled)
    assert not isinstance(small.blocks, Spooled)
    files = sorted(file.relative_to(tmp_path / "small") for file in (tmp_path / "small").rglob("*") if file.is_file())
    assert len(files) > 4
    for file in files:
        one, other = tmp_path / "small" / file, tmp_path / "large" / file
        if file.name.endswith(".index.sqlite"):  # it tells of what pieces it was made, and else the same
            assert said_in(one) == said_in(other)
        else:
            assert one.read_bytes() == other.read_bytes(), file
