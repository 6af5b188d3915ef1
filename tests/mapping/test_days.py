"""schema.org's days of births, deaths, foundations and ends: exact ones only; the time-span has the rest."""

from pathlib import Path

import pytest

from lod import mapping
from lod.terms import value
from lod.vocab import crm, schema
from tests.readers import tei

DAYS = (schema.birthDate, schema.deathDate, schema.foundingDate, schema.dissolutionDate)


@pytest.mark.parametrize(
    ("attributes", "edtf", "day"),
    [
        ('when="1914-08"', "1914-08", "1914-08"),
        ('from="1914-08" to="1916"', "1914-08/1916", ""),
        ('from="1914"', "1914/..", ""),
        ('to="1916"', "../1916", ""),
        ('notBefore="1914" notAfter="1916"', "[1914..1916]", ""),
        ('when="1914" cert="low"', "1914?", ""),
    ],
)
def test_an_interval_is_no_day(tmp_path: Path, attributes: str, edtf: str, day: str) -> None:
    people = f'<listPerson><person xml:id="a"><persName>A</persName><birth {attributes}/><death {attributes}/></person></listPerson>'
    events = "".join(
        f'<event xml:id="o.{kind}" type="{kind}" {attributes}><label>{kind}</label></event>'
        for kind in ("formation", "dissolution")
    )
    bodies = f'<listOrg><org xml:id="o"><orgName>O</orgName>{events}</org></listOrg>'
    found, _ = tei.read(tei.edition(tmp_path, {"one.xml": tei.text()}, {"registers.xml": people + bodies}))
    triples = [
        triple for _, block in mapping.map_edition(found.edition, found.records, found.sources) for triple in block
    ]
    said = {predicate: value(node)[0] for _, predicate, node in triples if predicate in DAYS}  # type: ignore[arg-type]
    spans = [value(node)[0] for _, predicate, node in triples if predicate == crm.P82_at_some_time_within]  # type: ignore[arg-type]
    assert said == (dict.fromkeys(DAYS, day) if day else {})
    assert spans == [edtf] * 4
