"""Text search for people who do not know IRIs: names, labels and notes in SQLite's FTS5, one file for each edition.

Everything is folded before it is stored or asked for: case, accents and scripts do not count. Words of names are also
kept as they would be spelt in other languages (`lod.linking.names.readings`), so `Trotzki` finds Trotsky.
"""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log1p
from pathlib import Path

from lod.errors import StoreError
from lod.iris import owner
from lod.linking.names import fold, readings
from lod.store.documents import Documents
from lod.terms import Literal, Triple, value
from lod.vocab import crm, dcterms, rdfs, schema, skos

WORDS = 12
"""Most words of a question that are looked for."""
_LEAST_PREFIX = 2
"""Shorter words are looked for as they are, longer ones as beginnings."""
_SECONDS = 0.5
_STEPS = 1000
_VERSION = 2
_RANKED = 1000
"""Up to so many matches are ordered by how well each fits; of more, those most spoken of come first, labels before all else."""
_BITS = 5
_CODE = (1 << _BITS) - 1
"""A thing's number ends in so many bits for its kind, so that kinds are counted without looking the things up."""
_NAMES = frozenset({rdfs.label, schema.name, schema.alternateName, crm.P190_has_symbolic_content, skos.prefLabel})
_NOTES = frozenset({schema.description, crm.P3_has_note, skos.definition, skos.scopeNote, schema.headline})
_TABLES = """
CREATE TABLE edition(dump TEXT, version INTEGER);
CREATE TABLE kind(code INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE thing(id INTEGER PRIMARY KEY, path TEXT, label TEXT, names TEXT, weight REAL);
CREATE TABLE form(folded TEXT, thing INTEGER, PRIMARY KEY (folded, thing)) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5(label, name, note, sound, content='', tokenize='ascii', prefix='1 2 3');
"""
_EXACT = "SELECT thing FROM form WHERE folded IN (?, ?) ORDER BY thing"
_KINDS = f"SELECT GROUP_CONCAT(CHAR(64 + (rowid & {_CODE})), '') FROM word WHERE word MATCH ?"  # noqa: S608
_FITTING = """
SELECT word.rowid, bm25(word, 10.0, 6.0, 1.0, 3.0) * weight FROM word JOIN thing ON thing.id = word.rowid WHERE word MATCH ?
"""
_FIRST = "SELECT rowid FROM word WHERE word MATCH ? AND (? < 0 OR rowid & ? = ?) ORDER BY rowid LIMIT ?"
_SHOWN = "SELECT path, label, names FROM thing WHERE id = ?"
_TIERS = (("label", 10.0), ("label name note", 1.0))
"""Columns of a search for general words, and the score of what is found there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found of one thing. `path` as in `letter/1`; all forms as they are written."""

    path: str
    label: str
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    links: int = 0
    """How often others point here: of two that fit alike, the one more spoken of comes first."""

    @property
    def kind(self) -> str:
        """`letter` of `letter/1`."""
        return self.path.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found. `form` is the name that fits best, `""` when its label does or a note. Higher scores fit better."""

    path: str
    kind: str
    label: str
    form: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found: `total` counts all of the kind asked for, `kinds` all by kind."""

    total: int
    kinds: dict[str, int]
    hits: tuple[Hit, ...]


NOTHING = Found(0, {}, ())


class TooLongToFind(Exception):
    """The question takes more time than a search may."""


class SearchIndex:
    """The index of one edition. Safe to use from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._codes: dict[str, int] = {name: code for code, name in connection.execute("SELECT code, name FROM kind")}
        self._kinds = {code: name for name, code in self._codes.items()}
        self._lock = threading.Lock()
        self._end = 0.0
        connection.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)

    def search(self, question: str, *, kind: str = "", limit: int = 20, offset: int = 0) -> Found:
        """The things in which every word of the question occurs, best first. `TooLongToFind` when that takes too long.

        A negative `limit` gives all of them.
        """
        words = fold(question).split()[:WORDS]
        if not words:
            return NOTHING
        with self._lock:
            self._end = time.monotonic() + _SECONDS
            try:
                kinds = self._counted(_match(words))
                if kind and kind not in kinds:
                    return Found(0, kinds, ())
                total = kinds[kind] if kind else sum(kinds.values())
                wanted = self._fitting if sum(kinds.values()) <= _RANKED else self._general
                found = wanted(words, " ".join(fold(question).split()), kind, offset + limit if limit >= 0 else -1)
                chosen = found[offset : offset + limit] if limit >= 0 else found[offset:]
                hits = tuple(self._hit(number, score, words) for number, score in chosen)
            except sqlite3.OperationalError as error:
                raise TooLongToFind(str(error)) from None
        return Found(total, kinds, hits)

    def _counted(self, match: str) -> dict[str, int]:
        """How many things of each kind match."""
        codes: str = self._connection.execute(_KINDS, (match,)).fetchone()[0] or ""
        counts = {name: codes.count(chr(64 + code)) for code, name in self._kinds.items()}
        return {name: count for name, count in counts.items() if count}

    def _exact(self, asked: str) -> list[int]:
        """Things one of whose forms is what was asked."""
        return [number for (number,) in self._connection.execute(_EXACT, (asked, _read(asked)))]

    def _fitting(self, words: list[str], asked: str, kind: str, _most: int) -> list[tuple[int, float]]:
        """Number and score of all that match, best first."""
        exact = frozenset(self._exact(asked))
        rows: list[tuple[int, float]] = self._connection.execute(_FITTING, (_match(words),)).fetchall()
        rows = [row for row in rows if not kind or row[0] & _CODE == self._codes[kind]]
        rows.sort(key=lambda row: (row[0] not in exact, row[1], row[0]))
        return [(number, -rank) for number, rank in rows]

    def _general(self, words: list[str], asked: str, kind: str, most: int) -> list[tuple[int, float]]:
        """The same for words that very many things have: the first `most` (-1: all), without comparing all."""
        code = self._codes[kind] if kind else -1
        found = {number: _TIERS[0][1] for number in self._exact(asked) if code in (-1, number & _CODE)}
        for columns, score in _TIERS:
            if 0 <= most <= len(found):
                break
            asking = _match(words, columns), code, _CODE, code, most
            for (number,) in self._connection.execute(_FIRST, asking):
                found.setdefault(number, score)
        return list(found.items())

    def _hit(self, number: int, score: float, words: list[str]) -> Hit:
        path, label, names = self._connection.execute(_SHOWN, (number,)).fetchone()
        return Hit(path, self._kinds[number & _CODE], label, _form(words, label, names.split("\n")), round(score, 4))

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def build(entries: Iterable[Entry], file: Path | None = None, stamp: str = "") -> SearchIndex:
    """Make an index, in memory or in a new file, of entries that come in the order of how much they are spoken of.

    `stamp` says what it was made from.
    """
    connection = sqlite3.connect(str(file) if file else ":memory:", check_same_thread=False)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    with connection:
        connection.execute("INSERT INTO edition VALUES (?, ?)", (stamp, _VERSION))
        codes: dict[str, int] = {}
        for place, entry in enumerate(entries, 1):
            number = place << _BITS | codes.setdefault(entry.kind, len(codes))
            connection.execute(
                "INSERT INTO thing VALUES (?, ?, ?, ?, ?)",
                (number, entry.path, entry.label, "\n".join(entry.names), 1 + log1p(entry.links) / 2),
            )
            forms = {fold(name) for name in (entry.label, *entry.names)}
            forms |= {_read(form) for form in forms}
            connection.executemany("INSERT INTO form VALUES (?, ?)", [(form, number) for form in sorted(forms)])
            connection.execute(
                "INSERT INTO word(rowid, label, name, note, sound) VALUES (?, ?, ?, ?, ?)", (number, *_columns(entry))
            )
        connection.executemany("INSERT INTO kind VALUES (?, ?)", [(code, name) for name, code in codes.items()])
        connection.execute("INSERT INTO word(word) VALUES ('optimize')")
    return SearchIndex(connection)


def write(entries: Iterable[Entry], file: Path, stamp: str) -> None:
    """Make the index as a file, which appears when it is whole. `StoreError` when it cannot be written."""
    aside = file.with_suffix(".part")
    try:
        aside.unlink(missing_ok=True)
        build(entries, aside, stamp).close()
        aside.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{file} cannot be written: {error}") from None


def read(file: Path, stamp: str) -> SearchIndex | None:
    """The index in a file, if there is one and it was made from what `stamp` says."""
    if not file.is_file():
        return None
    try:
        connection = sqlite3.connect(
            f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        made = connection.execute("SELECT dump, version FROM edition").fetchone()
    except sqlite3.Error:
        return None
    if made == (stamp, _VERSION):
        return SearchIndex(connection)
    connection.close()
    return None


def entries(documents: Documents) -> Iterator[Entry]:
    """What can be found of every thing of an edition: what is most pointed to first, then in the order of the dump."""
    things = [path for path in documents.paths() if path.partition("/")[2]]
    for path in sorted(things, key=lambda path: -len(documents.incoming(path))):
        yield entry(path, documents.own(path), documents)


def entry(path: str, triples: Iterable[Triple], documents: Documents) -> Entry:
    """What can be found of one thing: its own labels and names and those of its names, and its notes."""
    term, record = documents.iris.of(path), documents.iris.record(path)
    names: dict[str, None] = {}
    notes: dict[str, None] = {}
    label = ""
    for subject, predicate, node in triples:
        if node[0] == "<" or subject == record or predicate == dcterms.modified:
            continue
        # Parts have labels made from the thing's; only the names among them say something new.
        if predicate in _NAMES and (subject == term or predicate == crm.P190_has_symbolic_content):
            text = value(Literal(node))[0]
            label = label or (text if subject == term and predicate in (rdfs.label, skos.prefLabel) else "")
            names[text] = None
        elif predicate in _NOTES and owner(path) == path:
            notes[value(Literal(node))[0]] = None
    label = label or next(iter(names), path.partition("/")[2])
    return Entry(
        path, label, tuple(name for name in names if name != label), tuple(notes), len(documents.incoming(path))
    )


def _columns(thing: Entry) -> tuple[str, str, str, str]:
    """Label, names, notes and sounds, folded."""
    names = " ".join(map(fold, thing.names))
    label = fold(thing.label)
    sounds = dict.fromkeys(form for word in f"{label} {names}".split() for form in readings(word))
    key = thing.path.partition("/")[2].replace("-", " ")
    return label, f"{names} {key}", " ".join(map(fold, thing.notes)), " ".join(sounds)


def _read(folded: str) -> str:
    """A folded name in one spelling, whoever spelt it."""
    return " ".join(readings(word)[0] for word in folded.split())


def _match(words: list[str], columns: str = _TIERS[-1][0]) -> str:
    """Words in the language of FTS5: each must occur in these columns, as a beginning, in one spelling or another.

    In what other names sound like it may occur too, unless only labels count.
    """
    # One letter alone begins too much; beside a longer word it is an initial.
    short = any(len(word) >= _LEAST_PREFIX for word in words)
    return " AND ".join(f"({_any(word, short, columns)})" for word in words)


def _any(word: str, short: bool, columns: str) -> str:
    star = "*" if short or len(word) >= _LEAST_PREFIX else ""
    spelt = f'{{{columns}}} : "{word}"{star}'
    if columns == _TIERS[0][0] or word.isdigit() or len(word) < _LEAST_PREFIX:
        return spelt
    return " OR ".join([spelt, *(f'{{sound}} : "{form}"{star}' for form in readings(word) if form)])


def _form(asked: list[str], label: str, names: list[str]) -> str:
    """The first name that has most of the words, if it has more of them than the label has."""

    def fits(name: str) -> int:
        words = fold(name).split()
        spelt = {form for word in words for form in (word, *readings(word))}
        return sum(
            any(form.startswith(wanted) for form in spelt for wanted in (word, *readings(word)) if wanted)
            for word in asked
        )

    best = max(names, key=fits, default="")
    return best if best and fits(best) > fits(label) else ""
