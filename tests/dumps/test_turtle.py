"""The Turtle writer: readable, deterministic, and the same graph as the triples it was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, RdfFormat, parse
from pyoxigraph import Triple as OxTriple

from lod.dumps import DUMPS
from lod.dumps.turtle import Compact, block, write
from lod.terms import Iri, Triple, iri, lines, n_triples, text, typed
from lod.terms import triples as terms
from lod.vocab import crm, rdf, rdfs, schema, xsd

BASE = "https://example.org/e/"


def name(path: str) -> Iri:
    return iri(BASE + path)


TRIPLES: list[Triple] = [
    (name("letter/1"), rdf.type, schema.Message),
    (name("letter/1"), rdfs.label, text('A "letter"\nto\\Ann', "en")),
    (name("letter/1"), crm.P2_has_type, name("type/letter")),
    (name("letter/1/number"), crm.P190_has_symbolic_content, text("1")),
    (name("letter/1/number"), crm.P14_1_in_the_role_of, name("type/a")),
    (name("letter/1"), schema.dateCreated, typed("1936", xsd.gYear)),
    (name("letter/1.ttl"), schema.url, iri("https://example.com/?a=b&c#d")),
]


def test_it_reads_well() -> None:
    written = "".join(write([TRIPLES], BASE))
    body = written.split("\n\n", 1)[1]
    assert body == (
        "<letter/1> a schema:Message ;\n"
        '    rdfs:label "A \\"letter\\"\\nto\\\\Ann"@en ;\n'
        "    crm:P2_has_type <type/letter> ;\n"
        '    schema:dateCreated "1936"^^xsd:gYear .\n'
        '<letter/1/number> crm:P190_has_symbolic_content "1" ;\n'
        "    crm:P14.1_in_the_role_of <type/a> .\n"
        "<letter/1.ttl> schema:url <https://example.com/?a=b&c#d> .\n"
    )


def test_many_objects_stand_below_each_other() -> None:
    triples: list[Triple] = [(name("a"), schema.mentions, name(f"b{number}")) for number in range(4)]
    assert "schema:mentions <b0> ,\n        <b1> ,\n" in "".join(write([triples], BASE))


@pytest.mark.parametrize(
    ("term", "written"),
    [
        (f"{BASE}letter/1/writing", "<letter/1/writing>"),
        (f"{BASE}letter//1", None),
        ("https://schema.org/name", "schema:name"),
        ("https://schema.org/a.b-c_1", "schema:a.b-c_1"),
        ("https://schema.org/-a", None),
        ("https://schema.org/a.", None),
        ("https://schema.org/a/b", None),
        ("https://schema.org/", None),
        ("https://schema.org/é", None),
        ("http://www.w3.org/2001/XMLSchema#date", "xsd:date"),
    ],
)
def test_what_is_shortened_means_the_same(term: str, written: str | None) -> None:
    assert Compact(BASE)[iri(term)] == written or (written is None and Compact(BASE)[iri(term)] == f"<{term}>")
    assert Compact(BASE)[typed("1", iri(term))] == f'"1"^^{Compact(BASE)[iri(term)]}'
    triple = (iri(f"{BASE}a"), rdf.type, iri(term))
    (quad,) = parse("".join(write([[triple]], BASE)), RdfFormat.TURTLE)
    assert quad.object == NamedNode(term)


def test_more_terms_than_are_remembered_make_the_same_text() -> None:
    triples: list[Triple] = [(name(f"a{number}"), rdfs.seeAlso, name(f"a{number + 1}")) for number in range(10_000)]
    compact = Compact(BASE)
    assert [block([triple], compact) for triple in triples] == [block([triple], Compact(BASE)) for triple in triples]
    assert len(compact) < 5_000


def test_lines_are_those_of_each_triple_once() -> None:
    assert lines([*TRIPLES, TRIPLES[0]]) == "".join(map(n_triples, TRIPLES))
    assert lines([]) == ""
    assert terms(lines(TRIPLES)) == TRIPLES


@pytest.mark.parametrize("form", DUMPS)
def test_every_format_holds_the_same_graph(form: str) -> None:
    known = {
        "ttl": RdfFormat.TURTLE,
        "nt": RdfFormat.N_TRIPLES,
        "jsonld": RdfFormat.JSON_LD,
        "rdf": RdfFormat.RDF_XML,
    }
    found = {quad.triple for quad in parse("".join(DUMPS[form]([TRIPLES], BASE)), known[form])}
    plain = {quad.triple for quad in parse("".join(map(n_triples, TRIPLES)), RdfFormat.N_TRIPLES)}
    assert found == plain
    assert len(found) == len(TRIPLES)


_words = st.text(st.characters(blacklist_categories=["Cs"]))


@given(st.lists(st.tuples(_words, _words, st.sampled_from(["", "en", "ru-latn"])), min_size=1))
def test_any_words_come_back(rows: list[tuple[str, str, str]]) -> None:
    triples: list[Triple] = [(iri(BASE + key), rdfs.label, text(words, tag)) for key, words, tag in rows]
    written = "".join(write([triples], BASE))
    expected = {
        OxTriple(
            NamedNode(subject[1:-1]),
            NamedNode(str(rdfs.label)[1:-1]),
            OxLiteral(words, language=tag) if tag else OxLiteral(words),
        )
        for (subject, _, _), (_, words, tag) in zip(triples, rows, strict=True)
    }
    assert {quad.triple for quad in parse(written, RdfFormat.TURTLE)} == expected
