"""The worked examples of correspDesc, and CMIF's own example of version 2, against Turtle written by hand.

The record of a letter (`letter/x.ttl`) is left out of both sides: everything else is compared, labels too, nothing may be more.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph

from lod import config, mapping, readers
from lod.check.shapes import graph_of, keep_literals
from lod.report import Report
from tests.conftest import ROOT, shared

GOLDEN = ROOT / "tests" / "golden" / "correspdesc"
EXAMPLES = sorted(file.stem for file in GOLDEN.glob("*.ttl") if file.stem != "a046392")


@cache
def built(folder: Path) -> dict[str, Graph]:
    found = readers.read(config.load(folder), Report())
    blocks = mapping.map_edition(found.edition, found.records, found.sources)
    return {path: graph_of(dict.fromkeys(triples)) for path, triples in blocks}


def told(graph: Graph) -> set[tuple[str, str, str]]:
    return {
        (subject.n3(), predicate.n3(), value.n3())
        for subject, predicate, value in graph
        if not str(subject).endswith(".ttl")
    }


def compare(got: Graph, name: str) -> None:
    keep_literals()  # another test may have run pyshacl
    expected, found = told(Graph().parse(GOLDEN / f"{name}.ttl")), told(got)
    assert found - expected == set()
    assert expected - found == set()


def test_each_example_has_its_golden_file() -> None:
    blocks = built(ROOT / "tests" / "editions" / "correspdesc") if shared("suites/correspdesc-examples") else {}
    assert sorted(path.removeprefix("letter/") for path in blocks if path.startswith("letter/")) == EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_what_its_golden_file_says(name: str) -> None:
    shared("suites/correspdesc-examples")
    compare(built(ROOT / "tests" / "editions" / "correspdesc")[f"letter/{name}"], name)


def test_what_an_example_loses_is_told() -> None:
    """The order of letters and places in a chain are left out; that somebody got a copy is said (schema:ccRecipient)."""
    shared("suites/correspdesc-examples")
    report = Report()
    readers.read(config.load(ROOT / "tests" / "editions" / "correspdesc"), report)
    lost = ("order-left-out", "context-words", "action-several")
    assert Counter(each.code for each in report if each.code in lost) == {
        "order-left-out": 2,
        "context-words": 3,
    }


def test_cmif_2(tmp_path: Path) -> None:
    """The snippet of the proposal, made well-formed first: a comment's beginning and two equal signs."""
    words = shared("suites/cmif-schema/proposals/CMIFv2_proposal.md").read_text(encoding="utf-8")
    snippet = re.search(r"<correspDesc.*?</correspDesc>", words, re.DOTALL)
    assert snippet is not None
    mended = snippet[0].replace("<! --", "<!--").replace('target"', 'target="')
    bibl = '<bibl type="online" xml:id="e4c10c66-9b0b-4f2e-810c-669b0b2f2e20">Weber</bibl>'
    header = f"<teiHeader><fileDesc><sourceDesc>{bibl}</sourceDesc></fileDesc><profileDesc>{mended}</profileDesc></teiHeader>"
    (tmp_path / "weber.xml").write_text(f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{header}</TEI>', encoding="utf-8")
    toml = (ROOT / "tests/editions/correspdesc/edition.toml").read_text(encoding="utf-8").partition("data =")[0]
    (tmp_path / "edition.toml").write_text(f'{toml}[[source]]\nfile = "weber.xml"\nformat = "cmif"\n', encoding="utf-8")
    compare(built(tmp_path)["letter/a046392"], "a046392")
