"""Statements 66–69: the data set described, by the shapes of others; sitemap and robots."""

import hashlib
import json

import extruct
import lxml.html
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from harvested import DCAT, NAME, SCHEMA, SPDX, VOID, Harvested
from lxml import etree
from serving import Served

from tests.conftest import shared

# --- 66 to 68: the data set's description


@pytest.mark.statement(62)
def test_sizes_and_sums_are_exact(shipped_site: Harvested, description: rdflib.Graph) -> None:
    data_set = shipped_site.name("dataset")
    found = list(description.objects(data_set, DCAT.distribution))
    assert len(found) >= 20
    for each in found:
        url = description.value(each, DCAT.downloadURL)
        body = shipped_site.served.client.get(str(url), headers={"Accept-Encoding": "identity"}).content
        assert int(description.value(each, DCAT.byteSize)) == len(body)
        checksum = description.value(each, SPDX.checksum)
        digest = hashlib.sha256(body).hexdigest()
        assert str(description.value(checksum, SPDX.checksumValue)).lower() == digest
        assert str(description.value(each, SCHEMA.sha256)) == digest
        assert description.value(each, DCAT.mediaType) is not None
        assert (description.value(each, DCAT.compressFormat) is not None) == str(url).endswith(".gz")


@pytest.mark.statement(66)
def test_numbers_are_exact(shipped_site: Harvested, description: rdflib.Graph) -> None:
    data_set = shipped_site.name("dataset")
    graph = ox.Store()
    graph.bulk_load(path=str(shipped_site.made.folder / f"{NAME}.nt"), format=ox.RdfFormat.N_TRIPLES)

    def count(query: str) -> int:
        return int(next(iter(graph.query(f"SELECT (COUNT({query}")))[0].value)

    assert int(description.value(data_set, VOID.triples)) == count("*) AS ?n) { ?s ?p ?o }")
    assert int(description.value(data_set, VOID.distinctSubjects)) == count("DISTINCT ?s) AS ?n) { ?s ?p ?o }")
    assert int(description.value(data_set, VOID.distinctObjects)) == count("DISTINCT ?o) AS ?n) { ?s ?p ?o }")
    assert int(description.value(data_set, VOID.properties)) == count("DISTINCT ?p) AS ?n) { ?s ?p ?o }")
    for partition in description.objects(data_set, VOID.classPartition):
        kind = description.value(partition, VOID["class"])
        assert int(description.value(partition, VOID.entities)) == count(f"*) AS ?n) {{ ?s a <{kind}> }}")
    for partition in description.objects(data_set, VOID.propertyPartition):
        term = description.value(partition, VOID.property)
        assert int(description.value(partition, VOID.triples)) == count(f"*) AS ?n) {{ ?s <{term}> ?o }}")
    for linkset in description.objects(data_set, VOID.subset):
        space = description.value(description.value(linkset, VOID.objectsTarget), VOID.uriSpace)
        wanted = f'*) AS ?n) {{ ?s <https://schema.org/sameAs> ?o FILTER(STRSTARTS(STR(?o), "{space}")) }}'
        assert int(description.value(linkset, VOID.triples)) == count(wanted)
        assert shipped_site.served.client.head(str(description.value(linkset, VOID.dataDump))).status_code == 200


@pytest.mark.statement(66)
def test_the_description_says_who_when_and_under_what(shipped_site: Harvested, description: rdflib.Graph) -> None:
    data_set = shipped_site.name("dataset")
    day = rdflib.Literal(shipped_site.made.manifest.date, datatype=rdflib.XSD.date)
    for said in (rdflib.DCTERMS.issued, rdflib.DCTERMS.modified, SCHEMA.dateModified, SCHEMA.datePublished):
        assert description.value(data_set, said) == day
    assert str(description.value(data_set, DCAT.version)) == "1.0"
    assert str(description.value(data_set, rdflib.DCTERMS.conformsTo)).endswith("/profile/1.0")
    assert {title.language for title in description.objects(data_set, rdflib.DCTERMS.title)} == {"en", "fr"}
    services = list(description.subjects(DCAT.servesDataset, data_set))
    assert str(description.value(services[0], DCAT.endpointURL)) == f"{shipped_site.url}/sparql"
    for example in description.objects(data_set, VOID.exampleResource):
        assert shipped_site.get("/" + str(example).removeprefix(shipped_site.base)).status_code == 303
    assert shipped_site.get("/dataset", "application/x-turtle").headers["content-type"].startswith("text/turtle")


DCAT_AP = ("suites/dcat-ap/releases/3.0.1/shacl/dcat-ap-SHACL.ttl", "suites/dcat-ap/releases/3.0.1/shacl/ranges.ttl")
NDE = ("suites/nde/shacl.ttl",)


def violations(data: rdflib.Graph, suite: tuple[str, ...]) -> list[str]:
    shapes = rdflib.Graph()
    for file in suite:
        shapes.parse(shared(file))
    # The published file of DCAT-AP names property shapes that it does not have: an engine may not go on from those.
    for shape, named in list(shapes.subject_objects(rdflib.SH.property)):
        if (named, rdflib.SH.path, None) not in shapes:
            shapes.remove((shape, rdflib.SH.property, named))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", do_owl_imports=False)
    assert isinstance(report, rdflib.Graph)
    return [
        f"{report.value(r, rdflib.SH.focusNode)} {report.value(r, rdflib.SH.resultPath)} {report.value(r, rdflib.SH.resultMessage)}"
        for r in report.objects(None, rdflib.SH.result)
        if report.value(r, rdflib.SH.resultSeverity) == rdflib.SH.Violation
    ]


@pytest.mark.statement(67)
@pytest.mark.parametrize("suite", [DCAT_AP, NDE], ids=["DCAT-AP", "NDE"])
def test_the_description_passes_the_shapes_of_others(description: rdflib.Graph, suite: tuple[str, ...]) -> None:
    assert violations(description, suite) == []


@pytest.mark.statement(67)
@pytest.mark.parametrize(
    ("suite", "term"), [(DCAT_AP, rdflib.DCTERMS.title), (NDE, SCHEMA.license)], ids=["DCAT-AP", "NDE"]
)
def test_those_shapes_find_what_is_missing(
    description: rdflib.Graph, shipped_site: Harvested, suite: tuple[str, ...], term: rdflib.URIRef
) -> None:
    broken = rdflib.Graph() + description
    broken.remove((shipped_site.name("dataset"), term, None))
    assert violations(broken, suite) != []


def test_the_page_about_the_data_carries_the_description(shipped_site: Harvested) -> None:
    page = shipped_site.get("/dataset", "text/html").text
    found = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert len(found) == 1
    graph = rdflib.Graph().parse(data=json.dumps(found[0]), format="json-ld")
    assert (shipped_site.name("dataset"), rdflib.RDF.type, SCHEMA.Dataset) in graph
    assert shipped_site.get("/.well-known/void").headers["location"] == f"{shipped_site.url}/dataset"


PAGES = ("/", "/letter/1.html", "/person/serge.html", "/work/serge-trotsky-papers-1994.html", "/letter/1.html?view=data", "/person/",
         "/letter/?year=1936", "/timeline", "/map", "/network", "/schema", "/search?q=serge", "/sparql", "/dumps/",
         "/dumps/1.0/", "/ns", "/vocabulary", "/profile", "/shapes", "/problems", "/beacon/")  # fmt: skip


@pytest.mark.statement(26, 66)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_tells_of_the_data_set_what_its_description_tells(
    shipped_site: Harvested, description: rdflib.Graph, path: str
) -> None:
    response = shipped_site.get(path, "text/html")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    found = extruct.extract(response.text, syntaxes=["json-ld"])["json-ld"]
    (block,) = lxml.html.fromstring(response.content).xpath("//script[@type='application/ld+json']")
    quads = list(ox.parse(input=block.text, format=ox.RdfFormat.JSON_LD))
    about = rdflib.Dataset(default_union=False).parse(data=block.text, format="json-ld")
    graph = about.graph(rdflib.URIRef(f"{shipped_site.url}/dataset"))
    assert len(graph) > 40 and len(graph) == sum(str(quad.graph_name) == f"<{graph.identifier}>" for quad in quads)
    assert not set(graph) - set(description), "in step with /dataset"
    data_set = shipped_site.name("dataset")
    assert (data_set, rdflib.RDF.type, SCHEMA.Dataset) in graph
    for said in ("name", "description", "url", "license", "version", "datePublished", "dateModified"):
        assert set(graph.objects(data_set, SCHEMA[said])) == set(description.objects(data_set, SCHEMA[said])) != set()
    assert graph.value(graph.value(data_set, SCHEMA.publisher), SCHEMA.name)
    files = {str(graph.value(each, SCHEMA.contentUrl)) for each in graph.objects(data_set, SCHEMA.distribution)}
    assert files == {
        f"{shipped_site.url}/dumps/1.0/{NAME}.{suffix}.gz" for suffix in ("ttl", "nt", "nq", "jsonld", "rdf")
    }
    for each in graph.objects(data_set, SCHEMA.distribution):
        assert graph.value(each, SCHEMA.contentSize) and graph.value(each, SCHEMA.encodingFormat)
    short = next(each for each in found if each.get("@id") == f"{shipped_site.url}/dataset")
    assert len(json.dumps(short)) < 6000


def test_a_page_of_several_editions_tells_of_each(together: Served) -> None:
    for path, count in (("/", 3), ("/sparql", 3), ("/serge-trotsky/letter/1.html", 1), ("/postcards/", 1)):
        (block,) = lxml.html.fromstring(together.get(path, "text/html").content).xpath(
            "//script[@type='application/ld+json']"
        )
        said = rdflib.Dataset(default_union=True).parse(data=block.text, format="json-ld")
        assert len(set(said.subjects(SCHEMA.license))) == count, path


@pytest.mark.statement(66)
def test_every_name_that_the_description_uses_leads_somewhere(
    shipped_site: Harvested, description: rdflib.Graph
) -> None:
    own = {str(subject) for subject in description.subjects() if str(subject).startswith(shipped_site.base)}
    assert len(own) > 200
    led = set()
    for name in sorted(own - {str(shipped_site.name("dataset"))}):
        response = shipped_site.get("/" + name.removeprefix(shipped_site.base), "text/turtle")
        assert response.status_code == 303, name
        led.add(response.headers["location"])
    assert led == {f"{shipped_site.url}/dataset"}
    assert shipped_site.get("/release/1.0", "text/html").headers["location"] == f"{shipped_site.url}/dumps/1.0/"
    report = shipped_site.get("/release/1.0/shacl-report").headers["location"]
    assert report == f"{shipped_site.url}/dumps/1.0/shacl-report.ttl"
    for path in ("/dataset/nothing", "/release/9.9", "/release/9.9/shacl-report", "/graph/nothing"):
        assert shipped_site.get(path, "text/turtle").status_code == 404, path


# --- 69: sitemap and robots


@pytest.mark.statement(69)
def test_the_sitemap_tells_every_page_and_its_day(shipped_site: Harvested) -> None:
    root = etree.fromstring(shipped_site.get("/sitemap.xml").content)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.tag == f"{space}urlset"
    pages = {url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod") for url in root}
    assert len(pages) == sum(shipped_site.made.manifest.counts.values())
    assert set(pages.values()) == {shipped_site.made.manifest.date}
    for place in sorted(pages)[:: len(pages) // 60]:
        assert shipped_site.served.client.head(place).status_code == 200
    robots = shipped_site.get("/robots.txt").text
    assert "Disallow: /sparql?" in robots and f"Sitemap: {shipped_site.url}/sitemap.xml" in robots
    from urllib.robotparser import RobotFileParser

    parser = RobotFileParser()
    parser.parse(robots.splitlines())
    assert parser.can_fetch("x", f"{shipped_site.url}/letter/1.ttl") and parser.can_fetch(
        "x", f"{shipped_site.url}/dumps/"
    )
    assert not parser.can_fetch("x", f"{shipped_site.url}/sparql?query=ASK%7B%7D")
