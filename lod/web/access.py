"""What an operator sees: one line a request, and counters. Neither holds a query, a search or a client's address."""

import hashlib
import logging
import time
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lod.store import Answer, Refusal, Store

LOG = "lod.access"
"""The logger; who configures logging decides where it goes."""
_STATE = "lod.query"
_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Query:
    """What may be told of a query: a hash to recognise it by, and how it ended."""

    hash: str
    outcome: str


def told(scope: Scope, text: str, result: Answer | Refusal) -> None:
    """Leave word of a query for the log."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    scope[_STATE] = Query(digest, result.name if isinstance(result, Refusal) else "answered")


class Metrics:
    """Counters of one server, for Prometheus."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("lod_requests", "Requests answered.", ("route", "status"), registry=self.registry)
        self.seconds = Histogram(
            "lod_request_seconds", "From request to last byte.", ("route",), buckets=_BUCKETS, registry=self.registry
        )
        self.queries = Counter("lod_queries", "Queries by how they ended.", ("outcome",), registry=self.registry)
        self.bytes = Counter("lod_response_bytes", "Bytes of bodies sent.", ("route",), registry=self.registry)
        asking = Gauge("lod_queries_under_way", "Queries that run or wait now.", registry=self.registry)
        asking.set_function(lambda: store.busy[0])
        most = Gauge("lod_queries_most", "Queries that may run or wait.", registry=self.registry)
        most.set_function(lambda: store.busy[1])
        ready = Gauge("lod_ready", "1 when queries are answered.", registry=self.registry)
        ready.set_function(lambda: float(store.ready))


class Access:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._log = logging.getLogger(LOG)
        self._counters: dict[tuple[str, int], tuple[Counter, Histogram, Counter]] = {}

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
            self._note(scope, status, size, time.perf_counter() - begin)

    def _note(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        route, query = route_of(scope["path"]), scope.get(_STATE)
        counters = self._counters.get((route, status))
        if counters is None:  # finding them costs more than counting
            metrics = self._metrics
            counters = (
                metrics.requests.labels(route, str(status)),
                metrics.seconds.labels(route),
                metrics.bytes.labels(route),
            )
            self._counters[route, status] = counters
        counters[0].inc()
        counters[1].observe(seconds)
        counters[2].inc(size)
        if query is not None:
            self._metrics.queries.labels(query.outcome).inc()
        if self._log.isEnabledFor(logging.INFO):
            about = f" query={query.hash} outcome={query.outcome}" if query else ""
            # The path without what stands behind the question mark, and on one line whatever it holds.
            path = scope["path"].encode("unicode_escape").decode("ascii").replace(" ", "%20")[:200]
            self._log.info("%s %s %d %d bytes %.1f ms%s", scope["method"], path, status, size, seconds * 1000, about)


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
    """Few words for many addresses: the first segment when it is a service, else `document` or `other`."""
    first, _, rest = path.removeprefix("/").partition("/")
    if first in _ROUTES:
        return first
    return "document" if rest else "other"
