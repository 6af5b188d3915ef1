"""Dates in all the forms that editions use, and properties that hold for any of them."""

import re
from datetime import date
from time import strftime

import pytest
from convertdate import julian
from edtf import EDTFParseException, parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from lod.dates import parse
from lod.edtf import bounds, order
from lod.errors import DateError
from lod.readers import dating
from lod.report import Report, Source


def read(**attributes: str) -> tuple[dict[str, str], list[str]]:
    """The values of attributes (`_` for `-`), and the codes of what was found."""
    report = Report()
    given_names = {name.replace("_", "-"): value for name, value in attributes.items()}
    values = dating.given(given_names.get, Source("x.xml", 1), "letter/1", report)
    return values, [finding.code for finding in report]


@pytest.mark.parametrize(
    ("attributes", "values", "codes"),
    [
        ({"when": "1936-04-22"}, {"when": "1936-04-22"}, []),
        ({"when_iso": "1963-05-13T11:00:01+01:00"}, {"when": "1963-05-13"}, []),
        ({"notBefore": "1936", "notAfter_iso": "1937Z"}, {"not_before": "1936", "not_after": "1937"}, []),
        ({"when": "1936", "when_iso": "1937"}, {"when": "1936"}, ["date-twice"]),
        ({"when": "18860712"}, {"when": "1886-07-12"}, ["date-form"]),
        ({"when": "1887-00-00"}, {"when": "1887"}, ["date-form"]),
        ({"when": "1887-05-00"}, {"when": "1887-05"}, ["date-form"]),
        ({"from": "768"}, {"start": "0768"}, ["date-form"]),
        ({"when": "0000-00-00"}, {}, ["date-sentinel"]),
        ({"notAfter": "9999-12-31"}, {}, ["date-sentinel"]),
        ({"when": "1780-06-22", "calendar": "#julian"}, {"when": "1780-06-22"}, []),
        ({"when_custom": "1780-06-11", "datingMethod": "#julian"}, {"when": "1780-06-22"}, []),
        ({"when_custom": "1-1-1", "datingMethod": "#french-republican"}, {"when": "1792-09-22"}, []),
        ({"when_custom": "ab urbe condita", "datingMethod": "#roman"}, {}, ["date-calendar"]),
        ({"when_custom": "1780-06-11"}, {}, ["date-calendar"]),
        ({"when_custom": "1700-02-29", "datingMethod": "#julian"}, {"when": "1700-03-11"}, []),
        ({"when_custom": "1700-13-01", "datingMethod": "#julian"}, {}, ["date-calendar"]),
        ({"when_custom": "5660-14-01", "datingMethod": "#hebrew"}, {}, ["date-calendar"]),
        ({"when_custom": "1300-12-31", "datingMethod": "#islamic"}, {}, ["date-calendar"]),
        ({"when_custom": "0-1-1", "datingMethod": "#republican"}, {}, ["date-calendar"]),
        ({"when_iso": "1900-W05"}, {"not_before": "1900-01-29", "not_after": "1900-02-04"}, []),
        ({"when_iso": "1900W053"}, {"when": "1900-01-31"}, []),
        ({"when": "1900-W05-3"}, {"when": "1900-01-31"}, ["date-form"]),
        (
            {"notBefore_iso": "1900-W05", "notAfter_iso": "1900-W06"},
            {"not_before": "1900-01-29", "not_after": "1900-02-11"},
            [],
        ),
        ({"from_iso": "1900-W05", "to_iso": "1900-036"}, {"start": "1900-01-29", "end": "1900-02-05"}, []),
        (
            {"when_iso": "1900-W05", "notAfter": "1900-02-02"},
            {"not_before": "1900-01-29", "not_after": "1900-02-02"},
            [],
        ),
        ({"when_iso": "1900-123"}, {"when": "1900-05-03"}, []),
        ({"when_iso": "1904366"}, {"when": "1904-12-31"}, []),
        ({"when_custom": "-44-03-15", "datingMethod": "#julian"}, {"when": "-0044-03-13"}, []),
    ],
)
def test_attributes(attributes: dict[str, str], values: dict[str, str], codes: list[str]) -> None:
    assert read(**attributes) == (values, codes)


@pytest.mark.parametrize(
    ("values", "edtf", "left"),
    [
        ({"when": "1936", "not_before": "1936-03"}, "[1936-03..1936]", ""),
        ({"when": "1936", "not_after": "1936-05"}, "[1936..1936-05]", ""),
        ({"start": "1930", "not_after": "1935"}, "1930/..", "not_after='1935'"),
        ({"end": "1935", "not_before": "1930"}, "../1935", "not_before='1930'"),
        ({"start": "1930", "end": "1935", "not_before": "1930", "not_after": "1935"}, "1930/1935", ""),
        ({"start": "1930-05", "end": "1935", "not_before": "1930", "not_after": "1936"}, "1930-05/1935", ""),
        ({"start": "1930", "not_before": "1930-05"}, "1930/..", "not_before='1930-05'"),
        ({"start": "1930", "not_before": "1929", "not_after": "1935"}, "1930/..", "not_after='1935'"),
        ({"start": "1930", "end": "1935", "not_after": "1933"}, "1930/1935", "not_after='1933'"),
        ({"when": "1930", "start": "1930-05", "end": "1930-06"}, "1930-05/1930-06", ""),
        ({"when": "1930-05", "start": "1930-05", "end": "1930-06"}, "1930-05/1930-06", "when='1930-05'"),
        ({"when": "1930-01-01", "not_before": "1930", "not_after": "1931"}, "[1930..1931]", "when='1930-01-01'"),
        ({"when": "193X"}, "193X", ""),
        ({"when": "[1667-03..1667-06]"}, "[1667-03..1667-06]", ""),
        ({"when": "1930/1935"}, "1930/1935", ""),
        ({"when": "2001-21"}, "2001-21", ""),
        ({"not_before": "1900?", "not_after": "1905"}, "[1900?..1905]", ""),
        ({"start": "1900~", "end": "1905?"}, "1900~/1905?", ""),
    ],
)
def test_mixes_and_edtf(values: dict[str, str], edtf: str, left: str) -> None:
    found, unused = dating.read(values, uncertain=False, circa=False, printed="")
    assert (found.edtf, unused) == (edtf, left)


def test_doubt_is_added_to_doubt() -> None:
    for value, edtf in ({"when": "1900?"}, "1900%"), ({"not_before": "1900?", "not_after": "1905"}, "[1900%..1905~]"):
        assert dating.read(value, uncertain=False, circa=True, printed="")[0].edtf == edtf
    assert dating.read({"when": "1900?"}, uncertain=True, circa=False, printed="")[0].edtf == "1900?"


@pytest.mark.parametrize(
    "attributes",
    [
        {"when": "1900-123"},
        {"when_iso": "1900-366"},
        {"when_iso": "1901-W53"},
        {"when_iso": "1900-W05/P1W"},
        {"when_iso": "P3M"},
        {"notBefore": "1900/1905"},
    ],
)
def test_what_is_no_day_is_impossible(attributes: dict[str, str]) -> None:
    values, codes = read(**attributes)
    assert values and not codes
    with pytest.raises(DateError):
        dating.read(values, uncertain=False, circa=False, printed="")


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("17 December 1932", "1932-12-17"),
        ("Wed, 02 Jun 1999", "1999-06-02"),
        ("December 5, 1799", "1799-12-05"),
        ("[5. Mai 1824?]", "1824-05-05?"),
        ("1er mars 1916", "1916-03-01"),
        ("2. 2. 1892", "1892-02-02"),
        ("um 1810", "1810~"),
        ("August 1914", "1914-08"),
        ("1951", "1951"),
        ("3/4/1880", None),
        ("10 February 1654/5", None),
        ("1780 - 1785", None),
        ("Easter 1524", None),
        ("30 February 1901", None),
        ("17.12.32", None),
        ("0000", None),
        ("9999", None),
    ],
)
def test_words_are_read_only_when_they_mean_one_thing(words: str, edtf: str | None) -> None:
    found = dating.from_words(words)
    assert (found.edtf if found else None) == edtf


@pytest.mark.parametrize("words", ["unknown", "o. D.", "s.d.", "?", "", "[undatiert]"])
def test_words_that_say_nothing(words: str) -> None:
    assert dating.says_nothing(words)


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("Y170000002", "170000002-01-01", "170000002-12-31"),
        ("Y17E7", "170000000-01-01", "170000000-12-31"),
        ("1950S2", "1900-01-01", "1999-12-31"),
        ("2001-21", "2001-03-01", "2001-11-30"),
        ("2001-28", "2001-12-01", "2002-02-28"),
        ("2004-06-XX", "2004-06-01", "2004-06-30"),
        ("156X-12-25", "1560-12-25", "1569-12-25"),
        ("196X-02-29", "1960-02-29", "1968-02-29"),
        ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31"),
        ("{1960,1961-12}", "1960-01-01", "1961-12-31"),
        ("[..1760-12-03]", "", "1760-12-03"),
        ("?2004-06-~11", "2004-06-11", "2004-06-11"),
        ("1985-04-12/..", "1985-04-12", ""),
        ("-0043", "-0043-01-01", "-0043-12-31"),
    ],
)
def test_level_2(edtf: str, earliest: str, latest: str) -> None:
    assert bounds(edtf) == (earliest, latest)
    assert parse(edtf).label and parse(edtf).phrase


@pytest.mark.parametrize(
    "edtf", ["Y99E99", "1936-22-01", "1699S0", "[1667", "{..}", "1X36-02-3X", "2004-06-11-01", "~", "[,]"]
)
def test_what_is_no_level_2_is_refused(edtf: str) -> None:
    with pytest.raises(DateError):
        bounds(edtf)


DAYS = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 30))


@given(DAYS, DAYS)
def test_what_tei_says_lies_within_the_bounds(one: date, other: date) -> None:
    start, end = (day.isoformat() for day in sorted((one, other)))
    found, _ = dating.read({"not_before": start, "not_after": end}, uncertain=False, circa=False, printed="")
    assert (found.earliest, found.latest) == (start, end)


@given(DAYS)
def test_another_calendar_and_back(day: date) -> None:
    year, month, number = julian.from_gregorian(day.year, day.month, day.day)
    if year < 1:
        return
    values, codes = read(when_custom=f"{year:04d}-{month:02d}-{number:02d}", datingMethod="#julian")
    assert (values, codes) == ({"when": day.isoformat()}, [])


@given(st.text(max_size=40))
@settings(max_examples=300)
def test_any_text_is_a_date_or_none(words: str) -> None:
    found = dating.from_words(words)
    assert found is None or found.earliest <= found.latest
    try:
        earliest, latest = bounds(words)
    except DateError:
        return
    assert not earliest or not latest or order(earliest) <= order(latest)


_REFUSED = re.compile(r"(1(?=[0-9]*X)([0-9X]{3}-.*|[0-9X]*X[0-9]+)|.*-XX-[0-9]+)[?~%]")
"""What the referee does not read: doubt where an X stands in a year that is no plain decade, century or millennium, or in a
month whose day is known."""


@given(
    st.from_regex(r"(1[0-9X]{3})(-(0[1-9]|1[0-2]|XX)(-(0[1-9]|1[0-9]|2[0-8]|XX))?)?[?~%]?", fullmatch=True).filter(
        lambda words: "-XX-" not in words or words.endswith(("XX", "?", "~", "%"))
    )
)
@settings(max_examples=300)
def test_unspecified_digits_are_as_wide_as_the_referee_has_them(edtf: str) -> None:
    undoubted = edtf
    if _REFUSED.fullmatch(edtf):
        with pytest.raises(EDTFParseException):
            parse_edtf(edtf)
        undoubted = edtf[:-1]  # doubt moves no bounds
    referee = parse_edtf(undoubted)
    ends = (referee.lower_strict(), referee.upper_strict())
    assert bounds(edtf) == tuple(strftime("%Y-%m-%d", end) for end in ends)
