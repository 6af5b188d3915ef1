"""Registers whose entries say things in ways of their own: names, dates, citations and relations, read or told."""

from pathlib import Path

import pytest

from lod import build
from lod.model import Event, Person, Place, Work
from tests.readers import tei
from tests.readers.test_registers import BODY, COUNTRY, person, registers


@pytest.mark.parametrize(
    ("told", "name", "notes"),
    [
        ("<settlement>Linz</settlement><country>Austria</country>", "Linz", ["Country: Austria"]),
        ("<country>Austria</country><settlement>Graz</settlement>", "Graz", ["Country: Austria"]),
        ('<country ref="#fr">France</country><region>Sarthe</region><settlement>Le Mans</settlement>', "Le Mans",
         ["Region: Sarthe"]),
        ('<placeName type="old" from="1800">Ofen</placeName><placeName>Budapest</placeName>', "Budapest", []),
    ],
)  # fmt: skip
def test_the_narrowest_name_is_that_of_the_place(tmp_path: Path, told: str, name: str, notes: list[str]) -> None:
    found, findings = registers(tmp_path, f'<listPlace><place xml:id="a">{told}</place></listPlace>{COUNTRY}')
    place = tei.entry(found, Place, "a")
    assert [each.text for each in place.names if each.kind == "preferred"] == [name]
    assert [each.text for each in place.notes] == notes
    assert tei.codes(findings) == ["kept-as-words"] * len(notes)


@pytest.mark.parametrize(
    ("names", "preferred", "codes"),
    [
        ('<persName type="main">Anna Berg</persName><persName type="married">Anna Tal</persName>', "Anna Berg", []),
        ('<persName>A. Berg</persName><persName type="reg">Berg, Anna</persName>', "A. Berg", []),
        ('<persName type="married">Anna Tal</persName><persName>Anna Berg</persName>', "Anna Berg", []),
        ('<persName type="pseudonym">Nin</persName>', "Nin", ["name-unmarked"]),
    ],
)
def test_everybody_has_one_name_to_go_by(tmp_path: Path, names: str, preferred: str, codes: list[str]) -> None:
    found, findings = registers(tmp_path, f'<listPerson><person xml:id="b">{names}</person></listPerson>')
    anna = tei.entry(found, Person, "b")
    assert [each.text for each in anna.names if each.kind == "preferred"] == [preferred]
    assert tei.codes(findings) == codes


@pytest.mark.parametrize(
    ("birth", "edtf", "notes", "codes"),
    [
        ("<birth>1870</birth>", ["1870"], [], ["date-from-words"]),
        ("<birth><date>um 1870</date></birth>", ["1870~"], [], ["date-from-words"]),
        ("<birth><date>Summer of 1870</date></birth>", [], ["Summer of 1870"], ["kept-as-words"]),
        ('<birth when="1870-13-01">13</birth>', [], ["13"], ["date-impossible", "kept-as-words"]),
        ('<birth when="1870">1870</birth>', ["1870"], [], []),
        ('<birth when="1870"/><birth when="1871"/>', ["1870"], [], ["date-several"]),
    ],
)
def test_a_birth_dated_in_words(
    tmp_path: Path, birth: str, edtf: list[str], notes: list[str], codes: list[str]
) -> None:
    anna, findings = person(tmp_path, birth)
    assert [each.dating.date.edtf for each in anna.events if each.dating] == edtf
    assert [note.text for each in anna.events for note in each.notes] == notes
    assert tei.codes(findings) == codes


@pytest.mark.parametrize(
    ("told", "sex"), [('sex="1"', "M"), ('sex="2"', "F"), ('sex="U"', ""), ('sex="f"', "F"), ('sex="O"', "o")]
)
def test_sex_as_iso_5218_has_it(tmp_path: Path, told: str, sex: str) -> None:
    entry = f'<listPerson><person xml:id="b" {told}><persName>B</persName></person></listPerson>'
    assert tei.entry(registers(tmp_path, entry)[0], Person, "b").sex == sex


def test_an_occupation_is_never_empty_and_its_dates_are_kept(tmp_path: Path) -> None:
    anna, findings = person(
        tmp_path, '<occupation ref="https://example.org/o"/><occupation from="1890">poet</occupation>'
    )
    assert [link.form for link in anna.occupations] == ["poet"]
    assert [note.text for note in anna.notes] == ["Occupation: poet (from 1890)"]
    assert tei.codes(findings) == ["part-left-out", "kept-as-words"]


def test_a_time_of_activity_without_words(tmp_path: Path) -> None:
    anna, _ = person(tmp_path, '<floruit from="1890" to="1920"/>')
    assert [note.text for note in anna.notes] == ["Floruit: from 1890 to 1920"]


def test_events_in_a_list_of_a_person_are_theirs_and_entries_take_part_by_pointer(tmp_path: Path) -> None:
    told = """<listEvent><event xml:id="trip" when="1897"><label>Trip</label>
      <listPerson><person corresp="#b" role="guide"/></listPerson></event></listEvent>"""
    other = '<person xml:id="b"><persName>B</persName></person>'
    anna, findings = person(tmp_path, told, other)
    event = next(each for each in tei.read(tmp_path)[0].records if isinstance(each, Event))
    assert (event.subject, [(link.target, link.kind) for link in event.participants]) == (
        anna.path, [("person/b", "guide")]
    )  # fmt: skip
    assert findings == []


@pytest.mark.parametrize(
    ("bibl", "titles", "notes"),
    [
        ("A book in words, 1900", ["preferred A book in words, 1900"], []),
        ('<title level="a">Art</title><title level="j">Journal</title>', ["preferred Art"], ["Title: Journal"]),
        ('<title level="s">Series</title><title type="main">Main</title>', ["preferred Main"], ["Title: Series"]),
        ("<title>One</title><title>Two</title>", ["preferred One", "variant Two"], []),
        ("<title>One</title>, p. 3", ["preferred One"], ["Citation: One, p. 3"]),
    ],
)
def test_a_citation_has_one_title_of_its_own_and_loses_no_words(
    tmp_path: Path, bibl: str, titles: list[str], notes: list[str]
) -> None:
    found, findings = registers(tmp_path, f'<listBibl><bibl xml:id="b">{bibl}</bibl></listBibl>')
    work = tei.entry(found, Work, "b")
    assert [f"{title.kind} {title.text}" for title in work.titles] == titles
    assert [note.text for note in work.notes] == notes
    assert tei.codes(findings) == ["kept-as-words"] * len(notes)


def test_a_full_citation_is_a_work(tmp_path: Path) -> None:
    full = """<listBibl><biblFull xml:id="b"><titleStmt><title>Full</title><author>Zed</author></titleStmt>
      <publicationStmt><publisher>Press</publisher><date when="1902"/></publicationStmt></biblFull></listBibl>"""
    work = tei.entry(registers(tmp_path, full)[0], Work, "b")
    assert ([title.text for title in work.titles], [link.kind for link in work.contributors]) == (["Full"], ["author"])
    assert work.dating is not None and work.dating.date.edtf == "1902"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ('<listObject><object xml:id="o"><objectIdentifier><objectName>Ring</objectName></objectIdentifier></object></listObject>',
         "entry-unknown"),
        ('<listPerson><relation name="spouse" active="#a"/><person xml:id="a"><persName>A</persName></person></listPerson>',
         "relation-unknown"),
        ('<listEvent><event xml:id="e" when="1900"/></listEvent>', "name-missing"),
    ],
)  # fmt: skip
def test_what_a_register_cannot_say_is_told(tmp_path: Path, entries: str, code: str) -> None:
    assert tei.codes(registers(tmp_path, entries)[1]) == [code]


def test_the_date_of_a_relation_is_told(tmp_path: Path) -> None:
    both = "".join(f'<person xml:id="{key}"><persName>{key}</persName></person>' for key in "ab")
    relation = '<relation name="spouse" mutual="#a #b" when="1895"/>'
    assert tei.codes(registers(tmp_path, f"<listPerson>{both}{relation}</listPerson>")[1]) == ["part-left-out"]


def test_an_address_of_nobody_and_paragraphs_without_blanks(tmp_path: Path) -> None:
    anna, _ = person(tmp_path, '<idno type="GND">https://d-nb.info/gnd/</idno><note><p>one</p><p>two</p></note>')
    assert anna.same_as == ()
    assert anna.notes[0].text == "one two"


def test_ids_with_one_key_are_told_on_one_line_too(tmp_path: Path) -> None:
    two = '<person xml:id="p.1"><persName>A</persName></person><person xml:id="p_1"><persName>B</persName></person>'
    assert tei.codes(registers(tmp_path, f"<listPerson>{two}</listPerson>")[1]) == ["key-twice"]


@pytest.mark.parametrize(
    "name", ["<country>Italy</country>", '<country ref="https://www.geonames.org/3175395">Italy</country>']
)
def test_a_nationality_by_a_name_is_a_country(tmp_path: Path, name: str) -> None:
    anna, _ = person(tmp_path, f"<nationality>{name}</nationality>")
    found = tei.read(tmp_path)[0]
    assert tei.entry(found, Place, anna.nationalities[0].target.partition("/")[2]).kind == "country"
    assert build.examine(tmp_path).report.clean


def test_the_date_inside_a_statement_is_its_date(tmp_path: Path) -> None:
    told = """<affiliation><orgName ref="#union">Union</orgName> since <date from="1899"/></affiliation>
      <residence><placeName>Rome</placeName> <date when="1900"/></residence>
      <education>Lycée <date when="1890">1890</date></education>"""
    anna, _ = person(tmp_path, told, BODY)
    assert [each.dating.date.edtf for each in (*anna.affiliations, *anna.stays) if each.dating] == ["1899/..", "1900"]
    assert [note.text for note in anna.notes] == [
        "Affiliation: Union since (from 1899)",
        "Education: Lycée 1890 (1890)",
    ]
