"""`python -m lod.store.zygote`: opens the store once, then keeps a few processes forked from itself for queries.

It reads its settings as one line of JSON from standard input. Servers connect to its control socket; it says `ready TRIPLES` or
`failed MESSAGE` to each of them, and ends when the last of them has gone, so it never outlives them. How each process ended stands
on the board.
"""

import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lod.errors import LodError
from lod.store import child, engines
from lod.store.engines import Engine
from lod.store.remote import EndpointAway
from lod.store.shared import Board

_STACK_BYTES = 96 * 1024 * 1024
"""With this much, no query of the longest length taken overflows it (measured over thirty ways to nest and chain)."""
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_WAITING_SECONDS = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0
_NICENESS = 5
"""Queries leave more to those who answer requests; long ones give way altogether (`lod.store.child.give_way`)."""


def main() -> int:
    """Run until nobody is connected."""
    settings = json.loads(sys.stdin.buffer.readline())
    die_with_parent(signal.SIGTERM)  # until it is loaded nobody hears that the others have gone
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _raise_stack()
    doors = _Doors(socket.socket(fileno=settings["control"]))
    try:
        opened, triples = _prepared(settings, doors)
    except (LodError, OSError, SyntaxError, ValueError) as error:
        doors.say(f"failed {error}")
        return 2
    die_with_parent(0)
    gc.collect()
    gc.freeze()
    board = Board(Path(settings["board"]), settings["slots"])
    nursery = _Nursery(opened, socket.socket(fileno=settings["queries"]), board, settings["slots"], doors)
    try:
        nursery.fork_due()
        doors.say(f"ready {triples}")
        nursery.run()
    finally:
        nursery.end()
    return 0


def _prepared(settings: Any, doors: "_Doors") -> tuple[Callable[[], Engine], int]:
    """The engine. An endpoint that is away is waited for; it is somebody else's, and may come back."""
    while True:
        try:
            return engines.prepare(settings["source"], settings["base"])
        except EndpointAway:
            end = time.monotonic() + _WAITING_SECONDS
            while (left := end - time.monotonic()) > 0:
                doors.attend(select.select(doors.files, [], [], left)[0])
                if not doors.anybody:
                    raise


def die_with_parent(number: int) -> None:
    """Ask the kernel for a signal when the parent ends; 0: for none."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _raise_stack() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(_STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))


class _Doors:
    """The servers that are connected. Whoever comes later is told what was said last."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._listener.setblocking(False)
        self._connected: dict[int, socket.socket] = {}
        self._said = b""
        self._let_in()  # who has started this process was here before it

    @property
    def files(self) -> list[int]:
        """What to wait for."""
        return [self._listener.fileno(), *self._connected]

    @property
    def anybody(self) -> bool:
        """True while somebody is connected."""
        return bool(self._connected)

    def say(self, line: str) -> None:
        """Tell everybody."""
        self._said = (line.replace("\n", " ") + "\n").encode()
        already = list(self._connected.values())
        self._let_in()
        for connection in already:
            self._tell(connection)

    def attend(self, ready: Iterable[int]) -> None:
        """Let in who has come and forget who has gone, of the files that have something to read."""
        for file in ready:
            if file == self._listener.fileno():
                self._let_in()
            elif file in self._connected and not self._hears(self._connected[file]):
                self._connected.pop(file).close()

    def shut(self) -> None:
        """Close all of it, in a process that was forked: its copies would keep connections open."""
        for connection in (self._listener, *self._connected.values()):
            connection.close()

    def _let_in(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return
            connection.setblocking(False)
            self._connected[connection.fileno()] = connection
            self._tell(connection)

    def _tell(self, connection: socket.socket) -> None:
        if self._said:
            try:
                connection.send(self._said)
            except OSError:  # it has gone, which is noticed when it is read from
                return

    def _hears(self, connection: socket.socket) -> bool:
        try:
            return connection.recv(1024) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False


class _Nursery:
    """Keeps `slots` processes alive and says how each ended."""

    def __init__(
        self, opened: Callable[[], Engine], listener: socket.socket, board: Board, slots: int, doors: _Doors
    ) -> None:
        self.opened = opened
        self.doors = doors
        self.listener = listener
        self.board = board
        self.children: dict[int, int] = {}
        self.due = dict.fromkeys(range(slots), 0.0)
        self.failures = 0

    def run(self) -> None:
        """Fork, wait, replace, until nobody is connected."""
        reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _ignore)
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server says when to end
        while self.doors.anybody:
            self.fork_due()
            waiting = max(0.0, min(self.due.values()) - time.monotonic()) if self.due else None
            ready, _, _ = select.select([reader, *self.doors.files], [], [], waiting)
            if reader in ready:
                os.read(reader, 1024)
            self.doors.attend(ready)
            self.reap()

    def fork_due(self) -> None:
        """Fill the slots whose time has come."""
        now = time.monotonic()
        for slot in [slot for slot, when in self.due.items() if when <= now]:
            del self.due[slot]
            self.board.fork(slot)
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
            self.doors.shut()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            os.close(nowhere)
            _give_way()
            child.serve(self.opened(), self.listener, self.board, slot)
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
            self.board.ended(slot, os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)

    def pause(self, slot: int) -> float:
        """Seconds before the slot is filled again: none after work, longer and longer when processes die at start."""
        if self.board.took_work(slot):
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


def _give_way() -> None:
    """Let others run first, and do not disturb them often."""
    os.nice(_NICENESS)
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _ignore(_number: int, _frame: object) -> None:
    """Only wakes the loop."""


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
