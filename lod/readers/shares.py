"""What of a TEI file is one letter's: its `TEI` element with the header, its part of the text, what that part declares.

Text Encoding Initiative, P5 Guidelines, 16.3 (`@decls`): a part of a text says which descriptions of the header are its own.
"""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from lod.readers.xml import TEI, XML, Element

_PARTS = tuple(f"{TEI}{name}" for name in ("div", "text", "floatingText", "body"))
_ID = f"{XML}id"


class Share(NamedTuple):
    """`text` is the `TEI` element, or the corpus where it cannot be told which; `part`: what of it says that it is the letter's.

    When not `whole`, the header tells of several letters: of what it says of texts, only what `part` declares is the letter's.
    """

    text: Element
    part: Element | None
    whole: bool
    declared: frozenset[str]
    first: bool
    """Whether it is the first letter of its text."""
    claimed: Collection[str]
    """The ids that any part of the file declares."""

    def has(self, element: Element) -> bool:
        """Whether a description in the header (a manuscript, a publication) is the letter's."""
        return self.whole or element.get(_ID) in self.declared

    def is_claimed(self, element: Element) -> bool:
        """Whether a description in the header is that of some letter."""
        return element.get(_ID) in self.claimed


class Shares:
    """The shares of the letters in a file, or in one text of a large corpus."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._parts: dict[str, Element] = {}
        for part in root.iter(*_PARTS):
            for token in (part.get("decls") or "").split():
                self._parts.setdefault(token.removeprefix("#"), part)
        texts = root.findall(f"{TEI}TEI")
        self._only = texts[0] if len(texts) == 1 else root
        self._one_of_many = len(texts) > 1
        letters = list(root.iter(f"{TEI}correspDesc"))
        self._letters = Counter(map(self._text, letters))
        self._first = {text: letter for letter in reversed(letters) if (text := self._text(letter)) is not None}

    def of(self, letter: Element) -> Share:
        """The share of a `correspDesc`."""
        text, part = self._text(letter), self._part(letter)
        whole = self._letters[text] == 1 and not (text is self._root and self._one_of_many)
        tokens = (part.get("decls") or "").split() if part is not None else ()
        declared = frozenset(token.removeprefix("#") for token in tokens)
        return Share(text, part, whole, declared, self._first[text] is letter, self._parts.keys())

    def _text(self, letter: Element) -> Element:
        """The text around a description; of one in a corpus's header the text that declares it, else the only one."""
        around = next(letter.iterancestors(f"{TEI}TEI"), None)
        part = self._part(letter) if around is None else None
        declaring = next(part.iterancestors(f"{TEI}TEI"), None) if part is not None else None
        found = around if around is not None else declaring
        return found if found is not None else self._only

    def _part(self, letter: Element) -> Element | None:
        return self._parts.get(letter.get(_ID) or "")
