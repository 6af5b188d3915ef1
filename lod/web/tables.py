"""Everything that pages ask of the whole edition, worked out when the index of its dump is made, and never at a start.

One pass over the documents. What it collects grows with the things, a line or two for each, not with the statements.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import lod
from lod.iris import KINDS
from lod.store import index
from lod.store.documents import Documents
from lod.store.index import Index
from lod.web import happenings, overview, texts
from lod.web.backlinks import Backlinks
from lod.web.census import Census
from lod.web.facets import Listing
from lod.web.facets import begin as begin_lists
from lod.web.happenings import Happening
from lod.web.texts import Text

_CODE = (
    "dates.py",
    "edtf.py",
    "iris.py",
    "store/cut.py",
    "store/documents.py",
    "store/index.py",
    "terms.py",
    "web/backlinks.py",
    "web/census.py",
    "web/facets.py",
    "web/happenings.py",
    "web/overview.py",
    "web/rows.py",
    "web/tables.py",
    "web/texts.py",
    "web/values.py",
    "web/words.py",
)
"""The code that makes an index: one that other code made is made again."""

Meanwhile = Callable[[Index], AbstractContextManager[None]]


def _alone(_: Index) -> AbstractContextManager[None]:
    return nullcontext()


def index_file(folder: Path, edition: str) -> Path:
    """Where the index of an edition lies: beside its dump."""
    return folder / f"{edition}.index.sqlite"


def opened(dump: Path, base: str, meanwhile: Meanwhile = _alone) -> Documents:
    """The documents of a dump, from the index beside it, which is made if it must be. `StoreError` when that cannot be.

    `meanwhile` is entered with what the dump was cut into, and left when the tables of pages are there too.
    """

    def more(made: Index) -> None:
        with meanwhile(made):
            write(made)

    return Documents(index.opened(dump, base, index_file(dump.parent, dump.stem), _made_by(), more), base)


@lru_cache(maxsize=1)
def _made_by() -> str:
    house, digest = Path(lod.__file__).parent, blake2b(digest_size=16)
    for name in _CODE:
        digest.update((house / name).read_bytes())
    return digest.hexdigest()


def write(index: Index) -> None:
    """Add the tables of pages to an index that is being made."""
    documents = Documents(index, index.told("base"))
    rows: list[Text] = []
    found: list[Happening] = []
    census, lists = Census(), {kind: Listing(kind) for kind in KINDS}
    for path in documents.each():
        census.take(documents, path)
        kind, stroke, _ = path.partition("/")
        text = texts.told_in(documents, path) if stroke and kind in texts.KINDS else None
        if text is not None:
            rows.append(text)
        if stroke and kind in happenings.KINDS:
            found += happenings.told_by(documents, path)
        if stroke and kind in lists:
            lists[kind].take(documents, path, text)
    rows.sort(key=texts.in_time)
    found.sort(key=happenings.in_time)
    census.write(index)
    texts.write(index, rows)
    happenings.write(index, found)
    overview.write(documents, rows, found)
    begin_lists(index)
    in_time = [*(row.path for row in rows), *(row.path for row in found)]
    for kind, listing in lists.items():
        listing.write(index, in_time if kind in (*texts.KINDS, "event") else ())
    Backlinks(documents, {row.path: row for row in rows}).write()
