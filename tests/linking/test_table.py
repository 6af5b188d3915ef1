"""The hundred names against the shipped edition, without a server: precision before recall."""

from collections.abc import Iterator

import pytest

from lod.build import Built
from lod.linking.entity import gather
from lod.linking.matcher import Matcher
from lod.linking.properties import Asked
from lod.linking.query import Candidate, Condition, Query
from lod.store.documents import Documents
from tests.linking.table import Row, rows

Answers = list[tuple[Row, list[Candidate]]]


@pytest.fixture(scope="module")
def matcher(shipped: Built) -> Matcher:
    triples = (triple for _, block in shipped.blocks for triple in block)
    return Matcher(gather(Documents(triples, shipped.corpus.edition.base)))


@pytest.fixture(scope="module")
def answers(matcher: Matcher) -> Iterator[Answers]:
    yield [(row, matcher.match(query(row))) for row in rows()]


def query(row: Row) -> Query:
    conditions = tuple(Condition(name, (Asked(value),)) for name, value in row.properties)
    return Query(row.form, (row.kind,), 3, conditions)


def test_the_table_is_what_was_agreed() -> None:
    table = rows()
    origins = ("evidence", "index", "letters", "book")
    assert len(table) == 100
    assert sum(not row.expected for row in table) == 25
    assert sum(row.origin.startswith(origins) for row in table) >= 60


def test_what_the_table_expects_is_in_the_edition(matcher: Matcher) -> None:
    assert [row.expected for row in rows() if row.expected and matcher.get(row.expected) is None] == []


def test_no_wrong_match_is_called_sure(answers: Answers) -> None:
    sure = [(row, [each.entity.id for each in found if each.match]) for row, found in answers]
    assert [(row.form, ids) for row, ids in sure if ids and ids != [row.expected]] == []


def test_nine_of_ten_are_among_the_first_three(answers: Answers) -> None:
    wanted = [(row, [each.entity.id for each in found]) for row, found in answers if row.expected]
    missed = [row.form for row, ids in wanted if row.expected not in ids]
    assert len(missed) <= len(wanted) // 10, missed


def test_a_third_is_sure_enough_to_need_no_look(answers: Answers) -> None:
    assert sum(any(each.match for each in found) for row, found in answers if row.expected) >= 25


def test_everything_is_found_by_its_own_name_and_never_taken_for_something_else(matcher: Matcher) -> None:
    sure: dict[str, list[str]] = {}
    some = [entity for entity in matcher if entity.kind in ("person", "organisation", "place")]
    named = [entity for entity in some if any(form.kind != "descriptive" for form in entity.names)]
    for entity in named:
        found = matcher.match(Query(entity.label, (entity.kind,), 12))
        assert any(each.entity.id == entity.id for each in found), entity.label
        sure[entity.id] = [each.entity.id for each in found if each.match]
    assert {identifier: ids for identifier, ids in sure.items() if ids and ids != [identifier]} == {}


def first(matcher: Matcher, name: str, *told: tuple[str, str], kind: str = "person") -> Candidate:
    return matcher.match(Query(name, (kind,), 3, tuple(Condition(key, (Asked(value),)) for key, value in told)))[0]


def test_years_raise_and_lower(matcher: Matcher) -> None:
    plain = first(matcher, "Gustav Noske")
    right, wrong = (
        first(matcher, "Gustav Noske", ("deathDate", "1946")),
        first(matcher, "Gustav Noske", ("birthDate", "1868")),
    )
    assert wrong.score < plain.score < right.score
    assert "1868" in wrong.evidence[0].words and "1886" in wrong.evidence[0].words


def test_what_somebody_did_speaks_against_a_later_birth(matcher: Matcher) -> None:
    namesake = first(matcher, "Boris Yeltsin", ("birthDate", "1931"))
    assert (namesake.match, namesake.score < 60) == (False, True)


def test_an_identifier_decides(matcher: Matcher) -> None:
    assert first(matcher, "Blum, L.", ("viaf", "34453242")).match
    other = first(matcher, "Léon Blum", ("wikidata", "Q133571085"))
    assert (other.match, other.score < 60) == (False, True)


def test_sex_country_and_coordinates(matcher: Matcher) -> None:
    assert first(matcher, "Rosmer", ("gender", "female")).entity.id == "person/rosmer-marguerite"
    assert first(matcher, "Kronstadt", ("country", "USSR"), kind="place").match
    assert first(matcher, "Kronstadt", ("geo", "60.0, 29.8"), kind="place").match
    brasov = first(matcher, "Kronstadt", ("geo", "45.65, 25.6"), kind="place")
    assert (brasov.match, brasov.score <= 60) == (False, True)


def test_a_required_condition_and_one_that_must_not_hold(matcher: Matcher) -> None:
    required = Query("Sedov", ("person",), 5, (Condition("gender", (Asked("female"),), required=True),))
    found = [each.entity for each in matcher.match(required)]
    assert {each.sex for each in found} == {"female"} and "person/sedova-natalia" in [each.id for each in found]
    none = Query("Rosmer", ("person",), 5, (Condition("gender", (Asked("male"),), quantifier="none"),))
    assert matcher.match(none)[0].entity.id == "person/rosmer-marguerite"


def test_without_a_name_properties_and_ids_decide(matcher: Matcher) -> None:
    by_number = matcher.match(Query("", (), 5, (Condition("wikidata", (Asked("Q33391"),)),)))
    assert [(each.entity.id, each.match) for each in by_number] == [("person/trotsky", True)]
    assert matcher.match(Query("", (), 5, (), ("person/serge",)))[0].match
    assert matcher.match(Query()) == []
