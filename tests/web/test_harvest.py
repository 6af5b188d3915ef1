"""Statements 6–13, 16, 17, 24, 25, 33–37, 60–72 and 80 on the shipped edition, by clients that others wrote."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import brotli
import extruct
import httpx
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from lxml import etree
from rdflib.compare import isomorphic
from serving import Served, serving
from sickle import Sickle
from sickle.oaiexceptions import BadArgument, IdDoesNotExist, NoRecordsMatch
from signposting import find_signposting_http
from typer.testing import CliRunner

from lod.build import Built, build, dump_file, last_change, material
from lod.cli import app
from lod.release import Made, make
from lod.web import Published
from tests.conftest import ROOT, shared

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
SCHEMA = rdflib.Namespace("https://schema.org/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
NAME = "serge-trotsky"
CLIENTS = ROOT / "tests" / "clients"


@dataclass(frozen=True)
class Harvested:
    """The shipped edition, released and served."""

    served: Served
    made: Made
    base: str

    @property
    def url(self) -> str:
        return self.served.url

    def get(self, path: str, accept: str | None = None, **headers: str) -> httpx.Response:
        return self.served.get(path, accept, {name.replace("_", "-"): value for name, value in headers.items()})

    def name(self, path: str) -> rdflib.URIRef:
        return rdflib.URIRef(self.base + path)


@pytest.fixture(scope="module")
def shipped_site(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harvested]:
    releases, dumps = tmp_path_factory.mktemp("releases"), tmp_path_factory.mktemp("dumps")
    edition = shipped.corpus.edition
    stuff = material(shipped)
    # A copy of the settings elsewhere: a real release leaves its record beside edition.toml.
    home = tmp_path_factory.mktemp("corpus")
    shutil.copytree(edition.folder, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("releases"))
    from dataclasses import replace

    edition = replace(edition, folder=home)
    made = make(replace(stuff, edition=edition), releases, date=last_change(shipped), version="1.0")
    folder = dumps / edition.id
    folder.mkdir()
    shutil.copy(made.folder / f"{NAME}.ttl", folder / f"{NAME}.ttl")
    with serving([Published(edition, folder, releases)]) as served:
        yield Harvested(served, made, edition.base)


# --- 6 to 13: what well-known clients send

HEADERS = {
    "Firefox": ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
    "Chrome": (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
        "application/signed-exchange;v=b3;q=0.7",
        "html",
    ),
    "curl": ("*/*", "ttl"),
    "rapper": (
        "application/n-quads, application/n-triples, application/rdf+xml, text/rdf;q=0.6, application/turtle;q=0.8, "
        "text/turtle;q=0.9, application/x-turtle;q=0.6, text/n3;q=0.3, application/trig, application/xhtml+xml;q=0.4, "
        "text/html;q=0.6, */*;q=0.1",
        "nt",
    ),
    "Jena": (
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,application/trix+xml;q=0.6,*/*;q=0.3",
        "ttl",
    ),
    "rdflib": ("application/rdf+xml,text/turtle;q=0.9,application/n-triples;q=0.8,*/*;q=0.1", "rdf"),
    "rdflib-auto": (
        "text/turtle, application/rdf+xml, application/trig, application/n-quads;q=0.9, application/n-triples;q=0.9, "
        "application/ld+json;q=0.9, */*;q=0.1",
        "ttl",
    ),
    "Comunica": (
        "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,text/turtle;q=0.6,"
        "application/rdf+xml;q=0.5,application/json;q=0.45,text/n3;q=0.35,text/html;q=0.2,application/xhtml+xml;q=0.18",
        "jsonld",
    ),
    "RDF4J": (
        "application/rdf+xml;q=0.8, application/xml;q=0.8, text/xml;q=0.8, application/n-triples, text/plain;q=0.8, text/turtle, "
        "application/x-turtle, text/n3;q=0.9, application/ld+json;q=0.9, application/trig;q=0.8",
        "nt",
    ),
    "EasyRDF": (
        "application/ld+json,application/json;q=0.8,text/turtle;q=0.8,application/rdf+xml;q=0.8,application/n-triples;q=0.5,"
        "text/html;q=0.4,*/*;q=0.1",
        "jsonld",
    ),
}


@pytest.mark.parametrize("client", HEADERS)
def test_what_well_known_clients_ask_for_they_get(shipped_site: Harvested, client: str) -> None:
    accept, suffix = HEADERS[client]
    response = shipped_site.get("/person/serge", accept)
    assert response.status_code == 303
    assert response.headers["location"] == f"{shipped_site.url}/person/serge.{suffix}"


# --- 24: profiles


def test_a_document_by_profile(shipped_site: Harvested) -> None:
    cidoc = "https://w3id.org/correspondence-lod/profile/cidoc"
    seen = shipped_site.get("/letter/1", "text/turtle", Accept_Profile=f"<{cidoc}>")
    assert seen.headers["location"].endswith("/letter/1.ttl?profile=cidoc")
    assert "Accept-Profile" in seen.headers["vary"]
    document = shipped_site.get("/letter/1.ttl?profile=cidoc")
    assert document.headers["content-profile"] == f"<{cidoc}>"
    assert f'<{cidoc}>; rel="profile"' in document.headers["link"]
    assert "schema:" not in document.text.partition("\n\n")[2] and "crm:P14_carried_out_by" in document.text
    direct = shipped_site.get("/letter/1.ttl", None, Accept_Profile=f"<https://other.example/x>, <{cidoc}>;q=0.5")
    assert direct.content == document.content
    whole, schema = shipped_site.get("/letter/1.nt"), shipped_site.get("/letter/1.nt?profile=schema-org")
    assert set(schema.text.splitlines()) < set(whole.text.splitlines())
    art = 'application/ld+json;profile="https://linked.art/ns/v1/linked-art.json"'
    target = shipped_site.get("/letter/1", art).headers["location"]
    record = shipped_site.get(target.removeprefix(shipped_site.url))
    assert record.json()["type"] == "LinguisticObject" and record.headers["content-type"] == "application/ld+json"
    fallback = shipped_site.get("/letter/1.ttl", None, Accept_Profile="<https://other.example/x>")
    assert fallback.headers["content-profile"] == "<https://w3id.org/correspondence-lod/profile/1.0>"
    assert shipped_site.get("/letter/1.ttl?profile=zzz").status_code == 400
    assert shipped_site.get("/type/letter.jsonld?profile=linked-art").status_code == 406


# --- 25: Signposting


@pytest.mark.parametrize("suffix", ["html", "ttl", "jsonld"])
def test_signposting_reads_every_document(shipped_site: Harvested, suffix: str) -> None:
    found = find_signposting_http(f"{shipped_site.url}/person/serge.{suffix}")
    assert str(found.citeAs.target) == f"{shipped_site.base}person/serge"
    assert {link.type for link in found.describedBy} == {
        "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"
    }  # fmt: skip
    assert str(found.license.target) == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert str(found.collection.target) == f"{shipped_site.url}/dataset"
    assert "https://schema.org/Person" in {str(link.target) for link in found.types}


def test_signposting_leads_from_the_data_set_to_its_files(shipped_site: Harvested) -> None:
    found = find_signposting_http(f"{shipped_site.url}/dataset?format=html")
    items = {str(link.target) for link in found.items}
    assert f"{shipped_site.url}/dumps/1.0/{NAME}.nt.gz" in items
    for item in items:
        assert shipped_site.served.client.head(item).status_code == 200


# --- 33 to 37: codings


@pytest.mark.parametrize("path", ["/person/serge.ttl", "/person/serge.jsonld", "/dataset", "/ldes", "/cmif.xml"])
def test_codings_have_tags_of_their_own(shipped_site: Harvested, path: str) -> None:
    plain = shipped_site.get(path, None, Accept_Encoding="identity")
    tags = {plain.headers["etag"]}
    for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        request = shipped_site.served.client.build_request("GET", path, headers={"Accept-Encoding": coding})
        request.headers.pop("accept")
        response = shipped_site.served.client.send(request, stream=True)
        raw = b"".join(response.iter_raw())
        response.close()
        assert response.headers["content-encoding"] == coding
        assert "Accept-Encoding" in response.headers["vary"]
        assert unpack(raw) == plain.content and len(raw) < len(plain.content)
        tags.add(response.headers["etag"])
        again = shipped_site.get(path, None, Accept_Encoding=coding, If_None_Match=response.headers["etag"])
        assert (again.status_code, again.headers["etag"]) == (304, response.headers["etag"])
    assert len(tags) == 3
    only = shipped_site.get(path, None, Accept_Encoding="identity;q=0, gzip")
    assert only.headers["content-encoding"] == "gzip"


def test_packed_files_are_never_packed_twice(shipped_site: Harvested) -> None:
    response = shipped_site.get(f"/dumps/1.0/{NAME}.nt.gz", None, Accept_Encoding="gzip, br")
    assert "content-encoding" not in response.headers
    assert response.headers["content-type"] == "application/gzip"
    assert gzip.decompress(response.content).count(b"\n") == shipped_site.made.manifest.triples


# --- 60 to 65: releases


@pytest.mark.parametrize("suffix", ["ttl.gz", "nt.gz", "jsonld.gz", "nq.gz", "rdf.gz", "nt", "-schema-org.ttl.gz"])
def test_stable_names_lead_to_the_newest_release(shipped_site: Harvested, suffix: str) -> None:
    path = f"/dumps/latest{suffix}" if suffix.startswith("-") else f"/dumps/latest.{suffix}"
    response = shipped_site.get(path)
    assert response.status_code == 302
    target = response.headers["location"]
    assert target.startswith(f"{shipped_site.url}/dumps/1.0/{NAME}")
    file = shipped_site.served.client.head(target)
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shipped_site.get("/dumps/latest/tables/letters.csv").status_code == 302
    assert shipped_site.get("/dumps/latest.zip").status_code == 404


def test_files_of_a_release_in_ranges_and_conditions(shipped_site: Harvested) -> None:
    path = f"/dumps/1.0/{NAME}.nt"
    head = shipped_site.served.client.head(path)
    assert head.headers["accept-ranges"] == "bytes" and head.headers["last-modified"] and head.headers["etag"]
    size = int(head.headers["content-length"])
    part = shipped_site.get(path, None, Range="bytes=0-99")
    assert (part.status_code, part.headers["content-range"], len(part.content)) == (206, f"bytes 0-99/{size}", 100)
    assert shipped_site.get(path, None, Range=f"bytes={size}-").status_code == 416
    assert shipped_site.get(path, None, Range="bytes=0-9", If_Range='"old"').status_code == 200
    assert shipped_site.get(path, None, If_None_Match=head.headers["etag"]).status_code == 304
    assert shipped_site.get(path, None, If_Modified_Since=head.headers["last-modified"]).status_code == 304


def test_only_files_of_the_release_are_served(shipped_site: Harvested) -> None:
    for path in (
        "1.0/../../changes.tsv",
        "1.0/nothing.ttl",
        "2.0/SHA256SUMS",
        "1.0/%2e%2e/changes.tsv",
        "log/1.0.nq.gz",
    ):
        assert shipped_site.get(f"/dumps/{path}").status_code == 404, path
    sums = shipped_site.get("/dumps/1.0/SHA256SUMS").text
    for line in sums.splitlines():
        assert shipped_site.served.client.head(f"/dumps/1.0/{line.split('  ')[1]}").status_code == 200


# --- 66 to 68: the data set's description


@pytest.fixture(scope="module")
def description(shipped_site: Harvested) -> rdflib.Graph:
    return rdflib.Graph().parse(data=shipped_site.get("/dataset", "text/turtle").content, format="turtle")


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


@pytest.mark.parametrize("suite", [DCAT_AP, NDE], ids=["DCAT-AP", "NDE"])
def test_the_description_passes_the_shapes_of_others(description: rdflib.Graph, suite: tuple[str, ...]) -> None:
    assert violations(description, suite) == []


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


# --- 69: sitemap and robots


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


# --- 70: LDES


def node_client(*arguments: str) -> str:
    if not (CLIENTS / "node_modules").is_dir():
        pytest.fail("make clients installs them") if os.environ.get("CI") == "true" else pytest.skip(
            "make clients installs them"
        )
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["node", *arguments], cwd=CLIENTS, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_pages_of_the_stream_never_change_and_its_root_does(shipped_site: Harvested) -> None:
    root = shipped_site.get("/ldes", "text/turtle")
    assert "immutable" not in root.headers["cache-control"]
    graph = rdflib.Graph().parse(data=root.content, format="turtle")
    tree, ldes = rdflib.Namespace("https://w3id.org/tree#"), rdflib.Namespace("https://w3id.org/ldes#")
    assert len(list(graph.subject_objects(tree.view))) == 1
    assert (
        len(list(graph.subject_objects(ldes.timestampPath)))
        == len(list(graph.subject_objects(ldes.versionOfPath)))
        == 1
    )
    for page in graph.objects(None, tree.node):
        response = shipped_site.served.client.get(str(page))
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-type"] == "application/trig"


def test_an_ldes_client_replays_the_stream_to_the_dump(shipped_site: Harvested) -> None:
    out = node_client("ldes.mjs", f"{shipped_site.url}/ldes")
    members = [json.loads(line) for line in out.splitlines()]
    assert len(members) == shipped_site.made.manifest.documents == len({member["id"] for member in members})
    found = {triple for member in members for triple in member["graph"]}
    dump = (shipped_site.made.folder / f"{NAME}.nt").read_text(encoding="utf-8")
    expected = {
        " ".join(map(str, (t.subject, t.predicate, t.object)))
        for t in ox.parse(input=dump, format=ox.RdfFormat.N_TRIPLES)
    }
    # The client writes terms as N3.js does: both sides are read by the same parser.
    read = {
        " ".join(map(str, (t.subject, t.predicate, t.object)))
        for t in ox.parse(input="\n".join(found), format=ox.RdfFormat.N_TRIPLES)
    }
    assert read == expected


# --- 71: OAI-PMH


def test_sickle_harvests_every_entity_once(shipped_site: Harvested) -> None:
    harvester = Sickle(f"{shipped_site.url}/oai")
    identity = harvester.Identify()
    assert (identity.deletedRecord, identity.granularity, identity.protocolVersion) == (
        "persistent",
        "YYYY-MM-DD",
        "2.0",
    )
    assert {form.metadataPrefix for form in harvester.ListMetadataFormats()} == {"oai_dc", "rdf"}
    counts = shipped_site.made.manifest.counts
    assert {each.setSpec for each in harvester.ListSets()} == set(counts)
    headers = [header.identifier for header in harvester.ListIdentifiers(metadataPrefix="oai_dc")]
    assert len(headers) == len(set(headers)) == sum(counts.values())
    letters = list(harvester.ListRecords(metadataPrefix="oai_dc", set="letter"))
    assert len(letters) == counts["letter"]
    one = harvester.GetRecord(identifier=f"{shipped_site.base}letter/1", metadataPrefix="oai_dc")
    assert one.metadata["creator"] == ["Victor Serge"] and one.metadata["date"] == ["1936-04-22"]
    rdf = harvester.GetRecord(identifier=f"{shipped_site.base}letter/1", metadataPrefix="rdf")
    element = rdf.xml.find(".//{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")
    graph = rdflib.Graph().parse(data=etree.tostring(element), format="xml")
    assert isomorphic(graph, rdflib.Graph().parse(data=shipped_site.get("/letter/1.rdf").content, format="xml"))
    with pytest.raises(IdDoesNotExist):
        harvester.GetRecord(identifier="x", metadataPrefix="oai_dc")
    with pytest.raises(NoRecordsMatch):
        list(harvester.ListRecords(metadataPrefix="oai_dc", until="1990-01-01"))
    with pytest.raises(BadArgument):
        harvester.GetRecord(identifier="x")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&extra=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=rdf", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=1936", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2030-01-01&until=2020-01-01", "badArgument"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=nothing", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=GetRecord&identifier=x&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=x", "idDoesNotExist"),
    ],
)
def test_errors_of_the_protocol(shipped_site: Harvested, query: str, code: str) -> None:
    for response in (
        shipped_site.get(f"/oai?{query}"),
        shipped_site.served.client.post(
            "/oai", content=query, headers={"Content-Type": "application/x-www-form-urlencoded"}
        ),
    ):
        assert (response.status_code, response.headers["content-type"]) == (200, "text/xml; charset=utf-8")
        error = etree.fromstring(response.content).find("{http://www.openarchives.org/OAI/2.0/}error")
        assert error.get("code") == code


OAI_REQUESTS = ["Identify", "ListMetadataFormats", "ListSets", "ListIdentifiers&metadataPrefix=oai_dc",
                "ListRecords&metadataPrefix=oai_dc", "Nothing"]  # fmt: skip


@pytest.mark.parametrize("verb", OAI_REQUESTS)
def test_answers_are_valid_by_the_protocols_schema(shipped_site: Harvested, verb: str) -> None:
    folder = shared("suites/oai-pmh-xsd/ramls/schemas")

    both = f"""<schema xmlns="http://www.w3.org/2001/XMLSchema">
      <import namespace="http://www.openarchives.org/OAI/2.0/" schemaLocation="{folder}/OAI-PMH.xsd"/>
      <import namespace="http://www.openarchives.org/OAI/2.0/oai_dc/" schemaLocation="{folder}/oai_dc.xsd"/>
    </schema>"""

    class Local(etree.Resolver):
        """The schemas as they lie in the suite; that of `xml:lang` is the W3C's, as far as it is needed."""

        def resolve(self, url: str, _public: str, context: object) -> object:
            name = url.rpartition("/")[2]
            if name == "xml.xsd":
                return self.resolve_string(XML_LANG, context)
            return self.resolve_filename(str(folder / name), context) if (folder / name).is_file() else None

    parser = etree.XMLParser()
    parser.resolvers.add(Local())
    schema = etree.XMLSchema(etree.fromstring(both, parser))
    answer = etree.fromstring(shipped_site.get(f"/oai?verb={verb}").content)
    assert schema.validate(answer), schema.error_log
    assert bool(answer.findall(".//{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")) == verb.startswith("ListRecords")


XML_LANG = """<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
  <attribute name="lang" type="language"/></schema>"""


# --- 72: a second harvest


def test_a_second_harvest_moves_less_than_a_hundredth(shipped_site: Harvested) -> None:
    root = etree.fromstring(shipped_site.get("/sitemap.xml").content)
    pages = [loc.text.removesuffix(".html") for loc in root.iter("{*}loc")][::20]
    addresses = [f"{page}.ttl" for page in pages] + [
        f"{shipped_site.url}/dumps/1.0/{NAME}.nt.gz",
        f"{shipped_site.url}/dataset",
    ]
    tags, first, second = {}, 0, 0
    for place in addresses:
        response = shipped_site.served.client.get(place)
        tags[place] = response.headers["etag"]
        first += len(response.content)
    for place in addresses:
        response = shipped_site.served.client.get(place, headers={"If-None-Match": tags[place]})
        assert response.status_code == 304
        second += len(response.content)
    assert second < first / 100


# --- 80: CMIF


def test_cmif_is_served_and_valid(shipped_site: Harvested, shipped: Built) -> None:
    response = shipped_site.get("/cmif.xml")
    tree = etree.fromstring(response.content)
    rng = etree.RelaxNG(etree.parse(shared("suites/cmif-schema/schema/cmi-customization.rng")))
    assert rng.validate(tree), rng.error_log
    ns = {"t": "http://www.tei-c.org/ns/1.0"}
    assert tree.findtext(".//t:publicationStmt/t:idno[@type='url']", None, ns) == f"{shipped_site.url}/cmif.xml"
    letters = {letter.get("ref"): letter for letter in tree.iterfind(".//t:correspDesc", ns)}
    printed = [r for r in shipped.corpus.records if r.path.startswith("letter/") and r.printed]
    assert letters.keys() == {f"{shipped_site.base}{record.path}" for record in printed}
    source = etree.parse(ROOT / "corpus" / NAME / "letters.xml")
    dates = {
        each.get("key"): each.find("t:correspAction[@type='sent']/t:date", ns)
        for each in source.iterfind(".//t:correspDesc", ns)
    }
    for record in printed:
        came, went = (
            letters[f"{shipped_site.base}{record.path}"].find("t:correspAction[@type='sent']/t:date", ns),
            dates.get(record.key),
        )
        if went is not None and not went.get("cert") and went.get("when"):
            assert came is not None and came.get("when") == went.get("when"), record.path


# --- other clients


def test_rapper_reads_what_it_asks_for(shipped_site: Harvested) -> None:
    if shutil.which("rapper") is None:
        pytest.fail("make harvesters installs it") if os.environ.get("CI") == "true" else pytest.skip(
            "rapper is not here"
        )
    ran = subprocess.run(
        ["rapper", "-q", "-g", "-o", "ntriples", f"{shipped_site.url}/letter/1"], capture_output=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    found = rdflib.Graph().parse(data=ran.stdout, format="nt")
    assert len(found) == shipped_site.get("/letter/1.nt").text.count("\n")


def test_comunica_follows_links_between_documents(shipped_site: Harvested) -> None:
    query = "SELECT ?name WHERE { ?letter <https://schema.org/sender> ?who . ?who <https://schema.org/name> ?name }"
    addresses = [f"{shipped_site.url}/letter/1", f"{shipped_site.url}/person/serge"]
    rows = json.loads(node_client("comunica.mjs", query, *addresses))
    assert {"Victor Serge"} <= {row["name"] for row in rows}


def test_rdflib_follows_a_name_to_its_document(shipped_site: Harvested) -> None:
    graph = rdflib.Graph().parse(f"{shipped_site.url}/person/serge")
    assert (shipped_site.name("person/serge"), rdflib.RDF.type, SCHEMA.Person) in graph


def test_extruct_finds_the_data_in_a_page(shipped_site: Harvested) -> None:
    found = extruct.extract(shipped_site.get("/letter/1.html").text, syntaxes=["json-ld"])["json-ld"]
    graph = rdflib.Graph().parse(data=json.dumps(found[0]), format="json-ld")
    whole = rdflib.Graph().parse(data=shipped_site.get("/letter/1.ttl").content, format="turtle")
    assert (shipped_site.name("letter/1"), SCHEMA.sender, shipped_site.name("person/serge")) in graph
    assert set(graph) <= set(whole)


# --- the model


def test_our_terms_lead_to_themselves(shipped_site: Harvested) -> None:
    graph = rdflib.Graph().parse(data=shipped_site.get("/ns", "text/turtle").content, format="turtle")
    own = {str(term) for term in graph.subjects(rdflib.RDFS.isDefinedBy)}
    assert len(own) >= 8
    page = shipped_site.get("/ns", "text/html").text
    for term in own:
        assert f'id="{term.partition("#")[2]}"' in page
    for suffix in ("ttl", "jsonld", "nt", "rdf", "html"):
        assert shipped_site.get(f"/ns.{suffix}").status_code == 200
    assert shipped_site.get("/ns", "image/png").status_code == 406


def test_the_terms_in_use_are_counted_with_an_example(shipped_site: Harvested, description: rdflib.Graph) -> None:
    page = shipped_site.get("/vocabulary", "text/html").text
    partitions = [*description.objects(None, VOID.classPartition), *description.objects(None, VOID.propertyPartition)]
    assert page.count('<th scope="row">') == len(partitions)
    row = re.search(r'crm:E21_Person</a></th><td>([\d,]+)</td><td><a href="(/person/[^"]+)">', page)
    assert row and int(row[1].replace(",", "")) == shipped_site.made.manifest.counts["person"]
    assert shipped_site.get(row[2]).status_code == 303


def test_shapes_profile_and_context_are_to_be_had(shipped_site: Harvested) -> None:
    for file in (ROOT / "shapes").glob("*.ttl"):
        assert shipped_site.get(f"/shapes/{file.name}").content == file.read_bytes()
        assert file.name in shipped_site.get("/shapes", "text/html").text
    whole = rdflib.Graph().parse(data=shipped_site.get("/shapes.ttl").content, format="turtle")
    apart = rdflib.Graph()
    for file in (ROOT / "shapes").glob("*.ttl"):
        apart.parse(file)
    assert len(whole) == len(apart)
    assert shipped_site.get("/shapes/nothing.ttl").status_code == 404
    for path in ("/profile", "/profile/1.0", "/profile/cidoc", "/profile/schema-org"):
        assert "Versions" in shipped_site.get(path, "text/html").text
        assert "crm:P14_carried_out_by" in shipped_site.get(path, "text/turtle").text
    assert shipped_site.get("/profile/9.9").status_code == 404
    context = shipped_site.get("/context.jsonld")
    assert context.headers["content-type"] == "application/ld+json"
    assert context.headers["access-control-allow-origin"] == "*"
    assert context.json() == json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))


def test_the_context_means_what_the_documents_say(shipped_site: Harvested) -> None:
    document = shipped_site.get("/letter/1.jsonld").json()
    document["@context"] = shipped_site.get("/context.jsonld").json()["@context"]
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    assert isomorphic(graph, rdflib.Graph().parse(data=shipped_site.get("/letter/1.ttl").content, format="turtle"))
    assert document["sender"] == f"{shipped_site.base}person/serge"


PATHS = ("/ldes", "/ldes/1.0/1", "/oai?verb=Identify", "/sitemap.xml", "/robots.txt", "/cmif.xml", "/ns", "/vocabulary", "/profile",
         "/shapes", "/context.jsonld", "/dumps/", "/dumps/1.0/", "/dumps/1.0/manifest.json", "/release/1.0/person/serge")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_new_address_takes_head_and_options_and_nothing_else(shipped_site: Harvested, path: str) -> None:
    head, get = shipped_site.served.client.head(path), shipped_site.served.client.get(path)
    assert head.status_code == get.status_code == 200
    assert head.content == b"" and head.headers.get("content-type") == get.headers["content-type"]
    assert get.headers["access-control-allow-origin"] == "*"
    options = shipped_site.served.client.options(path)
    assert options.status_code == 204 and ("POST" in options.headers["allow"]) == path.startswith("/oai")
    for method in ("PUT", "DELETE", "PATCH"):
        assert shipped_site.served.client.request(method, path).status_code == 405


def test_the_command_makes_what_is_served(tmp_path: Path) -> None:
    """From TEI to a release by the command line, on the sample edition."""
    sample = tmp_path / "sample"
    shutil.copytree(ROOT / "tests" / "sample" / "edition", sample)
    ran = CliRunner().invoke(app, ["release", str(sample), "--to", str(tmp_path / "r"), "--version", "1.0"])
    assert ran.exit_code == 0, ran.output
    assert (sample / "releases" / "1.0.json").is_file() and (sample / "releases" / "changes.tsv").is_file()
    built = build(sample, tmp_path / "dumps")
    edition = built.corpus.edition
    made = tmp_path / "r" / edition.id / "1.0" / f"{edition.id}.ttl"
    assert made.read_bytes() == dump_file(tmp_path / "dumps", edition.id).read_bytes()
    assert "letter/1" in (sample / "published.txt").read_text(encoding="utf-8")
    again = CliRunner().invoke(app, ["release", str(sample), "--to", str(tmp_path / "r"), "--version", "1.0"])
    assert again.exit_code == 0 and "released before" in again.output
    StringIO(again.output)
