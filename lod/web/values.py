"""Terms as something to show: words, their language, a link if there is one. Nothing here decides where it stands."""

import re
from dataclasses import dataclass

from lod import dates
from lod.errors import DateError
from lod.terms import Iri, Literal, address
from lod.vocab import edtf, xsd
from lod.web import words

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^(<[^>]*>))?', re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "yi")
_DATES = frozenset({xsd.date, xsd.gYear, xsd.gYearMonth, edtf.EDTF})


@dataclass(frozen=True, slots=True)
class Value:
    """Something to show. `printed` is the form in the source, `dated` marks words that are a date's label."""

    text: str
    language: str = ""
    href: str = ""
    note: str = ""
    printed: str = ""
    foreign: bool = False
    dated: bool = False

    @property
    def direction(self) -> str:
        """`rtl` for scripts that run so."""
        return "rtl" if self.language.split("-")[0] in _RIGHT_TO_LEFT and "latn" not in self.language else "ltr"


def literal(term: Literal) -> Value:
    """A literal in words: dates as people write them, everything else as it is."""
    text, language, datatype = plain(term)
    if datatype in _DATES:
        try:
            return Value(dates.parse(text).label, note=text, dated=True)
        except DateError:
            return Value(text)
    return Value(text, language)


def plain(term: Literal) -> tuple[str, str, str]:
    """The characters of a literal, its language tag and its datatype, each `""` when there is none."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        return term, "", ""
    text = match[1]
    return _ESCAPED.sub(_unescape, text) if "\\" in text else text, match[2] or "", match[3] or ""


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(match[3], match[3])


def foreign(term: Iri) -> Value:
    """Somebody else's IRI: a link only when it is one that a browser should follow."""
    target = address(term)
    shown = words.prefixed(term)
    if shown != target:
        return Value(words.words(term).out, note=shown)
    safe = target.startswith(("https://", "http://"))
    return Value(target.partition("://")[2].rstrip("/") if safe else target, href=target if safe else "", foreign=safe)


def natural(path: str) -> list[tuple[int, int, str]]:
    """Sorts `letter/2` before `letter/10`."""
    return [(0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in re.split(r"(\d+)", path)]


def naturally(path: str) -> str:
    """Text that sorts as `natural` does."""
    return "".join(
        f"{len(number):04}{number}" if place % 2 and (number := str(int(piece))) else f"{piece}\0"
        for place, piece in enumerate(re.split(r"(\d+)", path))
    )
