"""Runs the application as it is meant to run: no version banner, room for long query strings, no queries in a log."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from prometheus_client import start_http_server
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lod.web import access, workers
from lod.web.switch import Switch

_REQUEST_HEAD_BYTES = 256 * 1024
"""Beyond this the connection is dropped; below it, what is too long gets a proper answer."""
_HEAD_SECONDS = 15.0
"""A connection that has not sent the whole head of a request by then is closed."""
_BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Operation:
    """How a server runs. `proxies` are addresses whose word on who the client is counts, separated by commas.

    `metrics` is a port on this machine, the first worker's; 0 is none. `fd` is a listening socket that was handed over.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    metrics: int = 0
    proxies: str = ""
    log: bool = False
    fd: int = -1


def config(
    app: ASGIApp, *, host: str, port: int, proxies: str = "", head_seconds: float = _HEAD_SECONDS
) -> uvicorn.Config:
    """Settings for uvicorn. Port 0 takes a free one."""

    class Patient(_Patient):
        seconds = head_seconds

    return uvicorn.Config(
        app,
        host=host,
        port=port,
        server_header=False,
        access_log=False,
        log_level="warning",
        http=Patient,
        ws="none",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        timeout_graceful_shutdown=15,
        backlog=_BACKLOG,
    )


class _Patient(HttpToolsProtocol):
    """Waits for the head of a request, but not for ever and not for any size: some clients only open connections."""

    seconds = _HEAD_SECONDS
    _closing: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        if self._closing is not None:
            self._head_bytes += len(data)
            # A body may begin in the same piece; far beyond both it is nobody's head.
            if self._head_bytes > _REQUEST_HEAD_BYTES:
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._closing is None:
            self._expect()

    def on_headers_complete(self) -> None:
        self._expect(wait=False)
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(wait=False)
        super().connection_lost(exc)

    def _expect(self, *, wait: bool = True) -> None:
        self._head_bytes = 0
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if wait:
            self._closing = self.loop.call_later(self.seconds, self.transport.close)


def serve(make: Callable[[], FastAPI], how: Operation) -> int:
    """Serve until SIGINT or SIGTERM; requests under way are finished first. SIGHUP changes over to a new release.

    The exit code: 0, or 2 when the server could not start.
    """
    listener = _listen(how)

    def work(number: int, shared: socket.socket) -> None:
        if how.log:
            _log_to(sys.stdout)

        def made() -> FastAPI:
            app = make()
            metrics.registry = app.state.metrics.registry
            return app

        metrics = _Current()
        if how.metrics:
            start_http_server(how.metrics + number, "127.0.0.1", metrics)
        # The server hands on the signal that ended it once it has ended: that is no failure.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _heard)
        server = uvicorn.Server(config(Switch(made), host=how.host, port=how.port, proxies=how.proxies))
        server.run(sockets=[shared])
        if not server.started:
            raise SystemExit(2)

    if how.workers > 1:
        return workers.watch(work, listener, how.workers)
    try:
        work(0, listener)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def _heard(_number: int, _frame: FrameType | None) -> None:
    """The server has ended in good order."""


class _Current:
    """The counters of the application that answers now, for a server of metrics that was started once."""

    def __init__(self) -> None:
        self.registry: Any = None

    def collect(self) -> Any:
        """What Prometheus reads."""
        return self.registry.collect() if self.registry is not None else []


def _listen(how: Operation) -> socket.socket:
    if how.fd >= 0:
        return socket.socket(fileno=how.fd)
    family = socket.AF_INET6 if ":" in how.host else socket.AF_INET
    return socket.create_server((how.host, how.port), family=family, backlog=_BACKLOG)


def _log_to(stream: Any) -> None:
    """Requests, a line each, with the time."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger(access.LOG)
    log.setLevel(logging.INFO)
    log.propagate = False
    log.handlers = [handler]
