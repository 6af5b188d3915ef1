"""Lines in order, however many: sorted in runs on disk, and merged."""

import contextlib
import heapq
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice

_RUN = 200_000
"""So many lines are sorted in memory."""


@contextlib.contextmanager
def sorted_lines(lines: Iterable[str]) -> Iterator[Iterator[str]]:
    """The lines in the order of their characters, while the block lasts. Each ends with its own line feed and has no other."""
    waiting = iter(lines)
    run = sorted(islice(waiting, _RUN))
    with contextlib.ExitStack() as stack:
        runs: list[Iterable[str]] = []
        while following := list(islice(waiting, _RUN)):
            file = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            file.writelines(run)
            file.seek(0)
            runs.append(file)
            run = sorted(following)
        yield heapq.merge(*runs, run) if runs else iter(run)
