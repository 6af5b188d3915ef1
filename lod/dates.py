"""Dates as EDTF with earliest and latest day, exactly: open ends stay open, doubt stays doubt, the printed form is kept.

EDTF: Library of Congress, Extended Date/Time Format, levels 0 to 2, as ISO 8601-2 has them.
"""

import re
from functools import lru_cache

from lod.edtf import SEASONS, bounds, is_day
from lod.errors import DateError
from lod.spool import Value, frozen

_DAY = re.compile(
    r"(?P<year>-?\d{4}|-?\d{3}X|-?\d{2}XX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?(?P<doubt>[?~%]?)"
)
DOUBT = {(False, False): "", (True, False): "?", (False, True): "~", (True, True): "%"}
"""How EDTF marks a day that is uncertain, approximate, or both."""
_EXACT = re.compile(r"-?\d{4}(-(0\d|1[0-2])(-\d\d)?)?")
_SEASONS = (
    *("spring", "summer", "autumn", "winter") * 3,
    *("first quarter of", "second quarter of", "third quarter of", "fourth quarter of"),
    *("first third of", "second third of", "last third of", "first half of", "second half of"),
)
_MONTHS = [
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
]


@frozen()
class Date(Value):
    """A date as EDTF. `earliest` and `latest` are days (`YYYY-MM-DD`), `""` where that end is open.

    `printed` is the form in the source. A range `[a..b]` is one unknown day in it, an interval `a/b` lasts.
    """

    edtf: str
    earliest: str
    latest: str
    printed: str = ""

    @property
    def exact(self) -> str:
        """The value when it is exact to day, month or year (`1936-04-22`, `1936-04`, `1936`), else `""`."""
        return self.edtf if _EXACT.fullmatch(self.edtf) else ""

    @property
    def phrase(self) -> str:
        """For people, inside a sentence: `on 22 April 1936`, `in April 1936`, `by 24 April 1936` for a day until then."""
        if _is_range(self.edtf) and self.latest and self.earliest:
            return f"by {_day_label(self.edtf[1:-1].split('..', 1)[1])}"
        if self.edtf[0] in "[{." or "/" in self.edtf:
            return self.label
        return f"{'on' if self.earliest == self.latest else 'in'} {self.label}"

    @property
    def label(self) -> str:
        """For people: `22 April 1936`, `between 22 and 24 April 1936`, `from 1933 to 1936`, `1939 (uncertain)`."""
        return _label(self.edtf)


def parse(edtf: str, printed: str = "") -> Date:
    """Read an EDTF string; `DateError` when it is none or names a day that does not exist."""
    edtf = edtf.strip()
    return Date(edtf, *bounds(edtf), printed)


def from_tei(
    *,
    when: str = "",
    not_before: str = "",
    not_after: str = "",
    start: str = "",
    end: str = "",
    uncertain: bool = False,
    circa: bool = False,
    printed: str = "",
) -> Date:
    """The date that TEI's dating attributes mean: `@when @notBefore @notAfter @from @to`, `@cert` low, `@precision` low.

    Doubt marks every day named: `[1936-04?..1936-05?]` says that both ends are uncertain.
    `DateError` on none, on impossible days and on attributes that exclude each other.
    """
    doubt = DOUBT[uncertain, circa]
    if when and not (not_before or not_after or start or end):
        _plain("when", when)
        return parse(doubted(when, doubt), printed)
    for name, value in (
        ("when", when),
        ("notBefore", not_before),
        ("notAfter", not_after),
        ("from", start),
        ("to", end),
    ):
        if value:
            _plain(name, value)
    forms = [bool(when), bool(not_before or not_after), bool(start or end)]
    if not any(forms):
        raise DateError("a date needs one of @when, @notBefore/@notAfter or @from/@to")
    if forms[2] and sum(forms) > 1:
        raise DateError("@from/@to and @when, @notBefore, @notAfter exclude each other")
    not_before, not_after = not_before or when, not_after or when
    if start or end:
        return parse(f"{doubted(start, doubt) or '..'}/{doubted(end, doubt) or '..'}", printed)
    if not_before == not_after:
        return parse(doubted(not_before, doubt), printed)
    return parse(f"[{doubted(not_before, doubt)}..{doubted(not_after, doubt)}]", printed)


def doubted(value: str, doubt: str) -> str:
    """A day with a mark of doubt, one of those in `DOUBT`, besides its own: `1900?` and `~` are `1900%`."""
    if not value or not doubt:
        return value
    plain = value.rstrip("?~%")
    marks = value[len(plain) :] + doubt
    return plain + DOUBT["?" in marks or "%" in marks, "~" in marks or "%" in marks]


def _plain(name: str, value: str) -> None:
    if is_day(value):
        return
    match = _DAY.fullmatch(value)
    month, day = (match["month"] or "", match["day"] or "") if match else ("", "")
    unsaid = month == "XX" and day not in ("", "XX")
    if match is None or unsaid or int(month.replace("X", "1") or 1) in SEASONS:
        raise DateError(f"@{name}='{value}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    bounds(value)


def _is_range(edtf: str) -> bool:
    return edtf.startswith("[") and "," not in edtf and ".." in edtf


@lru_cache(maxsize=8192)
def _label(edtf: str) -> str:
    if _is_range(edtf):
        start, end = edtf[1:-1].split("..", 1)
        if not start:
            return f"not after {_day_label(end)}"
        if not end:
            return f"not before {_day_label(start)}"
        return f"between {_shared(start, end)} and {_day_label(end)}"
    if "/" in edtf:
        start, _, end = edtf.partition("/")
        if start in ("..", ""):
            return f"until {_day_label(end)}"
        if end in ("..", ""):
            return f"from {_day_label(start)}"
        return f"from {_shared(start, end)} to {_day_label(end)}"
    return _day_label(edtf)


def _shared(start: str, end: str) -> str:
    """The first of two days without what it shares with the second: `22` of `22 and 24 April 1936`."""
    if start[-1] not in "?~%" and end[-1] not in "?~%" and len(start) == len(end):
        if len(start) == 10 and start[:7] == end[:7]:
            return str(int(start[8:]))
        if len(start) > 4 and start[:4] == end[:4]:
            return _day_label(start).removesuffix(f" {start[:4]}")
    return _day_label(start)


def _day_label(day: str) -> str:
    match = _DAY.fullmatch(day)
    if match is None:
        return day
    year, month, date, doubt = match["year"], match["month"], match["day"], match["doubt"]
    words = f"{-int(year) + 1} BCE" if year.startswith("-") and "X" not in year else (year.lstrip("0") or "1 BCE")
    if "X" in year:
        words = {1: f"{year[:-1]}0s", 2: f"{year[:2]}00s"}[year.count("X")]
    if month not in (None, "XX") and int(month) in SEASONS:
        words = f"{_SEASONS[int(month) - SEASONS[0]]} {words}"
    elif month not in (None, "XX"):
        words = f"{_MONTHS[int(month) - 1]} {words}"
        if date not in (None, "XX"):
            words = f"{int(date)} {words}"
    before = "about " if doubt in ("~", "%") else ""
    after = " (uncertain)" if doubt in ("?", "%") else ""
    return f"{before}{words}{after}"
