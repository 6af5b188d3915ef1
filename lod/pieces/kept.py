"""What came of pieces, kept from build to build: after a change, those are done again that the change says something else to.

A piece is known by its letters (or blocks), the rules and the code. What it asked of the rest is kept with what came of it,
and it counts only while the answers are the same: those of registers are compared here, all others by `whole`.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from lod.cache import Cache, checksum, code, contents
from lod.pieces.piece import Asked, Piece, Setting
from lod.spool import Chunk

_CODE = ("*.py", "*/*.py")
_LIBRARIES = ("anyascii", "babel", "brotli", "convertdate", "pyoxigraph", "rdflib", "shacl")
_RULES = ("ontology/*.ttl", "shapes/*.ttl")


def keep(cache: Cache, key: str, piece: Piece, asked: Asked) -> None:
    """Keep what came of a piece, with what it asked."""
    cache.put(key, (piece, asked), piece.nodes.data() + piece.blocks.data())


class Kept:
    """What the cache has of one edition's pieces."""

    def __init__(self, cache: Cache | None, setting: Setting) -> None:
        self.cache = cache
        self._all = _key(setting) if cache else ""

    def key(self, chunks: Iterable[Chunk[Any]]) -> str:
        """What a piece is known by; `""` without a cache."""
        return checksum(self._all, *(chunk.data() for chunk in chunks)) if self.cache else ""

    def trim(self) -> None:
        """Let go of what was not used for longest, if there is too much."""
        if self.cache:
            self.cache.trim()

    def get(self, name: str, key: str, setting: Setting) -> Piece | None:
        """What came of a piece the last time, when it would be told the same."""
        entry = self.cache.get(key) if self.cache and key else None
        if entry is None or not entry[0][1].still(setting):
            return None
        piece: Piece = entry[0][0]
        asked: Asked = entry[0][1]
        file = setting.folder / f"kept-{name}"
        file.write_bytes(entry[1])
        unknown = {node: types for node, types in asked.nodes.items() if setting.nodes.of(node) is None}
        return replace(
            piece,
            nodes=replace(piece.nodes, file=file, offset=0),
            blocks=replace(piece.blocks, file=file, offset=piece.nodes.length),
            presumed={**piece.presumed, **unknown},
        )


def _key(setting: Setting) -> str:
    """All that a piece depends on besides its letters and what it asks."""
    house, days = setting.house, setting.days
    return checksum(
        "piece",
        code(_CODE, _LIBRARIES),
        *contents(house, _RULES),
        setting.context.fixed(),
        days.text() if len(days) else "",
    )
