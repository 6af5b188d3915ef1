"""Findings about the data: collected, counted, grouped, told as JSON or Markdown. None of them stops a run."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from enum import StrEnum

from lod.edtf import order
from lod.spool import Section, Spool, Value, frozen

FILE = "report.json"
"""Beside a dump: the findings of the run that made it, see `Report.to_json`."""
_CAUSES = ("file-unreadable",)
"""Codes that others follow from: of a register that cannot be read, every pointer into it leads nowhere."""
_HELD = 2_000
"""Findings that a report keeps in memory."""
_MARKUP = re.compile(r"[\\`*_\[\]<>#|&]")


class Level(StrEnum):
    """How bad: an `error` breaks the build, a `warning` wants a look, a `note` is for information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def fails(self, *, strict: bool = False) -> bool:
        """Whether a finding of this level means that the run was not clean."""
        return self is Level.ERROR or (strict and self is Level.WARNING)

    def counted(self, number: int) -> str:
        """`1 error`, `2 errors`."""
        return f"{number} {self}{'' if number == 1 else 's'}"


@frozen(order=True)
class Source(Value):
    """Where a record stands: file name relative to the edition's folder, line counted from 1 (0: the whole file)."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@frozen()
class Finding(Value):
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


@frozen()
class Group(Value):
    """All findings of one code and level: how many there are, at least one, and the first of them in order of arrival."""

    level: Level
    code: str
    count: int
    hint: str
    """What to do about them, when it is the same for all; else `""`."""
    findings: tuple[Finding, ...]


def groups(findings: Iterable[Finding], most: int | None = None) -> tuple[Group, ...]:
    """Findings by level and code: the worst level first, in a level what others follow from, then the most frequent code.

    With `most`, no more than so many of each are held.
    """
    counts: Counter[tuple[Level, str]] = Counter()
    hints: dict[tuple[Level, str], str] = {}
    first: dict[tuple[Level, str], list[Finding]] = {}
    for finding in findings:
        kind = finding.level, finding.code
        counts[kind] += 1
        if hints.setdefault(kind, finding.hint) != finding.hint:
            hints[kind] = ""
        if most is None or counts[kind] <= most:
            first.setdefault(kind, []).append(finding)
    levels = list(Level)
    order = sorted(counts, key=lambda kind: (levels.index(kind[0]), kind[1] not in _CAUSES, -counts[kind], kind[1]))
    return tuple(Group(*kind, counts[kind], hints[kind], tuple(first.get(kind, ()))) for kind in order)


class Report:
    """Collects findings; the same finding told twice counts once. When they are many, the earlier ones lie on disk."""

    __slots__ = ("_earlier", "_held", "_known", "ahead", "told")

    def __init__(self) -> None:
        self._held: dict[Finding, None] = {}
        self._earlier: Section[Finding] | None = None
        self._known: set[int] = set()
        """Hashes of the earlier ones."""
        self.ahead: dict[Finding, str] = {}
        """What is to be told only before a day (`YYYY-MM-DD`): no part of the report until somebody says which day it is."""
        self.told = 0
        """How often something was told, repetitions counted: when it stays the same, nothing was found in between."""

    def add(self, finding: Finding) -> None:
        """Take a finding in, in order of arrival."""
        self.told += 1
        if not self._known or hash(finding) not in self._known:
            self._held[finding] = None
            if len(self._held) >= _HELD:
                self._put_away()

    def _put_away(self) -> None:
        self._earlier = self._earlier or Spool().section("findings")
        self._earlier.append(self._held)
        self._known.update(map(hash, self._held))
        self._held = {}

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take several in."""
        for finding in findings:
            self.add(finding)

    def before(self, day: str, finding: Finding) -> None:
        """Keep what is to be told only before a day."""
        self.ahead[finding] = day
        self.told += 1

    def on(self, today: str, ahead: Mapping[Finding, str]) -> None:
        """Take in what is still ahead on a day; nothing when no day is given (`""`)."""
        self.extend(finding for finding, day in ahead.items() if today and order(today) < order(day))

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
        yield from self._earlier or ()
        yield from self._held

    def __len__(self) -> int:
        return len(self._known) + len(self._held)

    def count(self) -> Counter[Level]:
        """How many of each level."""
        return Counter(finding.level for finding in self)

    @property
    def clean(self) -> bool:
        """True when nothing of level error was found."""
        return self.passes()

    def passes(self, *, strict: bool = False) -> bool:
        """True when nothing of level error was found; when `strict`, nothing of level warning either."""
        return not any(finding.level.fails(strict=strict) for finding in self)

    def groups(self, most: int | None = None) -> tuple[Group, ...]:
        """The findings by level and code, see `groups`."""
        return groups(self, most)

    def to_json(self) -> str:
        """An object: `levels` (how many of each), `groups` (`level code count hint`), and all `findings`.

        A finding has `level code message file line key hint`; findings are in order of arrival.
        """
        return "".join(self.json_pieces())

    def json_pieces(self) -> Iterator[str]:
        """The same in pieces: a finding at a time, because there may be hundreds of thousands."""
        counted = self.count()
        content = {
            "levels": {str(level): counted[level] for level in Level},
            "groups": [
                {"level": group.level, "code": group.code, "count": group.count, "hint": group.hint}
                for group in self.groups(0)
            ],
            "findings": [],
        }
        frame = json.dumps(content, ensure_ascii=False, indent=2)
        if not len(self):
            yield frame
            return
        yield frame.removesuffix("]\n}")
        between = ""
        for finding in self:
            row = json.dumps(_plain_values(finding), ensure_ascii=False, indent=2)
            yield f"{between}\n    " + row.replace("\n", "\n    ")
            between = ","
        yield "\n  ]\n}"

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """The findings of a report that `to_json` wrote. `ValueError` when it is none."""
        try:
            rows = json.loads(text)["findings"]
            found = cls()
            for row in rows:
                plain = {name: row[name] for name in ("code", "message", "key", "hint")}
                found.add(Finding(Level(row["level"]), source=Source(row["file"], row["line"]), **plain))
        except (KeyError, TypeError) as error:
            raise ValueError(f"no report of findings: {error}") from error
        return found

    def to_markdown(self, examples: int = 3) -> str:
        """A section a code with its first `examples` findings: for an issue, a pull request, a project's wiki."""
        counted = self.count()
        lines = ["# Findings", "", ", ".join(level.counted(counted[level]) for level in Level) + "."]
        for group in self.groups(examples):
            lines += ["", f"## {group.level}: {group.code} ({group.count})", ""]
            lines += [f"→ {_plain(group.hint)}", ""] if group.hint else []
            lines += [_line(finding, with_hint=not group.hint) for finding in group.findings]
            if group.count > examples:
                lines.append(f"- … and {group.count - examples} more")
        return "\n".join(lines) + "\n"


def _plain_values(finding: Finding) -> dict[str, str | int]:
    row = asdict(finding)
    source = row.pop("source")
    return {**row, **source}


def _line(finding: Finding, *, with_hint: bool) -> str:
    about = f" [{finding.key}]" if finding.key else ""
    hint = f" — {finding.hint}" if finding.hint and with_hint else ""
    return f"- `{finding.source}` {_plain(f'{finding.message}{about}{hint}')}"


def _plain(words: str) -> str:
    """Words of a source on one line, in which Markdown and HTML see no markup."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(words.split()))
