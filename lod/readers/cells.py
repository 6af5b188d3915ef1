"""CSV, TSV and XLSX as rows of words, each with its line."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from lod.config import SourceFile
from lod.errors import SourceError

WORKBOOKS = (".xlsx", ".xlsm")
_LARGEST_UNPACKED = 512 * 1024 * 1024
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (row of the sheet), its cells by column; `surplus`: what stands below no column."""

    line: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()


def rows(stream: BinaryIO, source: SourceFile) -> Iterator[Row]:
    """The rows below the head line, one after the other. `SourceError` when this is no table."""
    if source.file.lower().endswith(WORKBOOKS):
        return _sheet(stream, source)
    return _text(stream, source)


def sheets(stream: BinaryIO, source: SourceFile) -> list[str]:
    """The names of a workbook's sheets that hold anything; `[""]` for a table that is no workbook."""
    if not source.file.lower().endswith(WORKBOOKS):
        return [""]
    book = _book(stream, source)
    return [sheet.title for sheet in book.worksheets if next(sheet.iter_rows(values_only=True), None)]


def _text(stream: BinaryIO, source: SourceFile) -> Iterator[Row]:
    head = ""
    for number, line in enumerate(stream, 1):
        try:
            head = head if number > 1 else line.decode("utf-8-sig")
            line.decode()
        except UnicodeDecodeError:
            raise SourceError(source.file, number, "is not UTF-8: save the table as UTF-8") from None
    delimiter = "\t" if source.file.lower().endswith((".tsv", ".tab")) else max(_DELIMITERS, key=head.count)
    stream.seek(0)
    words = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    reader = csv.reader((line.replace("\0", "") for line in words), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(reader, [])]
        _check_names(names, source)
        before = reader.line_num
        for cells in reader:
            yield _row(before + 1, names, cells)
            before = reader.line_num
    except csv.Error as error:
        raise SourceError(source.file, reader.line_num, f"cannot be read as a table: {error}") from None


def _sheet(stream: BinaryIO, source: SourceFile) -> Iterator[Row]:
    names: list[str] = []
    for number, cells in enumerate(_cells(stream, source), 1):
        if number == 1:
            names = [_cell(name) for name in cells]
            _check_names(names, source)
        else:
            yield _row(number, names, [_cell(cell) for cell in cells])


def _cells(stream: BinaryIO, source: SourceFile) -> Iterator[tuple[object, ...]]:
    """The rows of a sheet, each when it is asked for; words that cells share are held by the library."""
    book = _book(stream, source)
    if source.sheet and source.sheet not in book.sheetnames:
        raise SourceError(source.file, 0, f"has no sheet '{source.sheet}': {', '.join(book.sheetnames)}")
    try:
        sheet = book[source.sheet] if source.sheet else book.worksheets[0]
        yield from sheet.iter_rows(values_only=True)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise SourceError(source.file, 0, f"cannot be read as XLSX: {error}") from None


def _book(stream: BinaryIO, source: SourceFile) -> Any:
    """A workbook to be read row by row."""
    from openpyxl import load_workbook  # 10 MB that only workbooks need

    try:
        with zipfile.ZipFile(stream) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _LARGEST_UNPACKED:
                raise SourceError(source.file, 0, "is too large when unpacked")
        return load_workbook(stream, read_only=True, data_only=True)
    except SourceError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise SourceError(source.file, 0, f"cannot be read as XLSX: {error}") from None


def _check_names(names: list[str], source: SourceFile) -> None:
    given = list(filter(None, names))
    if len(set(given)) != len(given):
        raise SourceError(source.file, 1, "two columns have the same name")


def _row(line: int, names: list[str], cells: list[str]) -> Row:
    named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    unnamed = (cell for number, cell in enumerate(cells) if number >= len(names) or not names[number])
    return Row(line, named, tuple(cell for cell in unnamed if cell.strip()))


def _cell(value: object) -> str:
    """What a cell shows: days as `YYYY-MM-DD`, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
