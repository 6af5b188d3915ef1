"""The processes in which queries run: used again, replaced, given way to, and nobody left behind."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from lod.errors import StoreError
from lod.formats import JSON_RESULTS
from lod.store import (
    Answer,
    Busy,
    GraphFile,
    Isolated,
    Limits,
    OverTime,
    Unavailable,
)
from lod.store import child as evaluation
from lod.store.keeper import Keeper
from tests.processes import family, gone
from tests.store.asked import FOREVER, LIMITS, LONG, SAMPLE, SIMPLE


def run(work: Callable[[Isolated], Awaitable[None]], **settings: float) -> None:
    """Work with a store of its own, ended afterwards whatever happens."""

    async def whole() -> None:
        store = Isolated([GraphFile(SAMPLE)], **settings)  # type: ignore[arg-type]
        await store.start()
        try:
            await store.loaded()
            await work(store)
        finally:
            await store.stop()

    asyncio.run(whole())


def test_a_cancelled_query_ends_its_process() -> None:
    async def work(store: Isolated) -> None:
        busy = list(family(store.zygote))
        task = asyncio.create_task(store.query(FOREVER, [JSON_RESULTS], Limits(seconds=30)))
        for _ in range(100):
            await asyncio.sleep(0.05)
            if _cpu_ticks(busy[0]) > 5:
                break
        assert len(busy) == 1 and _cpu_ticks(busy[0]) > 5, "one process should be at work"
        task.cancel()
        assert await asyncio.to_thread(gone, set(busy))
        assert isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Answer)

    run(work, slots=1)


def _cpu_ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11])


def test_more_than_the_queue_holds_is_told_when_to_come_back() -> None:
    async def work(store: Isolated) -> None:
        long = [asyncio.create_task(store.query(FOREVER, [JSON_RESULTS], Limits(seconds=2))) for _ in range(2)]
        await asyncio.sleep(0.1)
        refused = await store.query(SIMPLE, [JSON_RESULTS], LIMITS)
        assert isinstance(refused, Busy) and refused.retry_after >= 1
        waited = await long[1]
        assert isinstance(waited, Busy), "the second waited longer than its patience"
        assert isinstance(await long[0], OverTime)
        assert isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Answer)

    run(work, slots=1, queue=1, patience=0.5)


def test_processes_are_used_again() -> None:
    async def work(store: Isolated) -> None:
        before = family(os.getpid())
        for _ in range(50):
            assert isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Answer)
        assert family(os.getpid()) == before

    run(work, slots=2)


def test_a_process_is_replaced_after_its_share_of_queries() -> None:
    async def work(store: Isolated) -> None:
        before = family(os.getpid())
        for _ in range(evaluation.QUERIES + 5):
            assert isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Answer)
        assert family(os.getpid()) != before

    run(work, slots=1)


def test_a_process_that_took_its_client_for_gone_is_asked_again() -> None:
    """A signal of the sending may come only when the process listens for the hang-up (one query of some 15,000)."""

    async def work(store: Isolated) -> None:
        (process,) = family(store.zygote)
        before = _cpu_ticks(process)
        task = asyncio.create_task(store.query(LONG, [JSON_RESULTS], Limits(seconds=30)))
        while _cpu_ticks(process) < before + 3:
            await asyncio.sleep(0.01)
        os.kill(process, signal.SIGIO)
        assert isinstance(await task, Answer)
        assert process not in family(store.zygote)

    run(work, slots=1)


def test_a_long_query_gives_way_and_the_next_does_not() -> None:
    """Ordinary queries have their share of the processors; long ones have what nobody else wants."""

    def policies(store: Isolated) -> set[int]:
        with contextlib.suppress(ProcessLookupError):  # one was replaced meanwhile
            return {os.sched_getscheduler(process) for process in family(store.zygote)}
        return set()

    async def work(store: Isolated) -> None:
        assert isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Answer)
        assert policies(store) == {os.SCHED_BATCH}
        runs = asyncio.create_task(store.query(FOREVER, [JSON_RESULTS], Limits(seconds=60)))
        end = time.monotonic() + 20
        while policies(store) != {os.SCHED_IDLE} and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert policies(store) == {os.SCHED_IDLE} and not runs.done()
        runs.cancel()
        await answers_again(store)
        while policies(store) != {os.SCHED_BATCH} and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert policies(store) == {os.SCHED_BATCH}
        # One that ends well: its process goes on as before, or another does.
        assert isinstance(await store.query(LONG, [JSON_RESULTS], Limits(seconds=60)), Answer)
        await answers_again(store)
        while policies(store) != {os.SCHED_BATCH} and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert policies(store) == {os.SCHED_BATCH}

    run(work, slots=1)


def test_a_dead_zygote_is_replaced() -> None:
    async def work(store: Isolated) -> None:
        zygote = store.zygote
        old = family(zygote) | {zygote}
        os.kill(zygote, signal.SIGKILL)
        assert await asyncio.to_thread(gone, old)
        assert isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Unavailable)
        await answers_again(store)

    run(work, slots=1)


async def answers_again(store: Isolated) -> None:
    for _ in range(100):
        if isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Answer):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("queries are not answered again")


def test_a_zygote_that_cannot_be_started_at_once_is_started_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(store: Isolated) -> None:
        starting, failures = Keeper._start, [BlockingIOError, PermissionError]

        def start(keeper: Keeper) -> None:
            if failures:
                raise failures.pop()("no process is to be had")
            starting(keeper)

        monkeypatch.setattr(Keeper, "_start", start)
        os.kill(store.zygote, signal.SIGKILL)
        async with asyncio.timeout(10):
            while failures:  # until then the one that is ending may answer
                await asyncio.sleep(0.05)
        await answers_again(store)

    run(work, slots=1)


def test_nobody_is_left_when_the_store_stops() -> None:
    started: set[int] = set()

    async def work(store: Isolated) -> None:
        started.update(family(os.getpid()))

    before = family(os.getpid())
    run(work, slots=3)
    assert len(started - before) >= 4
    assert gone(started - before)


def test_nobody_is_left_when_the_server_is_killed() -> None:
    script = (
        "import asyncio\nfrom pathlib import Path\nfrom lod.store import *\n"
        "async def main():\n"
        f"    store = Isolated([GraphFile(Path({str(SAMPLE)!r}))], slots=2)\n"
        "    await store.start(); await store.loaded(); print('ready', flush=True)\n"
        f"    await store.query({FOREVER!r}, [], Limits(seconds=60))\n"
        "asyncio.run(main())\n"
    )
    server = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert server.stdout is not None and server.stdout.readline() == b"ready\n"
    time.sleep(0.2)
    started = family(server.pid)
    assert len(started) >= 3
    server.kill()
    server.wait()
    server.stdout.close()
    assert gone(started)


def test_a_dump_that_cannot_be_read_is_told() -> None:
    async def work() -> None:
        store = Isolated([GraphFile(Path("nowhere.ttl"))])
        await store.start()
        try:
            with pytest.raises(StoreError, match=r"nowhere|No such file"):
                await store.loaded()
            assert isinstance(await store.query(SIMPLE, [JSON_RESULTS], LIMITS), Unavailable)
        finally:
            await store.stop()

    asyncio.run(work())
