"""`python -m lod.store.zygote`: loads the files once, then keeps a few processes forked from itself for queries.

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
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from lod.store import child

_STACK_BYTES = 96 * 1024 * 1024
"""With this much, no query of the longest length taken overflows it (measured over thirty ways to nest and chain)."""
_PR_SET_PDEATHSIG = 1
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0
_FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES}


def main() -> int:
    """Run until standard input ends."""
    settings = json.loads(sys.stdin.buffer.readline())
    die_with_parent(signal.SIGTERM)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _raise_stack()
    try:
        store, triples = load(settings["files"])
    except (OSError, SyntaxError, ValueError) as error:
        _say(f"failed {error}")
        return 2
    _warm(store)
    path = Path(settings["socket"])
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(512)
    nursery = _Nursery(store, listener, settings["slots"], settings["base"])
    try:
        nursery.fork_due()
        _say(f"ready {triples}")
        nursery.run()
    finally:
        nursery.end()
        path.unlink(missing_ok=True)
    return 0


def die_with_parent(number: int) -> None:
    """Ask the kernel for a signal when the parent ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def load(files: list[dict[str, Any]]) -> tuple[ox.Store, int]:
    """A memory store with every file in its graph, and the number of triples of the default graph."""
    store = ox.Store()
    for entry in files:
        graph = ox.NamedNode(entry["graph"]) if entry["graph"] else ox.DefaultGraph()
        form = _FORMATS[Path(entry["file"]).suffix]
        store.bulk_load(path=entry["file"], format=form, to_graph=graph)
    return store, sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def _raise_stack() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(_STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))


def _warm(store: ox.Store) -> None:
    """Do once what is done lazily: later no file can be opened."""
    for results in child.RESULTS.values():
        answer = store.query("SELECT * { ?s ?p ?o } LIMIT 1")
        if isinstance(answer, ox.QuerySolutions):
            answer.serialize(format=results)
    for triples in child.TRIPLES.values():
        graph = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1")
        if isinstance(graph, ox.QueryTriples):
            graph.serialize(format=triples)
    store.query("SELECT (NOW() AS ?now) (RAND() AS ?random) (UUID() AS ?uuid) {}")
    gc.collect()
    gc.freeze()


def _say(line: str) -> None:
    os.write(1, (line.replace("\n", " ") + "\n").encode())


class _Nursery:
    """Keeps `slots` processes alive and says how each ended."""

    def __init__(self, store: ox.Store, listener: socket.socket, slots: int, base: str) -> None:
        self.store = store
        self.base = base
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
            child.serve(self.store, self.base, self.listener, lambda: self.alive.__setitem__(slot, 1))
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
