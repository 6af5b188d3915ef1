"""An edition mapped and checked piece by piece: the same blocks and findings as in one, whatever the pieces and processes.

Letters are mapped in pieces. All else is mapped here, because letters lead to it: registers before, correspondences, types
and languages after them. Everything is checked in pieces, each with what it presumed of the others; at the end it is
known what all things are, and pieces that presumed wrongly (a link to nothing, a label of a letter elsewhere) are done again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from lod import mapping
from lod.cache import Cache, checksum
from lod.check import shapes
from lod.check.coverage import Tally, paths
from lod.check.nodes import Nodes, Types
from lod.check.surroundings import Pointer, Pointers, Questions
from lod.iris import Iris, owner
from lod.mapping.blocks import Block, Lines, Spooled, lines
from lod.mapping.context import Context
from lod.mapping.letter import label
from lod.model import Document, Letter
from lod.parallel import Crew
from lod.pieces.job import do_blocks, do_letters, inwards
from lod.pieces.kept import Kept
from lod.pieces.piece import Given, Piece, Portion, Setting, Work
from lod.readers import Corpus
from lod.release import dates
from lod.report import Finding
from lod.spool import Chunk, Section, Spool
from lod.terms import Iri, Triple

SAMPLE = 20
"""Letters from which it is learnt what things of each kind usually are."""
_LETTERS = "letters-"
"""How the names of pieces with letters begin."""
Replaced = Mapping[str, tuple[Iri, ...]]
LETTERS = 500
"""Letters in one piece, as near as the files they come from allow."""
TRIPLES = 25_000
"""Triples of registers and of what letters lead to, in one piece: about as many as 500 letters have."""
FEW = 3
"""Pieces that are done before another process would have begun."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What comes of all pieces: blocks in the order of the dump, findings in the order of the blocks."""

    blocks: Spooled
    terms: Sequence[Finding]
    shapes: Sequence[Finding]
    """In no order. A finding whose place only the whole edition tells has the place `piece.ELSEWHERE`."""
    tally: Tally
    letters: frozenset[str]
    """Paths of the letters that texts mention and that are there."""
    nodes: Sequence[Chunk[tuple[Iri, Types]]]
    """All that is described, by piece."""


def examine(
    corpus: Corpus,
    replaced: Replaced,
    house: Path,
    crew: Crew,
    spool: Spool,
    progress: Callable[[str], None],
    cache: Cache | None = None,
) -> Whole:
    """Map and check an edition in pieces. `replaced` gives the withdrawn IRIs that a thing took the place of, by its path."""
    return _Run(corpus, replaced, house, crew, spool, cache).whole(progress)


def _portions(chunks: Iterable[Chunk[Letter]]) -> Iterator[Portion]:
    """Chunks put together, so that a thousand files with a letter each do not make a thousand pieces.

    Where one ends depends, as far as it can, on the letters there and not on how many came before: a new letter changes
    its own piece, not the ends of all that follow.
    """
    some: list[Chunk[Letter]] = []
    held = 0
    for chunk in chunks:
        if some and (held + chunk.count > LETTERS or (held > LETTERS // 2 and _begins(chunk))):
            yield tuple(some)
            some, held = [], 0
        some.append(chunk)
        held += chunk.count
    if some:
        yield tuple(some)


def _begins(chunk: Chunk[Letter]) -> bool:
    """True for one in so many that of half a piece about one is left to chance."""
    return int(checksum(chunk.data())[:8], 16) % (LETTERS // 8 + 1) < chunk.count


def _some(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks some at a time, as many as have so many triples."""
    some: list[Block] = []
    held = 0
    for block in blocks:
        some.append(block)
        held += len(block[1])
        if held >= TRIPLES:
            yield some
            some, held = [], 0
    if some:
        yield some


class _Run:
    """One examination: what is known so far, and the pieces that are done."""

    def __init__(
        self, corpus: Corpus, replaced: Replaced, house: Path, crew: Crew, spool: Spool, cache: Cache | None
    ) -> None:
        self.edition, self.crew, self.spool = corpus.edition, crew, spool
        self.others, self.letters = corpus.records.others, corpus.records.letters
        self.iris = Iris(corpus.edition.base)
        self.days = dates.recorded(corpus.edition)
        self.nodes = Nodes()
        self.pointers = Pointers(Questions.of(shapes.load(house / "shapes")))
        self.context = self._prepared(corpus, replaced)
        self.registers = self._registers()
        self.used = self.context.forget()
        self.things = dict.fromkeys(paths(self.others), True)
        self.setting = Setting(spool.folder, house, self.context, self.days, self.things, self.nodes, self._kinds())
        self.kept = Kept(cache, self.setting)
        self.pieces: dict[str, Piece] = {}
        """By name, in the order of the dump."""

    def whole(self, progress: Callable[[str], None]) -> Whole:
        """All pieces, done and joined."""
        progress("map")
        portions = enumerate(_portions(self.letters.chunks))
        letters = [Work(f"{_LETTERS}{number}", self.kept.key(chunks), chunks) for number, chunks in portions]
        known = {work.name: self.kept.get(work.name, work.key, self.setting) for work in letters}
        self.pieces = self._with(known, self._do_letters([work for work in letters if known[work.name] is None]))
        for piece in self.pieces.values():
            for pointer in piece.pointers:
                self.pointers.add(pointer)
        progress("check")
        chunks = {**self.registers, **self._end()}
        blocks = [Given(name, self.kept.key((chunk,)), chunk) for name, chunk in chunks.items()]
        known = {work.name: self._kept_blocks(work) for work in blocks}
        self.pieces |= self._with(known, self._do_blocks([work for work in blocks if known[work.name] is None]))
        wrong = self._wrong(self._settle())
        self.pieces |= self._do_letters([work for work in letters if work.name in wrong])
        self.pieces |= self._do_blocks([work for work in blocks if work.name in wrong])
        self.kept.trim()
        return self._joined()

    @staticmethod
    def _with(known: Mapping[str, Piece | None], done: Mapping[str, Piece]) -> dict[str, Piece]:
        """What was known and what was done, in the order of the dump."""
        return {name: done[name] if piece is None else piece for name, piece in known.items()}

    # ------------------------------------------------------------------ mapped here
    def _prepared(self, corpus: Corpus, replaced: Replaced) -> Context:
        """What mapping must know; of letters only who speaks where in a printed edition."""
        speaking = self.letters if self.edition.printed else ()
        return mapping.prepare(self.edition, self.others, corpus.sources, replaced, speaking)

    def _registers(self) -> dict[str, Chunk[Lines]]:
        """Everything that has a record and is no letter."""
        blocks = self._written("registers", mapping.map_things(self.others, self.context))
        if self._learn_labels(self.context.used.wanted):
            self.context.forget()
            self.nodes, self.pointers = Nodes(), Pointers(self.pointers.questions)
            blocks = self._written("registers-again", mapping.map_things(self.others, self.context))
        return blocks

    def _end(self) -> dict[str, Chunk[Lines]]:
        """What all letters and registers led to."""
        for piece in self.pieces.values():
            self.context.used.join(piece.used)
        self.context.used.join(self.used)
        return self._written("end", mapping.map_end(self.context))

    def _written(self, name: str, blocks: Iterable[Block]) -> dict[str, Chunk[Lines]]:
        """Blocks as pieces to be checked; `nodes` and `pointers` learn what they say."""
        section: Section[Lines] = self.spool.section(name)
        chunks: dict[str, Chunk[Lines]] = {}
        for some in _some(dates.kept(blocks, self.edition, self.days)):
            for _, said in some:
                self.nodes.take(said)
                self.pointers.take(said, self.nodes)
            chunks[f"{name}-{len(chunks)}"] = section.append(map(lines, some))
        return chunks

    def _kinds(self) -> dict[str, Types]:
        """What things of each kind usually are, as far as the first letters and what they lead to show."""
        sample = list(islice(self.letters, SAMPLE))
        known = set(self.context.labels)
        blocks = [*mapping.map_letters(sample, self.context), *mapping.map_end(self.context)]
        self.context.forget()
        for path in self.context.labels.keys() - known:
            del self.context.labels[path]
        nodes = Nodes()
        for _, said in blocks:
            nodes.take(said)
        kinds: dict[str, Types] = {}
        for path, _ in blocks:
            kinds.setdefault(path.partition("/")[0], nodes.of(self.iris.of(path)) or ())
        return kinds

    def _learn_labels(self, wanted: Iterable[str]) -> bool:
        """Learn what letters are called that other records name; whether there was anything to learn."""
        missing = {path for path in wanted if path not in self.context.labels}
        if missing:
            for letter in self.letters:
                if letter.path in missing:
                    self.context.labels[letter.path] = label(letter, self.context)
        return bool(missing)

    # ------------------------------------------------------------------ done in pieces
    def _handed_out(self) -> Path:
        """The setting as it is now, in a file."""
        file = self.spool.folder / f"setting-{len(list(self.spool.folder.glob('setting-*')))}"
        Chunk.write(file, [self.setting])
        return file

    def _kept_blocks(self, work: Given) -> Piece | None:
        """What came of blocks the last time, when the same pointed into them."""
        piece = self.kept.get(work.name, work.key, self.setting)
        if piece is None or piece.pointed != inwards(piece.nodes.load(), self.pointers):
            return None
        return replace(piece, blocks=work.blocks)

    def _do_letters(self, letters: Sequence[Work]) -> dict[str, Piece]:
        if not letters:
            return {}
        job = partial(do_letters, self._handed_out(), self.kept.cache)
        return dict(zip((work.name for work in letters), self._crew_for(letters).each(job, letters), strict=True))

    def _do_blocks(self, blocks: Sequence[Given]) -> dict[str, Piece]:
        if not blocks:
            return {}
        self.setting = replace(self.setting, pointers=tuple(self.pointers))
        job = partial(do_blocks, self._handed_out(), self.kept.cache)
        return dict(zip((work.name for work in blocks), self._crew_for(blocks).each(job, blocks), strict=True))

    def _crew_for(self, works: Sequence[Work] | Sequence[Given]) -> Crew:
        """The crew, when there is enough to do."""
        return self.crew if len(works) > FEW else Crew(1)

    # ------------------------------------------------------------------ what is true
    def _settle(self) -> dict[Iri, str]:
        """Find out what everything is that a piece presumed something of; the pieces that letters' nodes belong to."""
        asked = {node for piece in self.pieces.values() for node in piece.presumed}
        asked |= {self.iris.of(target) for piece in self.pieces.values() for target, _ in piece.tally.foreign}
        asked |= {Iri(triple[2]) for triple, _ in self.pointers}
        settled, homes = {node: self.nodes.of(node) for node in asked}, dict[Iri, str]()
        if any(types is None for types in settled.values()):
            for name, piece in self.pieces.items():
                found = {node: types for node, types in piece.nodes.load() if node in asked}
                settled |= found
                homes |= dict.fromkeys(found, name)
        self.setting = replace(self.setting, settled=settled, pointers=tuple(self.pointers))
        return homes

    def _wrong(self, homes: Mapping[Iri, str]) -> set[str]:
        """The pieces that presumed wrongly, or were not told what a letter is called, or what points into them."""
        settled, pointed = self.setting.settled, defaultdict[str, set[Pointer]](set)
        self._learn_labels(owner(path) for piece in self.pieces.values() for path in piece.named)
        for pointer in self.pointers:
            node = Iri(pointer[0][2])
            if node in homes and self._concerns(pointer[0]):
                pointed[homes[node]].add(pointer)
        return {
            name
            for name, piece in self.pieces.items()
            if any(settled[node] != types for node, types in piece.presumed.items())
            or any(self.context.labels.get(path) != said for path, said in piece.named.items())
            or (name.startswith(_LETTERS) and piece.pointed != pointed[name])
        }

    def _concerns(self, triple: Triple) -> bool:
        return self.pointers.questions.concern(triple, self.setting.settled[Iri(triple[2])])

    def _joined(self) -> Whole:
        pieces, tally, told = self.pieces.values(), Tally(), self.setting.settled
        for piece in pieces:
            tally.join(piece.tally)
        for record in self.others:
            if isinstance(record, Document):
                tally.take(record, self.things)
        return Whole(
            Spooled(
                [piece.blocks for piece in pieces],
                sum(piece.triples for piece in pieces),
                sum(piece.things for piece in pieces),
                self.spool,
            ),
            [finding for piece in pieces for finding in piece.terms],
            [finding for piece in pieces for finding in piece.shapes],
            tally,
            frozenset(path for path, _ in tally.foreign if told.get(self.iris.of(path)) is not None),
            [piece.nodes for piece in pieces],
        )
