"""Dates: what TEI says becomes EDTF without loss; a second implementation of EDTF is the referee for the bounds."""

from datetime import date
from time import struct_time

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from lod.dates import from_tei, parse
from lod.errors import DateError


@pytest.mark.parametrize(
    ("attributes", "edtf", "earliest", "latest", "label"),
    [
        ({"when": "1936-04-22"}, "1936-04-22", "1936-04-22", "1936-04-22", "22 April 1936"),
        ({"when": "1936-04"}, "1936-04", "1936-04-01", "1936-04-30", "April 1936"),
        ({"when": "1936"}, "1936", "1936-01-01", "1936-12-31", "1936"),
        ({"when": "1939", "uncertain": True}, "1939?", "1939-01-01", "1939-12-31", "1939 (uncertain)"),
        ({"when": "1939", "circa": True}, "1939~", "1939-01-01", "1939-12-31", "about 1939"),
        (
            {"when": "1939", "circa": True, "uncertain": True},
            "1939%",
            "1939-01-01",
            "1939-12-31",
            "about 1939 (uncertain)",
        ),
        ({"start": "1933", "end": "1936"}, "1933/1936", "1933-01-01", "1936-12-31", "from 1933 to 1936"),
        ({"start": "1925"}, "1925/..", "1925-01-01", "", "from 1925"),
        ({"end": "1936-04"}, "../1936-04", "", "1936-04-30", "until April 1936"),
        (
            {"not_before": "1936-04-22", "not_after": "1936-04-24"},
            "[1936-04-22..1936-04-24]",
            "1936-04-22",
            "1936-04-24",
            "between 22 and 24 April 1936",
        ),
        ({"not_before": "1935"}, "[1935..]", "1935-01-01", "", "not before 1935"),
        ({"not_after": "1935"}, "[..1935]", "", "1935-12-31", "not after 1935"),
        ({"not_before": "1935", "not_after": "1935"}, "1935", "1935-01-01", "1935-12-31", "1935"),
        ({"when": "0044-03-15"}, "0044-03-15", "0044-03-15", "0044-03-15", "15 March 44"),
        ({"when": "-0043-03-15"}, "-0043-03-15", "-0043-03-15", "-0043-03-15", "15 March 44 BCE"),
        ({"when": "193X"}, "193X", "1930-01-01", "1939-12-31", "1930s"),
        ({"when": "1936-02"}, "1936-02", "1936-02-01", "1936-02-29", "February 1936"),
    ],
)
def test_tei_attributes_become_edtf(
    attributes: dict[str, str | bool], edtf: str, earliest: str, latest: str, label: str
) -> None:
    found = from_tei(**attributes)  # type: ignore[arg-type]
    assert (found.edtf, found.earliest, found.latest, found.label) == (edtf, earliest, latest, label)


@pytest.mark.parametrize(
    "attributes",
    [
        {"when": "1936-13-40"},
        {"when": "1935-02-29"},
        {"when": "1936-4-2"},
        {"when": "22.4.1936"},
        {"when": "1936??"},
        {"when": "1936-XX-05"},
        {"when": "-0000"},
        {"not_before": "1937", "not_after": "1936"},
        {"start": "1936-05", "end": "1936-04"},
        {"when": "1936", "end": "1937"},
        {},
    ],
)
def test_what_is_no_date_is_refused(attributes: dict[str, str]) -> None:
    with pytest.raises(DateError):
        from_tei(**attributes)  # type: ignore[arg-type]


@pytest.mark.parametrize("edtf", ["[..]", "../..", "/", "", "1936/1935", "undefined", "[1936..1935]"])
def test_what_is_no_edtf_is_refused(edtf: str) -> None:
    with pytest.raises(DateError):
        parse(edtf)


def test_the_printed_form_is_kept() -> None:
    assert from_tei(when="1936-04-25", printed="25/4/36").printed == "25/4/36"


def test_only_exact_dates_are_exact() -> None:
    assert parse("1936-04").exact == "1936-04"
    assert [parse(edtf).exact for edtf in ("1936?", "1936/1937", "[1936..]", "193X")] == ["", "", "", ""]


@given(st.dates(min_value=date(1, 1, 1)), st.sampled_from([10, 7, 4]), st.sampled_from(["", "?", "~", "%"]))
def test_bounds_agree_with_another_implementation(day: date, precision: int, doubt: str) -> None:
    edtf = day.isoformat()[:precision] + doubt
    referee = parse_edtf(edtf)
    assert _day(referee.lower_strict()) == parse(edtf).earliest
    assert _day(referee.upper_strict()) == parse(edtf).latest


@given(st.dates(min_value=date(1, 1, 1)), st.dates(min_value=date(1, 1, 1)))
def test_ranges_keep_both_ends(one: date, other: date) -> None:
    start, end = sorted((one, other))
    found = parse(f"{start.isoformat()}/{end.isoformat()}")
    assert (found.earliest, found.latest) == (start.isoformat(), end.isoformat())


def _day(moment: struct_time) -> str:
    return f"{moment.tm_year:04d}-{moment.tm_mon:02d}-{moment.tm_mday:02d}"
