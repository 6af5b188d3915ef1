"""Labels that the mapping makes (`Birth of …`, `Note 5 to chapter 2`, types) in another language than English.

Their words stand in `locale/{tag}.po`, each under a context that says where it holds:

type           what a type is called
type {gender}  the same of a thing whose words have this gender, where that makes a difference
label          a part of a record: what it is called as a whole
label {part}   the same, only for parts whose key begins so (`member-poum`: `label member`)
text           a letter inside a label: `letter 12`
claim          what somebody concludes or doubts
finding        a sentence of the report on an edition

Places in a message are named by what stands in them: `%(text)s` a letter or a title, `%(claim)s` a claim, `%(date)s`,
`%(phrase)s` a date inside a sentence, `%(type)s`, `%(types)s`, `%(language)s`, `%(key)s` a number or key; anything else is
a name and stays as it is. Labels that fit nothing are content and keep their language.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from babel import Locale

_LONGEST = 400
"""No label that the mapping makes is longer; what is, is not looked at."""
_PLACE = re.compile(r"%\((\w+)\)s")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = rf"(?:(?:between|and|not|after|before|from|to|until|about|BCE|\(uncertain\)|{_MONTH}|\d+s?)\b ?|\(uncertain\))+"
_SHAPES: Mapping[str, str] = {
    "key": r"\d+[\w-]*|[a-z]\w*(?:-\w+)+",
    "chapter": r"\d+",
    "date": _DATE,
    "phrase": rf"(?:on |in |by |)(?:{_DATE})",
}
"""What may stand in a place, where that is not anything."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    shape: re.Pattern[str]
    said: str
    places: tuple[str, ...]


@dataclass(slots=True)
class Labels:
    """The labels of one language. `messages` are English → its words by context; `date` translates a date's label."""

    tag: str
    messages: Mapping[str, Mapping[str, str]]
    date: Callable[[str], str]
    _patterns: dict[str, tuple[_Pattern, ...]] = field(default_factory=dict)
    _languages: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._languages.update(_languages(self.tag))
        for context, known in self.messages.items():
            self._patterns[context] = tuple(_pattern(*pair) for pair in known.items() if "%(" in pair[0])

    def type(self, label: str, gender: str = "") -> str:
        """What a type is called, `""` when nobody translated it."""
        agreeing = self.messages.get(f"type {gender}", {}).get(label, "")
        return agreeing or self.messages.get("type", {}).get(label, "")

    def language(self, tag: str) -> str:
        """The name of a language by its tag, `""` for one that Unicode's tables do not have."""
        own, (first, *rest) = Locale.parse(self.tag), tag.split("-")
        name = own.languages.get(first, "")
        more = [own.scripts.get(piece.title()) or own.territories.get(piece.upper()) or piece for piece in rest]
        return f"{name} ({', '.join(more)})" if name and more else name

    def finding(self, sentence: str) -> str:
        """A sentence of the report on an edition, `""` when nobody translated it."""
        return self._fitting("finding", sentence)

    def part(self, label: str, part: str) -> str:
        """The label of a part of a record by its key there (`member-poum`, `""` for a record), `""` when it is content."""
        found = self.messages.get("label", {}).get(label) or self._fitting("label", label)
        return found or self._fitting(f"label {re.split('[-/]', part)[0]}", label) if part else found

    def _fitting(self, context: str, label: str) -> str:
        if len(label) > _LONGEST:
            return ""
        for pattern in self._patterns.get(context, ()):
            match = pattern.shape.fullmatch(label)
            if match is None:
                continue
            said = {place: self._placed(place, match[place]) for place in pattern.places}
            if all(said.values()):
                return _elided(pattern.said % said, self.tag)
        return ""

    def _placed(self, place: str, words: str) -> str:
        """What stands in a place, in this language; `""` when it has to be known and is not."""
        match place:
            case "text":
                known = self.messages.get("text", {})
                return known.get(words) or self._fitting("text", words) or words
            case "claim":
                return self._fitting("claim", words)
            case "date":
                return self.date(words)
            case "phrase":
                return self.date(re.sub(r"^by ", "not after ", re.sub(r"^(on|in) ", "", words)))
            case "type":
                return self.type(words)
            case "types":
                return ", ".join(self.type(word) or word for word in words.split(", "))
            case "language":
                return self._languages.get(words, "")
        return words


def _pattern(message: str, said: str) -> _Pattern:
    pieces, places = [], []
    for number, piece in enumerate(_PLACE.split(message)):
        pieces.append(f"(?P<{piece}>{_SHAPES.get(piece, '.+?')})" if number % 2 else re.escape(piece))
        if number % 2:
            places.append(piece)
    return _Pattern(re.compile("".join(pieces)), said, tuple(places))


def _elided(label: str, tag: str) -> str:
    """`Mort de Ascaso` as `Mort d’Ascaso`."""
    return (
        re.sub(r"\b(de|De) (?=[AEIOUÀÂÉÈÊÎÔÛŒaeiouàâéèêîôûœ])", lambda match: match[1][0] + "’", label)
        if tag == "fr"
        else label
    )


def _languages(tag: str) -> dict[str, str]:
    """English names of languages → their names in this one."""
    own = Locale.parse(tag).languages
    return {english: own[code] for code, english in Locale("en").languages.items() if code in own}
