"""Letters from CMIF: the Correspondence Metadata Interchange Format, versions 1, 1.1 and 2.

https://github.com/TEI-Correspondence-SIG/CMIF
"""

from collections.abc import Iterator

from lod.config import SourceFile
from lod.model import Record, Relation
from lod.readers.index import Index
from lod.readers.letters import LetterReader
from lod.readers.xml import TEI, XML, Element
from lod.report import Report


def read(root: Element, source: SourceFile, index: Index, report: Report) -> Iterator[Record | Relation]:
    """Every `correspDesc` of a CMIF file as a letter, in the order of the file."""
    reader = LetterReader(index.place(source.file, report), index)
    reader.books = {
        bibl.get(f"{XML}id") or "": bibl for bibl in root.iterfind(f"{TEI}teiHeader//{TEI}sourceDesc//{TEI}bibl")
    }
    told = False
    for element, candidate in zip(root.iter(f"{TEI}correspDesc"), index.keys.of(source.file), strict=True):
        told = True
        if not candidate.twin:
            yield reader.letter(element, candidate)
    if not told:
        report.warning(
            "file-without-letters", "holds no correspDesc", reader.here.source(root), "", "is the format right?"
        )
