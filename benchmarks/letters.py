"""A CMIF file of many letters, made by repeating real ones with fresh keys: `python benchmarks/letters.py SOURCE COUNT OUT`."""

import re
import sys
from collections.abc import Iterator
from itertools import count, cycle, islice
from pathlib import Path

_LETTER = re.compile(r"<correspDesc\b.*?</correspDesc>", re.DOTALL)
_KEY = re.compile(r'\s(?:xml:id|key|ref)="[^"]*"')


def letters(source: str) -> Iterator[str]:
    """The letters of a file again and again, each with a key that no other has."""
    real = _LETTER.findall(source)
    for number, letter in zip(count(1), cycle(real), strict=False):
        head, _, rest = letter.partition(">")
        yield f'{_KEY.sub("", head)} key="m{number}" ref="https://example.org/letters/{number}">{rest}'


def write(source: Path, number: int, out: Path) -> None:
    """Header and tail of the source, `number` letters between them."""
    text = source.read_text(encoding="utf-8")
    found = [match.span() for match in _LETTER.finditer(text)]
    with out.open("w", encoding="utf-8") as stream:
        stream.write(text[: found[0][0]])
        stream.writelines(f"{letter}\n" for letter in islice(letters(text), number))
        stream.write(text[found[-1][1] :])


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
