"""What servers open, made as soon as a dump is written: its index, and the index of its search."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lod.parallel import Crew
from lod.store import index
from lod.store.documents import Documents
from lod.store.index import Index
from lod.web import found, tables
from lod.web.shares import Piece

_LARGE = 2_000
"""Of more documents another process makes the index of the search: to begin takes it a second."""
_TO_FIND = {
    "told": "SELECT * FROM told",
    "piece": "SELECT first, found FROM piece",
    "thing": "SELECT place, links FROM thing WHERE place IS NOT NULL",
}
"""What the index of the search is made of."""


def prepare(dump: Path, base: str, crew: Crew, blocks: Sequence[Piece] = (), takes_over: bool = True) -> None:
    """Make both beside a dump, unless they are there and fit it; the rest as for `lod.web.tables.opened`."""

    @contextmanager
    def meanwhile(made: Index) -> Iterator[None]:
        if crew.processes <= 1 or len(Documents(made, base)) <= _LARGE or not made.one("SELECT 1 FROM piece"):
            yield
            return
        with made.copy(_TO_FIND) as copy, crew.beside(_search, (copy, dump, base)):
            yield

    documents = tables.opened(dump, base, blocks, crew, meanwhile, takes_over)
    found.opened(documents, dump).close()
    documents.index.close()


def _search(given: tuple[Path, Path, str]) -> None:
    """Make the index of the search from what can be found."""
    copy, dump, base = given
    documents = Documents(index.read(copy), base)
    found.opened(documents, dump).close()
    documents.index.close()
