"""What the main path asks for of a large edition: the blocks, and all findings where they belong."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain

from lod import check
from lod.cache import Cache
from lod.check import coverage, engine, ontology, published
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.mapping.blocks import Spooled
from lod.parallel import Crew
from lod.pieces import whole
from lod.pieces.piece import ELSEWHERE
from lod.readers import Corpus
from lod.report import Finding, Report, Source
from lod.spool import Spool
from lod.terms import Iri

LARGE = 2_000
"""Editions with more letters than these are mapped and checked in pieces; for smaller ones starting processes costs more."""


def examine_pieces(
    corpus: Corpus,
    replaced: Mapping[str, tuple[Iri, ...]],
    report: Report,
    crew: Crew,
    progress: Callable[[str], None],
    cache: Cache | None = None,
) -> Spooled:
    """Map and check an edition in pieces. Blocks and findings are those of an edition done at once."""
    spool, edition = Spool(), corpus.edition
    found = whole.examine(corpus, replaced, check.HOUSE, crew, spool, progress, cache)
    said = chain.from_iterable(triples for _, triples in found.blocks)
    where = Whereabouts(corpus.told, Iris(edition.base), said, Source("edition.toml"))
    report.extend(_placed(found.terms, where, Iris(edition.base)))
    report.extend(check.check_written(edition, ontology.load(check.HOUSE / "ontology")))
    report.extend(engine.sort(_placed(found.shapes, where, Iris(edition.base))))
    subjects = (node for chunk in found.nodes for node, _ in chunk.load())
    published.check_published(subjects, edition, report)
    coverage.tell(corpus.records.others, found.tally, found.letters, report)
    return found.blocks


def _placed(findings: Iterable[Finding], where: Whereabouts, iris: Iris) -> Iterable[Finding]:
    """The findings, each with the place that only the whole edition tells."""
    for finding in findings:
        away = finding.source == ELSEWHERE
        yield replace(finding, source=where.source(iris.node(finding.key))) if away else finding
