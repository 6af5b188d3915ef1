"""What is given as a ready answer equals what the application says, byte for byte but for the date."""

import contextlib
import itertools
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from serving import BROWSER, free_port, published, wait_ready
from starlette.types import ASGIApp, Receive, Scope, Send

from lod.formats import DOCUMENT_FORMATS
from lod.web import create_app
from lod.web.kept import Kept
from lod.web.server import config

ASIDE = "X-Unknown: 1"
"""A field that nobody knows: its request is always the application's."""
MIXES = [
    (),
    ("Accept-Encoding: gzip",),
    ("Accept-Encoding: br;q=0.5, gzip;q=0.4", "User-Agent: somebody"),
    ("Accept-Encoding: identity;q=0, gzip",),
    ("Accept: text/html", "Accept-Language: fr", "Sec-Fetch-Mode: navigate"),
    ("Accept-Language: fr", "Cookie: lang=en"),
    ("Accept-Profile: <http://www.cidoc-crm.org/cidoc-crm/>",),
    ('Accept: application/ld+json;profile="https://linked.art/ns/v1/linked-art.json"',),
    ("If-None-Match: *",),
    ('If-None-Match: "other"', "Accept-Encoding: br"),
    ("If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT",),
    ("If-Modified-Since: Fri, 01 Jan 1900 00:00:00 GMT", "Origin: https://example.com", "X-Forwarded-For: 10.0.0.1"),
    ("If-Modified-Since: nonsense",),
    ("Connection: close",),
]
NAMED = [
    f"Accept: {accept}"
    for accept in ("*/*", "text/turtle", "application/ld+json;q=0.9, text/turtle;q=0.1", BROWSER, "application/rdf+xml")
]


@dataclass(slots=True)
class Layers:
    """The application inside a server, which can be taken away. `asked` counts its requests."""

    app: FastAPI
    url: str
    port: int
    gone: bool = False
    asked: int = 0

    @property
    def kept(self) -> Kept:
        found: Kept = self.app.state.kept
        return found

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Nobody but the protocol answers in this block."""
        self.gone = True
        try:
            yield
        finally:
            self.gone = False


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layers]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app([published(tmp_path_factory.mktemp("kept"))], public_url=url)
    found = Layers(app, url, port)

    class Watched:
        def __init__(self, inner: ASGIApp) -> None:
            self.inner = inner

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                found.asked += 1
                if found.gone:
                    raise AssertionError("the application was asked")
            await self.inner(scope, receive, send)

    app.add_middleware(Watched)  # added last, so outermost
    server = uvicorn.Server(config(app, host="127.0.0.1", port=port))
    thread = threading.Thread(target=server.run)
    thread.start()
    with httpx.Client(base_url=url) as client:
        wait_ready(client)
    yield found
    server.should_exit = True
    thread.join(20)


class Wire:
    """Requests as bytes on one connection, answers as bytes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        self._file = self._socket.makefile("rb")

    def ask(self, method: str, target: str, *fields: str, version: str = "1.1") -> bytes:
        """Head and body, without the date."""
        lines = (f"{method} {target} HTTP/{version}", "Host: x", *fields, "", "")
        self._socket.sendall("\r\n".join(lines).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self._file.readline()
            assert line, "the connection ended"
            head += line
        length = re.search(rb"^content-length: (\d+)\r", head, re.MULTILINE)
        bodiless = method == "HEAD" or head[9:12] == b"304"
        body = b"" if bodiless or length is None else self._file.read(int(length[1]))
        if b"connection: close" in head:
            assert self._file.read() == b"", "there is more than was announced"
            self.close()
            self._open()
        return re.sub(rb"^date: .*\r\n", b"", head, flags=re.MULTILINE) + body

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@pytest.fixture
def wire(layers: Layers) -> Iterator[Wire]:
    found = Wire(layers.port)
    yield found
    found.close()


def things(layers: Layers) -> list[str]:
    return sorted(layers.app.state.site.rooms[0].documents.paths())


def same(layers: Layers, wire: Wire, method: str, target: str, *fields: str) -> bytes:
    """The ready answer, which was compared with the one that the application makes."""
    made = wire.ask(method, target, *fields, ASIDE)
    wire.ask(method, target, *fields)
    if made[9:12] not in (b"200", b"303", b"304"):
        return made
    with layers.away():
        given = wire.ask(method, target, *fields)
    assert given == made, (method, target, fields)
    return given


def test_every_document_in_every_way(layers: Layers, wire: Wire) -> None:
    """All documents, all formats, GET and HEAD, with every mix of fields."""
    statuses = set()
    for thing, form in itertools.product(things(layers), DOCUMENT_FORMATS):
        target = f"/{quote(thing)}.{form.name}"
        for method, mix in itertools.product(("GET", "HEAD"), MIXES):
            statuses.add(same(layers, wire, method, target, *mix)[9:12])
    assert statuses == {b"200", b"304", b"406"}


def test_every_name_in_every_way(layers: Layers, wire: Wire) -> None:
    for thing, accept in itertools.product(things(layers), NAMED):
        assert same(layers, wire, "GET", f"/{quote(thing)}", accept).startswith(b"HTTP/1.1 303 ")


def test_a_validator_is_answered_with_304(layers: Layers, wire: Wire) -> None:
    for mix in MIXES[:4]:
        whole = same(layers, wire, "GET", "/letter/1.ttl", *mix)
        tag = re.search(rb"^etag: (.*)\r", whole, re.MULTILINE)
        assert tag is not None
        again = same(layers, wire, "GET", "/letter/1.ttl", *mix, f"If-None-Match: {tag[1].decode()}")
        assert again.startswith(b"HTTP/1.1 304 ") and again.endswith(b"\r\n\r\n")


def test_profiles_and_languages_are_kept_apart(layers: Layers, wire: Wire) -> None:
    pages = {same(layers, wire, "GET", "/letter/1.html", *mix) for mix in MIXES[4:6]}
    profiles = {
        same(layers, wire, "GET", f"/letter/1.jsonld?profile={name}") for name in ("full", "schema-org", "cidoc")
    }
    assert len(pages) == 2 and len(profiles) == 3


def test_queries_that_chance_does_not_touch(layers: Layers, wire: Wire) -> None:
    target = f"/sparql?query={quote('SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3')}"
    answers = {same(layers, wire, method, target, accept) for method in ("GET", "HEAD") for accept in NAMED[:1]}
    answers.add(same(layers, wire, "GET", target, "Accept: text/csv"))
    assert len(answers) == 3
    chance = f"/sparql?query={quote('SELECT (UUID() AS ?u) {}')}"
    assert len({wire.ask("GET", chance) for _ in range(3)}) == 3


@pytest.mark.parametrize("fields", [("Connection: close",), ()])
def test_old_clients_get_their_connection_closed(layers: Layers, wire: Wire, fields: tuple[str, ...]) -> None:
    made = wire.ask("GET", "/letter/1.ttl", *fields, ASIDE, version="1.0")
    with layers.away():
        given = wire.ask("GET", "/letter/1.ttl", *fields, version="1.0")
    assert given == made and b"\r\nconnection: close\r\n" in given


@pytest.mark.parametrize(
    ("method", "target", "fields"),
    [
        ("GET", "/search?q=a", ()),
        ("GET", "/letter/1.html?lang=fr", ()),  # sets a cookie
        ("GET", "/letter/nobody", ()),
        ("GET", "/health", ()),
        ("GET", "/letter/1.ttl", ("Content-Length: 1", "", "x")),
        ("GET", "/letter/1.ttl", ("Expect: 100-continue",)),
        ("OPTIONS", "/letter/1.ttl", ()),
        ("GET", "/letter/1.ttl", (f"User-Agent: {'x' * 20_000}",)),
    ],
)
def test_anything_else_is_asked_of_the_application(
    layers: Layers, method: str, target: str, fields: tuple[str, ...]
) -> None:
    for _ in range(2):
        before = layers.asked
        wire = Wire(layers.port)
        wire.ask(method, target, *fields)
        wire.close()
        assert layers.asked == before + 1


def test_requests_in_one_piece_are_answered_in_order(layers: Layers) -> None:
    """Ready ones do not overtake those that take their time."""
    one = b"GET /letter/1.ttl HTTP/1.1\r\nHost: x\r\n\r\n"
    other = b"GET /letter/2.ttl HTTP/1.1\r\nHost: x\r\nX-Unknown: 1\r\n\r\n"
    with socket.create_connection(("127.0.0.1", layers.port), timeout=10) as connection:
        last = one.replace(b"Host: x", b"Host: x\r\nConnection: close")
        connection.sendall((one + other) * 20 + last)
        answers = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    tags = re.findall(rb"^etag: (.*)\r", answers, re.MULTILINE)
    assert len(tags) == 41 and tags == [tags[0], tags[1]] * 20 + [tags[0]] and tags[0] != tags[1]


def test_who_does_not_read_is_not_written_to_without_end(layers: Layers, wire: Wire) -> None:
    """Thousands of requests in one go by a client that reads nothing: what waits for it stays small."""
    wire.ask("GET", "/letter/1.html")
    one = b"GET /letter/1.html HTTP/1.1\r\nHost: x\r\n\r\n"
    before = layers.app.state.journal.metrics.own.routes["document"].sent
    with socket.create_connection(("127.0.0.1", layers.port), timeout=10) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(1)
        with contextlib.suppress(TimeoutError):
            for _ in range(200):
                connection.sendall(one * 1000)
        sent = layers.app.state.journal.metrics.own.routes["document"].sent - before
    assert sent < 32 << 20


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, layers: Layers, wire: Wire) -> None:
    host = [(b"host", b"x")]
    bodies = [wire.ask("GET", f"/{quote(thing)}.ttl") for thing in things(layers)]
    small = Kept(layers.app.state.journal, most=len(bodies[0]) * 4)
    for thing in things(layers):
        raw = f"/{quote(thing)}.ttl".encode()
        found = layers.kept.find(b"GET", raw, host)
        assert found is not None
        scope = {"method": "GET", "raw_path": raw, "query_string": b"", "headers": host}
        small.put(scope, {"status": 200, "headers": [(b"content-length", b"1")]}, found.body)
    left = [thing for thing in things(layers) if small.find(b"GET", f"/{quote(thing)}.ttl".encode(), host)]
    assert 0 < len(left) < len(bodies) and left == things(layers)[-len(left) :]
