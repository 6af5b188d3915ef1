"""What is done with one piece of an edition, in a process of its own: map some letters, check them, write them down.

A piece does not know the others. Where it points to a thing of another piece, it presumes what that thing is and says so;
`whole` compares what was presumed with what is true, and has those pieces done again that presumed wrongly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from lod import mapping
from lod.cache import Cache
from lod.check.coverage import Tally
from lod.check.nodes import Nodes, Types
from lod.check.rules import Rules
from lod.check.surroundings import Pointer, Pointers, Surroundings
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.mapping.blocks import Lines, is_of_thing, lines
from lod.mapping.context import Used
from lod.mapping.letter import label
from lod.mapping.watched import Watched
from lod.pieces.kept import keep
from lod.pieces.piece import ELSEWHERE, Asked, Given, Piece, Setting, Work
from lod.release import dates
from lod.report import Source
from lod.spool import Chunk
from lod.terms import Iri, Triple, triples


class Presumption:
    """Answers what a node elsewhere is, and remembers what it only presumed."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._own = f"<{setting.context.edition.base}"
        self.known: dict[Iri, Types] = {}
        self.made: dict[Iri, Types | None] = {}

    def of(self, node: Iri) -> Types | None:
        """The classes of a node; None when it is nobody's or not described."""
        if not node.startswith(self._own):
            return None
        known = self._setting.nodes.of(node)
        if known is not None:
            self.known[node] = known
            return known
        if node not in self.made:
            kind, _, key = node[len(self._own) : -1].partition("/")
            usual = self._setting.kinds.get(kind) if "/" not in key else None
            self.made[node] = self._setting.settled.get(node, usual)
        return self.made[node]


def do_letters(file: Path, cache: Cache | None, work: Work) -> Piece:
    """Map and check some letters. `file` holds the setting."""
    setting, rules = _setting(file)
    letters = [letter for chunk in work.letters for letter in chunk.load()]
    context, asked = setting.context.watched()
    things, tally = Watched(setting.things), Tally()
    for letter in letters:
        context.labels[letter.path] = label(letter, context)
        tally.take(letter, things)
    mapped = dates.kept(mapping.map_letters(letters, context), context.edition, setting.days)
    blocks = [(path, list(dict.fromkeys(said))) for path, said in mapped]
    written = Chunk.write(setting.folder / f"blocks-{work.name}", map(lines, blocks))
    told = {letter.path: letter.source for letter in letters}
    said = [block for _, block in blocks]
    piece, known = _checked(work.name, setting, rules, said, written, told)
    fields = {name: watched.asked for name, watched in asked.items()}
    named = {path: fields["labels"].pop(path) for path in list(fields["labels"]) if path.startswith("letter/")}
    piece = replace(piece, used=context.forget(), tally=tally, named=named)
    if cache and work.key:
        keep(cache, work.key, piece, Asked(fields, things.asked, known))
    return piece


def do_blocks(file: Path, cache: Cache | None, work: Given) -> Piece:
    """Check blocks that are mapped already."""
    setting, rules = _setting(file)
    said = [triples(block) for _, block in work.blocks.load()]
    piece, known = _checked(work.name, setting, rules, said, work.blocks, {})
    if cache and work.key:
        keep(cache, work.key, piece, Asked({}, {}, known))
    return piece


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
    blocks: Sequence[Sequence[Triple]],
    written: Chunk[Lines],
    told: dict[str, Source],
) -> tuple[Piece, dict[Iri, Types]]:
    """What comes of triples, and what was known for certain of nodes elsewhere."""
    base, said = setting.context.edition.base, [triple for block in blocks for triple in block]
    presumption = Presumption(setting)
    around = Surroundings(rules.questions, Nodes(presumption.of))
    around.nodes.take(said)
    for pointer in setting.pointers:
        around.pointers.add(pointer)
    where = Whereabouts(told, Iris(base), (), ELSEWHERE)
    piece = Piece(
        written,
        Chunk.write(setting.folder / f"nodes-{name}", around.nodes),
        len(said),
        sum(is_of_thing(where.path(block[0][0])) for block in blocks),
        Used(),
        tuple(rules.terms(said, around, where, base)),
        tuple(rules.shapes(blocks, around, where)),
        tuple(_outwards(said, around, rules)),
        inwards(around.nodes, around.pointers),
        {},
        presumption.made,
        Tally(),
    )
    return piece, presumption.known


def inwards(nodes: Iterable[tuple[Iri, Types]], pointers: Pointers) -> frozenset[Pointer]:
    """What points to these nodes and is asked for backwards."""
    concern = pointers.questions.concern
    return frozenset(pointer for node, types in nodes for pointer in pointers.to(node) if concern(pointer[0], types))


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
