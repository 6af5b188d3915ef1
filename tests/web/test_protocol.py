"""Statements 40–52 and 54–57 of the HTTP contract: the SPARQL protocol's query half, and what attacks end in."""

import csv
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic
from serving import BROWSER, QUERIES, Served, published, serving

from lod.store import Limits

LETTERS = QUERIES["letters"]
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
DOUBLING = (
    'SELECT (STRLEN(?a40) AS ?n) { BIND("aaaaaaaaaaaaaaaa" AS ?a0) '
    + " ".join(f"BIND(CONCAT(?a{i},?a{i}) AS ?a{i + 1})" for i in range(40))
    + " }"
)
JSON, XML, CSV, TSV = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


def post(site: Served, content: bytes | str, headers: dict[str, str], path: str = "/sparql") -> httpx.Response:
    return site.client.post(path, content=content, headers={"Accept": JSON, **headers})


def lives(site: Served) -> None:
    """The next simple query is answered, and soon."""
    begin = time.monotonic()
    assert site.sparql("ASK { ?s ?p ?o }").json()["boolean"] is True
    assert time.monotonic() - begin < 0.5


# --- 41 to 44: three ways to ask, and the formats


@pytest.mark.statement(41)
def test_get_form_and_direct_give_the_same(site: Served) -> None:
    by_get = site.sparql(LETTERS)
    assert by_get.headers["content-type"] == JSON
    assert len(by_get.json()["results"]["bindings"]) == 3
    by_form = site.client.post("/sparql", data={"query": LETTERS}, headers={"Accept": JSON})
    direct = post(site, LETTERS, {"Content-Type": "application/sparql-query; charset=UTF-8"})
    assert by_get.content == by_form.content == direct.content


@pytest.mark.statement(41)
def test_a_form_is_decoded_once(site: Served) -> None:
    query = 'SELECT ("%41%2B+é" AS ?x) {}'
    for response in (site.client.post("/sparql", data={"query": query}, headers={"Accept": JSON}), site.sparql(query)):
        assert response.json()["results"]["bindings"][0]["x"]["value"] == "%41%2B+é"


TERMS = 'SELECT ?x { VALUES ?x { "a"@en "1"^^<http://www.w3.org/2001/XMLSchema#integer> "q\\"\\n,x" <http://e/x> } }'


@pytest.mark.statement(42)
def test_tables_keep_datatypes_and_languages(site: Served) -> None:
    found = site.sparql(TERMS).json()["results"]["bindings"]
    assert found[0]["x"] == {"type": "literal", "value": "a", "xml:lang": "en"}
    assert found[1]["x"]["datatype"].endswith("integer")
    assert found[3]["x"] == {"type": "uri", "value": "http://e/x"}
    xml = ox.parse_query_results(site.sparql(TERMS, XML).content, format=ox.QueryResultsFormat.XML)
    assert isinstance(xml, ox.QuerySolutions)
    assert next(str(row["x"]) for row in xml) == '"a"@en'
    tsv = site.sparql(TERMS, TSV)
    assert tsv.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert tsv.text.splitlines()[:2] == ["?x", '"a"@en']


@pytest.mark.statement(58)
def test_csv_is_rfc_4180(site: Served) -> None:
    response = site.sparql(TERMS, CSV)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="result.csv"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.content == b'x\r\na\r\n1\r\n"q""\n,x"\r\nhttp://e/x\r\n'


@pytest.mark.statement(58)
def test_a_spreadsheet_calculates_nothing(site: Served) -> None:
    query = 'SELECT ?x ?y { VALUES (?x ?y) { ("=1+1" "+1") ("-1" "@a") ("\\ta" "\\rb") ("=a,b" "a=1") ("say \\"=1\\"" "") } }'
    response = site.sparql(query, BROWSER, format="spreadsheet")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"].startswith("attachment;")
    rows = list(csv.reader(io.StringIO(response.content.decode(), newline="")))
    assert rows == [
        ["x", "y"], ["'=1+1", "'+1"], ["'-1", "'@a"], ["'\ta", "'\rb"], ["'=a,b", "a=1"], ['say "=1"', ""],
    ]  # fmt: skip
    faithful = list(csv.reader(io.StringIO(site.sparql(query, CSV).content.decode(), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in rows] == faithful


@pytest.mark.statement(44)
@pytest.mark.parametrize("accept", [JSON, XML, CSV, TSV])
def test_ask_in_every_format(site: Served, accept: str) -> None:
    response = site.sparql("ASK { ?s ?p ?o }", accept)
    assert response.status_code == 200 and b"true" in response.content


@pytest.mark.statement(42)
@pytest.mark.parametrize("query", ["DESCRIBE <https://example.org/harbour/letter/1>", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_graphs_in_every_format(site: Served, query: str) -> None:
    graphs = []
    formats = {
        "text/turtle": "turtle",
        "application/n-triples": "nt",
        "application/ld+json": "json-ld",
        "application/rdf+xml": "xml",
        "application/trig": "trig",
        "application/n-quads": "nquads",
    }
    for media_type, name in formats.items():
        response = site.sparql(query, media_type)
        assert response.headers["content-type"].partition(";")[0] == media_type
        if name in ("trig", "nquads"):
            graphs.append(rdflib.Graph() + rdflib.Dataset().parse(data=response.content, format=name).default_context)
        else:
            graphs.append(rdflib.Graph().parse(data=response.content, format=name))
    assert len(graphs[0]) > 3
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


@pytest.mark.statement(42)
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", JSON),
        ("*/*", JSON),
        ("application/xml", XML),
        (f"{XML};q=0.4, {CSV};q=0.6", "text/csv; charset=utf-8"),
        ("text/turtle, application/sparql-results+xml;q=0.1", XML),
    ],
)
def test_tables_are_negotiated(site: Served, accept: str, media_type: str) -> None:
    response = site.sparql(LETTERS, accept)
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert "Accept" in response.headers["vary"]


def test_a_format_may_be_named_in_the_address(site: Served) -> None:
    assert site.sparql(LETTERS, BROWSER, format="csv").headers["content-type"].startswith("text/csv")
    assert site.sparql(LETTERS, format="xlsx").status_code == 400


@pytest.mark.statement(43)
@pytest.mark.parametrize("accept", ["text/turtle", "image/png"])
def test_a_table_in_no_such_format_is_406(site: Served, accept: str) -> None:
    response = site.sparql(LETTERS, accept)
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert JSON in response.json()["offered"]


UNWRITABLE = [
    ("SELECT ('\\u0001' AS ?x) {}", XML),
    ("SELECT ('a\\uFFFE' AS ?x) {}", XML),
    ("CONSTRUCT { <a:a> <http://x/1> 'a' } WHERE {}", "application/rdf+xml"),
    ("CONSTRUCT { <a:a> <http://x/p> '\\u0001' } WHERE {}", "application/rdf+xml"),
    ("CONSTRUCT { <a:a> <http://x/p> <<( <a:a> <a:b> 'c' )>> } WHERE {}", "application/ld+json"),
]


@pytest.mark.statement(42, 51)
@pytest.mark.parametrize(("query", "accept"), UNWRITABLE)
def test_what_a_format_cannot_hold_is_406_and_never_ill_formed(site: Served, query: str, accept: str) -> None:
    refused = site.sparql(query, accept)
    assert refused.status_code == 406
    assert accept in refused.json()["detail"] and accept not in refused.json()["offered"]
    for offered in refused.json()["offered"]:
        if "xml" not in offered and offered not in ("application/ld+json", accept):
            assert site.sparql(query, offered).status_code == 200, offered


# --- 45: without a query


@pytest.mark.statement(45)
def test_the_service_description(site: Served) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    found = rdflib.Graph().parse(data=site.get("/sparql", "text/turtle").content, format="turtle")
    endpoint = rdflib.URIRef(f"{site.url}/sparql")
    assert (endpoint, sd.endpoint, endpoint) in found
    assert (endpoint, sd.supportedLanguage, sd.SPARQL11Query) in found
    assert (None, sd.feature, sd.BasicFederatedQuery) not in found
    assert len(set(found.objects(endpoint, sd.resultFormat))) == 10
    graph = found.value(found.value(endpoint, sd.defaultDataset), sd.defaultGraph)
    counted = site.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()["results"]["bindings"][0]["n"]["value"]
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    assert int(found.value(graph, void.triples)) == int(counted)
    for accept in ("application/ld+json", "application/rdf+xml", "application/n-triples"):
        response = site.get("/sparql", accept)
        name = {"ld": "json-ld", "rd": "xml", "n-": "nt"}[accept.split("/")[1][:2]]
        assert isomorphic(found, rdflib.Graph().parse(data=response.content, format=name))


@pytest.mark.statement(45)
def test_browsers_get_a_form_with_the_shipped_queries(site: Served) -> None:
    page = site.get("/sparql", BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'action="/sparql" method="get"' in page.text and "Who sent which letter?" in page.text


def test_browsers_get_a_table_that_links(site: Served) -> None:
    page = site.sparql(LETTERS, BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="/letter/10"' in page.text and "3 rows" in page.text
    refused = site.sparql("SELECT * {", BROWSER)
    assert refused.status_code == 400 and "syntax error" in refused.text and "SELECT * {" in refused.text
    inert = site.sparql('SELECT ("<script>alert(1)</script>" AS ?x) (<javascript:alert(1)> AS ?y) {}', BROWSER).text
    assert "<script>alert" not in inert and 'href="javascript:' not in inert


@pytest.mark.statement(59)
def test_shipped_queries_are_listed_and_answered(site: Served) -> None:
    shipped = site.get("/sparql/examples").json()
    assert {entry["name"]: entry["title"] for entry in shipped} == {"letters": "Who wrote letters", "born": "Born"}
    for entry in shipped:
        assert site.sparql(entry["query"]).json()["results"]["bindings"], entry["name"]


# --- 46 to 48: refusals that say why


@pytest.mark.statement(46)
def test_a_syntax_error_says_where(site: Served) -> None:
    response = site.sparql("SELECT * {\n ?s ?p }")
    assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")
    problem = response.json()
    assert problem["type"] == f"{site.url}/problems#query-syntax"
    assert problem["status"] == 400
    assert problem["line"] == 2 and problem["column"] > 5 and "expected" in problem["detail"]


@pytest.mark.statement(46, 48)
@pytest.mark.parametrize(
    ("content", "headers", "path", "status"),
    [
        ("", {}, "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400),
        ("query=ASK%7B%7D&query=ASK%7B%7D", FORM, "/sparql", 400),
        ("query=ASK%7B%7D", FORM, "/sparql?query=ASK%7B%7D", 400),
        ("query=", FORM, "/sparql", 400),
        ("", DIRECT, "/sparql", 400),
        ("ASK {}", {"Content-Type": "text/plain"}, "/sparql", 415),
        ("ASK {}", {}, "/sparql", 415),
        ("query=ASK%7B%7D", {}, "/sparql", 415),
        ("ASK {}".encode("utf-16"), DIRECT, "/sparql", 400),
        ("ASK {}".encode("utf-16"), {"Content-Type": "application/sparql-query; charset=UTF-16"}, "/sparql", 400),
        (b'ASK { ?s ?p "\xff" }', DIRECT, "/sparql", 400),
        ("query=%FF", FORM, "/sparql", 400),
        ("ASK {} #" + "x" * 70_000, DIRECT, "/sparql", 413),
        ("x" * (1 << 21), DIRECT, "/sparql", 413),
        ("ASK {}", DIRECT, "/sparql?timeout=never", 400),
        ("ASK {}", DIRECT, "/sparql?timeout=-1", 400),
        ("ASK {}", DIRECT, "/sparql?timeout=nan", 400),
        ("&" * 5 + "a=1&" * 100, FORM, "/sparql", 400),
        ("ASK {}", DIRECT, "/sparql?default-graph-uri=graph", 400),
        ("ASK {}", DIRECT, "/sparql?named-graph-uri=http://x/%00", 400),
        ("ASK {}", DIRECT, "/sparql?default-graph-uri=http://x:port/", 400),
    ],
)
def test_bad_requests(site: Served, content: bytes | str, headers: dict[str, str], path: str, status: int) -> None:
    response = (
        site.client.get(path)
        if path.startswith("/sparql?query=") and not content
        else post(site, content, headers, path)
    )
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


@pytest.mark.statement(47)
@pytest.mark.parametrize("update", ["INSERT DATA { <a:a> <a:b> <a:c> }", "DROP ALL", "LOAD <http://127.0.0.1:9/>"])
def test_updates_are_refused_and_change_nothing(site: Served, update: str) -> None:
    before = site.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").content
    assert site.sparql(update).status_code == 403
    assert site.client.get("/sparql", params={"update": update}).status_code == 403
    assert site.client.post("/sparql", data={"update": update}).status_code == 403
    assert post(site, update, {"Content-Type": "application/sparql-update"}).status_code == 403
    assert site.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").content == before


@pytest.mark.statement(48)
def test_long_addresses_and_headers_are_told_so(site: Served) -> None:
    response = site.client.get("/sparql", params={"query": "ASK {} #" + "x" * 20_000})
    assert response.status_code == 414 and "POST" in response.json()["detail"]
    assert site.client.get("/sparql", headers={"X-Long": "x" * 20_000}).status_code == 431


# --- 49 to 52 and 54 to 57: limits, attacks, whole results


@pytest.mark.statement(49)
def test_over_time(site: Served) -> None:
    begin = time.monotonic()
    response = site.sparql(FOREVER)
    took = time.monotonic() - begin
    assert response.status_code == 503
    assert took < 1.0 + 0.5
    problem = response.json()
    assert problem["type"].endswith("#query-timeout") and problem["seconds"] == 1.0
    assert int(response.headers["retry-after"]) > 0
    lives(site)


@pytest.mark.statement(50)
def test_a_client_may_lower_the_limit_but_never_raise_it(site: Served) -> None:
    begin = time.monotonic()
    assert site.sparql(FOREVER, timeout="0.2").json()["seconds"] == 0.2
    assert time.monotonic() - begin < 0.6
    assert site.sparql(FOREVER, timeout="3600").json()["seconds"] == 1.0


def test_over_memory(site: Served) -> None:
    response = site.sparql(DOUBLING)
    assert response.status_code == 503
    assert response.json()["type"].partition("#")[2] in ("query-memory", "query-timeout")
    lives(site)


@pytest.mark.statement(51)
def test_over_output_is_never_a_part_with_status_200(site: Served) -> None:
    response = site.sparql("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert response.status_code == 503
    assert f"{2 << 20:,}" in response.json()["detail"] and response.json()["output_bytes"] == 2 << 20
    lives(site)


@pytest.mark.statement(52)
def test_a_client_that_leaves_takes_its_query_along(tmp_path: Path) -> None:
    with serving([published(tmp_path)], limits=Limits(seconds=20), slots=1, patience=10) as site:
        request = httpx.Request("GET", f"{site.url}/sparql", params={"query": FOREVER})
        with socket.create_connection(("127.0.0.1", site.port)) as connection:
            connection.sendall(f"GET {request.url.raw_path.decode()} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.3)
        begin = time.monotonic()
        assert site.sparql("ASK { ?s ?p ?o }").json()["boolean"] is True
        assert time.monotonic() - begin < 2, "the only place was given free"


@pytest.fixture
def canary() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine and what it has heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                heard.append(b"someone")
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", heard


SPELLINGS = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { service<%s>{ ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SeRvIcE <%s> { ?s ?p ?o } } } }",
    "SELECT * { \\u0053ERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { VALUES ?w { <%s> } SERVICE ?w { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(?o<'>')SERVICE<%s>{?a ?b '} }",
]


@pytest.mark.statement(54)
@pytest.mark.parametrize("query", SPELLINGS)
def test_federation_is_disabled_and_nobody_is_asked(site: Served, canary: tuple[str, list[bytes]], query: str) -> None:
    address, heard = canary
    response = site.sparql(query % address)
    assert response.status_code == 400
    assert response.json()["title"] == "Federation is disabled"
    assert heard == []
    lives(site)


@pytest.mark.statement(54)
def test_foreign_graphs_are_never_fetched(site: Served, canary: tuple[str, list[bytes]]) -> None:
    address, heard = canary
    assert site.sparql(f"ASK FROM <{address}> {{ ?s ?p ?o }}").json()["boolean"] is False
    assert site.sparql("ASK { ?s ?p ?o }", **{"default-graph-uri": address}).json()["boolean"] is False
    assert site.sparql("ASK { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": address}).json()["boolean"] is False
    assert site.sparql("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }").status_code == 400
    assert heard == []


@pytest.mark.statement(55)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 3000 + "?s ?p ?o" + "}" * 3000,
        "ASK { FILTER" + "(" * 4000 + "1" + ")" * 4000 + " }",
        "ASK { FILTER(" + "+".join("1" * 5000) + " = 1) }",
        "ASK { " + " UNION ".join(["{?s ?p ?o}"] * 900) + " }",
        "ASK { FILTER(" + "!" * 9000 + "true) }",
    ],
)
def test_bombs_end_in_a_clean_error(site: Served, query: str) -> None:
    response = post(site, query, DIRECT)
    assert response.status_code == 400
    assert response.json()["type"].endswith("#query-too-complex")
    assert site.client.get("/health").json() == {"status": "ok"}
    lives(site)


@pytest.mark.statement(56)
def test_the_same_question_gives_the_same_bytes(site: Served) -> None:
    assert len({site.sparql(LETTERS).content for _ in range(5)}) == 1


@pytest.mark.statement(57)
def test_a_long_result_is_whole(site: Served) -> None:
    query = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000"}
    response = site.client.get("/sparql", params=query, headers={"Accept": JSON, "Accept-Encoding": "identity"})
    assert int(response.headers["content-length"]) == len(response.content) > 1 << 19
    assert len(json.loads(response.content)["results"]["bindings"]) == 2000


@pytest.mark.statement(82)
def test_health_answers_at_once_while_queries_run(tmp_path: Path) -> None:
    with serving([published(tmp_path)], limits=Limits(seconds=1.5), slots=2) as site:
        asking = [threading.Thread(target=site.sparql, args=(FOREVER,)) for _ in range(4)]
        for thread in asking:
            thread.start()
        time.sleep(0.2)
        for path in ("/health", "/letter/1.ttl"):
            begin = time.monotonic()
            assert site.client.get(path).status_code == 200
            assert time.monotonic() - begin < 0.25, path
        for thread in asking:
            thread.join()


@pytest.mark.statement(53)
def test_saturation_is_503_with_retry_after(tmp_path: Path) -> None:
    with serving([published(tmp_path)], limits=Limits(seconds=1.5), slots=1, queue=0) as site:
        asking = threading.Thread(target=site.sparql, args=(FOREVER,))
        asking.start()
        time.sleep(0.3)
        refused = site.sparql("ASK {}")
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert refused.json()["type"].endswith("#busy")
        asking.join()


def test_relative_iris_stand_for_names_of_the_edition(site: Served) -> None:
    assert site.sparql("ASK { <letter/1> ?p ?o }").json()["boolean"] is True
