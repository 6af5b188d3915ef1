"""Findings on the command line: as a table, as JSON, as Markdown."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from rich.table import Table
from rich.text import Text

from lod.report import Finding, Group, Level, Report, groups

EXAMPLES = 3
"""How many findings of a code are shown, unless all are asked for."""
TABLE = "table"
FORMATS: Mapping[str, Callable[[Report], str]] = {"json": Report.to_json, "md": Report.to_markdown}
"""What a report can be written as, besides the table."""
_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "dim"}


def table(findings: Iterable[Finding], *, every: bool = False) -> Table:
    """Findings by code, worst and most frequent first: how often, what to do, the first examples (or `every` one)."""
    shown = Table(box=None, pad_edge=False)
    for head in ("", "where", "what"):
        shown.add_column(head, overflow="fold")  # a line number must not be cut off
    for group in groups(findings, None if every else EXAMPLES):
        _add(shown, group)
    return shown


def _add(shown: Table, group: Group) -> None:
    level = Text(str(group.level), style=_COLOURS[group.level])
    shown.add_row(level, Text(f"{group.count} ×"), Text(group.code, style="bold").append(_hint(group.hint), "not bold"))
    for finding in group.findings:
        about = f" [{finding.key}]" if finding.key else ""
        hint = "" if group.hint else _hint(finding.hint)
        shown.add_row("", Text(str(finding.source)), Text(f"{finding.message}{about}{hint}"))
    if group.count > len(group.findings):
        shown.add_row("", "", Text(f"… and {group.count - len(group.findings)} more", style="dim"))


def _hint(hint: str) -> str:
    return f" → {hint}" if hint else ""


def counts(findings: Iterable[Finding], *, strict: bool = False) -> str:
    """The closing line: `0 errors, 2 warnings, 20 notes: clean`."""
    levels = Counter(finding.level for finding in findings)
    clean = not any(level.fails(strict=strict) for level in levels)
    told = ", ".join(level.counted(levels[level]) for level in Level)
    return f"{told}: {'clean' if clean else 'not clean'}"
