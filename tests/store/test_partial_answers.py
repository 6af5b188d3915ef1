"""What an endpoint behind ours may send that is no whole result: each is a refusal, never an answer.

A server of our own says it, because real ones do so only when they are overloaded or break.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lod.formats import JSON_RESULTS, N_TRIPLES
from lod.store import Endpoint, Failed, Graphs, Limits, OverTime, Refusal, Unavailable, Unsupported
from lod.store.remote import Remote
from lod.store.results import Output
from lod.store.wire import Request

WHOLE = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://e/a"}}]}}'
SELECT, CONSTRUCT = "SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"

Said = tuple[int, dict[str, str], bytes]
PARTIAL: dict[str, tuple[str, Said, type[Refusal]]] = {
    "Virtuoso's sign": (SELECT, (200, {"X-SQL-State": "S1TAT"}, WHOLE), OverTime),
    "a later Virtuoso's status": (SELECT, (206, {}, WHOLE), OverTime),
    "Virtuoso's sign on a graph": (CONSTRUCT, (200, {"X-SQL-State": "S1TAT"}, b"<a:a> <a:b> <a:c> .\n"), OverTime),
    "JSON without its end": (SELECT, (200, {}, WHOLE[:-20]), Failed),
    "JSON without a row's end": (SELECT, (200, {}, WHOLE[:60]), Failed),
    "a triple without its end": (CONSTRUCT, (200, {}, b"<a:a> <a:b> <a:c> .\n<a:a> <a:b> <a:"), Failed),
    "fewer bytes than were announced": (SELECT, (200, {"Content-Length": "9000"}, WHOLE), Failed),
    "another kind of result": (SELECT, (200, {}, b'{"head":{},"boolean":true}'), Failed),
    "an error after the rows": (SELECT, (200, {}, WHOLE[:-3] + b"\nVirtuoso 42000 Error"), Failed),
    "a page": (SELECT, (200, {"Content-Type": "text/html"}, b"<html>Welcome</html>"), Failed),
    "nothing": (SELECT, (200, {}, b""), Failed),
    "time is up, as an error": (SELECT, (500, {}, b"Virtuoso S1T00 Error SR171: Transaction timed out"), OverTime),
    "no time": (SELECT, (503, {}, b"Query timeout"), OverTime),
    "no such query": (SELECT, (400, {}, b"parse error"), Unsupported),
    "an error": (SELECT, (500, {}, b"internal"), Failed),
    "elsewhere": (SELECT, (302, {"Location": "http://127.0.0.1:9/"}, b""), Failed),
}


@pytest.fixture(scope="module")
def speaker() -> Iterator[HTTPServer]:
    class Speaker(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status, headers, body = self.server.said  # type: ignore[attr-defined]
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Speaker)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ask(server: HTTPServer, query: str, said: Said) -> tuple[str | Refusal, Output]:
    server.said = said  # type: ignore[attr-defined]
    remote = Remote(Endpoint(f"http://127.0.0.1:{server.server_port}/sparql", ("http://e/data",)), "http://e/")
    output = Output(1 << 20)
    accept = (JSON_RESULTS.media_type, N_TRIPLES.media_type)
    return remote.answer(Request(1, query, accept, Limits(seconds=5), Graphs()), output), output


def test_a_whole_result_is_an_answer(speaker: HTTPServer) -> None:
    result, output = ask(speaker, SELECT, (200, {}, WHOLE))
    assert result == JSON_RESULTS.media_type and b"http://e/a" in output.take()


@pytest.mark.statement(51)
@pytest.mark.parametrize("name", PARTIAL)
def test_a_part_is_none(speaker: HTTPServer, name: str) -> None:
    query, said, refusal = PARTIAL[name]
    result, _ = ask(speaker, query, said)
    assert isinstance(result, refusal), result
    assert "127.0.0.1" not in result.detail and "Virtuoso" not in result.detail, "what lies behind is nobody's business"


def test_nobody_there(speaker: HTTPServer) -> None:
    remote = Remote(Endpoint("http://127.0.0.1:9/sparql", ()), "")
    request = Request(1, SELECT, (JSON_RESULTS.media_type,), Limits(seconds=1), Graphs())
    assert isinstance(remote.answer(request, Output(1000)), Unavailable)
