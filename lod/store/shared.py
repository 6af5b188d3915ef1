"""Memory that processes share: who is under way, and what becomes of the requests in the slots. Nothing is ever locked.

Each number is eight bytes at a multiple of eight and has one writer, so a reader sees it old or new, never in between.
"""

import mmap
import os
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

_WORD = 8
_NAME_BYTES = 16
_ROOM = 1024
"""So many can be under way in one worker."""
_ROW_BYTES = (_ROOM + 1) * _NAME_BYTES
_ENDS = 8
"""So many ends of requests are remembered for each slot."""
_ALIVE, _RUNNING, _TURN, _FIRST = 0, 1, 2, 3
_RECORD = _FIRST + 2 * _ENDS


def _mapped(file: Path, size: int) -> mmap.mmap:
    """A file's bytes, zero where nobody has written, as memory of all who map it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(descriptor, size)
        return mmap.mmap(descriptor, size)
    finally:
        os.close(descriptor)


class Crowd:
    """Who is under way in all workers. Each has a row of its own; a new worker takes the row of a dead one, emptied.

    Between looking and entering another worker may let somebody in: a limit is kept to within one for each worker.
    """

    def __init__(self, file: Path | None = None, number: int = 0, count: int = 1) -> None:
        self._memory = _mapped(file, count * _ROW_BYTES) if file else mmap.mmap(-1, count * _ROW_BYTES)
        self._rows = range(0, count * _ROW_BYTES, _ROW_BYTES)
        self._start = number * _ROW_BYTES
        self._memory[self._start : self._start + _ROW_BYTES] = bytes(_ROW_BYTES)
        self._free = list(range(_ROOM, 0, -1))

    def enter(self, name: str) -> int | None:
        """Note somebody; the place to `leave`, or `None` when this worker has no room."""
        if not self._free:
            return None
        place = self._free.pop()
        self._put(place, _digest(name))
        self._count()
        return place

    def leave(self, place: int) -> None:
        """Whoever was at this place has gone."""
        self._put(place, bytes(_NAME_BYTES))
        self._free.append(place)
        self._count()

    def of(self, name: str) -> int:
        """How many are under way by this name."""
        digest = _digest(name)
        return sum(self._memory[row : row + _ROW_BYTES].count(digest) for row in self._rows)

    @property
    def total(self) -> int:
        """How many are under way."""
        return sum(int.from_bytes(self._memory[row : row + _WORD], "little") for row in self._rows)

    def _put(self, place: int, name: bytes) -> None:
        at = self._start + place * _NAME_BYTES
        self._memory[at : at + _NAME_BYTES] = name

    def _count(self) -> None:
        self._memory[self._start : self._start + _WORD] = (_ROOM - len(self._free)).to_bytes(_WORD, "little")


class Tally:
    """One number of each worker, which all of them see."""

    def __init__(self, file: Path | None = None, number: int = 0, count: int = 1) -> None:
        self._words = memoryview(_mapped(file, count * _WORD) if file else mmap.mmap(-1, count * _WORD)).cast("Q")
        self._number = number
        self.put(0)

    def put(self, value: int) -> None:
        """This worker's number is so much now."""
        self._words[self._number] = value

    @property
    def least_of_others(self) -> int | None:
        """The least number of another worker; `None` when there is no other."""
        others = (value for number, value in enumerate(self._words) if number != self._number)
        return min(others, default=None)


@lru_cache(maxsize=1024)
def _digest(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_NAME_BYTES).digest()


class Board:
    """What the processes in `slots` do. Requests have numbers above 0; the process in a slot and its zygote write."""

    def __init__(self, file: Path, slots: int) -> None:
        memory = _mapped(file, slots * _RECORD * _WORD)
        self._words = memoryview(memory).cast("Q")
        self._starts = range(0, slots * _RECORD, _RECORD)

    def fork(self, slot: int) -> None:
        """A process begins in this slot."""
        self._words[self._starts[slot] + _ALIVE] = 0

    def take_work(self, slot: int, process: int) -> None:
        """The process has got as far as taking work."""
        self._words[self._starts[slot] + _ALIVE] = process

    def took_work(self, slot: int) -> bool:
        """True when it has."""
        return bool(self._words[self._starts[slot] + _ALIVE])

    def begin(self, slot: int, request: int) -> None:
        """A request is evaluated; 0: none is."""
        self._words[self._starts[slot] + _RUNNING] = request

    def ended(self, slot: int, number: int) -> None:
        """The process in a slot has ended, by this signal (0: by itself), whatever it was doing."""
        start = self._starts[slot]
        turn = self._words[start + _TURN]
        place = start + _FIRST + 2 * (turn % _ENDS)
        self._words[place] = 0
        self._words[place + 1] = number
        self._words[place] = self._words[start + _RUNNING]
        self._words[start + _TURN] = turn + 1
        self._words[start + _RUNNING] = 0

    def runs(self, request: int) -> bool:
        """True while a request is evaluated, and after its process has died until that is noticed."""
        return any(self._words[start + _RUNNING] == request for start in self._starts)

    def process_of(self, request: int) -> int:
        """The process that evaluates a request; 0 when none does."""
        slots = (start for start in self._starts if self._words[start + _RUNNING] == request)
        return next((self._words[start + _ALIVE] for start in slots), 0)

    def signal_of(self, request: int) -> int | None:
        """The signal that ended the process which evaluated a request; `None` when nothing is known."""
        for start in self._starts:
            for place in range(start + _FIRST, start + _RECORD, 2):
                if self._words[place] == request:
                    return self._words[place + 1]
        return None
