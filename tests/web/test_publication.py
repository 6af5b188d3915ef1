"""Statements 63, 64, 66, 68, 82 and 85: dumps, the data set's description, signs of life, errors without secrets."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic
from serving import BASE, BROWSER, Served, free_port, published, serving, wait_ready

from lod.errors import ConfigError, StoreError
from lod.web import create_app
from tests.processes import family, gone

DUMP = "/dumps/harbour.ttl"
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")


# --- 63 and 64


@pytest.mark.statement(63)
def test_a_dump_in_ranges(site: Served) -> None:
    whole = site.get(DUMP)
    assert whole.headers["content-type"] == "text/turtle; charset=utf-8"
    assert whole.headers["accept-ranges"] == "bytes"
    part = site.get(DUMP, headers={"Range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, whole.content[:100])
    assert part.headers["content-range"] == f"bytes 0-99/{len(whole.content)}"
    assert site.get(DUMP, headers={"Range": "bytes=99999999-"}).status_code == 416
    tag = whole.headers["etag"]
    assert site.get(DUMP, headers={"Range": "bytes=0-99", "If-Range": tag}).status_code == 206
    old = site.get(DUMP, headers={"Range": "bytes=0-99", "If-Range": '"old"'})
    assert (old.status_code, old.content) == (200, whole.content)


@pytest.mark.statement(64)
def test_head_of_a_dump(site: Served) -> None:
    head = site.client.head(DUMP)
    assert int(head.headers["content-length"]) == len(site.get(DUMP).content)
    assert head.headers["etag"] and head.headers["last-modified"]


def test_a_rebuilt_dump_with_the_same_bytes_keeps_its_tag(tmp_path: Path) -> None:
    entry = published(tmp_path)
    with serving([entry]) as site:
        tag = site.get(DUMP).headers["etag"]
        os.utime(entry.dump, (1, 1))
        assert site.get(DUMP).headers["etag"] == tag
        entry.dump.write_text(entry.dump.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
        assert site.get(DUMP).headers["etag"] != tag


@pytest.mark.parametrize("name", ["nothing.ttl", "..%2Fharbour.ttl", "%2e%2e/x.ttl", "harbour.nt", "harbour.ttl%00"])
def test_only_listed_dumps_are_served(site: Served, name: str) -> None:
    assert site.get(f"/dumps/{name}").status_code == 404


def test_dumps_are_listed(site: Served) -> None:
    assert f'href="{DUMP}"' in site.get("/dumps/", BROWSER).text


# --- 66 and 68


def description(site: Served) -> rdflib.Graph:
    return rdflib.Graph().parse(data=site.get("/dataset", "text/turtle").content, format="turtle")


@pytest.mark.statement(66)
def test_the_data_set_is_described(site: Served) -> None:
    found = description(site)
    name = rdflib.URIRef(f"{BASE}dataset")
    assert {(name, rdflib.RDF.type, kind) for kind in (VOID.Dataset, DCAT.Dataset)} <= set(found)
    assert (name, rdflib.DCTERMS.title, rdflib.Literal("Havnebreve", lang="da")) in found
    assert (name, rdflib.DCTERMS.license, rdflib.URIRef("https://creativecommons.org/publicdomain/zero/1.0/")) in found
    conforms = rdflib.URIRef("https://w3id.org/correspondence-lod/profile/1.0")
    assert (name, rdflib.DCTERMS.conformsTo, conforms) in found
    assert (name, VOID.uriSpace, rdflib.Literal(BASE)) in found
    assert (name, VOID.sparqlEndpoint, rdflib.URIRef(f"{site.url}/sparql")) in found
    counted = site.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()["results"]["bindings"][0]["n"]["value"]
    assert int(found.value(name, VOID.triples)) == int(counted)
    dump = site.client.get(str(found.value(name, VOID.dataDump)))
    assert len(dump.content) == int(found.value(predicate=DCAT.byteSize, subject=found.value(name, DCAT.distribution)))
    for example in found.objects(name, VOID.exampleResource):
        assert site.get("/" + str(example).removeprefix(BASE)).status_code == 303
    assert rdflib.URIRef("https://schema.org/") in set(found.objects(name, VOID.vocabulary))


@pytest.mark.statement(66)
@pytest.mark.parametrize(
    "accept", ["application/rdf+xml", "application/ld+json", "application/n-triples", "application/x-turtle"]
)
def test_the_description_in_every_format(site: Served, accept: str) -> None:
    response = site.get("/dataset", accept)
    assert response.status_code == 200
    form = ox.RdfFormat.from_media_type(response.headers["content-type"].partition(";")[0])
    lines = ox.serialize(
        (q.triple for q in ox.parse(input=response.content, format=form)), format=ox.RdfFormat.N_TRIPLES
    )
    assert isomorphic(rdflib.Graph().parse(data=lines, format="nt"), description(site))


def test_the_description_as_a_page(site: Served) -> None:
    page = site.get("/dataset", BROWSER)
    assert page.headers["content-type"].startswith("text/html")
    assert "Asta Holm" in page.text and "CC0 1.0" in page.text
    assert site.get("/dataset", "image/png").status_code == 406


@pytest.mark.statement(68)
def test_the_well_known_address_leads_there(site: Served, two: Served) -> None:
    for path, target in (("/.well-known/void", "/dataset"), ("/harbour/.well-known/void", "/harbour/dataset")):
        served = site if path.startswith("/.") else two
        response = served.get(path)
        assert response.status_code == 303
        assert response.headers["location"] == served.url + target
    both = rdflib.Graph().parse(data=two.get("/dataset", "text/turtle").content, format="turtle")
    assert len(set(both.subjects(rdflib.RDF.type, rdflib.URIRef("https://schema.org/Dataset")))) == 2
    assert len(set(both.objects(None, DCAT.dataset))) == 2


# --- the start page


def test_the_start_page_says_what_there_is(site: Served) -> None:
    page = site.get("/", BROWSER).text
    assert "Harbour letters" in page
    assert "Who sent which letter?" in page
    for link in ("/letter/", "/person/", "/sparql", "/dataset", "/dumps/"):
        assert f'href="{link}"' in page, link
    listing = site.get("/letter/", BROWSER).text
    assert listing.index('href="/letter/2"') < listing.index('href="/letter/10"')


@pytest.mark.statement(29, 32)
def test_a_page_tells_links_in_both_directions(site: Served) -> None:
    page = site.get("/person/berg.html").text
    sent = page[page.index("Letters sent") :]
    assert 'href="/letter/1"' in sent and 'href="/letter/10"' in sent
    assert "Letters received" in page and 'href="/letter/2"' in page
    assert '<span lang="en" dir="ltr">Ida Berg</span>' in page
    letter = site.get("/letter/1.html").text.partition("</head>")[2]
    assert "3 May 1921" in letter and "Helsingør, d. 3. Maj 21" in letter
    assert "letter 1 as printed" in letter and "Answered by" in letter
    assert "P14_" not in letter and "schema:" not in letter


def test_every_link_of_every_page_leads_somewhere(site: Served) -> None:
    import re

    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        response = site.client.get(path, headers={"Accept": BROWSER}, follow_redirects=True)
        assert response.status_code == 200, path
        if response.headers["content-type"].startswith("text/html"):
            found = re.findall(r'(?:href|src)="(/[^"]*)"', response.text)
            waiting += [link.replace("&amp;", "&") for link in found]
            anchors = set(re.findall(r'id="([^"]*)"', response.text))
            assert set(re.findall(r'href="#([^"]*)"', response.text)) <= anchors, path
    assert len(seen) > 60


@pytest.mark.statement(31)
def test_no_page_asks_another_host_for_anything(site: Served) -> None:
    import re

    for path in ("/", "/letter/1.html", "/sparql", "/dataset", "/static/style.css"):
        text = site.client.get(path, headers={"Accept": BROWSER}).text
        loaded = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script|img|iframe)[^>]*(?:href|src)="([^"]*)"', text)
        assert all(link.startswith("/") for link in loaded), path
        assert "@import" not in text and "url(" not in text, path


# --- 82 and 85, and what the operator sees


@pytest.mark.statement(82, 85)
def test_ready_says_no_until_queries_are_answered(tmp_path: Path) -> None:
    class Loading:
        ready = False

        async def start(self) -> None: ...
        async def stop(self) -> None: ...
        async def loaded(self) -> int:
            return 0

        async def query(self, *_arguments: object) -> None:
            raise RuntimeError("secret of /etc/passwd")

    from starlette.testclient import TestClient

    app = create_app([published(tmp_path)], public_url="http://x", store=Loading())  # type: ignore[arg-type]
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/health").status_code == 200
        waiting = client.get("/ready")
        assert waiting.status_code == 503 and waiting.headers["retry-after"]
        assert client.get("/letter/1.ttl").status_code == 200
        broken = client.get("/sparql", params={"query": "ASK {}"})
        assert broken.status_code == 500 and broken.headers["access-control-allow-origin"] == "*"
        assert broken.json()["id"] in broken.json()["detail"]
        assert "secret" not in broken.text and "Traceback" not in broken.text


def test_a_missing_dump_and_a_doubled_edition_are_told_at_once(tmp_path: Path) -> None:
    entry = published(tmp_path)
    with pytest.raises(ConfigError, match="another edition"):
        create_app([entry, entry], public_url="http://x")
    with pytest.raises(StoreError, match="no edition"):
        create_app([], public_url="http://x")
    entry.dump.unlink()
    with pytest.raises(StoreError, match=r"harbour\.ttl"):
        create_app([entry], public_url="http://x")


SERVER = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from serving import published
from lod.store import Limits
from lod.web import create_app
from lod.web.server import Operation, serve
entry, address = published(Path({folder!r})), "http://127.0.0.1:{port}"
serve(lambda _: create_app([entry], public_url=address, limits=Limits(seconds=1)), Operation(port={port}))
"""


@pytest.mark.statement(55)
def test_a_server_survives_attacks_and_leaves_nobody_behind(tmp_path: Path) -> None:
    port = free_port()
    script = SERVER.format(here=str(Path(__file__).parent), folder=str(tmp_path), port=port)
    server = subprocess.Popen([sys.executable, "-c", script])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            wait_ready(client)
            crowd = family(server.pid)
            assert len(crowd) >= 3
            for query in (
                "SELECT * " + "{" * 3000,
                "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i ?l",
            ):
                assert client.get("/sparql", params={"query": query}).status_code in (400, 503)
            assert server.poll() is None
            assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
            crowd |= family(server.pid)
        server.send_signal(signal.SIGTERM)
        assert server.wait(15) in (0, -signal.SIGTERM)
    finally:
        server.kill()
        server.wait()
    assert gone(crowd)
