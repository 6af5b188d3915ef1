"""What a release holds: every format the same graph, sums right, valid by the schemas and validators of others."""

import csv
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import elementpath
import pandas as pd
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from csvw import CSVW
from jsonschema import Draft202012Validator
from lxml import etree
from referencing import Registry, Resource

from lod.authorities import recognise
from lod.build import Built
from lod.dumps import tables
from lod.release import Made
from lod.release.manifest import Manifest
from tests.conftest import ROOT, checker, shared

NAME = "serge-trotsky"
DUMPS = ("ttl", "nt", "nq", "jsonld", "rdf")
FORMS = {
    "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML,
}  # fmt: skip


def lines(data: bytes, form: ox.RdfFormat) -> list[str]:
    return sorted({f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in ox.parse(input=data, format=form)})


@pytest.mark.statement(61)
@pytest.mark.parametrize("suffix", DUMPS)
def test_every_dump_is_the_same_graph_plain_and_packed(released: Made, suffix: str) -> None:
    plain = (released.folder / f"{NAME}.{suffix}").read_bytes()
    packed = released.folder / f"{NAME}.{suffix}.gz"
    assert gzip.decompress(packed.read_bytes()) == plain
    found = lines(plain, FORMS[suffix])
    assert len(found) == released.manifest.triples
    assert hashlib.sha256("".join(found).encode()).hexdigest() == released.manifest.canonical


@pytest.mark.statement(61)
def test_n_triples_are_sorted(released: Made) -> None:
    text = (released.folder / f"{NAME}.nt").read_text(encoding="utf-8")
    assert text.splitlines() == sorted(set(text.splitlines()))
    assert "_:" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", text)


@pytest.mark.statement(61)
def test_a_second_parser_reads_the_dumps(released: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    for suffix, form in (("schema-org.ttl", "turtle"), ("schema-org.jsonld", "json-ld")):
        graph = rdflib.Graph().parse(released.folder / f"{NAME}-{suffix}", format=form)
        data = (released.folder / f"{NAME}-{suffix}").read_bytes()
        assert len(graph) == len(lines(data, FORMS[suffix.rpartition(".")[2]]))


def test_gzip_holds_no_name_and_no_time(released: Made) -> None:
    for file in released.folder.rglob("*.gz"):
        head = file.read_bytes()[:10]
        assert head[3] == 0 and head[4:8] == bytes(4), file.name


@pytest.mark.statement(62)
def test_sums_and_sizes(released: Made) -> None:
    sums = dict(reversed(line.split("  ")) for line in (released.folder / "SHA256SUMS").read_text().splitlines())
    there = {str(file.relative_to(released.folder)) for file in released.folder.rglob("*") if file.is_file()}
    assert sums.keys() == there - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((released.folder / name).read_bytes()).hexdigest() == digest
    for file in released.manifest.files:
        assert ((released.folder / file.name).stat().st_size, sums[file.name]) == (file.size, file.sha256)
    assert Manifest.read(released.folder / "manifest.json") == released.manifest


SCRIPT = """
import sys
from pathlib import Path
from lod.build import examine, material
from lod.release import make
built = examine(Path(sys.argv[1]))
make(material(built), Path(sys.argv[2]), date="2026-01-01", version="1", trial=True)
"""


@pytest.mark.statement(61)
def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-c", SCRIPT, str(ROOT / "tests" / "sample" / "edition"), str(tmp_path / seed)]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "2" else "UTC"}
        subprocess.run(command, check=True, env=environment, cwd=tmp_path)
    one, two = (
        {str(f.relative_to(tmp_path / seed)): f.read_bytes() for f in (tmp_path / seed).rglob("*") if f.is_file()}
        for seed in "12"
    )
    assert one == two and len(one) > 40


def test_profiles_hold_their_vocabulary_only(released: Made) -> None:
    for name, spaces in (
        ("schema-org", ("https://schema.org/",)),
        ("cidoc", ("http://www.cidoc-crm.org/", "http://iflastandards.info/ns/lrm/")),
    ):
        data = (released.folder / f"{NAME}-{name}.ttl").read_bytes()
        quads = list(ox.parse(input=data, format=ox.RdfFormat.TURTLE))
        kinds = {quad.object.value for quad in quads if quad.predicate.value.endswith("#type")}
        terms = {quad.predicate.value for quad in quads} | kinds
        allowed = (
            *spaces,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
            "http://www.w3.org/2000/01/rdf-schema#label",
        )
        assert [term for term in terms if not term.startswith(allowed)] == []
        assert len(quads) > 10_000
        whole = lines((released.folder / f"{NAME}.nt").read_bytes(), ox.RdfFormat.N_TRIPLES)
        assert set(lines(data, ox.RdfFormat.TURTLE)) < set(whole)


# --- Linked Art

ART = {
    "Person": "person", "Group": "group", "Place": "place", "Set": "set", "LinguisticObject": "text", "Event": "event",
    "Activity": "event",
}  # fmt: skip


def test_linked_art_is_valid(released: Made) -> None:
    folder = shared("suites/linked-art")
    schemas = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json")}
    registry: Registry = Registry().with_resources(
        [(each["$id"], Resource.from_contents(each)) for each in schemas.values()]
    )
    validators = {kind: Draft202012Validator(schemas[name], registry=registry) for kind, name in ART.items()}
    text = (released.folder / f"{NAME}-linked-art.jsonl").read_text(encoding="utf-8")
    assert "correspondence-lod/ns#" not in text
    records = [json.loads(line) for line in text.splitlines()]
    assert {record["type"] for record in records} == set(ART)
    counts = released.manifest.counts
    kinds = ("person", "organisation", "place", "holding", "correspondence", "letter", "document", "event")
    assert len(records) == sum(counts[kind] for kind in kinds)
    wrong = [(r["id"], e.json_path, e.message) for r in records for e in validators[r["type"]].iter_errors(r)]
    assert wrong == []
    one = next(record for record in records if record["id"].endswith("/letter/1"))
    assert one["created_by"]["carried_out_by"][0]["id"].endswith("/person/serge")
    assert one["created_by"]["timespan"]["begin_of_the_begin"] == "1936-04-22T00:00:00Z"
    broken = {**one, "made_up": 1}
    assert list(validators["LinguisticObject"].iter_errors(broken))


# --- CMIF, BEACON, links


def schematron(root: object, file: Path) -> list[str]:
    """The messages of a Schematron in XPath 2, each with how often it applies; advice (`role="warning"`) left out."""
    space = "{http://purl.oclc.org/dsdl/schematron}"
    schema = etree.parse(file)
    prefixes = {each.get("prefix"): each.get("uri") for each in schema.iter(f"{space}ns")}
    found = []
    for rule in schema.iter(f"{space}rule"):
        assert elementpath.select(root, f"//{rule.get('context')}", namespaces=prefixes), rule.get("context")
        for test in rule.iter(f"{space}assert"):
            failing = elementpath.select(root, f"//{rule.get('context')}[not({test.get('test')})]", namespaces=prefixes)
            if failing and test.get("role") != "warning":
                found.append(f"{len(failing)}: {' '.join(str(test.text).split())}")
    return found


def test_the_schematron_finds_what_is_missing(released: Made) -> None:
    tree = etree.parse(released.folder / f"{NAME}.cmif.xml")
    sent = tree.find(".//{*}correspAction[@type='sent']")
    sent.getparent().remove(sent)
    assert [m[:9] for m in schematron(tree.getroot(), shared("suites/cmif-schema/odd/cmif.sch"))] == ["1: [E0001"]


@pytest.mark.statement(80)
def test_cmif_is_valid_and_tells_every_printed_letter(released: Made, shipped: Built) -> None:
    tree = etree.parse(released.folder / f"{NAME}.cmif.xml")
    rng = etree.RelaxNG(etree.parse(shared("suites/cmif-schema/schema/cmi-customization.rng")))
    assert rng.validate(tree), rng.error_log
    assert schematron(tree.getroot(), shared("suites/cmif-schema/odd/cmif.sch")) == []
    ns = {"t": "http://www.tei-c.org/ns/1.0"}
    letters = tree.findall(".//t:correspDesc", ns)
    printed = {record.key for record in shipped.corpus.records if record.path.startswith("letter/") and record.printed}
    assert {letter.get("ref").rpartition("/")[2] for letter in letters} == printed
    for letter in letters:
        assert {action.get("type") for action in letter.findall("t:correspAction", ns)} == {"sent", "received"}


BEACON_LINE = re.compile(r"[^|\n]+(\|[^|\n]*)?(\|[^|\n]+)?")


@pytest.mark.statement(78)
def test_beacon_lists_follow_their_grammar(released: Made) -> None:
    for name, count in released.manifest.links.items():
        text = (released.folder / "beacon" / f"{name}.txt").read_text(encoding="utf-8")
        assert text.startswith("#FORMAT: BEACON\n")
        head, _, body = text.partition("\n\n")
        meta = dict(re.fullmatch(r"#([A-Z]+): (\S.*)", line).groups() for line in head.splitlines())  # type: ignore[union-attr]
        assert {"FORMAT", "PREFIX", "TARGET", "RELATION", "FEED", "TIMESTAMP"} <= meta.keys()
        found = body.splitlines()
        assert all(BEACON_LINE.fullmatch(line) for line in found)
        assert len(found) == len(set(found)) == count
        for line in found:
            identifier = line.split("|")[0]
            prefix = meta["PREFIX"]
            address = prefix.replace("{ID}", identifier) if "{ID}" in prefix else prefix + identifier
            assert recognise(address) == (name, identifier)


def test_linksets_are_the_links_of_the_dump(released: Made) -> None:
    same = "<https://schema.org/sameAs>"
    whole = (released.folder / f"{NAME}.nt").read_text(encoding="utf-8").splitlines()
    said = {(line.split()[0], line.split()[2]) for line in whole if line.split()[1] == same}
    found = set()
    for name, count in released.manifest.links.items():
        links = (released.folder / "links" / f"{name}.nt").read_text(encoding="utf-8").splitlines()
        assert len(links) == count
        assert all(line.split()[1] == "<http://www.w3.org/2002/07/owl#sameAs>" for line in links)
        found |= {(line.split()[0], line.split()[2]) for line in links}
    assert found == {(thing, target) for thing, target in said if recognise(target[1:-1])}


# --- tables


def test_tables_are_what_csvw_says(released: Made) -> None:
    folder = released.folder / "tables"
    group = CSVW(str(folder / "csv-metadata.json"), validate=True)
    assert group.is_valid
    rows = list(csv.DictReader(io.StringIO((folder / "letters.csv").read_text(encoding="utf-8"))))
    assert len(rows) == released.manifest.counts["letter"]
    one = next(row for row in rows if row["number"] == "1")
    assert (one["sender_name"], one["recipient_name"], one["date"]) == ("Victor Serge", "Leon Trotsky", "1936-04-22")
    assert (folder / "letters.csv").read_bytes().count(b"\r\n") > len(rows)


def test_duckdb_and_pandas_answer_what_the_page_for_harvesters_asks(released: Made) -> None:
    folder = released.folder / "tables"
    page = (ROOT / "docs" / "harvest.md").read_text(encoding="utf-8")
    question = re.search(r"```sql\n(.*?)```", page, re.DOTALL)
    assert question
    found = duckdb.sql(question[1].replace("tables/", f"{folder}/")).fetchall()
    assert found and found[0][0] in ("Victor Serge", "Leon Trotsky")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code
    names: dict[str, object] = {}
    exec(code[1].replace("tables/", f"{folder}/"), names)
    assert isinstance(names["letters"], pd.DataFrame) and len(names["letters"]) == released.manifest.counts["letter"]
    flat = pd.read_csv(folder / "letters.csv")
    assert set(flat["id"]) == set(names["letters"]["id"])


def test_parquet_is_the_same_bytes_whoever_writes_it(released: Made) -> None:
    columns = (tables.TABLES["people"][2][0], tables.TABLES["people"][2][2], tables.TABLES["places"][2][5])
    rows = (("https://example.org/a", ("A", "Ä"), "48.85"), ("https://example.org/b", (), ""))
    data = tables.to_parquet(tables.Table("small", "Small", columns, rows))
    assert pq.read_metadata(io.BytesIO(data)).created_by == "lod version 1" and b"parquet-cpp" not in data
    assert pq.read_table(io.BytesIO(data)).column(1).to_pylist() == [["A", "Ä"], []]
    # pyarrow 22, 24 and 26 write this. Another sum means that a newer one would make other releases of the same rows.
    assert hashlib.sha256(data).hexdigest() == "c1f0a40d001d66836188508f17ad180e0be939b8de2ea1119762b3c07c4ef736"
    for file in released.folder.glob("tables/*.parquet"):
        assert b"parquet-cpp" not in file.read_bytes()


# --- RO-Crate


def crate_issues(folder: Path) -> list[str]:
    script = Path(__file__).with_name("crate.py")
    ran = subprocess.run([checker("python"), script, folder], capture_output=True, text=True, check=True, timeout=120)
    issues: list[str] = json.loads(ran.stdout[ran.stdout.index('{"passed"') :])["issues"]
    return issues


def test_the_folder_is_an_ro_crate(released: Made, tmp_path: Path) -> None:
    assert crate_issues(released.folder) == []
    metadata = (released.folder / "ro-crate-metadata.json").read_text(encoding="utf-8")
    crate = json.loads(metadata)
    root = next(each for each in crate["@graph"] if each["@id"] == "./")
    parts = {part["@id"] for part in root["hasPart"]}
    assert parts == {file.name for file in released.manifest.files if file.name != "ro-crate-metadata.json"}
    del root["license"]
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate), encoding="utf-8")
    assert crate_issues(tmp_path) != []
