"""What is done with one piece of an edition, in a process of its own: map some letters, check them, write them down.

A piece does not know the others. Where it points to a thing of another piece, it presumes what that thing is and says so;
`whole` compares what was presumed with what is true, and has those pieces done again that presumed wrongly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from lod import mapping
from lod.check.coverage import Tally
from lod.check.nodes import Nodes, Types
from lod.check.rules import Rules
from lod.check.surroundings import Pointer, Pointers, Surroundings
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.mapping.blocks import Lines, lines
from lod.mapping.context import Context, Used
from lod.model import Letter
from lod.release import dates
from lod.release.change import Table
from lod.report import Finding, Source
from lod.spool import Chunk
from lod.terms import Iri, Triple, triples

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
    things: frozenset[str]
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
class Piece:
    """What comes of a piece."""

    blocks: Chunk[Lines]
    nodes: Chunk[tuple[Iri, Types]]
    """All that it describes."""
    triples: int
    used: Used
    terms: tuple[Finding, ...]
    shapes: tuple[Finding, ...]
    pointers: tuple[Pointer, ...]
    """What points out of it and may be asked for backwards."""
    presumed: dict[Iri, Types | None]
    tally: Tally


class Presumption:
    """Answers what a node elsewhere is, and remembers what it only presumed."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._own = f"<{setting.context.edition.base}"
        self.made: dict[Iri, Types | None] = {}

    def of(self, node: Iri) -> Types | None:
        """The classes of a node; None when it is nobody's or not described."""
        if not node.startswith(self._own):
            return None
        known = self._setting.nodes.of(node)
        if known is None and node not in self.made:
            kind, _, key = node[len(self._own) : -1].partition("/")
            usual = self._setting.kinds.get(kind) if "/" not in key else None
            self.made[node] = self._setting.settled.get(node, usual)
        return self.made[node] if known is None else known


def do_letters(file: Path, work: tuple[str, Portion]) -> Piece:
    """Map and check some letters. `file` holds the setting; the first of `work` is the piece's name."""
    name, chunks = work
    setting, rules = _setting(file)
    letters = [letter for chunk in chunks for letter in chunk.load()]
    context, tally = setting.context, Tally()
    known = set(context.labels)
    mapped = dates.kept(mapping.map_letters(letters, context), context.edition, setting.days)
    blocks = [(path, list(dict.fromkeys(said))) for path, said in mapped]
    for letter in letters:
        tally.take(letter, setting.things)
    for path in context.labels.keys() - known:
        del context.labels[path]
    written = Chunk.write(setting.folder / f"blocks-{name}", map(lines, blocks))
    told = {letter.path: letter.source for letter in letters}
    said = [triple for _, block in blocks for triple in block]
    return _checked(name, setting, rules, said, written, told, context.forget(), tally)


def do_blocks(file: Path, work: tuple[str, Chunk[Lines]]) -> Piece:
    """Check blocks that are mapped already."""
    name, chunk = work
    setting, rules = _setting(file)
    said = [triple for _, block in chunk.load() for triple in triples(block)]
    return _checked(name, setting, rules, said, chunk, {}, Used(), Tally())


@lru_cache(maxsize=1)
def _setting(file: Path) -> tuple[Setting, Rules]:
    setting: Setting = Chunk(file, 0, file.stat().st_size, 1).load()[0]
    return setting, _rules(setting.house)


@lru_cache(maxsize=1)
def _rules(house: Path) -> Rules:
    return Rules.load(house)


def _checked(
    name: str,
    setting: Setting,
    rules: Rules,
    said: Sequence[Triple],
    written: Chunk[Lines],
    told: dict[str, Source],
    used: Used,
    tally: Tally,
) -> Piece:
    base = setting.context.edition.base
    presumption = Presumption(setting)
    around = Surroundings(rules.questions, Nodes(presumption.of))
    around.nodes.take(said)
    for pointer in setting.pointers:
        around.pointers.add(pointer)
    where = Whereabouts(told, Iris(base), (), ELSEWHERE)
    return Piece(
        written,
        Chunk.write(setting.folder / f"nodes-{name}", around.nodes),
        len(said),
        used,
        tuple(rules.terms(said, around, where, base)),
        tuple(rules.shapes(said, around, where)),
        tuple(_outwards(said, around, rules)),
        presumption.made,
        tally,
    )


def _outwards(said: Sequence[Triple], around: Surroundings, rules: Rules) -> Iterable[Pointer]:
    """What points to nodes of other pieces and may matter there."""
    questions, own = rules.questions, around.nodes.own
    out = Pointers(questions)
    out.take(
        (
            triple
            for triple in said
            if (triple[1] in questions.asked or triple[1] in questions.targets)
            and triple[2] not in own
            and questions.concern(triple, around.nodes.of(Iri(triple[2])))
        ),
        around.nodes,
    )
    return out
