"""EDTF, levels 0 to 2: first and last day of what a string means.

Library of Congress, Extended Date/Time Format, as ISO 8601-2:2019 has it: https://www.loc.gov/standards/datetime/.
Days are `YYYY-MM-DD` in the proleptic Gregorian calendar, `""` where an end is open. Seasons without a hemisphere
are as wide as either hemisphere has them.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from lod.errors import DateError

_ATOM = re.compile(
    r"""(?P<year>-?[\dX]{4}|Y-?[1-9]\d{3,11}|Y-?[1-9]\d{0,8}E\d{1,2})(?:S[1-9]\d{0,2})?
        (?:-(?P<month>[\dX]{2})(?:-(?P<day>[\dX]{2}))?)?""",
    re.VERBOSE,
)
_PLAIN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_QUALIFIERS = re.compile(r"[?~%]")
_PLACED = re.compile(r"[?~%]?-?(?:[\dX]{4}|Y-?\d+(?:E\d+)?)(?:S\d+)?[?~%]?(?:-[?~%]?[\dX]{2}[?~%]?){0,2}")
_MEMBER = re.compile(r"^(?P<start>[^.]*)\.\.(?P<end>[^.]*)$")
_MONTHS_OF_SEASON = {
    21: (3, 11), 22: (6, 14), 23: (3, 11), 24: (6, 14),
    25: (3, 5), 26: (6, 8), 27: (9, 11), 28: (12, 14),
    29: (9, 11), 30: (12, 14), 31: (3, 5), 32: (6, 8),
    33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12),
    37: (1, 4), 38: (5, 8), 39: (9, 12), 40: (1, 6), 41: (7, 12),
}  # fmt: skip
"""First and last month of each season; 13 and 14 are those of the next year."""
SEASONS = range(21, 42)
_OPEN = ("", "..")


def is_day(edtf: str) -> bool:
    """True for a day of the years 1 to 9999 that exists, without doubt."""
    try:
        return _PLAIN_DAY.fullmatch(edtf) is not None and bool(date.fromisoformat(edtf))
    except ValueError:
        return False


@lru_cache(maxsize=8192)
def bounds(edtf: str) -> tuple[str, str]:
    """First and last day of an EDTF string; `DateError` when it is none or names a day that does not exist."""
    if is_day(edtf):
        return edtf, edtf
    if edtf[:1] in ("[", "{"):
        earliest, latest = _set(edtf)
    elif "/" in edtf:
        start, _, end = edtf.partition("/")
        if start in _OPEN and end in _OPEN:
            raise DateError(f"'{edtf}' has neither beginning nor end")
        earliest = "" if start in _OPEN else _day(start)[0]
        latest = "" if end in _OPEN else _day(end)[1]
    else:
        earliest, latest = _day(edtf)
    if earliest and latest and order(earliest) > order(latest):
        raise DateError(f"'{edtf}' ends before it begins")
    return earliest, latest


def _set(edtf: str) -> tuple[str, str]:
    """One of, or all of, several members: `[1667,1668-02..1669]`, `{1960,1961-12}`, `[..1984]`."""
    if edtf[-1:] != {"[": "]", "{": "}"}[edtf[0]]:
        raise DateError(f"'{edtf}' is not closed")
    firsts, lasts = [], []
    for member in edtf[1:-1].split(","):
        match = _MEMBER.fullmatch(member.strip())
        if match is None:
            first, last = _day(member.strip())
        elif not match["start"] and not match["end"]:
            raise DateError(f"'{edtf}' has neither beginning nor end")
        else:
            first = _day(match["start"])[0] if match["start"] else ""
            last = _day(match["end"])[1] if match["end"] else ""
            if first and last and order(first) > order(last):
                raise DateError(f"'{edtf}' ends before it begins")
        firsts.append(first)
        lasts.append(last)
    return ("" if "" in firsts else min(firsts, key=order)), ("" if "" in lasts else max(lasts, key=order))


def _day(edtf: str) -> tuple[str, str]:
    """First and last day of a single date, whatever of it is unspecified or doubtful."""
    plain = _QUALIFIERS.sub("", edtf)
    match = _ATOM.fullmatch(plain)
    if match is None or _PLACED.fullmatch(edtf) is None or "S0" in edtf:
        raise DateError(f"'{edtf}' is no EDTF date: write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = match["year"], match["month"], match["day"]
    first, last = _years(year, plain)
    if year.startswith("Y") and month:
        raise DateError(f"'{edtf}': a year written with Y has no month")
    if month is None:
        return f"{first}-01-01", f"{last}-12-31"
    if month.isdigit() and int(month) in SEASONS:
        if day is not None:
            raise DateError(f"'{edtf}': a season has no day")
        return _season(first, last, int(month))
    months = _fitting(month, 1, 12)
    if not months:
        raise DateError(f"'{edtf}': there is no month {month}")
    if day is None:
        return f"{first}-{months[0]:02d}-01", f"{last}-{months[-1]:02d}-{_length(last, months[-1]):02d}"
    return _within(edtf, first, last, months, day)


def _within(edtf: str, first: str, last: str, months: list[int], day: str) -> tuple[str, str]:
    """The first and the last day that exist among the years, months and days that fit."""
    starts = [
        f"{first}-{month:02d}-{days[0]:02d}" for month in months if (days := _fitting(day, 1, _length(first, month)))
    ]
    ends = [
        f"{last}-{month:02d}-{days[-1]:02d}" for month in months if (days := _fitting(day, 1, _length(last, month)))
    ]
    if not starts and "X" in edtf[:5] and day == "29":
        starts = [f"{_leap(first, 1)}-02-29"]
    if not ends and "X" in edtf[:5] and day == "29":
        ends = [f"{_leap(last, -1)}-02-29"]
    if not starts or not ends:
        raise DateError(f"'{edtf}': month {months[0]:02d} of {first} has no day {day}")
    return starts[0], ends[-1]


def _leap(year: str, step: int) -> str:
    """The next leap year from `year` on, upwards or downwards."""
    number = int(year)
    while _length(str(number), 2) != 29:
        number += step
    return _written(number)


def _years(year: str, edtf: str) -> tuple[str, str]:
    """First and last year of `1936`, `193X`, `1950S2`, `Y17E7`."""
    if year.startswith("Y"):
        digits, _, exponent = year[1:].partition("E")
        number = int(digits) * 10 ** int(exponent or 0)
        if abs(number) >= 10**12:
            raise DateError(f"'{edtf}' is too far away")
        first = last = number
    elif "X" in year:
        sign = -1 if year.startswith("-") else 1
        ends = sorted(sign * int(year.lstrip("-").replace("X", digit)) for digit in "09")
        first, last = ends[0], ends[1]
    else:
        first = last = int(year)
        if year == "-0000":
            raise DateError(f"'{edtf}': year 0 is written 0000")
    significant = re.search(r"S(\d+)", edtf)
    if significant:
        unit = 10 ** max(0, len(str(abs(first))) - int(significant[1]))
        low = abs(first) // unit * unit
        first, last = sorted((low, low + unit - 1)) if first >= 0 else sorted((-low - unit + 1, -low))
    return _written(first), _written(last)


def _season(first: str, last: str, season: int) -> tuple[str, str]:
    start, end = _MONTHS_OF_SEASON[season]
    until = _written(int(last) + (end > 12))
    month = (end - 1) % 12 + 1
    return f"{first}-{start:02d}-01", f"{until}-{month:02d}-{_length(until, month):02d}"


def _fitting(pattern: str, low: int, high: int) -> list[int]:
    """The numbers from `low` to `high` that a pattern such as `1X` or `XX` may stand for."""
    if pattern.isdigit():
        return [int(pattern)] if low <= int(pattern) <= high else []
    fits: Callable[[str], bool] = re.compile(pattern.replace("X", "[0-9]")).fullmatch  # type: ignore[assignment]
    return [number for number in range(low, high + 1) if fits(f"{number:02d}")]


def _length(year: str, month: int) -> int:
    """Days of a month in the proleptic Gregorian calendar, which repeats every 400 years."""
    return monthrange(int(year) % 400 + 2000, month)[1]


def _written(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def order(day: str) -> tuple[int, int, int]:
    """A day as numbers that sort."""
    year, month, date = day.rsplit("-", 2)
    return int(year), int(month), int(date)
