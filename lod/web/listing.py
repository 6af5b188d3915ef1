"""The lists of things by kind and what they have of each facet: what a piece of a dump has of it, and all of it written down."""

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from lod.iris import KINDS
from lod.store.documents import Documents, Told
from lod.store.index import Index
from lod.store.ordered import Numbers
from lod.terms import Iri, Literal
from lod.vocab import schema
from lod.web.facets import FACETS, NUMBER, Facet
from lod.web.texts import Text, bounds
from lod.web.values import plain

Pairs = tuple[Numbers, Numbers]
"""Things and values: pairs of numbers."""
_TABLES = """
CREATE TABLE listed(kind TEXT, row INTEGER, path TEXT, folded TEXT, PRIMARY KEY (kind, row)) WITHOUT ROWID;
CREATE UNIQUE INDEX listed_path ON listed(path);
CREATE TABLE facet(kind TEXT, name TEXT, said TEXT, rows BLOB, numbers BLOB, PRIMARY KEY (kind, name));
"""
_ROW = "INSERT INTO listed VALUES (?, ?, ?, ?)"


class Listing:
    """What the things of a kind in one piece have of each facet. Things are told by the places of their documents in it."""

    def __init__(self, kind: str) -> None:
        self._facets = FACETS.get(kind, ())
        self._values: dict[str, dict[str, int]] = {facet.name: {} for facet in self._facets}
        self._pairs: dict[str, array[int]] = {facet.name: array("i") for facet in self._facets}

    def take(self, documents: Told, path: str, place: int, text: Text | None) -> None:
        """One more thing; `text` is its row if it is a letter or document."""
        for facet, values in values_of(documents, path, self._facets, text).items():
            known, pairs = self._values[facet], self._pairs[facet]
            for value in values:
                pairs.extend((place, known.setdefault(value, len(known))))

    def told(self) -> dict[str, Any]:
        """Facet → its values, and the pairs of a thing and a value."""
        return {name: ([*values], np.array(self._pairs[name], NUMBER)) for name, values in self._values.items()}


class Lists:
    """Joins what pieces have, and writes it down."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], dict[str, int]] = {}
        self._pairs: dict[tuple[str, str], list[Numbers]] = {}

    def join(self, kind: str, told: Mapping[str, Any], things: Numbers) -> None:
        """What one more piece has of a kind. `things` gives the numbers of the things that its documents are about."""
        for name, (values, found) in told.items():
            pairs = found.reshape(-1, 2)
            known = self._values.setdefault((kind, name), {})
            numbers = np.array([known.setdefault(value, len(known)) for value in values], NUMBER)
            both = np.stack((things[pairs[:, 0]], numbers[pairs[:, 1]]), axis=1) if len(pairs) else pairs
            self._pairs.setdefault((kind, name), []).append(both.astype(NUMBER))

    def begin(self, index: Index) -> None:
        """Make the tables that lists are written to."""
        index.run(_TABLES)

    @staticmethod
    def add(index: Index, kind: str, begin: int, things: Iterable[tuple[str, str]]) -> None:
        """Some more things of a list, from a row on, in its order: path and folded name."""
        index.insert(_ROW, ((kind, row, path, name) for row, (path, name) in enumerate(things, begin)))

    def write(self, documents: Documents, rows: Mapping[str, Numbers]) -> None:
        """Write down what things have of each facet. `rows` gives, by kind, the rows of things in the list by their numbers."""
        for kind in KINDS:
            for facet in FACETS.get(kind, ()):
                said = self._said(documents, kind, facet, rows[kind])
                documents.index.insert("INSERT INTO facet VALUES (?, ?, ?, ?, ?)", [(kind, facet.name, *said)])

    def _said(self, documents: Documents, kind: str, facet: Facet, row_of: Numbers) -> tuple[str, bytes, bytes]:
        """Values in order, and the pairs in the order of the list: rows there, and values by their place in that order."""
        known = self._values.get((kind, facet.name), {})
        pairs = np.concatenate(self._pairs.get((kind, facet.name)) or [np.empty((0, 2), NUMBER)])
        if facet.upwards:
            pairs = _widened(documents, known, pairs)
        names, rows, held = list(known), row_of[pairs[:, 0]], pairs[:, 1]
        first = np.full(len(names), len(row_of), dtype=NUMBER)
        np.minimum.at(first, held, rows)
        order = sorted(range(len(names)), key=lambda one: names[one] if facet.span else (first[one], names[one]))
        again, by_name = np.empty((2, len(names)), dtype=NUMBER)
        again[order] = np.arange(len(names), dtype=NUMBER)
        by_name[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names), dtype=NUMBER)
        by_row = np.lexsort((by_name[held], rows))
        said = json.dumps([names[one] for one in order], ensure_ascii=False)
        return said, rows[by_row].astype(NUMBER).tobytes(), again[held][by_row].tobytes()


def _widened(documents: Documents, known: dict[str, int], pairs: Numbers) -> Numbers:
    """The pairs, and those with all places that the places lie in; `known` learns these."""
    wider = {number: _wider(documents, place) for place, number in list(known.items())}
    if all(len(places) == 1 for places in wider.values()):
        return pairs
    numbers = {one: [known.setdefault(place, len(known)) for place in places] for one, places in wider.items()}
    found = dict.fromkeys((thing, each) for thing, value in pairs.tolist() for each in numbers[value])
    return np.array(list(found), NUMBER).reshape(-1, 2)


def values_of(documents: Told, path: str, facets: Sequence[Facet], text: Text | None) -> dict[str, list[str]]:
    """What a thing has of each facet by what it says itself: the places that its places lie in are left out."""
    found: dict[str, set[str]] = {facet.name: set() for facet in facets}
    thing = documents.iris.of(path)
    wanted = _wanted(tuple(facets))
    for subject, predicate, node in documents.own(path):
        if subject != thing or predicate not in wanted:
            continue
        target = documents.iris.path(Iri(node)) if node[0] == "<" else ""
        for facet in wanted[predicate]:
            if facet.span:
                found[facet.name] |= _dated(node) if text is None else set()
            elif target and (not facet.kind or target.startswith(f"{facet.kind}/")):
                found[facet.name].add(target)
    if text is not None:
        found |= {facet.name: {getattr(text, facet.span)} - {""} for facet in facets if facet.span}
    return {name: sorted(values) for name, values in found.items()}


@cache
def _wanted(facets: tuple[Facet, ...]) -> Mapping[Iri, Sequence[Facet]]:
    """Property → the facets that it gives values of."""
    found: dict[Iri, list[Facet]] = {}
    for facet in facets:
        for term in facet.properties:
            found.setdefault(term, []).append(facet)
    return found


def _dated(node: str) -> set[str]:
    """The year of a date, if it is sure."""
    earliest, latest = bounds(plain(Literal(node))[0])
    return {earliest[:-6]} if earliest[:-6] == latest[:-6] else set()


def _wider(documents: Documents, place: str) -> list[str]:
    """A place and all the places it lies in."""
    found = {place: None}
    open_ones = [place]
    while open_ones:
        place = open_ones.pop()
        thing = documents.iris.of(place)
        for subject, predicate, node in documents.own(place):
            if subject == thing and predicate == schema.containedInPlace:
                wider = documents.iris.path(Iri(node))
                if wider and wider not in found:
                    found[wider] = None
                    open_ones.append(wider)
    return [*found]
