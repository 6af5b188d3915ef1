"""Work spread over processes: the same results in the same order, however many there are."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import TracebackType
from typing import TypeVar

from lod.errors import WorkerError

T = TypeVar("T")
R = TypeVar("R")

_WAITING = 2
"""Jobs that wait for each process: enough that none is idle, few enough that results do not pile up."""
_ENDED = (
    "a process that did part of the work was ended before it was done, most often by the kernel for want of "
    "memory: end other programs, or allow fewer processors (Linux: `taskset -c 0 lod …`)"
)


def processors() -> int:
    """How many processors this process may use, or, where the system does not say (macOS), how many there are."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def uncollected() -> Iterator[None]:
    """For work that makes very many values and no cycles: nobody looks for cycles until it is done."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class Crew:
    """Some processes that jobs are given to, started when first needed. With one, everything is done right here.

    They are started anew rather than forked: a fork copies locks and threads of libraries in an unknown state. What a job
    needs is pickled, so a job is a function of a module, or a `functools.partial` of one, and hands large things on by file.
    """

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def each(self, job: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """The results of `job` for all items, in their order, as soon as each is there. An exception of a job comes out here.

        `WorkerError` when a process was ended from outside before its job was done.
        """
        if self.processes <= 1:
            yield from map(job, items)
            return
        waiting, left = deque[Future[R]](), iter(items)
        try:
            waiting.extend(self._begun().submit(job, item) for item in islice(left, self.processes * _WAITING))
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(self._begun().submit(job, item) for item in islice(left, 1))
                yield result
        except BrokenProcessPool:
            raise WorkerError(_ENDED) from None
        finally:
            for future in waiting:
                future.cancel()

    @contextmanager
    def beside(self, job: Callable[[T], object], item: T) -> Iterator[None]:
        """Another process does a job while what is inside goes on; with one process it is done afterwards. Errors as of `each`."""
        if self.processes <= 1:
            yield
            job(item)
            return
        begun: Future[object] | None = None
        try:
            begun = self._begun().submit(job, item)
            yield
            begun.result()
        except BrokenProcessPool:
            raise WorkerError(_ENDED) from None
        finally:
            if begun:
                begun.cancel()

    def _begun(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.processes, _Context(), initializer=_begin)
        return self._pool

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


class _Process(SpawnProcess):
    """Begins without the main program's imports: jobs are functions of modules, and the commands import half a hundred MB."""

    def start(self) -> None:
        main = sys.modules["__main__"]
        known: dict[str, object] = {
            name: main.__dict__.pop(name) for name in ("__file__", "__spec__") if name in main.__dict__
        }
        main.__spec__ = None
        try:
            super().start()
        finally:
            main.__dict__.update(known)


class _Context(SpawnContext):
    Process = _Process


def _begin() -> None:
    # Jobs make millions of tuples and no cycles: looking for cycles would take a fifth of the time.
    gc.disable()
    # Ctrl-C reaches all processes; the one that is asked says so, the others need no traceback each.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A pool's process waits for jobs for ever, also when the one that gave them was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
