"""Letters that are not simply called what their source calls them, packed: some thirty bytes each, beside tens for a key."""

import pickle
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lod.readers.places import Places
from lod.readers.sayings import digest

_TOGETHER = 500
"""Letters that are packed together."""


class Letter(NamedTuple):
    """A letter's key. `left_out`: it says what an earlier letter says; `shadowed`: an earlier letter has the same key."""

    key: str
    left_out: bool = False
    shadowed: bool = False


class Renamed:
    """Such letters by their place among all of an edition, and the places that keys lead to."""

    def __init__(self, letters: Mapping[int, Letter], named: Mapping[str, int]) -> None:
        self._places = array("I", sorted(letters))
        self._packed: list[bytes] = []
        for first in range(0, len(self._places), _TOGETHER):
            some = [tuple(letters[place]) for place in self._places[first : first + _TOGETHER]]
            self._packed.append(zlib.compress(pickle.dumps(some, pickle.HIGHEST_PROTOCOL), 1))
        self._named = Places()
        self._named.extend(map(digest, named))
        self._named.settle()
        self._leading = array("I", named.values())

    def find(self, key: str) -> int | None:
        """The place of the first letter with a key; None when no letter here has it."""
        number = self._named.find(digest(key))
        return None if number is None else self._leading[number]

    def __contains__(self, place: int) -> bool:
        number = bisect_left(self._places, place)
        return number < len(self._places) and self._places[number] == place

    def between(self, first: int, end: int) -> Iterator[tuple[int, Letter]]:
        """The letters from one place to before another, each with its place."""
        begin, stop = bisect_left(self._places, first), bisect_left(self._places, end)
        for number in range(begin // _TOGETHER, -(-stop // _TOGETHER)):
            some = pickle.loads(zlib.decompress(self._packed[number]))  # noqa: S301 (written by this very run)
            for at, letter in enumerate(some, number * _TOGETHER):
                if begin <= at < stop:
                    yield self._places[at], Letter(*letter)
