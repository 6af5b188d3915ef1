"""Results as bytes, in every format there is, up to a cap. Used by whatever evaluates a query."""

import io
import re
from collections.abc import Iterable
from typing import IO
from xml.parsers import expat

import pyoxigraph as ox

from lod.formats import (
    CSV_RESULTS,
    JSON_LD,
    JSON_RESULTS,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    SPREADSHEET,
    TRIG,
    TSV_RESULTS,
    TURTLE,
    XML_RESULTS,
)
from lod.store.answers import NotAcceptable

TABLES = {
    JSON_RESULTS.media_type: ox.QueryResultsFormat.JSON,
    XML_RESULTS.media_type: ox.QueryResultsFormat.XML,
    CSV_RESULTS.media_type: ox.QueryResultsFormat.CSV,
    TSV_RESULTS.media_type: ox.QueryResultsFormat.TSV,
    SPREADSHEET.media_type: ox.QueryResultsFormat.CSV,
}
GRAPHS = {
    TURTLE.media_type: ox.RdfFormat.TURTLE,
    N_TRIPLES.media_type: ox.RdfFormat.N_TRIPLES,
    JSON_LD.media_type: ox.RdfFormat.JSON_LD,
    RDF_XML.media_type: ox.RdfFormat.RDF_XML,
    TRIG.media_type: ox.RdfFormat.TRIG,
    N_QUADS.media_type: ox.RdfFormat.N_QUADS,
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would calculate."""

_XML = frozenset({XML_RESULTS.media_type, RDF_XML.media_type})
_NOT_YET = "does not support"
"""What a writer says that has no form for what SPARQL 1.2 can make."""
_CELL = re.compile(r'"((?:[^"]|"")*)"|([^",\r\n]+)')

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Full(Exception):
    """The output cap is reached."""


class Unwritable(Exception):
    """These results have no form in the format that was chosen."""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type
        super().__init__(
            f"{media_type} has no way to write this result: a character, a property's name or a term in it."
        )


class Output(io.RawIOBase):
    """A file in memory that stops at its cap of bytes."""

    def __init__(self, cap: int) -> None:
        self._left = cap
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        """Take a piece; `Full` when it is one too many."""
        self._left -= len(piece)
        if self._left < 0:
            raise Full
        self.pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        """All that was written, which is then forgotten."""
        whole = b"".join(self.pieces)
        self.pieces.clear()
        self._left += len(whole)
        return whole


def table_format(accept: Iterable[str]) -> str | NotAcceptable:
    """The first media type that can hold a table or a truth value."""
    return _first(accept, TABLES, "A SELECT or ASK gives a table or a truth value")


def graph_format(accept: Iterable[str]) -> str | NotAcceptable:
    """The first media type that can hold a graph."""
    return _first(accept, GRAPHS, "A CONSTRUCT or DESCRIBE gives RDF")


def _first(accept: Iterable[str], offered: Iterable[str], what: str) -> str | NotAcceptable:
    known = tuple(offered)
    found = next((media_type for media_type in accept if media_type in known), None)
    shown = tuple(media_type for media_type in known if media_type != SPREADSHEET.media_type)
    return found or NotAcceptable(f"{what}: {', '.join(shown)}.", shown)


def suitable(results: Results, accept: Iterable[str]) -> str | NotAcceptable:
    """The first media type that can hold these results."""
    return graph_format(accept) if isinstance(results, ox.QueryTriples) else table_format(accept)


def write(results: Results, media_type: str, output: Output) -> None:
    """Serialise into `output`. `Full` when there is more than it takes, `Unwritable` when the format cannot say it."""
    target: IO[bytes] = output  # type: ignore[assignment]
    try:
        if isinstance(results, ox.QueryTriples):
            results.serialize(target, format=GRAPHS[media_type])
        else:
            results.serialize(target, format=TABLES[media_type])
    except (OSError, ValueError) as error:
        if _NOT_YET in str(error):
            raise Unwritable(media_type) from None
        raise
    if media_type in _XML:
        _read_again(output, media_type)
    if media_type == SPREADSHEET.media_type:
        faithful = output.take().decode()
        output.write(_harmless(faithful).encode())


def _read_again(output: Output, media_type: str) -> None:
    """The writer does not look: control characters, and properties whose names XML cannot spell, come out ill-formed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        for piece in output.pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Unwritable(media_type) from None


def without(media_type: str) -> tuple[str, ...]:
    """The media types that hold the same kind of result, but for one."""
    kind = TABLES if media_type in TABLES else GRAPHS
    return tuple(known for known in kind if known not in (media_type, SPREADSHEET.media_type))


def _harmless(table: str) -> str:
    """CSV with an apostrophe before every cell that a spreadsheet would take for a formula."""
    return _CELL.sub(_guarded, table)


def _guarded(cell: re.Match[str]) -> str:
    quoted, plain = cell[1], cell[2]
    if quoted is not None:
        return f'"\'{quoted}"' if quoted.startswith(FORMULA) else cell[0]
    return f"'{plain}" if plain.startswith(FORMULA) else plain
