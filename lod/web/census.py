"""What is counted over all statements of a dump, and lists of those that somebody asks for all together.

Made with the index; the descriptions of the data set and of its terms, look-up and harvesting read it.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

import numpy as np

from lod.iris import KINDS
from lod.store.documents import Documents
from lod.store.index import Index
from lod.terms import Iri, Literal, Node, Triple
from lod.vocab import rdf, schema

Counts = tuple[tuple[tuple[Iri, int], ...], tuple[tuple[Iri, int], ...], int, int]
_SUBJECT, _PREDICATE, _OBJECT = map(itemgetter, range(3))
_TABLE = "CREATE TABLE same(path TEXT, subject TEXT, node TEXT);"


class Census:
    """Counts one document after the other."""

    def __init__(self) -> None:
        self._classes: Counter[Iri] = Counter()
        self._properties: Counter[Iri] = Counter()
        # Hashes stand for terms: millions of those could not be held.
        self._subjects, self._objects = array("q"), array("q")
        self._first: dict[Iri, tuple[Iri, Node]] = {}
        self._same: list[tuple[str, Iri, Node]] = []
        self._kinds: Counter[tuple[str, tuple[Iri, ...]]] = Counter()
        self._firsts: dict[tuple[str, tuple[Iri, ...]], str] = {}
        self._day = ""

    def take(self, documents: Documents, path: str) -> None:
        """One more document."""
        own = documents.own(path)
        predicates = set(map(_PREDICATE, own))
        self._properties.update(map(_PREDICATE, own))
        self._subjects.extend(map(hash, dict.fromkeys(map(_SUBJECT, own))))
        self._objects.extend(map(hash, map(_OBJECT, own)))
        classes = [Iri(node) for _, predicate, node in own if predicate == rdf.type]
        self._classes.update(classes)
        if not self._first.keys() >= predicates or not self._first.keys() >= set(classes):
            for subject, predicate, node in own:
                if predicate == rdf.type:
                    self._first.setdefault(Iri(node), (subject, node))
                self._first.setdefault(predicate, (subject, node))
        if schema.sameAs in predicates:
            self._same += [(path, *triple[::2]) for triple in own if triple[1] == schema.sameAs and triple[2][0] == "<"]
        self._day = max([self._day, *documents.days(path)])
        kind, stroke, _ = path.partition("/")
        if stroke and kind in KINDS:
            key = kind, tuple(sorted(documents.types(documents.iris.of(path))))
            self._kinds[key] += 1
            self._firsts.setdefault(key, path)

    def write(self, index: Index) -> None:
        """Write down what was counted."""
        sizes = (
            len(np.unique(np.frombuffer(held, np.int64))) if held else 0 for held in (self._subjects, self._objects)
        )
        index.tell("partitions", (sorted(self._classes.items()), sorted(self._properties.items()), *sizes))
        index.tell("first uses", self._first)
        index.tell("kinds", [(*key, count, self._firsts[key]) for key, count in self._kinds.items()])
        index.tell("day", self._day)
        index.run(_TABLE)
        index.insert("INSERT INTO same VALUES (?, ?, ?)", self._same)


def partitions(index: Index) -> Counts:
    """Classes with their instances, properties with their triples, and how many subjects and objects differ."""
    classes, properties, subjects, objects = index.told("partitions")
    return tuple(map(tuple, classes)), tuple(map(tuple, properties)), subjects, objects


def first_uses(index: Index) -> dict[Iri, tuple[Iri, Node]]:
    """Class or property → subject and object of the first statement that uses it."""
    return {Iri(term): (Iri(subject), _node(node)) for term, (subject, node) in index.told("first uses").items()}


def kinds(index: Index) -> list[tuple[str, tuple[Iri, ...], int, str]]:
    """Kind of thing, its classes, how many there are with just these, and the first."""
    return [(kind, tuple(classes), count, path) for kind, classes, count, path in index.told("kinds")]


def last_day(index: Index) -> str:
    """The latest day on which a record says that it was changed, `""` when none says so."""
    day: str = index.told("day")
    return day


def same(index: Index) -> Sequence[Triple]:
    """Every `schema:sameAs` between resources, in the order of the dump."""
    rows = index.all("SELECT subject, node FROM same ORDER BY rowid")
    return [(Iri(subject), schema.sameAs, _node(node)) for subject, node in rows]


def addresses(index: Index) -> list[tuple[str, Iri, Iri]]:
    """The same with the path of the document that says it."""
    rows = index.all("SELECT path, subject, node FROM same ORDER BY rowid")
    return [(path, Iri(subject), Iri(node)) for path, subject, node in rows]


def _node(said: str) -> Node:
    return Iri(said) if said[0] == "<" else Literal(said)
