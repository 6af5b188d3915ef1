"""Results come in the order of the items, errors come out, and one process is no process at all."""

import os
import time

import pytest

from lod.parallel import Crew


def slow_if_early(number: int) -> tuple[int, int]:
    time.sleep(0.05 if number == 0 else 0)
    return number, os.getpid()


def refuse(number: int) -> int:
    if number == 3:
        raise ValueError("not three")
    return number


def test_order_is_kept_over_processes() -> None:
    with Crew(2) as crew:
        found = list(crew.each(slow_if_early, range(20)))
        again = list(crew.each(slow_if_early, range(3)))
    assert [number for number, _ in found] == list(range(20))
    assert [number for number, _ in again] == list(range(3))
    assert os.getpid() not in {process for _, process in found}


def test_one_process_is_this_one() -> None:
    with Crew(1) as crew:
        assert {process for _, process in crew.each(slow_if_early, range(3))} == {os.getpid()}


def test_an_error_comes_out() -> None:
    with Crew(2) as crew:
        results = crew.each(refuse, range(10))
        assert [next(results) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ValueError, match="not three"):
            next(results)
