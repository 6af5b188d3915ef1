"""The sources of an edition as XML: letter by letter where they are long rows of letters, else whole.

Every file is looked at twice. What was parsed for the first look may be kept for the second.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

from lod.config import SourceFile
from lod.readers import table
from lod.readers.parse import TEI, Element, namespaced, parse_file, stream_file, written
from lod.readers.split import Texts, corpus_texts
from lod.report import Report

_ACTION = f"{TEI}correspAction"


class Description(NamedTuple):
    """A `correspDesc`: its attributes, its actions, each as it is written too, and what else stands in it."""

    element: Element
    given: dict[str, str]
    actions: list[tuple[Element, str]]
    others: list[Element]


def described(root: Element) -> Iterator[Description]:
    """The descriptions of letters in an element, itself included."""
    for element in root.iter(f"{TEI}correspDesc"):
        actions: list[tuple[Element, str]] = []
        others: list[Element] = []
        for child in element:
            if child.tag == _ACTION:
                actions.append((child, written(child)))
            else:
                others.append(child)
        yield Description(element, dict(element.items()), actions, others)


class Descriptions:
    """The letters of a CMIF or a table, one after the other; unless `kept`, each is gone when the next is asked for.

    After the last one, `rest` is what else the file holds, `lost` how many elements had lost TEI's namespace.
    """

    def __init__(self, elements: Generator[Element, None, Element], *, kept: bool) -> None:
        self._elements = elements
        self._kept: list[Description] | None = [] if kept else None
        self.lost = 0

    def __iter__(self) -> Iterator[Description]:
        yield from self._kept or ()
        while True:
            try:
                element = next(self._elements)
            except StopIteration as end:
                self.rest: Element = self.rest if end.value is None else end.value
                self.lost += namespaced(self.rest)
                return
            self.lost += namespaced(element)
            for description in described(element):
                if self._kept is not None:
                    self._kept.append(description)
                yield description


class Files:
    """The files of one edition. With `keep`, what the first look parses stays in memory for one look more."""

    def __init__(self, folder: Path, *, keep: bool = False) -> None:
        self.folder = folder
        self._keep = keep
        self._descriptions: dict[str, Descriptions] = {}
        self._trees: dict[str, tuple[Element, int]] = {}

    def descriptions(self, source: SourceFile, report: Report) -> Descriptions:
        """The letters of a file, and what else it holds."""
        known = self._descriptions.pop(repr(source), None)
        if known is not None:
            return known
        rows = source.format == "table"
        read = _at_once if self._keep else stream_file
        elements = table.letters(self.folder, source, report) if rows else read(self.folder, source.file)
        found = Descriptions(elements, kept=self._keep)
        if self._keep:
            self._descriptions[repr(source)] = found
        return found

    def texts(self, source: SourceFile, report: Report) -> Texts:
        """The texts of a TEI file: those of a large corpus one after the other, any other file as one."""
        found = None if self._keep or source.format == "table" else corpus_texts(self.folder, source.file)
        return found or Texts(*self.whole(source, report))

    def whole(self, source: SourceFile, report: Report) -> tuple[Element, int]:
        """A file that is no long row of letters, and how many of its elements had lost TEI's namespace."""
        known = self._trees.pop(repr(source), None)
        if known is not None:
            return known
        rows = source.format == "table"
        root = table.entries(self.folder, source, report) if rows else parse_file(self.folder, source.file)
        found = root, namespaced(root)
        if self._keep:
            self._trees[repr(source)] = found
        return found


def _at_once(folder: Path, name: str) -> Generator[Element, None, Element]:
    """A file as one piece with all its letters, which stay where they are: that costs less than taking them out one by one."""
    root = parse_file(folder, name)
    yield root
    return root
