"""Serving compared: `python benchmarks/serve.py`. Documents, queries, isolation and runaway queries, one run, one machine.

lod is asked twice: as it comes (answers are kept), and with every query new to it, so that the price of isolation shows.
Beside it the Oxigraph server and rdflib-endpoint with the same data, and nginx with a file as the floor for documents.
Only ratios within one run mean anything: the load is made on the same processors, by `wrk` (Debian's) for all servers alike.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parent.parent))
from wrk import Cell, measure, show

from lod.formats import JSON_RESULTS, TURTLE
from lod.store import Blocking, GraphFile, Limits
from lod.store.documents import Documents
from tests.servers import free_port, running

ROOT = Path(__file__).parent.parent
EDITION = ROOT / "corpus" / "serge-trotsky"
BASE = "https://w3id.org/serge-trotsky/"
SHIPPED = ("02", "04", "05", "08", "09", "11", "16", "17", "18", "20", "39", "41")
"""Twelve of the shipped queries: counts, joins, paths, filters."""
CLIENTS = (1, 16, 64)
THINGS = {"document": "letter/1", "small document": "place/hurum"}
AS_TURTLE = {"Accept": TURTLE.media_type}
NO_ANSWER = -1
PAIRS = 10
SAME = "Oxigraph server, the same triples"
PATIENCE_SECONDS = 5
"""A server that does not answer a query alone by then is not measured with it."""
BIN = Path(sys.executable).parent


@contextlib.contextmanager
def servers(dump: Path, folder: Path, workers: str, starts: dict[str, float]) -> Iterator[dict[str, tuple[str, str]]]:
    """All servers with the data in them: name → (address, path of the endpoint). `starts` gets seconds until queries
    are answered; the Oxigraph server starts empty."""
    with contextlib.ExitStack() as stack:
        dumps = folder / "dumps" / "serge-trotsky"
        dumps.mkdir(parents=True)
        shutil.copy(dump, dumps / "serge-trotsky.ttl")
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, command: list[str], endpoint: str, port: int) -> str:
            own = folder / name.replace(" ", "-")
            own.mkdir()
            url = f"http://127.0.0.1:{port}"
            begin = time.perf_counter()
            stack.enter_context(running(command, own, f"{url}{endpoint}?query=ASK%7B%7D"))
            starts[name] = round(time.perf_counter() - begin, 1)
            found[name] = url, endpoint
            return url

        port = free_port()
        options = ["--out", str(dumps.parent), "--port", str(port), "--client-queries", "100", "--seconds", "30"]
        options += ["--workers", workers]
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


def compare_queries(
    found: dict[str, tuple[str, str]], seconds: float, folder: Path, clients: Sequence[int]
) -> dict[str, dict[str, Cell]]:
    """Rates and times of every query on every server; numbers of rows are compared.

    rdflib-endpoint comes last: it goes on with queries whose clients have gone, at the cost of whoever is measured then.
    """
    table: dict[str, dict[str, Cell]] = {f"{name} x{count}": {} for name in queries() for count in clients}
    rows: dict[str, set[int]] = {name: set() for name in queries()}
    for server in sorted(found, key=lambda name: name == "rdflib-endpoint"):
        url, path = found[server]
        for name, text in queries().items():
            answered = answer(url, path, text)
            rows[name] |= {answered} - {NO_ANSWER}
            one = [(JSON_RESULTS.media_type, f"{path}?query={quote(text, safe='')}")]
            for count in clients:
                line: dict[str, Cell] = {server: Cell(failed=1)}
                if answered != NO_ANSWER:
                    line[server] = measure(url, one, count, seconds, folder)
                if server == "lod":
                    line["lod, new each time"] = measure(url, one, count, seconds, folder, new=True)
                table[f"{name} x{count}"] |= show(f"{name[:44]} x{count}", line)
    for name in (name for name, counts in rows.items() if len(counts) > 1):
        print(f"{name}: rows differ: {rows[name]}", file=sys.stderr)
    return table


def answer(url: str, path: str, text: str) -> int:
    """How many rows a server gives, `NO_ANSWER` when it gives none in time."""
    try:
        headers = {"Accept": JSON_RESULTS.media_type}
        response = httpx.get(f"{url}{path}", params={"query": text}, headers=headers, timeout=PATIENCE_SECONDS)
        response.raise_for_status()
    except httpx.HTTPError:
        return NO_ANSWER
    return len(response.json()["results"]["bindings"])


def compare_documents(
    found: dict[str, tuple[str, str]], dump: Path, folder: Path, seconds: float
) -> dict[str, dict[str, Cell]]:
    """A thing as Turtle: lod's document, the others' DESCRIBE, the Oxigraph server's CONSTRUCT of all that lod's document says,
    nginx with the bytes of lod's in a file. A letter, and a place of which little is known."""
    table: dict[str, dict[str, Cell]] = {}
    known = Documents.load(dump, BASE)
    with contextlib.ExitStack() as stack:
        found = {**found, **_nginx(found["lod"][0], folder, stack)}
        for kind, thing in THINGS.items():
            targets = {name: (url, target(name, path, thing)) for name, (url, path) in found.items()}
            targets[SAME] = whole_document(found, known, thing)
            answers = {name: httpx.get("".join(target), headers=AS_TURTLE).content for name, target in targets.items()}
            assert _triples(answers["lod"]) == _triples(answers[SAME]), thing
            print(f"{thing}: bytes { ({name: len(answer) for name, answer in answers.items()}) }")
            for clients in CLIENTS if kind == "document" else (16,):
                line = {
                    name: measure(url, [(TURTLE.media_type, path)], clients, seconds, folder)
                    for name, (url, path) in targets.items()
                }
                table[f"{kind} x{clients}"] = show(f"a {kind} x{clients}", line)
    paths = [path for path in known.paths() if path.startswith("letter/")]
    letters = [(TURTLE.media_type, f"/{quote(path)}.ttl") for path in paths]
    url = found["lod"][0]
    for name in ("every letter, as far as it comes", "every letter again"):
        table[name] = show(f"{name} x16", {"lod": measure(url, letters, 16, seconds, folder)})
    return table


def _nginx(lod: str, folder: Path, stack: contextlib.ExitStack) -> dict[str, tuple[str, str]]:
    """nginx, if it is installed, with the bytes of lod's documents in files."""
    nginx = shutil.which("nginx")
    if not nginx:
        return {}
    root, port = folder / "nginx", free_port()
    root.mkdir()
    for thing in THINGS.values():
        (root / thing.replace("/", "-")).write_bytes(httpx.get(f"{lod}/{thing}.ttl").content)
    (root / "conf").write_text(
        f"daemon off; user root; pid {root}/pid; error_log {root}/error; worker_processes 2; events {{}}\n"
        f"http {{ access_log off; keepalive_requests 1000000; server {{ listen 127.0.0.1:{port}; root {root}; }} }}"
    )
    files = f"http://127.0.0.1:{port}"
    stack.enter_context(running([nginx, "-c", str(root / "conf")], root, f"{files}/letter-1"))
    return {"nginx, a file": (files, "")}


def whole_document(found: dict[str, tuple[str, str]], known: Documents, thing: str) -> tuple[str, str]:
    """The Oxigraph server asked for exactly what lod's document says. The query lists subjects of which all is wanted, and those
    of which one predicate is: it spares the server to find out what belongs to a thing. The quickest of five ways to ask."""
    told = known.document(thing)
    own = tuple(f"<{BASE}{thing}{end}" for end in (">", "/", ".ttl>"))
    whole = dict.fromkeys(subject for subject, _, _ in told if subject.startswith(own))
    rest: dict[str, dict[str, None]] = {}
    for subject, predicate, _ in told:
        if subject not in whole:
            rest.setdefault(predicate, {})[subject] = None
    parts = [f"{{VALUES ?s {{{' '.join(whole)}}} ?s ?p ?o}}"]
    for predicate, subjects in rest.items():
        parts.append(f"{{VALUES ?s {{{' '.join(subjects)}}} ?s {predicate} ?o BIND({predicate} AS ?p)}}")
    query = f"CONSTRUCT {{?s ?p ?o}} {{{' UNION '.join(parts)}}}".replace(f"<{BASE}", "<")
    url, path = found["Oxigraph server"]
    return url, f"{path}?query={quote(f'BASE <{BASE}> {query}', safe='')}"


def _triples(turtle: bytes) -> set[ox.Quad]:
    """What a document says, as a store keeps it: an engine may write a number in another way."""
    store = ox.Store()
    store.load(turtle, format=ox.RdfFormat.TURTLE)
    return set(store)


def target(server: str, endpoint: str, thing: str) -> str:
    """What is asked for to be told of a thing."""
    if server == "lod":
        return f"/{thing}.ttl"
    if server.startswith("nginx"):
        return f"/{thing.replace('/', '-')}"
    return f"{endpoint}?query={quote(f'DESCRIBE <{BASE}{thing}>', safe='')}"


ISOLATED = {
    "ASK": "ASK { ?s ?p ?o }",
    "DESCRIBE a letter": f"DESCRIBE <{BASE}letter/1>",
    "letters from A to B": "PREFIX schema: <https://schema.org/> SELECT ?letter { "
    f"?letter schema:sender <{BASE}person/serge> ; schema:recipient <{BASE}person/trotsky> }}",
    "20,000 rows": "SELECT * { ?s ?p ?o } LIMIT 20000",
}


def compare_isolation(dump: Path) -> dict[str, dict[str, float]]:
    """Milliseconds at the median: the same engine in this process and behind its walls."""
    table: dict[str, dict[str, float]] = {}
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
    times: list[float] = []
    end = time.perf_counter() + 1
    while len(times) < 500 and time.perf_counter() < end:
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return round(statistics.median(times), 3)


def compare_runaway(found: dict[str, tuple[str, str]], seconds: float, folder: Path) -> dict[str, object]:
    """When a query without end is answered, and what such queries in all slots do to documents meanwhile.

    Pairs of quiet and disturbed in turn, since one measurement differs from the next by more than the queries make of it.
    """
    url, path = found["lod"]
    letter = [(TURTLE.media_type, "/letter/1.ttl")]
    forever = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    begin = time.perf_counter()
    refused = httpx.get(f"{url}{path}", params={"query": forever, "timeout": "1"}, timeout=30)
    took = time.perf_counter() - begin
    quiet, busy = [], []
    for number in range(PAIRS):
        quiet.append(measure(url, letter, 8, seconds, folder))
        with contextlib.ExitStack() as stack:
            for _ in range(2):
                query = quote(f"{forever} #{number}")
                asking = [sys.executable, "-c", _ASKING, f"{url}{path}?query={query}&timeout={seconds + 2}"]
                stack.callback(stack.enter_context(subprocess.Popen(asking)).wait)
            time.sleep(1)
            busy.append(measure(url, letter, 8, seconds, folder))
        show("a document x8, quiet and beside runaway queries", {"quiet": quiet[-1], "beside": busy[-1]})
    print(f"limit 1 s, answered with {refused.status_code} after {took:.3f} s")
    return {"limit 1 s, answered after": round(took, 3), "status": refused.status_code, "quiet": quiet, "busy": busy}


_ASKING = "import sys, httpx; httpx.get(sys.argv[1], timeout=60)"


def goals(figures: dict[str, Any]) -> dict[str, object]:
    """The aims for serving, as this run met them or not."""
    small = figures["documents"]["small document x16"]
    many, crowd = figures["documents"]["document x16"], figures["documents"]["document x64"]
    said: dict[str, object] = {}
    aims = {"Oxigraph server": 3, SAME: 3, "nginx, a file": 0.5, "rdflib-endpoint": 50}
    for name, aim in aims.items():
        if name in many:
            for kind, cells in (("documents", many), ("small documents", small)):
                said[f"{kind}/s at 16 clients over {name} (aim {aim})"] = round(cells["lod"].rate / cells[name].rate, 2)
    said["lod: seconds from start to the first query answered (aim 10)"] = figures["start"]["lod"]
    said["documents' p99 at 64 clients in ms (aim 10)"] = crowd["lod"].p99
    runaway = figures["runaway"]
    pairs = list(zip(runaway["busy"], runaway["quiet"], strict=True))
    said["documents' p99 beside runaways over quiet, by pairs (aim below 2)"] = _spread(
        sorted(busy.p99 / quiet.p99 for busy, quiet in pairs)
    )
    said["documents' p99 in ms, medians"] = {
        name: statistics.median(cell.p99 for cell in runaway[name]) for name in ("quiet", "busy")
    }
    said["documents/s beside runaways over quiet, by pairs"] = _spread(
        sorted(busy.rate / quiet.rate for busy, quiet in pairs)
    )
    over = [row["isolated"] - row["in process"] for name, row in figures["isolation"].items() if "rows" not in name]
    said["isolation in ms at the median, at most (aim 1.5)"] = round(max(over), 3)
    if "queries" in figures:
        for kind in ("lod", "lod, new each time"):
            for other in ("rdflib-endpoint", "Oxigraph server"):
                said[f"queries, {kind} over {other}"] = _times(figures["queries"], kind, other)
    return said


def _times(table: dict[str, dict[str, Cell]], kind: str, other: str) -> dict[str, object]:
    """Ratios of rates. Of a query that the other did not answer in time a lower bound is known: of so many clients none has had
    an answer before that, whether in the patience for one alone or in the second that a measurement takes at least."""
    cells = {name: (line[kind].rate, line[other]) for name, line in table.items() if other in line}
    ratios = sorted(ours / theirs.rate for ours, theirs in cells.values() if theirs.rate)
    bounds = sorted(
        ours * (PATIENCE_SECONDS if theirs.failed else 1) / int(name.rpartition("x")[2])
        for name, (ours, theirs) in cells.items()
        if not theirs.rate
    )
    if not cells:
        return {}
    return {
        "answered by both": {"cells": len(ratios), **_spread(ratios)},
        "answered by lod alone, at least": {"cells": len(bounds), **_spread(bounds)},
        "20 or more": sum(ratio >= 20 for ratio in (*ratios, *bounds)),
        "cells": len(cells),
    }


def _spread(ratios: Sequence[float]) -> dict[str, float]:
    if not ratios:
        return {}
    named = {"least": ratios[0], "median": statistics.median(ratios), "most": ratios[-1]}
    return {name: round(ratio, 2) for name, ratio in named.items()}


def main() -> None:
    """Run all of it and write the figures as JSON."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("dump", type=Path, nargs="?", default=ROOT / "dumps" / "serge-trotsky" / "serge-trotsky.ttl")
    reader.add_argument("--seconds", type=float, default=1, help="of each measurement, in whole seconds")
    reader.add_argument("--clients", type=int, nargs="+", default=[16], help="for queries")
    reader.add_argument("--without-queries", action="store_true", help="documents, isolation and runaways only")
    reader.add_argument("--workers", default="2", help="of lod")
    reader.add_argument("--out", type=Path, help="where the figures go as JSON")
    given = reader.parse_args()
    begin = time.monotonic()
    starts: dict[str, float] = {}
    dump = given.dump.resolve()
    with tempfile.TemporaryDirectory() as name, servers(dump, Path(name), given.workers, starts) as found:
        folder = Path(name)
        while httpx.get(f"{found['lod'][0]}/ready").status_code != 200:
            time.sleep(0.1)
        figures: dict[str, Any] = {
            "start": starts,
            "isolation": compare_isolation(given.dump),
            "documents": compare_documents(found, given.dump, folder, given.seconds),
            "runaway": compare_runaway(found, given.seconds, folder),
        }
        if not given.without_queries:
            figures["queries"] = compare_queries(found, given.seconds, folder, given.clients)
    figures["goals"] = goals(figures)
    print(json.dumps(figures["goals"], indent=1))
    print(f"all of it in {time.monotonic() - begin:.0f} s")
    if given.out:
        given.out.write_text(json.dumps(figures, indent=1, default=asdict) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
