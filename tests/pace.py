"""Seconds that a statement names, held on a machine that does other things too."""

import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_TRIES = 5
_SHARE = 10
"""Whatever is asked may take so many times more than what is usual here, beside the seconds it is allowed."""


def usual() -> float:
    """How many seconds this machine takes now to start a program that does nothing: the longest of some.

    Nothing of what is tested has a part in it: what is always slow would excuse itself.
    """
    return max(_timed(lambda: subprocess.run(["true"], check=True))[0] for _ in range(_TRIES))


def in_time(seconds: float, ordinary: float, work: Callable[[], T]) -> T:
    """What the first try gives that takes no longer than `seconds`, and ten times what is ordinary here.

    Other programs hold up one try or another; a fault holds up all of them.
    """
    allowed, took = seconds + _SHARE * ordinary, list[float]()
    for _ in range(_TRIES):
        spent, result = _timed(work)
        if spent <= allowed:
            return result
        took.append(round(spent, 3))
    raise AssertionError(f"took {took} seconds, {allowed:.3f} were allowed")


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begin = time.monotonic()
    result = work()
    return time.monotonic() - begin, result
