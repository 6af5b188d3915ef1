"""The shapes run by a fast engine (`shacl`, Rust); pyshacl is the referee that it is tested against.

A large data set is checked in chunks of owners: each chunk with what is needed to know the things it points to.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import shacl
from rdflib import SH, Graph

from lod.check.ontology import compact
from lod.check.surroundings import Surroundings
from lod.check.where import Whereabouts
from lod.errors import VocabularyError
from lod.report import Finding, Level
from lod.terms import Iri, Triple, n_triples

_LEVELS = {"Violation": Level.ERROR, "Warning": Level.WARNING, "Info": Level.NOTE}
_IRI = re.compile(r"<[^<>]*>")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Engine:
    """Compiled shapes."""

    shapes: "shacl.Shapes"

    @classmethod
    def of(cls, shapes: Graph) -> "Engine":
        """Compile the shapes. `VocabularyError` when they cannot be used.

        A property shape without a path is refused here, because the engine would take it for a node shape.
        """
        for shape in shapes.objects(None, SH.property):
            if len(list(shapes.objects(shape, SH.path))) != 1:
                message = shapes.value(shape, SH.message) or shape
                raise VocabularyError(f"the shapes cannot be used: a property shape needs one sh:path: {message}")
        try:
            return cls(shacl.Shapes.from_text(shapes.serialize(format="turtle")))
        except Exception as error:
            raise VocabularyError(f"the shapes cannot be used: {error}") from error

    def check(self, triples: Iterable[Triple], where: Whereabouts) -> list[Finding]:
        """A finding for each result, in the order of the source files."""
        return sort(self.findings("".join(map(n_triples, triples)), where))

    def findings(self, data: str, where: Whereabouts, only: frozenset[str] | None = None) -> Iterator[Finding]:
        """The results over N-Triples; of the focus nodes `only`, if given (in angle brackets)."""
        try:
            report = self.shapes.validate_text(data, format="ntriples")
        except Exception as error:
            raise VocabularyError(f"the data cannot be checked: {error}") from error
        for result in report.results:
            if only is None or result.focus_node in only:
                yield _finding(result, where)


def sort(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the source files."""
    return sorted(findings, key=lambda each: (each.source, each.key, each.code, each.message, each.hint))


def _finding(result: "shacl.Result", where: Whereabouts) -> Finding:
    focus = Iri(result.focus_node)
    component = str(result.component).removesuffix("ConstraintComponent")
    value = result.value or ""
    told = (_path(result.path or ""), _value(value, where) if value and value != focus else "")
    return Finding(
        level=_LEVELS.get(result.severity, Level.ERROR),
        code="shape-" + _HUMP.sub("-", component).lower(),
        message=result.message or "does not conform",
        source=where.source(focus),
        key=where.path(focus),
        hint=" ".join(filter(None, told)),
    )


def _path(path: str) -> str:
    """A path as people write it: `crm:P14_carried_out_by`, `^lrmoo:R17_created`."""
    plain = _IRI.sub(lambda match: compact(Iri(match[0])), path)
    return plain.replace("(", "").replace(")", "").replace(" ", "")


def _value(value: str, where: Whereabouts) -> str:
    if value[0] != "<":
        return value
    short = compact(Iri(value))
    return short if short != value else where.path(Iri(value))


def check_chunks(
    blocks: Iterable[Sequence[Triple]], engine: Engine, around: Surroundings, where: Whereabouts, size: int = 50_000
) -> Iterator[Finding]:
    """The findings of all blocks, a piece of about `size` triples at a time.

    Things that only ask whether anything points to them come apart from what points to them: the engine compares every
    pointer with every other, and one says as much as ten thousand.
    """
    asking = around.questions.askers_of_one
    pieces: tuple[list[Triple], list[Triple]] = ([], [])
    for block in blocks:
        types = around.nodes.of(block[0][0]) if block else None
        piece = pieces[1] if types and not asking.isdisjoint(types) else pieces[0]
        piece += dict.fromkeys(block)
        if len(piece) >= size:
            yield from check_piece(piece, engine, around, where)
            piece.clear()
    for piece in pieces:
        if piece:
            yield from check_piece(piece, engine, around, where)


def check_piece(piece: Sequence[Triple], engine: Engine, around: Surroundings, where: Whereabouts) -> Iterator[Finding]:
    """The findings of one piece of the data."""
    focus, triples = around.of(piece)
    yield from engine.findings("".join(map(n_triples, triples)), where, focus)
