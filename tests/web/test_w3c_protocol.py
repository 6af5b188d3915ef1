"""The W3C's tests of the SPARQL 1.1 protocol: its 20 query tests pass, its 14 update tests are refused."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib.collection import Collection
from serving import Served, published, serving

from lod.store import GraphFile

SUITE = Path(__file__).parents[3] / "shared" / "suites" / "rdf-tests" / "protocol"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HERE = SUITE.is_dir()
REQUIRED = os.environ.get("CI") == "true"

pytestmark = pytest.mark.skipif(
    not HERE and not REQUIRED, reason="the W3C suite (../shared/suites/rdf-tests) is not here"
)


def manifest() -> rdflib.Graph:
    return rdflib.Graph().parse(SUITE / "manifest.ttl", publicID=(SUITE / "manifest.ttl").as_uri())


def names() -> list[str]:
    if not HERE:
        return ["missing"]
    graph = manifest()
    entries = graph.value(
        predicate=MF.entries, object=None, subject=graph.value(predicate=rdflib.RDF.type, object=MF.Manifest)
    )
    return [str(test).rpartition("#")[2] for test in Collection(graph, entries)]


def is_query(name: str) -> bool:
    """The suite's own division: names with `query`, and what is wrong with one."""
    return "update" not in name


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    graph = manifest()
    data = {str(graph.value(node, rdflib.RDFS.label)): Path(str(graph.value(node, UT.graph)).removeprefix("file://"))
            for node in set(graph.objects(None, UT.graphData))}  # fmt: skip
    entry = published(tmp_path_factory.mktemp("suite"))
    with serving([entry], graphs=[GraphFile(file, name) for name, file in data.items()]) as served:
        yield served


def requests(graph: rdflib.Graph, name: str) -> Iterator[tuple[httpx.Request, rdflib.term.Node]]:
    test = next(node for node in set(graph.subjects()) if str(node).endswith(f"#{name}"))
    for request in Collection(graph, graph.value(graph.value(test, MF.action), HT.requests)):
        path = str(graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
        fields = graph.value(request, HT.headers)
        headers = {
            str(graph.value(field, HT.fieldName)): str(graph.value(field, HT.fieldValue))
            for field in (Collection(graph, fields) if fields else ())
        }
        content = b""
        body = graph.value(request, HT.body)
        if body is not None:
            encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
            content = str(graph.value(body, CNT.chars)).encode(encoding)
        response = graph.value(request, HT.resp)
        assert response is not None
        method = str(graph.value(request, HT.methodName))
        yield httpx.Request(method, f"http://suite{path}", headers=headers, content=content or None), response


def truth(response: httpx.Response) -> str:
    if "json" in response.headers["content-type"]:
        return str(response.json()["boolean"]).lower()
    return "true" if b"true" in response.content else "false"


FORMATS = {
    "boolean": ("sparql-results", "csv", "tab-separated"),
    "tabular": ("sparql-results", "csv", "tab-separated"),
    "RDF": ("turtle", "n-triples", "ld+json", "rdf+xml"),
}


@pytest.mark.statement(40)
@pytest.mark.parametrize("name", [name for name in names() if is_query(name)])
def test_query(suite: Served, name: str) -> None:
    graph = manifest()
    for request, expected in requests(graph, name):
        response = suite.client.send(
            suite.client.build_request(
                request.method, request.url.raw_path.decode(), headers=request.headers, content=request.content
            )
        )
        wanted = {str(status).rpartition("StatusCode")[2][0] for status in graph.objects(expected, MF.expectedStatus)}
        assert str(response.status_code)[0] in wanted, (response.status_code, response.text)
        answer = graph.value(expected, MF.expectedBoolean)
        if answer is not None:
            assert truth(response) == str(answer).lower()
        form = graph.value(expected, MF.expectedFormat)
        if form is not None:
            assert any(word in response.headers["content-type"] for word in FORMATS[str(form)])


@pytest.mark.statement(40, 47)
@pytest.mark.parametrize("name", [name for name in names() if not is_query(name)])
def test_update_is_refused(suite: Served, name: str) -> None:
    """The first request of each test; the others only look whether it worked."""
    request, _ = next(requests(manifest(), name))
    response = suite.client.send(
        suite.client.build_request(
            request.method, request.url.raw_path.decode(), headers=request.headers, content=request.content
        )
    )
    assert response.status_code in (400, 403, 415), response.text


@pytest.mark.statement(40)
def test_the_suite_is_whole() -> None:
    assert len([name for name in names() if is_query(name)]) == 20
    assert len(names()) == 34
