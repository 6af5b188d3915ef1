"""How all commands speak: results on standard output, the rest on standard error, the same options and exit codes."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from lod.cache import Cache
from lod.errors import LodError
from lod.report import Finding, Report
from lod.tools import findings as findings_shown

if TYPE_CHECKING:  # what commands do is imported when they do it, so that a server starts in two thirds of the time
    from lod.build import Progress

OUT = Console()
ERR = Console(stderr=True)

EditionFolder = Annotated[Path, typer.Argument(help="The edition's folder, with edition.toml in it.")]
Strict = Annotated[bool, typer.Option("--strict", help="Warnings fail the run too.")]
Every = Annotated[bool, typer.Option("--all", help="Every finding, not the first of each code.")]
Fresh = Annotated[
    bool, typer.Option("--fresh", envvar="LOD_FRESH", help="Read every file again; keep nothing for the next run.")
]
DumpFolder = Annotated[Path, typer.Option("--out", "-o", help="Where dumps lie, a folder for each edition.")]


@contextmanager
def told() -> Iterator[None]:
    """An error that means "cannot go on" becomes its sentence and exit code 2."""
    try:
        yield
    except LodError as error:
        ERR.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from None


@contextmanager
def progress_shown() -> "Iterator[Progress]":
    """Steps as they begin, drawn only where somebody looks. SIGTERM ends them as Ctrl-C does: temporary folders go."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ERR.status("") as status:
            yield lambda step: status.update(f"{step} …")
    finally:
        signal.signal(signal.SIGTERM, before)


def show(report: Report | list[Finding], *, strict: bool = False, every: bool = False) -> None:
    """Findings by code; a closing line with the counts."""
    if len(report):
        OUT.print(findings_shown.table(report, every=every))
    OUT.print(findings_shown.counts(report, strict=strict), highlight=False)


def cache_of(fresh: bool = False) -> Cache | None:
    """What was read before, unless all is to be read again."""
    return None if fresh else Cache.of_user()
