"""Whoever and whatever the book names is in the corpus, and each text mentions what it names."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cache

from tests.corpus.book import Book, tokens
from tests.corpus.conftest import Shipped
from tests.corpus.covered import bags, covered, forms, left_over, names, runs
from tests.corpus.reasons import Reason

_ALIKE = 0.78
"""How much two spellings share when the scan or the indexer has garbled one of them."""


def test_every_head_of_the_index_is_in_the_corpus(book: Book, corpus: Shipped, listed: tuple[Reason, ...]) -> None:
    bags = [{*_words(names(record)), *tokens(getattr(record, "label", ""))} for record in corpus.records]
    known = frozenset().union(*bags)

    @cache
    def near(word: str) -> frozenset[str]:
        return frozenset({*forms(word), *(other for other in known if _alike(word, other))})

    def found(head: str) -> bool:
        words = tokens(re.split(r"[,:(/]", head)[0])
        return any(all(near(word) & bag for word in words if len(word) > 2) for bag in bags if bag)

    left = [head for head in book.index if not found(head)]
    assert not [head for head in left if not any(one.holds("index", head) for one in listed)]


def test_every_capitalised_word_of_a_text_is_covered(book: Book, corpus: Shipped, listed: tuple[Reason, ...]) -> None:
    """By a mention, by sender or addressee, by what the text cites, or by a reason on the list."""
    left: list[str] = []
    for place, text in book.texts.items():
        words = set[str]().union(*(covered(record, corpus.things) for record in corpus.texts[place]))
        for word, around in left_over(text, words, book):
            if not any(one.holds("names", word, place) for one in listed):
                left.append(f"{place}: {word} (… {around} …)")
    assert not left


def test_every_name_of_several_words_is_that_of_one_thing(
    book: Book, corpus: Shipped, listed: tuple[Reason, ...]
) -> None:
    assert not [case for case in _runs_left(book, corpus, listed) if not any(one.holds(*case) for one in listed)]


def test_every_reason_is_needed(book: Book, corpus: Shipped, listed: tuple[Reason, ...]) -> None:
    """A rule that explains nothing any more goes; every text with its places is seen."""
    words = {
        ("names", word, place)
        for place, text in book.texts.items()
        for word, _ in left_over(text, covered(corpus.texts[place][0], corpus.things), book)
    }
    heads = {("index", head, "") for head in book.index}
    notes = {("notes", note, place) for place, note in book.notes.items() if place not in corpus.cited}
    asked = words | heads | notes | set(_runs_left(book, corpus, listed))
    assert not [one.reason for one in listed if not any(one.holds(*case) for case in asked)]


def _runs_left(book: Book, corpus: Shipped, listed: tuple[Reason, ...]) -> Iterator[tuple[str, str, str]]:
    """Runs of capitalised words that no one thing covers; words with a reason of their own do not count."""
    for place, text in book.texts.items():
        things = bags(corpus.texts[place][0], corpus.things)
        for run in runs(text, book):
            words = [word for word in run.split() if not any(one.holds("names", word, place) for one in listed)]
            if not any(all(thing.intersection(forms(word)) for word in words) for thing in things):
                yield "runs", run, place


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in tokens(text)}


def _alike(word: str, other: str) -> bool:
    if len(word) < 5 or abs(len(word) - len(other)) > 2:
        return False
    return SequenceMatcher(None, other, word).ratio() >= _ALIKE
