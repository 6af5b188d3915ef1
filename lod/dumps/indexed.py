"""A few triples, found by subject and predicate: one thing and its parts, read without a store."""

import re
from collections.abc import Iterable

from lod.terms import Iri, Literal, Node, Triple

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


class Indexed:
    """The triples of one owner. `first` is the thing itself."""

    __slots__ = ("_by_object", "_by_subject", "first")

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_subject: dict[tuple[Iri, Iri], list[Node]] = {}
        self._by_object: dict[tuple[Iri, Node], list[Iri]] = {}
        first: Iri | None = None
        for subject, predicate, value in dict.fromkeys(triples):
            first = first or subject
            self._by_subject.setdefault((subject, predicate), []).append(value)
            self._by_object.setdefault((predicate, value), []).append(subject)
        self.first = first or Iri("")

    def nodes(self, subject: Iri, predicate: Iri) -> list[Iri]:
        """The IRIs that a subject points to."""
        return [Iri(value) for value in self._by_subject.get((subject, predicate), ()) if value[0] == "<"]

    def values(self, subject: Iri, predicate: Iri) -> list[Literal]:
        """The literals that a subject has."""
        return [Literal(value) for value in self._by_subject.get((subject, predicate), ()) if value[0] == '"']

    def subjects(self, predicate: Iri, value: Node) -> list[Iri]:
        """What points to a node."""
        return self._by_object.get((predicate, value), [])


def lexical(literal: Node) -> str:
    """The words of a literal, without quotes, tag and datatype."""
    words = literal[1 : literal.rindex('"')]
    return _ESCAPE.sub(_unescaped, words) if "\\" in words else words


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])
