"""CSV, TSV and XLSX as rows of words, each with its line."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lod.config import SourceFile
from lod.errors import SourceError

_LARGEST_UNPACKED = 512 * 1024 * 1024
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (row of the sheet), its cells by column; `surplus`: what stands below no column."""

    line: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()


def rows(data: bytes, source: SourceFile) -> Iterator[Row]:
    """The rows below the head line. `SourceError` when this is no table."""
    if source.file.lower().endswith((".xlsx", ".xlsm")):
        return _sheet(data, source)
    return _text(data, source)


def _text(data: bytes, source: SourceFile) -> Iterator[Row]:
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(source.file, line, "is not UTF-8: save the table as UTF-8") from None
    head = words.split("\n", 1)[0]
    delimiter = "\t" if source.file.lower().endswith((".tsv", ".tab")) else max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(words.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(reader, [])]
        _check_names(names, source)
        before = reader.line_num
        for cells in reader:
            yield _row(before + 1, names, cells)
            before = reader.line_num
    except csv.Error as error:
        raise SourceError(source.file, reader.line_num, f"cannot be read as a table: {error}") from None


def _sheet(data: bytes, source: SourceFile) -> Iterator[Row]:
    from openpyxl import load_workbook  # 10 MB that only workbooks need

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _LARGEST_UNPACKED:
                raise SourceError(source.file, 0, "is too large when unpacked")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        if source.sheet and source.sheet not in book.sheetnames:
            raise SourceError(source.file, 0, f"has no sheet '{source.sheet}': {', '.join(book.sheetnames)}")
        sheet = book[source.sheet] if source.sheet else book.worksheets[0]
        lines = list(sheet.iter_rows(values_only=True))
    except SourceError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise SourceError(source.file, 0, f"cannot be read as XLSX: {error}") from None
    names = [_cell(name) for name in lines[0]] if lines else []
    _check_names(names, source)
    for number, cells in enumerate(lines[1:], 2):
        yield _row(number, names, [_cell(cell) for cell in cells])


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
