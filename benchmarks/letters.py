"""CMIF files of many letters, made by repeating real ones with fresh keys: `python benchmarks/letters.py SOURCE COUNT OUT`."""

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import count, cycle, islice
from pathlib import Path

TOML = """id = "bench"
base = "https://example.org/bench/"
title = { en = "Benchmark" }
description = { en = "Benchmark" }
languages = ["en"]
editors = ["Nobody"]
publisher = "Nobody"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
rights = "None"

[[source]]
files = "letters*.xml"
format = "cmif"
"""
"""Settings of an edition of such files."""
_LETTER = re.compile(r"<correspDesc\b.*?</correspDesc>", re.DOTALL)
_KEY = re.compile(r'\s(?:xml:id|key|ref)="[^"]*"')


def letters(source: str, prefix: str = "m") -> Iterator[str]:
    """The letters of a file again and again, each with a key that no other has."""
    real = _LETTER.findall(source)
    for number, letter in zip(count(1), cycle(real), strict=False):
        head, _, rest = letter.partition(">")
        yield f'{_KEY.sub("", head)} key="{prefix}{number}" ref="https://example.org/letters/{prefix}{number}">{rest}'


def write(source: Path, number: int, out: Path, prefix: str = "m") -> None:
    """Header and tail of the source, `number` letters between them."""
    text = source.read_text(encoding="utf-8")
    found = [match.span() for match in _LETTER.finditer(text)]
    with out.open("w", encoding="utf-8") as stream:
        stream.write(text[: found[0][0]])
        stream.writelines(f"{letter}\n" for letter in islice(letters(text, prefix), number))
        stream.write(text[found[-1][1] :])


def spread(sources: Sequence[Path], number: int, files: int, folder: Path) -> None:
    """`number` letters in so many files of about the same length; a source with more letters is used for more files."""
    sizes = [len(_LETTER.findall(source.read_text(encoding="utf-8"))) for source in sources]
    turns = cycle(
        [source for source, size in zip(sources, sizes, strict=True) for _ in range(max(1, round(size / 250)))]
    )
    for place, source in zip(range(files), turns, strict=False):
        write(source, number // files + (place < number % files), folder / f"letters-{place:03}.xml", f"f{place}-")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
