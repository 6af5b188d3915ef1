"""A piece of an edition, and what goes with it from process to process and from build to build."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lod.check.coverage import Tally
from lod.check.nodes import Nodes, Types
from lod.check.surroundings import Pointer
from lod.mapping.blocks import Lines
from lod.mapping.context import Context, Used
from lod.model import Letter
from lod.release.change import Table
from lod.report import Finding, Source
from lod.spool import Chunk
from lod.terms import Iri

Portion = tuple[Chunk[Letter], ...]
"""The letters of one piece."""

ELSEWHERE = Source("")
"""The place of a finding that the piece cannot tell: about a thing that no letter of it is."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every piece needs to know of the edition: as large as its registers, not as its letters."""

    folder: Path
    """Where pieces write."""
    house: Path
    context: Context
    days: Table
    things: Mapping[str, bool]
    """Paths of all records but letters, and of their parts."""
    nodes: Nodes
    """What is known for certain: the things of the registers."""
    kinds: dict[str, Types]
    """What a thing of a kind (`letter`, `correspondence`, `type` …) is presumed to be."""
    settled: dict[Iri, Types | None] = field(default_factory=dict)
    """What was presumed before, and is known now."""
    pointers: tuple[Pointer, ...] = ()
    """What points from one piece into another."""


@dataclass(frozen=True, slots=True)
class Work:
    """A piece to be done: its name, what the cache knows it by, and its letters."""

    name: str
    key: str
    letters: Portion


@dataclass(frozen=True, slots=True)
class Given:
    """The same of blocks that are mapped already."""

    name: str
    key: str
    blocks: Chunk[Lines]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a piece asked of the setting, and was told."""

    context: dict[str, dict[str, Any]]
    """By the context's fields."""
    things: dict[str, bool | None]
    nodes: dict[Iri, Types]

    def still(self, setting: Setting) -> bool:
        """Whether it would be told the same; what a node is that is not known any more, is not known yet."""
        known = {name: getattr(setting.context, name) for name in self.context}
        return (
            all(known[name].get(path) == said for name, asked in self.context.items() for path, said in asked.items())
            and all(setting.things.get(path) == said for path, said in self.things.items())
            and all(setting.nodes.of(node) in (None, types) for node, types in self.nodes.items())
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """What comes of a piece."""

    blocks: Chunk[Lines]
    nodes: Chunk[tuple[Iri, Types]]
    """All that it describes."""
    triples: int
    things: int
    used: Used
    terms: tuple[Finding, ...]
    shapes: tuple[Finding, ...]
    pointers: tuple[Pointer, ...]
    """What points out of it and may be asked for backwards."""
    pointed: frozenset[Pointer]
    """What pointed into it and was asked for backwards."""
    named: dict[str, str | None]
    """What letters elsewhere are called, None where that was not known."""
    presumed: dict[Iri, Types | None]
    tally: Tally
