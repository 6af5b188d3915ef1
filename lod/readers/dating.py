"""Dates as the world writes them: TEI's dating attributes in all their forms, other calendars, words.

What is meant is read, what is guessed or odd is a finding, what means nothing is left out and told.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import ModuleType

from babel.dates import get_month_names
from convertdate import coptic, french_republican, hebrew, islamic, julian, persian

from lod.dates import DOUBT, Date, doubted, from_tei, parse
from lod.edtf import bounds, order
from lod.errors import DateError
from lod.report import Report, Source

_ATTRIBUTES = {"when": "when", "notBefore": "not_before", "notAfter": "not_after", "from": "start", "to": "end"}
_FORMS = tuple((name, f"{name}-iso", f"{name}-custom", argument) for name, argument in _ATTRIBUTES.items())
NAMES = frozenset(name for *names, _ in _FORMS for name in names)
"""The attributes that can hold a date."""
_TIME = re.compile(r"(-?\d{4,}-\d\d-\d\d)(?:T[\d:.,]+)?(?:Z|[+-]\d\d:?\d\d)?")
_ZONE = re.compile(r"(-?\d{4}(?:-\d\d)?)(?:Z|[+-]\d\d:\d\d)")
_WEEK = re.compile(r"(\d{4})-?W(\d\d)(?:-?([1-7]))?")
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})")
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)")
_ZEROS = re.compile(r"(\d{4})(-\d\d)?(?:-00)+")
_SHORT = re.compile(r"[1-9]\d{1,2}")
_ENDS, _BOUNDS = ("start", "end"), ("when", "not_before", "not_after")
_ENDS_IN_EDTF = re.compile(r"\.\.|[/,]")
_WRITTEN = "2026-11-23"
"""No day that this program is told to be today lies before."""
_SEASON = re.compile(r"\d{4}-(2[1-9]|3\d|4[01])")
_SENTINELS = re.compile(r"0000(-.*)?|0001(-01(-01)?)?|1000-01-01|9999(-.*)?")
_CALENDARS: Mapping[str, ModuleType] = {
    "julian": julian,
    "hebrew": hebrew,
    "jewish": hebrew,
    "islamic": islamic,
    "hijri": islamic,
    "persian": persian,
    "coptic": coptic,
    "republican": french_republican,
}
_DAY = re.compile(r"(-?\d{1,4})-(\d\d?)-(\d\d?)")

_UNSAID = (None, None, None)
_PLAIN = re.compile(r"1[1-9]\d\d-(?:0[1-9]|1\d)-(?:0[1-9]|[1-3]\d)")
"""As most days are written: there is nothing to tidy."""

Get = Callable[[str], str | None]


def is_dating(name: str) -> bool:
    """True for the name of an attribute that gives a date: `when`, `from-iso` …"""
    return name.partition("-")[0] in _ATTRIBUTES


def given(get: Get, source: Source, key: str, report: Report) -> dict[str, str]:
    """The dating attributes of an element as `from_tei` wants them, whichever of `-iso`, `-custom` or plain they are.

    `get` gives an attribute by its name. `@calendar` shifts nothing: it names the calendar of the printed text.
    """
    found: dict[str, str] = {}
    for name, name_iso, name_custom, argument in _FORMS:
        written = get(name), get(name_iso), get(name_custom)
        if written == _UNSAID:
            continue
        plain, iso, custom = ((value or "").strip() for value in written)
        value = plain or iso
        if plain and iso and _TIME.sub(r"\1", plain) != _TIME.sub(r"\1", iso):
            report.warning(
                "date-twice", f"@{name}='{plain}' and @{name}-iso='{iso}' differ: the first is taken", source, key
            )
        if _PLAIN.fullmatch(value):
            found[argument] = value
            continue
        if not value and custom:
            value = _converted(name, custom, get("datingMethod") or "", source, key, report)
        days = _iso_days(value, in_iso=not plain)
        if days:
            if plain:
                message = f"@{name}='{value}' is read as {' to '.join(dict.fromkeys(days))}"
                report.warning("date-form", message, source, key, f"weeks are for @{name}-iso")
            found.update(_spread(argument, *days))
            continue
        if value:
            value = _tidy(name, value, source, key, report)
        if value:
            found[argument] = value
    return found


def _iso_days(value: str, *, in_iso: bool) -> tuple[str, str] | None:
    """First and last day of a week, of a day of a week, or of the nth day of a year, as ISO 8601 writes them; None for all else.

    Elsewhere than in `-iso` three digits after the year may as well be a slip of the pen for month and day.
    """
    week = _WEEK.fullmatch(value)
    ordinal = _ORDINAL.fullmatch(value) if in_iso and week is None else None
    try:
        if week:
            first = date.fromisocalendar(int(week[1]), int(week[2]), int(week[3] or 1))
            return first.isoformat(), (first if week[3] else first + timedelta(6)).isoformat()
        if ordinal:
            day = date(int(ordinal[1]), 1, 1) + timedelta(int(ordinal[2]) - 1)
            return (day.isoformat(), day.isoformat()) if day.year == int(ordinal[1]) else None
    except (ValueError, OverflowError):
        return None
    return None


def _spread(argument: str, first: str, last: str) -> dict[str, str]:
    """Some days as what an attribute says: one of them, or the first or last."""
    if argument == "when" and first != last:
        return {"not_before": first, "not_after": last}
    return {argument: last if argument in ("not_after", "end") else first}


def _tidy(name: str, value: str, source: Source, key: str, report: Report) -> str:
    """A value without time and zone; sentinels dropped, unusual forms read and told."""
    value = _ZONE.sub(r"\1", value) if _ZONE.fullmatch(value) else value
    if _TIME.fullmatch(value):
        value = _TIME.sub(r"\1", value)
    if _SENTINELS.fullmatch(value):
        report.warning("date-sentinel", f"@{name}='{value}' stands for 'no date' and was left out", source, key)
        return ""
    if match := _BASIC.fullmatch(value):
        report.warning(
            "date-form", f"@{name}='{value}' is read as {'-'.join(match.groups())}", source, key, "write hyphens"
        )
        return "-".join(match.groups())
    if _SHORT.fullmatch(value):
        report.warning(
            "date-form", f"@{name}='{value}' is read as {value.zfill(4)}", source, key, "write years in four digits"
        )
        return value.zfill(4)
    if match := _ZEROS.fullmatch(value):
        plain = match[1] + (match[2] if match[2] and match[2] != "-00" else "")
        report.warning("date-form", f"@{name}='{value}' is read as {plain}", source, key, "leave out what is not known")
        return plain
    return value


def _converted(name: str, value: str, method: str, source: Source, key: str, report: Report) -> str:
    """A day of another calendar in ours; `""` and a finding when calendar or day are not understood."""
    calendar = next((known for word, known in _CALENDARS.items() if word in method.lower()), None)
    match = _DAY.fullmatch(value)
    if calendar is None or match is None:
        message = f"@{name}-custom='{value}' with @datingMethod='{method}' is not understood and was left out"
        report.warning("date-calendar", message, source, key, f"known are {', '.join(_CALENDARS)}, days as Y-M-D")
        return ""
    there = int(match[1]), int(match[2]), int(match[3])
    try:
        year, month, day = calendar.to_gregorian(*there)
        if calendar.from_gregorian(year, month, day) != there or (not there[0] and calendar is french_republican):
            raise ValueError("there is no such month or day")
    except (ValueError, IndexError, ArithmeticError) as error:
        report.warning("date-calendar", f"@{name}-custom='{value}' is no day of its calendar: {error}", source, key)
        return ""
    return f"{year:0{5 if year < 0 else 4}d}-{month:02d}-{day:02d}"


def read(values: dict[str, str], *, uncertain: bool, circa: bool, printed: str) -> tuple[Date, str]:
    """The date that the values mean, and what could not be used of them. `DateError` when they mean none.

    EDTF has no interval whose ends are ranges: beside @from and @to the other values are left out, unless they say
    nothing that the interval does not say itself. Of a day between two bounds, the bounds count.
    """
    left = ""
    if not values.keys().isdisjoint(_ENDS) and not values.keys().isdisjoint(_BOUNDS):
        interval = {name: value for name, value in values.items() if name in _ENDS}
        known = from_tei(start=interval.get("start", ""), end=interval.get("end", ""))
        left = ", ".join(
            f"{name}='{values[name]}'" for name in _BOUNDS if name in values and _adds(name, values, known)
        )
        values = interval
    elif {"when", "not_before", "not_after"} <= values.keys():
        left = f"when='{values['when']}'"
        values = {name: value for name, value in values.items() if name != "when"}
    if set(values) == {"when"} and (_SEASON.fullmatch(values["when"]) or not values["when"].replace("-", "").isdigit()):
        doubt = DOUBT[uncertain, circa]
        value = values["when"]
        single = (value[-1:].isalnum() or value[-1:] in DOUBT.values()) and "/" not in value
        return parse(doubted(value, doubt) if single else value, printed), left
    return from_tei(**values, uncertain=uncertain, circa=circa, printed=printed), left


def _adds(name: str, values: Mapping[str, str], known: Date) -> bool:
    """True when a value beside an interval says more than the interval, or something else."""
    first, last = bounds(values[name])
    begins = bool(known.earliest) and order(known.earliest) >= order(first)
    ends = bool(known.latest) and order(known.latest) <= order(last)
    return not {"not_before": begins, "not_after": ends}.get(name, begins and ends)


def ahead(found: Date) -> str:
    """The day before which a date, or an end of it, has not come; `""` where all of it was past when this was written."""
    if len(found.latest) == len(_WRITTEN) and found.latest <= _WRITTEN:
        return ""
    ends = [part for part in _ENDS_IN_EDTF.split(found.edtf.strip("[]{}")) if part]
    day = max((bounds(part)[0] for part in ends), key=order)
    return day if order(day) > order(_WRITTEN) else ""


# ---- words

_TONGUES = ("en", "de", "fr", "it", "es", "nl", "nb", "da", "sv", "la")
_LATIN = [
    "ianuarii",
    "februarii",
    "martii",
    "aprilis",
    "maii",
    "iunii",
    "iulii",
    "augusti",
    "septembris",
    "octobris",
    "novembris",
    "decembris",
]
_UNDATED = (
    *(
        "unknown",
        "unkown",
        "unbekannt",
        "undated",
        "undatiert",
        "inconnue?",
        "sans date",
        "ohne datum",
        "ukjent",
        "udatert",
    ),
    *(r"o\. ?d\.?", r"s\. ?d\.?", r"n\. ?d\.?"),
)
_NOTHING = re.compile(rf"\W*(?:{'|'.join(_UNDATED)})?\W*", re.IGNORECASE)
_WEEKDAY = r"(?:[^\W\d]{2,10}\.?,\s+)?"
_MONTH, _YEAR = r"(?P<m>[^\W\d]{3,12})\.?", r"(?P<y>\d{4})"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}-(?P<n>\d\d)-(?P<d>\d\d)",
        rf"{_YEAR}-(?P<n>\d\d)",
        rf"(?P<d>\d{{1,2}})\. ?(?P<n>\d{{1,2}})\. ?{_YEAR}",
        rf"{_WEEKDAY}(?:the |le )?(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?(?: of| de| di)? {_MONTH},?(?: de| del)? {_YEAR}",
        rf"{_WEEKDAY}{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH}(?: of| de)? {_YEAR}",
        _YEAR,
    )
)
_CIRCA = re.compile(r"^(?:ca?\.|circa|um|about|around|vers|env\.?|omkring|etwa)\s+", re.IGNORECASE)


def says_nothing(words: str) -> bool:
    """True for `unknown`, `o. D.`, `?`, nothing: words that stand where a date would."""
    return _NOTHING.fullmatch(words) is not None


def from_words(words: str) -> Date | None:
    """The date that words mean, when they can mean only one: `17 December 1932`, `[5. Mai 1824?]`, `um 1810`; else None.

    Days and months both written in digits are read only with full stops, which put the day first.
    """
    plain = words.strip()
    uncertain = plain.rstrip(" ])").endswith("?")
    plain = plain.strip("[]() ").rstrip("?. ").strip("[]() ")
    circa = _CIRCA.search(plain) is not None
    plain = _CIRCA.sub("", plain)
    for pattern in _PATTERNS:
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        parts = match.groupdict()
        month = int(parts["n"]) if parts.get("n") else _months().get(parts["m"].lower(), 0) if parts.get("m") else None
        if month == 0:
            continue
        value = parts["y"] + (f"-{month:02d}" if month else "") + (f"-{int(parts['d']):02d}" if parts.get("d") else "")
        if _SENTINELS.fullmatch(value):
            return None
        try:
            return from_tei(when=value, uncertain=uncertain, circa=circa, printed=words)
        except DateError:
            return None
    return None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Names and abbreviations of the months in several languages; those that mean different months are left out."""
    names: dict[str, set[int]] = {}
    for tongue in _TONGUES[:-1]:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, tongue).items():
                    names.setdefault(str(name).lower().rstrip("."), set()).add(number)
    for number, name in enumerate(_LATIN, 1):
        names.setdefault(name, set()).add(number)
    return {name: next(iter(numbers)) for name, numbers in names.items() if len(numbers) == 1}
