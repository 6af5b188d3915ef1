"""One contract, every store: in memory, on disk, the Oxigraph server and Virtuoso, with the real edition in them."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lod.errors import StoreError
from lod.formats import (
    CSV_RESULTS,
    GRAPH_FORMATS,
    JSON_RESULTS,
    N_TRIPLES,
    RESULT_FORMATS,
    SPREADSHEET,
    TURTLE,
    XML_RESULTS,
    Format,
)
from lod.store import (
    Answer,
    Blocking,
    Federation,
    GraphFile,
    Graphs,
    Limits,
    Malformed,
    NotAcceptable,
    OverOutput,
    OverTime,
    Refusal,
    Unsupported,
    disk,
    load,
    source,
)
from lod.store.answers import OWN_GRAPHS
from tests.servers import oxigraph, virtuoso

ROOT = Path(__file__).parents[2]
DUMP = ROOT / "dumps" / "serge-trotsky" / "serge-trotsky.ttl"
QUERIES = sorted((ROOT / "corpus" / "serge-trotsky" / "queries").glob("*.rq"))
BASE = "https://w3id.org/serge-trotsky/"
ASIDE, SECRET = f"{BASE}graph/aside", "http://example.org/secret"
LIMITS = Limits(seconds=10)
STORES = ("memory", "disk", "oxigraph", "virtuoso")

pytestmark = pytest.mark.skipif(not DUMP.is_file(), reason="build the shipped edition first: make build")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[GraphFile]:
    aside = tmp_path_factory.mktemp("aside") / "aside.nt"
    aside.write_text('<http://e/x> <http://e/p> "aside" .\n', encoding="utf-8")
    return [GraphFile(DUMP, elsewhere=f"{BASE}graph/data"), GraphFile(aside, ASIDE)]


@pytest.fixture(scope="module")
def memory(files: list[GraphFile]) -> Iterator[Blocking]:
    with Blocking(source("memory", files), base=BASE) as store:
        yield store


@pytest.fixture(scope="module", params=STORES)
def store(
    request: pytest.FixtureRequest, files: list[GraphFile], memory: Blocking, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Blocking]:
    kind: str = request.param
    folder = tmp_path_factory.mktemp(kind)
    with contextlib.ExitStack() as stack:
        if kind == "memory":
            yield memory
            return
        if kind == "disk":
            place = str(folder / "store")
            assert disk.write(files, folder / "store") > 10_000
        else:
            engine = stack.enter_context((oxigraph if kind == "oxigraph" else virtuoso)(folder))
            secret = folder / "secret.nt"
            secret.write_text('<http://e/x> <http://e/p> "secret" .\n', encoding="utf-8")
            everything = [*files, GraphFile(secret, SECRET)]
            load.put(everything, engine.graphs, user=engine.user, password=engine.password)
            load.put(files, engine.graphs, user=engine.user, password=engine.password)
            place = engine.query
        yield stack.enter_context(Blocking(source(place, files), base=BASE))


def ask(
    store: Blocking, query: str, *accept: Format, limits: Limits = LIMITS, graphs: Graphs = OWN_GRAPHS
) -> Answer | Refusal:
    return store.query(query, accept or (JSON_RESULTS, TURTLE), limits, graphs)


def rows(answer: Answer | Refusal) -> list[tuple[tuple[str, str], ...]]:
    """The rows of a table with IRIs as they are and literals by the documented equalities."""
    assert isinstance(answer, Answer), answer
    found = json.loads(answer.body)
    return [tuple(sorted((name, same(term)) for name, term in row.items())) for row in found["results"]["bindings"]]


NUMBERS = {"integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"}


def same(term: Any) -> str:
    """docs/sparql.md, "What engines do to literals": numbers by value, WKT by its numbers, truth as 1 and 0."""
    if term["type"] != "literal":
        return f"<{term['value']}>"
    value, datatype = term["value"], term.get("datatype", "")
    if datatype.rpartition("#")[2] in NUMBERS:
        return f"number {float(Decimal(value)):.9g}"
    if datatype.endswith("#boolean"):
        return "number " + {"true": "1", "false": "0"}.get(value, value)
    if datatype.endswith(("#wktLiteral", "#Geometry")):
        return "point " + " ".join(f"{float(number):.4f}" for number in re.findall(r"-?\d+(?:\.\d+)?", value))
    return f"{value!r}@{term.get('xml:lang', '').lower()}^^{datatype.replace('XMLSchema#string', '')}"


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_shipped_queries_give_the_same_rows_everywhere(store: Blocking, memory: Blocking, file: Path) -> None:
    query = file.read_text(encoding="utf-8")
    here, expected = rows(ask(store, query)), rows(ask(memory, query))
    assert expected
    assert Counter(here) == Counter(expected)


def test_the_default_graph_is_the_dump_and_nothing_else(store: Blocking, memory: Blocking) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert rows(ask(store, count)) == rows(ask(memory, count))
    for word in ("aside", "secret"):
        assert ask(store, f'ASK {{ <http://e/x> ?p "{word}" }}').body.count(b"false") == 1  # type: ignore[union-attr]


def test_named_graphs_are_ours_only(store: Blocking) -> None:
    found = rows(ask(store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))
    assert found == [(("g", f"<{ASIDE}>"),)]
    for query in (
        f"SELECT * FROM <{SECRET}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{SECRET}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "PREFIX e: <http://example.org/> SELECT * FROM e:secret { ?s ?p ?o }",
        f"SELECT * {{ GRAPH <{SECRET}> {{ ?s ?p ?o }} }}",
    ):
        assert rows(ask(store, query)) == [], query
    assert rows(ask(store, "SELECT * { ?s ?p ?o }", graphs=Graphs(default=(SECRET,)))) == []


def test_graphs_can_be_asked_for(store: Blocking) -> None:
    for answer in (
        ask(store, f"SELECT ?o FROM <{ASIDE}> {{ ?s ?p ?o }}"),
        ask(store, "SELECT ?o FROM <graph/aside> { ?s ?p ?o }"),
        ask(store, "SELECT ?o { ?s ?p ?o }", graphs=Graphs(default=(ASIDE,))),
        ask(store, f"SELECT ?o {{ GRAPH <{ASIDE}> {{ ?s ?p ?o }} }}"),
        ask(store, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", graphs=Graphs(named=(ASIDE,))),
    ):
        assert [dict(row)["o"] for row in rows(answer)] == ["'aside'@^^"]


def test_every_format(store: Blocking) -> None:
    for form in (*RESULT_FORMATS, SPREADSHEET):
        for query in ("SELECT ?p { <letter/1> ?p ?o } ORDER BY ?p LIMIT 2", "ASK { <letter/1> ?p ?o }"):
            answer = ask(store, query, form)
            assert isinstance(answer, Answer), answer
            assert answer.media_type == form.media_type and (b"true" in answer.body or b"http" in answer.body)
    for form in GRAPH_FORMATS:
        answer = ask(store, "CONSTRUCT { ?s a ?t } WHERE { VALUES ?s { <letter/1> } ?s a ?t }", form)
        assert isinstance(answer, Answer), answer
        assert answer.media_type == form.media_type and b"E33" in answer.body


def test_truth_and_graphs_are_equal(store: Blocking, memory: Blocking) -> None:
    for query in ("ASK { <letter/1> ?p ?o }", "ASK { <letter/1> <http://e/none> ?o }"):
        assert ask(store, query, XML_RESULTS) == ask(memory, query, XML_RESULTS)
    query = (
        "PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a crm:E21_Person ; rdfs:label ?l }"
    )
    one, other = ask(store, query, N_TRIPLES), ask(memory, query, N_TRIPLES)
    assert isinstance(one, Answer) and isinstance(other, Answer)
    assert sorted(one.body.splitlines()) == sorted(other.body.splitlines()) != []


def test_dates_tags_and_letters_survive(store: Blocking) -> None:
    query = (
        "PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/> SELECT ?a ?b ?edtf {"
        "<letter/1/writing> crm:P4_has_time-span ?t . ?t crm:P82a_begin_of_the_begin ?a ; "
        "crm:P82b_end_of_the_end ?b ; crm:P82_at_some_time_within ?edtf }"
    )
    (row,) = rows(ask(store, query))
    assert re.search(r"'\d{4}-\d\d-\d\dT00:00:00Z'@\^\^.*dateTime", dict(row)["a"])
    assert dict(row)["edtf"].endswith("EDTF")
    assert rows(ask(store, 'SELECT ?s { ?s ?p ?o FILTER(LANG(?o) = "ru-latn") } LIMIT 1'))


def test_refusals_are_the_same(store: Blocking) -> None:
    assert isinstance(ask(store, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"), Federation)
    malformed = ask(store, "SELECT * {\n ?s ?p }")
    assert isinstance(malformed, Malformed) and malformed.line == 2
    assert isinstance(ask(store, "SELECT * { ?s ?p ?o }", TURTLE), NotAcceptable)
    assert isinstance(ask(store, "DEFINE get:soft 'soft' SELECT * { ?s ?p ?o }"), Malformed)
    small = Limits(seconds=10, output_bytes=1000)
    assert isinstance(ask(store, "SELECT * { ?s ?p ?o } LIMIT 5000", CSV_RESULTS, limits=small), OverOutput)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
        "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?f = ?i && ?c = ?f) }",
    ],
)
def test_what_takes_too_long_is_refused_whole(store: Blocking, query: str) -> None:
    limits = Limits(seconds=1, memory_bytes=4 << 30)
    assert isinstance(ask(store, query, limits=limits), OverTime)
    assert isinstance(ask(store, "ASK { <letter/1> ?p ?o }"), Answer)


EXTENSIONS = [
    "PREFIX bif: <bif:> SELECT (bif:http_get('http://127.0.0.1:9/') AS ?x) {}",
    "SELECT (<bif:http_get>('http://127.0.0.1:9/') AS ?x) {}",
    "SELECT (<BIF:http_get>('http://127.0.0.1:9/') AS ?x) {}",
    "BASE <bif:> SELECT (<http_get>('http://127.0.0.1:9/') AS ?x) {}",
    "PREFIX v: <http://www.openlinksw.com/schemas/> SELECT (v:bif\\#http_get('http://127.0.0.1:9/') AS ?x) {}",
    "PREFIX v: <sql:> SELECT (v:anything(1) AS ?x) {}",
    "PREFIX v: <sql:> SELECT * { ?s ?p ?o FILTER(v:anything(?o)) }",
    "PREFIX b: <http://e/> SELECT * { ?s ?p ?o FILTER(<\\u0062if:http_get>(?o)) }",
]


@pytest.mark.parametrize("query", EXTENSIONS)
def test_functions_of_one_engine_never_reach_it(store: Blocking, query: str, request: pytest.FixtureRequest) -> None:
    answer = ask(store, query)
    if "memory" in request.node.name or "disk" in request.node.name:
        assert isinstance(answer, Unsupported), answer
    else:
        assert isinstance(answer, Unsupported | Malformed), answer


def test_a_store_that_is_read_is_never_written(tmp_path: Path, files: list[GraphFile]) -> None:
    place = tmp_path / "store"
    place.mkdir()
    with pytest.raises(StoreError, match="there already"):
        disk.write(files, place)
    broken = tmp_path / "broken.nt"
    broken.write_text("this is no triple", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        disk.write([GraphFile(broken)], tmp_path / "other")
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "broken.nt"] == ["store"]
    with pytest.raises(StoreError, match="no store"), Blocking(source(str(place), files)):
        pass


def test_what_cannot_be_loaded_is_told(tmp_path: Path, files: list[GraphFile]) -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:9"):
        load.put(files, "http://127.0.0.1:9/store")
    with oxigraph(tmp_path) as engine, pytest.raises(StoreError, match="refuses"):
        load.put(files, engine.query)
