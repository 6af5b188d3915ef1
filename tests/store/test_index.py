"""The index beside a dump: it says what the dump says, it is made when it must be, and nothing that lies there fools it."""

import multiprocessing
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from lod.errors import StoreError
from lod.store import index
from lod.store.documents import Documents
from lod.store.index import Fill, Index
from lod.store.joined import cut, of_lines
from lod.terms import n_triples
from tests.conftest import ROOT
from tests.store.plain import Plain, triples

SAMPLE = ROOT / "tests" / "web" / "sample.ttl"
BASE = "https://example.org/harbour/"
SHIPPED = ROOT / "dumps" / "serge-trotsky" / "serge-trotsky.ttl"
SHIPPED_BASE = "https://w3id.org/serge-trotsky/"


def filling(base: str) -> Fill:
    def fill(made: Index, last: Index | None, lines: Iterable[str]) -> None:
        cut(lines, base, made)
        made.tell("further", "yes")

    return fill


def opened(dump: Path, made_by: str = "this code", base: str = BASE) -> Index:
    return index.opened(dump, base, dump.with_suffix(".index.sqlite"), made_by, filling(base))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path / "harbour.ttl"))


@pytest.mark.parametrize(("file", "base"), [(SHIPPED, SHIPPED_BASE), (SAMPLE, BASE)], ids=["shipped", "sample"])
@pytest.mark.parametrize("scattered", [False, True], ids=["as written", "sorted"])
def test_documents_are_those_of_a_plain_pass(file: Path, base: str, scattered: bool) -> None:
    said = triples(file)
    if scattered:  # statements of one document then lie apart
        said.sort()
    plain, documents = Plain(said, base), Documents(said, base)
    assert list(documents.paths()) == list(documents.each()) == list(plain.own)
    assert (documents.triples, len(documents)) == (len(said), len(plain.own))
    assert documents.below("source/") == [path for path in plain.own if path.startswith("source/")]
    for kind in plain.counts():
        assert documents.first(kind) == documents.keys(kind)[0]
    assert documents.counts() == plain.counts() and documents.namespaces() == plain.namespaces()
    for path, own in plain.own.items():
        assert path in documents
        assert documents.own(path) == own, path
        assert documents.document(path) == plain.document(path), path
        assert documents.incoming(path) == plain.incoming.get(path, []), path
        assert documents.links(path) == len(plain.incoming.get(path, ())), path
    for term, described in plain.described.items():
        path = documents.iris.path(term)
        assert documents.describes(path)
        assert {*documents.types(term), *documents.labels(term)} == {node for _, _, node in described}, path


def test_a_file_says_what_the_dump_says_letter_by_letter(tmp_path: Path) -> None:
    texts = (r"\\ \" \n \r \t", "\u2028 \u0085 \u000b \u007f é 𝄞", "a\\u000Ab", "<not> _:an address .", "")
    lines = [f'<{BASE}letter/1> <{BASE}p{n}> "{text}"@en .' for n, text in enumerate(texts)]
    file = tmp_path / "odd.nt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    assert Documents(opened(file), BASE).own("letter/1") == triples(file)


def test_an_index_is_made_once(dump: Path) -> None:
    assert opened(dump).told("further") == "yes"
    file = dump.with_suffix(".index.sqlite")
    made = file.stat()
    assert opened(dump).told("triples") == len(triples(SAMPLE))
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (made.st_ino, dump.stat().st_mtime_ns)
    assert sorted(each.name for each in dump.parent.iterdir()) == ["harbour.index.sqlite", "harbour.ttl"]


def test_a_dump_that_was_only_copied_keeps_its_index(dump: Path) -> None:
    opened(dump)
    inode = dump.with_suffix(".index.sqlite").stat().st_ino
    os.utime(dump, ns=(1, 1))
    opened(dump)
    assert dump.with_suffix(".index.sqlite").stat().st_ino == inode
    assert dump.with_suffix(".index.sqlite").stat().st_mtime_ns == 1, "next time no checksum is needed"


def _changed(dump: Path) -> None:
    text = dump.read_text(encoding="utf-8")
    dump.write_text(text.replace("Berg", "Bjrg"), encoding="utf-8")


def _longer(dump: Path) -> None:
    dump.write_text(dump.read_text(encoding="utf-8") + f'<{BASE}letter/99> <{BASE}p> "new" .\n', encoding="utf-8")


def _index(dump: Path) -> Path:
    return dump.with_suffix(".index.sqlite")


def _cut_short(dump: Path) -> None:
    os.truncate(_index(dump), _index(dump).stat().st_size // 2)


def _somebody_elses(dump: Path) -> None:
    _index(dump).unlink()
    with sqlite3.connect(_index(dump)) as connection:
        connection.execute("CREATE TABLE told(name, value)")


def _another_time(file: Path, dump: Path) -> None:
    os.utime(file, ns=(dump.stat().st_atime_ns, dump.stat().st_mtime_ns))


@pytest.mark.parametrize(
    "spoil",
    [
        _changed,
        _longer,
        _cut_short,
        _somebody_elses,
        lambda dump: _index(dump).unlink(),
        lambda dump: _index(dump).write_bytes(b""),
        lambda dump: _index(dump).write_bytes(b"SQLite format 3\0" * 1000),
        lambda dump: _index(dump).write_text("something else", encoding="utf-8"),
    ],
    ids=["changed", "longer", "cut", "foreign", "missing", "empty", "garbage", "text"],
)
def test_an_index_that_does_not_fit_is_made_again(dump: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    opened(dump)
    spoil(dump)
    if _index(dump).exists() and spoil not in (_changed, _longer):
        _another_time(_index(dump), dump)
    documents = Documents(opened(dump), BASE)
    plain = Plain(triples(dump), BASE)
    assert documents.index.told("further") == "yes"
    assert all(documents.own(path) == own for path, own in plain.own.items())
    assert _index(dump).stat().st_mtime_ns == dump.stat().st_mtime_ns


def test_other_code_and_another_base_make_their_own(dump: Path) -> None:
    first = opened(dump)
    second = opened(dump, "other code")
    assert second.told("made by") == "other code"
    third = opened(dump, base="https://example.org/")
    assert third.told("base") == "https://example.org/"
    # What is open stays as it was: a server changes over while it answers from the old one.
    assert first.told("made by") == "this code" and len(Documents(first, BASE)) == len(Plain(triples(dump), BASE).own)


def test_an_index_of_another_dump_is_not_taken(dump: Path) -> None:
    opened(dump)
    other = dump.with_name("other.ttl")
    text = dump.read_text(encoding="utf-8")
    other.write_text(text.replace("Berg", "Bjrg"), encoding="utf-8")
    shutil.copy(_index(dump), _index(other))
    assert other.stat().st_size == dump.stat().st_size
    documents = Documents(opened(other), BASE)
    assert any("Bjrg" in node for _, _, node in documents.own("person/berg"))


def _open(dump: Path, ready, answers) -> None:  # type: ignore[no-untyped-def]
    ready.wait()
    opened(dump)
    answers.put(_index(dump).stat().st_ino)


def test_two_who_start_at_once_make_one(tmp_path: Path) -> None:
    dump = Path(shutil.copy(SHIPPED, tmp_path / "harbour.ttl"))
    context = multiprocessing.get_context("fork")
    ready, answers = context.Event(), context.Queue()
    some = [context.Process(target=_open, args=(dump, ready, answers)) for _ in range(2)]
    for each in some:
        each.start()
    ready.set()
    assert answers.get(timeout=60) == answers.get(timeout=60), "the second opened what the first had made"
    for each in some:
        each.join(10)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["harbour.index.sqlite", "harbour.ttl"]


def test_a_dump_that_is_replaced_while_its_index_is_made_has_its_own(dump: Path) -> None:
    """A server changes over to a new dump while the index of the last one is still being made, by a thread of its own."""
    begun, go_on = threading.Event(), threading.Event()

    def late(made: Index, last: Index | None, lines: Iterable[str]) -> None:
        begun.set()
        assert go_on.wait(60)
        cut(lines, BASE, made)

    def replaced(made: Index, last: Index | None, lines: Iterable[str]) -> None:
        cut(lines, BASE, made)
        if not begun.is_set():
            newer = Path(shutil.copy(dump, dump.with_name("newer")))
            _longer(newer)
            newer.replace(dump)
            thread.start()
            assert begun.wait(60)

    thread = threading.Thread(target=index.opened, args=(dump, BASE, _index(dump), "this code", late))
    old = Documents(index.opened(dump, BASE, _index(dump), "this code", replaced), BASE)
    assert "letter/1" in old and "letter/99" not in old
    go_on.set()
    thread.join(60)
    assert "letter/99" in Documents(index.read(_index(dump)), BASE)
    assert sorted(each.name for each in dump.parent.iterdir()) == ["harbour.index.sqlite", "harbour.ttl"]


def test_what_somebody_left_unfinished_is_cleared_away(dump: Path) -> None:
    left = dump.with_name(".harbour.index.sqlite.4242")
    left.write_bytes(b"half")
    opened(dump)
    assert not left.exists()


@pytest.mark.parametrize("stale", [False, True])
def test_a_folder_that_cannot_be_written_is_served(dump: Path, stale: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if stale:
        opened(dump, "old code")
    connect = sqlite3.connect

    def refused(place: str | Path, **options: object) -> sqlite3.Connection:
        # Root may write anywhere, so the file system's answer is given here.
        if Path(str(place)).parent == dump.parent:
            raise sqlite3.OperationalError("unable to open database file")
        found: sqlite3.Connection = connect(place, **options)  # type: ignore[call-overload]
        return found

    monkeypatch.setattr(sqlite3, "connect", refused)
    before = sorted(dump.parent.iterdir())
    documents = Documents(opened(dump), BASE)
    assert documents.own("letter/1") == Plain(triples(dump), BASE).own["letter/1"]
    assert documents.index.told("further") == "yes"
    assert sorted(dump.parent.iterdir()) == before


def test_a_dump_that_is_none_leaves_nothing_behind(dump: Path) -> None:
    dump.write_text(f"<{BASE}letter/1> <{BASE}p> [] .", encoding="utf-8")
    with pytest.raises(StoreError, match=r"harbour\.ttl: a blank node"):
        opened(dump)
    assert [each.name for each in dump.parent.iterdir()] == ["harbour.ttl"]


def test_lines_and_triples_are_the_same_thing() -> None:
    said = triples(SAMPLE)
    assert of_lines(map(n_triples, said), BASE).told("triples") == len(said)
