"""The main path, top to bottom: settings → records → triples → findings → dump."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from lod import check, config, dumps, mapping, readers, withdrawn
from lod.cache import Cache
from lod.check import published
from lod.check.coverage import check_coverage
from lod.formats import TURTLE
from lod.iris import Iris
from lod.mapping import Block
from lod.mapping.blocks import Spooled, count, things
from lod.model import Document, Letter, Record
from lod.parallel import Crew, processors
from lod.pieces.examination import LARGE, examine_pieces
from lod.readers import Corpus
from lod.readers.remembered import write_ids
from lod.release import Material, dates, graphs
from lod.report import FILE as REPORT
from lod.report import Report
from lod.terms import Iri

Progress = Callable[[str], None]
"""Told the name of each step as it begins."""


def _silent(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Built:
    """An edition after its way through the house: records, blocks of triples, findings."""

    corpus: Corpus
    blocks: Collection[Block]
    """In memory or, of a large edition, on disk: to be gone through as often as wanted."""
    report: Report

    @property
    def triples(self) -> int:
        """How many different triples the dump holds."""
        return count(self.blocks)

    @property
    def things(self) -> int:
        """How many things it tells of."""
        return things(self.blocks)


def examine(folder: Path, progress: Progress = _silent, cache: Cache | None = None, today: str = "") -> Built:
    """Read, map and check an edition. Bad data is in the report; `ConfigError` when `edition.toml` cannot be used.

    `cache`: where what was read of each file is kept for the next time. `today` (`YYYY-MM-DD`): dates after it are findings.
    """
    with Crew(processors()) as crew:
        return _examine(folder, crew, progress, cache, today)


def _examine(folder: Path, crew: Crew, progress: Progress, cache: Cache | None, today: str) -> Built:
    report = Report()
    edition = config.load(folder)
    progress("read")
    corpus = readers.read(edition, report, crew=crew, cache=cache, today=today)
    gone = withdrawn.read(edition.folder, edition.base)
    replaced = withdrawn.replaced(gone.values(), Iris(edition.base))
    if len(corpus.records.letters) > LARGE and check.usable():
        return Built(corpus, examine_pieces(corpus, replaced, report, crew, progress, cache), report)
    progress("map")
    mapped = mapping.map_edition(edition, corpus.records, corpus.sources, replaced)
    blocks = tuple(dates.kept(mapped, edition))
    progress("check")
    check.check(blocks, edition, corpus.told, report, progress=progress)
    published.check_published(_subjects(blocks), edition, report)
    check_coverage(corpus.records, report)
    return Built(corpus, blocks, report)


def build(
    folder: Path,
    out: Path,
    formats: tuple[str, ...] = (TURTLE.name,),
    progress: Progress = _silent,
    cache: Cache | None = None,
    today: str = "",
) -> Built:
    """Examine an edition and write its dumps to `out/{edition.id}/{edition.id}.{format}`.

    What is wrong is left out and told; what is right comes through. The caller decides what errors mean.
    """
    with Crew(processors()) as crew:
        built = _examine(folder, crew, progress, cache, today)
        write_ids(built.corpus.keys.made(), built.corpus.edition.folder)
        progress("dump")
        edition = built.corpus.edition
        for form in formats:
            dumps.write_blocks(built.blocks, edition.base, dump_file(out, edition.id, form), form, crew, cache)
        graphs.write(material(built), out / edition.id / graphs.FOLDER)
        with (out / edition.id / REPORT).open("w", encoding="utf-8") as stream:
            stream.writelines(chain(built.report.json_pieces(), "\n"))
        if TURTLE.name in formats:
            progress("index")
            from lod.web.prepared import prepare  # 40 MB that reading, mapping and checking do without

            pieces = built.blocks.chunks if isinstance(built.blocks, Spooled) else ()
            prepare(dump_file(out, edition.id), edition.base, crew, pieces, takes_over=cache is not None)
    return built


def material(built: Built) -> Material:
    """What a release is made of."""
    edition = built.corpus.edition
    gone = withdrawn.read(edition.folder, edition.base)
    return Material(edition, built.blocks, built.report, gone, check.HOUSE, lambda: _times(built.corpus.records))


def _times(records: Iterable[Record]) -> dict[tuple[str, str], int]:
    """How often each text names what it mentions, where a reader counted."""
    times: Counter[tuple[str, str]] = Counter()
    for record in records:
        if isinstance(record, Letter | Document):
            for link in record.mentions:
                if link.times and link.claim.standing.holds:
                    times[record.path, link.target] += link.times
    return dict(times)


def last_change(built: Built) -> str:
    """The last day on which a source changed, by its own words: the date of a release when none is given."""
    days = [source.modified for source in built.corpus.sources if source.modified]
    return max(days, default="")


def approve(built: Built) -> int:
    """Add every IRI of a build to the edition's list of published ones; how many were new."""
    return published.approve(_subjects(built.blocks), built.corpus.edition)


def _subjects(blocks: Collection[Block]) -> set[Iri]:
    return {triple[0] for _, triples in blocks for triple in triples}


def dump_file(out: Path, identifier: str, form: str = TURTLE.name) -> Path:
    """Where the dump of an edition lies."""
    return out / identifier / f"{identifier}.{form}"
