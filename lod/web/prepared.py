"""What servers open, made as soon as a dump is written: its index, and the index of its search."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lod.parallel import Crew
from lod.store import index
from lod.store.documents import Documents
from lod.store.index import Index
from lod.web import search, tables

_LARGE = 2_000
"""Of more documents another process makes the index of the search: to begin takes it a second."""


def prepare(dump: Path, base: str, crew: Crew) -> None:
    """Make both beside a dump, unless they are there and fit it."""

    @contextmanager
    def meanwhile(cut: Index) -> Iterator[None]:
        if crew.processes <= 1 or len(Documents(cut, base)) <= _LARGE:
            yield
            return
        with tempfile.TemporaryDirectory(prefix="lod-search-") as folder:
            copy = Path(folder, "cut.sqlite")
            cut.copy(copy)
            with crew.beside(_search, (copy, dump, base)):
                yield

    documents = tables.opened(dump, base, meanwhile)
    search.opened(documents, dump).close()
    documents.index.close()


def _search(given: tuple[Path, Path, str]) -> None:
    """Make the index of the search from a copy of what a dump was cut into."""
    copy, dump, base = given
    documents = Documents(index.read(copy), base)
    search.opened(documents, dump).close()
    documents.index.close()
