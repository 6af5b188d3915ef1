"""The change table: what became of each document in each release. It is only ever added to.

A document is what one GET returns (`lod.store.documents`); its digest is taken from its sorted N-Triples, so two
releases have the same digest exactly when they have the same statements. Columns: `version date change path instead digest`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lod.errors import ReleaseError
from lod.store.documents import Documents
from lod.terms import Iri, address, iri, n_triples
from lod.withdrawn import Withdrawn

FILE = "changes.tsv"
_COLUMNS = "version\tdate\tchange\tpath\tinstead\tdigest\n"


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
    """One row. `instead` are the IRIs that took the place of what is gone; `digest` is `""` for that."""

    version: str
    date: str
    kind: Kind
    path: str
    instead: tuple[Iri, ...] = ()
    digest: str = ""

    def line(self) -> str:
        """As the file has it."""
        instead = " ".join(map(address, self.instead))
        return "\t".join((self.version, self.date, self.kind, self.path, instead, self.digest)) + "\n"


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
        version, date, kind, path, instead, digest = line.split("\t")
        return Change(version, date, Kind(kind), path, tuple(map(iri, instead.split())), digest)
    except ValueError:
        raise ReleaseError(f"{place}: no row of a change table: take the file from the last commit") from None


def digests(documents: Documents) -> dict[str, str]:
    """Path → digest of every document of a dump, in the order of paths."""
    return {path: digest(documents, path) for path in sorted(documents.paths())}


def digest(documents: Documents, path: str) -> str:
    """The digest of one document: 32 hexadecimal digits."""
    lines = "".join(sorted(map(n_triples, documents.document(path))))
    return hashlib.sha256(lines.encode()).hexdigest()[:32]


def compare(
    before: Mapping[str, str], now: Mapping[str, str], withdrawn: Mapping[str, Withdrawn], version: str, date: str
) -> list[Change]:
    """What happened between two states. `ReleaseError` lists documents that are gone and not declared withdrawn."""
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
        elif path not in before:
            found.append(Change(version, date, Kind.CREATED, path, digest=now[path]))
        elif before[path] != now[path]:
            found.append(Change(version, date, Kind.UPDATED, path, digest=now[path]))
    return found
