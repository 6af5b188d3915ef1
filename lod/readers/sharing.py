"""Letters that want a key, and what tells those apart that share one.

A letter that was published keeps its key where it can be known which of them that was: by the key itself, which says what
tells the letter apart, or because all others stand in files of which nothing was published yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zlib import crc32

from lod.config import SourceFile
from lod.iris import source_path
from lod.readers.remembered import Row
from lod.readers.sayings import Said
from lod.report import Report, Source

_CHECKSUM = 3
"""The number, among what tells letters apart, of the first that changes with what they say."""


@dataclass(slots=True)
class Candidate:
    """A letter that wants a key."""

    source: SourceFile
    at: Source
    said: Said
    key: str = ""
    twin: str = ""
    """The place of an earlier letter that says exactly the same: this one is left out."""
    by_content: bool = False
    """Its key holds a checksum of what it says, which tells it apart from others with the key given."""

    @property
    def given(self) -> str:
        """The key that its source gives it."""
        return self.said.given

    def fingerprint(self) -> str:
        """What the letter says of itself, in one line or as a digest."""
        return self.said.fingerprint

    def row(self) -> Row:
        """What `ids.tsv` knows it by."""
        return Row(self.source.file, self.fingerprint())

    def qualifiers(self) -> tuple[str, str, str, str]:
        """What may tell it apart from others with the same key, best first."""
        return self.source.id, self.said.edition, self.said.address, self.said.checksum


def settle(given: str, group: Sequence[Candidate], published: Collection[str], report: Report) -> None:
    """Give the letters that share a key each its own. `published`: paths of things and of files that were published."""
    mark_twins(group, report)
    apart = [candidate for candidate in group if not candidate.twin]
    if len(apart) == 1:
        apart[0].key = given
    else:
        _lengthen(given, apart, published)
        _tell(given, apart, published, report)
    for candidate in group:
        candidate.key = candidate.key or apart[0].key


def mark_twins(group: Sequence[Candidate], report: Report) -> None:
    """Mark letters that say exactly what an earlier one says."""
    first: dict[tuple[str, ...], Candidate] = {}
    for candidate in group:
        same = first.setdefault((*candidate.qualifiers(), candidate.fingerprint()), candidate)
        if same is not candidate:
            candidate.twin = str(same.at)
            message = f"says exactly what the letter at {same.at} says: it was read once"
            report.warning("letter-twice", message, candidate.at, "", "delete one, or give each its own key")


def hashed(words: str) -> str:
    """Eight hexadecimal digits for some words."""
    return f"{crc32(words.encode()):08x}"


def _lengthen(given: str, apart: Sequence[Candidate], published: Collection[str]) -> None:
    """Keys with what tells the letters apart behind them; without it for the one that had the key alone."""
    told = [each.qualifiers() for each in apart]
    columns = [*zip(*told, strict=True), tuple(hashed("|".join(each)) for each in told)]
    best = next(number for number, column in enumerate(columns) if len(set(column)) == len(apart) and all(column))
    for place, candidate in enumerate(apart):
        known = (number for number, column in enumerate(columns) if _is_kept(given, place, column, published))
        chosen = next(known, best)
        candidate.key = f"{given}-{columns[chosen][place]}"
        candidate.by_content = chosen >= _CHECKSUM
    first = _had_it_alone(given, apart, published)
    if first is not None:
        first.key, first.by_content = given, False


def _is_kept(given: str, place: int, column: Sequence[str], published: Collection[str]) -> bool:
    """Whether a letter was published under what a column says of it, and of no other."""
    return column.count(column[place]) == 1 and f"letter/{given}-{column[place]}" in published


def _had_it_alone(given: str, apart: Sequence[Candidate], published: Collection[str]) -> Candidate | None:
    """The letter that was published when no other had its key; None when there was none, or it cannot be known."""
    if f"letter/{given}" not in published:
        return None
    left = [each for each in apart if all(f"letter/{given}-{said}" not in published for said in each.qualifiers())]
    known = [each for each in left if source_path(each.at.file) in published]
    return known[0] if len(known) == 1 else None


def _tell(given: str, apart: Sequence[Candidate], published: Collection[str], report: Report) -> None:
    where = ", ".join(str(candidate.at) for candidate in apart[:3])
    message = f"{len(apart)} letters have the key '{given}' ({where}{' …' if len(apart) > 3 else ''})"
    hint = "they are told apart by a suffix"
    if f"letter/{given}" in published and all(each.key != given for each in apart):
        message += f", and which of them was published as letter/{given} cannot be known"
        hint = "give those that are new a key of their own"
    report.note("key-shared", message, apart[0].at, f"letter/{apart[0].key}", hint)
