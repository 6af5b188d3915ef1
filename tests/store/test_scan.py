"""The look at a query before anything evaluates it."""

import random
from urllib.parse import parse_qsl

import pytest

from lod.store import Federation, Malformed, Refusal, TooComplex, TooLong, Update
from lod.store.scan import CHAIN, DEPTH, by_tokens, plain, scan
from lod.web import bodies
from lod.web.problems import Problem

FEDERATED = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { service<http://x/>{ ?s ?p ?o } }",
    "SELECT * { SeRvIcE SILENT ?where { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <http://x/> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <http://x/> { ?s ?p ?o } } } }",
    "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { SERV\\u0049CE <http://x/> { ?s ?p ?o } }",
    "SELECT * { \\U00000053ERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * {# a comment\n SERVICE\n#another\n<http://x/> { ?s ?p ?o } }",
    "SELECT * {?s ?p '#' SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * {?s ?p 'it\\'s' . SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * {?s ?p '''a ' b''' . SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p <http://x/#a> SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(?o<'>')SERVICE<http://x/>{?a ?b '} }",
    "SELECT * { ?s ?p ?o FILTER(?o<1)SERVICE#>\n<http://x/>{?a ?b ?c} }",
    "SELECT * { ?s ?p ?o FILTER(?o<?p#>'''\n)SERVICE<http://x/>{?a ?b ?c}#'''\n }",
    'SELECT * { ?s ?p "\\u0022 . SERVICE <http://x/> { ?s ?p ?o } }',
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM NAMED <ftp://x/y> { ?s ?p ?o }",
    "SELECT * FROM\n#c\n<FILE:///x> { ?s ?p ?o }",
]


@pytest.mark.parametrize("query", FEDERATED)
def test_federation_is_seen_in_every_spelling(query: str) -> None:
    refusal = scan(query)
    assert isinstance(refusal, Federation), refusal
    assert f"line {refusal.line}" in refusal.detail


HARMLESS = [
    "SELECT ?service { ?service ?p 'SERVICE' }",
    "PREFIX service: <http://x/service/> SELECT * { ?s service:SERVICE ?o }",
    "PREFIX x: <http://x/> SELECT * { ?s x:service ?o . _:service x:p 'a'@service }",
    "SELECT * { ?s <http://example.org/SERVICE> ?o } # SERVICE <http://x/>",
    'SELECT * { ?s ?p """a "SERVICE" b""" }',
    "SELECT * FROM <http://example.org/graph> FROM NAMED <urn:x> { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o FILTER(?o<5 && ?o>3) }",
    "SELECT * { VALUES (?a ?b) { (<http://x/#a> <http://x/#b>) } }",
    "SELECT ?insert { ?insert ?p 'DELETE' }",
    "SELECT * { ?s (<a:b>/<a:c>)* ?o . ?s <http://x/it's> ?o }",
    "PREFIX insert: <http://x/> ASK { ?s insert:data ?o }",
    "SELECT * {" + "{" * (DEPTH - 1) + "}" * (DEPTH - 1) + "}",
    "SELECT * { FILTER(" + "+".join("1" * CHAIN) + " > 1) }",
    "SELECT * { VALUES ?x {" + " -1.5" * 2000 + " } }",
]


@pytest.mark.parametrize("query", HARMLESS)
def test_harmless_queries_pass(query: str) -> None:
    assert scan(query) is None


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX a: <a:> # select\n DELETE WHERE { ?s ?p ?o }",
        "load <http://x/>",
        "BASE <http://x/> CLEAR ALL",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused_as_such(query: str) -> None:
    assert isinstance(scan(query), Update)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * " + "{" * 3000 + "}" * 3000, TooComplex),
        ("SELECT * { FILTER" + "(" * 101 + "1" + ")" * 101 + "}", TooComplex),
        ("SELECT * { ?s ?p " + "[?p " * 200 + "1" + "]" * 200 + "}", TooComplex),
        ("SELECT * { FILTER(" + "+".join("1" * 4000) + ") }", TooComplex),
        ("SELECT * { FILTER(" + "!" * 4000 + "true) }", TooComplex),
        ("SELECT * { " + " UNION ".join(["{?s ?p ?o}"] * 1000) + " }", TooComplex),
        ("SELECT * { ?s " + "/".join(["<a:a>"] * 4000) + " ?o }", TooComplex),
        ("SELECT * { ?s ?p ?o " + "OPTIONAL{?s ?p ?o}" * 1000 + " }", TooComplex),
        ("SELECT * FROM <urn:x> { " + "a." * 30000 + " }", TooComplex),
        ("SELECT * FROM <urn:x> { " + r"\"x" * 20000 + " }", TooComplex),
        ("SELECT * FROM <urn:x> { _" + "\\\n'''\\\"\"\"@" * 6000 + " }", TooComplex),
        ("ASK { } #" + "x" * 65536, TooLong),
        ("ASK { } #" + "é" * 33000, TooLong),
        ("", Malformed),
        (" \n ", Malformed),
    ],
)
def test_absurd_shapes_are_refused(query: str, kind: type[Refusal]) -> None:
    refusal = scan(query)
    assert isinstance(refusal, kind), refusal


def test_the_message_says_where() -> None:
    refusal = scan("SELECT * {\n  ?s ?p ?o .\n  SERVICE <http://x/> { ?s ?p ?o }\n}")
    assert isinstance(refusal, Federation)
    assert (refusal.line, refusal.column) == (3, 3)


def test_no_query_makes_the_scan_go_over_its_text_again_and_again() -> None:
    import time

    worst = [
        "'" * 65000,
        '"""' + '"' * 65000,
        "<" * 65000,
        "?" * 65000,
        "a" * 65000,
        "\\" * 65000,
        "'''" + "''\\a" * 16000,
    ]
    for query in worst:
        begin = time.process_time()
        scan(query)
        assert time.process_time() - begin < 2, "once over is milliseconds of the processor, square of it many seconds"


def test_the_quick_look_passes_nothing_that_the_tokens_refuse() -> None:
    pieces = ("SERVICE", "service ", "\u017fERVICE", "\\u0053ERVICE", "\u0131nsert", "{", "}", "(", ")", "[", "+1", "-", "||", "<x>",
              "<a:b>", "FROM", "UNION ", "OPTIONAL{", "MINUS", "?x ", "'s'", '"', "#c\n", "WITH ", "ASK", "drop", "1", "^")  # fmt: skip
    chance = random.Random(5)
    passed = 0
    for _ in range(4000):
        text = "".join(chance.choices(pieces, k=chance.choice((2, 5, 12, 40))))
        if chance.random() < 0.3:
            text = (
                chance.choice(("(", "+1", "UNION{", "?x*", "!")) * chance.choice((DEPTH, DEPTH + 1, CHAIN, CHAIN + 1))
                + text
            )
        if plain(text.upper()):
            passed += 1
            assert by_tokens(text) is None, text
    assert passed > 100


def test_forms_are_decoded_as_the_library_does() -> None:
    chance = random.Random(7)
    pieces = (
        b"%",
        b"=",
        b"&",
        b"+",
        b"\r",
        b"\n",
        b" ",
        b"a",
        b"3D",
        b"%0A",
        b"%C3%A9",
        b"%00",
        b"%zz",
        b"%3d",
        b"%25",
        b"%ff",
        b"%0D",
        b"%20 ",
    )
    for _ in range(4000):
        raw = b"".join(chance.choices(pieces, k=chance.randrange(10)))
        try:
            wanted: object = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            wanted = Problem
        found = bodies.pairs(raw)
        assert isinstance(found, Problem) if wanted is Problem else found == wanted, raw
