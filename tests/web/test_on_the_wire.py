"""What the server says to those who do not speak HTTP well, and that it says it like everything else."""

import contextlib
import json
import logging
import re
import socket

import pytest
from serving import Served

HOST = b"Host: x\r\n"
DIRECT = b"Content-Type: application/sparql-query\r\n"
HEALTH = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQBAAAAAAIAAAAA\r\n"
"""What Java's client sends with its first request when there is no TLS."""


def said(site: Served, *pieces: bytes) -> bytes:
    """All that comes back until the server closes or says no more for a while."""
    found = b""
    with socket.create_connection(("127.0.0.1", site.port), timeout=0.5) as connection, contextlib.suppress(OSError):
        for piece in pieces:
            connection.sendall(piece)
        while piece := connection.recv(1 << 16):
            found += piece
    return found


def statuses(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", answers)]


@pytest.mark.statement(38, 48, 84, 85)
@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"BREW /pot HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET /letter/\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\n" + HOST + DIRECT + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK{}\r\n0\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\n" + HOST + DIRECT + b"Content-Length: 50000000\r\nExpect: 100-continue\r\n\r\n", 413),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n", 431),
    ],
)  # fmt: skip
def test_whatever_comes_is_answered_as_a_problem(
    site: Served, caplog: pytest.LogCaptureFixture, request_bytes: bytes, status: int
) -> None:
    with caplog.at_level(logging.WARNING):
        head, _, body = said(site, request_bytes).partition(b"\r\n\r\n")
    assert statuses(head) == [status]
    for field in (b"content-type: application/problem+json", b"access-control-allow-origin: *"):
        assert field in head
    assert json.loads(body)["status"] == status
    assert not caplog.records, "anybody could fill the log"


def test_what_came_before_is_answered_first(site: Served) -> None:
    query = b"GET /sparql?query=SELECT%20(RAND()%20AS%20?x)%7B%7D HTTP/1.1\r\n" + HOST + b"\r\n"
    assert statuses(said(site, query + HEALTH + b"BREW /pot HTTP/1.1\r\n\r\n" + HEALTH)) == [200, 200]


@pytest.mark.statement(41)
@pytest.mark.parametrize(
    "body",
    [b"Content-Length: 5\r\n\r\nASK{}", b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n"],
)
def test_an_offer_of_another_protocol_takes_nothing_away(site: Served, body: bytes) -> None:
    post = b"POST /sparql HTTP/1.1\r\n" + HOST + OFFER + DIRECT + body
    answers = said(site, post + HEALTH)
    assert statuses(answers) == [200, 200] and b'"boolean":true' in answers
    get = b"GET /health HTTP/1.1\r\n" + HOST + OFFER + b"\r\n"
    assert statuses(said(site, get * 500)) == [200] * 500


def test_a_trailer_is_no_field_of_the_head(site: Served) -> None:
    head = b"POST /sparql HTTP/1.1\r\n" + HOST + DIRECT + b"Transfer-Encoding: chunked\r\n\r\n"
    answers = said(site, head + b"5\r\nASK{}\r\n0\r\nAccept: text/csv\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
    assert b"content-type: application/sparql-results+json" in answers
