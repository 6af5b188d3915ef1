"""What servers open, made as soon as a dump is written: its index, and the index of its search."""

from pathlib import Path

from lod.web import search, tables


def prepare(dump: Path, base: str) -> None:
    """Make both beside a dump, unless they are there and fit it."""
    documents = tables.opened(dump, base)
    search.opened(documents, dump).close()
    documents.index.close()
