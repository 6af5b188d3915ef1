"""The book is in copyright: no run of its words stands in the repository, titles and names excepted."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.corpus.book import Book, tokens

RUN = 9
ALLOWED = Path(__file__).with_name("titles.txt")
"""Titles and names of nine words and more, one a line."""


def _tracked() -> Iterator[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no checkout: what is tracked is not known")
    yield from (ROOT / name for name in listed.stdout.split("\0") if name)


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(RUN)), strict=False)


def test_no_sentence_of_the_book_is_in_the_repository(book: Book) -> None:
    own = set(_runs(book.own_words))
    for line in ALLOWED.read_text(encoding="utf-8").splitlines():
        own.difference_update(_runs(tokens(line)))
    found: list[str] = []
    for file in _tracked():
        try:
            words = tokens(file.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        found += [f"{file.relative_to(ROOT)}: {' '.join(run)}" for run in _runs(words) if run in own]
    assert not sorted(set(found))
