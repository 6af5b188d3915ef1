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
_VERSION = 1
_NAMES = frozenset({rdfs.label, schema.name, schema.alternateName, crm.P190_has_symbolic_content, skos.prefLabel})
_NOTES = frozenset({schema.description, crm.P3_has_note, skos.definition, skos.scopeNote, schema.headline})
_TABLES = """
CREATE TABLE edition(dump TEXT, version INTEGER);
CREATE TABLE thing(id INTEGER PRIMARY KEY, path TEXT, kind TEXT, label TEXT, names TEXT, weight REAL);
CREATE TABLE form(folded TEXT, thing INTEGER, PRIMARY KEY (folded, thing)) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5(label, name, note, sound, content='', tokenize='ascii', prefix='1 2 3');
"""
_RANK = "bm25(word, 10.0, 6.0, 1.0, 3.0) * weight"
_EXACT = "(thing.id NOT IN (SELECT thing FROM form WHERE folded IN (:asked, :read)))"
_HITS = f"""
SELECT path, kind, thing.label, names, {_RANK} AS rank FROM word JOIN thing ON thing.id = word.rowid
WHERE word MATCH :match AND (:kind = '' OR kind = :kind) ORDER BY {_EXACT}, rank, thing.id LIMIT :limit OFFSET :offset
"""  # noqa: S608
_COUNTS = "SELECT kind, COUNT(*) FROM word JOIN thing ON thing.id = word.rowid WHERE word MATCH ? GROUP BY kind"


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
        self._lock = threading.Lock()
        self._end = 0.0
        connection.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)

    def search(self, question: str, *, kind: str = "", limit: int = 20, offset: int = 0) -> Found:
        """The things in which every word of the question occurs, best first. `TooLongToFind` when that takes too long.

        A negative `limit` gives all of them.
        """
        match = _match(question)
        if not match:
            return NOTHING
        asked = fold(question)
        wanted = {"match": match, "kind": kind, "asked": asked, "read": _read(asked), "limit": limit, "offset": offset}
        with self._lock:
            self._end = time.monotonic() + _SECONDS
            try:
                kinds: dict[str, int] = dict(self._connection.execute(_COUNTS, (match,)).fetchall())
                rows = self._connection.execute(_HITS, wanted).fetchall()
            except sqlite3.OperationalError as error:
                raise TooLongToFind(str(error)) from None
        hits = tuple(
            Hit(path, found, label, _form(asked.split(), label, names.split("\n")), round(-rank, 4))
            for path, found, label, names, rank in rows
        )
        return Found(kinds.get(kind, 0) if kind else sum(kinds.values()), kinds, hits)

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def build(entries: Iterable[Entry], file: Path | None = None, stamp: str = "") -> SearchIndex:
    """Make an index, in memory or in a new file. `stamp` says what it was made from."""
    connection = sqlite3.connect(str(file) if file else ":memory:", check_same_thread=False)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    with connection:
        connection.execute("INSERT INTO edition VALUES (?, ?)", (stamp, _VERSION))
        for number, entry in enumerate(entries, 1):
            connection.execute(
                "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?)",
                (number, entry.path, entry.kind, entry.label, "\n".join(entry.names), 1 + log1p(entry.links) / 2),
            )
            forms = {fold(name) for name in (entry.label, *entry.names)}
            forms |= {_read(form) for form in forms}
            connection.executemany("INSERT INTO form VALUES (?, ?)", [(form, number) for form in sorted(forms)])
            connection.execute(
                "INSERT INTO word(rowid, label, name, note, sound) VALUES (?, ?, ?, ?, ?)", (number, *_columns(entry))
            )
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
    """What can be found of every thing of an edition, in the order of the dump."""
    for path in documents.paths():
        if path.partition("/")[2]:
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


def _match(question: str) -> str:
    """The question in the language of FTS5: every word must occur, as a beginning, in one spelling or another."""
    words = fold(question).split()[:WORDS]
    # One letter alone begins too much; beside a longer word it is an initial.
    short = any(len(word) >= _LEAST_PREFIX for word in words)
    return " AND ".join(f"({_any(word, short)})" for word in words)


def _any(word: str, short: bool) -> str:
    star = "*" if short or len(word) >= _LEAST_PREFIX else ""
    spelt = f'{{label name note}} : "{word}"{star}'
    if word.isdigit() or len(word) < _LEAST_PREFIX:
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
