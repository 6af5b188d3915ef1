"""Letters of TEI editions: all that a correspDesc may say, and what the header adds; what is not understood is told."""

from pathlib import Path

import pytest
from lxml import etree

from lod import build
from lod.model import Action, Holding, Letter, Work
from lod.terms import iri
from lod.vocab import crm, rdfs, schema
from tests.readers import tei
from tests.readers import test_identities as identities
from tests.readers.test_corpora import corpus

PEOPLE = """<listPerson>
  <person xml:id="a"><persName>Anna</persName><idno type="GND">118609807</idno></person>
  <person xml:id="b"><persName>Ben</persName></person><person xml:id="c"><persName>Carl</persName></person></listPerson>
<listPlace><place xml:id="rome"><placeName>Rome</placeName></place></listPlace>"""


def letter(folder: Path, description: str, *, header: str = "", attributes: str = "") -> tuple[Letter, list[str]]:
    """The letter of a description, and the codes of what was found."""
    text = tei.text(description, header=header).replace('key="1"', f'key="1" {attributes}')
    other = tei.text(key="2")
    folder = tei.edition(folder, {"one.xml": text, "two.xml": other}, {"people.xml": PEOPLE})
    found, findings = tei.read(folder)
    return tei.letter(found), tei.codes(findings)


def action(kind: str, content: str, **attributes: str) -> str:
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<correspAction type="{kind}"{given}>{content}</correspAction>'


@pytest.mark.parametrize(
    "name",
    [
        '<persName ref="#a">A.</persName>',
        '<persName ref="people.xml#a">A.</persName>',
        '<persName key="a">A.</persName>',
        '<persName corresp="#a">A.</persName>',
        '<persName sameAs="#a">A.</persName>',
        '<persName ref="https://d-nb.info/gnd/118609807">A.</persName>',
        '<persName ref="gnd:118609807">A.</persName>',
        '<rs type="person" ref="#a">A.</rs>',
        '<name type="person" key="a">A.</name>',
        '<name ref="#a">A.</name>',
        '<rs key="a">A.</rs>',
    ],
)
def test_a_sender_in_all_forms_of_pointers(tmp_path: Path, name: str) -> None:
    found, codes = letter(tmp_path, action("sent", name))
    assert [(link.target, link.form) for link in found.sent.agents] == [("person/a", "A.")]
    assert codes == []


@pytest.mark.parametrize("kind", ["forwarded", "redirected", "transmitted", "read"])
def test_other_actions_are_activities_of_their_own(tmp_path: Path, kind: str) -> None:
    told = '<persName ref="#c">Carl</persName><placeName ref="#rome">Rome</placeName><date when="1900-01-02"/>'
    description = tei.SENT + action("received", '<persName ref="#b">Ben</persName>') + action(kind, told)
    found, codes = letter(tmp_path, description)
    (other,) = found.actions
    assert isinstance(other, Action) and other.dating is not None
    assert (other.kind, other.dating.date.edtf) == (kind, "1900-01-02")
    assert [link.target for link in (*other.agents, *other.places)] == ["person/c", "place/rome"]
    assert [link.target for link in found.received.agents] == ["person/b"]
    assert codes == []
    report = build.examine(tmp_path).report
    assert [finding for finding in report if finding.level == "error"] == []


def test_several_senders_addressees_and_dates(tmp_path: Path) -> None:
    sent = action("sent", '<persName ref="#a"/><persName ref="#b"/><date when="1900"/><date when="1901"/>')
    received = action("received", '<persName ref="#c"/>') + action("received", "<orgName>Senate</orgName>")
    found, codes = letter(tmp_path, sent + received)
    assert [link.target for link in found.sent.agents] == ["person/a", "person/b"]
    assert [link.target for link in found.received.agents] == ["person/c", "organisation/one-senate"]
    assert found.sent.dating is not None and found.sent.dating.date.edtf == "1900"
    assert codes == ["date-several"]


def test_who_got_a_copy_is_an_addressee_of_a_kind(tmp_path: Path) -> None:
    copies = "".join(
        action("received", f'<persName ref="#{key}"/>', subtype=subtype)
        for key, subtype in (("a", "to"), ("b", "cc"), ("c", "BCC"))
    )
    found, codes = letter(tmp_path, tei.SENT + copies)
    assert [(link.target, link.kind) for link in found.received.agents] == [
        ("person/a", ""),
        ("person/b", "cc"),
        ("person/c", "bcc"),
    ]
    assert codes == []
    built = build.examine(tmp_path)
    triples = {triple for path, block in built.blocks if path == "letter/1" for triple in block}
    base = built.corpus.edition.base
    for predicate, keys in ((schema.recipient, "abc"), (schema.ccRecipient, "b"), (schema.bccRecipient, "c")):
        said = {node for _, each, node in triples if each == predicate}
        assert said == {iri(f"{base}person/{key}") for key in keys}
    assert [finding for finding in built.report if finding.level == "error"] == []


CONTEXTS = [
    ('<correspContext><ref type="reply-to" target="two.xml"/></correspContext>', ["letter/two"], []),
    ('<correspContext><ref type="replyTo" target="two"/></correspContext>', ["letter/two"], []),
    ('<correspContext><ref type="reply-to" target="../letters/two.xml#l2"/></correspContext>', ["letter/two"], []),
    ('<correspContext><ptr type="reply-to" target="#two"/></correspContext>', ["letter/two"], []),
    ('<correspContext><p>Answers <ref type="reply-to" target="#two">yours</ref>.</p></correspContext>', ["letter/two"], ["context-words"]),
    ('<correspContext><ref type="reply-to" target="https://example.org/e2/two"/></correspContext>', [], ["context-elsewhere"]),
    ('<correspContext><ref type="reply-to" target="three.xml"/></correspContext>', [], ["context-elsewhere"]),
    ('<correspContext><ref type="reply-to" target="one.xml"/></correspContext>', [], ["context-elsewhere"]),
    ('<correspContext><note>Later.</note></correspContext>', [], ["context-words"]),
    ('<correspContext prev="#l2"/>', [], ["order-left-out"]),
    ('<correspContext><ref type="next" target="#l2"/></correspContext>', [], ["order-left-out"]),
]  # fmt: skip


@pytest.mark.parametrize(("context", "answered", "codes"), CONTEXTS)
def test_the_context_of_a_letter(tmp_path: Path, context: str, answered: list[str], codes: list[str]) -> None:
    second = tei.text().replace('key="1"', 'xml:id="l2"')
    texts = {"one.xml": tei.text(tei.SENT + context), "two.xml": second}
    found, findings = tei.read(tei.edition(tmp_path, texts))
    assert [link.target for link in tei.letter(found).context] == answered
    assert tei.codes(findings) == codes


@pytest.mark.parametrize(
    ("target", "answered"),
    [
        ("https://letters.example/2", ["letter/2"]),
        ("https://letters.example/2/", ["letter/2"]),
        ("2", ["letter/2"]),
        ("https://other.example/2", []),
        ("https://letters.example/sub/2", []),
    ],
)
def test_a_letter_of_an_index_by_its_address(tmp_path: Path, target: str, answered: list[str]) -> None:
    """An address beside that of the letter itself is the edition's; the same number elsewhere is another letter."""
    context = f'<correspContext><ref type="reply-to" target="{target}"/></correspContext>'
    one = f'<correspDesc ref="https://letters.example/1">{tei.SENT}{context}</correspDesc>'
    two = f'<correspDesc ref="https://letters.example/2">{tei.SENT}</correspDesc>'
    found, _ = identities.read(identities.edition(tmp_path, [one, two]))
    assert [link.target for link in tei.letter(found).context] == answered


@pytest.mark.parametrize(
    ("attributes", "codes"), [('prev="#x"', ["order-left-out"]), ('next="#y" prev="#x"', ["order-left-out"]), ("", [])]
)
def test_order_in_attributes_is_told(tmp_path: Path, attributes: str, codes: list[str]) -> None:
    _, found = letter(tmp_path, tei.SENT, attributes=attributes)
    assert found == codes


def test_the_same_letter_elsewhere(tmp_path: Path) -> None:
    found, codes = letter(tmp_path, tei.SENT, attributes='sameAs="https://example.org/other/7"')
    assert (found.same_as, codes) == (("https://example.org/other/7",), [])


@pytest.mark.parametrize(
    "description",
    [
        f"<p>A letter.</p>{tei.SENT}",
        tei.SENT.replace("</correspAction>", "<p>by hand</p></correspAction>"),
        tei.SENT.replace("</correspAction>", "<rs>somebody</rs></correspAction>"),
        tei.SENT.replace("</correspAction>", "<title>A book</title></correspAction>"),
    ],
)
def test_what_is_not_understood_is_told(tmp_path: Path, description: str) -> None:
    _, codes = letter(tmp_path, description)
    assert codes == ["part-left-out"]


# ---------------------------------------------------------------------- where it is printed
BOOK = """<biblStruct n="firstPrint"><monogr><author>Dora Meier</author><title>Letters</title><imprint>
  <pubPlace>Rome</pubPlace><date when="1950"/><biblScope>12</biblScope></imprint></monogr></biblStruct>"""
SOURCES = [
    (BOOK, [("work/dora-meier-letters-1950", "first")], ["Printed in Dora Meier, Letters, Rome: 12"], []),
    ('<bibl xml:id="print"><title>Letters</title>, <publisher>Press</publisher></bibl>', [("work/one-print", "")], [], []),
    ("<listBibl><biblFull><titleStmt><title>Letters</title></titleStmt><publicationStmt><publisher>Press</publisher>"
     "<date>1950</date></publicationStmt></biblFull></listBibl>", [("work/letters-1950", "")], [], []),
    ("<bibl>Letter to Ben, archive of Rome, box 7</bibl>", [], [], ["source-unclear"]),
    ("<p>Born digital</p>", [], [], []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "printed", "notes", "codes"), SOURCES)
def test_the_bibliography_of_the_header(
    tmp_path: Path, source: str, printed: list[tuple[str, str]], notes: list[str], codes: list[str]
) -> None:
    found, told = letter(tmp_path, tei.SENT, header=f"<fileDesc><sourceDesc>{source}</sourceDesc></fileDesc>")
    assert [(link.target, link.kind) for link in found.published] == printed
    assert [note.text for note in found.notes] == notes
    assert told == codes


def test_a_source_that_is_pointed_to(tmp_path: Path) -> None:
    header = '<fileDesc><sourceDesc><bibl xml:id="book" type="print">A book</bibl></sourceDesc></fileDesc>'
    found, codes = letter(tmp_path, tei.SENT, header=header, attributes='source="#book"')
    assert [link.target for link in found.published] == ["work/one-book"]
    assert codes == ["source-unclear"]


PRINTED = {"schnitzler-briefe": 26, "tillich": 12}


@pytest.mark.parametrize("name", PRINTED)
def test_letters_of_real_editions_are_printed_in_what_their_headers_cite(name: str) -> None:
    """Each letter whose header has a biblStruct with a title and an imprint, counted by XPath, has a publication."""
    found = corpus(name).corpus
    letters = {record.source.file: record for record in found.records if isinstance(record, Letter)}
    path = "//t:sourceDesc//t:biblStruct[.//t:title][.//t:imprint/*[self::t:date or self::t:pubPlace or self::t:publisher]]"
    counted = 0
    for file, record in letters.items():
        root = etree.parse(found.edition.data / file)
        expected = root.xpath(path, namespaces={"t": "http://www.tei-c.org/ns/1.0"})
        counted += bool(expected)
        assert bool(record.published) == bool(expected), file
        assert len(record.published) <= len(expected)  # type: ignore[arg-type]
    assert counted == PRINTED[name]
    works = {record.path for record in found.records if isinstance(record, Work)}
    assert {link.target for record in letters.values() for link in record.published} <= works


def test_departments_of_two_institutions_are_two(tmp_path: Path) -> None:
    def header(institution: str) -> str:
        parts = (
            f"<settlement>Wien</settlement><institution>{institution}</institution><repository>Manuscripts</repository>"
        )
        return f"""<fileDesc><sourceDesc><msDesc><msIdentifier>{parts}<idno>1</idno></msIdentifier></msDesc></sourceDesc></fileDesc>"""

    texts = {f"{name}.xml": tei.text(header=header(name), key=name) for name in ("a", "b")}
    found, findings = tei.read(tei.edition(tmp_path, texts))
    holdings = [each for each in found.records if isinstance(each, Holding)]
    assert [[link.target for link in each.keepers] for each in holdings] == [
        [f"organisation/wien-{name}-manuscripts", f"organisation/wien-{name}"] for name in ("a", "b")
    ]
    assert [each.label for each in holdings] == ["Manuscripts, a, Wien", "Manuscripts, b, Wien"]
    assert findings == []


def test_further_shelf_marks_are_those_of_the_same_object(tmp_path: Path) -> None:
    marks = """<idno>B 1</idno><idno type="old">B 1</idno><idno type="URL">https://example.com/1</idno>
      <altIdentifier type="former"><repository>Museum</repository><idno>7/8</idno></altIdentifier><idno type="box">3</idno>"""
    manuscript = f"<msDesc><msIdentifier><repository>Archive</repository>{marks}</msIdentifier></msDesc>"
    header = f"<fileDesc><sourceDesc>{manuscript}</sourceDesc></fileDesc>"
    folder = tei.edition(tmp_path, {"one.xml": tei.text(header=header)})
    found, findings = tei.read(folder)
    (carrier,) = tei.letter(found).carriers
    assert (carrier.shelfmark, carrier.further) == ("B 1", (("7/8", "former, Museum"), ("3", "box")))
    assert findings == []
    built = build.examine(folder)
    assert [finding for finding in built.report if finding.level == "error"] == []
    triples = {triple for _, block in built.blocks for triple in block}
    node = iri("https://example.org/e/letter/1/original")
    assert {value for one, term, value in triples if (one, term) == (node, schema.identifier)} == {
        '"B 1"',
        '"7/8"',
        '"3"',
    }
    further = iri("https://example.org/e/letter/1/shelfmark-7-8")
    assert (node, crm.P1_is_identified_by, further) in triples
    assert (further, rdfs.label, '"Shelf mark of letter 1 (former, Museum)"@de') in {
        (one, term, value.replace("@en", "@de")) for one, term, value in triples
    }


def test_a_urn_is_a_link_where_one_resolver_has_it(tmp_path: Path) -> None:
    def note(target: str) -> str:
        return f'{tei.SENT}<note><ref type="cmif:isEditionOf" target="{target}"/></note>'

    found, codes = letter(tmp_path, note("urn:nbn:de:hebis:30-1"), attributes='sameAs="urn:x-archive:9 #other"')
    assert found.same_as == ("https://nbn-resolving.org/urn:nbn:de:hebis:30-1",)
    assert codes == ["part-left-out"]
    assert [finding for finding in build.examine(tmp_path).report if finding.level == "error"] == []
    found, codes = letter(tmp_path, note("urn:isbn:9780745305158"))
    assert [each.text for each in found.notes] == ["Edition of urn:isbn:9780745305158"]
    assert found.same_as == () and codes == ["kept-as-words"]
