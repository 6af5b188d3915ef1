"""A record as an editor reads it: only what it says, a line a field, what belongs together on one line."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any

from lod.report import Source

_STEP = "  "


def lines(record: Any) -> Iterator[str]:
    """The fields of a record (a dataclass) that differ from what they are when nothing is said; its source is left out."""
    for name, value in _said(record):
        yield from _field(name, value)


def _said(record: Any) -> Iterator[tuple[str, Any]]:
    for each in fields(record):
        value = getattr(record, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if value != default and value not in (None, "", ()) and not isinstance(value, Source):
            yield each.name, value


def _field(name: str, value: Any) -> Iterator[str]:
    several = isinstance(value, tuple)
    if several and not any(is_dataclass(one) for one in value):
        yield f"{name}: {', '.join(map(_word, value))}"
        return
    for one in value if several else (value,):
        short = _short(one)
        if short is not None:
            yield f"{name}: {short}"
        else:
            yield f"{name}:"
            for inner in lines(one):
                yield _STEP + inner


def _short(value: Any) -> str | None:
    """A value on one line; None when it holds values that hold values."""
    if not is_dataclass(value):
        return _scalar(value)
    said = [(name, _scalar(one) if not is_dataclass(one) else _bare(one)) for name, one in _said(value)]
    if any(one is None for _, one in said):
        return None
    return ", ".join(f"{name} {one}" for name, one in said)


def _bare(value: Any) -> str | None:
    """A value of which one field is told: that field. None for one of several."""
    said = [one for _, one in _said(value)]
    return _scalar(said[0]) if len(said) == 1 and not is_dataclass(said[0]) else None


def _scalar(value: Any) -> str | None:
    if isinstance(value, tuple):
        return None if any(is_dataclass(one) for one in value) else ", ".join(map(_word, value))
    return _word(value)


def _word(value: Any) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)
