"""Text search for people who do not know IRIs: names, labels and notes in SQLite's FTS5, one file for each edition.

Everything is folded before it is stored or asked for: case, accents and scripts do not count. Words of names are also
kept as they would be spelt in other languages (`lod.linking.names.readings`), so `Trotzki` finds Trotsky.

FTS5 walks through everything that has a word, and a beginning may be nearly everywhere. What very many things have is
kept beside it as the set of those things (`lod.bits`): such words are joined and counted exactly without a walk.
"""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, islice
from math import log, log1p
from operator import and_, or_
from pathlib import Path
from uuid import uuid4

from lod import bits
from lod.errors import StoreError
from lod.iris import owner
from lod.linking.names import fold, readings
from lod.store.documents import Documents, Told
from lod.terms import Literal, Triple, value
from lod.vocab import crm, dcterms, rdfs, schema, skos

WORDS = 12
"""Most words of a question that are looked for."""
_LEAST_PREFIX = 2
"""Shorter words are looked for as they are, longer ones as beginnings."""
_SECONDS = 0.5
_STEPS = 1000
_VERSION = 3
_RANKED = 1000
"""Up to so many matches are ordered by how well each fits; of more, those most spoken of come first, labels before all else."""
_COMMON = 64
"""A beginning is common when more than one thing of so many has it, and more than `_RANKED`."""
_NAMES = frozenset({rdfs.label, schema.name, schema.alternateName, crm.P190_has_symbolic_content, skos.prefLabel})
_NOTES = frozenset({schema.description, crm.P3_has_note, skos.definition, skos.scopeNote, schema.headline})
_TABLES = """
CREATE TABLE edition(dump TEXT, version INTEGER);
CREATE TABLE kind(name TEXT PRIMARY KEY, things BLOB);
CREATE TABLE thing(id INTEGER PRIMARY KEY, path TEXT, label TEXT, names TEXT, weight REAL);
CREATE TABLE form(folded TEXT, thing INTEGER, PRIMARY KEY (folded, thing)) WITHOUT ROWID;
CREATE TABLE common(beginning TEXT PRIMARY KEY, "label" BLOB, "label name note" BLOB, "sound" BLOB);
CREATE VIRTUAL TABLE word USING fts5(label, name, note, sound, content='', tokenize='ascii', prefix='1 2 3');
CREATE VIRTUAL TABLE temp.term USING fts5vocab(main, word, row);
"""
_EXACT = "SELECT thing FROM form WHERE folded IN (?, ?) ORDER BY thing"
_MATCHING = "SELECT rowid FROM word WHERE word MATCH ?"
_FITTING = """
SELECT id, bm25(word, 10.0, 6.0, 1.0, 3.0), weight FROM word JOIN thing ON id = word.rowid WHERE word MATCH ?
"""
_SHOWN = "SELECT path, label, names FROM thing WHERE id = ?"
_KEPT = 'SELECT "{}" FROM common WHERE beginning = ?'
_TERMS = "SELECT term, doc FROM temp.term"
_LABEL, _TEXT, _SOUND = "label", "label name note", "sound"


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


Row = tuple[str, str, str, Sequence[str], str, str, str, str]
"""What is written down of an entry: path, label, names by line, all forms in one spelling or another; label, names, notes and
sounds, folded."""


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
    """One page of what was found: `total` counts all of the kind asked for, `kinds` all by kind.

    `unused` are the words beyond the first `WORDS`, which were not looked for.
    """

    total: int
    kinds: dict[str, int]
    hits: tuple[Hit, ...]
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Matched:
    """The things that have all of some words, those words that few have, and who has each of the others."""

    things: int
    rare: list[str]
    common: dict[str, int]


NOTHING = Found(0, {}, ())


class TooLongToFind(Exception):
    """The question takes more time than a search may."""


class SearchIndex:
    """The index of one edition. Safe to use from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kinds = {name: bits.opened(kept) for name, kept in connection.execute("SELECT name, things FROM kind")}
        self._size = sum(things.bit_count() for things in self._kinds.values())
        self._lock = threading.Lock()
        self._end = 0.0
        connection.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)

    def search(self, question: str, *, kind: str = "", limit: int = 20, offset: int = 0) -> Found:
        """The things in which every word of the question occurs, best first. `TooLongToFind` when that takes too long.

        A negative `limit` gives all of them.
        """
        words = fold(question).split()
        if not words:
            return NOTHING
        with self._lock:
            self._end = time.monotonic() + _SECONDS
            try:
                found = self._found(words[:WORDS], kind, offset, offset + limit if limit >= 0 else None)
            except sqlite3.OperationalError as error:
                raise TooLongToFind(str(error)) from None
        return replace(found, unused=tuple(words[WORDS:]))

    def _found(self, words: list[str], kind: str, begin: int, end: int | None) -> Found:
        star = _star(words)
        matched = self._matched(words, star, _TEXT)
        counts = {name: (things & matched.things).bit_count() for name, things in self._kinds.items()}
        kinds = {name: count for name, count in counts.items() if count}
        if kind and kind not in kinds:
            return Found(0, kinds, ())
        among = matched.things & self._kinds[kind] if kind else matched.things
        exact = [number for number in self._exact(words) if among >> number & 1]
        if matched.rare and sum(kinds.values()) <= _RANKED:
            found = self._fitting(matched, star, among, exact)
        else:
            found = self._general(among, self._matched(words, star, _LABEL).things, exact)
        hits = tuple(self._hit(number, score, words) for number, score in islice(found, begin, end))
        return Found(among.bit_count(), kinds, hits)

    def _matched(self, words: list[str], star: Callable[[str], bool], columns: str) -> _Matched:
        common: dict[str, int] = {}
        for word in words:
            kept = {part: self._kept(*part) if star(word) else None for part in _parts(word, columns)}
            known = [things for things in kept.values() if things is not None]
            if known:
                others = [_one(*part, star=True) for part, things in kept.items() if things is None]
                common[word] = reduce(or_, known, self._asked(" OR ".join(others)) if others else 0)
        rare = [word for word in words if word not in common]
        sets = [*common.values(), self._asked(_match(rare, star, columns))] if rare else common.values()
        return _Matched(reduce(and_, sets), rare, common)

    def _kept(self, columns: str, beginning: str) -> int | None:
        """The things that have a common beginning in these columns."""
        row = self._connection.execute(_KEPT.format(columns), (beginning,)).fetchone()
        return bits.opened(row[0]) if row else None

    def _asked(self, match: str) -> int:
        """The things that FTS5 finds."""
        return bits.gathered(chain.from_iterable(self._connection.execute(_MATCHING, (match,))))

    def _exact(self, words: list[str]) -> list[int]:
        """Things one of whose forms is what was asked."""
        asked = " ".join(words)
        return [number for (number,) in self._connection.execute(_EXACT, (asked, _read(asked)))]

    def _fitting(
        self, matched: _Matched, star: Callable[[str], bool], among: int, exact: list[int]
    ) -> Iterator[tuple[int, float]]:
        """Number and score of all that match, best first. Common words count in labels only, as much as BM25 would give."""
        rows = self._connection.execute(_FITTING, (_match(matched.rare, star, _TEXT),)).fetchall()
        if len(rows) > among.bit_count():
            sought = bits.lookup(among)
            rows = [row for row in rows if sought(row[0])]
        for word, things in matched.common.items():
            labelled = bits.lookup(self._matched([word], star, _LABEL).things)
            rarity = log(self._size / things.bit_count()) if things else 0
            rows = [(number, rank - rarity * labelled(number), weight) for number, rank, weight in rows]
        first = frozenset(exact)
        order = sorted((number not in first, rank * weight, number) for number, rank, weight in rows)
        return ((number, -score) for _, score, number in order)

    def _general(self, among: int, labelled: int, exact: list[int]) -> Iterator[tuple[int, float]]:
        """The same for words that very many things have, without comparing all."""
        among &= ~bits.gathered(exact)
        tiers = (exact, 10.0), (bits.members(among & labelled), 10.0), (bits.members(among & ~labelled), 1.0)
        return ((number, score) for numbers, score in tiers for number in numbers)

    def _hit(self, number: int, score: float, words: list[str]) -> Hit:
        path, label, names = self._connection.execute(_SHOWN, (number,)).fetchone()
        return Hit(path, path.partition("/")[0], label, _form(words, label, names.split("\n")), round(score, 4))

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def build(entries: Iterable[Entry]) -> SearchIndex:
    """Make an index in memory of entries that come in the order of how much they are spoken of."""
    return build_of_rows((entry.links, row(entry)) for entry in entries)


def build_of_rows(rows: Iterable[tuple[int, Row]], file: Path | None = None, stamp: str = "") -> SearchIndex:
    """Make an index, in memory or in a new file, of rows in this order, each with how often others point to its thing.

    `stamp` says what it was made from.
    """
    connection = sqlite3.connect(str(file) if file else ":memory:", check_same_thread=False)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    with connection:
        connection.execute("INSERT INTO edition VALUES (?, ?)", (stamp, _VERSION))
        kinds: dict[str, list[int]] = {}
        number = 0
        for number, (links, entry) in enumerate(rows, 1):
            kinds.setdefault(entry[0].partition("/")[0], []).append(number)
            _add(connection, number, links, entry)
        connection.executemany(
            "INSERT INTO kind VALUES (?, ?)",
            [(name, bits.packed(bits.gathered(numbers))) for name, numbers in kinds.items()],
        )
        connection.execute("INSERT INTO word(word) VALUES ('optimize')")
        _keep_common(connection, max(_RANKED, number // _COMMON))
    return SearchIndex(connection)


def row(entry: Entry) -> Row:
    """What is written down of an entry."""
    forms = {fold(name) for name in (entry.label, *entry.names)}
    forms |= {_read(form) for form in forms}
    return entry.path, entry.label, "\n".join(entry.names), sorted(forms), *_columns(entry)


def _add(connection: sqlite3.Connection, number: int, links: int, entry: Row) -> None:
    path, label, names, forms, *columns = entry
    connection.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", (number, path, label, names, 1 + log1p(links) / 2))
    connection.executemany("INSERT INTO form VALUES (?, ?)", [(form, number) for form in forms])
    connection.execute("INSERT INTO word(rowid, label, name, note, sound) VALUES (?, ?, ?, ?, ?)", (number, *columns))


def _keep_common(connection: sqlite3.Connection, many: int) -> None:
    """Keep who has it, wherever it stands, of every beginning that more than so many things have."""
    counts: Counter[str] = Counter()
    for term, things in connection.execute(_TERMS):
        for length in range(1, len(term) + 1):
            counts[term[:length]] += things
    found: tuple[int, ...] = ()
    for beginning in sorted(each for each, count in counts.items() if count > many):
        # What goes on in one way only has the same things as what it begins with, which came just before.
        if counts[beginning] != counts[beginning[:-1]]:
            found = tuple(_having(connection, columns, beginning) for columns in (_LABEL, _TEXT, _SOUND))
        # A thing with two such words was counted twice.
        if max(things.bit_count() for things in found) > many // 2:
            connection.execute("INSERT INTO common VALUES (?, ?, ?, ?)", (beginning, *map(bits.packed, found)))


def _having(connection: sqlite3.Connection, columns: str, beginning: str) -> int:
    rows = connection.execute(_MATCHING, (_one(columns, beginning, star=True),))
    return bits.gathered(chain.from_iterable(rows))


def write(rows: Iterable[tuple[int, Row]], file: Path, stamp: str) -> None:
    """Make the index as a file, which appears when it is whole. `StoreError` when it cannot be written."""
    # Several who start at once each write one of their own; what somebody who was ended left goes with the next index.
    # Process numbers would not tell them apart: a server's threads share one, and two containers may have the same.
    aside = file.with_name(f".{file.name}.{uuid4().hex}")
    try:
        build_of_rows(rows, aside, stamp).close()
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
            yield entry(path, documents.own(path), documents, documents.links(path))


def entry(path: str, triples: Iterable[Triple], documents: Told, links: int = 0) -> Entry:
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
    return Entry(path, label, tuple(name for name in names if name != label), tuple(notes), links)


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


def _star(words: list[str]) -> Callable[[str], bool]:
    """Which words of a question are beginnings."""
    # One letter alone begins too much; beside a longer word it is an initial.
    short = any(len(word) >= _LEAST_PREFIX for word in words)
    return lambda word: short or len(word) >= _LEAST_PREFIX


def _match(words: list[str], star: Callable[[str], bool], columns: str) -> str:
    """Words in the language of FTS5: each must occur in these columns, in one spelling or another."""
    spelt = ([_one(*part, star=star(word)) for part in _parts(word, columns)] for word in words)
    return " AND ".join(f"({' OR '.join(each)})" for each in spelt)


def _parts(word: str, columns: str) -> list[tuple[str, str]]:
    """Columns and what may stand in them for a word: itself, and what names sound like unless only labels count."""
    if columns == _LABEL or word.isdigit() or len(word) < _LEAST_PREFIX:
        return [(columns, word)]
    return [(columns, word), *((_SOUND, form) for form in readings(word) if form)]


def _one(columns: str, form: str, *, star: bool) -> str:
    return f'{{{columns}}} : "{form}"{"*" if star else ""}'


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
