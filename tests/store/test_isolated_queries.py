"""Queries in processes that may die: every limit, every kind of death, and nobody left behind."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from lod.errors import StoreError
from lod.formats import CSV_RESULTS, JSON_RESULTS, RDF_FORMATS, RESULT_FORMATS, TURTLE, Format
from lod.store import (
    Answer,
    Blocking,
    Busy,
    Failed,
    Federation,
    GraphFile,
    Graphs,
    Isolated,
    Limits,
    Malformed,
    NotAcceptable,
    OverMemory,
    OverOutput,
    OverTime,
    Refusal,
    Unavailable,
)
from lod.store import child as evaluation
from lod.store.answers import OWN_GRAPHS
from lod.store.keeper import Keeper

SAMPLE = Path(__file__).parents[1] / "web" / "sample.ttl"
LIMITS = Limits(seconds=0.6, memory_bytes=200 << 20, output_bytes=1 << 20)
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
SORTED = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i"
DOUBLING = (
    'SELECT (STRLEN(?a40) AS ?n) { BIND("aaaaaaaaaaaaaaaa" AS ?a0) '
    + " ".join(f"BIND(CONCAT(?a{i},?a{i}) AS ?a{i + 1})" for i in range(40))
    + " }"
)
FLOOD = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 600000 } }"
SIMPLE = "ASK { ?s ?p ?o }"


@pytest.fixture(scope="module")
def store() -> Iterator[Blocking]:
    with Blocking([GraphFile(SAMPLE)]) as blocking:
        yield blocking


def ask(
    store: Blocking, query: str, *accept: Format, limits: Limits = LIMITS, graphs: Graphs = OWN_GRAPHS
) -> Answer | Refusal:
    return store.query(query, accept or (JSON_RESULTS, TURTLE), limits, graphs)


def answers(store: Blocking) -> bool:
    result = ask(store, SIMPLE)
    return isinstance(result, Answer) and b"true" in result.body


@pytest.mark.parametrize("query", [FOREVER, SORTED])
def test_a_query_without_end_stops_at_its_limit(store: Blocking, query: str) -> None:
    begin = time.monotonic()
    result = ask(store, query, limits=Limits(seconds=0.6, memory_bytes=2 << 30))
    assert time.monotonic() - begin < 0.6 + 0.3
    assert isinstance(result, OverTime)
    assert result.seconds == 0.6
    assert answers(store)


def test_a_query_that_eats_memory_stops_at_its_limit(store: Blocking) -> None:
    result = ask(store, DOUBLING, limits=Limits(seconds=10, memory_bytes=200 << 20))
    assert isinstance(result, OverMemory)
    assert answers(store)


def test_a_result_over_the_cap_is_refused_whole(store: Blocking) -> None:
    result = ask(store, FLOOD)
    assert isinstance(result, OverOutput)
    assert f"{LIMITS.output_bytes:,}" in result.detail
    assert answers(store)


def test_a_large_result_is_complete(store: Blocking) -> None:
    result = ask(store, "SELECT * { ?a ?b ?c . ?d ?e ?f }", CSV_RESULTS, limits=Limits(output_bytes=64 << 20))
    assert isinstance(result, Answer)
    triples = ask(store, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", CSV_RESULTS)
    assert isinstance(triples, Answer)
    assert result.body.count(b"\r\n") == int(triples.body.split()[1]) ** 2 + 1


def test_the_first_suitable_format_is_used(store: Blocking) -> None:
    for form in RESULT_FORMATS:
        result = ask(store, "SELECT * { ?s ?p ?o } LIMIT 2", TURTLE, form)
        assert isinstance(result, Answer) and result.media_type == form.media_type
    for form in RDF_FORMATS:
        result = ask(store, "DESCRIBE <https://example.org/harbour/letter/1>", JSON_RESULTS, form)
        assert isinstance(result, Answer) and result.media_type == form.media_type and result.body


def test_a_table_is_not_turtle(store: Blocking) -> None:
    result = ask(store, "SELECT * { ?s ?p ?o }", TURTLE)
    assert isinstance(result, NotAcceptable)
    assert JSON_RESULTS.media_type in result.offered
    assert isinstance(ask(store, "CONSTRUCT WHERE { ?s ?p ?o }", JSON_RESULTS), NotAcceptable)


def test_a_syntax_error_has_a_place(store: Blocking) -> None:
    result = ask(store, "SELECT * {\n  ?s ?p }")
    assert isinstance(result, Malformed)
    assert result.line == 2
    assert result.column in (9, 10), "where the parser looked last"


def test_graphs_of_the_protocol_and_nothing_else(store: Blocking) -> None:
    result = ask(store, SIMPLE, graphs=Graphs(default=("http://127.0.0.1:9/x",)))
    assert isinstance(result, Answer) and b"false" in result.body
    assert isinstance(ask(store, "ASK FROM <http://127.0.0.1:9/x> { ?s ?p ?o }"), Answer)
    assert isinstance(ask(store, SIMPLE, graphs=Graphs(default=("not an iri",))), Failed)


class Canary:
    """A server on this machine that counts who comes."""

    def __init__(self) -> None:
        self.heard = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.heard += 1

    def close(self) -> None:
        self._socket.close()


def test_no_socket_opens_even_when_the_scan_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lod.store.isolate.scan", lambda _text: None)
    canary = Canary()
    try:
        with socket.create_connection(("127.0.0.1", canary.port)):
            time.sleep(0.05)
        assert canary.heard == 1, "a canary that hears nobody proves nothing"
        with Blocking([GraphFile(SAMPLE)]) as store:
            for silent in ("", "SILENT "):
                query = f"SELECT * {{ SERVICE {silent}<http://127.0.0.1:{canary.port}/> {{ ?s ?p ?o }} }}"
                assert not (isinstance(ask(store, query), Answer) and not silent)
            assert answers(store)
        assert canary.heard == 1
    finally:
        canary.close()


@pytest.mark.parametrize(
    "nest", [lambda n: "SELECT * " + "{" * n + "}" * n, lambda n: "ASK {FILTER(" + "!" * n + "true)}"]
)
def test_what_overflows_the_stack_takes_only_its_own_process(
    nest: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lod.store.isolate.scan", lambda _text: None)
    with Blocking([GraphFile(SAMPLE)]) as store:
        result = ask(store, nest(400_000), limits=Limits(seconds=5))
        assert isinstance(result, Refusal) and result.status in (400, 503)
        assert answers(store)


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


def family(pid: int) -> set[int]:
    """All living descendants of a process."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(folder.name)] = int(fields[1])
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= new
    return found


def gone(pids: set[int], seconds: float = 3) -> bool:
    """True when all of them have ended in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(
            Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
            for pid in pids
        ):
            return True
        time.sleep(0.02)
    return False


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


def test_isolation_costs_little(store: Blocking) -> None:
    times = []
    for _ in range(300):
        begin = time.perf_counter()
        ask(store, SIMPLE)
        times.append(time.perf_counter() - begin)
    assert sorted(times)[150] < 0.005, "1.5 ms is the aim on a quiet machine; this only catches a fork per query"


def test_federation_is_refused_before_anything_runs(store: Blocking) -> None:
    assert isinstance(ask(store, "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"), Federation)
