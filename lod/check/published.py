"""IRIs are for ever: every one that was published is still there, or is declared withdrawn.

`published.txt` beside `edition.toml` is the approval list: the paths of all things and parts, one a line, sorted. It is only
ever added to, by `lod build --approve`. `withdrawn.tsv` says what happened to those that went.
"""

from collections.abc import Iterable
from pathlib import Path

from lod.config import Edition
from lod.iris import Iris
from lod.report import Report, Source
from lod.terms import Iri

LIST = "published.txt"
WITHDRAWN = "withdrawn.tsv"


def check_published(subjects: Iterable[Iri], edition: Edition, report: Report) -> None:
    """An error for every published IRI that is neither said nor withdrawn; one note for those not yet approved."""
    file = edition.folder / LIST
    if not file.is_file():
        return
    iris = Iris(edition.base)
    said = paths(subjects, iris)
    approved = file.read_text(encoding="utf-8").splitlines()
    gone = withdrawn(edition)
    for number, path in enumerate(approved, 1):
        if path not in said and path not in gone:
            report.error(
                "iri-lost",
                f"'{path}' was published and is no longer there",
                Source(LIST, number),
                path,
                f"bring it back, or declare it in {WITHDRAWN} with date, reason and replacement",
            )
    new = said.difference(approved)
    if new:
        report.note(
            "iri-new",
            f"{len(new)} IRIs are not in the list of published ones yet, {min(new)} among them",
            Source(LIST),
            "",
            "lod build --approve adds them; from then on they stay",
        )


def approve(subjects: Iterable[Iri], edition: Edition) -> int:
    """Add the IRIs said now to the list of published ones; how many were new. None is ever taken out."""
    file = edition.folder / LIST
    approved = set(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else set()
    said = paths(subjects, Iris(edition.base))
    file.write_text("".join(f"{path}\n" for path in sorted(approved | said)), encoding="utf-8")
    return len(said - approved)


def paths(subjects: Iterable[Iri], iris: Iris) -> set[str]:
    """The paths among IRIs, records left out: they follow their things."""
    return {path for subject in subjects if (path := iris.path(subject)) and not path.endswith(".ttl")}


def withdrawn(edition: Edition) -> set[str]:
    """The paths that `withdrawn.tsv` declares, whether given as paths or as IRIs."""
    file: Path = edition.folder / WITHDRAWN
    if not file.is_file():
        return set()
    rows = file.read_text(encoding="utf-8").splitlines()[1:]
    return {row.split("\t")[0].removeprefix(edition.base) for row in rows if row.strip()}
