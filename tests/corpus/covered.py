"""What the corpus says a text names: the words of every thing it mentions, and which capitalised words are left over."""

import re
from collections.abc import Iterator

from lod.model import Document, Holding, Letter, Link, Record
from tests.corpus.book import Book, plain, tokens

_CAPITALISED = r"[A-ZÀ-Þ][^\W\d_]+(?:-[^\W\d_]+)*"
_RUN = re.compile(rf"{_CAPITALISED}(?: (?:of the |of |de la |de |la |du |des |y |en )?{_CAPITALISED})+")
_JOINING = {"of", "the", "de", "la", "du", "des", "y", "en"}
_NAME = re.compile(r"[^\W\d_]+(?:'s\b)?")
_BEGINS = re.compile(r"(?:^|[.!?:;…)\]]['\"‘“”]*\s+|(?:^|[\s(–—])['\"‘“(\[]+|[–—]\s*|\d\.\s*|^\s*-\s*)$")


def names(record: Record) -> list[str]:
    """Every name or title a record bears."""
    if isinstance(record, Holding):
        return [record.label]
    return [name.text for name in (*getattr(record, "names", ()), *getattr(record, "titles", ()))]


def bags(text: Letter | Document, things: dict[str, Record]) -> list[set[str]]:
    """For each thing a text mentions, cites, comes from or is written by and to: the words of its forms and names."""
    found = [{word for title in getattr(text, "titles", ()) for word in tokens(title.text)}]
    for link in _links(text):
        thing = things.get(link.target)
        told = [link.form, *(names(thing) if thing else ()), getattr(thing, "label", "")]
        found.append({word for name in told for word in tokens(name)})
    return found


def covered(text: Letter | Document, things: dict[str, Record]) -> set[str]:
    """Words of the forms and names of all that a text mentions, cites, comes from or is written by and to."""
    words = {word for title in getattr(text, "titles", ()) for word in tokens(title.text)}
    for link in _links(text):
        words.update(tokens(link.form))
        if thing := things.get(link.target):
            words.update(word for name in names(thing) for word in tokens(name))
    return words


def _links(text: Letter | Document) -> Iterator[Link]:
    yield from (*text.mentions, *text.context, *text.published, *text.translators, *text.holdings)
    match text:
        case Letter():
            yield from (*text.forwarders, *text.sent.agents, *text.sent.places)
            yield from (*text.received.agents, *text.received.places)
        case Document():
            yield from (*text.authors, *text.addressees, *text.written_at, *text.part_of)


def left_over(text: str, words: set[str], book: Book) -> Iterator[tuple[str, str]]:
    """Capitalised words that no thing covers, each with what stands around it.

    Where a sentence begins, a word that the book elsewhere writes small is no name.
    """
    for line in plain(text).splitlines():
        for match in _NAME.finditer(line):
            word = match[0].removesuffix("'s")
            if not word[0].isupper() or len(word) == 1 or words.intersection(forms(word)):
                continue
            if word.lower() in book.lower and _BEGINS.search(line[: match.start()]):
                continue
            yield word, line[max(0, match.start() - 40) : match.end() + 30]


def runs(text: str, book: Book) -> Iterator[str]:
    """Names of several words, as they stand in a text; a first word that only begins the sentence is left out."""
    for line in plain(text).splitlines():
        for match in _RUN.finditer(line):
            words = [word for word in re.findall(r"[^\W\d_]+", match[0]) if word not in _JOINING]
            if _BEGINS.search(line[: match.start()]) and words[0].lower() in book.lower:
                words = words[1:]
            if len(words) > 1:
                yield " ".join(words)


def forms(word: str) -> tuple[str, ...]:
    """A name in the plural (`the Louzons`) stands for its bearer, one of a body (`a Menshevik`) for the body."""
    word = word.lower()
    return (word, word.removesuffix("s"), word.removesuffix("es"), f"{word}s")
