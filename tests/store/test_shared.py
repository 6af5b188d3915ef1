"""What workers share: a process with the store, places for queries, and counts in common memory."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lod.formats import JSON_RESULTS
from lod.store import Answer, GraphFile, Isolated, Limits, Refusal
from lod.store.answers import Busy, Unavailable
from lod.store.shared import Board, Crowd
from lod.store.workers import Worker
from tests.processes import family, gone
from tests.store.asked import FOREVER, LIMITS, SAMPLE, SIMPLE


@pytest.mark.parametrize("first_leaves_first", [True, False])
def test_the_store_lives_as_long_as_somebody_needs_it(tmp_path: Path, first_leaves_first: bool) -> None:
    async def work() -> None:
        one, other = (Isolated([GraphFile(SAMPLE)], worker=Worker(tmp_path, number, 2)) for number in range(2))
        await one.start()
        await other.start()
        assert await one.loaded() == await other.loaded()
        assert one.zygote and not other.zygote, "the second has joined the first"
        everybody = family(one.zygote) | {one.zygote}
        first, last = (one, other) if first_leaves_first else (other, one)
        await first.stop()
        assert isinstance(await last.query(SIMPLE, [JSON_RESULTS], LIMITS), Answer)
        await last.stop()
        assert await asyncio.to_thread(gone, everybody)

    asyncio.run(work())


def test_other_files_or_other_slots_are_another_store(tmp_path: Path) -> None:
    async def work() -> None:
        changed = tmp_path / "changed.ttl"
        changed.write_bytes(SAMPLE.read_bytes())
        worker = Worker(tmp_path)
        stores = [Isolated([GraphFile(SAMPLE)], worker=worker), Isolated([GraphFile(changed)], worker=worker)]
        await stores[1].start()
        await stores[1].loaded()
        changed.write_bytes(SAMPLE.read_bytes() + b"<https://example.org/x> a <https://example.org/y> .\n")
        stores += [Isolated([GraphFile(changed)], worker=worker), Isolated([GraphFile(SAMPLE)], worker=worker, slots=1)]
        for store in (stores[0], *stores[2:]):
            await store.start()
        counts = [await store.loaded() for store in stores]
        assert counts[2] == counts[1] + 1 and counts[0] == counts[1] == counts[3]
        assert len({store.zygote for store in stores}) == 4
        for store in stores:
            await store.stop()

    asyncio.run(work())


def test_places_are_counted_over_all(tmp_path: Path) -> None:
    async def work() -> None:
        one, other = (
            Isolated([GraphFile(SAMPLE)], worker=Worker(tmp_path, number, 2), slots=1, queue=1) for number in range(2)
        )
        await one.start()
        await other.start()
        await one.loaded()
        await other.loaded()
        tasks = [asyncio.create_task(each.query(FOREVER, [JSON_RESULTS], Limits(seconds=30))) for each in (one, other)]
        await asyncio.sleep(0.2)
        assert one.busy == other.busy == (2, 2)
        assert isinstance(await one.query(SIMPLE, [JSON_RESULTS], LIMITS), Busy)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert one.busy == other.busy == (0, 2)
        assert isinstance(await other.query(SIMPLE, [JSON_RESULTS], LIMITS), Answer)
        await one.stop()
        await other.stop()

    asyncio.run(work())


def test_who_starts_it_may_be_killed(tmp_path: Path) -> None:
    """The store stays for the others; it ends with the last of them, who does not say good-bye either."""
    script = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom lod.store import GraphFile, Isolated\n"
        "from lod.store.workers import Worker\n"
        "async def main():\n"
        f"    worker = Worker(Path({str(tmp_path)!r}), int(sys.argv[1]), 2)\n"
        f"    store = Isolated([GraphFile(Path({str(SAMPLE)!r}))], slots=1, worker=worker)\n"
        "    await store.start(); await store.loaded(); print(store.zygote, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    servers = []
    for number in range(2):
        server = subprocess.Popen([sys.executable, "-c", script, str(number)], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        servers.append((server, int(server.stdout.readline())))
    (first, zygote), (second, nobody) = servers
    assert zygote > 0 and nobody == 0
    everybody = family(zygote) | {zygote}
    first.kill()
    first.communicate()
    assert not gone({zygote}, 0.5)
    os.kill(second.pid, signal.SIGKILL)
    second.communicate()
    assert gone(everybody)


@pytest.mark.statement(18)
def test_when_the_process_with_the_store_dies_queries_may_come_again(tmp_path: Path) -> None:
    async def work() -> None:
        store = Isolated([GraphFile(SAMPLE)], slots=1, worker=Worker(tmp_path))
        await store.start()
        await store.loaded()
        asked = asyncio.create_task(store.query(FOREVER, [JSON_RESULTS], Limits(seconds=20)))
        await asyncio.sleep(0.3)
        os.kill(store.zygote, signal.SIGKILL)
        refusal = await asked
        assert isinstance(refusal, Unavailable) and refusal.status == 503, refusal
        assert isinstance(await answered(store), Answer)
        await store.stop()

    asyncio.run(work())


@pytest.mark.statement(18)
def test_a_folder_that_was_cleared_away_is_made_again(tmp_path: Path) -> None:
    """Temporary folders are tidied up by others."""

    async def work() -> None:
        stores = [Isolated([GraphFile(SAMPLE)], slots=1, worker=Worker(tmp_path / "x", n, 2)) for n in range(2)]
        (tmp_path / "x").mkdir()
        for store in stores:
            await store.start()
            await store.loaded()
        shutil.rmtree(tmp_path / "x")
        for store in stores:
            assert isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Unavailable)
        for store in stores:
            assert isinstance(await answered(store), Answer)
        for store in stores:
            await store.stop()

    asyncio.run(work())


async def answered(store: Isolated) -> Answer | Refusal:
    """What comes when one asks again until it is no longer being restarted."""
    for _ in range(100):
        result = await store.query(SIMPLE, [JSON_RESULTS], LIMITS)
        if not isinstance(result, Unavailable):
            return result
        await asyncio.sleep(0.1)
    return result


def test_a_crowd_is_counted_in_rows_of_its_own(tmp_path: Path) -> None:
    one, other = Crowd(tmp_path / "crowd", 0, 2), Crowd(tmp_path / "crowd", 1, 2)
    places = [one.enter("10.0.0.1"), one.enter("10.0.0.2"), other.enter("10.0.0.1")]
    assert None not in places
    assert (one.of("10.0.0.1"), other.of("10.0.0.2"), one.of("10.0.0.3"), other.total) == (2, 1, 0, 3)
    other = Crowd(tmp_path / "crowd", 1, 2)
    assert (one.of("10.0.0.1"), one.total) == (1, 2), "a new worker's row is empty"
    one.leave(places[0] or 0)
    assert (other.of("10.0.0.1"), other.total) == (0, 1)
    taken = [other.enter("x") for _ in range(2000)]
    assert taken.count(None) == 2000 - other.of("x") > 0, "there is room for so many"


def test_the_board_remembers_how_requests_ended(tmp_path: Path) -> None:
    board, reader = Board(tmp_path / "board", 2), Board(tmp_path / "board", 2)
    board.fork(1)
    assert not reader.took_work(1)
    board.take_work(1, 4711)
    for request in range(1, 12):
        board.begin(1, request)
        assert reader.took_work(1) and reader.runs(request) and reader.signal_of(request) is None
        board.ended(1, signal.SIGALRM if request % 2 else signal.SIGKILL)
        assert not reader.runs(request)
    assert reader.signal_of(11) == signal.SIGALRM and reader.signal_of(10) == signal.SIGKILL
    assert reader.signal_of(1) is None, "long ago"
