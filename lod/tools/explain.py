"""One thing followed through the house: its lines in the source, its record, its triples, its findings."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from xml.parsers import expat

from lod.build import Built
from lod.check.where import Whereabouts
from lod.iris import KINDS, Iris, owner
from lod.model import Record
from lod.report import Finding, Source
from lod.terms import Triple

_SETTINGS = "edition.toml"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of one thing, or of a part of it. `lines` are those of the element or row at `source`."""

    path: str
    source: Source
    lines: tuple[tuple[int, str], ...]
    """Number and words of each line; empty for what no file tells (the data set)."""
    record: Record | None
    """None for what records only lead to: types, languages, correspondences."""
    triples: tuple[Triple, ...]
    findings: tuple[Finding, ...]


class Explainer:
    """Answers for one edition. What is asked for often is kept: the lines of the files, the places of the things."""

    def __init__(self, built: Built) -> None:
        edition = built.corpus.edition
        self.base = edition.base
        self._iris = Iris(edition.base)
        self._folders = {_SETTINGS: edition.folder}
        self._data = edition.data
        self._blocks = dict(built.blocks)
        self._records = {record.path: record for record in built.corpus.records}
        triples = chain.from_iterable(self._blocks.values())
        self._where = Whereabouts(built.corpus.told, self._iris, triples, Source(_SETTINGS))
        self._findings: dict[str, list[Finding]] = {}
        for finding in built.report:
            self._findings.setdefault(owner(finding.key), []).append(finding)
        self._files: dict[str, tuple[list[str], dict[int, int]]] = {}

    def explain(self, key: str) -> list[Explanation]:
        """All things that have a key; the one thing, or part of one, that a path names; none when there is nothing."""
        paths = [key] if "/" in key or key in self._blocks else [f"{kind}/{key}" for kind in KINDS]
        found = [each for path in paths if (each := self._explained(path)) is not None]
        # keys are lower case in paths, whatever the source writes
        return found if found or key == key.lower() else self.explain(key.lower())

    def _explained(self, path: str) -> Explanation | None:
        thing = path if path in self._blocks else owner(path)
        if thing not in self._blocks:
            return None
        triples = dict.fromkeys(
            triple for triple in self._blocks[thing] if path == thing or _within(self._iris.path(triple[0]), path)
        )
        source = self._where.source(self._iris.of(path))
        lines = tuple(self._lines(source))
        return Explanation(
            path, source, lines, self._records.get(thing), tuple(triples), tuple(self._findings.get(thing, ()))
        )

    def _lines(self, source: Source) -> Iterator[tuple[int, str]]:
        """The lines of the element or row that begins at a place."""
        if not source.line:
            return
        if source.file not in self._files:
            file = self._folders.get(source.file, self._data) / source.file
            words = file.read_text(encoding="utf-8-sig", errors="replace").split("\n") if _is_text(file) else []
            self._files[source.file] = (words, _ends(file) if words else {})
        words, ends = self._files[source.file]
        # a parser may count a start tag that goes over several lines by its last one
        begin = source.line if source.line in ends else max((line for line in ends if line < source.line), default=0)
        last = max(ends.get(begin, source.line), source.line)
        yield from enumerate(words[(begin or source.line) - 1 : last], begin or source.line)


def _within(path: str, wanted: str) -> bool:
    return path == wanted or path.startswith(f"{wanted}/") or path == f"{wanted}.ttl"


def _is_text(file: Path) -> bool:
    return file.suffix.lower() != ".xlsx"


def _ends(file: Path) -> dict[int, int]:
    """The last line of what begins on each line: of the first element there, or of the row."""
    return dict(_rows(file)) if file.suffix.lower() in (".csv", ".tsv", ".txt") else _elements(file)


def _elements(file: Path) -> dict[int, int]:
    ends: dict[int, int] = {}
    open_at: list[tuple[int, bool]] = []
    parser = expat.ParserCreate()

    def start(_: str, __: object) -> None:
        line = parser.CurrentLineNumber
        open_at.append((line, line not in ends))
        ends.setdefault(line, line)

    def end(_: str) -> None:
        line, first = open_at.pop()
        if first:
            ends[line] = parser.CurrentLineNumber

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(file.read_bytes(), True)
    except expat.ExpatError:
        # as far as it can be read: the rest has a finding of its own
        return ends
    return ends


def _rows(file: Path) -> Iterable[tuple[int, int]]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader, before = csv.reader(stream), 0
        for _ in reader:
            yield before + 1, reader.line_num
            before = reader.line_num
