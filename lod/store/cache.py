"""Answers kept while the data stay the same: a store's data never change while it is open, so an answer stays right."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from lod.formats import Format
from lod.store.answers import OWN_GRAPHS, Answer, Graphs, Limits, Refusal, Store

_CACHE_BYTES = 64 * 1024 * 1024
_ANSWER_BYTES = 1024 * 1024
"""Larger answers are not kept."""
_CHANCES = ("now", "rand", "uuid", "bnode", r"\u")
_CHANCE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b|\\u", re.IGNORECASE)
"""What may give another answer next time; escapes could spell any of it."""

_Key = tuple[str, tuple[str, ...], Graphs]


class Cached:
    """A store in front of another: what was answered in whole once is answered again from memory, within bounds."""

    def __init__(self, store: Store, *, size: int = _CACHE_BYTES) -> None:
        self._store = store
        self._most = size
        self._bytes = 0
        self._kept: OrderedDict[_Key, Answer] = OrderedDict()

    async def start(self) -> None:
        """As `Store.start`."""
        await self._store.start()

    async def loaded(self) -> int:
        """As `Store.loaded`."""
        return await self._store.loaded()

    async def stop(self) -> None:
        """As `Store.stop`."""
        await self._store.stop()

    @property
    def ready(self) -> bool:
        """As `Store.ready`."""
        return self._store.ready

    @property
    def busy(self) -> tuple[int, int]:
        """As `Store.busy`."""
        return self._store.busy

    async def query(
        self, text: str, accept: Sequence[Format], limits: Limits, graphs: Graphs = OWN_GRAPHS
    ) -> Answer | Refusal:
        """As `Store.query`."""
        key = text, tuple([form.media_type for form in accept]), graphs
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        answer = await self._store.query(text, accept, limits, graphs)
        if isinstance(answer, Answer) and not _by_chance(text):
            answer = replace(answer, lasting=True)
            self._keep(key, answer)
        return answer

    def _keep(self, key: _Key, answer: Answer) -> None:
        if key in self._kept or len(answer.body) > _ANSWER_BYTES:
            return
        self._kept[key] = answer
        self._bytes += _size(key, answer)
        while self._bytes > self._most:
            self._bytes -= _size(*self._kept.popitem(last=False))


def _by_chance(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _CHANCES) and _CHANCE.search(text) is not None


def _size(key: _Key, answer: Answer) -> int:
    text, types, graphs = key
    words = sum(map(len, (*types, *graphs.default, *graphs.named)))
    return len(answer.body) + 4 * (len(text) + words) + 512
