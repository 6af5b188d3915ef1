"""The names of an entry among each other: which is the one to go by, and in which language each is."""

from collections.abc import Sequence
from dataclasses import replace

from lod.model import Name

_MARKED = ("preferred", "descriptive")
_PREFERRED = ("main", "reg", "pref", "standard", "full")
"""What editions call the name to go by."""


def marked(names: Sequence[Name]) -> tuple[list[Name], str]:
    """The names with one preferred among them, where none is marked: one of a type that means it, else without a type.

    Else the first is, and told (`'Nin' (pseudonym)`), because its type is lost.
    """
    if not names or any(name.kind in _MARKED for name in names):
        return list(names), ""
    kinds = (*_PREFERRED, "variant")
    fitting = [(kinds.index(name.kind), number) for number, name in enumerate(names) if name.kind in kinds]
    first = min(fitting)[1] if fitting else 0
    taken = "" if fitting else f"'{names[0].text}' ({names[0].kind})"
    return [replace(name, kind="preferred") if number == first else name for number, name in enumerate(names)], taken


def one_language(names: Sequence[Name]) -> tuple[Name, ...]:
    """The same string has the same tag wherever the entry gives it."""
    known = {name.text: name.language for name in reversed(names) if name.language}
    told = ((name, known.get(name.text, name.language)) for name in names)
    return tuple([name if name.language == language else replace(name, language=language) for name, language in told])
