"""Dumps of an edition whose blocks lie on disk: each chunk is made text in a process of its own, the files are put together.

Line-based and block-based formats only. The bytes are those that `DUMPS` gives.
"""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lod.dumps import turtle
from lod.formats import N_TRIPLES, TURTLE
from lod.mapping.blocks import Lines, Spooled
from lod.parallel import Crew
from lod.spool import Chunk
from lod.terms import triples


def _turtle(lines: list[Lines], base: str) -> str:
    compact = turtle.Compact(base)
    return "".join("\n" + turtle.block(triples(text), compact) for _, text in lines)


def _n_triples(lines: list[Lines], base: str) -> str:  # noqa: ARG001 (N-Triples needs no base)
    return "".join(text for _, text in lines)


Form = tuple[Callable[[str], str], Callable[[list[Lines], str], str]]
"""What stands at the head of a file, and the text of some blocks."""

FORMS: dict[str, Form] = {
    TURTLE.name: (turtle.head, _turtle),
    N_TRIPLES.name: (lambda _: "", _n_triples),
}


def write(blocks: Spooled, base: str, file: Path, form: str, crew: Crew) -> None:
    """Write a dump in one of `FORMS`. The file appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".part")
    with beside.open("wb") as out:
        out.write(FORMS[form][0](base).encode())
        for part in crew.each(partial(_write, form, base), blocks.chunks):
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, out, 1 << 20)
            part.unlink()
    beside.replace(file)


def _write(form: str, base: str, chunk: Chunk[Lines]) -> Path:
    """The text of a chunk, in a file beside it."""
    part = chunk.file.with_name(f"{chunk.file.name}-{chunk.offset}.{form}")
    part.write_text(FORMS[form][1](chunk.load(), base), encoding="utf-8", newline="\n")
    return part
