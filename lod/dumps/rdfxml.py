"""RDF/XML, written by pyoxigraph: deterministic for a given order, and subjects stay together as they come.

Some owners at a time are written as a file of their own, of which only what stands inside is kept: a whole file is never held.
"""

import io
from collections.abc import Iterable, Iterator
from itertools import islice

import pyoxigraph as ox

from lod.errors import FormatError
from lod.formats import fits_xml, xml_words
from lod.terms import Triple, n_triples
from lod.vocab import PREFIXES

_AT_ONCE = 200
_END = "</rdf:RDF>"


def write(blocks: Iterable[Iterable[Triple]], base: str) -> Iterator[str]:  # noqa: ARG001 (IRIs are written whole)
    """A whole file, in pieces of some owners."""
    begun, waiting = False, iter(blocks)
    while some := list(islice(waiting, _AT_ONCE)):
        head, inside = _cut(_whole(some))
        yield inside if begun else head + inside
        begun = True
    yield f"\n{_END}\n" if begun else _whole([]) + "\n"


def _whole(blocks: Iterable[Iterable[Triple]]) -> str:
    lines = io.BytesIO("".join(n_triples(t) for triples in blocks for t in dict.fromkeys(triples)).encode())
    graph = (quad.triple for quad in ox.parse(input=lines, format=ox.RdfFormat.N_TRIPLES))
    return serialised(graph).decode()


def serialised(graph: Iterable[ox.Triple], *, faithful: bool = True) -> bytes:
    """A file with these triples. `FormatError` when a literal holds a character that XML does not have.

    Not `faithful`: with U+FFFD in the place of such characters.
    """
    written = ox.serialize(graph, format=ox.RdfFormat.RDF_XML, prefixes=dict(PREFIXES)) or b""
    if not fits_xml(written):  # pyoxigraph does not look
        if not faithful:
            return xml_words(written.decode()).encode()
        raise FormatError("RDF/XML cannot be written: the text holds control characters, which XML has no form for")
    return written


def _cut(text: str) -> tuple[str, str]:
    """A file as its head, up to the end of the tag of the root, and what stands inside the root."""
    end = text.index(">", text.index("<rdf:RDF")) + 1
    return text[:end], text[end:].rstrip().removesuffix(_END).rstrip()
