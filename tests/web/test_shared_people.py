"""Editions that link each other: three in one server, and two servers that ask each other."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from editions import PAPERS, PEC, dumped, postcards
from serving import BROWSER, Served, serving
from typer.testing import CliRunner

from lod.cli import app
from tests.conftest import shared

BLUM = "viaf.org/viaf/34453242"


def test_the_same_person_is_found_from_each_page(together: Served) -> None:
    for one, others in {
        "serge-trotsky/person/blum": ["/pec/person/p0070", "/postcards/person/viaf-34453242"],
        "pec/person/p0070": ["/serge-trotsky/person/blum", "/postcards/person/viaf-34453242"],
        "postcards/person/wikidata-q33391": ["/serge-trotsky/person/trotsky"],
    }.items():
        page = together.get(f"/{one}.html", BROWSER).text
        assert "In other editions" in page
        for other in others:
            assert f'href="{other}"' in page, (one, other)
    assert "In other editions" not in together.get("/serge-trotsky/person/serge.html", BROWSER).text


def test_letters_are_counted_there(together: Served) -> None:
    page = together.get("/serge-trotsky/person/trotsky.html", BROWSER).text
    assert "Postcards to Coyoacán" in page and "2 letters" in page


def test_the_catalogue_lists_what_is_shared(together: Served) -> None:
    page = together.get("/", BROWSER).text
    assert "In several editions" in page
    assert page.index('href="/serge-trotsky/person/trotsky"') < page.index('href="/serge-trotsky/place/paris"')


def test_queries_join_the_editions(together: Served) -> None:
    query = """PREFIX schema: <https://schema.org/>
        SELECT ?letter { ?one schema:sameAs ?id . ?other schema:sameAs ?id . ?letter schema:sender ?other .
                         FILTER(?one = <https://w3id.org/serge-trotsky/person/trotsky> && ?other != ?one) }"""
    found = together.sparql(query).json()["results"]["bindings"]
    assert [row["letter"]["value"] for row in found] == ["https://example.org/postcards/letter/2"]


def test_the_linkset_holds_links_between_editions(together: Served) -> None:
    graph = rdflib.Graph().parse(data=together.get("/same-as", "text/turtle").content, format="turtle")
    ours, theirs = (
        rdflib.URIRef(each)
        for each in ("https://w3id.org/serge-trotsky/person/blum", "https://example.org/pec/person/p0070")
    )
    assert {(ours, rdflib.OWL.sameAs, theirs), (theirs, rdflib.OWL.sameAs, ours)} <= set(graph)


def test_the_description_counts_the_links_between_editions(together: Served) -> None:
    graph = rdflib.Graph().parse(data=together.get("/dataset", "text/turtle").content, format="turtle")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    names = {
        each: rdflib.URIRef(f"{each}dataset")
        for each in ("https://w3id.org/serge-trotsky/", "https://example.org/pec/")
    }
    ours, theirs = names.values()
    sets = [
        each
        for each in graph.subjects(rdflib.RDF.type, void.Linkset)
        if (each, void.subjectsTarget, ours) in graph and (each, void.objectsTarget, theirs) in graph
    ]
    assert len(sets) == 1
    said = int(str(graph.value(sets[0], void.triples)))
    links = rdflib.Graph().parse(data=together.get("/same-as", "text/turtle").content, format="turtle")
    starts = [each.removesuffix("dataset") for each in (ours, theirs)]
    counted = [
        one
        for one, other in links.subject_objects(rdflib.OWL.sameAs)
        if str(one).startswith(starts[0]) and str(other).startswith(starts[1])
    ]
    assert said == len(counted) > 30


def test_reconciliation_over_all_editions(together: Served) -> None:
    query = {"queries": '{"q": {"query": "Léon Blum", "type": "Person"}}'}
    found = together.client.post("/reconcile", data=query).json()["q"]["result"]
    assert {each["id"] for each in found[:3]} == {
        "serge-trotsky/person/blum",
        "pec/person/p0070",
        "postcards/person/viaf-34453242",
    }
    assert [each["match"] for each in found].count(True) == 1
    own = together.client.post("/pec/reconcile", data=query).json()["q"]["result"]
    assert own[0]["id"] == "person/p0070"
    view = together.get("/reconcile").json()["view"]["url"].replace("{{id}}", found[0]["id"])
    assert together.client.get(view, headers={"Accept": BROWSER}, follow_redirects=True).status_code == 200


# --- two servers


def test_a_real_edition_and_the_papers_find_each_other(papers: Served, tmp_path: Path) -> None:
    """The Papers in one server, the letters of d'Estournelles de Constant in another, an authority's IRI between them."""
    shared("corpora/tei/pec")
    with serving([dumped(PEC, tmp_path)]) as pec:
        for site, path in ((papers, "person/blum"), (pec, "person/p0070")):
            found = site.client.get("/lookup", params={"uri": f"https://{BLUM}/"})
            assert (found.status_code, found.headers["location"]) == (303, f"{site.url}/{path}")
        review = tmp_path / "review.csv"
        asked = ["link", "propose", str(PAPERS), "--kind", "person", "-r", str(review), "--lookup", f"{pec.url}/lookup"]
        run = CliRunner().invoke(app, asked)
        assert run.exit_code == 0, run.output
        rows = review.read_text(encoding="utf-8").splitlines()
        assert [row for row in rows if "person/blum" in row and "https://example.org/pec/person/p0070" in row]


def test_two_servers_link_each_other(papers: Served, tmp_path: Path) -> None:
    """An editor of the postcards finds the Papers by reconciliation and by look-up, decides, publishes, and is found back."""
    folder = postcards(tmp_path / "postcards")
    registers = folder / "people.xml"
    registers.write_text(REGISTERS, encoding="utf-8")
    settings = folder / "edition.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + '\n[[source]]\nfile = "people.xml"\nformat = "registers"\n',
        encoding="utf-8",
    )
    review = tmp_path / "review.csv"
    asked = ["link", "propose", str(folder), "--kind", "person", "-r", str(review)]
    run = CliRunner().invoke(app, [*asked, "--service", f"{papers.url}/reconcile", "--lookup", f"{papers.url}/lookup"])
    assert run.exit_code == 0, run.output
    rows = review.read_text(encoding="utf-8").splitlines()
    serge = next(number for number, row in enumerate(rows) if "/person/serge," in row and "person/viktor" in row)
    trotsky = next(
        number
        for number, row in enumerate(rows)
        if "MappingChaining" in row and "/person/trotsky," in row and "person/leo" in row
    )
    namesake = next(row for row in rows if "person/leon-blum" in row and "/person/blum," in row)
    assert ",Not," not in rows[serge]
    assert ",accept," not in "".join(rows) and namesake
    for number in (serge, trotsky):
        rows[number] = "accept" + rows[number]
    review.write_text("\n".join(rows), encoding="utf-8")
    run = CliRunner().invoke(
        app, ["link", "accept", str(folder), str(review), "--by", "#somebody", "--when", "2026-01-02"]
    )
    assert run.exit_code == 0, run.output
    assert "2 links written" in run.output
    with serving([dumped(folder, tmp_path / "dumps")]) as other:
        page = other.get("/person/viktor.html", BROWSER).text
        assert 'href="https://w3id.org/serge-trotsky/person/serge"' in page
        back = other.client.get("/lookup", params={"uri": "https://w3id.org/serge-trotsky/person/serge"})
        assert back.headers["location"] == f"{other.url}/person/viktor"
        again = CliRunner().invoke(
            app,
            [
                "link",
                "propose",
                str(PAPERS),
                "--kind",
                "person",
                "-r",
                str(tmp_path / "back.csv"),
                "--lookup",
                f"{other.url}/lookup",
            ],
        )
        assert again.exit_code == 0, again.output
        found = (tmp_path / "back.csv").read_text(encoding="utf-8")
        assert (
            "https://w3id.org/serge-trotsky/person/trotsky,Leon Trotsky,Person,skos:exactMatch,,https://example.org/postcards/person/leo"
            in found
        )


REGISTERS = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader><fileDesc><titleStmt><title>People</title></titleStmt>
    <publicationStmt><publisher>Somebody else</publisher><date when="2026-01-01"/></publicationStmt>
    <sourceDesc><p>Made up</p></sourceDesc></fileDesc></teiHeader>
  <text><body><listPerson>
    <person xml:id="viktor"><persName type="preferred">Serge, Viktor</persName><birth when="1890"/><death when="1947"/></person>
    <person xml:id="leo"><persName type="preferred">Leo Trotzki</persName>
      <idno type="wikidata">http://www.wikidata.org/entity/Q33391</idno></person>
    <person xml:id="leon-blum"><persName type="preferred">Léon Blum</persName><birth when="1879"/><death when="1941"/></person>
  </listPerson></body></text>
</TEI>
"""


def test_an_unreachable_service_is_told_in_a_sentence(tmp_path: Path) -> None:
    folder = postcards(tmp_path / "postcards")
    run = CliRunner().invoke(
        app,
        ["link", "propose", str(folder), "--service", "http://127.0.0.1:9/reconcile", "-r", str(tmp_path / "r.csv")],
    )
    assert (run.exit_code, "no answer" in run.output) == (2, True)


@pytest.mark.parametrize("form", [ox.RdfFormat.TURTLE])
def test_no_blank_node_in_the_linkset(together: Served, form: ox.RdfFormat) -> None:
    quads = ox.parse(input=together.get("/same-as", form.media_type).content, format=form)
    assert not any(isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode) for quad in quads)
