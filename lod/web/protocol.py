"""uvicorn's HTTP/1.1 with things of ours: ready answers are given at once, nobody's head is waited for for ever, what is no request
is told so like every other problem, and a client that leaves is noticed whatever it has sent besides.
"""

import asyncio
import functools
import time
from collections.abc import Callable
from typing import Any

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from lod.web import guard, problems
from lod.web.kept import Fields, Kept
from lod.web.problems import Problem

WHOLE = "lod.whole"
"""Among the extensions of a request: what sends a status, fields (names in lower case) and a body at once."""
TAKEN = "lod.taken"
"""Among them too: what waits until the client has taken what was sent, or has gone."""
_REQUEST_HEAD_BYTES = 256 * 1024
"""Beyond this the connection is dropped; below it, what is too long gets a proper answer."""
HEAD_SECONDS = 15.0
"""A connection that has not sent the whole head of a request by then is closed."""
TAKING_SECONDS = 20.0
_LINGER_SECONDS = 1.0
"""What a refused client still sends is taken and forgotten for so long: else it might never see why."""
_FRAMING = (b"content-length", b"transfer-encoding")
_TAKEN_BYTES = 20 * 1024
"""A client that takes less than so much of its answer in so many seconds is not waited for: the rest would be held for it."""


_NO_REQUEST = Problem(400, "This is no request of HTTP/1.1.")
_OTHER_CODING = Problem(501, "Of transfer codings this server knows chunked alone.")
_UNREAD = "-"
"""Stands in the log for the method and the path of what was no request."""


class Protocol(HttpToolsProtocol):
    """One connection. `seconds` and `kept` are set for a server by `speaking`."""

    seconds = HEAD_SECONDS
    kept: Callable[[], Kept | None]
    _closing: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = False
    _refused = False
    _unfit: Problem | None = None
    _resuming = False
    url = b""
    _running: RequestResponseCycle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._closing is not None:
            self._head_bytes += len(data)
            # A body may begin in the same piece; far beyond both it is nobody's head.
            if self._head_bytes > _REQUEST_HEAD_BYTES:
                self._refuse(guard.long_head(len(self.url)))
                return
        self._unset_keepalive_if_required()
        self._feed(data)
        if self._in_head and self._closing is None:
            self._wait()

    def _feed(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while True:
                try:
                    self.parser.feed_data(rest)
                    return
                except httptools.HttpParserUpgrade as upgrade:  # Java's client offers HTTP/2 so
                    rest = rest[upgrade.args[0] :]
                    self._resume()
        except httptools.HttpParserError:
            if self._unfit is not None:
                self._refuse(self._unfit)
                return
            self._refuse(guard.long_head(len(self.url)) if len(self.url) > guard.URL_BYTES else _NO_REQUEST)

    def _resume(self) -> None:
        """Go on as if no other protocol had been offered: the parser takes no body behind such an offer, another one does."""
        said = [name + b": " + value + b"\r\n" for name, value in self.headers if name in _FRAMING]
        self.parser = httptools.HttpRequestParser(self)
        self._resuming = True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n" + b"".join(said) + b"\r\n")

    def on_message_begin(self) -> None:
        if self._resuming:
            return
        super().on_message_begin()
        self._in_head = True

    def on_url(self, url: bytes) -> None:
        if not self._resuming:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # not in the trailer of a body, where anybody could say whom a proxy speaks for
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._resuming:
            self._resuming = False
            return
        self._in_head = False
        self._head_bytes = 0
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if self._answered():
            return
        if _coded(self.headers):
            self._unfit = _OTHER_CODING
            raise ValueError(_OTHER_CODING.detail)  # the parser would take its body for a chunked one
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        begun = self.parser.should_upgrade() and any(name in _FRAMING for name, _ in self.headers)
        if self.cycle is not None and not begun:  # none was made for a ready answer
            super().on_message_complete()

    def _under_way(self) -> list[RequestResponseCycle]:
        """The requests that are not answered yet, in their order."""
        cycles = self._running, *(waiting for waiting, _ in reversed(self.pipeline))
        return [cycle for cycle in cycles if cycle is not None and not cycle.response_complete]

    def _refuse(self, problem: Problem) -> None:
        """Say what is wrong with what was sent here, after the answers to what came before it, and let nothing more in."""
        self._refused = True
        if self.transport.is_closing():
            return
        broken = self.cycle if self.cycle is not None and self.cycle.more_body else None
        if broken is not None:  # the rest of its body never comes
            broken.disconnected = True
            broken.message_event.set()
        before = [cycle for cycle in self._under_way() if cycle is not broken]
        if before:
            before[-1].keep_alive = False
            self._dropped("no-request")
            return
        self._say(problem)

    def _say(self, problem: Problem) -> None:
        """The last answer on this connection."""
        begin = time.perf_counter()
        body = problems.told(problem).encode()
        fields = [
            *self.server_state.default_headers,
            (b"content-type", problems.MEDIA_TYPE.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        lines = [name + b": " + value + b"\r\n" for name, value in guard.completed(fields)]
        self.transport.write(b"".join((STATUS_LINE[problem.status], *lines, b"\r\n", body)))
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)
        kept = self.kept()
        if kept is not None:
            kept.journal.note(_UNREAD, _UNREAD, problem.status, len(body), time.perf_counter() - begin)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        extensions: dict[str, Any] = cycle.scope.setdefault("extensions", {})
        extensions[WHOLE] = functools.partial(_send_whole, cycle)
        extensions[TAKEN] = functools.partial(_taken, cycle)
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        self._unwatch()
        for cycle in self._under_way():  # nobody is there to be answered
            cycle.disconnected = True
            cycle.message_event.set()
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
            self._dropped("slow-reader")
            self.transport.abort()
        else:
            self._watch()

    def _wait(self) -> None:
        self._head_bytes = 0
        self._closing = self.loop.call_later(self.seconds, self._waited)

    def _waited(self) -> None:
        self._dropped("slow-head" if self._in_head else "silent")
        self.transport.close()

    def _dropped(self, reason: str) -> None:
        kept = self.kept()
        if kept is not None:
            kept.journal.drop(reason)

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


def _coded(fields: Fields) -> bool:
    """True for a body that is sent in anything but chunks (RFC 9112, 6.1)."""
    return any(name == b"transfer-encoding" and value.strip().lower() != b"chunked" for name, value in fields)


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
