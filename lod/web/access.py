"""What an operator sees: one line a request, and counters. Neither holds a query, a search or a client's address.

Both are kept in memory for a moment and written together: a request has no time to wait for them.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lod.store import Answer, Refusal
from lod.web.counts import Metrics, Route

_STATE = "lod.query"
_LATE_SECONDS = 0.2
"""Lines and counters are behind by so much at most."""
_PIECE_BYTES = 4096
"""So much of whole lines at once is not mixed with what other processes write to the same pipe."""


@dataclass(frozen=True, slots=True)
class Query:
    """What may be told of a query: a hash to recognise it by, and how it ended."""

    hash: str
    outcome: str


def told(scope: Scope, text: str, result: Answer | Refusal | None) -> None:
    """Leave word of a query for the log; `None`: its client has gone."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    outcome = "abandoned" if result is None else result.name if isinstance(result, Refusal) else "answered"
    scope[_STATE] = Query(digest, outcome)


def query_of(scope: Scope) -> Query | None:
    """The word that was left."""
    found: Query | None = scope.get(_STATE)
    return found


class Journal:
    """Notes every request that was answered. `write` takes whole lines, ended by newlines; `None`: no lines."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self.write: Callable[[str], None] | None = None
        self._lines: list[str] = []
        self._waiting: asyncio.TimerHandle | None = None

    def note(self, method: str, path: str, status: int, size: int, seconds: float, query: Query | None = None) -> None:
        """One request: decoded path, bytes of the body, seconds from its head to its last byte."""
        counts = self.metrics.own
        name = route_of(path)
        route = counts.routes.get(name)
        if route is None:
            route = counts.routes[name] = Route()
        route.add(status, size, seconds)
        if query is not None:
            counts.queries[query.outcome] += 1
        if self.write is not None:
            about = f" query={query.hash} outcome={query.outcome}" if query else ""
            # The path without what stands behind the question mark, and on one line whatever it holds.
            shown = path.encode("unicode_escape").decode("ascii").replace(" ", "%20")[:200]
            said = f"{_now()} {method} {shown} {status} {size} bytes {seconds * 1000:.1f} ms{about}\n"
            self._lines.append(said)
        self._soon()

    def drop(self, reason: str) -> None:
        """A connection that was ended, or not taken, before there was anything to answer, or before it was taken."""
        self.metrics.own.dropped[reason] += 1
        self._soon()

    def _soon(self) -> None:
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().call_later(_LATE_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what was noted."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self.metrics.publish()
        lines, self._lines = self._lines, []
        piece = ""
        for line in lines:
            if len(piece) + len(line) > _PIECE_BYTES and piece and self.write:
                self.write(piece)
                piece = ""
            piece += line
        if piece and self.write:
            self.write(piece)


def _now() -> str:
    now = time.time()
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now)) + f",{int(now * 1000) % 1000:03d}"


class Access:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size = 0, 0
        begin = time.perf_counter()

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            seconds = time.perf_counter() - begin
            self._journal.note(scope["method"], scope["path"], status, size, seconds, query_of(scope))


_ROUTES = frozenset(
    {
        "sparql",
        "search",
        "dumps",
        "dataset",
        "static",
        "health",
        "ready",
        "problems",
        "reconcile",
        "lookup",
        "oai",
        "ldes",
    }
)


def route_of(path: str) -> str:
    """Few words for many addresses: the first segment when it is a service, else `document` or `other`.

    What was no request has no path: `no-request`.
    """
    if not path.startswith("/"):
        return "no-request"
    first, _, rest = path.removeprefix("/").partition("/")
    if first in _ROUTES:
        return first
    return "document" if rest else "other"
