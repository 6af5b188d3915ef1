"""IRIs are for ever: every one that was published is still there, or is declared withdrawn.

`published.txt` beside `edition.toml` is the approval list: the paths of all things and parts, one a line, sorted. It is only
ever added to, by `lod build --approve`. `withdrawn.tsv` says what happened to those that went.
"""

from collections.abc import Iterable
from datetime import date

from lod import withdrawn
from lod.config import Edition
from lod.iris import Iris
from lod.report import Report, Source
from lod.terms import Iri, address
from lod.withdrawn import Withdrawn


def check_published(subjects: Iterable[Iri], edition: Edition, report: Report) -> None:
    """An error for every published IRI that is neither said nor withdrawn; one note for those not yet approved."""
    iris, file = Iris(edition.base), edition.folder / withdrawn.PUBLISHED
    gone = withdrawn.read(edition.folder, edition.base)
    if not gone and not file.is_file():
        return
    said = paths(subjects, iris)
    for row in gone.values():
        _check_row(row, gone, said, iris, report)
    if not file.is_file():
        return
    approved = withdrawn.approved(edition.folder)
    for path, number in approved.items():
        if path not in said and withdrawn.covers(gone, path) is None:
            report.error(
                "iri-lost",
                f"'{path}' was published and is no longer there",
                Source(withdrawn.PUBLISHED, number),
                path,
                f"bring it back, or declare it in {withdrawn.FILE} with date, reason and replacement",
            )
    new = said.difference(approved)
    if new:
        report.note(
            "iri-new",
            f"{len(new)} IRIs are not in the list of published ones yet, {min(new)} among them",
            Source(withdrawn.PUBLISHED),
            "",
            "lod build --approve adds them; from then on they stay",
        )


def approve(subjects: Iterable[Iri], edition: Edition) -> int:
    """Add the IRIs said now to the list of published ones; how many were new. None is ever taken out."""
    file = edition.folder / withdrawn.PUBLISHED
    approved = withdrawn.approved(edition.folder).keys()
    said = paths(subjects, Iris(edition.base))
    file.write_text("".join(f"{path}\n" for path in sorted(approved | said)), encoding="utf-8")
    return len(said - approved)


def paths(subjects: Iterable[Iri], iris: Iris) -> set[str]:
    """The paths among IRIs, records left out: they follow their things."""
    return {path for subject in subjects if (path := iris.path(subject)) and not path.endswith(".ttl")}


def _check_row(row: Withdrawn, gone: dict[str, Withdrawn], said: set[str], iris: Iris, report: Report) -> None:
    """A day, and replacements that are there or were replaced themselves; no going round in circles."""
    source = Source(withdrawn.FILE, row.line)
    try:
        date.fromisoformat(row.date)
    except ValueError:
        report.error("withdrawn-date", f"'{row.date}' is no day", source, row.path, "such as 2026-11-23")
    for term in row.replaced_by:
        path = iris.path(term)
        if path and path not in said and path not in gone:
            report.error(
                "withdrawn-nowhere", f"it is replaced by {address(term)}, which is not there", source, row.path
            )
        elif path in gone and row.path in _ends(path, gone, iris):
            report.error("withdrawn-circle", "what replaces it is replaced by it", source, row.path)


def _ends(path: str, gone: dict[str, Withdrawn], iris: Iris) -> set[str]:
    """All that a withdrawn thing was replaced by, step by step."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        here = waiting.pop()
        if here not in found and here in gone:
            waiting += [iris.path(term) for term in gone[here].replaced_by]
        found.add(here)
    return found
