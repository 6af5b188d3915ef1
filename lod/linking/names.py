"""Names as they can be compared: letters folded, spellings of other languages read, initials and patronymics known.

A **reading** is a spelling brought to one form. A word has several: `Sinowjew` is read as German (`zinovev`) and as it
stands. Two words are the same name when they share a reading; near ones are compared by their closest readings.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from anyascii import anyascii
from rapidfuzz import fuzz

ALIKE = 72.0
"""Readings less alike than this (0 to 100) are different words."""
SAME = 97.0
"""Words at least this much alike are one word, spelt otherwise."""
RENDERED = 95.0
"""How much alike `Leon` and `Lev` are: one name, in two languages."""

_SLAVIC = str.maketrans(
    {"č": "ch", "š": "sh", "ž": "zh", "ŝ": "shch", "ć": "ch", "ś": "s", "ń": "n", "ł": "l", "ě": "e", "ʹ": "", "ʺ": ""}
)
_EXPANDED = re.compile(r"\.?\s?\[(\w*)\]")
_POINTS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_WORD = re.compile(r"[^\W_]+")
_GERMAN = (
    ("schtsch", "shch"), ("tsch", "\1"), ("sch", "\2"), ("ch", "kh"), ("\1", "ch"), ("\2", "sh"),
    ("w", "v"), ("tz", "ts"), ("z", "ts"), ("j", "y"),
)  # fmt: skip
_FRENCH = (("tch", "\1"), ("ch", "sh"), ("\1", "ch"), ("dj", "j"), ("ou", "u"), ("gu", "g"), ("ge", "zhe"), ("qu", "k"))
_SCIENTIFIC = (("ch", "\1"), ("c", "ts"), ("\1", "ch"), ("j", "y"))
_COMMON = (
    (r"x", "ks"), (r"ph", "f"), (r"tz|tc(?=[ei])", "ts"), (r"ck", "k"), (r"c(?=[aouklrt]|$)", "k"), (r"w", "v"), (r"ff", "f"),
    (r"(?<=[oei])f$", "v"), (r"iev|yev|jev", "ev"), (r"(?<=sk)(?:iy|ij|yi|ii|yj|y|i|j)$", "i"),
    (r"(?<=[bcdfghklmnprstvz])(?:iy|ij|yj|ii|ey|y|j)$", "i"), (r"[ijy](?=[aou])", "i"), (r"^[jy]e|(?<=[^aeiou])[yj]e", "e"),
    (r"(?<=[^aeiou])ie(?=[vnrlmst])", "e"), (r"(?<=in)e$|(?<=zh)e$", ""), (r"y|j", "i"), (r"(.)\1+", r"\1"),
)  # fmt: skip
_RULES = tuple((re.compile(pattern), instead) for pattern, instead in _COMMON)
_SOFT_S = re.compile(r"(?:^|(?<=[aeiouy]))s(?=[aeiouy])")
_PATRONYMIC = re.compile(r".{2,}(?:ovich|evich|ovna|evna|inichna|ovits|evits)")
_RELATIVE = re.compile(r"\b(?:of|wife|son|daughter|father|mother|brother|sister|grandson|husband)\b|['’]s\b")
_YEARS = re.compile(r"\(?\b(1[0-9]{3}|20[0-9]{2})\s*[-–—]\s*(1[0-9]{3}|20[0-9]{2})?\)?\s*$")
_PARTICLES = frozenset(
    [
        "de",
        "du",
        "des",
        "von",
        "van",
        "der",
        "den",
        "di",
        "da",
        "do",
        "la",
        "le",
        "y",
        "et",
        "und",
        "and",
        "the",
        "of",
        "del",
        "della",
        "dr",
        "mr",
        "mrs",
        "general",
        "comrade",
        "old",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name. An initial has no readings; `first` are the letters that may stand for a word."""

    text: str
    readings: tuple[str, ...] = ()
    first: frozenset[str] = frozenset()
    patronymic: bool = False
    family: bool = False

    @property
    def full(self) -> bool:
        """True for a word, False for an initial."""
        return bool(self.readings)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A name as written, with the years that stood behind it (0 when there were none)."""

    forms: tuple[str, ...]
    born: int = 0
    died: int = 0


def fold(text: str) -> str:
    """Small ASCII letters and single spaces: what is left when case, accents, points and hyphens do not count."""
    text = unicodedata.normalize("NFKC", _EXPANDED.sub(r"\1", text)).lower().translate(_SLAVIC)
    text = anyascii(_POINTS.sub("", text)).lower().replace("'", "").replace("`", "")
    return " ".join(_WORD.findall(text))


@lru_cache(maxsize=1 << 18)
def readings(word: str) -> tuple[str, ...]:
    """The forms that a folded word may stand for, as it is spelt, and as a German, a Frenchman, a Slavist spells."""
    found = [_common(word)]
    for rules in (_GERMAN, _FRENCH, _SCIENTIFIC):
        read = word
        for spelt, instead in rules:
            read = read.replace(spelt, instead)
        if rules is _GERMAN:
            read = _SOFT_S.sub("z", read) if "z" not in word else read
        if read != word:
            found.append(_common(read))
    return tuple(dict.fromkeys(found))


def _common(word: str) -> str:
    for pattern, instead in _RULES:
        word = pattern.sub(instead, word)
    return word


@lru_cache(maxsize=1 << 16)
def same_given(word: str) -> frozenset[str]:
    """The given names that are this one in another language or in short, itself included: empty for an unknown word."""
    return _given().get(word, frozenset())


def given_names() -> list[str]:
    """The given names that are known, each once."""
    return list(dict.fromkeys(word for family in _families() for word in family))


def _families() -> list[list[str]]:
    lines = files("lod.linking").joinpath("given_names.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@lru_cache(maxsize=1)
def _given() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for family in _families():
        for word in family:
            for form in {word, *readings(word)}:
                found.setdefault(form, set()).update(family, *(readings(other) for other in family))
    return {word: frozenset(family) for word, family in found.items()}


def alike(one: Word, other: Word) -> float:
    """How much alike two full words are, 0 to 100; below `ALIKE` it is 0. One name in two languages is `RENDERED`."""
    best = max(fuzz.ratio(first, second) for first in one.readings for second in other.readings)
    best = min(best, SAME + 3 if one.text == other.text else 99.0)
    if best < RENDERED and not same_given(one.readings[0]).isdisjoint(other.readings):
        return RENDERED
    return best if best >= ALIKE else 0.0


def words(name: str, people: bool = True) -> tuple[Word, ...]:
    """The words of a name in their order. Of people, `BM` and `L.` beside a word are initials, articles are left out."""
    head, comma, _ = name.partition(",")
    family = fold(head).split()[-1:] if comma else []
    spelt = _EXPANDED.sub(r"\1", unicodedata.normalize("NFKC", name))
    pieces = [piece for piece in _WORD.findall(spelt.replace("'", "").replace("’", "")) if fold(piece)]
    if not people:
        return tuple(_full(each) for each in fold(name).split())
    several = any(len(piece) > 3 for piece in pieces)
    found: list[Word] = []
    for piece in pieces:
        folded = fold(piece)
        if folded in _PARTICLES and len(pieces) > 1:
            continue
        if _stands_for_names(piece, several):
            found.extend(Word(letter, first=frozenset(letter)) for letter in folded)
        else:
            found.extend(_full(each) for each in folded.split())
    return _roles(found, family)


def _stands_for_names(piece: str, several: bool) -> bool:
    if len(piece) == 1:
        return True
    consonants = not set("aeiou") & set(fold(piece))
    return several and piece.isupper() and (len(piece) == 2 or (len(piece) == 3 and consonants))


@lru_cache(maxsize=1 << 18)
def _full(folded: str) -> Word:
    read = readings(folded)
    return Word(folded, read, frozenset(each[0] for each in (folded, *read, *same_given(read[0]))))


def _roles(found: list[Word], family: list[str]) -> tuple[Word, ...]:
    """Which word is the family's name (before the comma, else the last) and which a patronymic (not the only word)."""
    full = [word for word in found if word.full]
    last = next((word for word in full if word.text in family), full[-1] if full else None)
    told = []
    for word in found:
        patronymic = word.full and len(full) > 1 and any(_PATRONYMIC.fullmatch(each) for each in word.readings)
        patronymic = patronymic and (word is not last or len(full) == 2) and word.text not in family
        told.append(Word(word.text, word.readings, word.first, patronymic, word is last and not patronymic))
    return tuple(told)


def parse(text: str) -> Parsed:
    """A name as an editor, an index or a catalogue writes it: years behind it, other names in brackets or after a slash."""
    years = _YEARS.search(text)
    born, died = (int(years[1]), int(years[2] or 0)) if years else (0, 0)
    text = (text[: years.start()] if years else text).strip(" ,;")
    inside = [each for each in re.findall(r"\(([^)]*)\)", text) if not _RELATIVE.search(each.lower())]
    outside = re.sub(r"\s*\([^)]*\)", "", text).strip(" ,;")
    forms = [outside, *inside, *(re.split(r"\s*/\s*", outside) if "/" in outside else ())]
    if inside:
        forms.append(f"{outside} {' '.join(inside)}")
    return Parsed(tuple(dict.fromkeys(form for form in forms if fold(form))), born, died)
