"""Statements 41–45 and 56–59 of the HTTP contract: three ways to ask, forms of results, what the endpoint says of itself."""

import csv
import io
import json

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic
from serving import BROWSER, QUERIES, Served

LETTERS = QUERIES["letters"]
JSON, XML, CSV, TSV = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)


# --- 41 to 44: three ways to ask, and the formats


@pytest.mark.statement(41)
def test_get_form_and_direct_give_the_same(site: Served) -> None:
    by_get = site.sparql(LETTERS)
    assert by_get.headers["content-type"] == JSON
    assert len(by_get.json()["results"]["bindings"]) == 3
    by_form = site.client.post("/sparql", data={"query": LETTERS}, headers={"Accept": JSON})
    headers = {"Accept": JSON, "Content-Type": "application/sparql-query; charset=UTF-8"}
    direct = site.client.post("/sparql", content=LETTERS, headers=headers)
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
    formats = "format=json-ld&format=application/ld%2Bjson,application/x-json%2Bld"  # as SPARQLWrapper says it
    described = site.get(f"/sparql?query=DESCRIBE%20%3Cletter/1%3E&{formats}")
    assert described.headers["content-type"] == "application/ld+json"


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


def test_browsers_get_the_beginning_of_a_long_result(site: Served) -> None:
    table = site.sparql("SELECT ?nothing { ?a ?b ?c . ?d ?e ?f } LIMIT 5000", BROWSER).text
    assert "5000 rows; the first 1000 are shown" in table and table.count("<tr>") == 1001
    graph = site.sparql(
        "CONSTRUCT { ?a <x:at> ?n } { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?b), STR(?f)) AS ?n) }", BROWSER
    ).text
    assert "statements; the first 1000 are shown" in graph and graph.count("x:at&gt;") == 1001  # the query has one too


@pytest.mark.statement(59)
def test_shipped_queries_are_listed_and_answered(site: Served) -> None:
    shipped = site.get("/sparql/examples").json()
    assert {entry["name"]: entry["title"] for entry in shipped} == {"letters": "Who wrote letters", "born": "Born"}
    for entry in shipped:
        assert site.sparql(entry["query"]).json()["results"]["bindings"], entry["name"]


@pytest.mark.statement(56)
def test_the_same_question_gives_the_same_bytes(site: Served) -> None:
    assert len({site.sparql(LETTERS).content for _ in range(5)}) == 1


@pytest.mark.statement(57)
def test_a_long_result_is_whole(site: Served) -> None:
    query = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000"}
    response = site.client.get("/sparql", params=query, headers={"Accept": JSON, "Accept-Encoding": "identity"})
    assert int(response.headers["content-length"]) == len(response.content) > 1 << 19
    assert len(json.loads(response.content)["results"]["bindings"]) == 2000


def test_relative_iris_stand_for_names_of_the_edition(site: Served) -> None:
    assert site.sparql("ASK { <letter/1> ?p ?o }").json()["boolean"] is True
