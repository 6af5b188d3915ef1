"""Statements 70–72 and 80, and the model: event stream, OAI-PMH, CMIF and other clients on the shipped edition."""

import json
import os
import re
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import extruct
import pyoxigraph as ox
import pytest
import rdflib
from harvested import CLIENTS, NAME, SCHEMA, VOID, Harvested
from lxml import etree
from rdflib.compare import isomorphic
from sickle import Sickle
from sickle.oaiexceptions import BadArgument, IdDoesNotExist, NoRecordsMatch
from typer.testing import CliRunner

from lod.build import Built, build, dump_file
from lod.cli import app
from tests.conftest import ROOT, shared

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


@pytest.mark.statement(70)
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


def test_no_such_page_whatever_is_asked(shipped_site: Harvested) -> None:
    for place in ("0", "99", "²", "-1", "9" * 5000):
        assert shipped_site.get(f"/ldes/1.0/{place}").status_code == 404
        assert shipped_site.get(f"/sitemap.xml?part={place}").status_code == 404


@pytest.mark.statement(70)
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


@pytest.mark.statement(71)
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


@pytest.mark.statement(71)
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
        ("verb=ListRecords&metadataPrefix=oai_dc&set=%00", "badArgument"),
        ("verb=GetRecord&identifier=%01%EF%BF%BF&metadataPrefix=oai_dc", "badArgument"),
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


def test_a_form_is_bounded(shipped_site: Harvested) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for content, status in ((b"verb=" + b"x" * (1 << 20), 413), (b"verb=\xff", 400)):
        assert shipped_site.served.client.post("/oai", content=content, headers=form).status_code == status


OAI_REQUESTS = ["Identify", "ListMetadataFormats", "ListSets", "ListIdentifiers&metadataPrefix=oai_dc",
                "ListRecords&metadataPrefix=oai_dc", "Nothing"]  # fmt: skip


@pytest.mark.statement(71)
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


@pytest.mark.statement(72)
def test_a_second_harvest_moves_less_than_a_hundredth(shipped_site: Harvested) -> None:
    client = shipped_site.served.client
    root = etree.fromstring(shipped_site.get("/sitemap.xml").content)
    things = [loc.text.removesuffix(".html") for loc in root.iter("{*}loc")][::20]
    stream = ox.parse(input=shipped_site.get("/ldes", "application/n-quads").content, format=ox.RdfFormat.N_QUADS)
    pages = [quad.object.value for quad in stream if quad.predicate.value.endswith("tree#node")]
    own = ["sitemap.xml", "dataset", "ldes", "cmif.xml", "beacon/gnd.txt", "context.jsonld"]
    own += [f"dumps/1.0/{name}" for name in (f"{NAME}.nt", f"{NAME}.nt.gz", "tables/letters.csv", "changes.tsv")]
    addresses = [*(f"{thing}.ttl" for thing in things), *pages, *(f"{shipped_site.url}/{path}" for path in own)]
    assert len(pages) > 3
    tags, first, second, heads = {}, 0, 0, 0
    for place in addresses:
        response = client.get(place)
        tags[place] = response.headers["etag"]
        first += len(response.content)
    for place in addresses:
        response = client.get(place, headers={"If-None-Match": tags[place]})
        assert response.status_code == 304, place
        second += len(response.content)
        heads += sum(len(name) + len(words) + 4 for name, words in response.headers.items())
    assert second < first / 100
    assert heads < 900 * len(addresses), "304 says nothing that the client has already"


# --- 80: CMIF


@pytest.mark.statement(80)
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


@pytest.mark.statement(7)
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


@pytest.mark.statement(26)
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


@pytest.mark.statement(21, 22, 23)
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
