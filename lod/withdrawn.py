"""Names that were published once (`published.txt`), and what became of them (`withdrawn.tsv`). Nothing else reads these files.

`withdrawn.tsv` has the columns `iri`, `date`, `reason`, `replaced by`, separated by tabs; several replacements are
separated by spaces; lines that begin with `#` are comments. A path (`person/ghost`) may stand for an IRI.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lod.formats import xml_words
from lod.iris import Iris, owner
from lod.terms import Iri

FILE = "withdrawn.tsv"
PUBLISHED = "published.txt"
"""The approval list: the paths of all things, parts and source files that were published, one a line."""
COLUMNS = ("iri", "date", "reason", "replaced by")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One row. One replacement: it was merged into that; several: it was split; none: it is gone."""

    path: str
    iri: Iri
    date: str
    reason: str
    replaced_by: tuple[Iri, ...]
    line: int


def read(folder: Path, base: str) -> dict[str, Withdrawn]:
    """The rows of `folder/withdrawn.tsv` by path, none when there is no such file. Foreign IRIs are left out."""
    file = folder / FILE
    if not file.is_file():
        return {}
    iris = Iris(base)
    found = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if line.startswith("#") or not cells[0] or cells[0] == COLUMNS[0]:
            continue
        name, date, reason, instead = (cells + [""] * 3)[:4]
        term = iris.node(name)
        if path := iris.path(term):
            found[path] = Withdrawn(path, term, date, xml_words(reason), tuple(map(iris.node, instead.split())), number)
    return found


def approved(folder: Path) -> dict[str, int]:
    """The lines of `folder/published.txt` and their numbers, none when there is no such file."""
    file = folder / PUBLISHED
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {path: number for number, path in enumerate(lines, 1)}


def covers(rows: Mapping[str, Withdrawn], path: str) -> Withdrawn | None:
    """The row that tells of a path: its own, or its owner's; None when there is none."""
    return rows.get(path) or rows.get(owner(path))


def replaced(rows: Iterable[Withdrawn], iris: Iris) -> dict[str, tuple[Iri, ...]]:
    """Path of each thing that took the place of others → the IRIs it replaces, in the order of the file."""
    found: dict[str, tuple[Iri, ...]] = {}
    for row in rows:
        for term in row.replaced_by:
            if path := iris.path(term):
                found[path] = (*found.get(path, ()), row.iri)
    return found
