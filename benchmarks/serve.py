"""Serving compared: `python benchmarks/serve.py DUMP`. Queries and documents at 1, 16 and 64 clients, one run, one machine.

lod is asked twice: as it comes (answers are kept), and with every query new to it, so that the price of isolation shows.
Beside it the Oxigraph server and rdflib-endpoint with the same data, and nginx with a file as the floor for documents.
Only ratios within one run mean anything: the load is made on the same processors.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parent.parent))
from lod.formats import JSON_RESULTS, TURTLE
from lod.store import Blocking, GraphFile, Limits
from tests.servers import free_port, running

ROOT = Path(__file__).parent.parent
EDITION = ROOT / "corpus" / "serge-trotsky"
BASE = "https://w3id.org/serge-trotsky/"
SHIPPED = ("02", "04", "05", "08", "09", "11", "16", "17", "18", "20", "39", "41")
"""Twelve of the shipped queries: counts, joins, paths, filters."""
CLIENTS = (1, 16, 64)
NO_ANSWER = -1
PATIENCE_SECONDS = 20
"""A server that does not answer a query alone by then is not measured with it."""
BIN = Path(sys.executable).parent


@dataclass(slots=True)
class Cell:
    """Requests in one measurement: seconds of each that was answered with 200, how many were not, and the whole time."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    whole: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.whole if self.whole else 0.0

    def at(self, share: float) -> float:
        """Milliseconds that this share of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


async def ask(url: httpx.URL, requests: Iterator[bytes], cell: Cell, end: float) -> None:
    """One client on one connection, as little of a client as will do."""
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        while time.perf_counter() < end:
            begin = time.perf_counter()
            writer.write(next(requests))
            head = await reader.readuntil(b"\r\n\r\n")
            await drain(reader, head.lower())
            if head[9:12] == b"200":
                cell.seconds.append(time.perf_counter() - begin)
            else:
                cell.failed += 1
            if b"connection: close" in head.lower():
                writer.close()
                reader, writer = await asyncio.open_connection(url.host, url.port)
    except (OSError, asyncio.IncompleteReadError):
        cell.failed += 1
    finally:
        writer.close()


async def drain(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif b"content-length:" in head:
        await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r")[0]))


def measure(url: str, make: Callable[[int], tuple[str, str]], clients: int, seconds: float) -> Cell:
    """Load for some seconds. `make` gives target and Accept of the n-th request."""
    place, count = httpx.URL(url), itertools.count()

    def requests() -> Iterator[bytes]:
        while True:
            target, accept = make(next(count))
            yield f"GET {target} HTTP/1.1\r\nHost: {place.host}:{place.port}\r\nAccept: {accept}\r\n\r\n".encode()

    async def whole() -> Cell:
        cell, begin = Cell(), time.perf_counter()
        end = begin + seconds
        tasks = [asyncio.create_task(ask(place, requests(), cell, end)) for _ in range(clients)]
        await asyncio.wait(tasks, timeout=seconds + 10)
        for task in tasks:
            task.cancel()
        cell.whole = time.perf_counter() - begin
        return cell

    return asyncio.run(whole())


@contextlib.contextmanager
def servers(dump: Path, folder: Path) -> Iterator[dict[str, tuple[str, str]]]:
    """All servers with the data in them: name → (address, path of the endpoint)."""
    with contextlib.ExitStack() as stack:
        dumps = folder / "dumps" / "serge-trotsky"
        dumps.mkdir(parents=True)
        shutil.copy(dump, dumps / "serge-trotsky.ttl")
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, command: list[str], endpoint: str, port: int) -> str:
            own = folder / name.replace(" ", "-")
            own.mkdir()
            url = f"http://127.0.0.1:{port}"
            stack.enter_context(running(command, own, f"{url}{endpoint}?query=ASK%7B%7D"))
            found[name] = url, endpoint
            return url

        port = free_port()
        options = ["--out", str(dumps.parent), "--port", str(port), "--client-queries", "100", "--seconds", "30"]
        start("lod", [str(BIN / "lod"), "serve", str(EDITION), *options], "/sparql", port)
        port = free_port()
        url = start("Oxigraph server", [str(BIN / "oxigraph"), "serve", "-b", f"127.0.0.1:{port}"], "/query", port)
        httpx.post(
            f"{url}/store?default", content=dump.read_bytes(), headers={"Content-Type": "text/turtle"}, timeout=600
        )
        if (BIN / "rdflib-endpoint").exists():
            port = free_port()
            command = [str(BIN / "rdflib-endpoint"), "serve", "--port", str(port), str(dump)]
            start("rdflib-endpoint", command, "/", port)
        yield found


def queries() -> dict[str, str]:
    """The twelve, by name."""
    files = sorted((EDITION / "queries").glob("*.rq"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files if file.stem[:2] in SHIPPED}


def compare_queries(found: dict[str, tuple[str, str]], seconds: float) -> dict[str, object]:
    """Rates and times of every query on every server. Equal numbers of rows are asserted first."""
    table: dict[str, object] = {}
    for name, text in queries().items():
        rows = {server: answer(url, path, text) for server, (url, path) in found.items()}
        if len(set(rows.values()) - {NO_ANSWER}) != 1:
            print(f"{name}: rows differ: {rows}", file=sys.stderr)
        for clients in CLIENTS:
            line: dict[str, object] = {}
            for server, (url, path) in found.items():
                if rows[server] == NO_ANSWER:
                    line[server] = said(Cell(failed=1))
                    continue
                fixed = f"{path}?query={quote(text)}", JSON_RESULTS.media_type
                line[server] = said(measure(url, lambda _, fixed=fixed: fixed, clients, seconds))
                if server == "lod":
                    line["lod, new each time"] = said(measure(url, fresh(path, text, clients), clients, seconds))
            table[f"{name} x{clients}"] = line
            print(f"{name:45} x{clients:<3}" + "".join(f" | {server} {show(cell)}" for server, cell in line.items()))
    return table


def fresh(path: str, text: str, clients: int) -> Callable[[int], tuple[str, str]]:
    """The same query in a text that was never seen before."""
    return lambda number: (f"{path}?query={quote(f'{text}#{number}.{clients}')}", JSON_RESULTS.media_type)


def answer(url: str, path: str, text: str) -> int:
    """How many rows a server gives, `NO_ANSWER` when it gives none in time."""
    try:
        headers = {"Accept": JSON_RESULTS.media_type}
        response = httpx.get(f"{url}{path}", params={"query": text}, headers=headers, timeout=PATIENCE_SECONDS)
        response.raise_for_status()
    except httpx.HTTPError:
        return NO_ANSWER
    return len(response.json()["results"]["bindings"])


def said(cell: Cell) -> dict[str, float]:
    return {
        "rate": round(cell.rate, 1),
        "p50": round(cell.at(0.5), 2),
        "p99": round(cell.at(0.99), 2),
        "failed": cell.failed,
    }


def show(cell: object) -> str:
    assert isinstance(cell, dict)
    return f"{cell['rate']:>8.0f}/s p50 {cell['p50']:>7.2f} p99 {cell['p99']:>7.2f}" + (
        f" !{cell['failed']}" if cell["failed"] else ""
    )


def compare_documents(found: dict[str, tuple[str, str]], folder: Path, seconds: float) -> dict[str, object]:
    """One letter as Turtle: lod's document, the others' DESCRIBE, nginx with the same bytes in a file."""
    describe = f"?query={quote(f'DESCRIBE <{BASE}letter/1>')}"
    targets = {
        name: (url, "/letter/1.ttl" if name == "lod" else path + describe) for name, (url, path) in found.items()
    }
    table: dict[str, object] = {}
    with contextlib.ExitStack() as stack:
        nginx = shutil.which("nginx")
        if nginx:
            root, port = folder / "nginx", free_port()
            root.mkdir()
            (root / "1.ttl").write_bytes(httpx.get("".join(targets["lod"])).content)
            (root / "conf").write_text(
                f"daemon off; user root; pid {root}/pid; error_log {root}/error; worker_processes 2; events {{}}\n"
                f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {root}; }} }}"
            )
            stack.enter_context(running([nginx, "-c", str(root / "conf")], root, f"http://127.0.0.1:{port}/1.ttl"))
            targets["nginx, a file"] = f"http://127.0.0.1:{port}", "/1.ttl"
        for clients in CLIENTS:
            line: dict[str, object] = {}
            for name, (url, target) in targets.items():
                line[name] = said(measure(url, lambda _, target=target: (target, TURTLE.media_type), clients, seconds))
            table[f"document x{clients}"] = line
            print(
                f"{'a document':45} x{clients:<3}" + "".join(f" | {name} {show(cell)}" for name, cell in line.items())
            )
    return table


ISOLATED = {
    "ASK": "ASK { ?s ?p ?o }",
    "DESCRIBE a letter": f"DESCRIBE <{BASE}letter/1>",
    "letters from A to B": "PREFIX schema: <https://schema.org/> SELECT ?letter { "
    f"?letter schema:sender <{BASE}person/serge> ; schema:recipient <{BASE}person/trotsky> }}",
    "20,000 rows": "SELECT * { ?s ?p ?o } LIMIT 20000",
}


def compare_isolation(dump: Path) -> dict[str, object]:
    """Milliseconds at the median: the same engine in this process and behind its walls."""
    table: dict[str, object] = {}
    store = ox.Store()
    store.bulk_load(path=str(dump), format=ox.RdfFormat.TURTLE)
    with Blocking([GraphFile(dump)]) as isolated:
        for name, text in ISOLATED.items():
            form = ox.RdfFormat.TURTLE if text.startswith("DESCRIBE") else ox.QueryResultsFormat.JSON
            inside = median(lambda text=text, form=form: store.query(text).serialize(format=form))
            walled = median(lambda text=text: isolated.query(text, [JSON_RESULTS, TURTLE], Limits()))
            table[name] = {"in process": inside, "isolated": walled}
            print(f"{name:45} in process {inside:8.3f} ms, isolated {walled:8.3f} ms, more {walled - inside:8.3f} ms")
    return table


def median(work: Callable[[], object]) -> float:
    times = []
    end = time.perf_counter() + 3
    while len(times) < 500 and time.perf_counter() < end:
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return round(statistics.median(times), 3)


def compare_runaway(found: dict[str, tuple[str, str]], seconds: float) -> dict[str, object]:
    """When a query without end is answered, and what it does to documents meanwhile."""
    url, path = found["lod"]
    quiet = measure(url, lambda _: ("/letter/1.ttl", TURTLE.media_type), 8, seconds)
    forever = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    begin = time.perf_counter()
    refused = httpx.get(f"{url}{path}", params={"query": forever, "timeout": "1"}, timeout=30)
    took = time.perf_counter() - begin
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            command = [sys.executable, "-c", _ASKING, f"{url}{path}?query={quote(forever)}&timeout={seconds + 1}"]
            asking = stack.enter_context(subprocess.Popen(command))  # noqa: S603 (this file's own line)
            stack.callback(asking.wait)
        time.sleep(0.5)
        busy = measure(url, lambda _: ("/letter/1.ttl", TURTLE.media_type), 8, seconds)
    found_here = {
        "limit 1 s, answered after": round(took, 3),
        "status": refused.status_code,
        "quiet": said(quiet),
        "busy": said(busy),
    }
    print(json.dumps(found_here))
    return found_here


_ASKING = "import sys, httpx; httpx.get(sys.argv[1], timeout=60)"


def main() -> None:
    """Run all of it and write the figures as JSON."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("dump", type=Path, nargs="?", default=ROOT / "dumps" / "serge-trotsky" / "serge-trotsky.ttl")
    reader.add_argument("--seconds", type=float, default=1.5, help="of each measurement")
    reader.add_argument("--out", type=Path, help="where the figures go as JSON")
    given = reader.parse_args()
    with tempfile.TemporaryDirectory() as name, servers(given.dump.resolve(), Path(name)) as found:
        while httpx.get(f"{found['lod'][0]}/ready").status_code != 200:
            time.sleep(0.1)
        figures = {
            "isolation": compare_isolation(given.dump),
            "documents": compare_documents(found, Path(name), given.seconds),
            "runaway": compare_runaway(found, given.seconds),
            "queries": compare_queries(found, given.seconds),
        }
    if given.out:
        given.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
