"""Statements 1–23, 27 and 28 of the HTTP contract: documents, negotiation, pages."""

import socket
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic
from serving import BASE, BROWSER, SAMPLE, Served, published, serving

RDF_TYPES = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
}
KINDS = (
    "letter/1", "document/notice", "person/berg", "organisation/harbour-board", "place/elsinore", "event/launch",
    "work/harbour-letters-1980", "holding/harbour-papers", "correspondence/berg-vale", "type/letter", "language/da",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _literals_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def graph(response: httpx.Response) -> rdflib.Graph:
    """The graph of a response, after both parsers have agreed on it."""
    media_type = response.headers["content-type"].partition(";")[0]
    name = next(name for kind, name in RDF_TYPES.values() if kind == media_type)
    parsed = rdflib.Graph().parse(data=response.content, format=name)
    form = ox.RdfFormat.from_media_type(media_type)
    lines = ox.serialize(
        (quad.triple for quad in ox.parse(input=response.content, format=form)), format=ox.RdfFormat.N_TRIPLES
    )
    assert isomorphic(parsed, rdflib.Graph().parse(data=lines, format="nt"))
    return parsed


def target(site: Served, path: str, accept: str | None) -> str:
    """Where a thing sends a client, without the server's address."""
    response = site.get(path, accept)
    assert response.status_code == 303, response.text
    return response.headers["location"].removeprefix(site.url)


# --- 1 to 14: dereferencing and negotiation


@pytest.mark.statement(1)
def test_a_thing_redirects_to_its_document_on_the_public_address_whatever_the_host_says(site: Served) -> None:
    hostile = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    response = site.get("/person/berg", "text/turtle", hostile)
    assert response.status_code == 303
    assert response.headers["location"] == f"{site.url}/person/berg.ttl"
    assert "Accept" in response.headers["vary"]
    assert len(response.content) <= 1024


@pytest.mark.statement(2)
def test_a_document_tells_of_the_thing_and_keeps_the_record_apart(site: Served) -> None:
    response = site.get("/person/berg.ttl")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    found = graph(response)
    person, record = rdflib.URIRef(f"{BASE}person/berg"), rdflib.URIRef(f"{BASE}person/berg.ttl")
    assert (record, rdflib.FOAF.primaryTopic, person) in found
    for said in (rdflib.DCTERMS.license, rdflib.DCTERMS.modified):
        assert (record, said, None) in found
        assert (person, said, None) not in found


def test_a_document_is_thing_parts_record_and_type_and_label_of_what_it_points_to(site: Served) -> None:
    whole = rdflib.Graph().parse(SAMPLE)
    found = graph(site.get("/letter/1.nt"))
    own = {
        s
        for s in whole.subjects()
        if str(s) == f"{BASE}letter/1" or str(s).startswith((f"{BASE}letter/1/", f"{BASE}letter/1.ttl"))
    }
    expected = {triple for triple in whole if triple[0] in own}
    pointed = {o for _, _, o in expected if str(o).startswith(BASE)}
    expected |= {t for t in whole if t[0] in pointed and t[1] in (rdflib.RDF.type, rdflib.RDFS.label)}
    assert set(found) == expected


@pytest.mark.statement(3)
@pytest.mark.parametrize("path", KINDS)
def test_all_formats_of_a_document_are_isomorphic(site: Served, path: str) -> None:
    graphs = []
    for suffix, (media_type, _) in RDF_TYPES.items():
        assert target(site, f"/{path}", media_type) == f"/{path}.{suffix}"
        graphs.append(graph(site.get(f"/{path}.{suffix}")))
    assert len(graphs[0]) > 1
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


@pytest.mark.statement(4)
@pytest.mark.parametrize("path", KINDS)
def test_every_kind_has_a_page(site: Served, path: str) -> None:
    assert target(site, f"/{path}", "text/html") == f"/{path}.html"
    page = site.get(f"/{path}.html")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/html;q=0.2"
)
RAPPER = (
    "application/rdf+xml, text/rdf;q=0.6, application/turtle;q=0.8, text/turtle;q=0.9, application/x-turtle;q=0.6, "
    "text/n3;q=0.3, application/xhtml+xml;q=0.4, text/html;q=0.6, */*;q=0.1"
)


@pytest.mark.statement(5, 6, 7, 8, 9, 10, 11, 12)
@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (BROWSER, "html"),
        (COMUNICA, "jsonld"),
        (RAPPER, "rdf"),
        (None, "ttl"),
        ("", "ttl"),
        ("*/*", "ttl"),
        ("text/turtle;q=0, */*", "jsonld"),
        ("text/turtle;q=0.3, application/ld+json;q=0.9", "jsonld"),
        ("TEXT/Turtle ; Q=0.5", "ttl"),
        ("text/turtle; charset=utf-8; odd=1; q=0.7, text/html;q=0.2", "ttl"),
        ("application/json", "jsonld"),
        ("text/*", "ttl"),
        ("application/*;q=0.5, text/html;q=0.4", "jsonld"),
        ("application/n-triples, text/turtle", "nt"),
        ("text/turtle;q=nonsense", "ttl"),
        ("application/xhtml+xml", "html"),
    ],
)
def test_negotiation(site: Served, accept: str | None, suffix: str) -> None:
    assert target(site, "/person/berg", accept) == f"/person/berg.{suffix}"


@pytest.mark.statement(13)
@pytest.mark.parametrize("accept", ["image/png", "garbage", "text/turtle;q=0", ";;,,", "a/b" * 400])
def test_what_nobody_has_is_not_acceptable_and_the_alternatives_are_named(site: Served, accept: str) -> None:
    response = site.get("/person/berg", accept)
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["offered"] == [*(kind for kind, _ in RDF_TYPES.values()), "text/html"]
    for media_type, _ in RDF_TYPES.values():
        assert f'rel="alternate"; type="{media_type}"' in response.headers["link"]


@pytest.mark.statement(14)
def test_a_suffix_wins_over_accept_and_format_equals_a_suffix(site: Served) -> None:
    assert site.get("/person/berg.ttl", "text/html").headers["content-type"].startswith("text/turtle")
    assert target(site, "/person/berg?format=nt", "text/html") == "/person/berg.nt"
    unknown = site.get("/person/berg?format=zzz")
    assert unknown.status_code == 400
    assert all(name in unknown.json()["detail"] for name in (*RDF_TYPES, "html"))


# --- 15 to 23: what is not there, other spellings, parts, methods


@pytest.mark.statement(15)
@pytest.mark.parametrize(
    "path",
    ["/person/nobody", "/person/nobody.ttl", "/person/nobody.html", "/nothing/at/all", "/x", "/letter/1/no-part"],
)
def test_unknown_is_404_in_the_clients_language(site: Served, path: str) -> None:
    for accept, kind in ((None, "application/problem+json"), (BROWSER, "text/html; charset=utf-8")):
        response = site.get(path, accept)
        assert response.status_code == 404
        assert response.headers["content-type"] == kind
        assert "Traceback" not in response.text


@pytest.mark.statement(15)
def test_an_unknown_path_is_not_echoed(site: Served) -> None:
    for path in ("/person/%3Cscript%3Ealert(1)%3C/script%3E", "/%3Cimg%20src=x%3E"):
        assert "<script>alert" not in site.get(path, BROWSER).text
        assert "<img" not in site.get(path, BROWSER).text


@pytest.mark.statement(16)
def test_withdrawn_is_gone_with_a_reason(site: Served) -> None:
    told = site.get("/person/ghost", "application/json")
    assert (told.status_code, told.headers["content-type"]) == (410, "application/ld+json")
    problem = site.get("/person/ghost")
    assert problem.status_code == 410
    assert "never existed" in problem.json()["detail"]
    split = site.get("/letter/2-and-3", "text/turtle")
    assert split.status_code == 410
    replaced = graph(split).objects(rdflib.URIRef(f"{BASE}letter/2-and-3"), rdflib.DCTERMS.isReplacedBy)
    assert {str(term) for term in replaced} == {f"{BASE}letter/1", f"{BASE}letter/2"}
    assert "two letters" in split.text


@pytest.mark.statement(17)
def test_merged_moves_to_the_survivor_for_good(site: Served) -> None:
    assert site.get("/person/i-berg").status_code == 301
    assert site.get("/person/i-berg").headers["location"] == f"{site.url}/person/berg"
    assert site.get("/person/i-berg.nt").headers["location"] == f"{site.url}/person/berg.nt"


@pytest.mark.statement(19)
@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/person/berg/", "/person/berg"),
        ("/person/%62erg", "/person/berg"),
        ("/Person/Berg", "/person/berg"),
        ("/person/b%C3%A9rg", "/person/berg"),
        ("/letter", "/letter/"),
        ("/person/BERG.ttl", "/person/berg.ttl"),
    ],
)
def test_other_spellings_move_to_the_canonical_one(site: Served, path: str, canonical: str) -> None:
    response = site.get(path)
    assert response.status_code == 308
    assert response.headers["location"] == site.url + canonical
    assert site.get(canonical).status_code == (200 if canonical.endswith(("/", ".ttl")) else 303)


@pytest.mark.statement(20)
@pytest.mark.parametrize("accept, suffix", [("text/turtle", ".ttl"), ("text/html", ".html#writing")])
def test_a_part_is_described_in_its_owners_document(site: Served, accept: str, suffix: str) -> None:
    assert target(site, "/letter/1/writing", accept) == f"/letter/1{suffix}"
    assert (rdflib.URIRef(f"{BASE}letter/1/writing"), None, None) in graph(site.get("/letter/1.ttl"))


PATHS = ("/", "/letter/1", "/letter/1.ttl", "/letter/1.html", "/letter/", "/sparql", "/sparql/examples", "/dumps/",
         "/dumps/harbour.ttl", "/dataset", "/.well-known/void", "/health", "/ready", "/problems",
         "/static/style.css", "/nowhere")  # fmt: skip


def raw(site: Served, *requests: str) -> bytes:
    """Everything that comes back on one connection."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall("".join(requests).encode())
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


@pytest.mark.statement(21)
@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_a_body(site: Served, path: str) -> None:
    head, get = site.client.head(path), site.client.get(path)
    assert head.status_code == get.status_code
    for name in ("content-type", "etag", "content-length", "location"):
        assert head.headers.get(name) == get.headers.get(name), name
    answer = raw(
        site,
        f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    first, rest = answer.split(b"\r\n\r\n", 1)
    assert first.startswith(f"HTTP/1.1 {get.status_code}".encode())
    assert rest.startswith(b"HTTP/1.1 200")


@pytest.mark.statement(22, 23)
@pytest.mark.parametrize("path", PATHS)
def test_options_tells_the_methods_and_the_others_are_refused(site: Served, path: str) -> None:
    options = site.client.options(path)
    assert options.status_code == 204
    methods = options.headers["allow"].split(", ")
    assert ("POST" in methods) == (path == "/sparql")
    for method in ("PUT", "DELETE", "PATCH"):
        refused = site.client.request(method, path)
        assert refused.status_code == 405, path
        assert refused.headers["allow"] == ", ".join(methods)


# --- 27 and 28: pages


@pytest.mark.statement(27)
def test_a_page_names_its_other_formats(site: Served) -> None:
    page = site.get("/letter/1.html").text
    for suffix, (media_type, _) in RDF_TYPES.items():
        assert f'<link rel="alternate" type="{media_type}"' in page
        assert f'href="/letter/1.{suffix}"' in page


@pytest.mark.statement(28)
@pytest.mark.parametrize("path", ["/person/mallory.html", "/person/", "/letter/1.html?x=<script>alert(1)</script>"])
def test_payloads_come_out_inert(site: Served, path: str) -> None:
    page, _ = split_linked_data(site.get(path).text)
    assert "<script" not in page
    assert '" onmouseover=x' not in page
    assert "</script><b>" not in page
    assert 'href="javascript:' not in page and 'href="data:' not in page


def split_linked_data(page: str) -> tuple[str, str]:
    """A page without its JSON-LD and its own script, which is there when the front end is built; and the JSON-LD."""
    page = page.replace('<script src="/static/build/pages.js" defer></script>', "")
    before, mark, rest = page.partition('<script type="application/ld+json">')
    data, _, after = rest.partition("</script>") if mark else ("", "", "")
    return before + after, data


@pytest.mark.statement(26)
def test_the_linked_data_in_a_page_is_part_of_the_document(site: Served) -> None:
    for path in ("/letter/1", "/person/mallory"):
        page, data = split_linked_data(site.get(f"{path}.html").text)
        assert "<script" not in page and "<" not in data
        found = rdflib.Graph().parse(data=data, format="json-ld")
        assert len(found) > 1 and not set(found) - set(graph(site.get(f"{path}.ttl")))


@pytest.mark.statement(28)
def test_payloads_are_shown_as_they_are(site: Served) -> None:
    page = site.get("/person/mallory.html").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'href="https://example.net/mallory"' in page


def test_no_template_switches_escaping_off() -> None:
    folder = Path(__file__).parents[2] / "lod" / "web" / "templates"
    for file in folder.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "") and "autoescape" not in text, file.name
        assert "style=" not in text and " onclick" not in text, file.name


# --- several editions


def test_two_editions_live_side_by_side(two: Served) -> None:
    assert two.get("/letter/1").status_code == 404
    for name in ("harbour", "lighthouse"):
        assert target(two, f"/{name}/letter/1", "text/turtle") == f"/{name}/letter/1.ttl"
        found = graph(two.get(f"/{name}/letter/1.ttl"))
        assert (rdflib.URIRef(f"https://example.org/{name}/letter/1"), None, None) in found
        assert two.get(f"/{name}/").status_code == 200
        assert two.get(f"/{name}/letter/").status_code == 200
        assert two.get(f"/{name}/dumps/{name}.ttl").status_code == 200
        assert f'href="/{name}/person/berg"' in two.get(f"/{name}/letter/1.html").text
        assert f'href="/{name}/"' in two.get("/", BROWSER).text
    assert two.get("/elsewhere/letter/1").status_code == 404


def test_one_endpoint_answers_for_all_editions(two: Served) -> None:
    rows = two.sparql("SELECT ?l { ?l a <https://schema.org/Message> }").json()["results"]["bindings"]
    bases = {row["l"]["value"].rsplit("/", 2)[0] for row in rows}
    assert bases == {"https://example.org/harbour", "https://example.org/lighthouse"}


def test_a_public_address_with_a_path_is_used_everywhere(tmp_path: Path) -> None:
    with serving([published(tmp_path)], path="/editions") as site:
        assert site.get("/letter/1").headers["location"] == f"{site.url}/editions/letter/1.ttl"
        page = site.get("/letter/1.html").text
        assert 'href="/editions/static/style.css"' in page and 'href="/editions/person/berg"' in page
