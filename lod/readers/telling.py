"""What one file tells, once the index is made: its letters go to disk, everything else comes back."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lod.config import SourceFile
from lod.errors import SourceError
from lod.model import Letter, Record
from lod.readers import cmif, registers, tei
from lod.readers.contents import Book
from lod.readers.directory import Directory
from lod.readers.files import Files
from lod.readers.index import Asked, Index
from lod.readers.met import Encounters
from lod.readers.relations import Relation
from lod.readers.renamed import Letter as Key
from lod.readers.resolve import Forms, note_forms
from lod.report import Finding, Report, Source
from lod.spool import Chunk, Writer

Reader = Callable[[SourceFile, Index, Report], Iterator[Record | Relation]]


def _registers(source: SourceFile, index: Index, report: Report) -> Iterator[Record | Relation]:
    root, _ = index.files.whole(source, Report())
    yield from registers.read([root], source, index, report)


READERS: dict[str, Reader] = {"cmif": cmif.read, "tei": tei.read, "registers": _registers}


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read: the keys of its letters, its books, and the names that files before it took keys for."""

    source: SourceFile
    letters: Collection[Key]
    books: Mapping[str, Book]
    out: Path
    """Where its letters go."""
    held: bool = False
    """Whether its letters stay in memory instead, because the edition has few."""
    key: str = ""
    """What the cache knows it by."""
    taken: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """What a file tells. `others` are the records that are no letters, each with the number of letters before it."""

    letters: list[Chunk[Letter]] = field(default_factory=list)
    others: list[tuple[int, Record | Relation]] = field(default_factory=list)
    met: Encounters = field(default_factory=Encounters)
    forms: Forms = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    ahead: dict[Finding, str] = field(default_factory=dict)
    """What is to be told only before a day."""
    asked: Asked = field(default_factory=Asked)


def tell(directory: Directory, task: Task, files: Files) -> Told:
    """Read a file."""
    told, report = Told(), Report()
    index = Index(directory, task.source, files, task.letters, task.books, task.taken)
    unshadowed = (not key.shadowed for key in task.letters if not key.left_out)
    with Writer[Letter](None if task.held else task.out) as writer:
        try:
            for record in READERS[task.source.reads_as](task.source, index, report):
                if not isinstance(record, Letter):
                    told.others.append((len(writer), record))
                elif next(unshadowed):
                    note_forms(record, told.forms)
                    writer.add(record)
        except SourceError as error:
            where = Source(error.file, error.line)
            report.error("file-unreadable", error.message, where, "", "it was changed while it was being read")
    told.letters = writer.chunks
    told.met, told.asked, told.findings, told.ahead = index.met, index.asked, tuple(report), report.ahead
    return told
