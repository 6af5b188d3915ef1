"""Sets of numbers as bits."""

import random

import pytest

from lod import bits


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 500])
def test_sets_are_what_python_s_sets_are(size: int) -> None:
    chance = random.Random(size)
    one, other = ({chance.randrange(1000) for _ in range(size)} for _ in range(2))
    first, second = bits.gathered(one), bits.gathered(other)
    assert list(bits.members(first)) == sorted(one)
    assert list(bits.members(first & second)) == sorted(one & other)
    assert list(bits.members(first | second)) == sorted(one | other)
    assert first.bit_count() == len(one)
    assert bits.opened(bits.packed(first)) == first
    known = bits.lookup(first)
    assert {number for number in range(2000) if known(number)} == one
