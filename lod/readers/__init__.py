"""Sources in, records out. A new format is one module and one line in `telling.READERS`.

Every file is looked at twice. First its table of contents is taken; those of all files make the directory, which gives letters
their keys and pointers their meaning. Then each file is read to records by itself: letters go to disk one after the other,
registers and whoever was met stay in memory, and `resolve` settles what mirrors each other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lod.cache import Cache
from lod.config import EDITORS, Edition
from lod.model import Document, Name, Organisation, Record, SourceDescription
from lod.parallel import Crew, uncollected
from lod.readers.contents import Contents
from lod.readers.directory import Directory
from lod.readers.keys import Keys
from lod.readers.met import Encounters
from lod.readers.passes import Passes
from lod.readers.records import Records
from lod.readers.relations import Relation
from lod.readers.resolve import Forms, add_forms, note_forms, resolve
from lod.readers.telling import Told
from lod.report import Report, Source
from lod.spool import Spool

__all__ = ("Corpus", "Records", "read")


@dataclass(frozen=True, slots=True)
class Corpus:
    """An edition as records: `records` in the order of the sources, `sources` what the files say of themselves."""

    edition: Edition
    records: Records
    sources: tuple[SourceDescription, ...]
    told: Mapping[str, Source] = field(default_factory=dict)
    """Where each path is told: file and line."""
    keys: Keys = field(default_factory=Keys)
    """Which letters there are, and what keys they got."""


def read(
    edition: Edition, report: Report, *, crew: Crew | None = None, cache: Cache | None = None, today: str = ""
) -> Corpus:
    """Everything the edition's sources hold. Bad data is a finding; a file that cannot be read is one too.

    `crew`: the processes that large editions are spread over; `cache`: where what was read is kept for the next time. With
    and without them the result is the same. `today`: dates after that day are findings; `""`: none is.
    """
    with uncollected():
        return _read(Passes(edition, Spool(), crew or Crew(1), cache), report, today)


def _read(passes: Passes, report: Report, today: str) -> Corpus:
    edition = passes.edition
    directory = Directory(edition)
    files = passes.contents()
    for source, found in zip(edition.sources, files, strict=True):
        directory.take(found, source, report)
    directory.settle(zip(edition.sources, files, strict=True), report)
    met = Encounters()
    told = _dated(passes.told(directory, files, met), report, today)
    records = _gathered(told, met, directory, passes.spool, report)
    if not len(records.letters):
        _refuse(edition, files, records, report)
    return Corpus(edition, records, _descriptions(files, edition), directory.paths, directory.keys)


def _refuse(edition: Edition, files: Sequence[Contents], records: Records, report: Report) -> None:
    """An edition without letters, in one sentence that says what was found instead."""
    formats = ", ".join(sorted({source.format for source in edition.sources}))
    held = Counter(each.path.partition("/")[0] for each in records.others if each.source.file != "edition.toml")
    told = ", ".join(f"{count} × {kind}" for kind, count in held.most_common()) or "nothing that is understood"
    lost = sum(not each.readable for each in files)
    message = f"no letters in {len(edition.sources)} files read as {formats}: found {told}"
    message += f"; {lost} of the files cannot be read" if lost else ""
    hint = "check 'format' and the files' names"
    report.error("edition-without-letters", message, Source("edition.toml"), "", hint)


def _dated(told: Iterable[Told], report: Report, today: str) -> Iterable[Told]:
    """What the files tell, and what is to be said of it on that day."""
    for each in told:
        report.on(today, each.ahead)
        yield each


def _gathered(told: Iterable[Told], met: Encounters, directory: Directory, spool: Spool, report: Report) -> Records:
    """The records of all files, whoever was met, and the editors."""
    forms = Forms()
    places: list[tuple[int, Record | Relation]] = []
    letters = spool.section("letters")
    seen: set[str] = set()
    for each in told:
        report.extend(each.findings)
        met.add(each.met)
        add_forms(forms, each.forms)
        first = len(letters)
        letters.adopt(each.letters)
        for before, entry in _once(each.others, seen):
            places.append((first + before, entry))
            if isinstance(entry, Document):
                note_forms(entry, forms)
    for record in (*met.records(), *_editors(directory.edition)):
        if record.path not in directory.paths:
            directory.paths[record.path] = record.source
            places.append((len(letters), record))
    others = resolve([entry for _, entry in places], forms, report)
    return Records(letters, others, [before for before, entry in places if not isinstance(entry, Relation)])


def _once(found: Iterable[tuple[int, Record | Relation]], seen: set[str]) -> Iterable[tuple[int, Record | Relation]]:
    """Each thing once: archives and entries that stand in many files are told by the first."""
    for before, entry in found:
        if isinstance(entry, Relation):
            yield before, entry
        elif entry.path not in seen:
            seen.add(entry.path)
            yield before, entry


def _descriptions(files: Sequence[Contents], edition: Edition) -> tuple[SourceDescription, ...]:
    sources = tuple(each.description for each in files if each.description is not None)
    return (*sources, SourceDescription("edition.toml")) if edition.data_editors == EDITORS else sources


def _editors(edition: Edition) -> list[Organisation]:
    """The group that signs conclusions, when no register has it."""
    if edition.data_editors != EDITORS:
        return []
    name = Name(", ".join(edition.editors), "descriptive")
    return [Organisation(EDITORS.partition("/")[2], Source("edition.toml"), (name,))]
