"""Sources in, records out. A new format is one module and one line in `READERS`.

Registers are read first, then `resolve` settles what mirrors each other; letters follow one by one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lod.config import EDITORS, Edition, SourceFile
from lod.model import Letter, Name, Organisation, Record, Relation, SourceDescription
from lod.readers import cmif, registers, tei
from lod.readers.describe import describe
from lod.readers.index import Index
from lod.readers.keys import Keys
from lod.readers.resolve import resolve
from lod.readers.xml import Element
from lod.report import Report, Source

Reader = Callable[[Element, SourceFile, Index, Report], "Iterable[Record | Relation]"]

READERS: dict[str, Reader] = {"cmif": cmif.read, "tei": tei.read, "registers": registers.read}


@dataclass(frozen=True, slots=True)
class Corpus:
    """An edition as records: `records` in the order of the sources, `sources` what the files say of themselves."""

    edition: Edition
    records: tuple[Record, ...]
    sources: tuple[SourceDescription, ...]
    told: dict[str, Source] = field(default_factory=dict)
    """Where each path is told: file and line."""
    keys: Keys = field(default_factory=Keys)
    """Which letters there are, and what keys they got."""


def read(edition: Edition, report: Report) -> Corpus:
    """Everything the edition's sources hold. Bad data is a finding; a file that cannot be read is one too."""
    index = Index(edition)
    for source in edition.sources:
        index.take(source, report)
    index.settle(report)
    found: list[Record | Relation] = []
    for source in edition.sources:
        if source.file in index.roots:
            found += READERS[source.reads_as](index.roots[source.file], source, index, report)
    found = _once(found)
    for record in (*index.met.records(), *_editors(edition)):
        if record.path not in index.paths:
            index.paths[record.path] = record.source
            found.append(record)
    records = resolve(found, report)
    if not any(isinstance(record, Letter) for record in records):
        formats = ", ".join(sorted({source.format for source in edition.sources}))
        message = f"no letters in {len(edition.sources)} files read as {formats}"
        report.error(
            "edition-without-letters", message, Source("edition.toml"), "", "check 'format' and the files' names"
        )
    sources = tuple(
        describe(index.roots[source.file], source.file) for source in edition.sources if source.file in index.roots
    )
    if edition.data_editors == EDITORS:
        sources = (*sources, SourceDescription("edition.toml"))
    return Corpus(edition, records, sources, index.paths, index.keys)


def _editors(edition: Edition) -> list[Organisation]:
    """The group that signs conclusions, when no register has it."""
    if edition.data_editors != EDITORS:
        return []
    name = Name(", ".join(edition.editors), "descriptive")
    return [Organisation(EDITORS.partition("/")[2], Source("edition.toml"), (name,))]


def _once(found: list[Record | Relation]) -> list[Record | Relation]:
    """Each thing once: archives and entries that stand in many files are told by the first."""
    seen: dict[str, None] = {}
    kept = []
    for entry in found:
        path = "" if isinstance(entry, Relation) else entry.path
        if not path or path not in seen:
            kept.append(entry)
        seen[path] = None
    return kept
