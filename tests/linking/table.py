"""The hundred names of `names.tsv`, made by hand before there was a scorer."""

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("names.tsv")


@dataclass(frozen=True, slots=True)
class Row:
    """A form, its kind, what it means (`""`: nothing of the edition, or nobody can say), where it comes from, what is told."""

    form: str
    kind: str
    expected: str
    origin: str
    properties: tuple[tuple[str, str], ...]


def rows() -> list[Row]:
    """All rows, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        read = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return [
            Row(each["form"], each["kind"], each["expected"], each["from"], _properties(each["properties"]))
            for each in read
        ]


def _properties(cell: str | None) -> tuple[tuple[str, str], ...]:
    pairs = (piece.partition("=") for piece in (cell or "").split(";") if piece.strip())
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)
