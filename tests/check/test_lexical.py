"""Lexical forms of datatypes and language tags."""

import pytest

from lod.check.lexical import fits, language_trouble
from lod.terms import Iri
from lod.vocab import edtf, geo, xsd


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("1936-02-29", xsd.date),
        ("-0044-03-15", xsd.date),
        ("1936-04", xsd.gYearMonth),
        ("0987", xsd.gYear),
        ("1936-04-22T23:59:59Z", xsd.dateTime),
        ("[1936-04-22..1936-04-24]", edtf.EDTF),
        ("1936-04~", edtf.EDTF),
        ("POINT(-4.35 50.85)", geo.wktLiteral),
        ("-4.35", xsd.decimal),
        ("anything", xsd.string),
    ],
)
def test_good_form(value: str, datatype: Iri) -> None:
    assert fits(value, datatype)


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("1935-02-29", xsd.date),
        ("1936-4-22", xsd.date),
        ("1936-04-22Z", xsd.date),
        ("1936-13", xsd.gYearMonth),
        ("987", xsd.gYear),
        ("1936-04-31T00:00:00Z", xsd.dateTime),
        ("1936-04-22T24:00:00Z", xsd.dateTime),
        ("1936-04-22T00:00:00+01:00", xsd.dateTime),
        ("[1936-04-24..1936-04-22]", edtf.EDTF),
        ("April 1936", edtf.EDTF),
        ("POINT(50.85, 4.35)", geo.wktLiteral),
        ("POINT(4.35 90.01)", geo.wktLiteral),
        ("1e3", xsd.decimal),
        ("", xsd.decimal),
        ("1.0", xsd.integer),
        ("yes", xsd.boolean),
    ],
)
def test_bad_form(value: str, datatype: Iri) -> None:
    assert not fits(value, datatype)


@pytest.mark.parametrize(
    ("tag", "good"), [("fr", True), ("ru-latn", True), ("und", False), ("en-GB", False), ("e", False)]
)
def test_language_tag(tag: str, good: bool) -> None:
    assert (language_trouble(tag) == "") is good
