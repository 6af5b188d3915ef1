"""What the rows of a table are, by the names of its columns: letters, or the entries of a register.

`id,name,birth` are people, `id,name,latitude` places. Where only columns stand that every register has, the name of the file
or sheet decides; where that says nothing either, nobody is asked to guess.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lod.readers import table

LETTERS = "letters"
KNOWN = {LETTERS: table.LETTERS, **table.ENTRIES}
"""The columns of each sort of rows."""
_TELLING = {
    LETTERS: tuple(name for name in table.LETTERS if name.startswith(("sender", "addressee"))),
    "persons": ("sex", "birth", "birthPlace", "death", "deathPlace", "occupation"),
    "places": ("latitude", "longitude"),
    "works": ("author",),
}
"""Columns that only one sort of rows has."""
_CALLED = {
    "persons": ("person", "people", "pers", "correspondent", "korrespondent", "personnes"),
    "organisations": ("org", "institution", "körperschaft", "koerperschaft", "corporate", "bodies"),
    "places": ("place", "ort", "lieu", "location", "luoghi", "steder"),
    "events": ("event", "ereignis", "événement", "evenement"),
    "works": ("work", "werk", "bibl", "oeuvre", "œuvre", "literatur", "literature"),
}
"""How names of files and sheets of registers begin."""
_SIGNS = re.compile(r"[\s_.-]+")


class Rows(NamedTuple):
    """What rows are: one of `KNOWN`, `""` for none; `columns`: our names for those that are written otherwise (`Name`)."""

    sort: str
    columns: dict[str, str]
    open: bool = False
    """True for a register that does not say of what."""


def recognise(columns: Sequence[str], called: Iterable[str]) -> Rows:
    """What the rows of a table are. `called`: the names of its sheet and of its file."""
    given = {_plain(column): column for column in reversed(columns)}
    counts = {sort: sum(_plain(name) in given for name in names) for sort, names in _TELLING.items()}
    sort = max(counts, key=lambda each: counts[each])
    if not counts[sort]:
        sort = next((sort for name in called if (sort := _sort_of(name))), "")
    if sort != LETTERS and "name" not in given:
        return Rows("", {})
    if not sort:
        return Rows("", {}, open={"id", "uri"}.intersection(given) != set())
    ours = {name: given[_plain(name)] for name in KNOWN[sort] if _plain(name) in given}
    return Rows(sort, {name: theirs for name, theirs in ours.items() if theirs != name})


def _sort_of(name: str) -> str:
    """The register that a file or sheet is called after: one of its words begins like one of `_CALLED`."""
    words = re.findall(r"[^\W\d_]+", name.lower())
    return next((sort for sort, starts in _CALLED.items() if any(word.startswith(starts) for word in words)), "")


def _plain(column: str) -> str:
    return _SIGNS.sub("", column).casefold()
