"""Statements 53 and 82–85 of the HTTP contract: shares, signs of life, logs, counters, starts, ends, change-overs."""

import asyncio
import contextlib
import gc
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from running import Process, edition, lod_serve, parent
from serving import Served, free_port, published, serving

from lod.store import GraphFile, Isolated, Limits
from lod.web import create_app
from tests.processes import family, gone

FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


# --- 53: shares of clients


@pytest.mark.statement(53)
def test_a_client_that_asks_too_much_at_once_is_told_to_wait(tmp_path: Path) -> None:
    with serving([published(tmp_path)], limits=Limits(seconds=1), slots=2, client_queries=2) as site:
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: site.sparql(FOREVER), range(6)))
        assert sorted({answer.status_code for answer in answers}) == [429, 503]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) == 4
        for answer in refused:
            assert re.fullmatch(r"[1-9]\d*", answer.headers["retry-after"])
            assert answer.json()["type"].endswith("#too-many-queries")
        assert site.sparql("ASK { ?s ?p ?o }").status_code == 200, "the share is free again"


@pytest.mark.statement(53)
def test_documents_come_while_all_places_are_taken(tmp_path: Path) -> None:
    with serving([published(tmp_path)], limits=Limits(seconds=1.5), slots=2, queue=2) as site:
        asking = [threading.Thread(target=site.sparql, args=(FOREVER,)) for _ in range(4)]
        for thread in asking:
            thread.start()
        time.sleep(0.3)
        assert site.sparql("ASK {}").status_code == 503
        assert all(site.get(path).status_code == 200 for path in ("/letter/1.ttl", "/dumps/harbour.ttl", "/health"))
        for thread in asking:
            thread.join()


# --- 18: when what answers queries fails


@pytest.mark.statement(18)
def test_queries_wait_for_their_process_and_documents_do_not(tmp_path: Path) -> None:
    with lod_serve(*edition(tmp_path)) as site:
        zygote = next(pid for pid in family(site.server.pid) if parent(pid) == site.server.pid)
        os.kill(zygote, signal.SIGKILL)
        assert gone({zygote})
        seen = []
        end = time.monotonic() + 15
        while not seen or (seen[-1].status_code != 200 and time.monotonic() < end):
            seen.append(site.ask(f"ASK {{ ?s ?p ?o }} #{len(seen)}"))
            assert site.client.get("/letter/1.ttl").status_code == 200
            time.sleep(0.02)
        assert [answer.status_code for answer in seen] == [503] * (len(seen) - 1) + [200], "never 404, and not for long"
        assert len(seen) > 1 and all(int(answer.headers["retry-after"]) > 0 for answer in seen[:-1])
        assert seen[0].json()["type"].endswith("#unavailable")


# --- 82 to 85: signs of life, the log, counters


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return edition(tmp_path_factory.mktemp("operation"))


@pytest.mark.statement(82)
def test_metrics_are_off_by_default_and_then_on_this_machine_only(place: tuple[Path, Path]) -> None:
    port = free_port()
    with lod_serve(*place, "--metrics", str(port)) as site:
        assert site.client.get("/metrics").status_code == 404
        site.ask()
        site.ask("SELECT * {")
        found = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'lod_queries_total{outcome="answered"} 1.0' in found
        assert 'lod_queries_total{outcome="query-syntax"} 1.0' in found
        assert re.search(r"^lod_ready 1\.0$", found, re.MULTILINE)
        listening = subprocess.run(["ss", "-ltnH"], capture_output=True, text=True).stdout if shutil.which("ss") else ""
        assert f"0.0.0.0:{port}" not in listening and f"*:{port}" not in listening


def test_what_was_no_request_is_counted_and_logged(place: tuple[Path, Path]) -> None:
    port = free_port()
    with lod_serve(*place, "--metrics", str(port), "--access-log") as site:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
                connection.sendall(b"\x16\x03\x01 no request\r\n\r\n")
                assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
        end = time.monotonic() + 5
        while site.output.count(" - - 400 ") < 3 and time.monotonic() < end:
            time.sleep(0.05)
        assert site.output.count(" - - 400 ") == 3
        found = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert re.search(r'^lod_requests_total\{.*route="no-request".*\} 3\.0$', found, re.MULTILINE), found


@pytest.mark.statement(84)
def test_the_log_knows_queries_by_hash_only(place: tuple[Path, Path]) -> None:
    with lod_serve(*place, "--access-log") as site:
        site.ask('SELECT * { ?s ?p "privacy matters" }')
        site.ask("SELECT * { ?broken")
        site.client.get("/search", params={"q": "privacy"})
        site.client.get("/a%0Aforged%20line")
        deadline = time.monotonic() + 5  # the line is written after the answer is sent
        while "forged" not in site.output and time.monotonic() < deadline:
            time.sleep(0.05)
        lines = [line for line in site.output.splitlines() if "GET" in line]
    queries = [line for line in lines if " /sparql " in line]
    assert re.search(r"GET /sparql 200 \d+ bytes [\d.]+ ms query=[0-9a-f]{16} outcome=answered$", queries[0])
    assert queries[1].endswith("outcome=query-syntax")
    assert not [line for line in lines if "privacy" in line or "broken" in line or "127.0.0.1" in line]
    assert any(r"/a\nforged%20line" in line for line in lines)


@pytest.mark.statement(84)
def test_without_the_option_nothing_is_logged(place: tuple[Path, Path]) -> None:
    with lod_serve(*place) as site:
        site.ask()
        assert "GET" not in site.output


@pytest.mark.statement(85)
def test_an_error_of_ours_tells_a_number_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with serving([published(tmp_path)]) as site:
        monkeypatch.setattr("lod.web.service.description", lambda *_: 1 / 0)
        with caplog.at_level(logging.ERROR):
            response = site.get("/sparql", "text/turtle")
    assert response.status_code == 500
    assert response.json()["id"] in caplog.text and "ZeroDivisionError" in caplog.text
    for word in ("Traceback", "ZeroDivision", "/lod/", "starlette", "python"):
        assert word not in response.text
    assert "server" not in response.headers


@pytest.mark.statement(83)
def test_sigterm_lets_requests_finish(place: tuple[Path, Path]) -> None:
    with lod_serve(*place, "--seconds", "1") as site:
        children = family(site.server.pid)
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(site.ask, FOREVER)
            time.sleep(0.3)
            site.server.send_signal(signal.SIGTERM)
            assert asking.result().status_code == 503, "its own time limit, not a broken connection"
        assert site.server.wait(20) == 0
        assert gone(children)


def test_a_server_that_is_stopped_while_it_loads_has_nothing_to_tell(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    entry = published(tmp_path)
    store = Isolated([GraphFile(entry.dump)], base=entry.edition.base, slots=1)
    app = create_app([entry], public_url="http://127.0.0.1", store=store)

    async def begin_and_end() -> None:
        async with app.router.lifespan_context(app):
            pass

    asyncio.run(begin_and_end())
    gc.collect()  # what was never asked for its result tells of it then
    assert [record.getMessage() for record in caplog.records] == []


def test_a_socket_may_be_handed_over(place: tuple[Path, Path]) -> None:
    home, dumps = place
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "lod", "serve", str(home), "--out", str(dumps), "--fd", str(listener.fileno())]
        for _ in range(2):  # a restart: connections wait in the socket, none is refused
            with subprocess.Popen(command, pass_fds=[listener.fileno()]) as server:
                assert httpx.get(f"http://127.0.0.1:{port}/health", timeout=20).status_code == 200
                server.send_signal(signal.SIGTERM)
                assert server.wait(20) == 0


def test_a_slow_head_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[str] = []
    monkeypatch.setattr("lod.web.access.Journal.drop", lambda _, reason: dropped.append(reason))
    with serving([published(tmp_path)], head_seconds=0.5) as site:
        for first in (b"", b"GET /letter/1 HTTP/1.1\r\nHost: x\r\n"):
            with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
                connection.sendall(first)
                assert connection.recv(1000) == b""
        with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b'{"status":"ok"}' in connection.recv(4000)
            connection.sendall(b"GET /hea")
            assert connection.recv(1000) == b"", "the second request on a connection as well"
    assert dropped == ["silent", "slow-head", "slow-head"]


def test_who_does_not_take_an_answer_does_not_keep_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lod.web.protocol.TAKING_SECONDS", 0.3)
    query = httpx.QueryParams({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"})
    with serving([published(tmp_path)]) as site:
        whole = len(site.client.get(f"/sparql?{query}").content)
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(20)
            connection.connect(("127.0.0.1", site.port))
            connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(2)
            taken = 0
            with contextlib.suppress(ConnectionResetError):
                while piece := connection.recv(1 << 20):
                    taken += len(piece)
        assert 0 < taken < whole, "the rest was let go"
        with httpx.stream("GET", f"{site.url}/sparql?{query}") as response:
            slowly = sum(len(piece) for piece in response.iter_raw(1 << 20) if not time.sleep(0.02))
        assert slowly == int(response.headers["content-length"])


# --- stores, workers and releases


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_several_workers_share_one_process_with_the_store(place: tuple[Path, Path], tmp_path: Path, kind: str) -> None:
    home, dumps = place
    store = "memory" if kind == "memory" else str(tmp_path / "store")
    if kind == "disk":
        command = ["load", store, str(home), "--out", str(dumps)]
        subprocess.run([sys.executable, "-m", "lod", *command], check=True, capture_output=True)
    with lod_serve(home, dumps, "--workers", "2", "--store", store, "--slots", "1") as site:
        processes = _grown(site.server.pid, 4)
        assert len(processes) == 4, "two workers, one zygote, one process for queries"
        assert {_new(site).status_code for _ in range(40)} == {200}
        zygote = next(pid for pid in processes if b"zygote" in _command(pid) and parent(pid) not in _zygotes(processes))
        starter = parent(zygote)
        os.kill(starter, signal.SIGKILL)
        assert gone({starter})
        again = _grown(site.server.pid, 4)
        assert len(again) == 4 and zygote in again, "a worker that ended is replaced; the others keep the store"
        assert {_new(site).status_code for _ in range(20)} == {200}
        os.kill(zygote, signal.SIGKILL)
        assert gone({zygote})
        end = time.monotonic() + 15
        while {_new(site).status_code for _ in range(20)} != {200} and time.monotonic() < end:
            time.sleep(0.1)
        last = _grown(site.server.pid, 4)
        assert len(last) == 4, "the next zygote is one for both as well"
    assert gone(processes | again | last)


def test_several_workers_count_together(place: tuple[Path, Path]) -> None:
    """Shares of clients, places for queries, and counters are the server's, whichever worker is asked."""
    port = free_port()
    options = ("--workers", "2", "--slots", "1", "--client-queries", "4", "--seconds", "2", "--metrics", str(port))
    with lod_serve(*place, *options) as site, ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: _new(site, FOREVER), range(12)))
        refused = [answer for answer in answers if answer.status_code == 429]
        assert 12 - len(refused) in (4, 5), "the share, or one more that came through the other worker at once"
        assert {answer.status_code for answer in answers} == {429, 503}
        for _ in range(30):
            httpx.get(f"{site.url}/letter/1.ttl")
        counted = {_counter(port, 'lod_requests_total{route="document",status="200"} 30.0') for _ in range(6)}
        assert counted == {True}, "whichever worker is asked"
        assert _counter(port, f'lod_queries_total{{outcome="too-many-queries"}} {len(refused)}.0')
        assert _counter(port, "lod_queries_under_way 0.0")


def _new(site: Process, query: str = "ASK { ?s ?p ?o }") -> httpx.Response:
    """A query on a connection of its own, which any worker may take, in a text that nobody has seen."""
    return httpx.get(f"{site.url}/sparql", params={"query": f"{query} #{time.monotonic_ns()}"}, timeout=20)


def _counter(port: int, line: str) -> bool:
    """True when the line is there, at once or soon: workers tell each other a little later."""
    end = time.monotonic() + 5
    while line not in httpx.get(f"http://127.0.0.1:{port}/metrics").text.splitlines():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _zygotes(pids: set[int]) -> set[int]:
    return {pid for pid in pids if b"zygote" in _command(pid)}


def _grown(pid: int, size: int) -> set[int]:
    """The descendants of a process once there are so many, or after ten seconds."""
    end = time.monotonic() + 10
    while len(found := family(pid)) < size and time.monotonic() < end:
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_a_new_release_takes_over_under_load(place: tuple[Path, Path], tmp_path: Path, kind: str) -> None:
    home, dumps = place
    for name, word in (("one", "Letter 1"), ("two", "Letter I")):
        folder = tmp_path / name / "dumps" / "harbour"
        folder.mkdir(parents=True)
        text = (dumps / "harbour" / "harbour.ttl").read_text(encoding="utf-8")
        label = re.search(r'<letter/1>.*?rdfs:label "([^"]*)"', text, re.DOTALL)
        assert label is not None
        (folder / "harbour.ttl").write_text(text.replace(f'"{label[1]}"', f'"{word}"'), encoding="utf-8")
        if kind == "disk":
            command = ["load", str(tmp_path / name / "store"), str(home), "--out", str(folder.parent)]
            subprocess.run([sys.executable, "-m", "lod", *command], check=True, capture_output=True)
    current = tmp_path / "current"
    current.symlink_to("one")
    store = ("--store", str(current / "store")) if kind == "disk" else ()
    query = "SELECT ?l { <letter/1> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    with lod_serve(home, current / "dumps", *store) as site:
        first = family(site.server.pid)
        with _load(site.url, query) as seen:
            _until(seen, "Letter 1")
            (tmp_path / "next").symlink_to("two")
            (tmp_path / "next").rename(current)
            site.server.send_signal(signal.SIGHUP)
            _until(seen, "Letter I")
        assert {status for status, _ in seen} == {200}, "no request failed or waited in vain"
        assert gone(first), "nothing of the old release is left"
        assert "Letter I" in site.client.get("/letter/1.ttl").text
        assert site.server.poll() is None


@contextlib.contextmanager
def _load(url: str, query: str) -> Iterator[list[tuple[int, str]]]:
    """Queries and documents by four clients until the block ends; status and text of each answer."""
    seen: list[tuple[int, str]] = []
    over = threading.Event()

    def work() -> None:
        with httpx.Client(base_url=url, timeout=20) as client:
            while not over.is_set():
                for path, more in (("/sparql", {"query": query}), ("/letter/1.ttl", {}), ("/letter/2.html", {})):
                    answer = client.get(path, params=more)
                    seen.append((answer.status_code, answer.text))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _until(seen: list[tuple[int, str]], word: str) -> None:
    end, begin = time.monotonic() + 20, len(seen)
    while time.monotonic() < end:
        if any(f'"{word}"' in text for _, text in seen[begin:]):
            return
        time.sleep(0.05)
    raise AssertionError(f"{word} was never answered")


def test_a_release_that_cannot_be_served_changes_nothing(place: tuple[Path, Path], tmp_path: Path) -> None:
    home, dumps = place
    own = tmp_path / "dumps"
    shutil.copytree(dumps, own)
    with lod_serve(home, own) as site:
        (own / "harbour" / "harbour.ttl").write_text("this is no Turtle", encoding="utf-8")
        site.server.send_signal(signal.SIGHUP)
        end = time.monotonic() + 10
        while "the old one goes on" not in site.output and time.monotonic() < end:
            time.sleep(0.05)
        assert "the old one goes on" in site.output
        assert site.ask().json()["boolean"] is True


def test_many_who_say_so_at_once_are_served_by_few_changes(place: tuple[Path, Path], tmp_path: Path) -> None:
    home, dumps = place
    own = tmp_path / "dumps"
    shutil.copytree(dumps, own)
    dump = own / "harbour" / "harbour.ttl"
    text = dump.read_text(encoding="utf-8")
    label = re.search(r'<letter/1>.*?rdfs:label "([^"]*)"', text, re.DOTALL)
    assert label is not None
    with lod_serve(home, own) as site:
        dump.write_text("this is no Turtle", encoding="utf-8")
        for _ in range(40):
            site.server.send_signal(signal.SIGHUP)
            time.sleep(0.01)
        end = time.monotonic() + 20
        while "the old one goes on" not in site.output and time.monotonic() < end:
            time.sleep(0.05)
        dump.write_text(text.replace(f'"{label[1]}"', '"Letter the first"'), encoding="utf-8")
        site.server.send_signal(signal.SIGHUP)
        while "Letter the first" not in site.client.get("/letter/1.ttl").text and time.monotonic() < end:
            time.sleep(0.1)
        assert "Letter the first" in site.client.get("/letter/1.ttl").text, "the last one was heard"
        assert 1 <= site.output.count("the old one goes on") < 20


def test_named_graphs_are_there_on_request_only(tmp_path: Path) -> None:
    entry = published(tmp_path)
    graphs = entry.dumps / "graphs"
    graphs.mkdir()
    (graphs / "ontology.ttl").write_text("<http://e/term> a <http://e/Class> .", encoding="utf-8")
    from lod.web.site import graph_files

    files: list[GraphFile] = graph_files([entry])
    with serving([entry], graphs=files) as site:
        name = "https://example.org/harbour/graph/ontology"
        assert _truth(site, "ASK { <http://e/term> ?p ?o }") is False
        assert _truth(site, f"ASK {{ GRAPH <{name}> {{ <http://e/term> ?p ?o }} }}") is True
        assert _truth(site, "ASK FROM <graph/ontology> { <http://e/term> ?p ?o }") is True
        description = site.get("/sparql", "application/n-triples").text
        assert f"sparql-service-description#name> <{name}> ." in description
        assert f'<{name}#graph> <http://rdfs.org/ns/void#triples> "1"' in description


def _truth(site: Served, query: str) -> bool:
    return bool(site.sparql(query).json()["boolean"])
