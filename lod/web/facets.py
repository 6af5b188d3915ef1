"""Browsing: the things of a kind, narrowed down by facets, counted from tables that are made with the index of a dump.

A set of things is an array with a truth value for each; a facet is two arrays, the places of things in their list and the
numbers of the values they have there, so that to count what is left of each value is one pass over both.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from lod.store.documents import Documents
from lod.store.index import Index
from lod.terms import Iri
from lod.vocab import crm, lod, schema
from lod.web.texts import label

Places = NDArray[np.integer]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a kind down. `name` stands in addresses, `label` on the page (an English message).

    Values are the objects of these properties: things of `kind` (any if empty), or years or months (`span`) of a date.
    """

    name: str
    label: str
    properties: tuple[Iri, ...]
    kind: str = ""
    span: str = ""
    upwards: bool = False
    """True when a place counts for the places it lies in, too."""


_AT_ONCE = 1_000
_SHOWN, _SPANS_SHOWN = 100, 200
"""So many values of a facet are shown: the most frequent ones, and of years and months the first."""
NUMBER = np.dtype("<i4")
_PATH = "SELECT path FROM listed WHERE kind = ? AND row = ?"
_FACET = "SELECT said, rows, numbers FROM facet WHERE kind = ? AND name = ?"
_BESIDE = """
SELECT before.path, after.path FROM listed LEFT JOIN listed AS before ON before.kind = listed.kind AND before.row = listed.row - 1
LEFT JOIN listed AS after ON after.kind = listed.kind AND after.row = listed.row + 1 WHERE listed.kind = ? AND listed.path = ?
"""
_PLACES, _TYPE = (schema.locationCreated, schema.location, crm.P7_took_place_at), (crm.P2_has_type,)
FACETS: Mapping[str, tuple[Facet, ...]] = {
    "letter": (
        Facet("with", "Correspondent", (schema.sender, schema.recipient, lod.addressed_to)),
        Facet("from", "From", (schema.sender,)),
        Facet("to", "To", (schema.recipient, lod.addressed_to)),
        Facet("year", "Year", (schema.dateCreated,), span="year"),
        Facet("place", "Written at", (schema.locationCreated,), upwards=True),
        Facet("language", "Language", (crm.P72_has_language,)),
        Facet("type", "Kind", _TYPE),
        Facet("person", "Person mentioned", (schema.mentions,), "person"),
        Facet("organisation", "Organisation mentioned", (schema.mentions,), "organisation"),
        Facet("work", "Work mentioned", (schema.mentions,), "work"),
        Facet("month", "Month", (schema.dateCreated,), span="month"),
    ),
    "document": (
        Facet("from", "Author", (schema.author,)),
        Facet("year", "Year", (schema.dateCreated,), span="year"),
        Facet("language", "Language", (crm.P72_has_language,)),
        Facet("type", "Kind", _TYPE),
        Facet("person", "Person mentioned", (schema.mentions,), "person"),
        Facet("organisation", "Organisation mentioned", (schema.mentions,), "organisation"),
    ),
    "person": (
        Facet("occupation", "Occupation", (schema.hasOccupation,)),
        Facet("member", "Member of", (schema.memberOf,)),
        Facet("country", "Country", (schema.nationality,)),
        Facet("born", "Year of birth", (schema.birthDate,), span="year"),
        Facet("died", "Year of death", (schema.deathDate,), span="year"),
    ),
    "organisation": (
        Facet("type", "Kind", _TYPE),
        Facet("place", "Place", (schema.location,), upwards=True),
        Facet("part", "Belongs to", (schema.parentOrganization,)),
    ),
    "place": (Facet("type", "Kind", _TYPE), Facet("place", "Lies in", (schema.containedInPlace,), upwards=True)),
    "event": (
        Facet("type", "Kind", _TYPE),
        Facet("year", "Year", (schema.startDate,), span="year"),
        Facet("place", "Place", _PLACES, upwards=True),
        Facet("person", "Who took part", (crm.P11_had_participant, crm.P14_carried_out_by), "person"),
    ),
    "work": (
        Facet("type", "Kind", _TYPE),
        Facet("from", "Author", (schema.author,)),
        Facet("year", "Year", (schema.datePublished, schema.dateCreated), span="year"),
        Facet("publisher", "Published by", (schema.publisher,)),
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: what stands in the address, its words, how many things it leaves, whether it is chosen."""

    value: str
    text: str
    language: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of a facet that leave something: `total` of them, of which those to be shown and those chosen are here."""

    facet: Facet
    some: Sequence[Choice]
    total: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a choice leaves: paths in order, and for every facet its values that leave something."""

    paths: Sequence[str]
    choices: Sequence[Choices]


class _Held:
    """The tables of one facet: its values, and each pair of a thing's place and a value's number."""

    def __init__(self, values: list[str], rows: Places, numbers: Places) -> None:
        self.values, self.rows, self.numbers = values, rows, numbers

    def having(self, value: str, total: int) -> Truths:
        """Which things have a value."""
        found = np.zeros(total, dtype=np.bool_)
        if value in self.values:
            found[self.rows[self.numbers == self.values.index(value)]] = True
        return found

    def counts(self, whole: Truths | None) -> Places:
        """How many of these things have each value."""
        numbers = self.numbers if whole is None else self.numbers[whole[self.rows]]
        return np.bincount(numbers, minlength=len(self.values))


class _Listed(Sequence[str]):
    """Paths of some things of a list, looked up when somebody wants them. `places` is None for all."""

    def __init__(self, index: Index, kind: str, total: int, places: Places | None = None) -> None:
        self._index, self._kind, self._places = index, kind, places
        self._total = total if places is None else len(places)

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return self._some(range(self._total)[place])
        return self._some(range(self._total)[place : place + 1 or None])[0]

    def __iter__(self) -> Iterator[str]:
        for begin in range(0, self._total, _AT_ONCE):
            yield from self._some(range(begin, min(begin + _AT_ONCE, self._total)))

    def _some(self, wanted: range) -> list[str]:
        places = wanted if self._places is None else [int(self._places[one]) for one in wanted]
        return [self._index.one(_PATH, self._kind, one)[0] for one in places]


class Catalogue:
    """The things of one kind with their facets."""

    def __init__(self, documents: Documents, kind: str) -> None:
        self._documents = documents
        self._index = documents.index
        self._kind = kind
        self._total = documents.counts().get(kind, 0)
        self.facets = FACETS.get(kind, ())
        self.paths: Sequence[str] = _Listed(self._index, kind, self._total)
        self._tables: dict[str, _Held] = {}

    def beside(self, path: str) -> tuple[str, str]:
        """What comes before and after a thing in the list of its kind, `""` where there is nothing or it is in no list."""
        found = self._index.one(_BESIDE, self._kind, path)
        return (found[0] or "", found[1] or "") if found else ("", "")

    def find(self, chosen: Mapping[str, Sequence[str]], words: str) -> Found:
        """The things that have every chosen value, and every word in their names. Unknown facets choose nothing."""
        whole = self._worded(words)
        for facet in self.facets:
            for value in chosen.get(facet.name, ()):
                having = self._held(facet.name).having(value, self._total)
                whole = having if whole is None else whole & having
        places = None if whole is None else np.flatnonzero(whole)
        found = _Listed(self._index, self._kind, self._total, places)
        return Found(found, [self._choices(facet, whole, chosen.get(facet.name, ())) for facet in self.facets])

    def _worded(self, words: str) -> Truths | None:
        wanted = fold(words).split()
        if not wanted:
            return None
        question = "SELECT row FROM listed WHERE kind = ?" + " AND instr(folded, ?)" * len(wanted)  # noqa: S608
        whole = np.zeros(self._total, dtype=np.bool_)
        whole[[row for (row,) in self._index.all(question, self._kind, *wanted)]] = True
        return whole

    def _held(self, name: str) -> _Held:
        held = self._tables.get(name)
        if held is None:
            values, rows, numbers = self._index.one(_FACET, self._kind, name)
            held = _Held(json.loads(values), np.frombuffer(rows, NUMBER), np.frombuffer(numbers, NUMBER))
            self._tables[name] = held
        return held

    def _choices(self, facet: Facet, whole: Truths | None, chosen: Sequence[str]) -> Choices:
        """Most frequent first, years in order; chosen values stay even when they leave nothing."""
        held = self._held(facet.name)
        counts = held.counts(whole)
        kept = [held.values.index(value) for value in chosen if value in held.values]
        order = np.flatnonzero(counts)
        # Values are numbered in order of time or as their things come in the list: equal counts keep that order.
        order = order if facet.span else order[np.argsort(-counts[order], kind="stable")]
        empty = [number for number in kept if not counts[number]]
        if facet.span and empty:
            order = np.sort(np.concatenate((order, empty)))
        most = _SPANS_SHOWN if facet.span else _SHOWN
        first = order[:most].tolist()
        wanted = dict.fromkeys([*first, *kept])
        some = [
            Choice(held.values[one], *self._named(held.values[one]), int(counts[one]), held.values[one] in chosen)
            for one in wanted
        ]
        return Choices(facet, some, len(order) + (0 if facet.span else len(empty)))

    def _named(self, value: str) -> tuple[str, str]:
        return label(self._documents, value) if "/" in value else (value, "")


def fold(text: str) -> str:
    """Without accents, case and script: what somebody types finds what somebody wrote."""
    return anyascii(text).lower()
