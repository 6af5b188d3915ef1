"""Tables as the TEI they stand for: a row is a `correspDesc` or a register entry, and is read like any other.

CSV, TSV and XLSX. Columns of csv2cmi (https://github.com/saw-leipzig/csv2cmi) and our own; `columns` in `edition.toml`
gives other names to them. Cells may hold several values, dates are EDTF. Lines are those of the file, rows those of a sheet.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as IniError
from pathlib import Path

from lxml import etree

from lod import authorities
from lod.config import SourceFile
from lod.dates import parse
from lod.errors import DateError, SourceError
from lod.iris import slug
from lod.readers.cells import Row, rows
from lod.readers.parse import TEI, XML, Element, numbered, open_file, read_bytes
from lod.report import Report, Source

LETTERS = (
    "key", "edition", "ref", "type", "language", "sender", "senderID", "senderPlace", "senderPlaceID", "senderDate",
    "senderDateText", "addressee", "addresseeID", "addresseePlace", "addresseePlaceID", "addresseeDate",
    "addresseeDateText", "page", "note",
)  # fmt: skip
"""Columns of letters. csv2cmi has no `ref`, `type` and `language`."""
_EVERY = ("id", "name", "otherNames", "uri", "type", "note")
ENTRIES = {
    "persons": (*_EVERY, "sex", "birth", "birthPlace", "death", "deathPlace", "occupation", "place"),
    "organisations": (*_EVERY, "place", "within"),
    "places": (*_EVERY, "latitude", "longitude", "within"),
    "events": (*_EVERY, "date", "place"),
    "works": (*_EVERY, "date", "place", "within", "author"),
}
"""Columns of registers. `place`: residence, seat, where it happened, where it was published."""
_LISTS = {
    "persons": ("listPerson", "person", "persName"),
    "organisations": ("listOrg", "org", "orgName"),
    "places": ("listPlace", "place", "placeName"),
    "events": ("listEvent", "event", "label"),
    "works": ("listBibl", "bibl", "title"),
}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ADDRESSES = re.compile(r"[:#/]")
_WORDS = re.compile(r"[^\W\d]|\d\.(?!\.)")
"""A letter, or the full stop of a date such as `3.10.1891`."""
_DAY = re.compile(r"-?\d{4}-")
_ORGANISATION = re.compile(r"^(?:org|organisation|group):\s*", re.IGNORECASE)


def letters(folder: Path, source: SourceFile, report: Report) -> Generator[Element, None, Element]:
    """Each row of letters as a `correspDesc`, gone when the next is asked for. Returns the rest: a TEI document's header.

    `SourceError` when it cannot be read as a table.
    """
    settings = _settings(folder, source)
    root = etree.Element(f"{TEI}TEI", nsmap={None: TEI[1:-1]})
    header = etree.SubElement(root, f"{TEI}teiHeader")
    description = etree.SubElement(header, f"{TEI}fileDesc")
    _project(description, settings.get("Project", {}))
    books = etree.SubElement(description, f"{TEI}sourceDesc")
    profile = etree.SubElement(header, f"{TEI}profileDesc")
    editions: dict[str, str] = {}
    for row in _rows(folder, source, LETTERS, report):
        if any(row.cells.values()):
            book = row.cells.get("edition", "")
            if book and book not in editions:
                editions[book] = _book(books, book, settings.get(book, {}), source)
            letter = _letter(profile, row, editions.get(book, ""), source)
            yield letter
            profile.remove(letter)
    return root


def entries(folder: Path, source: SourceFile, report: Report) -> Element:
    """A register's table as a TEI document. `SourceError` when it cannot be read as a table."""
    root = etree.Element(f"{TEI}TEI", nsmap={None: TEI[1:-1]})
    _settings(folder, source)
    _entries(root, _rows(folder, source, ENTRIES[source.rows], report), source)
    return root


def _rows(folder: Path, source: SourceFile, known: tuple[str, ...], report: Report) -> Iterator[Row]:
    """The rows under our names for their columns."""
    empty = True
    with open_file(folder, source.file) as stream:
        for row in rows(stream, source):
            if empty:
                _check_columns(row, known, source, report)
                empty = False
            if row.surplus:
                message = f"{', '.join(map(repr, row.surplus))}: stands below no column and was left out"
                report.warning(
                    "column-missing", message, Source(source.file, row.line), "", "quote cells with separators in them"
                )
            yield _named(row, source)
    if empty:
        raise SourceError(source.file, 0, "is a table without rows")


def _check_columns(first: Row, known: tuple[str, ...], source: SourceFile, report: Report) -> None:
    """Say which columns are not read, and which settings name none."""
    ours = {theirs: name for name, theirs in source.columns.items()}
    where = Source(source.file, 1)
    for column in first.cells:
        if column and ours.get(column, column) not in known:
            message = f"the column '{column}' is not read for {source.rows}"
            report.warning("column-unknown", message, where, "", f"known are {', '.join(known)}")
    for name, theirs in source.columns.items():
        if theirs not in first.cells or name not in known:
            message = f"columns = {{ {name} = '{theirs}' }}: there is no such column"
            report.error("column-missing", message, where, "", f"the table has {', '.join(first.cells)}")


def _named(row: Row, source: SourceFile) -> Row:
    """A row under our names for its columns; characters that no XML may hold are left out."""
    ours = {theirs: name for name, theirs in source.columns.items()}
    return Row(row.line, {ours.get(name, name): _ILLEGAL.sub("", cell).strip() for name, cell in row.cells.items()})


# ---------------------------------------------------------------------- letters
def _project(description: Element, project: Mapping[str, str]) -> None:
    """What csv2cmi's settings say of the file."""
    title = etree.SubElement(etree.SubElement(description, f"{TEI}titleStmt"), f"{TEI}title")
    title.text = project.get("title") or None
    publication = etree.SubElement(description, f"{TEI}publicationStmt")
    if project.get("file_url"):
        etree.SubElement(publication, f"{TEI}idno", type="url").text = project["file_url"]


def _book(books: Element, name: str, about: Mapping[str, str], source: SourceFile) -> str:
    """A `bibl` for an edition: its title in the settings, else what the cell says."""
    bibl = etree.SubElement(books, f"{TEI}bibl", type=about.get("type", "print"))
    bibl.text = about.get("title") or name
    identifier = slug(name) if len(name) <= 40 else slug(f"{source.id} {name[:40]}")
    bibl.set(f"{XML}id", identifier or "edition")
    return identifier or "edition"


def _letter(profile: Element, row: Row, book: str, source: SourceFile) -> Element:
    cells = row.cells
    letter = numbered(etree.SubElement(profile, f"{TEI}correspDesc"), row.line)
    for name in ("key", "ref", "type"):
        if cells.get(name):
            letter.set(name, cells[name])
    if book:
        letter.set("source", f"#{book}")
    for kind, role in (("sent", "sender"), ("received", "addressee")):
        action = numbered(etree.SubElement(letter, f"{TEI}correspAction", type=kind), row.line)
        _names(action, role, row, source)
        _names(action, f"{role}Place", row, source)
        _date(action, cells.get(f"{role}Date", ""), cells.get(f"{role}DateText", ""), row.line)
    tags = _several(cells.get("language", ""), source)
    if tags:
        note = etree.SubElement(letter, f"{TEI}note")
        for tag in tags:
            numbered(etree.SubElement(note, f"{TEI}ref", type="cmif:hasLanguage", target=tag), row.line)
    for name, words in (("page", "Page: "), ("note", "")):
        if cells.get(name):
            etree.SubElement(letter, f"{TEI}note", type="comment").text = words + cells[name]
    return letter


def _names(action: Element, column: str, row: Row, source: SourceFile) -> None:
    """Names with their pointers, as many as the cell holds; square brackets mean that an editor supplied the name."""
    names, pointers = (_several(row.cells.get(name, ""), source, gaps=True) for name in (column, f"{column}ID"))
    for number in range(max(len(names), len(pointers))):
        name = names[number] if number < len(names) else ""
        pointer = pointers[number] if number < len(pointers) else ""
        if not name and not pointer:
            continue
        tag = "placeName" if column.endswith("Place") else "orgName" if _ORGANISATION.match(name) else "persName"
        element = numbered(etree.SubElement(action, f"{TEI}{tag}"), row.line)
        name = _ORGANISATION.sub("", name)
        if name.startswith("[") and name.endswith("]") and not authorities.is_placeholder(name):
            element.set("evidence", "conjecture")
            name = name[1:-1].strip()
        element.text = name or None
        if pointer:
            # several addresses may stand in a cell, but an id is one, blanks and all
            element.set("ref", pointer if _ADDRESSES.search(pointer) else "-".join(pointer.split()))


def _date(action: Element, value: str, words: str, line: int) -> None:
    if value or words:
        numbered(etree.SubElement(action, f"{TEI}date"), line)
        _dated(action[-1], value, words)


def _dated(date: Element, value: str, words: str = "") -> None:
    """A cell's date: EDTF, else words as in a `date` without attributes (`3.10.1891`, `spring 1852`, `um 1800`)."""
    if value and not words and _WORDS.search(value) and not _is_edtf(value):
        value, words = "", value
    if value:
        date.set("when", value)
    date.text = words or None


def _is_edtf(value: str) -> bool:
    try:
        return bool(parse(value))
    except DateError:
        return _DAY.match(value) is not None


# ---------------------------------------------------------------------- registers
def _entries(root: Element, found: Iterable[Row], source: SourceFile) -> None:
    holder, tag, name_tag = _LISTS[source.rows]
    body = etree.SubElement(etree.SubElement(root, f"{TEI}text"), f"{TEI}body")
    entries = etree.SubElement(body, f"{TEI}{holder}", {"type": "works"} if holder == "listBibl" else {})
    told = [row for row in found if any(row.cells.values())]
    own = {name: _id(row) for row in told for name in (row.cells.get("name"), row.cells.get("id"), _id(row)) if name}
    for row in told:
        cells = row.cells
        entry = numbered(etree.SubElement(entries, f"{TEI}{tag}"), row.line)
        entry.set(f"{XML}id", _id(row))
        for attribute in ("type", "sex"):
            if cells.get(attribute):
                entry.set(attribute, cells[attribute])
        for number, name in enumerate((cells.get("name", ""), *_several(cells.get("otherNames", ""), source))):
            if name:
                kind = {} if tag in ("event", "bibl") else {"type": "variant" if number else "preferred"}
                numbered(etree.SubElement(entry, f"{TEI}{name_tag}", kind), row.line).text = name
        for child in (*_details(tag, cells, source), *_places(tag, cells)):
            entry.append(child)
            for each in child.iter():
                numbered(each, row.line)
        _within(entry, tag, own.get(cells.get("within", ""), ""), cells.get("within", ""), row.line)


def _id(row: Row) -> str:
    return slug(row.cells.get("id") or row.cells.get("name", "")) or f"row-{row.line}"


def _within(entry: Element, tag: str, own: str, given: str, line: int) -> None:
    """What a place lies in, a body or work is part of: an entry of the table by its id or name, a pointer, else a name."""
    pointer = f"#{own}" if own else given
    if not given:
        return
    if tag == "place":
        location = numbered(etree.SubElement(entry, f"{TEI}location"), line)
        location.append(_place(f"#{own}" if own else given, line))
    elif tag == "org":
        sides = {"name": "part-of", "active": f"#{entry.get(f'{XML}id')}", "passive": pointer}
        holder = etree.SubElement(entry, f"{TEI}listRelation")
        numbered(etree.SubElement(holder, f"{TEI}relation", sides), line)
    elif tag == "bibl":
        numbered(etree.SubElement(entry, f"{TEI}relatedItem", type="part-of", target=pointer), line)


def _place(given: str, line: int = 0) -> Element:
    """A place (or an author) by a pointer (`#rome`, an address, `geonames:3169070`), else by its name."""
    name = etree.Element(f"{TEI}placeName")
    if given.startswith("#") or authorities.is_address(given) or authorities.recognise(given):
        name.set("ref", given)
    else:
        name.text = given
    return numbered(name, line) if line else name


def _places(tag: str, cells: Mapping[str, str]) -> Iterator[Element]:
    """Where somebody lived, a body has its seat, something happened, a work was published."""
    given = cells.get("place", "")
    if not given:
        return
    place = _place(given)
    if tag == "person":
        stay = etree.Element(f"{TEI}residence")
        stay.append(place)
        yield stay
    elif tag == "bibl":
        place.tag = f"{TEI}pubPlace"
        yield place
    elif tag in ("org", "event"):
        yield place


def _details(tag: str, cells: Mapping[str, str], source: SourceFile) -> Iterator[Element]:
    """What a register's row tells besides names."""
    for column in ("birth", "death") if tag == "person" else ():
        if cells.get(column) or cells.get(f"{column}Place"):
            life = etree.Element(f"{TEI}{column}")
            if cells.get(column):
                _dated(etree.SubElement(life, f"{TEI}date"), cells[column])
            if cells.get(f"{column}Place"):
                life.append(_place(cells[f"{column}Place"]))
            yield life
    for words in _several(cells.get("occupation", ""), source) if tag == "person" else ():
        occupation = etree.Element(f"{TEI}occupation")
        occupation.text = words
        yield occupation
    numbers = [cells[name].replace(",", ".") for name in ("latitude", "longitude") if cells.get(name)]
    if tag == "place" and numbers:
        location = etree.Element(f"{TEI}location")
        etree.SubElement(location, f"{TEI}geo").text = " ".join(numbers)
        yield location
    if tag == "bibl":
        for author in _several(cells.get("author", ""), source):
            element = _place(author)
            element.tag = f"{TEI}author"
            yield element
    if tag in ("bibl", "event") and cells.get("date"):
        date = etree.Element(f"{TEI}date")
        _dated(date, cells["date"])
        yield date
    for address in _several(cells.get("uri", ""), source):
        idno = etree.Element(f"{TEI}idno", type="URI")
        idno.text = address
        yield idno
    if cells.get("note"):
        note = etree.Element(f"{TEI}note", type="comment")
        note.text = cells["note"]
        yield note


# ---------------------------------------------------------------------- cells
def _several(cell: str, source: SourceFile, *, gaps: bool = False) -> list[str]:
    """The values of a cell; with `gaps`, empty ones too, so that names and pointers stay side by side."""
    values = [value.strip() for value in cell.split(source.separator)] if source.separator else [cell.strip()]
    return values if gaps else [value for value in values if value]


def _settings(folder: Path, source: SourceFile) -> Mapping[str, Mapping[str, str]]:
    """csv2cmi's settings: a section for the project, one for each edition."""
    if not source.settings:
        return {}
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(read_bytes(folder, source.settings).decode("utf-8-sig"))
    except (IniError, UnicodeDecodeError) as error:
        raise SourceError(source.settings, 0, f"cannot be read as settings: {error}") from None
    return {name: dict(parser[name]) for name in parser.sections()}
