"""What Prometheus is told of requests: sums and a histogram, the same through a file and over all workers."""

from lod.web.counts import SECONDS, Counts, Route, unpack


def counted(*requests: tuple[int, int, float]) -> Counts:
    route = Route()
    for status, size, seconds in requests:
        route.add(status, size, seconds)
    return Counts({"/sparql": route})


def test_requests_are_summed_and_stand_in_the_bucket_that_holds_them() -> None:
    route = counted((200, 10, 0.5), (200, 5, 0.25), (503, 0, 99.0), (200, 1, SECONDS[0])).routes["/sparql"]
    assert (dict(route.statuses), route.sent, route.seconds) == ({200: 3, 503: 1}, 16, 99.75 + SECONDS[0])
    held = dict(zip((*SECONDS, None), route.buckets, strict=True))
    assert {bound: count for bound, count in held.items() if count} == {0.001: 1, 0.3: 1, 1.0: 1, None: 1}


def test_workers_are_summed_and_come_back_from_a_file() -> None:
    one, other = counted((200, 10, 0.5)), counted((200, 5, 0.25), (404, 1, 0.25))
    one.queries["answered"] += 2
    other.queries["answered"] += 1
    other.dropped["silent"] += 2
    one.join(unpack(other.pack()))
    assert one.dropped == {"silent": 2}
    assert one.routes["/sparql"] == counted((200, 10, 0.5), (200, 5, 0.25), (404, 1, 0.25)).routes["/sparql"]
    assert one.queries == {"answered": 3}
