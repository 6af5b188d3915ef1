"""The competency questions: each query gives exactly the answers that were worked out by hand from the book."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple
from rdflib.plugins.sparql import prepareQuery

ROOT = Path(__file__).resolve().parents[2]
QUERIES = ROOT / "corpus" / "serge-trotsky" / "queries"
EXPECTED = Path(__file__).resolve().parent / "expected"
DUMP = ROOT / "dumps" / "serge-trotsky" / "serge-trotsky.ttl"
BASE = "https://w3id.org/serge-trotsky/"
NAMES = sorted({path.stem for path in QUERIES.glob("*.rq")} | {path.stem for path in EXPECTED.glob("*.tsv")})
LETTERS = [*(str(number) for number in range(1, 42)), "prefatory"]
SENSITIVE = (
    "01-the-numbered-letters",
    "02-who-wrote-to-whom",
    "03-letters-a-year",
    "04-letters-a-month",
    "05-places-of-writing",
    "06-where-they-were",
    "08-which-letter-answers-which",
    "11-enclosures",
    "12-telegrams-postcards-open-letters",
    "29-archives",
)
"""Ten questions that together feel the loss of any single letter."""

Row = tuple[str, ...]


def expected(name: str) -> tuple[list[str], list[Row], list[str]]:
    """Variables, rows and the place of each row in the book; the last column, `place`, is not compared."""
    lines = (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split("\t") for line in lines)
    assert head[-1] == "place", f"{name}.tsv: the last column is not 'place'"
    for number, row in enumerate(rows, 2):
        assert len(row) == len(head), f"{name}.tsv, line {number}: {len(row)} cells under {len(head)} names"
    return head[:-1], [tuple(row[:-1]) for row in rows], [row[-1] for row in rows]


def cell(term: NamedNode | Literal | BlankNode | Triple | None) -> str:
    """IRIs as paths relative to the base, literals as their plain lexical form, nothing as an empty cell."""
    if term is None:
        return ""
    assert isinstance(term, NamedNode | Literal), f"no cell for {term}"
    return term.value.removeprefix(BASE) if isinstance(term, NamedNode) else term.value


def problems(name: str, store: Store) -> list[str]:
    """What differs between the answers and what is expected: nothing when the query is right."""
    query = (QUERIES / f"{name}.rq").read_text(encoding="utf-8")
    variables, rows, _ = expected(name)
    answers = store.query(query)
    assert isinstance(answers, QuerySolutions), f"{name}: no SELECT"
    given = [variable.value for variable in answers.variables]
    if given != variables:
        return [f"variables {given} instead of {variables}"]
    actual = [tuple(cell(term) for term in solution) for solution in answers]
    found = [f"missing     {' | '.join(row)}" for row in (Counter(rows) - Counter(actual)).elements()]
    found += [f"unexpected  {' | '.join(row)}" for row in (Counter(actual) - Counter(rows)).elements()]
    if not found and "ORDER BY" in query and actual != rows:
        at = next(number for number, pair in enumerate(zip(actual, rows, strict=True), 1) if pair[0] != pair[1])
        found.append(f"order: row {at} is {' | '.join(actual[at - 1])}, expected {' | '.join(rows[at - 1])}")
    return found


@pytest.fixture(scope="module")
def store() -> Store:
    """The whole dump, loaded once."""
    store = Store()
    store.bulk_load(path=str(DUMP), format=RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_those_of_the_book(name: str, store: Store) -> None:
    found = problems(name, store)
    assert not found, f"{name}.rq:\n  " + "\n  ".join(found)


@pytest.mark.parametrize("name", NAMES)
def test_query_is_complete(name: str) -> None:
    assert re.fullmatch(r"\d\d-[a-z0-9-]+", name), f"{name}: not NN-short-name"
    assert (QUERIES / f"{name}.rq").is_file(), f"{name}.tsv has no query"
    assert (EXPECTED / f"{name}.tsv").is_file(), f"{name}.rq has no expected answers"
    first, second, *rest = (QUERIES / f"{name}.rq").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# title: \S.*", first), f"{name}.rq: line 1 is no title"
    assert re.fullmatch(r"# question: \S.*\?", second), f"{name}.rq: line 2 is no question"
    assert any(line.startswith("ORDER BY ") for line in rest), f"{name}.rq: the answers have no order"
    _, rows, places = expected(name)
    assert rows, f"{name}.tsv expects nothing"
    assert all(places), f"{name}.tsv: a row does not say where it stands in the book"


def test_queries_are_numbered_without_gaps() -> None:
    assert len(NAMES) >= 32
    assert [int(name[:2]) for name in NAMES] == list(range(1, len(NAMES) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_query_is_read_by_rdflib_too(name: str) -> None:
    prepareQuery((QUERIES / f"{name}.rq").read_text(encoding="utf-8"))


def test_losing_any_letter_is_noticed(store: Store) -> None:
    unnoticed = [letter for letter in LETTERS if not _noticed(letter, store)]
    assert not unnoticed, f"no question fails without letter {', '.join(unnoticed)}"


def _noticed(letter: str, store: Store) -> bool:
    lost = list(_quads_about(f"{BASE}letter/{letter}", store))
    assert lost, f"letter {letter} is not in the dump"
    for quad in lost:
        store.remove(quad)
    try:
        return any(problems(name, store) for name in SENSITIVE)
    finally:
        store.extend(lost)


def _quads_about(thing: str, store: Store) -> Iterable[Quad]:
    """All statements about a thing, its parts and its record."""
    for quad in store:
        subject = quad.subject
        if isinstance(subject, NamedNode) and (
            subject.value in (thing, f"{thing}.ttl") or subject.value.startswith(f"{thing}/")
        ):
            yield quad
