"""The embedded store behind its walls: queries run in processes that may die, and the server does not.

`Isolated` starts one `lod.store.zygote` and speaks to the processes forked from it. `Blocking` is the same for scripts.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from lod.errors import StoreError
from lod.formats import Format
from lod.store import child, engines, wire
from lod.store.answers import (
    OWN_GRAPHS,
    Answer,
    Busy,
    Disk,
    Endpoint,
    Failed,
    GraphFile,
    Graphs,
    Limits,
    OverTime,
    Refusal,
    TooComplex,
    Unavailable,
)
from lod.store.scan import scan

_GRACE_SECONDS = 12.0
"""Longest a process may take to hand over what it has, after its time limit."""
_WHY_SECONDS = 1.0
"""Longest to wait for the zygote's word on how a process ended."""


class Isolated:
    """A store in other processes. `slots` queries at once; `queue` more may wait, `patience` seconds each."""

    def __init__(
        self,
        source: Sequence[GraphFile] | Disk | Endpoint,
        *,
        base: str = "",
        slots: int = 0,
        queue: int = 32,
        patience: float = 5.0,
    ) -> None:
        self._source = source if isinstance(source, Disk | Endpoint) else tuple(source)
        self._base = base
        self._slots = slots or max(2, os.cpu_count() or 2)
        self._queue = queue
        self._patience = patience
        self._folder = Path()
        self._zygote: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._loaded: asyncio.Future[int] | None = None
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._pending = 0
        self._stopping = False

    async def start(self) -> None:
        """Begin to load. Returns at once; `StoreError` when no process can be started."""
        self._folder = Path(tempfile.mkdtemp(prefix="lod-"))
        self._loaded = asyncio.get_running_loop().create_future()
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def loaded(self) -> int:
        """Wait until queries are answered; the triples of the default graph. `StoreError` when it cannot load."""
        if self._loaded is None:
            raise StoreError("the store was not started")
        return await asyncio.shield(self._loaded)

    @property
    def ready(self) -> bool:
        """True when queries are answered."""
        done = self._loaded is not None and self._loaded.done() and self._loaded.exception() is None
        return done and self._zygote is not None and self._zygote.returncode is None

    @property
    def busy(self) -> tuple[int, int]:
        """How many queries run or wait now, and how many may."""
        return self._pending, self._slots + self._queue

    async def stop(self) -> None:
        """End the zygote and all its processes."""
        self._stopping = True
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        zygote, self._zygote = self._zygote, None
        if zygote is not None and zygote.stdin is not None:
            zygote.stdin.close()
            try:
                await asyncio.wait_for(zygote.wait(), 5)
            except TimeoutError:
                zygote.kill()
                await zygote.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def query(
        self, text: str, accept: Sequence[Format], limits: Limits, graphs: Graphs = OWN_GRAPHS
    ) -> Answer | Refusal:
        """Complete bytes in the first format of `accept` that suits, or a refusal. Cancelling it ends the query."""
        refusal = scan(text)
        if refusal is not None:
            return refusal
        if not self.ready:
            return Unavailable("The data is still being loaded.", 2)
        if self._pending >= self._slots + self._queue:
            return self._busy()
        self._pending += 1
        try:
            request = wire.Request(text, tuple(form.media_type for form in accept), limits, graphs)
            return await self._ask(request)
        finally:
            self._pending -= 1

    async def _spawn(self) -> None:
        environment = {**os.environ, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
        pipe = asyncio.subprocess.PIPE
        self._zygote = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "lod.store.zygote", stdin=pipe, stdout=pipe, env=environment
        )
        source = engines.pack(self._source)
        settings = {"source": source, "base": self._base, "socket": str(self._socket), "slots": self._slots}
        if self._zygote.stdin is None:
            raise StoreError("the store's process has no input")
        self._zygote.stdin.write(json.dumps(settings).encode() + b"\n")
        await self._zygote.stdin.drain()

    @property
    def _socket(self) -> Path:
        return self._folder / "queries"

    async def _keep(self) -> None:
        """Listen to the zygote; start another when it ends unasked."""
        pause = 0.1
        while (zygote := self._zygote) is not None and zygote.stdout is not None:
            async for line in zygote.stdout:
                self._heard(line.decode(errors="replace").strip())
            await zygote.wait()
            if self._stopping or (self._loaded is not None and self._loaded.done() and self._loaded.exception()):
                return
            if self._loaded is not None and not self._loaded.done():
                self._loaded.set_exception(StoreError("the store's process ended while it loaded"))
                return
            await asyncio.sleep(pause)
            if self._stopping:
                return
            pause = min(pause * 2, 10.0)
            self._socket.unlink(missing_ok=True)
            await self._spawn()

    def _heard(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "exit":
            process, _, number = rest.partition(" ")
            self._ended(int(process), int(number))
        elif self._loaded is not None and not self._loaded.done():
            if word == "ready":
                self._loaded.set_result(int(rest))
            elif word == "failed":
                self._loaded.set_exception(StoreError(f"the store cannot be loaded: {rest}"))

    def _ended(self, process: int, number: int) -> None:
        known = self._ends.get(process)
        if known is not None and known.done():  # the kernel has given the number out again
            del self._ends[process]
        self._end_of(process).set_result(number)
        for old in [old for old, end in self._ends.items() if end.done()][:-64]:
            del self._ends[old]

    def _end_of(self, process: int) -> asyncio.Future[int]:
        """Where the signal that ended a process is told: whoever comes first, asker or teller, makes the place."""
        if process not in self._ends:
            self._ends[process] = asyncio.get_running_loop().create_future()
        return self._ends[process]

    async def _ask(self, request: wire.Request) -> Answer | Refusal:
        try:
            reader, writer = await asyncio.open_unix_connection(str(self._socket), limit=1 << 20)
        except (ConnectionError, FileNotFoundError, BlockingIOError):
            return Unavailable("The store is being restarted.", 1)
        try:
            writer.write(wire.pack_request(request))
            try:
                process = int.from_bytes(await asyncio.wait_for(reader.readexactly(4), self._patience), "big")
            except TimeoutError:
                return self._busy()
            except (asyncio.IncompleteReadError, ConnectionError):
                return Unavailable("The store is being restarted.", 1)
            return await self._result(reader, process, request.limits)
        finally:
            writer.close()

    async def _result(self, reader: asyncio.StreamReader, process: int, limits: Limits) -> Answer | Refusal:
        try:
            async with asyncio.timeout(limits.seconds + _GRACE_SECONDS):
                head = wire.read_head(
                    await reader.readexactly(wire.length(await reader.readexactly(wire.LENGTH_BYTES)))
                )
                if isinstance(head, Refusal):
                    return head
                media_type, size = head
                return Answer(await reader.readexactly(size), media_type)
        except TimeoutError:
            return _over_time(limits)
        except (asyncio.IncompleteReadError, ConnectionError):
            return await self._why(process, limits)

    async def _why(self, process: int, limits: Limits) -> Refusal:
        """Why a process ended in the middle of a query, from the signal that ended it."""
        try:
            number = await asyncio.wait_for(asyncio.shield(self._end_of(process)), _WHY_SECONDS)
        except TimeoutError:
            number = -1
        self._ends.pop(process, None)
        if number in (signal.SIGALRM, signal.SIGXCPU):
            return _over_time(limits)
        if number in (signal.SIGABRT, signal.SIGKILL):
            return child.over_memory(limits)
        if number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL):
            return TooComplex("The query exhausted the evaluator's stack: nest or chain less.")
        return Failed("The query's process ended unexpectedly.")

    def _busy(self) -> Busy:
        return Busy(
            f"All {self._slots} places are taken and {self._pending} queries wait or run.",
            max(1, round(self._patience)),
        )


def _over_time(limits: Limits) -> OverTime:
    detail = f"Stopped after {limits.seconds:g} seconds. Bind more of the query, use LIMIT, or take the whole dump."
    return OverTime(detail, limits.seconds)


class Blocking:
    """`with Blocking(files) as store: store.query(…)`: the isolated store for a script, loaded at the beginning."""

    def __init__(self, source: Sequence[GraphFile] | Disk | Endpoint, *, base: str = "", slots: int = 1) -> None:
        self._store = Isolated(source, base=base, slots=slots)
        self._runner = asyncio.Runner()

    def __enter__(self) -> "Blocking":
        self._runner.__enter__()
        try:
            self._runner.run(self._store.start())
            self._runner.run(self._store.loaded())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def query(
        self, text: str, accept: Sequence[Format], limits: Limits, graphs: Graphs = OWN_GRAPHS
    ) -> Answer | Refusal:
        """As `Isolated.query`."""
        return self._runner.run(self._store.query(text, accept, limits, graphs))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._store.stop())
        self._runner.close()
