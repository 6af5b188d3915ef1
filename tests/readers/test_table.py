"""Tables: CSV, TSV, XLSX; the columns of csv2cmi, ours, and others by a mapping; registers; and CSV equals CMIF."""

import csv
import re
from collections.abc import Iterator
from configparser import ConfigParser
from itertools import zip_longest
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest

from lod import config, mapping, readers
from lod.model import Letter, Person, Place
from lod.readers import Corpus
from lod.report import Report
from tests.conftest import ROOT, shared
from tests.readers.test_identities import TOML

SPENER = ROOT / "tests" / "editions" / "spener"


def edition(folder: Path, name: str, text: str, extra: str = "") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    source = f'[[source]]\nfile = "{name}"\nformat = "table"\n{extra}'
    (folder / "edition.toml").write_text(TOML.partition("[[source]]")[0] + source, encoding="utf-8")
    return folder


def read(folder: Path) -> tuple[Corpus, list[str]]:
    report = Report()
    return readers.read(config.load(folder), report), [finding.code for finding in report]


def letters(corpus: Corpus) -> list[Letter]:
    return [record for record in corpus.records if isinstance(record, Letter)]


def graph(corpus: Corpus, file: str) -> set[tuple[str, str, str]]:
    """All triples up to the source: its file, and the records that name it."""
    blocks = mapping.map_edition(corpus.edition, corpus.records, corpus.sources)
    return {
        triple
        for path, triples in blocks
        if not path.startswith("source/")
        for triple in triples
        if file not in triple[2]
    }


def cmif(folder: Path) -> str:
    """Spener's rows as CMIF, by the csv module and string formatting alone: what a script beside the project would write."""
    settings = ConfigParser(interpolation=None)
    settings.read(folder / "csv2cmi.ini", encoding="utf-8")
    with (folder / "spener-first800.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    books = "".join(
        f'<bibl type="{settings[name]["type"]}" xml:id="{name.lower()}">{escape(settings[name]["title"])}</bibl>'
        for name in dict.fromkeys(row["edition"] for row in rows)
    )
    letters = "\n".join(correspondence(row) for row in rows)
    project = settings["Project"]
    header = (
        f"<titleStmt><title>{escape(project['title'])}</title></titleStmt><publicationStmt>"
        f'<idno type="url">{project["file_url"]}</idno></publicationStmt><sourceDesc>{books}</sourceDesc>'
    )
    return (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>{header}</fileDesc>'
        f"<profileDesc>{letters}</profileDesc></teiHeader></TEI>"
    )


def correspondence(row: dict[str, str]) -> str:
    sent, received = (
        "".join(
            (
                *names("persName", row[who], row[f"{who}ID"]),
                *names("placeName", row[f"{who}Place"], row[f"{who}PlaceID"]),
                dates(row[f"{who}Date"], row[f"{who}DateText"]),
            )
        )
        for who in ("sender", "addressee")
    )
    return (
        f'<correspDesc key="{row["key"]}" source="#{row["edition"].lower()}">'
        f'<correspAction type="sent">{sent}</correspAction><correspAction type="received">{received}</correspAction></correspDesc>'
    )


def names(tag: str, cell: str, pointers: str) -> Iterator[str]:
    """`[Name]` is a name that the editors supplied; several stand with a bar between them."""
    for name, pointer in zip_longest(cell.split("|"), pointers.split("|"), fillvalue=""):
        if name:
            ref = f' ref="{pointer}"' if pointer else ""
            supplied = name.startswith("[") and name.endswith("]")
            guess = ' evidence="conjecture"' if supplied else ""
            yield f"<{tag}{ref}{guess}>{escape(name[1:-1] if supplied else name)}</{tag}>"


def dates(edtf: str, words: str) -> str:
    """CMIF's attributes for the EDTF of the table; sets (`[a,b]`) have none and stay EDTF."""
    if not edtf:
        return ""
    mark = edtf[-1] if edtf[-1] in "?~%" else ""
    doubt = {"?": ' cert="low"', "~": ' precision="low"', "%": ' cert="low" precision="low"', "": ""}[mark]
    plain = edtf.replace(mark, "") if mark else edtf
    if between := re.fullmatch(r"\[([^,]*)\.\.([^,]*)\]", plain):
        ends = zip(("notBefore", "notAfter"), between.groups(), strict=True)
        values = "".join(f' {name}="{end}"' for name, end in ends if end)
    elif "/" in plain:
        values = ' from="{}" to="{}"'.format(*plain.split("/"))
    else:
        values = f' when="{plain}"'
    return f"<date{values}{doubt}>{escape(words)}</date>"


def test_spener_from_csv_and_from_cmif_is_one_graph(tmp_path: Path) -> None:
    """Two routes that share nothing before the records: equal up to the source."""
    folder = shared("corpora/csv")
    given, _ = read(SPENER)
    (tmp_path / "spener-first800.xml").write_text(cmif(folder), encoding="utf-8")
    toml = (SPENER / "edition.toml").read_text(encoding="utf-8").partition("data =")[0]
    (tmp_path / "edition.toml").write_text(
        f'{toml}\n[[source]]\nfile = "spener-first800.xml"\nformat = "cmif"\n', encoding="utf-8"
    )
    again, _ = read(tmp_path)
    assert len(letters(given)) == len(letters(again)) == 800
    one, other = graph(given, "source/"), graph(again, "source/")
    assert len(one) > 50_000
    assert one - other == set()
    assert other - one == set()


def test_each_row_is_a_letter_with_its_line(tmp_path: Path) -> None:
    rows = 'key,sender,senderDate,note\n1,Anna,1900-01-01,"two\nlines"\n2,Ben,[1900-03..1900-05?],\n'
    corpus, _ = read(edition(tmp_path, "letters.csv", rows))
    assert [(letter.key, letter.source.line) for letter in letters(corpus)] == [("1", 2), ("2", 4)]
    dating = letters(corpus)[1].sent.dating
    assert dating is not None and dating.date.edtf == "[1900-03..1900-05?]"


def test_several_values_stand_side_by_side(tmp_path: Path) -> None:
    rows = "key\tsender\tsenderID\n1\tAnna | Ben | org: Senat\tgnd:118609807 |  | \n"
    corpus, _ = read(edition(tmp_path, "letters.tsv", rows))
    assert [link.target for link in letters(corpus)[0].sent.agents] == [
        "person/gnd-118609807",
        "person/letters-ben",
        "organisation/letters-senat",
    ]


def test_other_columns_are_mapped_and_unknown_ones_told(tmp_path: Path) -> None:
    rows = "Nr;Absender;Datum;Farbe\n7;Anna;1900;rot\n"
    columns = 'columns = { key = "Nr", sender = "Absender", senderDate = "Datum", addressee = "An" }\n'
    corpus, codes = read(edition(tmp_path, "letters.csv", rows, columns))
    assert [letter.key for letter in letters(corpus)] == ["7"]
    assert codes == ["column-unknown", "column-missing"]


def test_a_workbook(tmp_path: Path) -> None:
    folder = edition(tmp_path, "letters.xlsx", "", 'sheet = "Briefe"\n')
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Briefe")
    for row in (
        ["key", "sender", "addressee", "senderDate"],
        [1, "Anna", "Ben", "1900-01-01"],
        [2.0, "Ben", "Anna", None],
    ):
        sheet.append(row)
    book.save(tmp_path / "letters.xlsx")
    corpus, codes = read(folder)
    assert [(letter.key, letter.source.line) for letter in letters(corpus)] == [("1", 2), ("2", 3)]
    assert codes == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nonsense", b"key,key\n1,2\n", "key\n1\n".encode("utf-16")])
def test_what_is_no_table_is_a_finding(tmp_path: Path, data: bytes) -> None:
    name = "letters.xlsx" if data.startswith(b"PK") else "letters.csv"
    folder = edition(tmp_path, name, "")
    (tmp_path / name).write_bytes(data)
    _, codes = read(folder)
    assert "file-unreadable" in codes


def test_registers_from_tables(tmp_path: Path) -> None:
    folder = edition(tmp_path, "letters.csv", "key,sender,senderID,senderPlaceID\n1,Anna,#anna,#rome\n")
    people = "id,name,otherNames,birth,birthPlace,occupation,uri\nanna,Anna,A. | Annchen,1870,Rom,poet,gnd:118609807\n"
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")
    (tmp_path / "places.csv").write_text("id,name,latitude,longitude\nrome,Rome,41.9,12.5\n", encoding="utf-8")
    with (tmp_path / "edition.toml").open("a", encoding="utf-8") as stream:
        for name, rows in (("people", "persons"), ("places", "places")):
            stream.write(f'\n[[source]]\nfile = "{name}.csv"\nformat = "table"\nrows = "{rows}"\n')
    corpus, codes = read(folder)
    assert codes == []
    assert letters(corpus)[0].sent.agents[0].target == "person/anna"
    assert letters(corpus)[0].sent.places[0].target == "place/rome"
    anna = next(record for record in corpus.records if isinstance(record, Person) and record.key == "anna")
    assert [name.text for name in anna.names] == ["Anna", "A.", "Annchen"]
    assert [link.target for link in anna.same_as] == ["https://d-nb.info/gnd/118609807"]
    rome = next(record for record in corpus.records if isinstance(record, Place) and record.key == "rome")
    assert rome.coordinates == ("41.9", "12.5")
