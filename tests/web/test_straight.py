# ruff: noqa: E501 (a request a line)
"""Queries past the framework's layers: odd requests on raw sockets, each with its right status, and the same server after all of it."""

import asyncio
import contextlib
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from running import Process, edition, lod_serve

from lod.store.shared import Tally
from lod.web.admission import Server
from lod.web.server import config
from tests.processes import family, gone

ASK = quote("ASK { ?s ?p ?o }", safe="")
JSON = "Accept: application/sparql-results+json"
FORM = "Content-Type: application/x-www-form-urlencoded"
DIRECT = "Content-Type: application/sparql-query"
TRUE = b'{"head":{},"boolean":true}'
SHARE = 8
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 6000"


def get(target: str, *fields: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/{version}", "Host: x", *fields, "", ""]).encode()


def post(body: str | bytes, *fields: str, target: str = "/sparql", length: int | None = None) -> bytes:
    given = body.encode() if isinstance(body, str) else body
    size = len(given) if length is None else length
    return get(target, *fields, f"Content-Length: {size}", method="POST") + given


def chunked(body: bytes, *fields: str) -> bytes:
    pieces = b"".join(b"%x\r\n%s\r\n" % (1, body[at : at + 1]) for at in range(len(body)))
    return get("/sparql", *fields, "Transfer-Encoding: chunked", method="POST") + pieces + b"0\r\n\r\n"


ODD: dict[str, tuple[bytes, list[int]]] = {
    "the plainest": (get(f"/sparql?query={ASK}"), [200]),
    "two in one breath": (get(f"/sparql?query={ASK}", JSON) * 2, [200, 200]),
    "a query, a page, a document, a query": (
        get(f"/sparql?query={ASK}%231", JSON) + get("/", "Accept: text/html")
        + get("/letter/1.ttl") + get(f"/sparql?query={ASK}%232", JSON),
        [200, 200, 200, 200],
    ),
    "HEAD, then GET on the same connection": (get(f"/sparql?query={ASK}", JSON, method="HEAD") + get(f"/sparql?query={ASK}", JSON), [200, 200]),
    "HEAD of a refusal, then GET": (get("/sparql?query=x", method="HEAD") + get(f"/sparql?query={ASK}"), [400, 200]),
    "HEAD of the description": (get("/sparql", method="HEAD") + get(f"/sparql?query={ASK}"), [200, 200]),
    "HEAD and 406": (get(f"/sparql?query={ASK}", "Accept: image/png", method="HEAD") + get(f"/sparql?query={ASK}"), [406, 200]),
    "HTTP/1.0": (get(f"/sparql?query={ASK}", version="1.0"), [200]),
    "HTTP/1.0 that stays": (get(f"/sparql?query={ASK}", "Connection: keep-alive", version="1.0"), [200]),
    "a connection that closes": (get(f"/sparql?query={ASK}", "Connection: close"), [200]),
    "the target with a scheme and a host": (get(f"http://evil.example/sparql?query={ASK}"), [200]),
    "another host's name": (f"GET /sparql?query={ASK} HTTP/1.1\r\nHost: evil.example:1\r\n\r\n".encode(), [200]),
    "a fragment in the target": (get(f"/sparql?query={ASK}#x"), [200, 400]),
    "a slash at the end": (get(f"/sparql/?query={ASK}"), [308, 301, 404]),
    "the path in escapes": (get(f"/%73parql?query={ASK}"), [200, 301, 308]),
    "the path in capitals": (get(f"/SPARQL?query={ASK}"), [404, 308]),
    "dots in the path": (get(f"/x/../sparql?query={ASK}"), [404, 200, 308, 301]),
    "a zero in the query": (get("/sparql?query=ASK%20%7B%7D%00"), [400]),
    "a zero in a literal": (get(f"/sparql?query={quote('ASK { FILTER(STRLEN(' + chr(39) + chr(0) + chr(39) + ') = 1) }', safe='')}"), [200, 400]),
    "half an escape": (get("/sparql?query=ASK%20%7B%7D%2"), [400]),
    "no escape at all": (get("/sparql?query=ASK%zz"), [400]),
    "no UTF-8": (get("/sparql?query=ASK%ff"), [400]),
    "half a pair": (get("/sparql?query=ASK%20%7B%20FILTER(%22%ED%A0%80%22)%7D"), [400]),
    "lines in the query": (get("/sparql?query=ASK%0D%0A%7B%7D"), [200]),
    "pluses for spaces": (get("/sparql?query=ASK+%7B+%7D"), [200]),
    "an equals sign in the query": (get("/sparql?query=ASK%20%7B%20FILTER(1=1)%20%7D"), [200]),
    "two queries": (get(f"/sparql?query={ASK}&query={ASK}"), [400]),
    "an empty query": (get("/sparql?query="), [400]),
    "a name without a value": (get("/sparql?query"), [400]),
    "only signs between": (get("/sparql?&&&&"), [200]),
    "default graphs, two of them": (get(f"/sparql?query={ASK}&default-graph-uri=http://x/a&default-graph-uri=http://x/b"), [200]),
    "the same graph in both parts": (get(f"/sparql?query={ASK}&default-graph-uri=http://x/a&named-graph-uri=http://x/a"), [200]),
    "a graph that is no IRI": (get(f"/sparql?query={ASK}&default-graph-uri=%00"), [400]),
    "parameters nobody knows": (get(f"/sparql?query={ASK}&debug=1&explain=on&timeout=5"), [200]),
    "65 parameters": (get(f"/sparql?query={ASK}" + "&a=b" * 64), [400]),
    "a timeout that is none": (get(f"/sparql?query={ASK}&timeout=nan"), [400]),
    "a timeout of no time": (get(f"/sparql?query={ASK}&timeout=1e-300"), [200, 503]),
    "an update in the address": (get("/sparql?update=DROP%20ALL"), [403]),
    "a format nobody knows": (get(f"/sparql?query={ASK}&format=../../x"), [400]),
    "100 header fields": (get(f"/sparql?query={ASK}", *(f"X-{number}: y" for number in range(100))), [200]),
    "2,000 header fields": (get(f"/sparql?query={ASK}", *(f"X-{number}: yyyyyyyy" for number in range(2000))), [431, 400]),
    "a long field": (get(f"/sparql?query={ASK}", "X-Long: " + "y" * 20_000), [431]),
    "a long address": (get("/sparql?query=" + "x" * 20_000), [414]),
    "Accept twice": (get(f"/sparql?query={ASK}", "Accept: text/turtle", "Accept: application/sparql-results+xml"), [200]),
    "an Accept of rubbish": (get(f"/sparql?query={ASK}", "Accept: ;;;q=,,/"), [406]),
    "nothing is acceptable": (get(f"/sparql?query={ASK}", "Accept: */*;q=0"), [406]),
    "a body with GET": (get(f"/sparql?query={ASK}", "Content-Length: 5") + b"hello" + get(f"/sparql?query={ASK}"), [200, 200]),
    "a form": (post(f"query={ASK}", FORM, JSON), [200]),
    "a form in UTF-16 by name": (post(f"query={ASK}", FORM + "; charset=UTF-16"), [400]),
    "a form in quoted UTF-8": (post(f"query={ASK}", FORM + '; charset="UTF-8"'), [200]),
    "a form of raw letters": (post("query=ASK { FILTER('é' = 'é') }".replace("=", "%3D").replace("%3D", "=", 1), FORM), [200]),
    "a form that is no UTF-8": (post(b"query=ASK%20%7B%7D%23\xff", FORM), [400]),
    "a query as it is": (post("ASK {}", DIRECT), [200]),
    "a query in Latin-1": (post("ASK { FILTER('é') }".encode("latin-1"), DIRECT), [400]),
    "a mark before the query": (post("\ufeffASK {}", DIRECT), [200, 400]),
    "an empty body": (post("", DIRECT), [400]),
    "an empty form": (post("", FORM), [200, 400]),
    "both a body and a query in the address": (post("ASK {}", DIRECT, target=f"/sparql?query={ASK}"), [400]),
    "a query in the body, graphs in the address": (post("ASK { ?s ?p ?o }", DIRECT, target="/sparql?default-graph-uri=http://x/a"), [200]),
    "two types": (post("ASK {}", DIRECT, FORM), [200, 400, 415]),
    "no type": (post("ASK {}"), [415]),
    "a type of rubbish": (post("ASK {}", "Content-Type: ;;/"), [415]),
    "a multipart form": (post("--x\r\n", "Content-Type: multipart/form-data; boundary=x"), [415]),
    "an update": (post("DROP ALL", "Content-Type: application/sparql-update"), [403]),
    "an update in a form": (post("update=DROP%20ALL", FORM), [403]),
    "a letter at a time": (chunked(b"ASK {}", DIRECT), [200]),
    "a letter at a time, in a form": (chunked(f"query={ASK}".encode(), FORM), [200]),
    "a chunk of no size": (get("/sparql", DIRECT, "Transfer-Encoding: chunked", method="POST") + b"zz\r\n", [400]),
    "chunks that are packed": (get("/sparql", DIRECT, "Transfer-Encoding: gzip, chunked", method="POST") + b"6\r\nASK {}\r\n0\r\n\r\n", [501]),
    "chunks, named with a capital": (get("/sparql", DIRECT, "Transfer-Encoding: Chunked", method="POST") + b"6\r\nASK {}\r\n0\r\n\r\n", [200]),
    "both lengths": (get("/sparql", DIRECT, "Content-Length: 6", "Transfer-Encoding: chunked", method="POST") + b"6\r\nASK {}\r\n0\r\n\r\n", [400, 200]),
    "two lengths": (get("/sparql", DIRECT, "Content-Length: 6", "Content-Length: 7", method="POST") + b"ASK {} ", [400]),
    "a length below nothing": (post("ASK {}", DIRECT, length=-1), [400]),
    "asked to go on": (post("ASK {}", DIRECT, "Expect: 100-continue"), [100, 200]),
    "asked to do what nobody does": (post("ASK {}", DIRECT, "Expect: coffee"), [200, 417]),
    "packed": (post(b"\x1f\x8b\x08\x00", DIRECT, "Content-Encoding: gzip"), [400, 415]),
    "another protocol": (get(f"/sparql?query={ASK}", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13"), [200, 400, 426]),
    "PUT": (get("/sparql", "Content-Length: 0", method="PUT"), [405]),
    "TRACE": (get("/sparql", method="TRACE"), [405, 400]),
    "OPTIONS": (get("/sparql", method="OPTIONS"), [204]),
    "a method nobody knows": (get("/sparql", method="BREW"), [400, 405]),
    "the same again, changed or not": (get(f"/sparql?query={ASK}", "If-None-Match: *") + get(f"/sparql?query={ASK}", "If-None-Match: \"x\""), [304, 200]),
    "a range of a result": (get(f"/sparql?query={ASK}", "Range: bytes=0-1"), [200]),
    "packed for the client": (get(f"/sparql?query={ASK}", "Accept-Encoding: br, gzip"), [200]),
    "a folded field": (f"GET /sparql?query={ASK} HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n".encode(), [200, 400]),
    "a space before a colon": (f"GET /sparql?query={ASK} HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n".encode(), [400]),
    "lines that end in LF": (f"GET /sparql?query={ASK} HTTP/1.1\nHost: x\n\n".encode(), [200, 400]),
    "no host": (f"GET /sparql?query={ASK} HTTP/1.1\r\n\r\n".encode(), [400]),
}  # fmt: skip
"""Name → bytes, and the statuses that may come, in order; of one answer alone, any of them."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    home, dumps = edition(tmp_path_factory.mktemp("straight"))
    options = ("--seconds", "5", "--slots", "2", "--client-queries", str(SHARE), "--workers", "2", "--access-log")
    with lod_serve(home, dumps, *options) as served:
        served.ask()
        yield served


@pytest.fixture(scope="module")
def before(site: Process) -> set[int]:
    return family(site.server.pid)


def talk(site: Process, request: bytes) -> bytes:
    """Bytes out, then bytes in until the server closes or says no more for a while."""
    found = b""
    with socket.create_connection(("127.0.0.1", site.port), timeout=0.4) as connection, contextlib.suppress(OSError):
        connection.sendall(request)
        while piece := connection.recv(1 << 16):
            found += piece
    return found


def statuses(said: bytes, methods: list[str]) -> list[int]:
    """The statuses of answers that follow one another, each read to its end by its own length; nothing may be left over."""
    found = []
    while said:
        head, found_end, rest = said.partition(b"\r\n\r\n")
        assert found_end and head.startswith(b"HTTP/1.1 "), said[:200]
        status = int(head[9:12])
        length = re.search(rb"\r\ncontent-length: (\d+)", head)
        bodiless = status in (100, 204, 304) or methods[min(len(found), len(methods) - 1)] == "HEAD"
        size = 0 if bodiless or length is None else int(length[1])
        assert bodiless or length is not None, head
        found.append(status)
        assert len(rest) >= size
        said = rest[size:]
    return found


@pytest.mark.statement(21, 38, 40, 41, 46, 48)
def test_odd_requests(site: Process, before: set[int]) -> None:
    with ThreadPoolExecutor(SHARE // 2) as pool:
        wrong = list(filter(None, pool.map(lambda name: answered(site, name), ODD)))
    assert len(ODD) > 80 and not wrong


def answered(site: Process, name: str) -> str:
    """What is wrong with the answers to a request, and whether the next one is answered."""
    request, wanted = ODD[name]
    methods = re.findall(r"(?:^|\n\r?\n?|hello|\{\})([A-Z]+) \S+ HTTP/1", request.decode("latin-1"))
    found = statuses(talk(site, request), methods)
    right = found[0] in wanted if len(found) == 1 else found == wanted
    after = talk(site, get(f"/sparql?query={ASK}%23{quote(name)}", JSON, "Connection: close"))
    return "" if right and after.endswith(TRUE) else f"{name}: {found}, then {after[:100]!r}"


@pytest.mark.statement(38, 85)
def test_all_that_layers_add_is_there(site: Process) -> None:
    """An answer past the layers has the fields that an answer through them has."""
    straight = site.ask(format="json")
    layered = site.client.get(
        "/sparql", params={"query": "ASK { ?s ?p ?o }", "format": "json"}, headers={"Accept": "text/html"}
    )
    assert straight.content == layered.content
    own = {"vary", "content-length", "date", "set-cookie"}
    assert set(straight.headers) - own == set(layered.headers) - own
    for name in set(straight.headers) - own:
        assert straight.headers[name] == layered.headers[name], name
    assert "server" not in straight.headers and straight.headers["access-control-allow-origin"] == "*"


def test_an_exception_is_told_by_number(site: Process) -> None:
    assert "Traceback" not in site.output and "Exception" not in site.output


@pytest.mark.statement(52)
def test_clients_that_leave_are_noted_and_nothing_else(site: Process) -> None:
    forever = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", safe="")
    for number in range(6):
        with socket.create_connection(("127.0.0.1", site.port)) as connection:
            connection.sendall(get(f"/sparql?query={forever}%23{number}", JSON))
            time.sleep(0.1)
    end = time.monotonic() + 5
    while site.output.count("outcome=abandoned") < 6 and time.monotonic() < end:
        time.sleep(0.05)
    assert site.output.count("outcome=abandoned") == 6 and site.output.count(" 499 0 bytes") == 6
    assert "Traceback" not in site.output


@pytest.mark.statement(53)
def test_what_waits_to_be_read_counts(site: Process) -> None:
    """A client that takes none of its large answers gets no more than its share; the next one when it has taken them."""
    waiting = []
    try:
        for number in range(SHARE):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", site.port))
            connection.sendall(get(f"/sparql?query={quote(MANY)}%23{number}", JSON))
            waiting.append(connection)
            connection.settimeout(10)
            assert connection.recv(12, socket.MSG_PEEK | socket.MSG_WAITALL) == b"HTTP/1.1 200"
        time.sleep(0.3)
        assert site.ask("ASK {} #one more").status_code == 429
    finally:
        for connection in waiting:
            connection.close()
    end = time.monotonic() + 5
    while (answer := site.ask("ASK {} #one more")).status_code == 429 and time.monotonic() < end:
        time.sleep(0.05)
    assert answer.status_code == 200


def test_workers_share_connections(site: Process) -> None:
    """Of connections that come one after the other and stay, each worker has its half."""
    with contextlib.ExitStack() as stack:
        for _ in range(16):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            connection.sendall(get("/health"))
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
        held = [len(_connections(process, site.port)) for process in family(site.server.pid)]
    workers = [count for count in held if count]
    assert len(workers) == 2 and min(workers) >= 6


def test_a_worker_whose_connections_have_ended_is_not_taken_for_a_busy_one(tmp_path: Path) -> None:
    told, heard = Tally(tmp_path / "tally", 0, 2), Tally(tmp_path / "tally", 1, 2)
    told.put(8)
    server = Server(config(FastAPI(), host="127.0.0.1", port=0), told, lambda: None)
    server.config.load()
    assert heard.least_of_others == 8
    assert asyncio.run(server.on_tick(1)) is False
    assert heard.least_of_others == 0


def _connections(process: int, port: int) -> list[str]:
    """The inodes of sockets that a process has open and that are connections to a port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = {row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}
    folder = Path(f"/proc/{process}/fd")
    named = [str(each.readlink()) for each in folder.iterdir()] if folder.exists() else []
    return [name for name in named if name.removeprefix("socket:[").removesuffix("]") in ours]


@pytest.mark.statement(49)
def test_afterwards(site: Process, before: set[int]) -> None:
    """Runs last: the same server and its workers, as many processes as before, nobody left behind."""
    assert site.server.poll() is None
    assert site.ask("ASK { ?a ?b ?c }").json()["boolean"] is True
    now = family(site.server.pid)
    assert len(now) == len(before)
    assert gone(before - now)
