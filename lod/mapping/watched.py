"""A table that remembers what it was asked: by that it is known later whether the same would come of it."""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Generic, NoReturn, TypeVar, overload

V = TypeVar("V")
D = TypeVar("D")


class Watched(MutableMapping[str, V], Generic[V]):
    """What is known of a whole edition, asked by one piece of it. What the piece puts in itself is no question."""

    __slots__ = ("_known", "_own", "asked")

    def __init__(self, known: Mapping[str, V]) -> None:
        self._known = known
        self._own: dict[str, V] = {}
        self.asked: dict[str, V | None] = {}
        """Each question with its answer; None: there is none."""

    @overload
    def get(self, key: str) -> V | None: ...
    @overload
    def get(self, key: str, default: V | D) -> V | D: ...
    def get(self, key: str, default: V | D | None = None) -> V | D | None:
        """The value of a key."""
        found = self._own.get(key)
        if found is None:
            found = self.asked[key] = self._known.get(key)
        return default if found is None else found

    def __getitem__(self, key: str) -> V:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def __setitem__(self, key: str, value: V) -> None:
        self._own[key] = value

    def __delitem__(self, key: str) -> None:
        del self._own[key]

    def __iter__(self) -> Iterator[str]:
        self._all()

    def __len__(self) -> int:
        self._all()

    def _all(self) -> NoReturn:
        raise TypeError(
            "a piece of an edition asks for single things: everything would be known by nothing less than the whole"
        )
