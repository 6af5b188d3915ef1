"""Dumps of an edition whose blocks lie on disk: each chunk is made text in any process, one writes them in their order.

Line-based and block-based formats only. The bytes are those that `DUMPS` gives. Text that takes long to make is kept from
build to build: after a change it is made of those chunks that changed.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import brotli

from lod.cache import Cache, checksum, code
from lod.dumps import turtle
from lod.formats import N_TRIPLES, TURTLE
from lod.mapping.blocks import Lines, Spooled
from lod.parallel import Crew
from lod.spool import QUALITY, Chunk
from lod.terms import triples

FORMS = (TURTLE.name, N_TRIPLES.name)
_CODE = ("dumps/turtle.py", "dumps/spooled.py", "terms.py", "vocab.py")
_FEW = 3
"""Chunks whose text is made before another process would have begun."""


def write(blocks: Spooled, base: str, file: Path, form: str, crew: Crew, cache: Cache | None = None) -> None:
    """Write a dump in one of `FORMS`. The file appears whole or not at all. `cache`: where text is kept for the next time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".part")
    with beside.open("wb") as out:
        if form == TURTLE.name:
            out.write(turtle.head(base).encode())
            out.writelines(map(brotli.decompress, _turtle(blocks.chunks, base, crew, cache)))
        else:
            out.writelines("".join(text for _, text in chunk.load()).encode() for chunk in blocks.chunks)
    beside.replace(file)


def _turtle(chunks: Sequence[Chunk[Lines]], base: str, crew: Crew, cache: Cache | None) -> Iterator[bytes]:
    """The Turtle of each chunk, packed."""
    works = [(chunk, _key(chunk, base) if cache else "") for chunk in chunks]
    missing = [(chunk, key) for chunk, key in works if not cache or key not in cache]
    made = (crew if len(missing) > _FEW else Crew(1)).each(partial(_made, base, cache), missing)
    new = {key for _, key in missing}
    if cache and missing:
        cache.trim()
    for chunk, key in works:
        if key in new:
            yield next(made)
        else:
            entry = cache.get(key) if cache else None
            yield _made(base, cache, (chunk, key)) if entry is None else entry[1]


def _made(base: str, cache: Cache | None, work: tuple[Chunk[Lines], str]) -> bytes:
    """The text of a chunk, packed."""
    chunk, key = work
    compact = turtle.Compact(base)
    text = "".join("\n" + turtle.block(triples(block), compact) for _, block in chunk.load())
    packed: bytes = brotli.compress(text.encode(), quality=QUALITY)
    if cache:
        cache.put(key, None, packed)
    return packed


def _key(chunk: Chunk[Lines], base: str) -> str:
    return checksum(TURTLE.name, code(_CODE, ("brotli",)), base, chunk.data())
