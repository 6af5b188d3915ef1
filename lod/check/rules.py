"""What a piece of the data is held against: the profile and the shapes, read and compiled once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lod.check import engine, ontology, shapes
from lod.check.surroundings import Questions, Surroundings
from lod.check.terms import check_terms
from lod.check.where import Whereabouts
from lod.report import Finding
from lod.terms import Triple

_AT_A_TIME = 2_500
"""Triples that the shapes are run over together: the engine's memory grows with what it is given, its time more than that."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The profile of terms, the shapes for the engine, and what shapes ask of the surroundings."""

    ontology: ontology.Ontology
    engine: engine.Engine
    questions: Questions

    @classmethod
    def load(cls, house: Path) -> "Rules":
        """From `house/ontology` and `house/shapes`. `VocabularyError` when they cannot be used."""
        graph = shapes.load(house / "shapes")
        return cls(ontology.load(house / "ontology"), engine.Engine.of(graph), Questions.of(graph))

    def terms(self, piece: Sequence[Triple], around: Surroundings, where: Whereabouts, base: str) -> Iterator[Finding]:
        """What the term check finds in a piece of the data."""
        yield from check_terms(piece, self.ontology, where, base, around.nodes)

    def shapes(self, blocks: Sequence[Sequence[Triple]], around: Surroundings, where: Whereabouts) -> Iterator[Finding]:
        """What the shapes find in the blocks of a piece, in no order. `around` knows what other pieces hold."""
        near = Surroundings(self.questions, around.nodes)
        for pointer in around.pointers:
            near.pointers.add(pointer)
        for block in blocks:
            near.pointers.take(block, near.nodes)
        yield from engine.check_chunks(blocks, self.engine, near, where, _AT_A_TIME)
