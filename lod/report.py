"""Findings about the data: collected, counted, shown as a table or as JSON. None of them stops a run."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How bad: an `error` breaks the build, a `warning` wants a look, a `note` is for information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a record stands: file name relative to the edition's folder, line counted from 1 (0: the whole file)."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an editor should know. `code` groups (`date-impossible`), `key` names the record (`letter/12`)."""

    level: Level
    code: str
    message: str
    source: Source
    key: str = ""
    hint: str = ""

    def __str__(self) -> str:
        about = f" [{self.key}]" if self.key else ""
        hint = f" — {self.hint}" if self.hint else ""
        return f"{self.source}: {self.level}: {self.message}{about}{hint} ({self.code})"


@dataclass(slots=True)
class Report:
    """Collects findings; the same finding told twice counts once."""

    _findings: dict[Finding, None] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Take a finding in, in order of arrival."""
        self._findings[finding] = None

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take several in."""
        for finding in findings:
            self.add(finding)

    def error(self, code: str, message: str, source: Source, key: str = "", hint: str = "") -> None:
        """Something that must be mended before publication."""
        self.add(Finding(Level.ERROR, code, message, source, key, hint))

    def warning(self, code: str, message: str, source: Source, key: str = "", hint: str = "") -> None:
        """Something odd that was kept or dropped."""
        self.add(Finding(Level.WARNING, code, message, source, key, hint))

    def note(self, code: str, message: str, source: Source, key: str = "", hint: str = "") -> None:
        """Something to know."""
        self.add(Finding(Level.NOTE, code, message, source, key, hint))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def __len__(self) -> int:
        return len(self._findings)

    def count(self) -> Counter[Level]:
        """How many of each level."""
        return Counter(finding.level for finding in self)

    @property
    def clean(self) -> bool:
        """True when nothing of level error was found."""
        return all(finding.level is not Level.ERROR for finding in self)

    def to_json(self) -> str:
        """A list of objects with `level code message file line key hint`, in order of arrival."""
        rows = []
        for finding in self:
            row = asdict(finding)
            source = row.pop("source")
            rows.append({**row, **source})
        return json.dumps(rows, ensure_ascii=False, indent=2)
