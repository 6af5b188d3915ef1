"""Values on disk: in order, again and again, from other processes, and gone when nobody reads them any more."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest

from lod.report import Source
from lod.spool import Chunk, Section, Spool, Writer


def total(chunk: Chunk[int]) -> int:
    return sum(chunk.load())


def test_what_was_put_in_comes_out_in_order_and_again() -> None:
    with Spool() as spool:
        numbers: Section[int] = spool.section("numbers")
        numbers.append(range(3))
        numbers.append([])
        numbers.append([7])
        assert list(numbers) == list(numbers) == [0, 1, 2, 7]
        assert len(numbers) == 4
        assert [chunk.count for chunk in numbers.chunks] == [3, 0, 1]
        assert spool.section("numbers") is numbers
        assert list(spool.section("others")) == []


def test_records_survive() -> None:
    with Spool() as spool:
        where: Section[Source] = spool.section("where")
        where.append([Source("a.xml", 3)])
        assert list(where) == [Source("a.xml", 3)]


def test_another_process_reads_a_chunk() -> None:
    with Spool() as spool, ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        numbers: Section[int] = spool.section("numbers")
        for first in (0, 10):
            numbers.append(range(first, first + 10))
        assert list(pool.map(total, numbers.chunks)) == [45, 145]


def test_what_others_wrote_is_taken_in() -> None:
    with Spool() as spool:
        numbers: Section[int] = spool.section("numbers")
        numbers.append([1])
        numbers.take(Chunk.write(spool.folder / "theirs", [2, 3]))
        numbers.append([4])
        assert list(numbers) == [1, 2, 3, 4]


def test_what_stays_in_memory_goes_to_other_processes_too() -> None:
    with Spool() as spool, ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        with Writer[int](None) as writer:
            for number in range(1000):
                writer.add(number)
        assert len(writer) == 1000 and [chunk.count for chunk in writer.chunks] == [1000]
        (held,) = writer.chunks
        written = Chunk.write(spool.folder / "the-same", held.load())
        assert held.load() == written.load() == list(range(1000)) and held.data() == written.data()
        held.load().clear()
        assert list(pool.map(total, writer.chunks)) == [sum(range(1000))]


def test_the_folder_goes_with_its_last_user() -> None:
    numbers: Section[int] = Spool().section("numbers")
    chunk = numbers.append([1])
    assert chunk.file.is_file()  # the section keeps the folder
    del numbers
    assert not chunk.file.parent.exists()


def test_closing_twice_does_no_harm() -> None:
    spool = Spool()
    spool.close()
    spool.close()
    assert not spool.folder.exists()


def test_what_a_writer_wrote_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lod.spool._PER_CHUNK", 3)
    with Spool() as spool:
        for first in (0, 7):
            with Writer[int](spool.folder / f"from-{first}") as writer:
                for number in range(first, first + 7):
                    writer.add(number)
            assert len(writer) == 7
            assert [chunk.count for chunk in writer.chunks] == [3, 3, 1]
            spool.section("numbers").adopt(writer.chunks)
        assert list(spool.section("numbers")) == list(range(14))


def test_a_writer_begins_its_file_anew() -> None:
    with Spool() as spool:
        for number in (1, 2):
            with Writer[int](spool.folder / "again") as writer:
                writer.add(number)
        assert [value for chunk in writer.chunks for value in chunk.load()] == [2]
        assert (spool.folder / "again").stat().st_size == writer.chunks[0].length
