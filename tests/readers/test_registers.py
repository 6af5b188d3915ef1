"""Registers: what entries tell is said as the profile says it, else kept as words and told; nothing goes silently."""

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from lod import build
from lod.model import Event, Organisation, Person, Place, Work
from lod.readers import Corpus
from lod.report import Finding
from tests.readers import tei
from tests.readers.test_corpora import corpus


def registers(folder: Path, entries: str) -> tuple[Corpus, list[Finding]]:
    """An edition with one letter and a register of these entries, which begin in line 2."""
    return tei.read(tei.edition(folder, {"one.xml": tei.text()}, {"registers.xml": entries}))


def person(folder: Path, told: str, others: str = "") -> tuple[Person, list[Finding]]:
    entries = f'<listPerson><person xml:id="a"><persName>Anna</persName>\n{told}</person>{others}</listPerson>'
    found, findings = registers(folder, entries)
    return tei.entry(found, Person, "a"), findings


COUNTRY = '<listPlace><place xml:id="fr" type="country"><placeName>France</placeName></place></listPlace>'
BODY = '<listOrg><org xml:id="union"><orgName>Union</orgName></org></listOrg>'


@pytest.mark.parametrize(
    ("told", "note"),
    [
        ("<education>Lycée</education>", "Education: Lycée"),
        ('<education ref="#union" from="1870" to="1872">Lycée</education>', "Education: Lycée (from 1870 to 1872)"),
        ('<trait type="eye_colour"><label>Eyes</label><desc>blue</desc></trait>', "Trait (eye colour): Eyes, blue"),
        ('<state when="1890"><p>ill</p></state>', "State: ill (1890)"),
        ("<nationality>French</nationality>", "Nationality: French"),
        ("<affiliation>Member of <placeName>Sarthe</placeName></affiliation>", "Affiliation: Member of Sarthe"),
        ("<residence>12, rue Molitor</residence>", "Residence: 12, rue Molitor"),
        ('<event when="1909"><p>A prize</p></event>', "Event: A prize (1909)"),
        ('<idno type="inventory">12</idno>', "Number (inventory): 12"),
        ('<note type="research">To do</note>', "Note (research): To do"),
    ],
)
def test_what_the_profile_has_no_statement_for_is_kept_as_words(tmp_path: Path, told: str, note: str) -> None:
    anna, findings = person(tmp_path, told, BODY)
    assert [each.text for each in anna.notes] == [note]
    assert [(each.code, each.source.line, each.key) for each in findings] == [("kept-as-words", 3, "person/a")]


@pytest.mark.parametrize(
    "told", ['<nationality ref="#fr">F</nationality>', '<nationality key="fr">F</nationality>',
             '<nationality><country ref="#fr">F</country></nationality>']
)  # fmt: skip
def test_a_nationality_that_points_somewhere(tmp_path: Path, told: str) -> None:
    anna, findings = person(tmp_path, told, COUNTRY)
    assert [link.target for link in anna.nationalities] == ["place/fr"]
    assert (anna.notes, findings) == ((), [])


@pytest.mark.parametrize(
    ("told", "body", "role"),
    [
        ('<affiliation ref="#union" role="clerk"/>', "organisation/union", "clerk"),
        ('<affiliation><orgName ref="#union">U</orgName></affiliation>', "organisation/union", ""),
        ('<affiliation><roleName>clerk</roleName> <orgName key="union">U</orgName></affiliation>', "organisation/union", "clerk"),
        ("<affiliation><orgName>Other union</orgName></affiliation>", "organisation/registers-other-union", ""),
    ],
)  # fmt: skip
def test_an_affiliation_by_pointer_or_by_the_body_it_names(tmp_path: Path, told: str, body: str, role: str) -> None:
    anna, findings = person(tmp_path, told, BODY)
    assert [(each.body, each.role, each.kind) for each in anna.affiliations] == [(body, role, "")]
    assert (anna.notes, findings) == ((), [])


def test_words_beside_the_body_are_kept_too(tmp_path: Path) -> None:
    anna, findings = person(
        tmp_path, '<affiliation>Professor at <orgName ref="#union">Union</orgName></affiliation>', BODY
    )
    assert [each.body for each in anna.affiliations] == ["organisation/union"]
    assert [each.text for each in anna.notes] == ["Affiliation: Professor at Union"]
    assert tei.codes(findings) == ["kept-as-words"]


def test_an_affiliation_of_a_type_of_its_own_is_no_leaving(tmp_path: Path) -> None:
    anna, findings = person(tmp_path, '<affiliation type="political" ref="#union">Union</affiliation>', BODY)
    assert [each.kind for each in anna.affiliations] == [""]
    assert tei.codes(findings) == ["kept-as-words"]


def test_a_residence_and_a_birth_by_the_place_they_name(tmp_path: Path) -> None:
    told = '<birth when="1870">in <country ref="#fr">France</country></birth><residence><placeName>Rome</placeName></residence>'
    anna, findings = person(tmp_path, told, COUNTRY)
    assert [stay.place.target for stay in anna.stays] == ["place/registers-rome"]
    assert [site.target for site in anna.events[0].sites] == ["place/fr"]
    assert [note.text for note in anna.events[0].notes] == ["in"]
    assert tei.codes(findings) == ["kept-as-words"]


@pytest.mark.parametrize(
    ("name", "kin", "codes"),
    [
        ("child", ("child", "parent"), []),
        ("hasChild", None, ["relation-unknown"]),
        ("spouse", ("spouse", "spouse"), []),
        ("mother", ("parent", "child"), ["relation-widened"]),
        ("http://example.org/terms#uncle", ("relative", "relative"), ["relation-widened"]),
        ("friend", None, ["relation-unknown"]),
    ],
)
def test_relations_by_their_names(tmp_path: Path, name: str, kin: tuple[str, str] | None, codes: list[str]) -> None:
    """`a name b`: what `b` has `a` as."""
    relation = f'<listRelation><relation name="{name}" active="#a" passive="#b"/></listRelation>'
    found, findings = registers(
        tmp_path,
        '<listPerson><person xml:id="a"><persName>A</persName></person><person xml:id="b"><persName>B</persName></person>'
        f"{relation}</listPerson>",
    )
    told = [(link.target, link.kind) for key in ("b", "a") for link in tei.entry(found, Person, key).kin]
    assert told == ([("person/a", kin[0]), ("person/b", kin[1])] if kin else [])
    assert tei.codes(findings) == codes


def test_places_lie_in_what_is_around_them(tmp_path: Path) -> None:
    entries = """<listPlace><place xml:id="it"><country>Italy</country>
      <listPlace><place xml:id="lazio"><placeName>Lazio</placeName></place></listPlace></place>
      <place xml:id="rome"><placeName ref="https://www.geonames.org/3169070">Rome</placeName>
        <location type="located_in"><placeName ref="#lazio">Lazio</placeName><geo>42 13</geo></location></place>
      <place xml:id="via"><placeName>Via</placeName><settlement ref="#rome">Rome</settlement>
        <location><address><street>Via 1</street></address><geo>41.9 12.5</geo></location></place>
      <place xml:id="sea"><placeName>Sea</placeName><region>South</region></place></listPlace>"""
    found, findings = registers(tmp_path, entries)
    places = {key: tei.entry(found, Place, key) for key in ("it", "lazio", "rome", "via", "sea")}
    assert {key: place.within for key, place in places.items()} == {
        "it": "", "lazio": "place/it", "rome": "place/lazio", "via": "place/rome", "sea": "",
    }  # fmt: skip
    assert [name.text for name in places["it"].names] == ["Italy"]
    assert [name.text for name in places["rome"].names] == ["Rome"]
    assert (places["rome"].coordinates, places["via"].coordinates) == ((), ("41.9", "12.5"))
    assert [note.text for note in places["via"].notes] == ["Address: Via 1"]
    assert [note.text for note in places["sea"].notes] == ["Region: South"]
    assert Counter(tei.codes(findings)) == {"kept-as-words": 2}


def test_bodies_in_bodies_and_their_seats(tmp_path: Path) -> None:
    entries = """<listOrg><org xml:id="union"><orgName>Union</orgName><desc>Of all trades.</desc>
      <settlement>Rome</settlement><org xml:id="branch"><orgName>Branch</orgName></org>
      <location><placeName ref="#fr">France</placeName><geo>1 1</geo></location></org></listOrg>"""
    found, findings = registers(tmp_path, entries + COUNTRY)
    union, branch = (tei.entry(found, Organisation, key) for key in ("union", "branch"))
    assert [link.target for link in union.parts] == ["organisation/branch"]
    assert [link.target for link in branch.wholes] == ["organisation/union"]
    assert [link.target for link in union.seats] == ["place/registers-rome", "place/fr"]
    assert [note.text for note in union.notes] == ["Of all trades."]
    assert findings == []


def test_an_event_with_lists(tmp_path: Path) -> None:
    entries = """<listEvent><event xml:id="first-night" when="1900"><label>First night</label>
      <listPerson><person role="plays in"><persName ref="#a">Anna</persName></person></listPerson>
      <note type="listorg"><listOrg><org><orgName ref="#union">Union</orgName></org></listOrg></note>
      <listPlace><place><placeName ref="#fr">France</placeName></place></listPlace>
      <listBibl><bibl><title>A play</title></bibl></listBibl></event></listEvent>"""
    anna = '<listPerson><person xml:id="a"><persName>Anna</persName></person></listPerson>'
    found, findings = registers(tmp_path, entries + anna + BODY + COUNTRY)
    event = next(each for each in found.records if isinstance(each, Event))
    assert [(link.target, link.kind) for link in event.participants] == [
        ("person/a", "plays-in"),
        ("organisation/union", "participant"),
    ]
    assert [site.target for site in event.sites] == ["place/fr"]
    assert [(each.code, each.source.line) for each in findings] == [("part-left-out", 6)]


def test_a_killing_finds_the_deaths_of_its_victims_that_are_told(tmp_path: Path) -> None:
    people = "".join(
        f'<person xml:id="{key}"><persName>{key}</persName>{death}</person>'
        for key, death in (("a", '<death when="1900"/>'), ("b", ""), ("c", '<death when="1901"/>'))
    )
    roles = (("a", "victim"), ("b", "victim"), ("c", "witness"))
    seen = "".join(f'<persName ref="#{key}" role="{role}">{key}</persName>' for key, role in roles)
    event = f'<listEvent><event xml:id="shots" type="{{}}" when="1900"><desc>Shots: {seen}</desc></event></listEvent>'
    for kind, deaths in (("execution", ("person/a/death",)), ("meeting", ())):
        found, _ = registers(tmp_path, f"<listPerson>{people}</listPerson>{event.format(kind)}")
        shots = next(each for each in found.records if isinstance(each, Event))
        assert shots.deaths == deaths


@pytest.mark.parametrize(
    ("numbers", "read"),
    [
        ("90 180", ("90", "180")),
        ("-90 -180", ("-90", "-180")),
        ("90.1 0", ()),
        ("-90.1 0", ()),
        ("0 180.1", ()),
        ("0 -180.1", ()),
    ],
)
def test_coordinates_end_at_the_poles_and_the_date_line(tmp_path: Path, numbers: str, read: tuple[str, ...]) -> None:
    place = f'<place xml:id="a"><placeName>A</placeName><location><geo>{numbers}</geo></location></place>'
    found, findings = registers(tmp_path, f"<listPlace>{place}</listPlace>")
    assert tei.entry(found, Place, "a").coordinates == read
    assert tei.codes(findings) == ([] if read else ["coordinates-impossible"])


def test_works_with_all_their_parts(tmp_path: Path) -> None:
    entries = """<listBibl type="works"><bibl xml:id="essay" type="article"><title>Essay</title><author>Dora</author>
      <placeName ref="#fr">France</placeName><biblScope unit="page">7</biblScope><extent>9 leaves</extent></bibl>
      <bibl xml:id="book" type="book"><title>Book</title><editor ref="#a"/><placeName ref="#fr">France</placeName></bibl>
      <biblStruct xml:id="part"><analytic><author>Dora</author><title>Part</title></analytic>
        <monogr><editor>Emil</editor><title>Whole</title><imprint><date>1900</date></imprint></monogr></biblStruct></listBibl>"""
    anna = '<listPerson><person xml:id="a"><persName>Anna</persName></person></listPerson>'
    found, findings = registers(tmp_path, entries + anna + COUNTRY)
    works = {work.key: work for work in found.records if isinstance(work, Work)}
    assert [link.target for link in works["essay"].contributors] == ["person/registers-dora"]
    assert [link.target for link in works["essay"].written_at] == ["place/fr"]
    assert works["book"].written_at == ()
    assert {key: [note.text for note in work.notes] for key, work in works.items()} == {
        "essay": ["Scope (page): 7", "Extent: 9 leaves"],
        "book": ["Place: France"],
        "part": ["Imprint: Whole, Emil, 1900"],
    }
    assert Counter(tei.codes(findings)) == {"kept-as-words": 3}


@pytest.mark.parametrize(
    "entry",
    [
        '<person xml:id="x"><persName ref="https://d-nb.info/gnd/118609807">X</persName></person>',
        '<person xml:id="x" sameAs="gnd:118609807"><persName>X</persName></person>',
        '<person xml:id="x"><persName>X</persName><idno type="GND">118609807</idno></person>',
    ],
)
def test_an_authority_in_an_entry_is_the_entry(tmp_path: Path, entry: str) -> None:
    """A letter that points to the authority means the entry, whichever way the entry says who it is."""
    sent = '<correspAction type="sent"><persName ref="http://d-nb.info/gnd/118609807">X.</persName></correspAction>'
    texts, files = {"one.xml": tei.text(sent)}, {"registers.xml": f"<listPerson>{entry}</listPerson>"}
    found, findings = tei.read(tei.edition(tmp_path, texts, files))
    assert [link.target for link in tei.letter(found).sent.agents] == ["person/x"]
    assert [link.target for link in tei.entry(found, Person, "x").same_as] == ["https://d-nb.info/gnd/118609807"]
    assert findings == []


def test_entries_that_nothing_can_point_to_are_told(tmp_path: Path) -> None:
    entries = """<listPerson><person><persName>Nobody</persName></person>
      <personGrp xml:id="g"><persName>Both</persName></personGrp></listPerson>
      <listBibl><bibl><title>A book</title></bibl></listBibl>"""
    _, findings = registers(tmp_path, entries)
    assert [(each.code, each.source.line) for each in findings] == [
        ("entry-without-id", 2),
        ("entry-unknown", 3),
        ("entry-without-id", 4),
    ]


def test_what_is_read_passes_the_shapes(tmp_path: Path) -> None:
    """Notes on places, seats by name, nested bodies: all are statements that the shapes know."""
    entries = """<listOrg><org xml:id="union"><orgName>Union</orgName><settlement>Rome</settlement>
      <org xml:id="branch"><orgName>Branch</orgName></org></org></listOrg>
      <listPlace><place xml:id="sea"><placeName>Sea</placeName><region>South</region></place></listPlace>
      <listPerson><person xml:id="a"><persName>Anna</persName>
        <affiliation><roleName>clerk</roleName> <orgName ref="#union">Union</orgName></affiliation></person></listPerson>"""
    folder = tei.edition(tmp_path, {"one.xml": tei.text()}, {"registers.xml": entries})
    assert [finding.code for finding in build.examine(folder).report if finding.level == "error"] == []


WITHOUT_A_FIELD = (
    "//t:person/*[self::t:education or self::t:nationality or self::t:affiliation or self::t:event][normalize-space()]",
    "//t:org/t:placeName[*]",
    "//t:place/*[self::t:country or self::t:region or self::t:settlement]",
    "//t:place/t:location/t:address",
    "//t:place/t:idno[. = '6452886']",
)
"""What the registers of PEC say without a pointer: no entry of another register is meant by it."""


def test_every_part_without_a_field_is_kept_and_told() -> None:
    built = corpus("pec")
    found, report = built.corpus, built.report
    files = [source.file for source in found.edition.sources if source.format == "registers"]
    roots = [etree.parse(found.edition.data / file) for file in files]
    names = {"t": "http://www.tei-c.org/ns/1.0"}
    counted = sum(len(root.xpath(path, namespaces=names)) for root in roots for path in WITHOUT_A_FIELD)  # type: ignore[arg-type]
    assert sum(finding.code == "kept-as-words" for finding in report) == counted == 3439


@pytest.mark.parametrize("name", ["pec", "schnitzler-briefe"])
def test_what_is_said_to_be_kept_is_kept(name: str) -> None:
    """The words of each finding stand in a remark of the record it names."""
    found, report = corpus(name).corpus, corpus(name).report
    notes = {
        record.path: " ".join(note.text for note in record.notes)
        for record in found.records
        if isinstance(record, Person | Organisation | Place | Event | Work)
    }
    for record in found.records:
        if isinstance(record, Person):
            notes |= {event.path: " ".join(note.text for note in event.notes) for event in record.events}
    kept = [finding for finding in report if finding.code == "kept-as-words"]
    assert kept
    for finding in kept:
        assert finding.message.partition("'")[2].removesuffix("'") in notes[finding.key]
