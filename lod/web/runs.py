"""The places of a printed edition that records refer to, told in short: `Note … to chapter 2: 150, 151, 153`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from lod.web.values import Value

_NUMBER = re.compile(r"\d[\w–-]*")


@dataclass(frozen=True, slots=True)
class Cited:
    """A place: its anchor, its label, and who speaks there."""

    key: str
    title: Value
    who: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Places whose labels differ in one number or in their end only, with the same voice: anchor and difference of each.

    One alone has its whole label as `title` and no number.
    """

    title: Value
    who: tuple[Value, ...]
    places: tuple[tuple[str, str], ...]


def runs(cited: Iterable[Cited]) -> tuple[Run, ...]:
    """Runs in the order in which the first of each comes."""
    found: dict[tuple[str, tuple[Value, ...]], list[Cited]] = {}
    for one in cited:
        stem = _NUMBER.sub("…", one.title.text, count=1)
        unit = stem if stem != one.title.text else one.key.partition("-")[0]
        found.setdefault((unit, one.who), []).append(one)
    return tuple(_run(who, places) for (_, who), places in found.items())


def _run(who: tuple[Value, ...], places: list[Cited]) -> Run:
    first = places[0]
    if len(places) == 1:
        return Run(first.title, who, ((first.key, ""),))
    texts = [one.title.text for one in places]
    if all(_NUMBER.search(text) for text in texts):
        stem, numbers = _NUMBER.sub("…", texts[0], count=1), [_numbered(text) for text in texts]
    else:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(min(texts), max(texts), strict=False))
        shared = "".join(letter for letter, _ in same).rpartition(" ")[0] + " "
        stem, numbers = f"{shared}…", [text.removeprefix(shared) for text in texts]
    return Run(Value(stem, first.title.language), who, tuple(zip([one.key for one in places], numbers, strict=True)))


def _numbered(text: str) -> str:
    number = _NUMBER.search(text)
    return number[0] if number else text
