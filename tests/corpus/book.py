"""The scan of the printed book, cut into the places that `book:` names: letters, documents, notes, index heads."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count
from pathlib import Path

CHAPTERS = 5
_LETTER = re.compile(r"Letter (\d+)(?::|$)")
_SPECIAL = (
    (re.compile(r"Prefatory letter:"), "prefatory"),
    (re.compile(r"Trotsky to Serge \(in French\)$"), "35"),
    (re.compile(r"Supplement to the remarks"), "14-supplement"),
    (re.compile(r"\[Enclosure of manuscript"), "18-enclosure"),
    (re.compile(r"Appendix to letter 24"), "24-appendix"),
)
_DOCUMENT = re.compile(r"(?:Victor Serge|Leon Trotsky)[.,] (?!who\b)")
_NOTE = re.compile(r"\s*(\d{1,3})\. ")
_REFERENCE = re.compile(r",?\s*(?:\*.*?\*,?\s*)?ref\d+.*$")
_CHRONOLOGY = re.compile(r"(\d{4})(?:[–-](\d{2}))? ")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_WORD = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """Without note numbers, emphasis marks and accents."""
    text = re.sub(r"[*\[\]]", "", _SUPERSCRIPT.sub(" ", text)).replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def tokens(text: str) -> list[str]:
    """The words of a text, lower case, plain."""
    return _WORD.findall(plain(text).lower())


@dataclass(frozen=True)
class Book:
    """The scan as lines; everything else is cut from them. `line(n)` counts from 1 as an editor does."""

    lines: tuple[str, ...]

    @classmethod
    def read(cls, file: Path) -> "Book":
        """The book in a file."""
        return cls(tuple(file.read_text(encoding="utf-8").split("\n")))

    @cached_property
    def _starts(self) -> dict[str, int]:
        """Where its large parts begin, by line: `1` … `5`, `notes-1` …, `archives`, `index`."""
        found: dict[str, int] = {}
        for number, line in enumerate(self.lines):
            if match := re.match(r"([1-5]) (?:Victor Serge|The Corr|Serge, Tr|Kronstadt)", line):
                found[match[1]] = number
            elif match := re.match(r"Chapter ([1-5]): ", line):
                found[f"notes-{match[1]}"] = number
            elif line.strip() in ("Glossary of Organisations", "Chronology", "Introduction", "Notes and References"):
                found.setdefault(line.split()[0].lower(), number)
            elif line.strip() in ("Archives", "Index", "Select Bibliography"):
                found[line.split()[-1].lower()] = number
        return found

    def _stretch(self, start: str, end: str) -> tuple[str, ...]:
        return self.lines[self._starts[start] : self._starts[end]]

    @cached_property
    def texts(self) -> dict[str, str]:
        """Letters and documents by place: the heading is left out, each line a paragraph."""
        # letter 35 is headed twice: the editor's prefatory note before its second heading is no part of it
        found = dict(_cut(self._stretch("2", "3"), _letter_place))
        for chapter in (1, 3, 4, 5):
            end = "notes" if chapter == CHAPTERS else str(chapter + 1)
            lines = self._stretch(str(chapter), end)
            lines = lines[lines.index("THE DOCUMENTS") :]
            found |= _cut(lines, partial(_document_place, chapter=chapter, count=count(1)))
        return found

    @cached_property
    def notes(self) -> dict[str, str]:
        """Notes by place; 278 in the second chapter."""
        found: dict[str, str] = {}
        for chapter in range(1, CHAPTERS + 1):
            end = "bibliography" if chapter == CHAPTERS else f"notes-{chapter + 1}"
            for line in self._stretch(f"notes-{chapter}", end):
                if match := _NOTE.match(line):
                    found[f"note-{chapter}-{match[1]}"] = line[match.end() :]
        return found

    @cached_property
    def glossary(self) -> tuple[str, ...]:
        """The heads of the glossary's entries."""
        lines = (line.strip() for line in self._stretch("glossary", "chronology"))
        return tuple(line.split()[0] for line in lines if re.match(r"[A-Z]{2,5}[A-Z] |IS |RP ", line))

    @cached_property
    def chronology(self) -> tuple[str, ...]:
        """Its lines: each begins with its year, lines within a year take the year above."""
        found: list[str] = []
        year = ""
        for line in self._stretch("chronology", "introduction")[1:]:
            if match := _CHRONOLOGY.match(line):
                year = match[0].strip()
            if line.strip():
                found.append(year)
        return tuple(found)

    @cached_property
    def index(self) -> tuple[str, ...]:
        """Its heads, without references and sub-entries."""
        heads = []
        for line in self.lines[self._starts["index"] + 1 :]:
            if line.startswith("Published by Pluto"):
                break
            if "ref1" in line:
                heads.append(_REFERENCE.sub("", line).strip(" ,"))
        return tuple(heads)

    @cached_property
    def lower(self) -> frozenset[str]:
        """Every word that the book writes small somewhere: a capital at the start of a sentence is then no name."""
        text = plain(" ".join(self.lines[self._starts["introduction"] : self._starts["notes"]]))
        return frozenset(word for word in _WORD.findall(text) if word.islower())

    @property
    def own_words(self) -> list[str]:
        """What no sentence may be taken from: chronology to notes, word by word."""
        return tokens("\n".join(self._stretch("chronology", "bibliography")))


def _letter_place(line: str) -> str:
    if match := _LETTER.match(line):
        return f"letter-{match[1]}"
    return next((f"letter-{key}" for pattern, key in _SPECIAL if pattern.match(line)), "")


def _document_place(line: str, chapter: int, count: Iterator[int]) -> str:
    return f"document-{chapter}-{next(count)}" if _DOCUMENT.match(line) else ""


def _cut(lines: tuple[str, ...], place_of: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Stretches from one heading to the next, the heading itself left out."""
    place, body = "", list[str]()
    for line in lines:
        if begins := place_of(line):
            if place:
                yield place, "\n".join(body)
            place, body = begins, []
        else:
            body.append(line)
    if place:
        yield place, "\n".join(body)
