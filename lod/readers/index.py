"""What one file sees of the edition: the directory of all files, its own letters and books, and whom it met.

All that it asks of the directory is kept with the answer: as long as the answers stay the same, what was read of the file stays
true, whatever becomes of the other files.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, ParamSpec, TypeVar

from lod.config import SourceFile
from lod.iris import slug
from lod.readers.contents import Book
from lod.readers.directory import Directory, PointerForms
from lod.readers.files import Files
from lod.readers.kinds import entry_path, kind_named, written_pointers
from lod.readers.met import Counted, Encounters
from lod.readers.parse import Element
from lod.readers.renamed import Letter
from lod.readers.xml import Place
from lod.report import Report, Source

__all__ = ("Index", "entry_path", "kind_named")

P = ParamSpec("P")
T = TypeVar("T")
_REMEMBERED = 8192
"""Elements whose reading a file's index remembers at a time."""


@dataclass(slots=True)
class Asked:
    """Questions to the index and its answers."""

    identified: dict[tuple[str, str], str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    same: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    told: dict[str, Source | None] = field(default_factory=dict)
    digest: str = ""
    """The checksum of all paths, when something was sought among all of them."""

    def still(self, directory: Directory) -> bool:
        """Whether the directory would answer the same."""
        return (
            (not self.digest or self.digest == directory.digest())
            and all(directory.identified(*question) == answer for question, answer in self.identified.items())
            and all(directory.known(question) == answer for question, answer in self.known.items())
            and all(directory.same(*question) == answer for question, answer in self.same.items())
            and all(directory.paths.get(question) == answer for question, answer in self.told.items())
        )


class Reading(NamedTuple):
    """What was read of an element that says all by itself, and whose names are counted each time it is met."""

    value: Any
    counted: Counted


class Paths:
    """The paths that exist, and where each is told."""

    def __init__(self, directory: Directory, asked: Asked) -> None:
        self._directory = directory
        self._asked = asked

    def get(self, path: str) -> Source | None:
        """Where a path is told; None when it does not exist."""
        if path not in self._asked.told:
            self._asked.told[path] = self._directory.paths.get(path)
        return self._asked.told[path]

    def __contains__(self, path: str) -> bool:
        if path not in self._asked.known:
            self._asked.known[path] = self._directory.known(path)
        return bool(path) and self._asked.known[path] == path


class Index(PointerForms):
    """Pointers of one file to paths."""

    def __init__(
        self,
        directory: Directory,
        source: SourceFile,
        files: Files,
        letters: Collection[Letter] = (),
        books: Mapping[str, Book] | None = None,
        taken: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(directory.edition)
        self.source = source
        self.files = files
        self.letters = letters
        self.books = books or {}
        self.prefixes = directory.prefixes
        self.met = Encounters(taken)
        self.asked = Asked()
        self.paths = Paths(directory, self.asked)
        self._directory = directory
        self._readings: dict[object, Reading] = {}

    def place(self, file: str, report: Report) -> Place:
        """Where a reader of a file is."""
        return Place(file, report, cited=bool(self.edition.printed))

    # ------------------------------------------------------------------ asking
    def identified(self, file: str, identifier: str) -> str:
        """The path of the entry with this id, in this file or else in any; `""` for none."""
        question, asked = (file, identifier), self.asked.identified
        if question not in asked:
            asked[question] = self._directory.identified(file, identifier)
        return asked[question]

    def known(self, token: str) -> str:
        """The path of a token that an entry, or an entry's authority, stands for; `""` for none."""
        asked = self.asked.known
        if token not in asked:
            asked[token] = self._directory.known(token)
        return asked[token]

    def same(self, kind: str, token: str) -> tuple[str, ...]:
        """All pointers that name the same thing of a kind, this one included; authorities first."""
        question, asked = (kind, token), self.asked.same
        if question not in asked:
            asked[question] = self._directory.same(kind, token)
        return asked[question]

    # ------------------------------------------------------------------ what comes again
    def once(self, written: object, report: Report, read: Callable[P, T], *args: P.args, **given: P.kwargs) -> T:
        """What `read` makes of what it is given, made once for all elements of the file that are `written` the same.

        With a finding it is made anew each time, because that has a place; so it is with somebody met in one letter only.
        """
        known = self._readings.get(written)
        if known is not None:
            self.met.again(known.counted)
            value: T = known.value
            return value
        told = report.told
        value, counted = self.met.watched(lambda: read(*args, **given))
        if report.told == told and not counted.of_one_letter:
            if len(self._readings) >= _REMEMBERED:
                self._readings.clear()
            self._readings[written] = Reading(value, counted)
        return value

    # ------------------------------------------------------------------ pointers
    def pointers(self, element: Element, file: str) -> list[str]:
        """What an element points with, short forms spelt out."""
        return self.spelt_out(written_pointers(element), file)

    def resolve(self, pointer: str, here: Place, element: Element, key: str) -> str:
        """The path that a pointer means; `""` and a finding when it leads to nothing."""
        path = self.own(pointer, here.file)
        if path in self.paths:
            return path
        known = self.known(self.token(pointer, here.file))
        if known:
            return known
        self.lost(pointer, path, here, element, key)
        return ""

    def lost(self, pointer: str, path: str, here: Place, element: Element, key: str) -> None:
        """Say that a pointer leads to nothing."""
        close = ""
        if path:
            self.asked.digest = self._directory.digest()
            close = self._directory.near(path)
        here.report.error(
            "pointer-to-nobody",
            f"'{pointer}' points to nothing in this edition",
            here.source(element),
            key,
            f"did you mean {close}?" if close else "add the entry, or mend the pointer",
        )

    def book(self, key: str, book: Book) -> str:
        """The path of an edition that a header describes."""
        path = f"work/{slug(key)}"
        if path not in self.met.found:
            addresses = (book.address,) if book.address else ()
            told = Source(self.source.file, book.line)
            self.met.by_pointer("work", slug(key), book.title, told, addresses, book.kind)
        return path
