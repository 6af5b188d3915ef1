"""Pointers to things of another kind, words that describe and do not name, dates that have not come yet."""

from pathlib import Path

import pytest

from lod import build, config, readers
from lod.cache import Cache
from lod.model import Organisation, Person, Place
from lod.report import Finding, Level, Report
from tests.readers import tei

REGISTERS = """<listPerson><person xml:id="b"><persName>Ben</persName></person></listPerson>
<listPlace><place xml:id="c"><placeName>Rome</placeName></place></listPlace>
<listOrg><org xml:id="o"><orgName>Union</orgName>
  <event xml:id="o.formation" type="formation" when="1900"><label>Foundation</label></event></org></listOrg>
<listBibl><bibl xml:id="w"><title>Faust</title><author ref="#o">Union</author></bibl></listBibl>"""


def found(folder: Path, body: str = "", description: str = tei.SENT) -> tuple[readers.Corpus, list[Finding]]:
    written = tei.text(description, body=f"<p>{body}</p>")
    return tei.read(tei.edition(folder, {"one.xml": written}, {"registers.xml": REGISTERS}))


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ('<orgName ref="#b">Ben</orgName>', "person/b"),
        ('<placeName ref="#o">Union</placeName>', "organisation/o"),
        ('<persName ref="https://example.org/e/place/c">Rome</persName>', "place/c"),
        ('<rs type="place" ref="#b">there</rs>', "person/b"),
        ('<title ref="#b">Ben</title>', "person/b"),
    ],
)
def test_a_pointer_to_another_kind_is_followed_and_told(tmp_path: Path, name: str, target: str) -> None:
    corpus, findings = found(tmp_path, f"\n{name}")
    assert [link.target for link in tei.letter(corpus).mentions] == [target]
    (told,) = findings
    assert (told.level, told.code, told.source.line, told.key) == (Level.WARNING, "pointer-of-kind", 2, "letter/1")
    assert target in told.message and told.hint


@pytest.mark.parametrize(
    "name",
    [
        '<persName ref="#b">Ben</persName>',
        '<rs ref="#o">the Union</rs>',
        '<name ref="#c">Rome</name>',
        '<orgName ref="https://example.org/e/organisation/o/formation">its foundation</orgName>',
    ],
)
def test_a_pointer_to_its_kind_says_nothing(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, name)[1] == []


@pytest.mark.parametrize(
    "name", ['<placeName ref="#o">Union</placeName>', '<placeName ref="https://example.org/e/organisation/o"/>']
)
def test_so_it_is_in_an_action(tmp_path: Path, name: str) -> None:
    sent = tei.SENT.replace("</correspAction>", f"{name}</correspAction>")
    corpus, findings = found(tmp_path, description=sent)
    assert [link.target for link in tei.letter(corpus).sent.places] == ["organisation/o"]
    assert tei.codes(findings) == ["pointer-of-kind"]


def test_so_it_is_in_an_entry(tmp_path: Path) -> None:
    person = '<listPerson><person xml:id="p"><persName>P</persName><affiliation ref="#c">Rome</affiliation></person></listPerson>'
    edition = tei.edition(tmp_path, {"one.xml": tei.text()}, {"one-more.xml": REGISTERS + person})
    assert tei.codes(tei.read(edition)[1]) == ["pointer-of-kind"]


# ---- words that describe
GND = "https://d-nb.info/gnd/118609807"


def test_a_referring_string_is_a_mention_and_no_name(tmp_path: Path) -> None:
    body = '<persName ref="#b">B.</persName> <rs type="person" ref="#b">he</rs> <rs ref="#b">the Father</rs>'
    corpus, _ = found(tmp_path, body)
    assert sum(link.times for link in tei.letter(corpus).mentions) == 3
    assert [(name.text, name.kind) for name in tei.entry(corpus, Person, "b").names] == [
        ("Ben", "preferred"),
        ("B.", "as-written"),
    ]


def test_without_an_entry_names_go_before_referring_strings(tmp_path: Path) -> None:
    body = f'<rs type="person" ref="{GND}">he</rs> <rs type="person" ref="{GND}">he</rs> <persName ref="{GND}">Anna</persName>'
    person = tei.entry(found(tmp_path, body)[0], Person, "gnd-118609807")
    assert [(name.text, name.kind) for name in person.names] == [("Anna", "preferred")]


def test_a_referring_string_labels_what_has_no_name(tmp_path: Path) -> None:
    body = f'<rs type="person" ref="{GND}">he</rs> <rs type="person" ref="{GND}">my friend</rs> <rs type="person" ref="{GND}">he</rs>'
    person = tei.entry(found(tmp_path, body)[0], Person, "gnd-118609807")
    assert [(name.text, name.kind) for name in person.names] == [("he", "descriptive")]


def test_the_same_words_in_another_element_name(tmp_path: Path) -> None:
    body = f'<rs type="person" ref="{GND}">Anna</rs> <name type="person" ref="{GND}">Anna</name>'
    person = tei.entry(found(tmp_path, body)[0], Person, "gnd-118609807")
    assert [(name.text, name.kind) for name in person.names] == [("Anna", "preferred")]


@pytest.mark.parametrize(
    ("statement", "kind", "key", "words"),
    [
        (
            '<nationality ref="https://www.wikidata.org/wiki/Q142">French</nationality>',
            Place,
            "wikidata-q142",
            "French",
        ),
        (
            '<residence ref="https://www.geonames.org/2761369">since 1899</residence>',
            Place,
            "geonames-2761369",
            "since 1899",
        ),
        (f'<affiliation ref="{GND}">a member</affiliation>', Organisation, "gnd-118609807", "a member"),
    ],
)
def test_a_statement_may_point_to_an_authority(
    tmp_path: Path, statement: str, kind: type[Place] | type[Organisation], key: str, words: str
) -> None:
    person = f'<listPerson><person xml:id="p"><persName>P</persName>{statement}</person></listPerson>'
    edition = tei.edition(tmp_path, {"one.xml": tei.text()}, {"people.xml": person})
    corpus, findings = tei.read(edition)
    thing = tei.entry(corpus, kind, key)
    assert [(name.text, name.kind) for name in thing.names] == [(words, "descriptive")]
    assert len(thing.same_as) == 1 and findings == []
    told = tei.entry(corpus, Person, "p")
    assert thing.path in [
        *(link.target for link in told.nationalities),
        *(stay.place.target for stay in told.stays),
        *(each.body for each in told.affiliations),
    ]
    assert [finding for finding in build.examine(tmp_path).report if finding.level is Level.ERROR] == []


# ---- dates ahead
DATED = tei.SENT.replace("</correspAction>", '\n<date when="2100-05-01"/></correspAction>')
LIFE = """<listPerson><person xml:id="b"><persName>Ben</persName>
<birth when="1900"/><death notBefore="1990" notAfter="2099-12"/></person></listPerson>"""


def told_on(folder: Path, today: str, cache: Cache | None = None) -> list[tuple[str, int, str]]:
    report = Report()
    readers.read(config.load(folder), report, cache=cache, today=today)
    return [
        (finding.source.file, finding.source.line, finding.key) for finding in report if finding.code == "date-ahead"
    ]


def test_dates_after_today_are_told_and_kept(tmp_path: Path) -> None:
    folder = tei.edition(tmp_path, {"one.xml": tei.text(DATED)}, {"people.xml": LIFE})
    corpus, findings = tei.read(folder)
    dating = tei.letter(corpus).sent.dating
    assert dating and dating.date.edtf == "2100-05-01" and findings == []
    letter, death = ("one.xml", 2, "letter/1"), ("people.xml", 3, "person/b/death")
    cache = Cache(tmp_path / "cache")
    for _ in range(2):
        assert told_on(folder, "2030-01-01", cache) == [letter, death]
        assert told_on(folder, "2100-01-01", cache) == [letter]
        assert told_on(folder, "2100-05-01", cache) == []
    assert told_on(folder, "") == []
    (finding,) = (each for each in build.examine(folder, today="2099-12-31").report if each.code == "date-ahead")
    assert finding.level is Level.WARNING and finding.hint


@pytest.mark.parametrize("when", ["2026", "20XX", "1936/..", "[..1936]", "2001-21", "-0043"])
def test_dates_that_may_be_past_are_not_ahead(tmp_path: Path, when: str) -> None:
    sent = DATED.replace("2100-05-01", when)
    assert told_on(tei.edition(tmp_path, {"one.xml": tei.text(sent)}), "2026-12-01") == []


@pytest.mark.parametrize("when", ["2027", "1990/2100", "{1936,2100-01}", "Y170000002"])
def test_an_end_that_has_not_come_is_ahead(tmp_path: Path, when: str) -> None:
    sent = DATED.replace("2100-05-01", when)
    assert len(told_on(tei.edition(tmp_path, {"one.xml": tei.text(sent)}), "2026-12-01")) == 1


def test_a_date_in_words_may_be_ahead(tmp_path: Path) -> None:
    sent = tei.SENT.replace("</correspAction>", "<date>3. Mai 2100</date></correspAction>")
    assert len(told_on(tei.edition(tmp_path, {"one.xml": tei.text(sent)}), "2026-12-01")) == 1
