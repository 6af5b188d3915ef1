"""Rows of an index that are found by the path of a thing and have an order: texts in time, what happened in time."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from lod.store.index import Index

_KEPT = 5_000
"""So many rows that were just asked for are kept."""


class HasFields(Protocol):
    """What is made of its fields, in this order."""

    @property
    def __match_args__(self) -> tuple[str, ...]:
        """Their names."""


class HasPath(HasFields, Protocol):
    """A row: it is about a thing."""

    @property
    def path(self) -> str:
        """The path of the thing the row is about."""


Row = TypeVar("Row", bound=HasPath)
Made = TypeVar("Made")


class Rows(Mapping[str, Row]):
    """Path → row, read when somebody asks; going through them keeps their order."""

    def __init__(self, index: Index, table: str, make: Callable[..., Row]) -> None:
        self._index, self._table, self._make = index, table, make
        self._found = lru_cache(maxsize=_KEPT)(self._find)

    def __getitem__(self, path: str) -> Row:
        found = self._found(path)
        if found is None:
            raise KeyError(path)
        return found

    def _find(self, path: str) -> Row | None:
        row = self._index.one(f"SELECT data FROM {self._table} WHERE path = ?", path)  # noqa: S608
        return self._row(row[0]) if row else None

    def _row(self, data: str) -> Row:
        return row_of(self._make, json.loads(data))

    def __iter__(self) -> Iterator[str]:
        return (path for (path,) in self._index.all(f"SELECT path FROM {self._table} ORDER BY place"))  # noqa: S608

    def __len__(self) -> int:
        count: int = self._index.one(f"SELECT COUNT(*) FROM {self._table}")[0]  # noqa: S608
        return count

    def all(self) -> list[Row]:
        """All of them in their order."""
        return [self._row(data) for (data,) in self._index.all(f"SELECT data FROM {self._table} ORDER BY place")]  # noqa: S608


def write(index: Index, table: str, rows: Iterable[HasPath]) -> None:
    """Make such a table of rows in their order."""
    index.run(f"CREATE TABLE {table}(place INTEGER PRIMARY KEY, path TEXT, data TEXT);")
    said = ((place, row.path, json.dumps(fields(row), ensure_ascii=False)) for place, row in enumerate(rows))
    index.insert(f"INSERT INTO {table} VALUES (?, ?, ?)", said)  # noqa: S608
    index.run(f"CREATE UNIQUE INDEX {table}_path ON {table}(path);")


def fields(row: HasFields) -> list[Any]:
    """The values of a row, as JSON takes them."""
    return [getattr(row, name) for name in row.__match_args__]


def row_of(make: Callable[..., Made], said: Iterable[Any]) -> Made:
    """A row of such values."""
    return make(*(_tuple(value) for value in said))


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value
