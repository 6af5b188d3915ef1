"""Rows of numbers, too many to hold: kept in a file, given back in the order of their first column."""

import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
_AT_ONCE = 250_000
"""Rows that are held, as near as their first numbers allow: those of one number come together."""
_SAMPLED = 64
"""One row of so many tells where to divide them."""


class Ordered:
    """Rows of the same length and kind of numbers. Equal first numbers keep the order in which they came."""

    def __init__(self, columns: int, kind: str) -> None:
        self._columns, self._kind = columns, np.dtype(kind)
        self._file = tempfile.TemporaryFile(prefix="lod-rows-")  # noqa: SIM115 (it goes with the last reference to it)
        self._sample: list[Numbers] = []
        self._count = 0

    def add(self, rows: Numbers) -> None:
        """Some more, shape (n, columns)."""
        rows = np.ascontiguousarray(rows, self._kind).reshape(-1, self._columns)
        self._file.write(rows.tobytes())
        self._sample.append(rows[::_SAMPLED, 0].copy())
        self._count += len(rows)

    def in_order(self) -> Iterator[Numbers]:
        """All of them, some at a time."""
        ends = [*self._divided(), None]
        begin = None
        for end in ends:
            some = np.concatenate([self._between(block, begin, end) for block in self._blocks()] or [self._none()])
            yield some[np.argsort(some[:, 0], kind="stable")]
            begin = end

    def _divided(self) -> list[Any]:
        """First numbers at which to divide."""
        sample = np.sort(np.concatenate(self._sample)) if self._sample else self._none()[:, 0]
        parts = -(-self._count // _AT_ONCE)
        places = np.arange(1, max(parts, 1)) * len(sample) // max(parts, 1)
        return list(np.unique(sample[places])) if len(sample) else []

    def _blocks(self) -> Iterator[Numbers]:
        self._file.seek(0)
        while data := self._file.read(_AT_ONCE * self._columns * self._kind.itemsize):
            yield np.frombuffer(data, self._kind).reshape(-1, self._columns)

    def _none(self) -> Numbers:
        return np.empty((0, self._columns), self._kind)

    @staticmethod
    def _between(block: Numbers, begin: Any, end: Any) -> Numbers:
        first, chosen = block[:, 0], np.ones(len(block), np.bool_)
        if begin is not None:
            chosen &= first >= begin
        if end is not None:
            chosen &= first < end
        some: Numbers = block[chosen]
        return some
