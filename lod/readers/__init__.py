"""Sources in, records out. A new format is one module and one line in `READERS`.

Registers are read first, then `resolve` settles what mirrors each other; letters follow one by one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from lod.config import Edition
from lod.model import Record, Relation, SourceDescription
from lod.readers import cmif, registers
from lod.readers.index import Index
from lod.readers.resolve import resolve
from lod.readers.xml import TEI, Element, words
from lod.report import Report, Source

Reader = Callable[[Element, str, Index, Report], "list[Record | Relation]"]

READERS: dict[str, Reader] = {"cmif": lambda *given: list(cmif.read(*given)), "registers": registers.read}


@dataclass(frozen=True, slots=True)
class Corpus:
    """An edition as records: `records` in the order of the sources, `sources` what the files say of themselves."""

    edition: Edition
    records: tuple[Record, ...]
    sources: tuple[SourceDescription, ...]
    told: dict[str, Source] = field(default_factory=dict)
    """Where each path is told: file and line."""


def read(edition: Edition, report: Report) -> Corpus:
    """Everything the edition's sources hold. Bad data is a finding; a file that cannot be read is one too."""
    index = Index(edition)
    for source in edition.sources:
        index.take(edition.folder, source.file, source.format, report)
    found: list[Record | Relation] = []
    for source in edition.sources:
        if source.file in index.roots:
            found += READERS[source.format](index.roots[source.file], source.file, index, report)
    records = resolve(found, report)
    sources = tuple(
        _describe(index.roots[source.file], source.file) for source in edition.sources if source.file in index.roots
    )
    return Corpus(edition, records, sources, index.paths)


def _describe(root: Element, file: str) -> SourceDescription:
    publication = f"{TEI}teiHeader/{TEI}fileDesc/{TEI}publicationStmt"
    date = root.find(f"{publication}/{TEI}date")
    licence = root.find(f"{publication}/{TEI}availability/{TEI}licence")
    return SourceDescription(
        file=file,
        title=words(root.find(f"{TEI}teiHeader/{TEI}fileDesc/{TEI}titleStmt/{TEI}title")),
        modified=(date.get("when") or "") if date is not None else "",
        licence=(licence.get("target") or "") if licence is not None else "",
        url=next((words(idno) for idno in root.findall(f"{publication}/{TEI}idno") if idno.get("type") == "url"), ""),
    )
