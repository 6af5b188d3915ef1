"""Whom a letter's text names, and how often: in the record and in the table of mentions, never in the triples."""

from pathlib import Path

import pytest

from lod import mapping
from lod.build import Built, material
from lod.dumps import tables
from lod.model import Letter, Link
from lod.readers import Corpus
from lod.release.state import State
from lod.report import Report
from tests.readers import tei
from tests.readers.test_corpora import corpus

BODY = """<opener><persName ref="#b">Ben</persName></opener>
<p><persName ref="#b">Ben</persName> and <rs type="person" ref="#b">he</rs>, <persName ref="#b">Ben</persName>,
<placeName ref="#c">Rome</placeName> <note><persName ref="#b">Ben</persName></note></p>"""
REGISTERS = """<listPerson><person xml:id="b"><persName>Ben</persName></person></listPerson>
<listPlace><place xml:id="c"><placeName>Rome</placeName></place></listPlace>"""


def built(found: Corpus) -> Built:
    blocks = mapping.map_edition(found.edition, found.records, found.sources)
    return Built(found, tuple(blocks), Report())


def table(made: Built) -> tables.Table:
    """The table of mentions as a release writes it."""
    base = made.corpus.edition.base
    return list(tables.tables(State(made.blocks, base).documents(), base, material(made).times()))[-1]


def test_each_form_is_counted_and_the_table_adds_them(tmp_path: Path) -> None:
    found, _ = tei.read(tei.edition(tmp_path, {"one.xml": tei.text(body=BODY)}, {"registers.xml": REGISTERS}))
    assert [(link.target, link.form, link.times) for link in tei.letter(found).mentions] == [
        ("person/b", "Ben", 2),
        ("person/b", "", 1),
        ("place/c", "Rome", 1),
    ]
    mentions = table(built(found))
    assert [(row[2], row[-1]) for row in mentions.rows] == [
        ("https://example.org/e/person/b", "3"),
        ("https://example.org/e/place/c", "1"),
    ]
    assert tables.to_csv(mentions).splitlines()[0].endswith(b",times")
    assert tables.to_parquet(mentions).startswith(b"PAR1")


@pytest.mark.parametrize(
    ("written", "mentioned"),
    [
        ('<bibl corresp="#w">Faust</bibl>', ["work/w"]),
        ('<bibl><title ref="#w">Faust</title></bibl>', []),
        ('<geogName ref="#c">Rome</geogName>', ["place/c"]),
        ('<placeName ref="#c"><settlement ref="#c">Rome</settlement></placeName>', ["place/c"]),
        ('<rs ref="#w">his book</rs>', ["work/w"]),
    ],
)
def test_what_a_text_mentions(tmp_path: Path, written: str, mentioned: list[str]) -> None:
    books = '<listBibl><bibl xml:id="w"><title>Faust</title></bibl></listBibl>'
    edition = tei.edition(
        tmp_path, {"one.xml": tei.text(body=f"<p>{written}</p>")}, {"registers.xml": REGISTERS + books}
    )
    mentions = tei.letter(tei.read(edition)[0]).mentions
    assert [(link.target, link.times) for link in mentions] == [(path, 1) for path in mentioned]


def test_where_no_text_was_read_nothing_is_counted(tmp_path: Path) -> None:
    note = '<note><ref type="cmif:mentionsPerson" target="https://d-nb.info/gnd/118609807">Ben</ref></note>'
    found, _ = tei.read(tei.edition(tmp_path, {"one.xml": tei.text(tei.SENT + note)}))
    assert [(link.form, link.times) for link in tei.letter(found).mentions] == [("Ben", 0)]
    assert [row[-1] for row in table(built(found)).rows] == [""]


@pytest.mark.parametrize("name", ["pec", "schnitzler-briefe", "amp"])
def test_the_counts_of_an_edition_are_those_of_its_pointers(name: str) -> None:
    """Every link was counted, and the table holds what the records hold, doubtful mentions apart."""
    found = corpus(name)
    links: list[Link] = [
        link for record in found.corpus.records if isinstance(record, Letter) for link in record.mentions
    ]
    assert links and all(link.times for link in links)
    rows = table(found).rows
    assert sum(int(str(row[-1])) for row in rows) == sum(link.times for link in links if link.claim.standing.holds)
