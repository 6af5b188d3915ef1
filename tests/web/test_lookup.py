"""Statements 77, 78, 81: look-up by authority, BEACON lists, the linkset, addresses that fit Wikidata's formatter."""

import re
from pathlib import Path

import pytest
import rdflib
from serving import BROWSER, Served

from lod.dumps.linksets import Linkset, beacon

OWL = rdflib.OWL
DOCS = Path(__file__).parents[2] / "docs" / "linking.md"


# --- 77


@pytest.mark.statement(77)
@pytest.mark.parametrize(
    "uri",
    [
        "http://viaf.org/viaf/34453242", "https://viaf.org/viaf/34453242/", "http://www.wikidata.org/entity/Q18434",
        "https://www.wikidata.org/wiki/Q18434", "https://w3id.org/serge-trotsky/person/blum",
    ],
)  # fmt: skip
def test_one_that_is_known_by_an_address(papers: Served, uri: str) -> None:
    response = papers.client.get("/lookup", params={"uri": uri})
    assert (response.status_code, response.headers["location"]) == (303, f"{papers.url}/person/blum")


@pytest.mark.statement(77)
@pytest.mark.parametrize(
    "uri", ["https://d-nb.info/gnd/4005728-8", "http://d-nb.info/gnd/4005728-8", "https://d-nb.info/gnd/4005728-8/about/lds", "http://d-nb.info/gnd/4005728-8/about/rdf"]
)  # fmt: skip
def test_gnd_in_all_its_forms(papers: Served, uri: str) -> None:
    assert papers.client.get("/lookup", params={"uri": uri}).headers["location"] == f"{papers.url}/place/berlin"


@pytest.mark.statement(77)
@pytest.mark.parametrize(
    ("query", "status"),
    [("?uri=https://d-nb.info/gnd/118578537", 404), ("?uri=x", 404), ("", 400), ("?uri=", 400), ("?uri=a&uri=b", 400)],
)
def test_nobody_and_no_address(papers: Served, query: str, status: int) -> None:
    assert papers.get(f"/lookup{query}").status_code == status


@pytest.mark.statement(77)
def test_several_are_a_choice(together: Served) -> None:
    response = together.client.get("/lookup", params={"uri": "https://viaf.org/viaf/34453242"})
    assert response.status_code == 300
    assert {each["id"].split("/")[0] for each in response.json()["found"]} == {"serge-trotsky", "pec", "postcards"}
    assert response.headers["link"].count('rel="alternate"') == 3
    page = together.client.get("/lookup", params={"uri": "https://viaf.org/viaf/34453242"}, headers={"Accept": BROWSER})
    assert (page.status_code, "/serge-trotsky/person/blum" in page.text) == (300, True)


def test_many_at_once(papers: Served) -> None:
    uris = ["http://viaf.org/viaf/34453242", "https://d-nb.info/gnd/4005728-8", "nothing"]
    as_json = papers.client.post("/lookup", json={"uris": uris})
    as_text = papers.client.post("/lookup", content="\n".join(uris), headers={"Content-Type": "text/plain"})
    assert as_json.json() == as_text.json()
    found = as_json.json()["results"]
    assert [[each["id"] for each in found[uri]] for uri in uris] == [["person/blum"], ["place/berlin"], []]
    assert found[uris[0]][0]["iri"] == "https://w3id.org/serge-trotsky/person/blum"
    assert papers.client.post("/lookup", json={"uris": ["x"] * 1001}).status_code == 413
    for wrong in (b"{", b'{"uris": [1]}', b'"x"', b"\xff"):
        assert (
            papers.client.post("/lookup", content=wrong, headers={"Content-Type": "application/json"}).status_code
            == 400
        )


# --- 78


@pytest.mark.statement(78)
@pytest.mark.parametrize("name", ["gnd", "viaf", "wikidata", "geonames"])
def test_beacon_lists(papers: Served, name: str) -> None:
    response = papers.get(f"/beacon/{name}.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    head = dict(line[1:].split(": ", 1) for line in lines if line.startswith("#"))
    assert lines[0] == "#FORMAT: BEACON"
    assert {"PREFIX", "TARGET", "RELATION", "TIMESTAMP"} <= set(head)
    assert head["FEED"] == f"{papers.url}/beacon/{name}.txt"
    links = [line.split("||") for line in lines if line and not line.startswith("#")]
    assert len({identifier for identifier, _ in links}) == len(links) > 5
    assert len(links) == len(linkset(papers, head["PREFIX"].partition("{ID}")[0]))
    for _, target in links[:3]:
        assert (
            papers.client.get(head["TARGET"] + target, headers={"Accept": BROWSER}, follow_redirects=True).status_code
            == 200
        )


def test_there_is_a_page_of_lists(papers: Served) -> None:
    page = papers.get("/beacon/", BROWSER)
    assert 'href="/beacon/wikidata.txt"' in page.text
    assert papers.get("/beacon/nothing.txt").status_code == 404


def linkset(site: Served, space: str) -> list[tuple[str, str]]:
    graph = rdflib.Graph().parse(data=site.get("/same-as", "application/n-triples").content, format="nt")
    return [(str(one), str(other)) for one, other in graph.subject_objects(OWL.sameAs) if str(other).startswith(space)]


@pytest.mark.parametrize("form", ["text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"])
def test_the_linkset_in_all_formats(papers: Served, form: str) -> None:
    response = papers.get("/same-as", form)
    assert response.headers["content-type"].startswith(form)
    assert len(rdflib.Graph().parse(data=response.content, format=form)) > 250
    assert papers.get("/same-as", "image/png").status_code == 406


# --- 81


@pytest.mark.statement(81)
def test_every_address_of_a_person_fits_the_formatter_that_is_documented(papers: Served) -> None:
    text = DOCS.read_text(encoding="utf-8")
    pattern = re.search(r"P1793.*?`([^`]+)`", text)
    formatter = re.search(r"P1630.*?`([^`]+)`", text)
    assert pattern and formatter and formatter[1].endswith("/person/$1")
    query = "SELECT ?p { ?p a <https://schema.org/Person> }"
    found = [row["p"]["value"] for row in papers.sparql(query).json()["results"]["bindings"]]
    base = formatter[1].removesuffix("$1")
    assert len(found) > 300
    assert [iri for iri in found if not re.fullmatch(re.escape(base) + pattern[1], iri)] == []


def test_a_list_of_which_nobody_knows_the_day_has_no_timestamp() -> None:
    said = {"title": "T", "feed": "https://example.org/b.txt", "target": "https://example.org/"}
    assert not any(line.startswith("#TIMESTAMP") for line in beacon(Linkset("gnd", ()), timestamp="", **said))
    assert "#TIMESTAMP: 2026-11-23\n" in list(beacon(Linkset("gnd", ()), timestamp="2026-11-23", **said))
