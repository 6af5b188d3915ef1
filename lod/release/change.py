"""The change table: what became of each document in each release. It is only ever added to.

A document is what one GET returns (`lod.store.documents`); its digest is taken from its sorted N-Triples, so two
releases have the same digest exactly when they have the same statements. `content` is the digest of what the thing itself
says without the date of its record, and `modified` is that date: by these two a record keeps its date while its thing
says the same (`lod.release.dates`). Columns: `version date change path instead digest content modified`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lod.errors import ReleaseError
from lod.terms import Iri, Triple, address, iri, n_triples
from lod.withdrawn import Withdrawn

if TYPE_CHECKING:  # 10 MB that reading and mapping do without
    from lod.store.documents import Documents

FILE = "changes.tsv"
_COLUMNS = "version\tdate\tchange\tpath\tinstead\tdigest\tcontent\tmodified\n"


class Kind(StrEnum):
    """What became of a document. A merged one is gone too, but something took its place."""

    CREATED = "created"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"

    @property
    def gone(self) -> bool:
        """True when the document is no longer there."""
        return self in (Kind.WITHDRAWN, Kind.MERGED)


@dataclass(frozen=True, slots=True)
class Change:
    """One row. `instead` are the IRIs that took the place of what is gone; the three fields behind it are `""` for that."""

    version: str
    date: str
    kind: Kind
    path: str
    instead: tuple[Iri, ...] = ()
    digest: str = ""
    content: str = ""
    modified: str = ""

    def line(self) -> str:
        """As the file has it."""
        instead = " ".join(map(address, self.instead))
        said = (self.version, self.date, self.kind, self.path, instead, self.digest, self.content, self.modified)
        return "\t".join(said) + "\n"


class Record(NamedTuple):
    """What a thing says without the date of its record, as a digest; and that date, `""` when there is none."""

    content: str
    modified: str


class Table:
    """All changes, in order of the releases, within a release in order of paths."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self._changes: list[Change] = []
        self._last: dict[str, Change] = {}
        self.extend(changes)

    def extend(self, changes: Iterable[Change]) -> None:
        """Add the changes of one more release."""
        for change in changes:
            self._changes.append(change)
            self._last[change.path] = change

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def __len__(self) -> int:
        return len(self._changes)

    def last(self, path: str) -> Change | None:
        """What happened last to a document."""
        return self._last.get(path)

    def state(self) -> Iterator[Change]:
        """The last change of every document that ever was, in the order in which these changes happened."""
        return (change for change in self._changes if self._last[change.path] is change)

    def live(self) -> dict[str, str]:
        """Path → digest of every document that is there after the last release."""
        return {path: change.digest for path, change in self._last.items() if not change.kind.gone}

    def versions(self) -> dict[str, str]:
        """Version → date, in order."""
        return {change.version: change.date for change in self._changes}

    def of(self, version: str) -> list[Change]:
        """The changes of one release."""
        return [change for change in self._changes if change.version == version]

    def text(self) -> str:
        """The whole file."""
        return _COLUMNS + "".join(change.line() for change in self._changes)

    @classmethod
    def read(cls, file: Path) -> "Table":
        """The table in a file; an empty one when there is no such file. `ReleaseError` names the line that is none."""
        if not file.is_file():
            return cls()
        lines = file.read_text(encoding="utf-8").splitlines()[1:]
        return cls(_change(line, f"{file}:{number}") for number, line in enumerate(lines, 2))


def _change(line: str, place: str) -> Change:
    try:
        version, date, kind, path, instead, *said = line.split("\t")
        digest, content, modified = said
        return Change(version, date, Kind(kind), path, tuple(map(iri, instead.split())), digest, content, modified)
    except ValueError:
        raise ReleaseError(f"{place}: no row of a change table: take the file from the last commit") from None


def digests(documents: "Documents") -> dict[str, str]:
    """Path → digest of every document of a dump, in the order of paths."""
    return {path: digest(documents, path) for path in sorted(documents.paths())}


def digest(documents: "Documents", path: str) -> str:
    """The digest of one document."""
    return digest_of(documents.document(path))


def digest_of(triples: Iterable[Triple]) -> str:
    """The digest of some statements, in whatever order: 32 hexadecimal digits."""
    return hashlib.sha256("".join(sorted(map(n_triples, triples))).encode()).hexdigest()[:32]


def compare(
    before: Mapping[str, str],
    now: Mapping[str, str],
    records: Mapping[str, Record],
    withdrawn: Mapping[str, Withdrawn],
    version: str,
    date: str,
) -> list[Change]:
    """What happened between two states: digests of the documents before and now, the records of the things there are now.

    `ReleaseError` lists documents that are gone and not declared withdrawn.
    """
    lost = sorted(path for path in before if path not in now and path not in withdrawn)
    if lost:
        rows = "\n".join(f"  {path}\t{date}\treason\treplaced by" for path in lost)
        raise ReleaseError(f"{len(lost)} released document(s) would be lost; declare them in withdrawn.tsv:\n{rows}")
    found = []
    for path in sorted(before.keys() | now.keys()):
        if path not in now:
            row = withdrawn[path]
            kind = Kind.MERGED if row.replaced_by else Kind.WITHDRAWN
            found.append(Change(version, date, kind, path, row.replaced_by))
        elif before.get(path) != now[path]:
            kind = Kind.UPDATED if path in before else Kind.CREATED
            record = records.get(path, Record("", ""))
            found.append(Change(version, date, kind, path, (), now[path], record.content, record.modified))
    return found
