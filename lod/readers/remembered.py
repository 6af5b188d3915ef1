"""`ids.tsv` beside `edition.toml`: keys that were made of what letters say of themselves, and finding these letters again.

A row has key, file and fingerprint. `lod build` writes it; it is committed with the edition, so that a corrected typing error
does not make a new IRI. A row whose letter is gone stays until `withdrawn.tsv` tells what became of it.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from lod.report import Report, Source

IDS = "ids.tsv"
_HEAD = "key\tfile\tfingerprint"
_LIKE = 0.85
"""How alike two fingerprints are that may be one letter before and after a correction."""


class Row(NamedTuple):
    """Where a letter stood, and what it said."""

    file: str
    fingerprint: str


def read_ids(folder: Path, report: Report) -> dict[Row, str]:
    """The keys of the rows. A row that is none is a finding."""
    file = folder / IDS
    if not file.is_file():
        return {}
    found: dict[Row, str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()[1:], 2):
        cells = line.split("\t")
        if len(cells) == 3:
            found[Row(cells[1], cells[2])] = cells[0]
        elif line.strip():
            message = "is no row of key, file and fingerprint, with tabs between: its letter cannot be found again"
            report.error("letter-lost", message, Source(IDS, number), "", "bring the row back")
    return found


def write_ids(rows: Iterable[tuple[Row, str]], folder: Path) -> None:
    """Write the rows, each with its key, in the order of their keys, when there are any."""
    told = {f"{row.file}\t{row.fingerprint}": key for row, key in rows}
    if told:
        with (folder / IDS).open("w", encoding="utf-8") as stream:
            stream.write(f"{_HEAD}\n")
            stream.writelines(sorted(f"{key}\t{row}\n" for row, key in told.items()))


def pairs(waiting: Sequence[Row], free: Iterable[Row], files: frozenset[str]) -> dict[int, Row]:
    """Which of `waiting`, by number, were which of the rows in `free`, the most alike first.

    A row may be of the same file, or of one that is no longer among the edition's `files`.
    """
    found: dict[int, Row] = {}
    left = dict.fromkeys(free)
    gone = {row.fingerprint: row for row in left if row.file not in files}
    for number, each in enumerate(waiting):
        same = gone.pop(each.fingerprint, None)
        if same is not None:
            found[number] = same
            del left[same]
    near = sorted(_near([(number, each) for number, each in enumerate(waiting) if number not in found], left, files))
    for _, number, _, row in near:
        if number not in found and row in left:
            found[number] = row
            del left[row]
    return found


def _near(
    waiting: Iterable[tuple[int, Row]], free: Iterable[Row], files: frozenset[str]
) -> Iterable[tuple[float, int, int, Row]]:
    """Pairs that are alike enough: how unlike they are, the number of the one, the number of the other, the other."""
    rows = list(free)
    for number, each in waiting:
        matcher = SequenceMatcher(None, "", each.fingerprint)
        for place, row in enumerate(rows):
            if row.file != each.file and row.file in files:
                continue
            matcher.set_seq1(row.fingerprint)
            if matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE:
                ratio = matcher.ratio()
                if ratio >= _LIKE:
                    yield -ratio, number, place, row
