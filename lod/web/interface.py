"""The interface's languages: which one a reader gets, and its words, numbers and dates. Content keeps its own language.

Words are translated from English with `locale/{tag}.po`; what has no translation stays English.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from babel import Locale
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from starlette.requests import Request

from lod.web import negotiate

LANGUAGES = {"en": "English", "fr": "Français"}
"""The languages of the interface by tag, each in its own words; the first is what nobody asked for gets."""
COOKIE = "lang"
"""Remembers a choice made with `?lang=`; nothing else is ever kept of a reader."""

VARY = ("Accept-Language", "Cookie")
"""The request's fields that decide the language of a page."""

_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_DATES = {
    "fr": (
        (r"between (.+) and (.+)", r"entre \1 et \2"),
        (r"not after (.+)", r"au plus tard \1"),
        (r"not before (.+)", r"au plus tôt \1"),
        (r"from (.+) to (.+)", r"de \1 à \2"),
        (r"from (.+)", r"depuis \1"),
        (r"until (.+)", r"jusqu’à \1"),
        (r"about ", "vers "),
        (r"\(uncertain\)", "(incertain)"),
        (r"\bBCE\b", "av. J.-C."),
        (r"\b(\d{3})0s\b", r"années \g<1>0"),
        (r"\b1 (?=[a-zéû]+ \d)", "1er "),
        (r"\b(au plus tard|au plus tôt|entre|et) (?=\d{1,2}(?:er)?\b)", r"\1 le "),
    )
}
"""How the labels of dates, which are English sentences in the data, read in another language."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One language. `singular` holds translations by message, `plural` pairs of forms by (one, several)."""

    tag: str
    singular: dict[str, str]
    plural: dict[tuple[str, str], tuple[str, str]]

    def gettext(self, message: str) -> str:
        """A message in this language."""
        return self.singular.get(message, message)

    def ngettext(self, one: str, several: str, count: int) -> str:
        """A message that counts: English says one of exactly 1, French of 0 too."""
        forms = self.plural.get((one, several), (one, several))
        return forms[0 if count == 1 or (self.tag == "fr" and count == 0) else 1]

    def number(self, value: float) -> str:
        """`1,234`, `1 234`."""
        return format_decimal(value, locale=Locale(self.tag))

    def date(self, label: str) -> str:
        """A date's label in this language."""
        if self.tag not in _DATES:
            return label
        for english, own in zip(_MONTHS["en"], _MONTHS[self.tag], strict=True):
            label = label.replace(english, own)
        for pattern, replacement in _DATES[self.tag]:
            label = re.sub(pattern, replacement, label)
        return label

    def postmark(self, day: str) -> tuple[str, str, str]:
        """A day (`1936-05-27`) as a postmark has it: day, short month, year."""
        year, month, date = day.rsplit("-", 2)
        return date.lstrip("0"), _MONTHS[self.tag][int(month) - 1][:4].rstrip("e").upper(), year


def load(tag: str) -> Interface:
    """The interface in one of `LANGUAGES`; English needs no catalogue."""
    singular: dict[str, str] = {}
    plural: dict[tuple[str, str], tuple[str, str]] = {}
    file = files("lod.web").joinpath("locale", f"{tag}.po")
    if file.is_file():
        with file.open("rb") as stream:
            for message in read_po(stream, locale=tag):
                if isinstance(message.id, tuple) and isinstance(message.string, tuple):
                    plural[message.id[0], message.id[1]] = (message.string[0], message.string[1])
                elif isinstance(message.id, str) and message.id and isinstance(message.string, str):
                    singular[message.id] = message.string or message.id
    return Interface(tag, singular, plural)


def chosen(request: Request) -> str:
    """The tag of the interface a request gets: `?lang=`, else the choice made before, else `Accept-Language`."""
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    wishes = sorted(_languages(request.headers.get("accept-language", "")), key=lambda wish: -wish[1])
    return next((tag for tag, quality in wishes if tag in LANGUAGES and quality > 0), next(iter(LANGUAGES)))


def _languages(header: str) -> list[tuple[str, float]]:
    """Primary subtags with their weights, in the order of the header."""
    found = []
    for entry in header.split(","):
        tag, *parameters = (piece.strip() for piece in entry.split(";"))
        found.append((tag.lower().split("-")[0], negotiate.quality(parameters)))
    return found


Words = Callable[[str], str]
"""What turns a message into the reader's language."""
