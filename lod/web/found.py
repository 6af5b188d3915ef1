"""The index of an edition's search, beside its dump."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from lod import search
from lod.errors import StoreError
from lod.search import Row, SearchIndex
from lod.store.documents import Documents
from lod.web.shares import to_find


def opened(documents: Documents, dump: Path) -> SearchIndex:
    """The index of an edition: the one beside its dump if it fits the dump, else a new one, kept there if possible."""
    stamp: str = documents.index.told("digest")
    file = dump.with_name(f"{dump.stem}.search.sqlite")
    kept = search.read(file, stamp)
    if kept is not None:
        return kept
    with contextlib.suppress(StoreError):
        search.write(_rows(documents), file, stamp)
        kept = search.read(file, stamp)
    return kept or search.build_of_rows(_rows(documents))


def _rows(documents: Documents) -> Iterator[tuple[int, Row]]:
    """What can be found, best first: as the index has it ready, or from the documents."""
    if documents.index.one("SELECT 1 FROM piece"):
        return _spoken_of(to_find(documents.index))
    return _spoken_of((entry.links, search.row(entry)) for entry in search.entries(documents))


def _spoken_of(rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """The rows, what is most pointed to first, else in their order."""
    with contextlib.closing(sqlite3.connect("")) as aside:  # a file of its own that goes with the connection
        aside.execute("CREATE TABLE row(links INTEGER, said TEXT)")
        said = ((links, json.dumps(row, ensure_ascii=False)) for links, row in rows)
        aside.executemany("INSERT INTO row VALUES (?, ?)", said)
        for links, found in aside.execute("SELECT links, said FROM row ORDER BY links DESC, rowid"):
            yield links, tuple(json.loads(found))
