"""The index of a dump: what is asked of it again and again, in the tables of an SQLite file beside it.

It is made when it is missing or was made of another dump or by other code, by whoever comes first while others wait, and
appears whole or not at all. It has its dump's time of change: that and the size say that they belong together; where only
the time differs, as after copying, a checksum decides. Where nothing can be written it is made in a temporary place.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from io import BufferedReader, StringIO
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyoxigraph as ox

from lod.errors import StoreError
from lod.formats import N_TRIPLES, TURTLE
from lod.parallel import uncollected

_FORMATS = {TURTLE.name: ox.RdfFormat.TURTLE, N_TRIPLES.name: ox.RdfFormat.N_TRIPLES}
_TRIPLES_AT_ONCE = 20_000
_ROWS_AT_ONCE = 1_000
_FAST = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192; PRAGMA temp_store = FILE;"
"""For a file that is thrown away when it is not finished."""
_TOLD = "CREATE TABLE told(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
"""What is known of the whole, as JSON."""
_PAGE, _SIZE = slice(16, 18), slice(28, 32)
"""Where an SQLite file says how large its pages are and how many it has."""


class Index:
    """An open index. Nobody changes it; several threads may ask."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def made(cls, place: Path | str = ":memory:") -> "Index":
        """A new one without tables, in a file or in memory."""
        connection = sqlite3.connect(place, check_same_thread=False)
        connection.executescript(_TOLD if place == ":memory:" else _FAST + _TOLD)
        return cls(connection)

    def all(self, question: str, *values: object) -> list[Any]:
        """All rows that answer a question."""
        with self._lock:
            return self._connection.execute(question, values).fetchall()

    def one(self, question: str, *values: object) -> Any:
        """The first row, None when there is none."""
        with self._lock:
            return self._connection.execute(question, values).fetchone()

    def some(self, question: str, *values: object) -> Iterator[list[Any]]:
        """The rows that answer a question, some at a time; others may ask and add meanwhile."""
        with self._lock:
            found = self._connection.execute(question, values)
        while rows := found.fetchmany(_ROWS_AT_ONCE):
            yield rows

    def told(self, name: str) -> Any:
        """What was written down about the whole."""
        return json.loads(self.one("SELECT value FROM told WHERE name = ?", name)[0])

    def run(self, script: str) -> None:
        """Add tables to an index that is being made."""
        with self._lock, self._connection:
            self._connection.executescript(script)

    def insert(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Add rows to an index that is being made."""
        with self._lock, self._connection:
            self._connection.executemany(statement, rows)

    def tell(self, name: str, value: object) -> None:
        """Write down something about the whole of an index that is being made."""
        self.insert("INSERT INTO told VALUES (?, ?)", [(name, json.dumps(value, ensure_ascii=False))])

    @contextlib.contextmanager
    def copy(self, questions: Mapping[str, str]) -> Iterator[Path]:
        """Tables of answers in a file of their own, beside this one, for another process to read while this one goes on."""
        file = Path(f"{self.one('PRAGMA database_list')[2]}.copy")
        try:
            with self._lock:
                self._connection.execute("ATTACH ? AS other", (str(file),))
                for table, question in questions.items():
                    self._connection.execute(f"CREATE TABLE other.{table} AS {question}")
                self._connection.commit()
                self._connection.execute("DETACH other")
            yield file
        finally:
            file.unlink(missing_ok=True)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._connection.close()


Fill = Callable[[Index, "Index | None", Iterable[str]], None]
"""Fills a new index. It is given the one that lies there, if the same code made it of another dump of the same edition, and
the lines of the dump: N-Triples."""


def read(file: Path) -> Index:
    """What `Index.copy` wrote."""
    return _open(file)


@contextlib.contextmanager
def reading(dump: Path) -> Iterator[Iterable[str]]:
    """The triples of a dump as N-Triples. `StoreError` names file and line of what cannot be read."""
    with _told(dump), dump.open("rb") as stream:
        yield _lines(stream, dump)


def opened(dump: Path, base: str, file: Path, made_by: str, fill: Fill) -> Index:
    """The index in a file, made first if it must be. `made_by` names the code that makes it, `fill` included.

    `StoreError` when the dump cannot be read.
    """
    with _told(dump), dump.open("rb") as stream:
        found = _fitting(stream, file, base, made_by)
        if found is None:
            with _alone(stream):
                found = _fitting(stream, file, base, made_by) or _made(stream, dump, base, file, made_by, fill)
        return found


def _fitting(stream: BufferedReader, file: Path, base: str, made_by: str) -> Index | None:
    """The index in a file, if it is whole, and of this dump, this base and this code."""
    found = _kept(file, base, made_by)
    with contextlib.suppress(OSError, sqlite3.Error, ValueError, TypeError):
        if found and _same(stream, file, found):
            return found
    if found:
        found.close()
    return None


def _kept(file: Path, base: str, made_by: str) -> Index | None:
    """The index in a file, if it is whole, and of this base and this code, whatever its dump."""
    try:
        if not _whole(file):
            return None
        found = _open(file)
        if (found.told("base"), found.told("made by")) == (base, made_by):
            return found
        found.close()
    except (OSError, sqlite3.Error, ValueError, TypeError):  # whatever is wrong with it, it is made anew
        return None
    return None


def _same(stream: BufferedReader, file: Path, found: Index) -> bool:
    dump = os.fstat(stream.fileno())
    if dump.st_size != found.told("size"):
        return False
    if dump.st_mtime_ns == file.stat().st_mtime_ns:
        return True
    if _digest(stream) != found.told("digest"):
        return False
    with contextlib.suppress(OSError):
        os.utime(file, ns=(dump.st_atime_ns, dump.st_mtime_ns))
    return True


def _whole(file: Path) -> bool:
    """True when there is as much of a file as it says itself."""
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        head = stream.read(100)
    page = int.from_bytes(head[_PAGE], "big") or 1
    return (65536 if page == 1 else page) * int.from_bytes(head[_SIZE], "big") == file.stat().st_size > 0


def _open(file: Path) -> Index:
    place = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    return Index(sqlite3.connect(place, uri=True, check_same_thread=False))


@contextlib.contextmanager
def _alone(stream: BufferedReader) -> Iterator[None]:
    """Others who want to make an index of this dump wait, where the file system can do that."""
    with contextlib.suppress(OSError):
        fcntl.flock(stream, fcntl.LOCK_EX)
    yield
    with contextlib.suppress(OSError):
        fcntl.flock(stream, fcntl.LOCK_UN)


def _made(stream: BufferedReader, dump: Path, base: str, file: Path, made_by: str, fill: Fill) -> Index:
    """A new index: in the file, or where that cannot be written in a temporary one, which lasts until it is closed."""
    last = _kept(file, base, made_by)
    make = partial(_make, stream, dump, made_by, fill, last)
    try:
        for left in file.parent.glob(f".{dump.stem}.*.sqlite.*"):  # by somebody who was ended; nobody else is at it now
            left.unlink(missing_ok=True)
        # Whoever makes the index of a dump that was replaced meanwhile waits for nobody, and may be of the same process.
        aside = file.with_name(f".{file.name}.{uuid4().hex}")
        make(aside)
        aside.replace(file)
        return _open(file)
    except (OSError, sqlite3.OperationalError):
        with tempfile.TemporaryDirectory(prefix="lod-index-") as folder:
            aside = Path(folder, file.name)
            make(aside)
            found = _open(aside)
            found.told("base")  # the file is open now, and stays so without its name
            return found
    finally:
        if last:
            last.close()


def _make(stream: BufferedReader, dump: Path, made_by: str, fill: Fill, last: Index | None, file: Path) -> None:
    made = Index.made(file)
    try:
        stat, digest = os.fstat(stream.fileno()), _digest(stream)
        made.tell("digest", digest)
        made.tell("size", stat.st_size)
        with uncollected():
            fill(made, last, _lines(stream, dump))
        made.tell("made by", made_by)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    finally:
        made.close()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _digest(stream: BufferedReader) -> str:
    """SHA-256 of a dump, as releases have it."""
    stream.seek(0)
    found = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return found


def _lines(stream: BufferedReader, dump: Path) -> Iterator[str]:
    """The triples of a dump as N-Triples, written by the engine that reads them: that takes half the time of doing it here."""
    quads = ox.parse(input=stream, format=_FORMATS[dump.suffix.removeprefix(".")])
    while text := ox.serialize(islice(quads, _TRIPLES_AT_ONCE), format=ox.RdfFormat.N_TRIPLES):
        yield from StringIO(text.decode(), newline="\n")


@contextlib.contextmanager
def _told(dump: Path) -> Iterator[None]:
    """Says what is wrong with a dump."""
    try:
        yield
    except (OSError, SyntaxError, ValueError, sqlite3.Error) as error:
        raise StoreError(f"{dump}: {error}. Build the dump again with `lod build`.") from None
