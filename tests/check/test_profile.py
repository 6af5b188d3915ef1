"""The profile says what the official files say, and no more terms than are in use."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from lod.check import ontology
from lod.check.profile import check_profile, read_official
from lod.check.shapes import load
from lod.report import Source
from lod.terms import Iri, iri
from lod.tools.vocab import constant, generate

ROOT = Path(__file__).resolve().parents[2]
OFFICIAL = ROOT.parent / "shared" / "ontologies"
ONTOLOGY = ontology.load(ROOT / "ontology")
PROFILE = ROOT / "ontology/profile.ttl"
HERE = Source("profile.ttl")


@pytest.fixture(scope="module")
def official() -> Graph:
    if not OFFICIAL.is_dir():
        if os.environ.get("CI") == "true" and OFFICIAL.parent.is_dir():
            pytest.fail("../shared/ontologies must be there in CI")
        pytest.skip("no ../shared/ontologies beside the checkout")
    return read_official(OFFICIAL)


def test_profile_equals_the_official_files(official: Graph) -> None:
    profile = Graph().parse(PROFILE)
    assert [str(finding) for finding in check_profile(profile, official, HERE)] == []


@pytest.mark.parametrize(
    ("line", "changed", "code"),
    [
        ("crm:P99_dissolved a", "crm:P99_disolved a", "profile-unknown"),
        (
            "domain crm:E86_Leaving ; rdfs:range crm:E74",
            "domain crm:E85_Joining ; rdfs:range crm:E74",
            "profile-differs",
        ),
        ("rangeIncludes schema:GenderType", "rangeIncludes schema:Thing", "profile-differs"),
        ("subClassOf crm:E20_Biological_Object , crm:E39_Actor", "subClassOf crm:E39_Actor", "profile-differs"),
        ("primaryTopic a rdf:Property , owl:ObjectProperty", "primaryTopic a rdf:Property", "profile-kind"),
    ],
)
def test_difference_from_the_official_files_is_found(line: str, changed: str, code: str, official: Graph) -> None:
    text = PROFILE.read_text(encoding="utf-8")
    assert line in text
    profile = Graph().parse(data=text.replace(line, changed), format="turtle")
    assert {finding.code for finding in check_profile(profile, official, HERE)} == {code}


def test_vocabulary_module_is_what_the_generator_writes() -> None:
    assert (ROOT / "lod/vocab.py").read_text(encoding="utf-8") == generate(ROOT / "ontology")


def test_own_terms_are_described_completely() -> None:
    graph = Graph().parse(ROOT / "ontology/correspondence-lod.ttl")
    skos = "http://www.w3.org/2004/02/skos/core#"
    own = [term for term in set(graph.subjects(RDFS.isDefinedBy)) if isinstance(term, URIRef)]
    assert len(own) >= 8
    for term in own:
        needed = [RDFS.label, URIRef(f"{skos}definition"), URIRef(f"{skos}example")]
        if (term, RDF.type, RDF.Property) in graph:
            needed += [RDFS.domain, RDFS.range]
        assert [str(p) for p in needed if (term, p, None) not in graph] == [], str(term)


def in_use() -> Iterator[Iri]:
    """Terms that something of ours says: code by their constants, written files by their prefixed names."""
    described = {*ONTOLOGY.properties, *ONTOLOGY.classes, *ONTOLOGY.datatypes, *ONTOLOGY.individuals}
    by_constant = {}
    for term in described:
        prefix, _, name = ontology.compact(term).partition(":")
        by_constant[f"{prefix}.{constant(name)}"] = term
    code = [file for file in (ROOT / "lod").rglob("*.py") if file != ROOT / "lod/vocab.py"]
    for file in code:
        for found in re.findall(r"(?<![\w.])[a-z]+\.\w+", file.read_text(encoding="utf-8")):
            if found in by_constant:
                yield by_constant[found]
    for pattern in (
        "shapes/*.ttl",
        "corpus/*/queries/*.rq",
        "lod/web/queries/*.rq",
        "lod/web/templates/*",
        "ontology/correspondence-lod.ttl",
    ):
        for file in ROOT.glob(pattern):
            for prefix, name in re.findall(r"(?<![\w:])([a-z]+):([A-Za-z][\w.-]*\w)", file.read_text(encoding="utf-8")):
                if prefix in ontology.NAMESPACES:
                    yield iri(ontology.NAMESPACES[prefix] + name)


def test_no_term_of_the_profile_is_unused() -> None:
    graph = Graph().parse(PROFILE)
    typed = {iri(str(term)) for term in graph.subjects(RDF.type)}
    # The notes on datatypes use a datatype; RDF itself needs its own classes.
    used = {*in_use(), *(iri(str(o)) for o in graph.objects(None, URIRef(ontology.NAMESPACES["lod"] + "datatype")))}
    used |= {iri(str(kind)) for kind in graph.objects(None, RDF.type)}
    assert sorted(ontology.compact(term) for term in typed - used - ONTOLOGY.ancestors) == []


SHAPES = load(ROOT / "shapes")
Shaped = tuple[str, frozenset[Iri], Iri, list[Iri]]


def classes_of(shape: Node) -> frozenset[Iri]:
    """The classes that the nodes of a closed shape may have."""
    kinds = {iri(str(kind)) for kind in SHAPES.objects(shape, SH.targetClass)}
    for constraint in SHAPES.objects(shape, SH.property):
        if SHAPES.value(constraint, SH.path) == RDF.type:
            kinds |= {iri(str(kind)) for many in SHAPES.objects(constraint, SH["in"]) for kind in SHAPES.items(many)}
    return frozenset(kinds)


# A person is a crm:E21_Person and a schema:Person: whoever asks for one gets both.
TOGETHER = {iri(str(kind)): classes_of(shape) for shape, kind in SHAPES.subject_objects(SH.targetClass)}


def shaped_paths() -> Iterator[Shaped]:
    """Shape, the classes its nodes may have, a property, and the classes its values must have."""
    for shape in sorted(set(SHAPES.subjects(SH.closed)), key=str):
        for constraint in SHAPES.objects(shape, SH.property):
            path = SHAPES.value(constraint, SH.path)
            if isinstance(path, URIRef):
                wanted = [constraint]
                for node in SHAPES.objects(constraint, SH.node):
                    wanted += [choice for many in SHAPES.objects(node, SH["or"]) for choice in SHAPES.items(many)]
                values = [iri(str(kind)) for shape_ in wanted for kind in SHAPES.objects(shape_, SH["class"])]
                yield str(shape).rpartition("#")[2], classes_of(shape), iri(str(path)), values


@pytest.mark.parametrize(
    "shaped", list(shaped_paths()), ids=lambda shaped: f"{shaped[0]}-{ontology.compact(shaped[2])}"
)
def test_shapes_keep_domain_and_range(shaped: Shaped) -> None:
    _, kinds, path, values = shaped
    allowed = ONTOLOGY.properties[path]
    assert not allowed.domains or not ONTOLOGY.lineage(kinds).isdisjoint(allowed.domains)
    for kind in values:
        lineage = ONTOLOGY.lineage(TOGETHER.get(kind, frozenset()) | {kind})
        assert not allowed.ranges or not lineage.isdisjoint(allowed.ranges), ontology.compact(kind)
