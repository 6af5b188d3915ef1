"""All words of all names, and which of them are like a given one: by reading, by given name, by shared triples of letters."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import itemgetter

from lod.linking.names import Word, alike, same_given

_LOOKED_AT = 40
"""So many words that share letters are compared; those that share most come first."""
_COMMON = 0.4
"""A word must share this part of the triples of letters to be looked at."""


class Words:
    """Words by number. Filled once; then only asked."""

    __slots__ = ("_by_reading", "_by_text", "_by_triple", "_lengths", "_near", "all")

    def __init__(self) -> None:
        self.all: list[Word] = []
        self._by_text: dict[str, int] = {}
        self._by_reading: dict[str, list[int]] = defaultdict(list)
        self._by_triple: dict[str, list[int]] = defaultdict(list)
        self._lengths: list[int] = []
        self._near: dict[str, dict[int, float]] = {}

    def number(self, word: Word) -> int:
        """The number of a full word, a new one when it is new."""
        known = self._by_text.get(word.text)
        if known is not None:
            return known
        number = self._by_text[word.text] = len(self.all)
        self.all.append(word)
        for reading in word.readings:
            self._by_reading[reading].append(number)
        triples = _triples(word.readings[0])
        self._lengths.append(len(triples))
        for triple in triples:
            self._by_triple[triple].append(number)
        return number

    def near(self, word: Word) -> dict[int, float]:
        """The numbers of words like this one, each with its likeness (above 72, to 100)."""
        known = self._near.get(word.text)
        if known is None:
            if len(self._near) > 10_000:
                self._near.clear()
            found = {number: alike(word, self.all[number]) for number in self._looked_at(word)}
            known = self._near[word.text] = {number: likeness for number, likeness in found.items() if likeness}
        return known

    def _looked_at(self, word: Word) -> Iterable[int]:
        found: set[int] = set()
        for reading in (*word.readings, *same_given(word.readings[0])):
            found.update(self._by_reading.get(reading, ()))
        if len(word.text) > 3:
            shared: Counter[int] = Counter()
            for triple in {triple for reading in word.readings for triple in _triples(reading)}:
                shared.update(self._by_triple.get(triple, ()))
            least = len(_triples(word.readings[0]))
            for number, count in heapq.nlargest(_LOOKED_AT, shared.items(), key=itemgetter(1)):
                if count >= _COMMON * max(2, min(least, self._lengths[number])):
                    found.add(number)
        return found

    def begin(self, start: str) -> Iterable[int]:
        """The numbers of words that begin with this, folded."""
        return (number for text, number in self._by_text.items() if text.startswith(start))


def _triples(reading: str) -> frozenset[str]:
    padded = f"^{reading}$"
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))
