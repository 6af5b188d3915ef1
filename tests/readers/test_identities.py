"""Who is who: pointers in all their forms, names, placeholders; IRIs that survive reordering, corrections and new harvests."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod import authorities, build, config, mapping, readers
from lod.iris import is_key, slug
from lod.model import Letter, Organisation, Person
from lod.readers import Corpus
from lod.readers.remembered import IDS
from lod.report import Report
from lod.terms import address, iri

TOML = """id = "e"
base = "https://example.org/e/"
title = { en = "E" }
description = { en = "E" }
languages = ["de"]
editors = ["Somebody"]
publisher = "Somebody"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
rights = "None"

[[source]]
file = "letters.xml"
format = "cmif"
"""


def edition(folder: Path, letters: list[str], extra: str = "") -> Path:
    body = "\n".join(letters)
    text = (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc>\n{body}\n</profileDesc></teiHeader></TEI>'
    )
    (folder / "letters.xml").write_text(text, encoding="utf-8")
    (folder / "edition.toml").write_text(TOML + extra, encoding="utf-8")
    return folder


def letter(
    sender: str, addressee: str = "<persName>Ben</persName>", attributes: str = 'key="1"', day: str = "1900-01-01"
) -> str:
    sent = f'<correspAction type="sent">{sender}<date when="{day}"/></correspAction>'
    return f'<correspDesc {attributes}>{sent}<correspAction type="received">{addressee}</correspAction></correspDesc>'


def read(folder: Path) -> tuple[Corpus, list[str]]:
    report = Report()
    return readers.read(config.load(folder), report), [finding.code for finding in report]


def people(corpus: Corpus) -> dict[str, Person | Organisation]:
    found = {record.path: record for record in corpus.records if isinstance(record, Person | Organisation)}
    found.pop("organisation/editors")
    return found


@pytest.mark.parametrize(
    ("pointer", "key"),
    [
        ("http://d-nb.info/gnd/118609807", "gnd-118609807"),
        ("https://d-nb.info/gnd/118609807/about/lds", "gnd-118609807"),
        ("gnd:118609807", "gnd-118609807"),
        ("https://viaf.org/viaf/15798950/", "viaf-15798950"),
        ("//viaf.org/viaf/15798950", "viaf-15798950"),
        ("https://www.wikidata.org/wiki/Q42", "wikidata-q42"),
        ("http://www.wikidata.org/entity/Q42", "wikidata-q42"),
        ("https://www.geonames.org/3024641/clermont.html", "geonames-3024641"),
        ("http://weber-gesamtausgabe.de/A008673", "weber-gesamtausgabe-de-a008673"),
        ("https://www.deutsche-biographie.de/pnd118609807.html#ndbcontent", "gnd-118609807"),
        ("https://www.deutsche-biographie.de/gnd118609807.html", "gnd-118609807"),
        ("http://www.deutsche-biographie.de/sfz53095.html#adbcontent", "deutsche-biographie-de-sfz53095-html"),
        ("https://deutsche-biographie.de/sfz53095", "deutsche-biographie-de-sfz53095-html"),
        ("https://www.deutsche-biographie.de/pnd12.html", "deutsche-biographie-de-pnd12-html"),
        ("https://data.bnf.fr/ark:/12148/cb119016075", "bnf-cb119016075"),
        ("http://data.bnf.fr/11901607/somebody/", "bnf-cb119016075"),
        ("https://data.bnf.fr/fr/11907966/victor_hugo/", "bnf-cb11907966z"),
        ("https://data.bnf.fr/date/1802/", "data-bnf-fr-date-1802"),
        ("http://n2t.net/ark:/99166/w6j67tf8", "snaccooperative-org-ark-99166-w6j67tf8"),
        ("https://snaccooperative.org/ark:99166/w6j67tf8", "snaccooperative-org-ark-99166-w6j67tf8"),
        ("https://snaccooperative.org/view/29260863", "snaccooperative-org-view-29260863"),
    ],
)
def test_an_address_has_one_key(pointer: str, key: str) -> None:
    assert authorities.key(pointer) == key
    assert authorities.normalise(authorities.normalise(pointer)) == authorities.normalise(pointer)


def test_the_same_address_in_many_forms_is_one_person(tmp_path: Path) -> None:
    forms = ["http://d-nb.info/gnd/118609807", "https://d-nb.info/gnd/118609807/", "gnd:118609807"]
    letters = [letter(f'<persName ref="{form}">A</persName>', attributes=f'key="{n}"') for n, form in enumerate(forms)]
    corpus, codes = read(edition(tmp_path, letters))
    assert sorted(people(corpus)) == ["person/gnd-118609807", "person/letters-ben"]
    assert codes == []


def test_pointers_in_one_name_are_one_person_everywhere(tmp_path: Path) -> None:
    gnd, viaf = "https://d-nb.info/gnd/118609807", "https://viaf.org/viaf/15798950"
    letters = [
        letter(f'<persName ref="{viaf}">A</persName>', attributes='key="1"'),
        letter(f'<persName ref="{gnd} {viaf}">A</persName>', attributes='key="2"'),
        letter(f'<persName ref="{gnd}">A</persName>', attributes='key="3"'),
    ]
    corpus, _ = read(edition(tmp_path, letters))
    assert sorted(people(corpus)) == ["person/gnd-118609807", "person/letters-ben"]


def test_with_and_without_a_pointer_is_not_one_person(tmp_path: Path) -> None:
    letters = [letter('<persName ref="gnd:118609807">Anna</persName>', "<persName>Anna</persName>")]
    corpus, _ = read(edition(tmp_path, letters))
    assert sorted(people(corpus)) == ["person/gnd-118609807", "person/letters-anna"]
    assert people(corpus)["person/letters-anna"].identity == "identity-name-only"


def test_names_can_be_kept_apart(tmp_path: Path) -> None:
    letters = [letter("<persName>Anna</persName>", attributes=f'key="{n}"') for n in (1, 2)]
    corpus, _ = read(edition(tmp_path, letters, 'names = "apart"\n'))
    assert sorted(people(corpus)) == [f"person/letters-{n}-{name}" for n in (1, 2) for name in ("anna", "ben")]


@pytest.mark.parametrize(
    "nobody",
    ["Unknown", "[unbekannt]", "N.N.", "?", "Anonym", "Empfänger unbekannt", "unbekannte Empfängerin", "unidentified sender",
     "destinataire inconnu", "Frau N. N.", "N.N. (Verlag)", "nicht bekannt", "verschiedene Empfänger", "Неизвестный"],
)  # fmt: skip
def test_placeholders_never_collapse(tmp_path: Path, nobody: str) -> None:
    letters = [letter(f"<persName>{nobody}</persName>", f"<persName>{nobody}</persName>", f'key="{n}"') for n in (1, 2)]
    corpus, _ = read(edition(tmp_path, letters))
    assert sorted(people(corpus)) == [f"person/{n}-{role}" for n in (1, 2) for role in ("addressee", "sender")]
    assert all(person.names[0].kind == "descriptive" for person in people(corpus).values())


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("<subst><del>wor</del><add>tha</add></subst>t", "that"),
        ("<del>Berta</del><add>Anna</add>", "Anna"),
        ("Dr. <choice><sic>Ana</sic><corr>Anna</corr></choice>", "Dr. Anna"),
        ("<choice><abbr>A.</abbr><expan>Anna</expan></choice> K.", "Anna K."),
        ("Hugo<lb/>Wolf", "Hugo Wolf"),
        ('Hu<lb break="no"/>\n   go', "Hugo"),
        ('<hi rend="b">A</hi><supplied>nna</supplied>', "Anna"),
        ("<forename>Anna</forename><surname>Karenina</surname>", "Anna Karenina"),
        ("<surname>Karenina</surname>, <forename>Anna</forename>", "Karenina, Anna"),
    ],
)
def test_a_name_is_read_as_an_editor_reads_it(tmp_path: Path, written: str, read_as: str) -> None:
    corpus, _ = read(edition(tmp_path, [letter(f"<persName>{written}</persName>")]))
    assert [person.names[0].text for path, person in people(corpus).items() if path != "person/letters-ben"] == [
        read_as
    ]


@pytest.mark.parametrize("somebody", ["einen Unbekannten", "Eine Freundin", "a friend", "un ami", "[einen Amtsbruder]"])
def test_the_same_description_twice_is_two_people(tmp_path: Path, somebody: str) -> None:
    letters = [letter("<persName>Anna</persName>", f"<persName>{somebody}</persName>", f'key="{n}"') for n in (1, 2)]
    corpus, _ = read(edition(tmp_path, letters))
    described = [person for path, person in people(corpus).items() if path != "person/letters-anna"]
    assert len(described) == 2
    assert {person.names[0].kind for person in described} == {"descriptive"}


@pytest.mark.parametrize(
    "name", ["a Lasco", "Ein", "En-lai Zhou", "Einem, Karl von", "An Lushan", "Uno Chiyo", "Una Pope"]
)
def test_a_name_is_no_description(tmp_path: Path, name: str) -> None:
    letters = [letter("<persName>Anna</persName>", f"<persName>{name}</persName>", f'key="{n}"') for n in (1, 2)]
    corpus, _ = read(edition(tmp_path, letters))
    assert len(people(corpus)) == 2


def test_nobody_who_sends_a_letter_on_is_its_unknown_sender(tmp_path: Path) -> None:
    redirected = '<correspAction type="sent" subtype="redirecting"><persName>unknown</persName></correspAction>'
    one = letter("<persName>unknown</persName>").replace("</correspDesc>", f"{redirected}</correspDesc>")
    corpus, _ = read(edition(tmp_path, [one]))
    assert sorted(people(corpus)) == ["person/1-redirecting-sent", "person/1-sender", "person/letters-ben"]


@pytest.mark.parametrize(
    "pointer", ["", "#", "https://viaf.org/viaf/0", "http://example.com/unknown", "https://d-nb.info/gnd/"]
)
def test_an_address_of_nobody_is_none(tmp_path: Path, pointer: str) -> None:
    corpus, _ = read(edition(tmp_path, [letter(f'<persName ref="{pointer}">Anna</persName>')]))
    assert "person/letters-anna" in people(corpus)


@pytest.mark.parametrize(
    "name", ["Anna Unbekannt", "Anton", "Ort, Anna", "Mann, Thomas", "Frau Anna N.", "Severin", "Divers, A."]
)
def test_a_name_is_somebody(name: str) -> None:
    assert not authorities.is_placeholder(name)


@pytest.mark.parametrize(
    ("pointer", "address"),
    [
        ("https://lobid.org/gnd/118609807", "https://d-nb.info/gnd/118609807"),
        ("https://explore.gnd.network/gnd/118609807", "https://d-nb.info/gnd/118609807"),
        ("http://d-nb.info/1234567890", "http://d-nb.info/1234567890"),
        ("http://id.loc.gov/authorities/subjects/sh85001441.html", "http://id.loc.gov/authorities/subjects/sh85001441"),
    ],
)
def test_an_authority_is_no_other(pointer: str, address: str) -> None:
    assert authorities.normalise(pointer) == address


def test_numbers_of_authorities_as_libraries_write_them() -> None:
    assert authorities.from_number("GND", "(DE-588)118609807") == "https://d-nb.info/gnd/118609807"


def test_different_names_with_one_key_stay_two(tmp_path: Path) -> None:
    corpus, _ = read(edition(tmp_path, [letter("<persName>Müller</persName>", "<persName>Muller</persName>")]))
    assert len(people(corpus)) == 2


def test_a_group_is_a_group_and_a_couple_is_told(tmp_path: Path) -> None:
    corpus, codes = read(edition(tmp_path, [letter("<orgName>Senat</orgName>", "<persName>Familie Meyer</persName>")]))
    assert sorted(people(corpus)) == ["organisation/letters-senat", "person/letters-familie-meyer"]
    assert codes == ["name-of-several"]


def paths(corpus: Corpus) -> set[str]:
    return {path for path, _ in mapping.map_edition(corpus.edition, corpus.records, corpus.sources)}


def test_order_does_not_matter(tmp_path: Path) -> None:
    letters = [
        letter(
            f"<persName>A{n % 7}</persName>",
            attributes=f'source="#b{n % 3}" key="{n % 9}"',
            day=f"1900-01-{n % 27 + 1:02d}",
        )
        for n in range(40)
    ]
    before, _ = read(edition(tmp_path, letters))
    random.Random(3).shuffle(letters)
    after, _ = read(edition(tmp_path, letters))
    assert paths(before) == paths(after)


def test_letters_with_one_key_are_told_apart_by_their_edition(tmp_path: Path) -> None:
    letters = [letter("<persName>A</persName>", attributes=f'key="1" source="#vol-{n}"') for n in (1, 2)]
    corpus, codes = read(edition(tmp_path, letters))
    assert {record.key for record in corpus.records if isinstance(record, Letter)} == {"1-vol-1", "1-vol-2"}
    assert "key-shared" in codes


def test_a_letter_told_twice_is_read_once(tmp_path: Path) -> None:
    corpus, codes = read(edition(tmp_path, [letter("<persName>A</persName>")] * 2))
    assert sum(isinstance(record, Letter) for record in corpus.records) == 1
    assert codes == ["letter-twice"]


def test_keys_made_from_content_are_remembered(tmp_path: Path) -> None:
    given_letters = (("A", "1900-01-01"), ("B", "1901-02-02"))
    letters = [
        letter(f"<persName>Anna Amalia {name}</persName>", attributes="", day=day) for name, day in given_letters
    ]
    build.build(edition(tmp_path, letters), tmp_path / "out")
    keys = {line.split("\t")[0] for line in (tmp_path / IDS).read_text(encoding="utf-8").splitlines()[1:]}
    corrected = [letters[1], letters[0].replace("Anna Amalia A", "Anna Amalie A")]
    corpus, codes = read(edition(tmp_path, corrected))
    assert {record.key for record in corpus.records if isinstance(record, Letter)} == keys
    assert codes == ["letter-changed"]
    _, codes = read(edition(tmp_path, corrected[:1]))
    assert codes == ["letter-lost"]


def keys(folder: Path) -> list[str]:
    """The keys of the letters of an edition that is built, in the order of the file."""
    return [each.key for each in build.build(folder, folder / "out").corpus.records.letters]


def keyless(name: str, day: str) -> str:
    return letter(f"<persName>{name}</persName>", attributes="", day=day)


def test_a_new_letter_takes_no_key_from_one_that_it_is_like(tmp_path: Path) -> None:
    first = keys(edition(tmp_path, [keyless("Anna Amalia", "1900-01-01")]))
    both = [keyless("Anna Amalie", "1900-01-03"), keyless("Anna Amalie", "1900-01-01")]
    assert keys(edition(tmp_path, both))[1:] == first


def test_a_lost_letter_is_told_until_it_is_back_or_withdrawn(tmp_path: Path) -> None:
    one, other = keyless("Anna", "1900-01-01"), keyless("Berta", "1901-02-02")
    lost = keys(edition(tmp_path, [one, other]))[1]
    for _ in range(2):
        assert lost not in keys(edition(tmp_path, [one]))
        assert read(edition(tmp_path, [one]))[1] == ["letter-lost"]
    assert keys(edition(tmp_path, [one, other.replace("Berta", "Bertha")]))[1] == lost
    (tmp_path / "withdrawn.tsv").write_text(f"iri\tdate\treason\treplaced by\nletter/{lost}\t2020-01-01\tno letter\t\n")
    assert read(edition(tmp_path, [one]))[1] == []


def test_letters_keep_their_keys_in_a_file_of_another_name(tmp_path: Path) -> None:
    folder = edition(tmp_path, [keyless("Anna", "1900-01-01"), keyless("Berta", "1901-02-02")])
    first = keys(folder)
    (folder / "letters.xml").rename(folder / "index.xml")
    (folder / "edition.toml").write_text(TOML.replace("letters.xml", "index.xml"), encoding="utf-8")
    assert keys(folder) == first


def test_letters_that_share_a_key_keep_theirs_when_one_is_corrected(tmp_path: Path) -> None:
    one, other = (letter(f"<persName>{name}</persName>") for name in ("Anna", "Berta"))
    first = keys(edition(tmp_path, [one, other]))
    assert keys(edition(tmp_path, [one.replace("Anna", "Anne"), other])) == first
    both = [one.replace("Anna", "Anke"), other.replace("Berta", "Bertha")]
    assert read(edition(tmp_path, both))[1] == ["key-shared", "letter-lost", "letter-lost"]


def two_files(folder: Path, first: list[str], second: list[str]) -> Path:
    """An edition of two indexes of letters."""
    more = edition(folder, second, '[[source]]\nfile = "more.xml"\nformat = "cmif"\n')
    (folder / "letters.xml").rename(folder / "more.xml")
    edition(folder, first, "" if not second else '[[source]]\nfile = "more.xml"\nformat = "cmif"\n')
    return more


def test_a_published_letter_keeps_its_key_when_another_file_brings_one_like_it(tmp_path: Path) -> None:
    one, other, third = (letter(f"<persName>{name}</persName>") for name in ("Anna", "Berta", "Carla"))
    first = build.build(edition(tmp_path, [one]), tmp_path / "out")
    assert build.approve(first) > 0
    second = build.build(two_files(tmp_path, [one], [other]), tmp_path / "out")
    assert [each.key for each in second.corpus.records.letters] == ["1", "1-more"]
    assert "iri-lost" not in {finding.code for finding in second.report}
    build.approve(second)
    assert keys(tmp_path) == ["1", "1-more"]
    assert keys(two_files(tmp_path, [one.replace("Anna", "Anne")], [other])) == ["1", "1-more"]
    again = keys(two_files(tmp_path, [one], [third, other]))
    assert again[0] == "1" and len(set(again)) == 3


def test_which_of_two_letters_in_one_file_was_published_is_said_to_be_unknown(tmp_path: Path) -> None:
    one, other = (letter(f"<persName>{name}</persName>") for name in ("Anna", "Berta"))
    build.approve(build.build(edition(tmp_path, [one]), tmp_path / "out"))
    report = build.build(edition(tmp_path, [one, other]), tmp_path / "out").report
    (told,) = (finding for finding in report if finding.code == "key-shared")
    assert "which of them was published as letter/1 cannot be known" in told.message
    assert {finding.key for finding in report if finding.code == "iri-lost"} >= {"letter/1"}


def test_a_withdrawn_key_is_not_given_again(tmp_path: Path) -> None:
    one, other = (letter(f"<persName>{name}</persName>") for name in ("Anna", "Berta"))
    build.approve(build.build(edition(tmp_path, [one]), tmp_path / "out"))
    (tmp_path / "withdrawn.tsv").write_text("iri\tdate\treason\treplaced by\nletter/1\t2020-01-01\tno letter\t\n")
    assert keys(two_files(tmp_path, [one], [other])) == ["1-letters", "1-more"]


def test_a_row_that_is_none_is_told(tmp_path: Path) -> None:
    folder = edition(tmp_path, [letter("<persName>Anna</persName>")])
    (folder / IDS).write_text("key\tfile\tfingerprint\nx letters.xml sent\n", encoding="utf-8")
    assert read(folder)[1] == ["letter-lost"]


@given(st.text(max_size=60))
def test_keys_are_keys(words: str) -> None:
    assert slug(words) == "" or is_key(slug(words))
    made = authorities.key(f"https://example.com/{words}")
    assert made == "" or is_key(made)


@given(st.text(max_size=60))
def test_any_address_is_an_iri_that_parses(words: str) -> None:
    pointer = f"https://example.com/{words}"
    term = iri(authorities.normalise(pointer))
    assert not set(address(term)) & set(' <>"{}|\\^`\n')


def test_names_written_again_count_again_and_findings_are_told_at_each(tmp_path: Path) -> None:
    often = '<persName ref="http://d-nb.info/gnd/118609807">Schnitzler, Arthur</persName>'
    once = '<persName ref="http://d-nb.info/gnd/118609807">A. S.</persName>'
    unknown = '<persName ref="#nobody">Ben</persName>'
    letters = [letter(once, unknown, 'key="1"'), *(letter(often, unknown, f'key="{key}"') for key in (2, 3))]
    letters += [letter(often, unknown, f'key="{key}"', "1900-02-30") for key in (4, 5)]
    corpus, codes = read(edition(tmp_path, letters))
    names = people(corpus)["person/gnd-118609807"].names
    assert [(name.text, name.kind) for name in names] == [("Schnitzler, Arthur", "preferred"), ("A. S.", "variant")]
    assert codes.count("date-impossible") == 2
    assert codes.count("pointer-without-entry") == 5
