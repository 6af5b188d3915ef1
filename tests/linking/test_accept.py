"""Accepted links in the TEI: in the right place, with who and when, and every other byte as it was."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from lod.cli import app
from lod.errors import LinkingError
from lod.linking.accept import write
from lod.linking.review import Decision
from tests.conftest import ROOT, shared

PAPERS = ROOT / "corpus" / "serge-trotsky"
BASE = "https://w3id.org/serge-trotsky/"
TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"

FILE = """<?xml version="1.0" encoding="UTF-8"?>\r
<TEI xmlns="http://www.tei-c.org/ns/1.0"><!-- kept  as   it is -->\r
\t<person xml:id="anna" n='a > b'><persName>Ánna</persName><death when="1947"/></person>\r
\t<person xml:id="ben">\r
\t\t<persName>Ben</persName>\r
\t\t<idno type="viaf">http://viaf.org/viaf/52201</idno>\r
\t\t<note>last</note>\r
\t</person>\r
\t<place xml:id="outer">\r
\t\t<placeName>Outer</placeName>\r
\t\t<place xml:id="inner"><placeName>Inner</placeName></place>\r
\t</place>\r
\t<org xml:id="club"><note>only a note</note></org>\r
\t<org xml:id="party">\r
\t\t<orgName>Party</orgName>\r
\t\t<note>after the names</note>\r
\t</org>\r
\t<person xml:id="empty"/>\r
</TEI>\r
"""
GND = "https://d-nb.info/gnd/118642979"
PLACES = {f"x/{key}": ("f.xml", key) for key in ("anna", "ben", "outer", "inner", "club", "party", "empty", "gone")}


def put(folder: Path, *decisions: Decision) -> str:
    (folder / "f.xml").write_bytes(FILE.encode())
    write(folder, PLACES, decisions, "#me", "2026-01-02")
    return (folder / "f.xml").read_bytes().decode()


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("anna", '<death when="1947"/>\r\n\t  {}</person>'),
        ("ben", "</idno>\r\n\t\t{}\r\n\t\t<note>"),
        ("outer", "<placeName>Outer</placeName>\r\n\t\t{}\r\n\t\t<place"),
        ("inner", "<placeName>Inner</placeName>\r\n\t\t  {}</place>"),
        ("club", '<org xml:id="club">{}\r\n\t  <note>'),
        ("party", "<orgName>Party</orgName>\r\n\t\t{}\r\n\t\t<note>"),
    ],
)
def test_where_it_goes_and_that_nothing_else_changes(tmp_path: Path, key: str, line: str) -> None:
    text = put(tmp_path, Decision(f"x/{key}", GND))
    idno = f'<idno type="gnd" resp="#me" when="2026-01-02">{GND}</idno>'
    assert line.format(idno) in text
    assert re.sub(r"\r\n[\t ]*" + re.escape(idno), "", text).replace(f"{idno}\r\n\t  ", "") == FILE
    entry = next(each for each in etree.fromstring(text.encode()).iter() if each.get(XML_ID) == key)
    assert GND in [each.text for each in entry.findall(f"{TEI}idno")]


def test_who_when_why_and_how_certain(tmp_path: Path) -> None:
    text = put(tmp_path, Decision("x/ben", GND, "low", "#them", "https://example.org/a?b=1&c=2"))
    assert (
        f'<idno type="gnd" source="https://example.org/a?b=1&amp;c=2" resp="#them" when="2026-01-02" cert="low">{GND}</idno>'
        in text
    )


def test_several_at_once_keep_their_order_and_none_is_written_twice(tmp_path: Path) -> None:
    viaf, url = "https://viaf.org/viaf/52201/", "https://example.org/person/ben"
    text = put(
        tmp_path, Decision("x/ben", GND), Decision("x/ben", viaf), Decision("x/ben", url), Decision("x/ben", GND)
    )
    assert re.findall(r"<idno[^>]*>([^<]*)<", text) == ["http://viaf.org/viaf/52201", GND, url]
    assert 'type="url"' in text


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (Decision("x/nobody", GND, line=7), "row 7: no entry of the edition"),
        (Decision("x/ben", "https://d-nb.info/gnd/118642978", line=8), "row 8: .* a digit is wrong"),
        (Decision("x/ben", "118642979", line=9), "row 9: .* no address"),
        (Decision("x/gone", GND, line=10), "row 10: f.xml has no entry gone"),
        (Decision("x/empty", GND, line=11), "without content"),
    ],
)
def test_a_wrong_row_stops_everything(tmp_path: Path, decision: Decision, says: str) -> None:
    with pytest.raises(LinkingError, match=says):
        put(tmp_path, Decision("x/ben", GND), decision)
    assert (tmp_path / "f.xml").read_bytes() == FILE.encode()


AUTHORITY = """id,kind,name,names,birth,death,occupation,country
https://example.org/id/blum,person,"Blum, Léon",,1872,1950,politician,France
http://www.wikidata.org/entity/Q133571085,person,Léon Blum,,1879,1941,,France
http://viaf.org/viaf/41840660,person,Charles Gide,,1847,1932,economist,France
http://www.wikidata.org/entity/Q57353,person,Gustav Noske,,1868,1946,politician,Germany
gnd:118642979,person,Климент Ворошилов,Klim Woroschilow,1881,1969,,
http://www.wikidata.org/entity/Q474192,person,Charles Spaak,,1903,1975,,Belgium
"""


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["link", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_whole_way_in_the_shipped_edition(tmp_path: Path) -> None:
    edition = tmp_path / "edition"
    shutil.copytree(PAPERS, edition)
    authority, review = tmp_path / "authority.csv", tmp_path / "review.csv"
    authority.write_text(AUTHORITY, encoding="utf-8")
    run("propose", str(edition), "--authority", str(authority), "--kind", "person", "-r", str(review))
    rows = review.read_text(encoding="utf-8").splitlines()
    read = csv.DictReader(rows)
    found = {(row["subject_id"].rpartition("/")[2], row["object_id"]): row for row in read}
    assert ("gide", "http://viaf.org/viaf/41840660") not in found and (
        "spaak",
        "http://www.wikidata.org/entity/Q474192",
    ) not in found
    namesake = found["noske", "http://www.wikidata.org/entity/Q57353"]
    assert namesake["predicate_modifier"] == "Not"
    assert "rejected: year of birth: asked 1886, here 1868" in namesake["comment"]
    assert "agrees: year of death" in namesake["comment"]
    assert {("blum", "https://example.org/id/blum"), ("blum", "http://www.wikidata.org/entity/Q133571085")} <= set(
        found
    )
    assert not any(row.startswith(("accept", "reject")) for row in rows)
    page = review.with_suffix(".html").read_text(encoding="utf-8")
    assert "Somebody else: year of birth: asked 1886, here 1868" in page and "<script" not in page
    before = (edition / "people.xml").read_bytes()
    decided = [f"accept{row}" if "person/voroshilov," in row else row for row in rows]
    review.write_text("\n".join(decided), encoding="utf-8")
    assert "1 links written" in run("accept", str(edition), str(review), "--when", "2026-01-02")
    after = (edition / "people.xml").read_bytes()
    idno = b'<idno type="gnd" resp="organisations.xml#data-editors" when="2026-01-02">https://d-nb.info/gnd/118642979</idno>'
    assert re.sub(rb"\n *" + re.escape(idno), b"", after) == before and idno in after
    assert "0 links written" in run("accept", str(edition), str(review), "--when", "2026-01-02")
    schema = etree.RelaxNG(etree.parse(shared("suites/tei/tei_all.rng")))
    tree = etree.parse(edition / "people.xml")
    for person in tree.findall(f".//{TEI}person"):
        if person.get(XML_ID) != "voroshilov":
            person.getparent().remove(person)  # type: ignore[union-attr]
    for relations in tree.findall(f".//{TEI}listRelation"):
        relations.getparent().remove(relations)  # type: ignore[union-attr]
    schema.assertValid(tree)


def test_geonames_offline(tmp_path: Path) -> None:
    edition = tmp_path / "edition"
    edition.mkdir()
    (edition / "places.xml").write_text(SIEBENBUERGEN, encoding="utf-8")
    (edition / "edition.toml").write_text(SETTINGS, encoding="utf-8")
    review = tmp_path / "review.csv"
    run("propose", str(edition), "--geonames", "--inhabitants", "15000", "--kind", "place", "-r", str(review))
    rows = [row.split(",") for row in review.read_text(encoding="utf-8").splitlines()[1:]]
    told = {(row[2].rpartition("/")[2], row[7]): row[6] for row in rows}
    brasov, kronstadt = "https://sws.geonames.org/683844/", "https://sws.geonames.org/540771/"
    assert told["kronstadt", kronstadt] == "" and told["kronstadt", brasov] == "Not"
    assert told["brasov", brasov] == ""


SETTINGS = """id = "towns"
base = "https://example.org/towns/"
title = { en = "Towns" }
description = { en = "Two towns of one name" }
languages = ["en"]
editors = ["Somebody"]
publisher = "Somebody"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
rights = "Made up"

[[source]]
file = "places.xml"
format = "registers"
"""
SIEBENBUERGEN = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader><fileDesc><titleStmt><title>Towns</title></titleStmt>
    <publicationStmt><publisher>Somebody</publisher><date when="2026-01-01"/></publicationStmt>
    <sourceDesc><p>Made up</p></sourceDesc></fileDesc></teiHeader>
  <text><body><listPlace>
    <place xml:id="kronstadt"><placeName type="preferred">Kronstadt</placeName>
      <location source="https://sws.geonames.org/540771/"><geo>59.992 29.77616</geo></location></place>
    <place xml:id="brasov"><placeName type="preferred">Kronstadt in Siebenbürgen</placeName>
      <placeName type="variant">Brașov</placeName></place>
  </listPlace></body></text>
</TEI>
"""
