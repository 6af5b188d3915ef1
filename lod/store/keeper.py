"""The zygote of a store as one server process sees it: joined if another worker has started it, started if not.

A zygote lives as long as somebody is connected to it. All who want the same store (the same files in the same state, served in the
same way) meet in one folder and share its zygote, its slots and its queue.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lod.errors import StoreError
from lod.store import engines
from lod.store.answers import Disk, Endpoint, Source
from lod.store.shared import Board
from lod.store.workers import Worker

_BACKLOG = 512
_END_SECONDS = 5.0
"""Longest to wait for a zygote to end."""


class Keeper:
    """Connects to the zygote for a source, and starts it when there is none."""

    def __init__(self, worker: Worker, source: Source, base: str, slots: int) -> None:
        self._settings: dict[str, Any] = {"source": engines.pack(source), "base": base, "slots": slots}
        self.name = hashlib.sha256(json.dumps([self._settings, _state(source)]).encode()).hexdigest()[:16]
        self._folder = worker.folder / self.name
        self.queries = str(self._folder / "queries")
        """The socket that queries are sent to."""
        self._slots = slots
        self._process: subprocess.Popen[bytes] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.StreamReader | None = None

    @property
    def started(self) -> bool:
        """True when the zygote is this process's own child."""
        return self._process is not None

    @property
    def zygote(self) -> int:
        """The process that was started here; 0 when another worker has started it."""
        return self._process.pid if self._process is not None else 0

    async def join(self) -> tuple[asyncio.StreamReader, Board]:
        """What the zygote says, line by line until its end, and what its slots do. `StoreError` when none can be started."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            connection = self._connected()
        except OSError as error:
            raise StoreError(f"the store's process cannot be started: {error}") from None
        self._reader, self._writer = await asyncio.open_unix_connection(sock=connection)
        return self._reader, Board(self._folder / "board", self._slots)

    async def leave(self) -> None:
        """Let go. The zygote ends, with all its processes, if nobody else is connected; that is waited for."""
        if self._writer is None or self._reader is None:
            return
        with contextlib.suppress(OSError):
            self._writer.write_eof()
        try:
            async with asyncio.timeout(_END_SECONDS):
                while await self._reader.read(1024):
                    pass
        except (TimeoutError, ConnectionError):
            if self._process is not None:
                self._process.kill()
        await self.ended()

    def hang_up(self) -> None:
        """Let go of a zygote that can no longer be reached: its end is heard at once, and another one joined or started."""
        if self._writer is not None:
            self._writer.close()

    async def ended(self) -> None:
        """Close the connection, and take note of the end of a zygote that was started here, if it has ended."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._process is not None:
            # It may serve others yet; then it is somebody else's when this process ends.
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, 0.2)
            self._process = None

    def _connected(self) -> socket.socket:
        with contextlib.suppress(OSError):
            return self._knock()
        with self._alone():
            with contextlib.suppress(OSError):
                return self._knock()
            self._start()
            return self._knock()

    def _knock(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(self._folder / "control"))
        except OSError:
            connection.close()
            raise
        connection.setblocking(False)
        return connection

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process starts a zygote here meanwhile. Nothing may be awaited in this block."""
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        """Start a zygote that takes over two listening sockets: connections wait there while it loads."""
        (self._folder / "board").unlink(missing_ok=True)
        Board(self._folder / "board", self._slots)
        with self._listening("queries") as queries, self._listening("control") as control:
            passed = {"queries": queries.fileno(), "control": control.fileno()}
            settings = {**self._settings, **passed, "board": str(self._folder / "board")}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lod.store.zygote"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"},
                pass_fds=tuple(passed.values()),
            )
            if self._process.stdin is not None:
                with self._process.stdin as given:
                    given.write(json.dumps(settings).encode() + b"\n")

    def _listening(self, name: str) -> socket.socket:
        path = self._folder / name
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        listener.listen(_BACKLOG)
        return listener


def _state(source: Source) -> list[tuple[int, int, int]]:
    """What tells a file, or a folder, from the one that lay there before."""
    if isinstance(source, Endpoint):
        return []
    files = [source.folder.resolve()] if isinstance(source, Disk) else [entry.file.resolve() for entry in source]
    return [_told(file) for file in files]


def _told(file: Path) -> tuple[int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_ino, found.st_size, found.st_mtime_ns
