"""What the letters of a file say of themselves: packed, so that an edition's fit in memory, or on disk when they are many.

A letter takes some forty bytes, and none in memory once its file's are put away: there may be a million.
"""

import pickle
import zlib
from array import array
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

_TOGETHER = 500
"""Letters that are packed together: as many as memory can spare."""
_HELD = 4 * _TOGETHER
"""Letters that are held as they are, before it pays to pack them."""


class Said(NamedTuple):
    """What a letter says of itself, as far as keys need it. `given` is the key its source gives it; there may be none."""

    line: int
    given: str
    edition: str
    """What its source says it is printed in, short: tells apart letters with the same number."""
    address: str
    """The checksum of its address."""
    checksum: str
    fingerprint: str
    """The letter in one line where it has to be known again; elsewhere a digest that is equal for equal letters."""


def digest(given: str) -> int:
    """A number for a key, different for different keys as far as 64 bits can tell; 0 for no key."""
    return int.from_bytes(blake2b(given.encode("utf-8", "surrogatepass"), digest_size=8).digest()) or 1 if given else 0


class Sayings:
    """What the letters of a file say of themselves, in their order."""

    def __init__(self) -> None:
        self.digests = array("Q")
        """Of the keys given."""
        self.lines = array("I")
        self._count = 0
        self._held: list[Said] = []
        self._packed: list[bytes] = []
        self._shelf = Path()
        self._spans: list[tuple[int, int]] = []
        """Offset and length in the shelf."""

    def append(self, said: Said) -> None:
        """The next letter."""
        self.digests.append(digest(said.given))
        self.lines.append(said.line)
        self._count += 1
        if len(self._held) == _HELD:
            self._pack()
        self._held.append(said)

    def put_away(self, shelf: Path) -> None:
        """Write all to the end of a file, from which they are read when asked for. Nothing can be appended from then on."""
        self._pack()
        with shelf.open("ab") as stream:
            for packed in self._packed:
                self._spans.append((stream.tell(), len(packed)))
                stream.write(packed)
        self._shelf, self._packed = shelf, []

    def at(self, number: int) -> Said:
        """The letter with this number, from 0."""
        first = number // _TOGETHER
        return self._some(first)[number % _TOGETHER]

    def __iter__(self) -> Iterator[Said]:
        for number in range(-(-self._count // _TOGETHER)):
            yield from self._some(number)

    def __len__(self) -> int:
        return self._count

    def __getstate__(self) -> dict[str, object]:
        self._pack()
        return self.__dict__

    def _pack(self) -> None:
        for first in range(0, len(self._held), _TOGETHER):
            plain = [tuple(said) for said in self._held[first : first + _TOGETHER]]
            self._packed.append(zlib.compress(pickle.dumps(plain, pickle.HIGHEST_PROTOCOL), 1))
        self._held = []

    def _some(self, number: int) -> list[Said]:
        if self._spans:
            offset, length = self._spans[number]
            with self._shelf.open("rb") as stream:
                stream.seek(offset)
                packed = stream.read(length)
        elif number < len(self._packed):
            packed = self._packed[number]
        else:
            first = (number - len(self._packed)) * _TOGETHER
            return self._held[first : first + _TOGETHER]
        found = pickle.loads(zlib.decompress(packed))  # noqa: S301 (written by this very run, or found whole)
        return [Said(*each) for each in found]
