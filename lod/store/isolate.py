"""The embedded store behind its walls: queries run in processes that may die, and the server does not.

`Isolated` joins or starts a `lod.store.zygote` and speaks to the processes forked from it. `Blocking` is the same for scripts.
"""

import asyncio
import contextlib
import itertools
import random
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType

from lod.errors import StoreError
from lod.formats import Format
from lod.parallel import processors
from lod.store import child, wire
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
from lod.store.exchange import Exchange
from lod.store.keeper import Keeper
from lod.store.scan import scan
from lod.store.shared import Board, Crowd
from lod.store.workers import Worker, alone

_GRACE_SECONDS = 12.0
"""Longest a process may take to hand over what it has, after its time limit."""
_WHY_SECONDS = 1.0
"""Longest to wait for the zygote's word on how a process ended."""
_LOOK_SECONDS = 0.005
_LONG_QUERY = 8 * 1024
_ORDINARY_SECONDS = 0.05
"""A query that has had more of a processor gives way to everything else on the machine."""

_TRIES = 3
"""How often a query is asked whose process took its client for gone."""

_Done = asyncio.Future[Answer | Refusal | None]


class Isolated:
    """A store in other processes. `slots` queries at once; `queue` more may wait, `patience` seconds each.

    Workers that serve together share them all.
    """

    def __init__(
        self,
        source: Sequence[GraphFile] | Disk | Endpoint,
        *,
        base: str = "",
        slots: int = 0,
        queue: int = 32,
        patience: float = 5.0,
        worker: Worker | None = None,
    ) -> None:
        self._source = source if isinstance(source, Disk | Endpoint) else tuple(source)
        self._base = base
        self._slots = slots or max(2, processors())
        self._queue = queue
        self._patience = patience
        self._given = worker
        self._worker = worker
        self._keeper: Keeper | None = None
        self._board: Board | None = None
        self._crowd: Crowd | None = None
        self._listening: asyncio.Task[None] | None = None
        self._loaded: asyncio.Future[int] | None = None
        self._connected = False
        self._numbers = itertools.count(random.getrandbits(62))

    async def start(self) -> None:
        """Begin to load. Returns at once; `StoreError` when no process can be started."""
        self._worker = self._given or alone()
        self._loaded = asyncio.get_running_loop().create_future()
        self._keeper = Keeper(self._worker, self._source, self._base, self._slots)
        self._crowd = self._worker.crowd(self._keeper.name)
        reader, self._board = await self._keeper.join()
        self._listening = asyncio.create_task(self._listen(self._keeper, reader, self._loaded))

    async def loaded(self) -> int:
        """Wait until queries are answered; the triples of the default graph. `StoreError` when it cannot load."""
        if self._loaded is None:
            raise StoreError("the store was not started")
        return await asyncio.shield(self._loaded)

    @property
    def ready(self) -> bool:
        """True when queries are answered."""
        return self._connected

    @property
    def busy(self) -> tuple[int, int]:
        """How many queries run or wait now, of all workers, and how many may."""
        return self._crowd.total if self._crowd else 0, self._slots + self._queue

    @property
    def zygote(self) -> int:
        """The process that holds the store, if it was started here, else 0."""
        return self._keeper.zygote if self._keeper else 0

    async def stop(self) -> None:
        """Let go of the zygote: it ends with all its processes, unless another worker needs it."""
        self._connected = False
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        if self._keeper is not None:
            await self._keeper.leave()
        if self._given is None and self._worker is not None:
            shutil.rmtree(self._worker.folder, ignore_errors=True)

    async def query(
        self, text: str, accept: Sequence[Format], limits: Limits, graphs: Graphs = OWN_GRAPHS
    ) -> Answer | Refusal:
        """Complete bytes in the first format of `accept` that suits, or a refusal. Cancelling it ends the query."""
        # A long text takes a tenth of a second to look at: others are answered meanwhile.
        refusal = scan(text) if len(text) < _LONG_QUERY else await asyncio.to_thread(scan, text)
        if refusal is not None:
            return refusal
        if not self._connected or self._crowd is None:
            return Unavailable("The data is still being loaded.", 2)
        place = self._crowd.enter("") if self._crowd.total < self._slots + self._queue else None
        if place is None:
            return self._busy()
        try:
            number = next(self._numbers)
            return await self._ask(
                wire.Request(number, text, tuple(form.media_type for form in accept), limits, graphs)
            )
        finally:
            self._crowd.leave(place)

    async def _listen(self, keeper: Keeper, reader: asyncio.StreamReader, loaded: asyncio.Future[int]) -> None:
        """Listen to the zygote; when it ends unasked, join the next one."""
        pause = 0.1
        while True:
            with contextlib.suppress(ConnectionError):
                await self._hear(reader, loaded)
            self._connected = False
            own = keeper.started
            await keeper.ended()
            if not loaded.done() and own:
                loaded.set_exception(StoreError("the store's process ended while it loaded"))
            if loaded.done() and loaded.exception():
                return
            while True:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10.0)
                with contextlib.suppress(StoreError, OSError):  # no process is to be had just now
                    reader, self._board = await keeper.join()
                    break

    async def _hear(self, reader: asyncio.StreamReader, loaded: asyncio.Future[int]) -> None:
        """What a zygote says, until its end."""
        async for line in reader:
            word, _, rest = line.decode(errors="replace").strip().partition(" ")
            if word == "ready":
                self._connected = True
                if not loaded.done():
                    loaded.set_result(int(rest))
            elif word == "failed" and not loaded.done():
                loaded.set_exception(StoreError(f"the store cannot be loaded: {rest}"))

    async def _ask(self, request: wire.Request) -> Answer | Refusal:
        """Ask again when a process took our own sending for a hang-up: the kernel may raise that signal late."""
        for _ in range(_TRIES):
            result = await self._once(request)
            if not isinstance(result, _Startled):
                return result
            request = replace(request, number=next(self._numbers))
        return Failed("The query's process ended unexpectedly.")

    async def _once(self, request: wire.Request) -> "Answer | Refusal | _Startled":
        loop = asyncio.get_running_loop()
        keeper, board = self._keeper, self._board
        if keeper is None or board is None:
            return Unavailable("The data is still being loaded.", 2)
        done: asyncio.Future[Answer | Refusal | None] = loop.create_future()
        try:
            exchange = Exchange(keeper.queries, wire.pack_request(request), done)
        except FileNotFoundError:  # somebody has cleared its folder away
            keeper.hang_up()
            return Unavailable("The store is being restarted.", 1)
        except (ConnectionError, BlockingIOError):
            return Unavailable("The store is being restarted.", 1)
        watch = _Watch(request, board, done, self._patience, self._busy)
        try:
            result = await done
        finally:
            watch.end()
            exchange.close()
        return await self._why(request, board) if result is None else result

    async def _why(self, request: wire.Request, board: Board) -> "Refusal | _Startled":
        """Why a process ended in the middle of a query, from the signal that ended it."""
        limits = request.limits
        for _ in range(round(_WHY_SECONDS / _LOOK_SECONDS)):
            if not board.runs(request.number):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        number = board.signal_of(request.number)
        if number is None:  # nobody noted it: the zygote has ended too
            return Unavailable("The store is being restarted.", 1)
        if number in (signal.SIGALRM, signal.SIGXCPU):
            return _over_time(limits)
        if number in (signal.SIGABRT, signal.SIGKILL):
            return child.over_memory(limits)
        if number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL):
            return TooComplex("The query exhausted the evaluator's stack: nest or chain less.")
        if number == signal.SIGIO:
            return _Startled()
        return Failed("The query's process ended unexpectedly.")

    def _busy(self) -> Busy:
        return Busy(
            f"All {self._slots} places are taken and {self.busy[0]} queries wait or run.",
            max(1, round(self._patience)),
        )


class _Startled:
    """A query's process has ended as if the client had gone, which it has not."""


class _Watch:
    """Looks after one query now and then: one that waits too long is refused, one that runs long gives way to others."""

    def __init__(
        self, request: wire.Request, board: Board, done: _Done, patience: float, busy: Callable[[], Refusal]
    ) -> None:
        self._request = request
        self._board = board
        self._done = done
        self._busy = busy
        self._before: float | None = None
        self._loop = done.get_loop()
        self._end_of_patience = self._loop.time() + patience
        self._timer = self._loop.call_later(_ORDINARY_SECONDS, self._look)

    def end(self) -> None:
        """The query is done."""
        self._timer.cancel()

    def _look(self) -> None:
        process = self._board.process_of(self._request.number)
        if process and self._long(process):
            child.give_way(process)
            seconds = max(0.0, self._request.limits.seconds + _GRACE_SECONDS)
            self._timer = self._loop.call_later(seconds, self._refuse, _over_time(self._request.limits))
        elif not process and self._loop.time() >= self._end_of_patience:
            self._refuse(self._busy())
        else:
            self._timer = self._loop.call_later(_ORDINARY_SECONDS, self._look)

    def _long(self, process: int) -> bool:
        """True when the query has had more of a processor than most take, since it was first seen."""
        spent = child.processor_seconds(process)
        if self._before is None:
            self._before = spent
        return spent - self._before >= _ORDINARY_SECONDS

    def _refuse(self, refusal: Refusal) -> None:
        if not self._done.done():
            self._done.set_result(refusal)


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
