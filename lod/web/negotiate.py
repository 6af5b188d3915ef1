"""What a client would rather get: `Accept` with q-values, for documents, query results and errors alike.

HTML is given only to clients that name it; `*/*` means the first of what is offered. Among equals a named type comes
before an alias, an alias before a range, then the order in the header decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lod.formats import HTML, Format

PROBLEM = Format("problem", "application/problem+json", "Problem details", ("application/json",))
"""How errors are told to programs (RFC 9457)."""

_NAMED, _ALIAS, _RANGE, _ANY = 4, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Wish:
    """One entry of an `Accept` header."""

    media_type: str
    quality: float


def wishes(header: str) -> list[Wish]:
    """The entries of an `Accept` header in order. What is no media range is left out; only `q` counts."""
    found = []
    for entry in header.split(","):
        media_type, *parameters = (piece.strip() for piece in entry.split(";"))
        if "/" in media_type:
            found.append(Wish(media_type.lower(), quality(parameters)))
    return found


def quality(parameters: Sequence[str]) -> float:
    """The weight that `q` gives, 1 without one or when it is no number."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 1.0
    return 1.0


def rank(header: str | None, offered: Sequence[Format]) -> list[Format]:
    """The offered formats that the client takes, best first; empty when there is none. No header takes all but HTML."""
    if header is None or not header.strip():
        return [form for form in offered if form is not HTML]
    return list(_ranked(header, tuple(offered)))


@lru_cache(maxsize=512)
def _ranked(header: str, offered: tuple[Format, ...]) -> tuple[Format, ...]:
    """Clients send few different headers, again and again."""
    asked = wishes(header)
    scored = [(score, form) for form in offered if (score := _score(form, asked)) is not None]
    return tuple(form for score, form in sorted(scored, key=lambda pair: pair[0]))


def choose(header: str | None, offered: Sequence[Format]) -> Format | None:
    """The best offered format, or `None`: then 406 is the honest answer."""
    return next(iter(rank(header, offered)), None)


def _score(form: Format, asked: Sequence[Wish]) -> tuple[float, int, int] | None:
    """How gladly a format is taken (less is better), by the most specific range that covers it."""
    matches = [(how, -place, wish) for place, wish in enumerate(asked) if (how := _match(form, wish.media_type))]
    if not matches:
        return None
    how, place, wish = max(matches, key=lambda match: match[:2])
    if how == _ALIAS:  # several names of one format: the best of them counts
        how, place, wish = max((m for m in matches if m[0] == how), key=lambda match: match[2].quality)
    return (-wish.quality, -how, -place) if wish.quality > 0 else None


def _match(form: Format, media_range: str) -> int:
    if media_range == form.media_type:
        return _NAMED
    if media_range in form.aliases:
        return _ALIAS
    if form is HTML:
        return 0
    if media_range == "*/*":
        return _ANY
    return _RANGE if media_range == form.media_type.split("/")[0] + "/*" else 0
