"""What the rows of a table are, by the names of its columns: letters, or the entries of a register.

`id,name,birth` are people, `id,name,latitude` places; so are `Kennung,Name,Geburtsdatum` (see `heads`). Where only columns stand
that every register has, the name of the file or sheet decides; where that says nothing either, nobody is asked to guess.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lod.readers import table
from lod.tools import heads

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
_PEOPLE = ("sender", "senderID", "addressee", "addresseeID")
"""Without one of these no rows are letters, whatever dates and places they have, when their columns have other names than ours."""
_WEAK = ("von", "an", "de", "a", "from", "to", "autor", "autorin", "auteur", "author", "verfasser")
"""What is meant by these only both of them together can say, and only where no column has names besides."""
_CALLED = {
    "persons": ("person", "people", "pers", "correspondent", "korrespondent", "personnes"),
    "organisations": ("org", "institution", "körperschaft", "koerperschaft", "corporate", "bodies"),
    "places": ("place", "ort", "lieu", "location", "luoghi", "steder"),
    "events": ("event", "ereignis", "événement", "evenement"),
    "works": ("work", "werk", "bibl", "oeuvre", "œuvre", "literatur", "literature"),
}
"""How names of files and sheets of registers begin."""


class Rows(NamedTuple):
    """What rows are: one of `KNOWN`, `""` for none; `columns`: our names for those that are written otherwise (`Name`)."""

    sort: str
    columns: dict[str, str]
    open: bool = False
    """True for a register that does not say of what."""
    unread: tuple[str, ...] = ()
    """Columns that are not understood."""


def recognise(columns: Sequence[str], called: Iterable[str]) -> Rows:
    """What the rows of a table are. `called`: the names of its sheet and of its file."""
    found = {sort: _named(columns, sort) for sort in KNOWN}
    counts = {sort: _telling(found[sort], sort, named="name" in found["persons"]) for sort in _TELLING}
    sort = max(counts, key=lambda each: counts[each])
    if not counts[sort]:
        sort = next((sort for name in called if (sort := _sort_of(name))), "")
    if sort != LETTERS and "name" not in found[sort or "persons"]:
        return Rows("", {})
    if not sort:
        return Rows("", {}, open={"id", "uri"}.intersection(found["persons"]) != set())
    ours = found[sort]
    unread = tuple(column for column in columns if column and column not in ours.values())
    return Rows(sort, {name: theirs for name, theirs in ours.items() if theirs != name}, unread=unread)


def _telling(found: dict[str, str], sort: str, *, named: bool) -> int:
    """How many columns only this sort of rows has. `named`: whether there is a column of names, as registers have it."""
    telling = [name for name in _TELLING[sort] if name in found]
    if sort != LETTERS or any(found[name] == name for name in telling):
        return len(telling)
    clear = any(heads.plain(found[name]) not in _WEAK for name in _PEOPLE if name in found)
    return len(telling) if clear or (not named and {"sender", "addressee"} <= found.keys()) else 0


def _named(columns: Sequence[str], sort: str) -> dict[str, str]:
    """The columns of a table that rows of a sort have, by our names, in our order."""
    given = {heads.plain(column): column for column in reversed(columns) if column}
    ours: dict[str, str] = {}
    for name in KNOWN[sort]:
        forms = (form for form in (heads.plain(name), *heads.forms(name, sort)) if form in given)
        theirs = next((given[form] for form in forms if given[form] not in ours.values()), "")
        if theirs:
            ours[name] = theirs
    return ours


def _sort_of(name: str) -> str:
    """The register that a file or sheet is called after: one of its words begins like one of `_CALLED`."""
    words = re.findall(r"[^\W\d_]+", name.lower())
    return next((sort for sort, starts in _CALLED.items() if any(word.startswith(starts) for word in words)), "")
