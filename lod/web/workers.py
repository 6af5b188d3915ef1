"""Several processes that answer at one address: forked from one that only watches over them."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

from lod.store.zygote import adopt_orphans, die_with_parent

_PAUSE_SECONDS = 1.0
"""A worker that ended is replaced after so long: one that cannot start must not keep a processor busy."""
_GRACE_SECONDS = 30.0


def watch(work: Callable[[int, socket.socket], None], listener: socket.socket, count: int) -> int:
    """Run `work(number, listener)` in `count` processes until SIGTERM or SIGINT; SIGHUP is handed on. The exit code."""
    return _Watch(work, listener, count).run()


class _Watch:
    def __init__(self, work: Callable[[int, socket.socket], None], listener: socket.socket, count: int) -> None:
        self._work = work
        self._listener = listener
        self._workers: dict[int, int] = {}
        self._missing = list(range(count))
        self._ending = False

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, self._pass_on)
        adopt_orphans()  # the process with the store outlives the worker that started it
        while True:
            while self._missing and not self._ending:
                self._fork(self._missing.pop())
            if not self._workers:
                return 0
            self._wait()

    def _fork(self, number: int) -> None:
        me = os.getpid()
        process = os.fork()
        if process:
            self._workers[process] = number
            if self._ending:  # it was told to the others while this one was forked
                _tell(process, signal.SIGTERM)
            return
        code = 1
        try:
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it will open what lies there now anyway
            die_with_parent(signal.SIGTERM)
            if os.getppid() == me:
                self._work(number, self._listener)
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except Exception as error:  # the last place where it can be told
            sys.stderr.write(f"worker {number} ended: {error}\n")
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _wait(self) -> None:
        process, _ = os.waitpid(-1, 0)
        number = self._workers.pop(process, None)
        if number is None or self._ending:
            return
        self._missing.append(number)
        time.sleep(_PAUSE_SECONDS)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ending = True
        for process in self._workers:
            _tell(process, signal.SIGTERM)
        signal.signal(signal.SIGALRM, self._kill)
        signal.setitimer(signal.ITIMER_REAL, _GRACE_SECONDS)

    def _kill(self, _number: int, _frame: FrameType | None) -> None:
        for process in self._workers:
            _tell(process, signal.SIGKILL)

    def _pass_on(self, _number: int, _frame: FrameType | None) -> None:
        for process in self._workers:
            _tell(process, signal.SIGHUP)


def _tell(process: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended
        os.kill(process, number)
