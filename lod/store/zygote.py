"""`python -m lod.store.zygote`: opens the store once, then keeps a few processes forked from itself for queries.

It reads its settings as one line of JSON from standard input and ends when that input ends, so it never outlives its
server. On standard output it says `ready TRIPLES`, `failed MESSAGE`, and `exit PID SIGNAL` for each process that ended.
"""

import ctypes
import gc
import json
import mmap
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lod.errors import LodError
from lod.store import child, engines
from lod.store.engines import Engine
from lod.store.remote import EndpointAway

_STACK_BYTES = 96 * 1024 * 1024
"""With this much, no query of the longest length taken overflows it (measured over thirty ways to nest and chain)."""
_PR_SET_PDEATHSIG = 1
_WAITING_SECONDS = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0


def main() -> int:
    """Run until standard input ends."""
    settings = json.loads(sys.stdin.buffer.readline())
    die_with_parent(signal.SIGTERM)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _raise_stack()
    try:
        opened, triples = _prepared(settings)
    except (LodError, OSError, SyntaxError, ValueError) as error:
        _say(f"failed {error}")
        return 2
    gc.collect()
    gc.freeze()
    path = Path(settings["socket"])
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(512)
    nursery = _Nursery(opened, listener, settings["slots"])
    try:
        nursery.fork_due()
        _say(f"ready {triples}")
        nursery.run()
    finally:
        nursery.end()
        path.unlink(missing_ok=True)
    return 0


def _prepared(settings: Any) -> tuple[Callable[[], Engine], int]:
    """The engine. An endpoint that is away is waited for; it is somebody else's, and may come back."""
    while True:
        try:
            return engines.prepare(settings["source"], settings["base"])
        except EndpointAway as away:
            _say(f"waiting {away}")
            if select.select([0], [], [], _WAITING_SECONDS)[0]:
                raise


def die_with_parent(number: int) -> None:
    """Ask the kernel for a signal when the parent ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def _raise_stack() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(_STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))


def _say(line: str) -> None:
    os.write(1, (line.replace("\n", " ") + "\n").encode())


class _Nursery:
    """Keeps `slots` processes alive and says how each ended."""

    def __init__(self, opened: Callable[[], Engine], listener: socket.socket, slots: int) -> None:
        self.opened = opened
        self.listener = listener
        self.children: dict[int, int] = {}
        self.due = dict.fromkeys(range(slots), 0.0)
        self.failures = 0
        # One shared byte a slot: set by a process that has got as far as accepting work.
        self.alive = mmap.mmap(-1, slots)

    def run(self) -> None:
        """Fork, wait, replace, until standard input ends."""
        reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _ignore)
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server says when to end
        while True:
            self.fork_due()
            waiting = max(0.0, min(self.due.values()) - time.monotonic()) if self.due else None
            ready, _, _ = select.select([0, reader], [], [], waiting)
            if 0 in ready and not os.read(0, 1024):
                return
            if reader in ready:
                os.read(reader, 1024)
            self.reap()

    def fork_due(self) -> None:
        """Fill the slots whose time has come."""
        now = time.monotonic()
        for slot in [slot for slot, when in self.due.items() if when <= now]:
            del self.due[slot]
            self.alive[slot] = 0
            me = os.getpid()
            process = os.fork()
            if process == 0:
                self.be_child(slot, me)
            self.children[process] = slot

    def be_child(self, slot: int, parent: int) -> None:
        """What the fork does; never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent(signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(0)
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            os.close(nowhere)
            child.serve(self.opened(), self.listener, lambda: self.alive.__setitem__(slot, 1))
            code = 0
        finally:
            os._exit(code)

    def reap(self) -> None:
        while self.children:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            slot = self.children.pop(process)
            self.due[slot] = time.monotonic() + self.pause(slot)
            _say(f"exit {process} {os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}")

    def pause(self, slot: int) -> float:
        """Seconds before the slot is filled again: none after work, longer and longer when processes die at start."""
        if self.alive[slot]:
            self.failures = 0
            return 0.0
        self.failures += 1
        return float(min(_FIRST_PAUSE * 2**self.failures, _LONGEST_PAUSE))

    def end(self) -> None:
        """Take the processes along."""
        for process in self.children:
            os.kill(process, signal.SIGKILL)
        for process in self.children:
            os.waitpid(process, 0)


def _ignore(_number: int, _frame: object) -> None:
    """Only wakes the loop."""


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
