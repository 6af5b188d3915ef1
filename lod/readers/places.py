"""The place of every letter among all of an edition, found by its key: some twenty bytes a letter."""

from array import array
from collections.abc import Iterable

_NOWHERE = 0xFFFFFFFF


class Places:
    """Numbers of letters (from 0) by the digests of their keys. A digest that several have leads to the first of them."""

    def __init__(self) -> None:
        self.digests = array("Q")
        """By place."""
        self.several: set[int] = set()
        """Digests that more than one letter has."""
        self._slots = array("I")

    def extend(self, digests: Iterable[int]) -> None:
        """The next letters. They are found once all are settled."""
        self.digests.extend(digests)

    def settle(self) -> None:
        """All are there: make them found."""
        # open addressing, at most half full: no object for each letter
        size = 1 << (2 * len(self.digests)).bit_length()
        slots = self._slots = array("I", [_NOWHERE]) * size
        digests = self.digests
        for place, digest in enumerate(digests):
            if not digest:
                continue
            slot = digest & (size - 1)
            while (other := slots[slot]) != _NOWHERE and digests[other] != digest:
                slot = (slot + 1) & (size - 1)
            if other == _NOWHERE:
                slots[slot] = place
            else:
                self.several.add(digest)

    def find(self, digest: int) -> int | None:
        """The first letter with a digest; None when there is none."""
        size = len(self._slots)
        slot = digest & (size - 1) if size else 0
        while size and (place := self._slots[slot]) != _NOWHERE:
            if self.digests[place] == digest:
                return place
            slot = (slot + 1) & (size - 1)
        return None
