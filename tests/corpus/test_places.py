"""Every part of the book is cited by the corpus, and every place the corpus cites is in the book."""

import re

from tests.corpus.book import Book
from tests.corpus.conftest import Shipped
from tests.corpus.reasons import Reason

_SECTIONS = (
    *(f"introduction-{part}" for part in (1, 2, 3, 4, 5, "general")),
    *("title-page", "dedication", "preface", "acknowledgements", "archives", "theses", "bibliography", "index"),
)
_GLOSSARY = {"is": "international-secretariat", "rp": "la-revolution-proletarienne"}
_NOTES = {1: 38, 2: 278, 3: 64, 4: 77, 5: 37}
"""Of the fourth chapter's notes two are lost in the scan."""


def test_the_scan_is_cut_as_the_book_is_built(book: Book) -> None:
    documents = [place for place in book.texts if place.startswith("document-")]
    assert len(book.texts) - len(documents) == 42 + 3, "prefatory letter, 41 numbers, supplement, enclosure, appendix"
    assert [sum(f"-{chapter}-" in place for place in documents) for chapter in (1, 3, 4, 5)] == [4, 9, 13, 6]
    assert len(book.notes) == sum(_NOTES.values()) - 2
    assert (len(book.glossary), len(book.chronology), len(book.index)) == (27, 18, 653)


def test_every_note_is_cited_or_has_a_reason(book: Book, corpus: Shipped, listed: tuple[Reason, ...]) -> None:
    left = {place: note for place, note in book.notes.items() if place not in corpus.cited}
    assert not {
        place: note for place, note in left.items() if not any(one.holds("notes", note, place) for one in listed)
    }


def test_every_glossary_entry_is_cited(book: Book, corpus: Shipped) -> None:
    heads = [head.lower() for head in book.glossary]
    assert not [head for head in heads if f"glossary-{_GLOSSARY.get(head, head)}" not in corpus.cited]


def test_every_line_of_the_chronology_is_cited(book: Book, corpus: Shipped) -> None:
    places = {year: {f"chronology-{year[:4]}", f"chronology-{year[:4]}-{year[-2:]}"} for year in book.chronology}
    assert not [year for year, named in places.items() if not named & corpus.cited]


def test_every_text_of_the_book_has_one_record(book: Book, corpus: Shipped) -> None:
    assert {place: len(corpus.texts.get(place, ())) for place in book.texts} == dict.fromkeys(book.texts, 1)


def test_every_place_cited_is_in_the_book(book: Book, corpus: Shipped) -> None:
    known = {
        *book.texts,
        *_SECTIONS,
        *(f"glossary-{_GLOSSARY.get(head.lower(), head.lower())}" for head in book.glossary),
    }
    known |= {f"note-{chapter}-{number}" for chapter, last in _NOTES.items() for number in range(1, last + 1)}
    known |= {f"chronology-{year[:4]}" for year in book.chronology}
    known |= {re.sub(r"[–-]", "-", f"chronology-{year}") for year in book.chronology}
    assert not sorted(corpus.cited - known)
