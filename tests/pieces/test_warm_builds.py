"""What is kept of pieces from build to build changes nothing but the time."""

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pytest

from lod import build, config, readers, withdrawn
from lod.build import dump_file
from lod.cache import Cache
from lod.config import Edition
from lod.dumps import spooled
from lod.iris import Iris
from lod.mapping.blocks import Lines, Spooled
from lod.mapping.context import Context
from lod.mapping.watched import Watched
from lod.parallel import Crew
from lod.pieces import job, whole
from lod.pieces.examination import examine_pieces
from lod.pieces.piece import Work
from lod.readers import Corpus
from lod.report import Report
from lod.spool import Chunk
from tests.conftest import ROOT
from tests.pieces.test_pieces import SHIPPED, faulty, rechunked, silent
from tests.readers.test_passes import ALL, Files, edit, lay, made

Outcome = tuple[list[tuple[str, str]], str, int]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of very few letters, so that there are many."""
    monkeypatch.setattr(whole, "LETTERS", 4)
    monkeypatch.setattr(whole, "TRIPLES", 150)
    monkeypatch.setattr(whole, "SAMPLE", 3)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The letters' pieces that are done, not remembered: the keys of their first letters."""
    keys: list[str] = []
    real = job.do_letters

    def noted(file: Path, cache: Cache | None, work: Work) -> object:
        keys.append(work.letters[0].load()[0].key)
        return real(file, cache, work)

    monkeypatch.setattr(whole, "do_letters", noted)
    return keys


def outcome(corpus: Corpus, report: Report, cache: Cache | None) -> Outcome:
    """All that mapping and checking comes to."""
    gone = withdrawn.read(corpus.edition.folder, corpus.edition.base)
    replaced = withdrawn.replaced(gone.values(), Iris(corpus.edition.base))
    blocks = examine_pieces(corpus, replaced, report, Crew(1), silent, cache)
    return list(blocks.lines()), report.to_json(), blocks.triples


def examined(folder: Path, cache: Cache | None) -> Outcome:
    report = Report()
    return outcome(readers.read(config.load(folder), report, cache=cache), report, cache)


def edited(files: Files, rng: random.Random, folder: Path) -> None:
    """One thing that an editor may do to a file, or to the edition's own files."""
    kind = rng.choice(("file", "file", "file", "withdrawn", "settings"))
    if kind == "file":
        edit(files, rng)
    lay(folder, files)
    if kind == "withdrawn":
        row = f"letter/{rng.randrange(12)}\t2026-11-23\tdouble\tletter/{rng.randrange(12)}\n"
        (folder / "withdrawn.tsv").write_text("path\tdate\treason\treplaced_by\n" + row, encoding="utf-8")
    if kind == "settings":
        toml = (folder / "edition.toml").read_text(encoding="utf-8")
        (folder / "edition.toml").write_text(toml.replace("publicdomain/zero", "publicdomain/mark"), encoding="utf-8")


@pytest.mark.parametrize("seed", range(2))
def test_a_warm_build_says_what_a_cold_one_says(seed: int, tmp_path: Path, done: list[str]) -> None:
    rng = random.Random(seed)
    files, folder, cache = {name: made(name, rng) for name in ALL}, tmp_path / "edition", Cache(tmp_path / "cache")
    lay(folder, files)
    kept = 0
    for _ in range(7):
        cold = examined(folder, None)
        everything = len(done)
        done.clear()
        assert examined(folder, cache) == cold
        kept += everything - len(done)
        done.clear()
        edited(files, rng, folder)
    assert kept > 7


@pytest.fixture
def shipped() -> Corpus:
    """Some letters of the shipped edition, with links between pieces and to nothing."""
    corpus = readers.read(config.load(SHIPPED), Report())
    return rechunked(corpus, faulty(list(corpus.records.letters)[:30]), 8)


def without_book(corpus: Corpus) -> Corpus:
    """The same without a printed edition: no piece knows what letters of others are called."""
    return replace(corpus, edition=replace(corpus.edition, printed=""))


@pytest.mark.parametrize("printed", [True, False])
def test_what_pieces_ask_of_each_other_is_kept_with_them(
    printed: bool, shipped: Corpus, tmp_path: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "LETTERS", 8)
    monkeypatch.setattr(whole, "TRIPLES", 5000)
    corpus, cache = shipped if printed else without_book(shipped), Cache(tmp_path)
    cold = outcome(corpus, Report(), cache)
    done.clear()
    assert outcome(corpus, Report(), cache) == cold
    assert done == []
    letters = list(corpus.records.letters)
    fewer = rechunked(corpus, [letters[0], *letters[2:-1]], 8)
    assert outcome(fewer, Report(), cache) == outcome(fewer, Report(), None)


TEI = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc>{}</profileDesc></teiHeader></TEI>'
REGISTER = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><standOff><listPerson><person xml:id="ann"><persName>{}</persName></person>'
    '<person xml:id="bob"><persName>Bob</persName></person></listPerson></standOff></TEI>'
)


def simple(folder: Path, name: str = "Ann", day: str = "1901-02-03") -> Path:
    """Four files with four letters each: Ann writes those of the first two, Bob all others."""
    folder.mkdir(exist_ok=True)
    shutil.copy(lay(folder / "any", {}) / "edition.toml", folder)
    for file in range(4):
        sender = "ann" if file < 2 else "bob"
        letters = "".join(
            f'<correspDesc key="{file}{number}"><correspAction type="sent"><persName ref="#{sender}">x</persName>'
            f'<date when="{day if (file, number) == (3, 1) else "1900-01-01"}"/></correspAction></correspDesc>'
            for number in range(4)
        )
        (folder / f"letters{file}.xml").write_text(TEI.format(letters), encoding="utf-8")
    (folder / "registers.xml").write_text(REGISTER.format(name), encoding="utf-8")
    for missing in ("texts/one.xml", "rows.csv"):
        (folder / missing).parent.mkdir(exist_ok=True)
    (folder / "edition.toml").write_text(
        (folder / "edition.toml")
        .read_text(encoding="utf-8")
        .replace('[[source]]\nfiles = "texts/*.xml"\nformat = "tei"\n', "")
        .replace('[[source]]\nfile = "rows.csv"\nformat = "table"\n', ""),
        encoding="utf-8",
    )
    return folder


def test_a_changed_letter_has_its_own_piece_done_again(tmp_path: Path, done: list[str]) -> None:
    folder, cache = tmp_path / "edition", Cache(tmp_path / "cache")
    examined(simple(folder), cache)
    assert done == ["00", "10", "20", "30"]
    done.clear()
    examined(simple(folder), cache)
    assert done == []
    warm = examined(simple(folder, day="1902-03-04"), cache)
    assert done == ["30"]
    assert warm == examined(folder, None)


def test_a_changed_label_has_those_done_again_that_tell_it(tmp_path: Path, done: list[str]) -> None:
    folder, cache = tmp_path / "edition", Cache(tmp_path / "cache")
    examined(simple(folder), cache)
    done.clear()
    warm = examined(simple(folder, name="Anna"), cache)
    assert done == ["00", "10"]
    assert warm == examined(folder, None)


def test_dumps_and_all_beside_them_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: list[str]
) -> None:
    monkeypatch.setattr(build, "LARGE", 0)
    monkeypatch.setattr(build, "processors", lambda: 1)
    folder, cache = simple(tmp_path / "edition"), Cache(tmp_path / "cache")
    build.build(folder, tmp_path / "first", ("ttl", "nt"), cache=cache)
    simple(folder, name="Anna", day="1903")
    done.clear()
    texts: list[str] = []
    real = spooled._made

    def noted(base: str, kept: Cache | None, work: tuple[Chunk[Lines], str]) -> bytes:
        texts.append(work[1])
        return real(base, kept, work)

    monkeypatch.setattr(spooled, "_made", noted)
    warm = build.build(folder, tmp_path / "warm", ("ttl", "nt"), cache=cache)
    assert isinstance(warm.blocks, Spooled)
    assert 0 < len(texts) < len(warm.blocks.chunks)
    assert done == ["00", "10", "30"]
    cold = build.build(folder, tmp_path / "cold", ("ttl", "nt"))
    files = sorted(file.relative_to(tmp_path / "cold") for file in (tmp_path / "cold").rglob("*") if file.is_file())
    assert len(files) > 4
    for file in files:
        assert (tmp_path / "cold" / file).read_bytes() == (tmp_path / "warm" / file).read_bytes(), file
    assert list(warm.blocks) == list(cold.blocks)


def test_damage_to_what_is_kept_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LARGE", 0)
    monkeypatch.setattr(build, "processors", lambda: 1)
    folder, cache = simple(tmp_path / "edition"), Cache(tmp_path / "cache")
    build.build(folder, tmp_path / "out", cache=cache)
    dump = dump_file(tmp_path / "out", config.load(folder).id)
    first = dump.read_bytes()
    for number, file in enumerate(sorted(cache.folder.iterdir())):
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data if number % 3 else b"" if number % 2 else data[:40])
    build.build(folder, tmp_path / "out", cache=cache)
    assert dump.read_bytes() == first


def test_several_at_once_share_a_cache_that_is_too_small(tmp_path: Path) -> None:
    folder, cache = simple(tmp_path / "edition"), Cache(tmp_path / "cache", limit=20_000)
    cold = examined(folder, None)
    with ThreadPoolExecutor(3) as threads:
        for warm in threads.map(lambda _: examined(folder, cache), range(6)):
            assert warm == cold


def test_all_of_a_context_is_watched_or_fixed() -> None:
    """A field that is neither would change what letters become without anybody noticing."""
    edition = config.load(ROOT / "tests" / "sample" / "edition")
    context = Context(edition, ())
    piece, watched = context.watched()
    assert {name for name, value in vars(piece).items() if isinstance(value, Watched)} == watched.keys()
    fixed = {"edition", "replaced", "printed"}
    from_fixed = {"iris", "language"}
    own = {"used", "sources", "_provenance"}
    assert vars(piece).keys() == {*watched, *fixed, *from_fixed, *own}
    assert piece.sources == ()
    assert piece.used is not context.used
    assert piece._provenance is not context._provenance
    left_out = {"folder", "elsewhere", "sources"}
    for field in fields(Edition):
        if field.name not in left_out:
            assert getattr(piece.edition, field.name) == getattr(edition, field.name)
            assert repr(getattr(edition, field.name)) in context.fixed()
    assert str(edition.folder) not in context.fixed()
    assert len(context.printed.told()) == len(vars(context.printed))
    with pytest.raises(TypeError, match="single things"):
        list(piece.labels)
