"""Runs the application as it is meant to run: no version banner, room for long query strings, no queries in a log."""

import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import uvicorn
from fastapi import FastAPI
from prometheus_client import make_wsgi_app
from prometheus_client.core import Metric

from lod.store.workers import Worker
from lod.web import workers
from lod.web.access import Journal
from lod.web.admission import Server
from lod.web.counts import Metrics
from lod.web.kept import Kept
from lod.web.protocol import HEAD_SECONDS, speaking
from lod.web.switch import Switch

_BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Operation:
    """How a server runs. `proxies` are addresses whose word on who the client is counts, separated by commas.

    `metrics` is a port on this machine; 0 is none. `fd` is a listening socket that was handed over.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    metrics: int = 0
    proxies: str = ""
    log: bool = False
    fd: int = -1


def config(
    app: FastAPI | Switch, *, host: str, port: int, proxies: str = "", head_seconds: float = HEAD_SECONDS
) -> uvicorn.Config:
    """Settings for uvicorn. Port 0 takes a free one."""

    def kept() -> Kept | None:
        found: Kept | None = app.kept if isinstance(app, Switch) else app.state.kept
        return found

    return uvicorn.Config(
        app,
        host=host,
        port=port,
        server_header=False,
        access_log=False,
        log_level="warning",
        loop="uvloop",
        http=speaking(kept, head_seconds),
        ws="none",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        timeout_graceful_shutdown=15,
        backlog=_BACKLOG,
    )


def serve(make: Callable[[Worker], FastAPI], how: Operation) -> int:
    """Serve until SIGINT or SIGTERM; requests under way are finished first. SIGHUP changes over to a new release.

    The exit code: 0, or 2 when the server could not start.
    """
    listener = _listen(how)
    counters = _counters(how.metrics) if how.metrics else None
    with tempfile.TemporaryDirectory(prefix="lod-") as folder:

        def work(number: int, shared: socket.socket) -> None:
            _work(make, how, Worker(Path(folder), number, how.workers), shared, counters)

        if how.workers > 1:
            return workers.watch(work, listener, how.workers)
        try:
            work(0, listener)
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0


def _work(
    make: Callable[[Worker], FastAPI],
    how: Operation,
    worker: Worker,
    listener: socket.socket,
    counters: socket.socket | None,
) -> None:
    """What one process does until it is told to end."""
    current = _Current()

    def made() -> FastAPI:
        app = make(worker)
        journal: Journal = app.state.journal
        journal.write = _written if how.log else None
        current.metrics = journal.metrics
        return app

    if counters is not None:
        _expose(counters, current)
    # The server hands on the signal that ended it once it has ended: that is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _heard)
    switch = Switch(made)
    signal.signal(signal.SIGHUP, switch.remember)

    def full() -> None:
        if switch.kept is not None:
            switch.kept.journal.drop("no-room")

    given = config(switch, host=how.host, port=how.port, proxies=how.proxies)
    server = Server(given, worker.tally("connections"), full)
    server.run(sockets=[listener])
    if not server.started:
        raise SystemExit(2)


def _heard(_number: int, _frame: FrameType | None) -> None:
    """The server has ended in good order."""


def _written(lines: str) -> None:
    sys.stdout.write(lines)
    sys.stdout.flush()


class _Current:
    """The counters of the application that answers now, for a server of metrics that was started once."""

    def __init__(self) -> None:
        self.metrics: Metrics | None = None

    def collect(self) -> Iterable[Metric]:
        """What Prometheus reads."""
        return self.metrics.collect() if self.metrics is not None else ()


def _counters(port: int) -> socket.socket:
    """A port of this machine; all workers take requests there, and each answers for all."""
    found = socket.create_server(("127.0.0.1", port))
    found.setblocking(False)  # another worker may have been faster
    return found


def _expose(counters: socket.socket, current: _Current) -> None:
    """Serve counters from a thread."""
    server = WSGIServer(counters.getsockname(), _Silent, bind_and_activate=False)
    server.socket.close()
    server.socket = counters
    server.server_name, server.server_port = counters.getsockname()
    server.setup_environ()
    server.set_app(make_wsgi_app(current))
    threading.Thread(target=server.serve_forever, daemon=True).start()


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody wants to read of every look at the counters."""


def _listen(how: Operation) -> socket.socket:
    if how.fd >= 0:
        return socket.socket(fileno=how.fd)
    family = socket.AF_INET6 if ":" in how.host else socket.AF_INET
    return socket.create_server((how.host, how.port), family=family, backlog=_BACKLOG)
