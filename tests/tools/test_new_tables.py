"""`lod new` tells registers among tables by their columns, and indexes of letters from letters."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from lod import build, config
from lod.cli import app
from lod.model import Letter, Person, Place
from lod.report import Level
from lod.tools import columns, new
from tests.conftest import ROOT, shared

LETTERS = (
    "key,sender,senderID,senderPlaceID,senderDate,addressee,addresseeID\n1,Anna,#p1,#linz,1900-01-01,Union,#union\n"
)
TABLES = {
    "letters.csv": LETTERS,
    "a.csv": "id,name,birth\np1,Anna,1870\n",
    "b.csv": "id,name,latitude,longitude\nlinz,Linz,48.3,14.3\n",
    "institutions.csv": "id,name,note\nunion,Union,a body\n",
    "d.tsv": "id\tName\tAuthor\tDate\nw1\tFaust\tGoethe\t1808\n",
}


def written(folder: Path) -> str:
    """What `lod new` writes for a folder, through its command."""
    result = CliRunner().invoke(app, ["new", str(folder)])
    assert result.exit_code == 0, result.output
    return (folder / "edition.toml").read_text(encoding="utf-8")


def sources(folder: Path) -> set[tuple[str, str, str]]:
    return {(each.file, each.format, each.rows) for each in config.load(folder).sources}


def test_registers_among_tables_are_read_and_build(tmp_path: Path) -> None:
    for name, content in TABLES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    toml = written(tmp_path)
    assert sources(tmp_path) == {
        ("letters.csv", "table", "letters"),
        ("a.csv", "table", "persons"),
        ("b.csv", "table", "places"),
        ("institutions.csv", "table", "organisations"),
        ("d.tsv", "table", "works"),
    }
    assert 'columns = { name = "Name", date = "Date", author = "Author" }' in toml
    built = build.build(tmp_path, tmp_path / "out")
    assert [finding for finding in built.report if finding.level is not Level.NOTE] == []
    paths = {record.path for record in built.corpus.records}
    assert {"letter/1", "person/p1", "place/linz", "organisation/union", "work/w1"} <= paths


def test_a_workbook_is_looked_at_sheet_by_sheet(tmp_path: Path) -> None:
    book = Workbook()
    sheets = {
        "Letters": TABLES["letters.csv"],
        "People": TABLES["a.csv"],
        "Orte": "id,name\nlinz,Linz\n",
        "Notes": "todo\nx\n",
    }
    sheets["Union"] = TABLES["institutions.csv"]
    for title, content in sheets.items():
        sheet = book.create_sheet(title)
        for row in content.splitlines():
            sheet.append(row.split(","))
    book.remove(book.worksheets[0])
    book.create_sheet("Empty")
    book.save(tmp_path / "all.xlsx")
    toml = written(tmp_path)
    assert [(each.rows, each.sheet) for each in config.load(tmp_path).sources] == [
        ("letters", "Letters"),
        ("persons", "People"),
        ("places", "Orte"),
    ]
    assert "#   all.xlsx, Notes: neither letters nor a register" in toml
    assert "#   all.xlsx, Union: a register, but its columns do not say of what" in toml
    kinds = [type(record) for record in build.examine(tmp_path).corpus.records]
    assert {Letter, Person, Place} <= set(kinds)


def test_a_workbook_of_one_sheet_needs_no_name_of_it(tmp_path: Path) -> None:
    (tmp_path / "letters.csv").write_text(LETTERS, encoding="utf-8")
    book = Workbook()
    for row in TABLES["a.csv"].splitlines():
        book.active.append(row.split(","))  # type: ignore[union-attr]
    book.save(tmp_path / "a.xlsx")
    assert "sheet =" not in written(tmp_path)
    assert ("a.xlsx", "table", "persons") in sources(tmp_path)


def test_registers_alone_are_no_edition(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLES["a.csv"], encoding="utf-8")
    result = CliRunner().invoke(app, ["new", str(tmp_path)])
    assert result.exit_code == 2 and "no letters in 1 files (1 × persons)" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("head", "called", "sort"),
    [
        ("id,name,birth", "x", "persons"),
        ("id,name,note", "x", ""),
        ("id,name,note", "Personenregister", "persons"),
        ("id,name,uri", "list-of-places", "places"),
        ("id,birth", "x", ""),
        ("key,sender,note", "people", "letters"),
        ("id,name,note,page", "x", ""),
        ("Name,Birth Place,DEATH", "x", "persons"),
        ("id,name,date,place", "Ereignisse", "events"),
        ("id,name,date,author", "x", "works"),
        ("a,b", "people", ""),
        ("Nr.,Absender,Empfänger,Datum,Absendeort,Signatur", "x", "letters"),
        ("Kennung,Name,Geburtsdatum,Sterbeort,GND", "x", "persons"),
        ("Nr;Name;Breitengrad;Längengrad".replace(";", ","), "x", "places"),
        ("Expéditeur,Destinataire,Date d'envoi,Lieu d'expédition,Cote", "x", "letters"),
        ("identifiant,nom,date de naissance,lieu de décès", "x", "persons"),
        ("Datum,Ort,Betrag", "Kasse", ""),
        ("Von,An,Betrag", "x", "letters"),
        ("Name,Von,Bis", "Regierungen", ""),
    ],
)
def test_what_rows_are(head: str, called: str, sort: str) -> None:
    assert columns.recognise(head.split(","), [called]).sort == sort


GERMAN = "Brief-Nr.;Absender;Absender GND;Empfänger;Absendeort;Briefdatum;Mappe\n17;Marwitz, Emil;118540238;Anna Huber;Linz;22.4.1936;4b\n"
FRENCH = "N°,Expéditeur,Destinataire,Lieu d'envoi,Date d'envoi\n17,Emil Marwitz,Anna Huber,Linz,1936-04-22\n"


@pytest.mark.parametrize(("text", "unread"), [(GERMAN, "Mappe"), (FRENCH, "")])
def test_columns_may_have_german_and_french_names(tmp_path: Path, text: str, unread: str) -> None:
    (tmp_path / "briefe.csv").write_text(text, encoding="utf-8")
    toml = written(tmp_path)
    assert ("not understood, so not read: " in toml) == bool(unread) and unread in toml
    records = build.build(tmp_path, tmp_path / "out").corpus.records
    (letter,) = [record for record in records if isinstance(record, Letter)]
    assert letter.key == "17"
    said = "".join(dump.read_text(encoding="utf-8") for dump in (tmp_path / "out").rglob("*.ttl"))
    assert "1936-04-22" in said and "Linz" in said and "Anna Huber" in said and "Marwitz" in said


# ---- an index of letters, or letters
HEADER = "<profileDesc>{}</profileDesc>"


def format_of(folder: Path, header: str, text: str) -> str:
    content = f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>{header}</teiHeader>{text}</TEI>'
    (folder / "one.xml").write_text(content, encoding="utf-8")
    (found,) = new.look(folder)
    return found.format


@pytest.mark.parametrize(
    ("letters", "text", "format_"),
    [
        ("<correspDesc key='1'/>", "<text><body><p>Dear all.</p></body></text>", "tei"),
        ("<correspDesc key='1'/>", "<text><body><p/></body></text>", "tei"),
        ("<correspDesc key='1' source='#b'/>", "<text><body><p/></body></text>", "cmif"),
        ("<correspDesc key='1'/>", "<text><body><pb facs='1.jpg'/></body></text>", "tei"),
        ("<correspDesc key='1'/>", "<sourceDoc><surface/></sourceDoc>", "tei"),
        ("<abstract><p>He writes.</p></abstract><correspDesc key='1'/>", "", "tei"),
        ("<correspDesc key='1' source='#b'/>", "<text><body><p>An index.</p></body></text>", "cmif"),
        ("<correspDesc key='1'><note><ref type='cmif:hasLanguage' target='de'/></note></correspDesc>", "", "cmif"),
        ("<correspDesc key='1'/>" * 9, "<text><body><p>An index of letters.</p></body></text>", "cmif"),
        ("<correspDesc key='1'/>" * 2, "<text><body><closer/></body></text>", "tei"),
    ],
)
def test_an_index_is_told_from_letters(tmp_path: Path, letters: str, text: str, format_: str) -> None:
    assert format_of(tmp_path, HEADER.format(letters), text) == format_


FOLDERS = {
    "corpora/cmif": "cmif",
    "corpora/tei": "tei",
    "suites/correspdesc-examples/examples": "tei",
    "suites/cmif-schema/examples": "cmif",
    "design/encoding": "cmif",
}


WITHOUT_TEXT = {"example11_one-witness-two-correspDesc.xml": "cmif"}
"""Two descriptions of letters and not a word of them: an index, as far as anybody can see."""


@pytest.mark.parametrize("name", FOLDERS)
def test_every_real_file_with_letters_is_what_it_is(name: str) -> None:
    looks = [each for each in new.look(shared(name)) if each.counts["correspDesc"] and not each.trouble]
    assert looks
    others = {each.file: each.format for each in looks if each.format != FOLDERS[name]}
    assert others == (WITHOUT_TEXT if "correspdesc" in name else {})


def test_the_shipped_edition_is_seen_as_it_says_itself() -> None:
    folder = ROOT / "corpus" / "serge-trotsky"
    told = {source.file: source.format for source in config.load(folder).sources}
    seen = {each.file: each.format for each in new.look(folder) if each.file in told}
    assert seen == told


def test_every_sort_of_rows_is_known() -> None:
    assert set(columns.KNOWN) == set(config.TABLES)
