"""What our own things are called on pages, and where they are: one answer for every list, row and picture.

Names stay as the data have them. Labels that the mapping makes are said in the reader's language: those of letters, of
parts of records, of types and languages.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from lod.iris import owner
from lod.store.documents import Documents
from lod.terms import typed
from lod.vocab import crm, edtf
from lod.web.interface import Interface
from lod.web.texts import Texts, label
from lod.web.values import Value, literal

_KEPT = 10_000
"""So many labels that were just asked for are kept."""


class Named:
    """Labels and links of one edition's things. `link` turns a path into an address on this server.

    Without `words` labels are those of the data.
    """

    def __init__(
        self, documents: Documents, link: Callable[[str], str], texts: Texts, words: Interface | None = None
    ) -> None:
        self._documents = documents
        self._link = link
        self._texts = texts
        self._words = words
        self.label = lru_cache(maxsize=_KEPT)(self._label)
        """Path → words and their language: English if there are any, else the first, else the key."""

    def told_in(self, words: Interface) -> "Named":
        """The same names in the language of an interface."""
        return Named(self._documents, self._link, self._texts, words)

    def _label(self, path: str) -> tuple[str, str]:
        return self._told(path, *label(self._documents, path))

    def _agreeing(self, path: str, noun: str) -> tuple[str, str]:
        """What a type is called when it is told of such a thing."""
        words, language = label(self._documents, path)
        gender = self._words.gender(noun) if self._words else ""
        return self._told(path, words, language, gender) if gender else self.label(path)

    def text(self, path: str) -> str:
        """The words alone."""
        return self.label(path)[0]

    def value(self, path: str, *, here: str = "", inline: bool = False, noun: str = "") -> Value:
        """A path of ours with its link: to its page, or to its place on a page. `inline` parts have no place there.

        `noun`: the kind of thing, or the sex of the person, that a type is told of.
        """
        words, language = self._agreeing(path, noun) if noun and path.startswith("type/") else self.label(path)
        thing = owner(path)
        dated = crm.E52_Time_Span in self._documents.types(self._documents.iris.of(path)) if inline else False
        if thing not in self._documents or path == here:
            return Value(words, language, dated=dated)
        part = path.removeprefix(thing).strip("/")
        if inline or not part:
            href = "" if inline and thing == here else self._link(thing)
        else:
            href = f"#{part}" if thing == here else f"{self._link(thing)}.html#{part}"
        return Value(words, "" if dated else language, href, dated=dated)

    def brief(self, path: str, title: str, date: str = "", others: Sequence[str] = ()) -> tuple[str, str]:
        """The label of a part on the page of the thing it is of, beside its date and the others that take part.

        What they say is left out: `Birth` of `Birth of Victor Serge`, nothing of `Victor Serge in Comintern, from 1919`.
        """
        words, language = label(self._documents, path)
        words = words.removesuffix(f", {date}")
        if any(words == f"{title} in {other}" for other in others):
            return "", ""
        for start in (f"{title}: ", f"{title} "):
            if words.startswith(start):
                rest = words.removeprefix(start)
                return self._told(path, rest[:1].upper() + rest[1:], language)
        key = path.split("/")[1].split("-")
        head, said, rest = words.partition(": ")
        if said and path.startswith("letter/") and _all_in(key, head):
            return self._told(path, rest[:1].upper() + rest[1:], language)
        head, said, rest = words.partition(" of ")
        if said and (f"{rest} in ".startswith(f"{title} in ") or (path.startswith("letter/") and _all_in(key, rest))):
            return self._told(path, head, language)
        return self.label(path)

    def _told(self, path: str, words: str, language: str, gender: str = "") -> tuple[str, str]:
        """A label in the reader's language where it is one that the mapping makes."""
        if self._words is None:
            return words, language
        labels, (kind, _, rest) = self._words.labels, path.partition("/")
        key, _, part = rest.partition("/")
        if kind == "language":
            told = labels.language(key)
        elif self._words.tag == language or language != "en":
            return words, language
        elif kind == "type":
            told = labels.type(words, gender)
        elif kind == "letter" and not part:
            told = self._letter(path, words)
        else:
            told = labels.part(words, part) if part or kind == "correspondence" else ""
        return (told, self._words.tag) if told else (words, language)

    def _letter(self, path: str, words: str) -> str:
        """The title of a letter, made anew in this language; `""` when it is not the one that the mapping makes."""
        row, say = self._texts.by_path.get(path), self._words
        if row is None or say is None:
            return ""
        date = literal(typed(row.edtf, edtf.EDTF)).text if row.edtf else "undated"
        who, to, where = (
            [label(self._documents, one)[0] for one in some] for some in (row.writers, row.addressees, row.written_at)
        )
        if words != _title(who, to, where, date, str):
            return ""
        return _title(who, to, where, say.date(date), say.gettext)


def _all_in(pieces: list[str], words: str) -> bool:
    """True for `14-supplement` and `supplement to letter 14`."""
    return all(piece in words for piece in pieces)


def _title(who: list[str], to: list[str], where: list[str], date: str, say: Callable[[str], str]) -> str:
    """`Victor Serge to Leon Trotsky, Brussels, 22 April 1936`."""
    both = f" {say('and')} "
    between = f"{both.join(who)} {say('to')} {both.join(to)}" if to else both.join(who)
    return ", ".join(filter(None, (between.strip(), both.join(where), date)))
