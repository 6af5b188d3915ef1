"""Letters from CMIF: the Correspondence Metadata Interchange Format, versions 1, 1.1 and 2.

https://github.com/TEI-Correspondence-SIG/CMIF
"""

from collections.abc import Iterator

from lod.config import SourceFile
from lod.model import Record
from lod.readers.index import Index
from lod.readers.letters import LetterReader
from lod.readers.relations import Relation
from lod.report import Report


def read(source: SourceFile, index: Index, report: Report) -> Iterator[Record | Relation]:
    """Every `correspDesc` of a CMIF file as a letter, in the order of the file."""
    here = index.place(source.file, report)
    reader = LetterReader(here, index)
    descriptions = index.files.descriptions(source, Report())
    letters = iter(index.letters)
    for description in descriptions:
        letter = next(letters)
        if not letter.left_out:
            yield reader.letter(description, letter.key)
    if not index.letters:
        where = here.source(descriptions.rest)
        report.warning("file-without-letters", "holds no correspDesc", where, "", "is the format right?")
