"""A made-up edition, and a real server for it on a free port of this machine."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from lod.config import Edition
from lod.store import GraphFile, Isolated, Limits
from lod.web import Published, create_app
from lod.web.server import config

SAMPLE = Path(__file__).with_name("sample.ttl")
BASE = "https://example.org/harbour/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
QUERIES = {
    "letters": "# title: Who wrote letters\n# question: Who sent which letter?\n"
    "SELECT ?letter ?who { ?letter <https://schema.org/sender> ?who } ORDER BY ?letter\n",
    "born": "# title: Born\n# question: Who was born when?\n"
    "SELECT ?who ?year { ?who <https://schema.org/birthDate> ?year }\n",
}
WITHDRAWN = (
    "iri\tdate\treason\treplaced by\n"
    f"{BASE}person/ghost\t2024-01-02\tnever existed\t\n"
    f"{BASE}person/i-berg\t2024-01-03\tthe same person\t{BASE}person/berg\n"
    f"{BASE}letter/2-and-3\t2024-01-04\ttwo letters\t{BASE}letter/1 {BASE}letter/2\n"
)


def edition(folder: Path, name: str = "harbour", base: str = BASE) -> Edition:
    """The settings of the sample edition, with its files written to `folder`."""
    queries = folder / "queries"
    queries.mkdir(parents=True, exist_ok=True)
    for stem, query in QUERIES.items():
        (queries / f"{stem}.rq").write_text(query, encoding="utf-8")
    (folder / "withdrawn.tsv").write_text(WITHDRAWN, encoding="utf-8")
    return Edition(
        folder=folder,
        id=name,
        title={"en": "Harbour letters", "da": "Havnebreve"},
        description={"en": "Letters of a harbour that never was."},
        base=base,
        languages=("da", "en"),
        editors=("Asta Holm",),
        publisher="Harbour Press",
        licence="https://creativecommons.org/publicdomain/zero/1.0/",
        rights="The data are free.",
        sources=(),
    )


def published(folder: Path, name: str = "harbour", base: str = BASE) -> Published:
    """The sample edition with its dump, the dump's base replaced by `base`."""
    dumps = folder / "dumps"
    dumps.mkdir(parents=True, exist_ok=True)
    text = SAMPLE.read_text(encoding="utf-8").replace(BASE, base)
    (dumps / f"{name}.ttl").write_text(text, encoding="utf-8")
    return Published(edition(folder / "corpus" / name, name, base), dumps)


@dataclass(frozen=True, slots=True)
class Served:
    """A running server. `client` follows no redirects."""

    url: str
    port: int
    client: httpx.Client

    def get(self, path: str, accept: str | None = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """GET with exactly this `Accept`, or with none."""
        given = {**(headers or {}), **({"Accept": accept} if accept is not None else {})}
        request = self.client.build_request("GET", path, headers=given)
        if accept is None:
            del request.headers["accept"]
        return self.client.send(request)

    def sparql(self, query: str, accept: str = "application/sparql-results+json", **more: str) -> httpx.Response:
        """A query by GET."""
        return self.client.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(
    editions: list[Published],
    *,
    limits: Limits | None = None,
    graphs: list[GraphFile] | None = None,
    path: str = "",
    slots: int = 2,
    queue: int = 32,
    patience: float = 5.0,
    client_queries: int = 100,
    head_seconds: float = 15.0,
) -> Iterator[Served]:
    """Serve until the block ends; the server is ready for queries when it begins."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    files = [GraphFile(entry.dump) for entry in editions] if graphs is None else graphs
    store = Isolated(files, base=editions[0].edition.base, slots=slots, queue=queue, patience=patience)
    app = create_app(editions, public_url=url + path, limits=limits, store=store, client_queries=client_queries)
    server = uvicorn.Server(config(app, host="127.0.0.1", port=port, head_seconds=head_seconds))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            wait_ready(client)
            yield Served(url, port, client)
    finally:
        server.should_exit = True
        thread.join(20)


def wait_ready(client: httpx.Client, seconds: float = 20) -> None:
    """Until `/ready` says so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if client.get("/ready").status_code == 200:
                return
        time.sleep(0.02)
    raise AssertionError("the server did not get ready")
