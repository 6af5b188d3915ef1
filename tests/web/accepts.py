"""What well-known clients send as `Accept` when they follow a name, and where that is known from.

A client may send the field several times (RDF4J does): together they are one list.
"""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Sent(NamedTuple):
    """The fields, the suffix of the document that they lead to, and their origin."""

    fields: tuple[str, ...]
    suffix: str
    origin: str


def _rdf4j() -> tuple[str, ...]:
    """As `RDFFormat.getAcceptParams(formats, requireContext=true, null)` gives them, a field each."""
    formats = (
        (1.0, ("application/x-binary-rdf",)), (0.5, ("application/vnd.hdt",)),
        (0.1, ("application/rdf+xml", "application/xml", "text/xml")),
        (1.0, ("application/ld+json",)), (0.5, ("text/n3", "text/rdf+n3")), (0.9, ("application/n-quads", "text/x-nquads", "text/nquads")),
        (0.4, ("application/n-triples", "text/plain")), (1.0, ("application/x-ld+ndjson",)), (0.9, ("application/rdf+json",)),
        (1.0, ("application/trig", "application/x-trig")), (1.0, ("application/trix",)), (0.5, ("text/turtle", "application/x-turtle")),
    )  # fmt: skip
    return tuple(kind if q == 1 else f"{kind};q={q}" for q, kinds in formats for kind in kinds)


SENT = {
    "Firefox": Sent(
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",),
        "html",
        "network.http.accept.default in modules/libpref/init/all.js of mozilla/gecko-dev; MDN, List of default Accept values",
    ),
    "Firefox with images": Sent(
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",),
        "html",
        "MDN, List of default Accept values, Firefox 92 to 127",
    ),
    "Chrome": Sent(
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
            "application/signed-exchange;v=b3;q=0.7",
        ),
        "html",
        "recorded from Chromium 150",
    ),
    "curl": Sent(("*/*",), "ttl", "recorded from curl 7.88"),
    "rapper": Sent(
        (
            "application/rdf+xml, text/rdf;q=0.6, application/n-triples, text/plain;q=0.1, text/turtle, application/x-turtle, "
            "application/turtle, text/n3;q=0.3, text/rdf+n3;q=0.3, application/rdf+n3;q=0.3, application/x-trig, "
            "application/rss;q=0.8, application/rss+xml;q=0.8, text/rss;q=0.8, application/xml;q=0.3, text/xml;q=0.3, "
            "application/atom+xml;q=0.3, text/html;q=0.2, application/xhtml+xml;q=0.4, text/html;q=0.6, "
            "application/xhtml+xml;q=0.8, application/json;q=0.1, text/json;q=0.1, text/x-nquads, */*;q=0.1",
        ),
        "rdf",
        "recorded from `rapper -g` of raptor 2.0.15",
    ),
    "Jena, a graph": Sent(
        ("text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.5",),
        "ttl",
        "defaultGraphAcceptHeader in jena-arq/…/riot/WebContent.java of apache/jena, commit 4491980",
    ),
    "Jena, RDFDataMgr": Sent(
        (
            "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,"
            "application/trig,application/n-quads;q=0.9,text/x-nquads;q=0.8,application/x-trig;q=0.7,application/ld+json;q=0.5,"
            "*/*;q=0.5",
        ),
        "ttl",
        "defaultRDFAcceptHeader there; LocatorHTTP.java sends it, commit 2bc5e71",
    ),
    "rdflib": Sent(
        (
            "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, application/n-quads, "
            "application/trix, application/trig",
        ),
        "rdf",
        "recorded from rdflib 7.6.0",
    ),
    "Comunica": Sent(
        (
            "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,text/turtle;q=0.6,"
            "application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,text/xml;q=0.3,text/html;q=0.2,"
            "application/xhtml+xml;q=0.18,application/json;q=0.135,text/shaclc;q=0.1,text/shaclc-ext;q=0.05",
        ),
        "jsonld",
        "recorded from @comunica/query-sparql 4.5.0",
    ),
    "RDF4J": Sent(
        _rdf4j(),
        "jsonld",
        "RDFFormat.java (getAcceptParams) and RDFLoader.java (addRequestProperty for each) of eclipse-rdf4j/rdf4j",
    ),
    "EasyRDF": Sent(
        (
            "application/x-httpd-php-source,application/json,application/ld+json,application/n-triples,text/json;q=0.9,"
            "application/rdf+json;q=0.9,text/plain;q=0.9,text/ntriples;q=0.9,application/ntriples;q=0.9,application/x-ntriples;q=0.9,"
            "text/turtle;q=0.8,application/rdf+xml;q=0.8,application/turtle;q=0.7,application/x-turtle;q=0.7,text/xml;q=0.5,"
            "application/xml;q=0.5,text/html;q=0.4,application/xhtml+xml;q=0.4",
        ),
        # It takes application/json for RDF/JSON: JSON-LD must come under its own name.
        "jsonld",
        "getHttpAcceptHeader over the formats with a parser in lib/Format.php of easyrdf/easyrdf, commit 08dca01",
    ),
}


class Recorder:
    """Where clients are sent to tell what they send: a path for each."""

    def __init__(self) -> None:
        self.accepts: dict[str, tuple[str, ...]] = {}
        self.url = ""


@contextlib.contextmanager
def recording() -> Iterator[Recorder]:
    """A server that notes `Accept` and answers with an empty graph."""
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            recorder.accepts[self.path.strip("/")] = tuple(self.headers.get_all("Accept") or ())
            self.send_response(200)
            self.send_header("Content-Type", "text/turtle")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    recorder.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
