"""Whether the text of a literal is one of its datatype: `"1936-13-40"^^xsd:date` is not."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from lod.dates import parse
from lod.errors import DateError
from lod.terms import Iri
from lod.vocab import edtf, geo, rdf, xsd

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^(<[^<>]*>))?', re.DOTALL)
"""A literal as N-Triples writes it: text, language tag, datatype."""

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_DATE = re.compile(rf"({_YEAR})-(\d\d)-(\d\d)")
_MONTH = re.compile(rf"{_YEAR}-(?:0[1-9]|1[0-2])")
_DATE_TIME = re.compile(rf"({_YEAR}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z")
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_POINT = re.compile(rf"POINT\(({_NUMBER}) ({_NUMBER})\)")


def language_trouble(tag: str) -> str:
    """What is wrong with a language tag; `""` when nothing is."""
    if tag == "und":
        return "the tag 'und' says nothing"
    if tag != tag.lower():
        return f"the language tag '{tag}' is not in lower case"
    return "" if _TAG.fullmatch(tag) else f"'{tag}' is no language tag"


def fits(value: str, datatype: Iri) -> bool:
    """True when `value`, as N-Triples escapes it, is a form of `datatype`. Datatypes unknown here accept all."""
    check = _CHECKS.get(datatype)
    return check is None or check(value)


def _is_date(value: str) -> bool:
    match = _DATE.fullmatch(value)
    if match is None:
        return False
    try:
        # The Gregorian calendar repeats every 400 years; `date` itself knows no year before 1.
        date(int(match[1]) % 400 + 2000, int(match[2]), int(match[3]))
    except ValueError:
        return False
    return True


def _is_date_time(value: str) -> bool:
    match = _DATE_TIME.fullmatch(value)
    return match is not None and _is_date(match[1])


def _is_edtf(value: str) -> bool:
    try:
        parse(value)
    except DateError:
        return False
    return True


def _is_point(value: str) -> bool:
    match = _POINT.fullmatch(value)
    return match is not None and abs(float(match[1])) <= 180 and abs(float(match[2])) <= 90


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_CHECKS: Mapping[Iri, Callable[[str], bool]] = {
    edtf.EDTF: _is_edtf,
    geo.wktLiteral: _is_point,
    rdf.langString: lambda _: True,
    xsd.boolean: _matches("true|false|0|1"),
    xsd.date: _is_date,
    xsd.dateTime: _is_date_time,
    xsd.decimal: _matches(_NUMBER),
    xsd.gYear: _matches(_YEAR),
    xsd.gYearMonth: lambda value: _MONTH.fullmatch(value) is not None,
    xsd.integer: _matches(r"[+-]?\d+"),
}
