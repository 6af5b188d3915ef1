"""Queries in processes of their own: every limit, every kind of death, and what is refused before anything runs."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest

from lod.formats import CSV_RESULTS, JSON_RESULTS, RDF_FORMATS, RESULT_FORMATS, TURTLE, Format
from lod.store import (
    Answer,
    Blocking,
    Failed,
    Federation,
    GraphFile,
    Graphs,
    Limits,
    Malformed,
    NotAcceptable,
    OverMemory,
    OverOutput,
    OverTime,
    Refusal,
)
from lod.store.answers import OWN_GRAPHS
from lod.store.child import malformed
from tests.pace import in_time, usual
from tests.store.asked import DOUBLING, FLOOD, FOREVER, LIMITS, SAMPLE, SIMPLE, SORTED


@pytest.fixture(scope="module")
def store() -> Iterator[Blocking]:
    with Blocking([GraphFile(SAMPLE)]) as blocking:
        yield blocking


def ask(
    store: Blocking, query: str, *accept: Format, limits: Limits = LIMITS, graphs: Graphs = OWN_GRAPHS
) -> Answer | Refusal:
    return store.query(query, accept or (JSON_RESULTS, TURTLE), limits, graphs)


def answers(store: Blocking) -> bool:
    result = ask(store, SIMPLE)
    return isinstance(result, Answer) and b"true" in result.body


@pytest.mark.parametrize("query", [FOREVER, SORTED])
def test_a_query_without_end_stops_at_its_limit(store: Blocking, query: str) -> None:
    limits = Limits(seconds=0.6, memory_bytes=2 << 30)
    result = in_time(0.6 + 0.3, usual(), lambda: ask(store, query, limits=limits))
    assert isinstance(result, OverTime)
    assert result.seconds == 0.6
    assert answers(store)


def test_a_query_that_eats_memory_stops_at_its_limit(store: Blocking, monkeypatch: pytest.MonkeyPatch) -> None:
    # Time is no matter here: on a machine without a processor to spare a query that gives way meets that limit first.
    monkeypatch.setattr("lod.store.isolate._ORDINARY_SECONDS", 3600.0)
    result = ask(store, DOUBLING, limits=Limits(seconds=100, memory_bytes=200 << 20))
    assert isinstance(result, OverMemory)
    assert answers(store)


def test_a_result_over_the_cap_is_refused_whole(store: Blocking) -> None:
    result = ask(store, FLOOD)
    assert isinstance(result, OverOutput)
    assert f"{LIMITS.output_bytes:,}" in result.detail
    assert answers(store)


def test_a_large_result_is_complete(store: Blocking) -> None:
    result = ask(store, "SELECT * { ?a ?b ?c . ?d ?e ?f }", CSV_RESULTS, limits=Limits(output_bytes=64 << 20))
    assert isinstance(result, Answer)
    triples = ask(store, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", CSV_RESULTS)
    assert isinstance(triples, Answer)
    assert result.body.count(b"\r\n") == int(triples.body.split()[1]) ** 2 + 1


def test_the_first_suitable_format_is_used(store: Blocking) -> None:
    for form in RESULT_FORMATS:
        result = ask(store, "SELECT * { ?s ?p ?o } LIMIT 2", TURTLE, form)
        assert isinstance(result, Answer) and result.media_type == form.media_type
    for form in RDF_FORMATS:
        result = ask(store, "DESCRIBE <https://example.org/harbour/letter/1>", JSON_RESULTS, form)
        assert isinstance(result, Answer) and result.media_type == form.media_type and result.body


def test_a_table_is_not_turtle(store: Blocking) -> None:
    result = ask(store, "SELECT * { ?s ?p ?o }", TURTLE)
    assert isinstance(result, NotAcceptable)
    assert JSON_RESULTS.media_type in result.offered
    assert isinstance(ask(store, "CONSTRUCT WHERE { ?s ?p ?o }", JSON_RESULTS), NotAcceptable)


def test_a_syntax_error_has_a_place(store: Blocking) -> None:
    result = ask(store, "SELECT * {\n  ?s ?p }")
    assert isinstance(result, Malformed)
    assert result.line == 2
    assert result.column in (9, 10), "where the parser looked last"


def test_graphs_of_the_protocol_and_nothing_else(store: Blocking) -> None:
    result = ask(store, SIMPLE, graphs=Graphs(default=("http://127.0.0.1:9/x",)))
    assert isinstance(result, Answer) and b"false" in result.body
    assert isinstance(ask(store, "ASK FROM <http://127.0.0.1:9/x> { ?s ?p ?o }"), Answer)
    assert isinstance(ask(store, SIMPLE, graphs=Graphs(default=("not an iri",))), Failed)


class Canary:
    """A server on this machine that counts who comes."""

    def __init__(self) -> None:
        self.heard = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.heard += 1

    def close(self) -> None:
        self._socket.close()


def test_no_socket_opens_even_when_the_scan_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lod.store.isolate.scan", lambda _text: None)
    canary = Canary()
    try:
        with socket.create_connection(("127.0.0.1", canary.port)):
            time.sleep(0.05)
        assert canary.heard == 1, "a canary that hears nobody proves nothing"
        with Blocking([GraphFile(SAMPLE)]) as store:
            for silent in ("", "SILENT "):
                query = f"SELECT * {{ SERVICE {silent}<http://127.0.0.1:{canary.port}/> {{ ?s ?p ?o }} }}"
                assert not (isinstance(ask(store, query), Answer) and not silent)
            assert answers(store)
        assert canary.heard == 1
    finally:
        canary.close()


@pytest.mark.parametrize(
    "nest", [lambda n: "SELECT * " + "{" * n + "}" * n, lambda n: "ASK {FILTER(" + "!" * n + "true)}"]
)
def test_what_overflows_the_stack_takes_only_its_own_process(
    nest: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lod.store.isolate.scan", lambda _text: None)
    with Blocking([GraphFile(SAMPLE)]) as store:
        result = ask(store, nest(400_000), limits=Limits(seconds=5))
        assert isinstance(result, Refusal) and result.status in (400, 503)
        assert answers(store)


def test_federation_is_refused_before_anything_runs(store: Blocking) -> None:
    assert isinstance(ask(store, "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"), Federation)


@pytest.mark.statement(43)
@pytest.mark.parametrize(
    ("query", "name", "line", "column"),
    [
        ("SELECT * { ?a schema:name ?b }", "schema:", 1, 15),
        ("PREFIX crm: <http://x/>\nASK {\n  ?a crm:P1 ?c ;\n  lrmoo:R17_created ?b }", "lrmoo:", 4, 3),
        ("ASK { <http://x/a> :p ?b }", ":", 1, 20),
        ("ASK { ?a\n\n  a\n  é.ñ-x:Ωx }", "é.ñ-x:", 4, 3),
    ],
)
def test_a_prefix_that_is_not_declared_is_named(query: str, name: str, line: int, column: int) -> None:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(query)
    told = malformed(str(caught.value), query)
    assert (told.line, told.column) == (line, column)
    assert told.detail.startswith(f"Line {line}, column {column}: the prefix {name} is not declared.")
