"""What a build leaves for servers is the same however it comes about: from a dump alone, from pieces, by one process or two,
with what the last index has or anew."""

import random
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from lod.dumps import turtle
from lod.errors import StoreError
from lod.mapping.blocks import Block, Lines, lines
from lod.parallel import Crew
from lod.spool import Chunk
from lod.store import documents
from lod.store.cut import documents_of
from lod.terms import Iri, Literal, Triple, n_triples
from lod.vocab import rdfs
from lod.web import prepared, shares, tables
from tests.conftest import ROOT
from tests.store.plain import said_in, triples

BASE = "https://example.org/harbour/"
SAMPLE = ROOT / "tests" / "web" / "sample.ttl"
FILES = ("harbour.index.sqlite", "harbour.search.sqlite")
Outcome = list[list[str]]


def outcome(folder: Path) -> Outcome:
    return [said_in(folder / name) for name in FILES]


def blocks_of(dump: Path) -> list[Block]:
    return list(documents_of("".join(map(n_triples, triples(dump))), BASE))


def laid(folder: Path, blocks: Iterable[Block]) -> Path:
    """A dump of some blocks."""
    folder.mkdir(exist_ok=True)
    dump = folder / "harbour.ttl"
    dump.write_text("".join(turtle.write((said for _, said in blocks), BASE)), encoding="utf-8")
    return dump


def cut_up(folder: Path, blocks: Sequence[Block], most: int) -> list[Chunk[Lines]]:
    """The same blocks as a build has them: a few at a time, their triples in another order than a dump's."""
    file = folder / "blocks"
    file.unlink(missing_ok=True)
    spread = [(path, sorted(said, key=lambda triple: triple[0] != said[0][0])) for path, said in blocks]
    ends = [*range(0, len(spread), most), len(spread)]
    return [Chunk.write(file, map(lines, spread[begin:end])) for begin, end in pairwise(ends)]


def cold(folder: Path, blocks: Sequence[Block]) -> Outcome:
    """What comes of the dump alone."""
    dump = laid(folder, blocks)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    with Crew(1) as crew:
        prepared.prepare(dump, BASE, crew)
    return outcome(folder)


def warm(folder: Path, blocks: Sequence[Block], most: int, processes: int = 1) -> Outcome:
    """What comes of pieces and of what lies there."""
    dump = laid(folder, blocks)
    with Crew(processes) as crew:
        prepared.prepare(dump, BASE, crew, cut_up(folder, blocks, most))
    return outcome(folder)


def edited(blocks: Sequence[Block], rng: random.Random) -> list[Block]:
    """Some documents changed, left out, or said twice over with another name; with links to what is not there."""
    found = list(blocks)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(found))
        path, said = found[place]
        kind = rng.choice(("changed", "changed", "gone", "new", "moved"))
        if kind == "gone":
            del found[place]
        elif kind == "moved":
            found.insert(rng.randrange(len(found)), found.pop(place))
        elif kind == "changed":
            other = Iri(f"<{BASE}{rng.choice(found)[0]}>")
            more: list[Triple] = [
                (said[0][0], rdfs.seeAlso, other),
                (said[0][0], rdfs.label, Literal(f'"Änd {place}"')),
            ]
            found[place] = path, [*dict.fromkeys([*rng.sample(said, rng.randrange(1, len(said) + 1)), *more])]
        elif "/" in path:
            new = f"{path}-{rng.randrange(1000)}"
            started = f"<{BASE}{path}"
            copied = [(Iri(s.replace(started, f"<{BASE}{new}", 1)), p, o) for s, p, o in said]
            if new not in {each for each, _ in found}:
                found.insert(place, (new, copied))
    return found


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the pieces whose shares are worked out, not taken over."""
    keys: list[str] = []
    real = shares.of_piece

    def noted(base: str, piece: shares.Piece) -> shares.Share:
        keys.append(shares.key(piece))
        return real(base, piece)

    monkeypatch.setattr(shares, "of_piece", noted)
    return keys


@pytest.mark.parametrize("seed", range(3))
def test_a_warm_index_says_what_a_cold_one_says(seed: int, tmp_path: Path, worked_out: list[str]) -> None:
    rng, blocks = random.Random(seed), blocks_of(SAMPLE)
    taken_over = 0
    for _ in range(6):
        most = rng.choice((1, 3, 3, 8))
        expected = cold(tmp_path / "cold", blocks)
        worked_out.clear()
        assert warm(tmp_path / "warm", blocks, most) == expected
        taken_over += -(-len(blocks) // most) - len(worked_out)
        blocks = edited(blocks, rng)
    assert taken_over > 0


def test_one_changed_document_has_its_own_piece_worked_out(tmp_path: Path, worked_out: list[str]) -> None:
    blocks = blocks_of(SAMPLE)
    warm(tmp_path, blocks, 2)
    assert len(worked_out) == -(-len(blocks) // 2)
    worked_out.clear()
    path, said = blocks[7]
    blocks[7] = path, [*said, (said[0][0], rdfs.label, Literal('"another"'))]
    warm(tmp_path, blocks, 2)
    assert len(worked_out) == 1
    worked_out.clear()
    with Crew(1) as crew:  # nothing is taken over where somebody says so
        prepared.prepare(laid(tmp_path, blocks[1:]), BASE, crew, cut_up(tmp_path, blocks[1:], 2), takes_over=False)
    assert len(worked_out) == -(-len(blocks[1:]) // 2)


def test_one_process_or_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_LARGE", 0)
    monkeypatch.setattr(tables, "_FEW", 0)
    blocks = blocks_of(SAMPLE)
    assert warm(tmp_path / "two", blocks, 3, processes=2) == cold(tmp_path / "one", blocks)


@pytest.mark.parametrize(
    ("table", "column"), [("piece", "cut"), ("piece", "pages"), ("piece", "found"), ("own", "lines")]
)
def test_what_is_damaged_is_not_taken_over(table: str, column: str, tmp_path: Path, worked_out: list[str]) -> None:
    blocks = blocks_of(SAMPLE)
    warm(tmp_path / "warm", blocks, 3)
    with sqlite3.connect(tmp_path / "warm" / FILES[0]) as connection:
        rows = connection.execute(f"SELECT rowid, {column} FROM {table} LIMIT 3").fetchall()
        for row, data in rows:
            spoilt = bytes([*data[:-1], data[-1] ^ 1])
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (spoilt, row))
    blocks = blocks[:-1]
    worked_out.clear()
    assert warm(tmp_path / "warm", blocks, 3) == cold(tmp_path / "cold", blocks)
    assert len(worked_out) > 1


def test_an_index_that_was_begun_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = blocks_of(SAMPLE)
    before = warm(tmp_path, blocks, 3)
    real, left = shares.of_piece, iter((True, True, False))

    def ended(base: str, piece: shares.Piece) -> shares.Share:
        if not next(left):
            raise ValueError("the end")
        return real(base, piece)

    monkeypatch.setattr(shares, "of_piece", ended)
    with pytest.raises(StoreError, match="the end"):
        warm(tmp_path, blocks[1:], 3)
    assert outcome(tmp_path) == before
    assert not [*tmp_path.glob(".*")]
    monkeypatch.setattr(shares, "of_piece", real)
    assert warm(tmp_path, blocks[1:], 3) == cold(tmp_path / "cold", blocks[1:])


def test_what_somebody_who_was_ended_left_is_swept_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_LARGE", 0)
    left = [tmp_path / f".{file}.1{end}" for file in FILES for end in ("", ".copy")]
    for each in left:
        each.write_bytes(b"half")
    (folder := tmp_path / "cold").mkdir()
    for processes, place in ((1, folder), (2, tmp_path)):
        (place / "harbour.ttl").write_text(
            "".join(n_triples(triple) for _, own in blocks_of(SAMPLE) for triple in own), encoding="utf-8"
        )
        with Crew(processes) as crew:
            prepared.prepare(place / "harbour.ttl", BASE, crew)
    assert outcome(tmp_path) == outcome(folder)
    assert not [*tmp_path.glob(".*")]


def test_a_document_in_several_places_of_a_dump_is_one(tmp_path: Path) -> None:
    blocks = blocks_of(SAMPLE)
    one = cold(tmp_path / "one", blocks)
    folder = tmp_path / "two"
    folder.mkdir()
    said = [n_triples(triple) for _, own in blocks for triple in own]
    ends = {n_triples(own[-1]) for _, own in blocks if len(own) > 1}
    apart = [each for each in said if each not in ends] + [each for each in said if each in ends]
    (folder / "harbour.ttl").write_text("".join(apart), encoding="utf-8")
    with Crew(1) as crew:
        prepared.prepare(folder / "harbour.ttl", BASE, crew)
    # Numbers of things and the order of links are those of the dump; all else is the same.
    for table in ("text", "happening", "listed", "facet", "befell", "reply", "exchange", "same"):
        start = f'INSERT INTO "{table}"'
        assert [row for row in outcome(folder)[0] if row.startswith(start)] == [
            row for row in one[0] if row.startswith(start)
        ]
    told = ("timeline", "ways", "ties", "ranked", "kinds", "partitions", "day", "triples", "counts")
    starts = tuple(f"INSERT INTO \"told\" VALUES('{name}'" for name in told)
    assert [row for row in outcome(folder)[0] if row.startswith(starts)] == [
        row for row in one[0] if row.startswith(starts)
    ]


def test_documents_are_gone_through_without_sorting_them(tmp_path: Path) -> None:
    cold(tmp_path / "dump", blocks_of(SAMPLE))
    connection = sqlite3.connect(tmp_path / "dump" / FILES[0])
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {documents._ALL}", (0, 1))]
    assert plan and not [step for step in plan if "TEMP" in step]
