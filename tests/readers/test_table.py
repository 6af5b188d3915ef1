"""Tables: CSV, TSV, XLSX; the columns of csv2cmi, ours, and others by a mapping; registers; and CSV equals CMIF."""

import csv
import re
from collections.abc import Iterator
from configparser import ConfigParser
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest

from lod import config, mapping, readers
from lod.model import Letter, Person, Place
from lod.readers import Corpus, table
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


def test_two_columns_of_a_workbook_with_one_name_are_refused(tmp_path: Path) -> None:
    folder = edition(tmp_path, "letters.xlsx", "")
    book = openpyxl.Workbook()
    for row in (["key", "sender", "sender"], ["1", "Anna", "Ben"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "letters.xlsx")
    assert "file-unreadable" in read(folder)[1]


@pytest.mark.parametrize("table", ["key,sender\n1,Anna,lost\n", "key,sender,\n1,Anna,lost\n"])
def test_a_cell_below_no_column_is_told(tmp_path: Path, table: str) -> None:
    report = Report()
    readers.read(config.load(edition(tmp_path, "letters.csv", table)), report)
    assert [(each.code, each.source.line, "'lost'" in each.message) for each in report] == [("column-missing", 2, True)]


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


def registers(folder: Path, **tables: str) -> tuple[Corpus, list[str]]:
    """An edition with one letter and a register table for each kind of rows."""
    edition(folder, "letters.csv", "key,sender\n1,Anna\n")
    with (folder / "edition.toml").open("a", encoding="utf-8") as stream:
        for rows, text in tables.items():
            (folder / f"{rows}.csv").write_text(text, encoding="utf-8")
            stream.write(f'\n[[source]]\nfile = "{rows}.csv"\nformat = "table"\nrows = "{rows}"\n')
    return read(folder)


def found(corpus: Corpus) -> dict[str, Any]:
    return {record.path: record for record in corpus.records}


PLACES = (
    "id,name,within\nrome,Rome,Italy\nit,Italy,\nvia,Via Giulia,#rome\nostia,Ostia,Lazio\nwien,Wien,geonames:2782113\n"
)


def test_places_lie_within_a_row_a_pointer_or_a_name(tmp_path: Path) -> None:
    corpus, codes = registers(tmp_path, places=PLACES)
    told = found(corpus)
    within = {key: told[f"place/{key}"].within for key in ("rome", "it", "via", "ostia", "wien")}
    assert within == {
        "rome": "place/it",
        "it": "",
        "via": "place/rome",
        "ostia": "place/places-lazio",
        "wien": "place/geonames-2782113",
    }
    assert codes == []


@pytest.mark.parametrize("numbers", ["100,200", "4,", ",4"])
def test_coordinates_that_are_none_are_told_with_their_line(tmp_path: Path, numbers: str) -> None:
    (tmp_path / "places.csv").write_text(f"id,name,latitude,longitude\nrome,Rome,{numbers}\n", encoding="utf-8")
    folder = edition(tmp_path, "letters.csv", "key,sender\n1,Anna\n")
    with (folder / "edition.toml").open("a", encoding="utf-8") as toml:
        toml.write('[[source]]\nfile = "places.csv"\nformat = "table"\nrows = "places"\n')
    report = Report()
    readers.read(config.load(folder), report)
    assert [(each.code, each.source.line) for each in report] == [("coordinates-impossible", 2)]


def test_the_place_of_each_kind(tmp_path: Path) -> None:
    """Residence, seat, where it happened, where it was published; what a body or a work is part of; authors by name."""
    corpus, codes = registers(
        tmp_path,
        places="id,name\nrome,Rome\n",
        persons="id,name,place,birthPlace\nanna,Anna,#rome,#rome\nben,Ben,Ostia,\n",
        organisations="id,name,place,within\nunion,Union,#rome,\nbranch,Branch,,Union\n",
        events="id,name,date,place\nstrike,Strike,1901,#rome\n",
        works="id,name,date,place,within,author\nbook,A book,1900,Rome,,Carl\nessay,An essay,,,book,\n",
    )
    told = found(corpus)
    assert codes == []
    assert [stay.place.target for stay in told["person/anna"].stays] == ["place/rome"]
    assert [site.target for site in told["person/anna"].events[0].sites] == ["place/rome"]
    assert [stay.place.target for stay in told["person/ben"].stays] == ["place/persons-ostia"]
    assert [link.target for link in told["organisation/union"].seats] == ["place/rome"]
    assert [link.target for link in told["organisation/branch"].wholes] == ["organisation/union"]
    strike = told["event/strike"]
    assert ([site.target for site in strike.sites], strike.dating.date.edtf) == (["place/rome"], "1901")
    book, essay = told["work/book"], told["work/essay"]
    assert [link.target for link in book.published_at] == ["place/works-rome"]
    assert [(link.target, link.kind) for link in book.contributors] == [("person/works-carl", "author")]
    assert [(link.target, link.kind) for link in essay.related] == [("work/book", "part-of")]
    assert told["place/works-rome"].source.line == 2


def test_a_column_that_says_nothing_of_a_kind_is_told(tmp_path: Path) -> None:
    _, codes = registers(tmp_path, persons="id,name,within,date\nanna,Anna,#rome,1900\n")
    assert codes == ["column-unknown", "column-unknown"]


def test_every_column_that_the_page_names_is_read() -> None:
    page = (ROOT / "docs" / "editor.md").read_text(encoding="utf-8")
    table_of_columns = page.partition("## Tables")[2].partition("## Findings")[0]
    known = {*table.LETTERS, *(column for columns in table.ENTRIES.values() for column in columns)}
    named = {word for code in re.findall(r"`([^`]*)`", table_of_columns) for word in code.split()}
    assert known <= named


def test_every_column_of_letters_reaches_the_record(tmp_path: Path) -> None:
    cells = {
        "key": "7", "edition": "Works", "ref": "https://example.org/7", "type": "postcard", "language": "de | fr",
        "sender": "Anna", "senderID": "gnd:118609807", "senderPlace": "Rome", "senderPlaceID": "geonames:3169070",
        "senderDate": "1900-01-01", "senderDateText": "New Year", "addressee": "Ben", "addresseeID": "gnd:118526200",
        "addresseePlace": "Wien", "addresseePlaceID": "geonames:2761369", "addresseeDate": "1900-01-03",
        "addresseeDateText": "Epiphany", "page": "12", "note": "Torn",
    }  # fmt: skip
    assert tuple(cells) == table.LETTERS
    corpus, codes = read(edition(tmp_path, "letters.csv", f"{','.join(cells)}\n{','.join(cells.values())}\n"))
    letter = letters(corpus)[0]
    assert codes == []
    assert (letter.key, letter.kind, letter.url, letter.languages) == ("7", "postcard", cells["ref"], ("de", "fr"))
    assert [link.target for link in (*letter.sent.agents, *letter.sent.places)] == [
        "person/gnd-118609807",
        "place/geonames-3169070",
    ]
    assert [link.target for link in (*letter.received.agents, *letter.received.places)] == [
        "person/gnd-118526200",
        "place/geonames-2761369",
    ]
    dates = [action.dating.date for action in (letter.sent, letter.received) if action.dating]
    assert [(date.edtf, date.printed) for date in dates] == [("1900-01-01", "New Year"), ("1900-01-03", "Epiphany")]
    assert [note.text for note in letter.notes] == ["Page: 12", "Torn"]
    assert [link.target for link in letter.published] == ["work/letters-works"]


def test_ids_of_a_register_s_rows_are_found_as_written_and_dates_may_be_words(tmp_path: Path) -> None:
    letters_of = "key,sender,senderID,senderDate\n1,Anna,P 2,03.10.1891\n2,Ben,P1,spring 1852\n3,Ben,p1,1852-13-01\n"
    people = '\n[[source]]\nfile = "people.csv"\nformat = "table"\nrows = "persons"\n'
    folder = edition(tmp_path, "letters.csv", letters_of, people)
    (folder / "people.csv").write_text("id,name,birth\nP1,Ben,um 1800\nP 2,Anna,17.1.1822\n", encoding="utf-8")
    corpus, codes = read(folder)
    first, second, third = letters(corpus)
    targets = [link.target for each in (first, second, third) if each.sent for link in each.sent.agents]
    assert targets == ["person/p-2", "person/p1", "person/p1"]
    assert first.sent and first.sent.dating and first.sent.dating.date.edtf == "1891-10-03"
    assert any("spring 1852" in note.text for note in second.notes)
    lives = [event for each in corpus.records if isinstance(each, Person) for event in each.events]
    assert {event.path: event.dating.date.edtf for event in lives if event.dating} == {
        "person/p1/birth": "1800~",
        "person/p-2/birth": "1822-01-17",
    }
    assert codes.count("date-impossible") == 1 and "pointer-without-entry" not in codes
