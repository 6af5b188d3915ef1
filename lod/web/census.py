"""What is counted over all statements of a dump, and lists of those that somebody asks for all together.

Made with the index; the descriptions of the data set and of its terms, look-up and harvesting read it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from operator import itemgetter
from typing import Any

import numpy as np

from lod.iris import KINDS
from lod.store.documents import Told
from lod.store.index import Index
from lod.store.ordered import Numbers, Ordered
from lod.terms import Iri, Literal, Node, Triple, value
from lod.vocab import dcterms, rdf, schema

Counts = tuple[tuple[tuple[Iri, int], ...], tuple[tuple[Iri, int], ...], int, int]
_SUBJECT, _PREDICATE, _OBJECT = map(itemgetter, range(3))
_TABLE = "CREATE TABLE same(path TEXT, subject TEXT, node TEXT);"


class Census:
    """Counts one document after the other, or what was counted of some; so it does not matter where pieces begin and end."""

    def __init__(self) -> None:
        self._classes: Counter[Iri] = Counter()
        self._properties: Counter[Iri] = Counter()
        self._subjects = 0
        # Hashes stand for terms: millions of those could not be held.
        self._objects = Ordered(1, "<u8")
        self._new: set[Node] = set()
        self._first: dict[Iri, tuple[Iri, Node]] = {}
        self._same: list[tuple[str, Iri, Node]] = []
        self._kinds: dict[tuple[str, tuple[Iri, ...]], tuple[int, str]] = {}
        self._day = ""

    def take(self, documents: Told, path: str) -> None:
        """One more document."""
        own = documents.own(path)
        predicates = set(map(_PREDICATE, own))
        self._properties.update(map(_PREDICATE, own))
        self._subjects += len(set(map(_SUBJECT, own)))
        self._new.update(map(_OBJECT, own))
        classes = [Iri(node) for _, predicate, node in own if predicate == rdf.type]
        self._classes.update(classes)
        if not self._first.keys() >= predicates or not self._first.keys() >= set(classes):
            for subject, predicate, node in own:
                if predicate == rdf.type:
                    self._first.setdefault(Iri(node), (subject, node))
                self._first.setdefault(predicate, (subject, node))
        if schema.sameAs in predicates:
            self._same += [(path, *triple[::2]) for triple in own if triple[1] == schema.sameAs and triple[2][0] == "<"]
        if dcterms.modified in predicates:
            self._day = max([self._day, *_days(documents, path)])
        kind, stroke, _ = path.partition("/")
        if stroke and kind in KINDS:
            self._count((kind, tuple(sorted(documents.types(documents.iris.of(path))))), 1, path)

    def _count(self, key: tuple[str, tuple[Iri, ...]], more: int, path: str) -> None:
        count, first = self._kinds.get(key, (0, path))
        self._kinds[key] = count + more, first

    def told(self) -> dict[str, Any]:
        """What was counted so far, for `join`."""
        return {
            "classes": self._classes,
            "properties": self._properties,
            "subjects": self._subjects,
            "objects": np.unique(_hashes(self._new)),
            "first": self._first,
            "same": self._same,
            "kinds": [(*key, *counted) for key, counted in self._kinds.items()],
            "day": self._day,
        }

    def join(self, told: Mapping[str, Any]) -> None:
        """Add what was counted of the documents that come next."""
        self._classes.update(told["classes"])
        self._properties.update(told["properties"])
        self._subjects += told["subjects"]
        self._objects.add(told["objects"])
        for term, use in told["first"].items():
            self._first.setdefault(term, use)
        self._same += told["same"]
        for kind, classes, count, path in told["kinds"]:
            self._count((kind, tuple(classes)), count, path)
        self._day = max(self._day, told["day"])

    def write(self, index: Index) -> None:
        """Write down what was joined."""
        objects = sum(len(np.unique(some)) for some in self._objects.in_order())
        counts = sorted(self._classes.items()), sorted(self._properties.items()), self._subjects, objects
        index.tell("partitions", counts)
        index.tell("first uses", self._first)
        index.tell("kinds", [(*key, *counted) for key, counted in self._kinds.items()])
        index.tell("day", self._day)
        index.run(_TABLE)
        index.insert("INSERT INTO same VALUES (?, ?, ?)", self._same)


def _days(documents: Told, path: str) -> list[str]:
    record = documents.iris.record(path)
    return [
        value(Literal(node))[0]
        for subject, predicate, node in documents.own(path)
        if predicate == dcterms.modified and subject == record and node[0] == '"'
    ]


def _hashes(nodes: Iterable[Node]) -> Numbers:
    """A number for each, the same in every process and every run."""
    return np.frombuffer(b"".join([blake2b(node.encode(), digest_size=8).digest() for node in nodes]), "<u8")


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
