"""`lod serve` as operators run it: a process of its own, found out about from outside."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from serving import QUERIES, WITHDRAWN, free_port, published, wait_ready

TOML = """\
id = "harbour"
title = { en = "Harbour letters", da = "Havnebreve" }
description = { en = "Letters of a harbour that never was." }
base = "https://example.org/harbour/"
languages = ["da", "en"]
editors = ["Asta Holm"]
publisher = "Harbour Press"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
rights = "The data are free."
[[source]]
file = "letters.xml"
format = "cmif"
"""


@dataclass(frozen=True, slots=True)
class Process:
    """A running `lod serve`; `output` is what it has written."""

    server: subprocess.Popen[bytes]
    url: str
    port: int
    client: httpx.Client
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def ask(self, query: str = "ASK { ?s ?p ?o }", **more: str) -> httpx.Response:
        headers = {"Accept": "application/sparql-results+json"}
        return self.client.get("/sparql", params={"query": query, **more}, headers=headers)


def edition(folder: Path) -> tuple[Path, Path]:
    """The sample edition's folder and the folder of dumps, as the command line takes them."""
    home = folder / "corpus"
    (home / "queries").mkdir(parents=True, exist_ok=True)
    (home / "edition.toml").write_text(TOML, encoding="utf-8")
    (home / "letters.xml").write_text("<TEI xmlns='http://www.tei-c.org/ns/1.0'/>", encoding="utf-8")
    (home / "withdrawn.tsv").write_text(WITHDRAWN, encoding="utf-8")
    for stem, query in QUERIES.items():
        (home / "queries" / f"{stem}.rq").write_text(query, encoding="utf-8")
    dumps = folder / "dumps"
    entry = published(folder / "made")
    (dumps / "harbour").mkdir(parents=True, exist_ok=True)
    entry.dump.rename(dumps / "harbour" / "harbour.ttl")
    return home, dumps


@contextlib.contextmanager
def lod_serve(home: Path, dumps: Path, *options: str, port: int = 0) -> Iterator[Process]:
    """Run it until the block ends; it must then end by itself when told to."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    log = dumps.parent / f"log-{port}"
    command = [sys.executable, "-m", "lod", "serve", str(home), "--out", str(dumps), "--port", str(port), *options]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            wait_ready(client)
            yield Process(server, url, port, client, log)
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()


def parent(pid: int) -> int:
    """The process that a living process was started by."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
