"""The main path: the committed dump is what the corpus gives, the same bytes on every machine and in every run."""

import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from lod.build import Built, build, dump_file
from lod.check import shapes as referee
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.report import Source
from tests.conftest import ROOT

EDITION = ROOT / "corpus" / "serge-trotsky"
DUMP = ROOT / "dumps" / "serge-trotsky" / "serge-trotsky.ttl"


def test_the_committed_dump_is_what_the_corpus_gives(tmp_path: Path) -> None:
    build(EDITION, tmp_path)
    built = dump_file(tmp_path, "serge-trotsky").read_bytes()
    assert built == DUMP.read_bytes(), "run `lod build corpus/serge-trotsky` and commit the dump with the corpus"


def test_two_builds_with_different_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for seed in ("1", "4242"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "lod", "build", str(EDITION), "--out", str(out), "-f", "ttl", "-f", "nt"]
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, cwd=tmp_path, check=True, capture_output=True
        )
        written.append([dump_file(out, "serge-trotsky", form).read_bytes() for form in ("ttl", "nt")])
    assert written[0] == written[1]


def test_nothing_of_the_machine_reaches_the_dump() -> None:
    text = DUMP.read_text(encoding="utf-8")
    for word in (str(ROOT), os.uname().nodename, "localhost"):
        assert word not in text


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(DUMP)


def test_two_parsers_read_isomorphic_graphs(graph: rdflib.Graph) -> None:
    lines = "".join(f"{quad.triple} .\n" for quad in pyoxigraph.parse(path=DUMP))
    other = rdflib.Graph().parse(data=lines, format="nt")
    assert len(graph) == len(other) > 0
    assert isomorphic(graph, other)


def test_no_blank_node_and_a_label_on_every_node(graph: rdflib.Graph) -> None:
    assert not [node for node in graph.all_nodes() if isinstance(node, rdflib.BNode)]
    subjects = set(graph.subjects())
    assert subjects == set(graph.subjects(rdflib.RDFS.label))


def test_the_shipped_edition_is_clean(shipped: Built) -> None:
    assert [str(finding) for finding in shipped.report if finding.level == "error"] == []


def test_every_letter_of_the_book_is_there(shipped: Built) -> None:
    paths = {path for path, _ in shipped.blocks}
    assert {f"letter/{key}" for key in ("prefatory", *map(str, range(1, 42)))} <= paths


def test_pyshacl_conforms_on_the_whole_dump(graph: rdflib.Graph) -> None:
    nowhere = Whereabouts({}, Iris("https://w3id.org/serge-trotsky/"), [], Source(DUMP.name))
    assert [str(finding) for finding in referee.findings(graph, referee.load(ROOT / "shapes"), nowhere)] == []
    assert not rdflib.NORMALIZE_LITERALS
