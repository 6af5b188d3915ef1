"""Counters of one server for Prometheus, over all of its workers: each adds up its own and leaves them where the others see them."""

import json
import logging
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from lod.store import Store
from lod.store.workers import Worker

SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Bounds of the histogram."""
_FILE = "counts"


@dataclass(slots=True)
class Route:
    """Requests of one kind of address."""

    statuses: Counter[int] = field(default_factory=Counter)
    sent: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(SECONDS) + 1))

    def add(self, status: int, size: int, seconds: float) -> None:
        """One request more: bytes of its body, seconds it took."""
        self.statuses[status] += 1
        self.sent += size
        self.seconds += seconds
        self.buckets[bisect_left(SECONDS, seconds)] += 1

    def join(self, other: "Route") -> None:
        """The sum of both."""
        self.statuses.update(other.statuses.copy())
        self.sent += other.sent
        self.seconds += other.seconds
        self.buckets = [mine + theirs for mine, theirs in zip(self.buckets, other.buckets, strict=True)]


@dataclass(slots=True)
class Counts:
    """Requests by route, queries by how they ended, connections by why they were dropped.

    They are read in a thread while requests add to them: whoever goes through them goes through a copy.
    """

    routes: dict[str, Route] = field(default_factory=dict)
    queries: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def join(self, other: "Counts") -> None:
        """The sum of both."""
        for name, route in other.routes.copy().items():
            self.routes.setdefault(name, Route()).join(route)
        self.queries.update(other.queries.copy())
        self.dropped.update(other.dropped.copy())

    def pack(self) -> bytes:
        """As JSON."""
        routes = {
            name: [dict(route.statuses), route.sent, route.seconds, route.buckets]
            for name, route in self.routes.items()
        }
        return json.dumps({"routes": routes, "queries": self.queries, "dropped": self.dropped}).encode()


def unpack(packed: bytes) -> Counts:
    """The same back."""
    data: Any = json.loads(packed)
    routes = {
        name: Route(Counter({int(status): count for status, count in statuses.items()}), sent, seconds, buckets)
        for name, (statuses, sent, seconds, buckets) in data["routes"].items()
    }
    return Counts(routes, Counter(data["queries"]), Counter(data["dropped"]))


class Metrics:
    """What Prometheus reads. `own` are the counts of this process; a worker goes on where its predecessor ended."""

    def __init__(self, store: Store, worker: Worker | None = None) -> None:
        self._store = store
        self._worker = worker
        self._told = False
        left = worker.left(_FILE).get(worker.number) if worker else None
        self.own = unpack(left) if left else Counts()

    def publish(self) -> None:
        """Let the other workers see the counts of this one."""
        if self._worker is None:
            return
        try:
            self._worker.leave(_FILE, self.own.pack())
        except OSError as error:  # nothing that is served depends on it
            if not self._told:
                logging.getLogger(__name__).error("counters stay with their worker: %s", error)
            self._told = True

    def collect(self) -> Iterator[Metric]:
        """All families, as Prometheus' client wants them."""
        total = Counts()
        total.join(self.own)
        if self._worker is not None:
            for number, packed in self._worker.left(_FILE).items():
                if number != self._worker.number:
                    total.join(unpack(packed))
        yield from _requests(total)
        under_way, most = self._store.busy
        yield GaugeMetricFamily("lod_queries_under_way", "Queries that run or wait now.", under_way)
        yield GaugeMetricFamily("lod_queries_most", "Queries that may run or wait.", most)
        yield GaugeMetricFamily("lod_ready", "1 when queries are answered.", float(self._store.ready))


def _requests(total: Counts) -> Iterable[Metric]:
    requests = CounterMetricFamily("lod_requests", "Requests answered.", labels=("route", "status"))
    sent = CounterMetricFamily("lod_response_bytes", "Bytes of bodies sent.", labels=("route",))
    took = HistogramMetricFamily("lod_request_seconds", "From request to last byte.", labels=("route",))
    bounds = [*map(str, SECONDS), "+Inf"]
    for name, route in sorted(total.routes.items()):
        for status, count in sorted(route.statuses.items()):
            requests.add_metric((name, str(status)), count)
        sent.add_metric((name,), route.sent)
        took.add_metric((name,), list(zip(bounds, accumulate(route.buckets), strict=True)), route.seconds)
    queries = CounterMetricFamily("lod_queries", "Queries by how they ended.", labels=("outcome",))
    for outcome, count in sorted(total.queries.items()):
        queries.add_metric((outcome,), count)
    dropped = CounterMetricFamily(
        "lod_connections_dropped", "Connections by why they were dropped.", labels=("reason",)
    )
    for reason, count in sorted(total.dropped.items()):
        dropped.add_metric((reason,), count)
    return requests, sent, took, queries, dropped
