"""The interface's languages: which one a reader gets, and its words, numbers and dates. Content keeps its own language.

Words are translated from English with `locale/{tag}.po`; what has no translation stays English.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from starlette.requests import Request

from lod.web import negotiate
from lod.web.labels import Labels

LANGUAGES = {"en": "English", "fr": "Français"}
"""The languages of the interface by tag, each in its own words; the first is what nobody asked for gets."""
_FORMS = {"en": "en_GB", "fr": "fr"}
"""Whose days each of them writes."""
COOKIE = "lang"
"""Remembers a choice made with `?lang=`; nothing else is ever kept of a reader."""

VARY = ("Accept-Language", "Cookie")
"""The request's fields that decide the language of a page."""

_DATES = {
    "fr": (
        (r"between (.+) and (.+)", r"entre \1 et \2"),
        (r"not after (.+)", r"au plus tard \1"),
        (r"not before (.+)", r"au plus tôt \1"),
        (r"from (.+) to (.+)", r"de \1 à \2"),
        (r"from (.+)", r"depuis \1"),
        (r"until (.+)", r"jusqu’à \1"),
        (r"about ", "vers "),
        (r"\(uncertain\)", "(incertaine)"),
        (r"\(as printed\)", "(imprimé ainsi)"),
        (r"\bundated\b", "sans date"),
        (r"\bBCE\b", "av. J.-C."),
        (r"\b(\d{3})0s\b", r"années \g<1>0"),
        (r"\bfirst half of ", "première moitié de "),
        (r"\bsecond half of ", "seconde moitié de "),
        (r"\bfirst (quarter|third) of ", r"premier \1 de "),
        (r"\bsecond (quarter|third) of ", r"deuxième \1 de "),
        (r"\bthird quarter of ", "troisième quarter de "),
        (r"\bfourth quarter of ", "quatrième quarter de "),
        (r"\blast third of ", "dernier third de "),
        (r"\bquarter de ", "trimestre de "),
        (r"\bthird de ", "tiers de "),
        (r"\bspring (?=\d)", "printemps "),
        (r"\bsummer (?=\d)", "été "),
        (r"\bautumn (?=\d)", "automne "),
        (r"\bwinter (?=\d)", "hiver "),
        (r"\b1 (?=[a-zéû]+ \d)", "1er "),
        (r"\b(au plus tard|au plus tôt|entre|et) (?=\d{1,2}(?:er)?\b)", r"\1 le "),
    )
}
"""How the labels of dates, which are English sentences in the data, read in another language."""


@dataclass(frozen=True)
class Interface:
    """One language. `singular` holds translations by message, `plural` pairs of forms by (one, several)."""

    tag: str
    singular: dict[str, str]
    plural: dict[tuple[str, str], tuple[str, str]]
    made: dict[str, dict[str, str]] = field(default_factory=dict)
    """Labels that the mapping makes, by context: `lod.web.labels` says which."""

    def gettext(self, message: str) -> str:
        """A message in this language."""
        return self.singular.get(message, message)

    def pgettext(self, context: str, message: str) -> str:
        """A message as it is said in a context, else as anywhere."""
        return self.made.get(context, {}).get(message) or self.gettext(message)

    def gender(self, noun: str) -> str:
        """The context in which words agree with a kind of thing, or with somebody of a sex; `""` when they need not."""
        return self.made.get("gender", {}).get(noun, "")

    def ngettext(self, one: str, several: str, count: int) -> str:
        """A message that counts: English says one of exactly 1, French of 0 too."""
        forms = self.plural.get((one, several), (one, several))
        return forms[0 if count == 1 or (self.tag == "fr" and count == 0) else 1]

    def number(self, value: float) -> str:
        """`1,234`, `1 234`."""
        return format_decimal(value, locale=Locale(self.tag))

    def percent(self, share: float) -> str:
        """`12%`, `12 %`."""
        return format_percent(share, locale=Locale(self.tag))

    def day(self, day: str) -> str:
        """A day (`1936-05-27`) in words."""
        return format_date(date.fromisoformat(day), "long", locale=_FORMS[self.tag])

    def date(self, label: str) -> str:
        """A date's label in this language."""
        if self.tag not in _DATES:
            return label
        for number, english in get_month_names("wide", locale="en").items():
            label = label.replace(english, get_month_names("wide", locale=self.tag)[number])
        for pattern, replacement in _DATES[self.tag]:
            label = re.sub(pattern, replacement, label)
        return label

    def inside(self, label: str) -> str:
        """A date's label inside a sentence, behind `born`: French says `le 30 décembre 1890`, `en mai 1936`, `en 1936`."""
        said = self.date(label)
        if self.tag != "fr":
            return said
        if re.match(r"\d{1,2}(er)? [a-zéû]+ \d", said):
            return f"le {said}"
        months = "|".join(get_month_names("wide", locale=self.tag).values())
        return f"en {said}" if re.match(rf"(({months}) )?\d{{3,4}}\b", said) else said

    def postmark(self, day: str) -> tuple[str, str, str]:
        """A day (`1936-05-27`) as a postmark has it: day, short month, year."""
        year, month, number = day.rsplit("-", 2)
        return number.lstrip("0"), get_month_names("abbreviated", locale=self.tag)[int(month)].rstrip(".").upper(), year

    def month(self, name: str) -> str:
        """A month (`1936-04`) in words, a year as it is."""
        year, _, month = name.rpartition("-")
        return f"{get_month_names('wide', locale=self.tag)[int(month)]} {year}" if year.lstrip("-") else name

    @cached_property
    def labels(self) -> Labels:
        """Labels that the mapping makes, in this language."""
        return Labels(self.tag, self.made, self.date)


def load(tag: str) -> Interface:
    """The interface in one of `LANGUAGES`; English needs no catalogue."""
    singular: dict[str, str] = {}
    plural: dict[tuple[str, str], tuple[str, str]] = {}
    made: dict[str, dict[str, str]] = {}
    file = files("lod.web").joinpath("locale", f"{tag}.po")
    if file.is_file():
        with file.open("rb") as stream:
            for message in read_po(stream, locale=tag):
                if isinstance(message.id, tuple) and isinstance(message.string, tuple):
                    plural[message.id[0], message.id[1]] = (message.string[0], message.string[1])
                elif isinstance(message.id, str) and message.id and isinstance(message.string, str):
                    held = made.setdefault(message.context, {}) if message.context else singular
                    held[message.id] = message.string or message.id
    return Interface(tag, singular, plural, made)


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
