"""uvicorn's HTTP/1.1 with two things of ours: ready answers are given at once, and nobody's head is waited for for ever."""

import asyncio
import functools
import time
from collections.abc import Callable
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from lod.web.kept import Fields, Kept

WHOLE = "lod.whole"
"""Among the extensions of a request: what sends a status, fields (names in lower case) and a body at once."""
TAKEN = "lod.taken"
"""Among them too: what waits until the client has taken what was sent, or has gone."""
_REQUEST_HEAD_BYTES = 256 * 1024
"""Beyond this the connection is dropped; below it, what is too long gets a proper answer."""
HEAD_SECONDS = 15.0
"""A connection that has not sent the whole head of a request by then is closed."""
TAKING_SECONDS = 20.0
_TAKEN_BYTES = 20 * 1024
"""A client that takes less than so much of its answer in so many seconds is not waited for: the rest would be held for it."""


class Protocol(HttpToolsProtocol):
    """One connection. `seconds` and `kept` are set for a server by `speaking`."""

    seconds = HEAD_SECONDS
    kept: Callable[[], Kept | None]
    _closing: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = False
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._closing is not None:
            self._head_bytes += len(data)
            # A body may begin in the same piece; far beyond both it is nobody's head.
            if self._head_bytes > _REQUEST_HEAD_BYTES:
                self.transport.close()
                return
        super().data_received(data)
        if self._in_head and self._closing is None:
            self._wait()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head_bytes = 0
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if not self._answered():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self.cycle is not None:  # none was made for a ready answer
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        extensions: dict[str, Any] = cycle.scope.setdefault("extensions", {})
        extensions[WHOLE] = functools.partial(_send_whole, cycle)
        extensions[TAKEN] = functools.partial(_taken, cycle)
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        self._unwatch()
        for cycle, _ in self.pipeline:  # nobody is there to be answered
            cycle.disconnected = True
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unwatch()

    def _watch(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._taking = self.loop.call_later(TAKING_SECONDS, self._taken, left)

    def _unwatch(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _taken(self, before: int) -> None:
        """Time is up: either enough went out since, or the connection ends here."""
        if before - self.transport.get_write_buffer_size() < _TAKEN_BYTES:
            self.transport.abort()
        else:
            self._watch()

    def _wait(self) -> None:
        self._head_bytes = 0
        self._closing = self.loop.call_later(self.seconds, self.transport.close)

    def _answered(self) -> bool:
        """Give the ready answer, if there is one and nothing else on this connection comes before it."""
        kept = self.kept()
        under_way = self.cycle is not None and not self.cycle.response_complete
        if kept is None or under_way or self.pipeline or self.flow.write_paused or self.transport.is_closing():
            return False
        begin = time.perf_counter()
        method: bytes = self.parser.get_method()
        answer = kept.find(method, self.url, self.headers)
        if answer is None:
            return False
        pieces = [STATUS_LINE[answer.status]]
        for name, value in self.server_state.default_headers:
            pieces += (name, b": ", value, b"\r\n")
        pieces.append(answer.head)
        lasting = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        pieces += (b"\r\n" if lasting else b"connection: close\r\n\r\n", answer.body)
        self.transport.write(b"".join(pieces))
        if not lasting:
            self.transport.close()
        self.on_response_complete()
        kept.note(method, self.url, answer, time.perf_counter() - begin)
        return True


async def _send_whole(cycle: RequestResponseCycle, status: int, fields: Fields, body: bytes) -> None:
    """Send a response whose body is there in one piece, instead of its head and then its body: to the client it is one packet."""
    if cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()
    if cycle.disconnected:
        return
    lines = [name + b": " + value for name, value in (*cycle.default_headers, *fields)]
    if (b"connection", b"close") in fields:
        cycle.keep_alive = False
    elif not cycle.keep_alive:
        lines.append(b"connection: close")
    head = b"\r\n".join(lines)
    if head.count(b"\n") >= len(lines) or head.count(b"\r") >= len(lines):
        raise RuntimeError("a header field has more than one line")
    cycle.response_started = cycle.response_complete = True
    cycle.transport.write(b"".join((STATUS_LINE[status], head, b"\r\n\r\n", body)))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


async def _taken(cycle: RequestResponseCycle) -> None:
    while cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()


def speaking(kept: Callable[[], Kept | None], seconds: float = HEAD_SECONDS) -> type[Protocol]:
    """The protocol of one server."""
    return type("Speaking", (Protocol,), {"kept": staticmethod(kept), "seconds": seconds})
