"""Rare forms of `correspDesc`: nothing in them goes silently, nothing doubtful becomes certain."""

from pathlib import Path

import pytest

from lod import build
from lod.model import Letter, Standing
from lod.report import Finding
from tests.readers import tei


def letter(folder: Path, told: str, *, sent: bool = True) -> tuple[Letter, list[Finding]]:
    """The letter whose description tells `told` beside its sender."""
    corpus, findings = tei.read(tei.edition(folder, {"one.xml": tei.text(f"{tei.SENT if sent else ''}{told}")}))
    return tei.letter(corpus), findings


def test_the_same_done_twice_is_two_activities(tmp_path: Path) -> None:
    days = ("1900-01-02", "1900-01-03", "1900-01-04")
    who = '<persName ref="https://viaf.org/viaf/15798950">Ben</persName>'
    told = "".join(f'<correspAction type="forwarded">{who}<date when="{day}"/></correspAction>' for day in days)
    tei.edition(tmp_path, {"one.xml": tei.text(tei.SENT + told)})
    built = build.examine(tmp_path)
    nodes = {triple[0] for _, triples in built.blocks for triple in triples if "/forwarded" in triple[0]}
    spans = sorted(node for node in nodes if node.endswith("-date>"))
    assert (len(spans), len(nodes)) == (3, 6)


OLD = """<sender>Anna</sender><addressee><persName>Ben</persName><orgName>Club</orgName></addressee>
  <placeSender>Linz</placeSender><dateSender>3. May 1899</dateSender><dateAddressee when="1899-05-05"/>"""


def test_the_old_form_without_markup_inside(tmp_path: Path) -> None:
    found, findings = letter(tmp_path, OLD, sent=False)
    assert [link.form for link in (*found.sent.agents, *found.sent.places)] == ["Anna", "Linz"]
    assert [link.form for link in found.received.agents] == ["Ben", "Club"]
    assert [each.date.edtf for each in (found.sent.dating, found.received.dating) if each] == [
        "1899-05-03",
        "1899-05-05",
    ]
    assert tei.codes(findings) == ["form-old", "date-from-words"]


def test_a_date_of_the_old_form_that_cannot_be_read_is_kept(tmp_path: Path) -> None:
    found, findings = letter(tmp_path, "<sender>Anna</sender><dateSender>Whitsun 1899</dateSender>", sent=False)
    assert [note.text for note in found.notes] == ["Date as printed (sent): Whitsun 1899"]
    assert tei.codes(findings) == ["form-old", "date-text-only"]


def test_what_is_doubtful_of_an_action_is_doubtful_of_all_in_it(tmp_path: Path) -> None:
    told = '<persName>Ben</persName><placeName>Rome</placeName><date when="1900"/>'
    told = f'<correspAction type="received" cert="low">{told}</correspAction>'
    found, _ = letter(tmp_path, told)
    links = (*found.received.agents, *found.received.places)
    assert [link.claim.standing for link in links] == [Standing.UNCERTAIN] * 2
    assert found.received.dating is not None and found.received.dating.date.edtf == "1900?"


@pytest.mark.parametrize(
    ("told", "notes", "codes"),
    [
        ("<note>plain</note>", ["plain"], []),
        ('<note type="incipit">Dear Ben</note>', ["Note (incipit): Dear Ben"], ["kept-as-words"]),
        ('<note>Sent with <ref type="cmif:hasLanguage" target="de"/> a parcel</note>', ["Note: Sent with a parcel"],
         ["kept-as-words"]),
        ('<note> <ref type="cmif:hasLanguage" target="de">German</ref>, </note>', [], []),
    ],
)  # fmt: skip
def test_the_words_of_notes(tmp_path: Path, told: str, notes: list[str], codes: list[str]) -> None:
    found, findings = letter(tmp_path, told)
    assert ([note.text for note in found.notes], tei.codes(findings)) == (notes, codes)


def test_references_deep_in_a_note_are_read(tmp_path: Path) -> None:
    ref = '<ref type="cmif:mentionsPerson" target="https://viaf.org/viaf/15798950">Ben</ref>'
    found, findings = letter(tmp_path, f"<note><list><item>{ref}</item></list></note>")
    assert ([link.target for link in found.mentions], findings) == (["person/viaf-15798950"], [])


@pytest.mark.parametrize(
    ("kind", "target", "field", "values"),
    [
        ("hasLanguage", "de fr", "languages", ("de", "fr")),
        ("hasLanguage", "German", "languages", ()),
        ("hasLanguage", "und", "languages", ()),
        ("isPublishedWith", "cmif:comment https://lod.academy/cmif/vocab/terms/facsimile", "offers", ("comment", "facsimile")),
        ("isAvailableAsTEIfile", "https://example.org/1.xml", "tei", ("https://example.org/1.xml",)),
        ("isAvailableAsTEIfile", "1.xml", "tei", ()),
        ("hasTextBase", "", "text_bases", ()),
    ],
)  # fmt: skip
def test_values_of_references(tmp_path: Path, kind: str, target: str, field: str, values: tuple[str, ...]) -> None:
    found, findings = letter(tmp_path, f'<note><ref type="cmif:{kind}" target="{target}"/></note>')
    assert getattr(found, field) == values
    assert tei.codes(findings) == ([] if values or target == "und" else ["ref-unknown"])


def test_a_corresponding_thing_is_told(tmp_path: Path) -> None:
    content = tei.text().replace("<correspDesc ", '<correspDesc corresp="https://example.org/x" ')
    assert tei.codes(tei.read(tei.edition(tmp_path, {"one.xml": content}))[1]) == ["part-left-out"]


@pytest.mark.parametrize("header", ['<profileDesc><langUsage><language ident="german"/></langUsage></profileDesc>'])
def test_a_language_that_is_no_tag_is_told(tmp_path: Path, header: str) -> None:
    _, findings = tei.read(tei.edition(tmp_path, {"one.xml": tei.text(header=header)}))
    assert tei.codes(findings) == ["language-unknown"]
