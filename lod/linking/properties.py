"""What else is known of something, and whether it agrees with what is asked: years, sex, occupation, bodies, places, ids.

One table serves queries (a property raises or lowers a score), suggestions of properties, and the extension of data.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from lod.authorities import SCHEMES, recognise
from lod.linking.entity import Entity, Span, years
from lod.linking.names import fold, readings

ALL = ("person", "organisation", "place", "work", "event")
_YEAR = re.compile(r"-?\d{4}")
_NEAR, _FAR = 25.0, 100.0
"""Kilometres: nearer than the first is the same place, farther than the second another one."""


class Verdict(StrEnum):
    """What a property says of a candidate."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """A value of a query: words, or something known by an id (`text` is its name then)."""

    text: str
    id: str = ""


Value = str | int | float | tuple[str, str]
"""A value to hand out: words, a number, or (id, name) of another entity."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property. `agrees` is added to a score; a score that `differs` is multiplied by it, and can be no sure match."""

    id: str
    name: str
    description: str
    kinds: tuple[str, ...]
    compare: Callable[[Entity, Asked], Verdict]
    values: Callable[[Entity], Sequence[Value]]
    agrees: float = 0.0
    differs: float = 1.0
    aliases: tuple[str, ...] = ()
    tells: bool = False
    """True for what makes a match sure when it agrees, and leaves it unsure when it is asked and not known."""


def _verdict(agrees: bool) -> Verdict:
    return Verdict.AGREES if agrees else Verdict.DIFFERS


def year(text: str) -> Span:
    """The years that a value means: a date, an EDTF string, or words with a year in them."""
    span = years(text.strip())
    if not span and (found := _YEAR.search(text)):
        return Span(int(found[0]), int(found[0]))
    return span


def _overlap(known: Span, asked: Span) -> Verdict:
    """One year more or less is no contradiction: calendars and memories differ."""
    if not known or not asked:
        return Verdict.UNKNOWN
    first, last = known.first if known.first is not None else -9999, known.last if known.last is not None else 9999
    return _verdict((asked.last or asked.first or 0) >= first - 1 and (asked.first or asked.last or 0) <= last + 1)


def _birth(entity: Entity, asked: Asked) -> Verdict:
    told = _overlap(entity.birth, year(asked.text))
    if told is Verdict.UNKNOWN and entity.active.first is not None and (span := year(asked.text)):
        late = span.first is not None and span.first > entity.active.first - 5
        old = span.last is not None and entity.active.first - span.last > 100
        return Verdict.DIFFERS if late or old else Verdict.UNKNOWN
    return told


def _death(entity: Entity, asked: Asked) -> Verdict:
    told = _overlap(entity.death, year(asked.text))
    if told is Verdict.UNKNOWN and entity.active.last is not None and (span := year(asked.text)):
        return Verdict.DIFFERS if span.last is not None and span.last < entity.active.last - 1 else Verdict.UNKNOWN
    return told


def _date(entity: Entity, asked: Asked) -> Verdict:
    return _overlap(entity.date, year(asked.text))


_SEXES = {
    "m": "male",
    "f": "female",
    "w": "female",
    "male": "male",
    "female": "female",
    "männlich": "male",
    "weiblich": "female",
}


def _sex(entity: Entity, asked: Asked) -> Verdict:
    word = asked.text.strip().rpartition("/")[2].lower().removeprefix("sex-")
    wanted = _SEXES.get(word, "")
    return _verdict(entity.sex == wanted) if entity.sex and wanted else Verdict.UNKNOWN


def _among(known: Iterable[str], asked: Asked) -> Verdict:
    """Whether one of some names is the one asked for, or nearly."""
    found, wanted = [fold(name) for name in known], fold(asked.text)
    if not found or not wanted:
        return Verdict.UNKNOWN
    return _verdict(
        any(readings(wanted) == readings(name) or fuzz.token_sort_ratio(wanted, name) >= 85 for name in found)
    )


def _occupation(entity: Entity, asked: Asked) -> Verdict:
    return _among(entity.occupations, asked)


def _body(entity: Entity, asked: Asked) -> Verdict:
    if asked.id and entity.organisations:
        return _verdict(any(asked.id == path for path, _ in entity.organisations))
    return _among((label for _, label in entity.organisations), asked)


_STATES = {"soviet union": "ussr", "udssr": "ussr", "urss": "ussr", "us": "united states of america", "usa": "united states of america",
           "united states": "united states of america", "uk": "britain", "great britain": "britain", "united kingdom": "britain",
           "the netherlands": "holland", "netherlands": "holland"}  # fmt: skip


def _country(entity: Entity, asked: Asked) -> Verdict:
    wanted = fold(asked.text)
    names = [_STATES.get(fold(name), fold(name)) for name in entity.places]
    return _among(names, Asked(_STATES.get(wanted, wanted)))


def _coordinates(entity: Entity, asked: Asked) -> Verdict:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", asked.text)
    if not entity.point or len(numbers) != 2:
        return Verdict.UNKNOWN
    longitude_first = asked.text.strip().upper().startswith("POINT")
    latitude, longitude = (float(number) for number in (reversed(numbers) if longitude_first else numbers))
    far = kilometres(entity.point, (latitude, longitude))
    return Verdict.UNKNOWN if _NEAR < far <= _FAR else _verdict(far <= _NEAR)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points on a sphere of 6,371 km (haversine)."""
    phi, psi = math.radians(one[0]), math.radians(other[0])
    across, along = (psi - phi) / 2, math.radians(other[1] - one[1]) / 2
    return 12742 * math.asin(math.sqrt(math.sin(across) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(along) ** 2))


def _type(entity: Entity, asked: Asked) -> Verdict:
    return _among(entity.types, asked)


def _name(entity: Entity, asked: Asked) -> Verdict:
    return _among((form.text for form in entity.names), asked)


def _uri(entity: Entity, asked: Asked) -> Verdict:
    wanted = recognise(asked.id or asked.text.strip())
    if wanted is None:
        return _verdict((asked.id or asked.text) in (*entity.same_as, entity.iri, entity.id))
    return _identifier(wanted[0], entity, wanted[1])


def _identifier(scheme: str, entity: Entity, wanted: str) -> Verdict:
    known = [found[1] for found in map(recognise, entity.same_as) if found and found[0] == scheme]
    return _verdict(wanted in known) if known and wanted else Verdict.UNKNOWN


def identifiers(entity: Entity, scheme: str) -> list[str]:
    """What an authority calls something: `118525751`."""
    return [found[1] for found in map(recognise, entity.same_as) if found and found[0] == scheme]


def _authority(scheme: str) -> Property:
    def compare(entity: Entity, asked: Asked) -> Verdict:
        found = recognise(asked.id or asked.text.strip())
        return _identifier(scheme, entity, found[1] if found else asked.text.strip())

    names = {"gnd": "GND", "viaf": "VIAF", "wikidata": "Wikidata", "geonames": "GeoNames"}
    label = names.get(scheme, scheme.upper())
    return Property(
        scheme, f"{label} identifier", f"What {label} calls it, without the address", ALL, compare,
        lambda entity: identifiers(entity, scheme), 100.0, 0.4, (f"{scheme}id",), tells=True,
    )  # fmt: skip


def _span(read: Callable[[Entity], Span]) -> Callable[[Entity], Sequence[Value]]:
    return lambda entity: [str(read(entity))] if read(entity) else []


PROPERTIES = (
    Property(
        "birthDate", "year of birth", "A year, or a date in ISO 8601 or EDTF", ("person",),
        _birth, _span(lambda one: one.birth), 8, 0.45, ("birth", "birthyear", "born", "dateofbirth", "p569"), tells=True,
    ),
    Property(
        "deathDate", "year of death", "A year, or a date in ISO 8601 or EDTF", ("person",),
        _death, _span(lambda one: one.death), 8, 0.45, ("death", "deathyear", "died", "dateofdeath", "p570"), tells=True,
    ),
    Property(
        "gender", "sex", "male or female", ("person",),
        _sex, lambda one: [one.sex] if one.sex else [], 1, 0.6, ("sex", "p21"),
    ),
    Property(
        "hasOccupation", "occupation", "In words", ("person",),
        _occupation, lambda one: one.occupations, 4, 0.97, ("occupation", "profession", "p106"),
    ),
    Property(
        "memberOf", "organisation", "A body that somebody belongs to, in words or by its id here", ("person",),
        _body, lambda one: one.organisations, 4, 0.97, ("organisation", "organization", "affiliation", "p102", "p463"),
    ),
    Property(
        "country", "country or place", "A country or place: where somebody comes from or lives, where a body sits",
        ("person", "organisation"), _country, lambda one: one.places, 3, 0.95, ("nationality", "place", "p27"),
    ),
    Property(
        "containedInPlace", "lies in", "A country or place that something lies in", ("place",),
        _country, lambda one: one.places, 4, 0.5, ("country", "place", "p17"), tells=True,
    ),
    Property(
        "geo", "coordinates", "Latitude and longitude in degrees: 59.99, 29.78", ("place",), _coordinates,
        lambda one: [f"{one.point[0]}, {one.point[1]}"] if one.point else [],
        8, 0.5, ("coordinates", "latlong", "p625"), tells=True,
    ),
    Property(
        "date", "date", "When it happened or appeared", ("event", "work"),
        _date, _span(lambda one: one.date), 6, 0.5, ("year", "datepublished", "startdate", "p585"), tells=True,
    ),
    Property(
        "type", "kind of thing", "In words: newspaper, isolator, trial", ("organisation", "place", "work", "event"),
        _type, lambda one: one.types, 2, 0.97, ("additionaltype",),
    ),
    Property(
        "alternateName", "names", "All names it bears or is written by; in a query one more that it may bear", ALL,
        _name, lambda one: [form.text for form in one.names], 4, 0.97, ("name", "names", "variantname"),
    ),
    Property(
        "sameAs", "address elsewhere", "What authority files call it, as addresses", ALL,
        _uri, lambda one: one.same_as, 100, 0.4, ("uri", "url", "exactmatch"), tells=True,
    ),
    *(_authority(scheme.name) for scheme in SCHEMES),
    Property(
        "letters", "number of letters", "Letters of the edition that somebody sent or received", ("person", "organisation"),
        lambda _one, _asked: Verdict.UNKNOWN, lambda one: [one.letters],
    ),
)  # fmt: skip


def find(identifier: str, kind: str = "") -> Property | None:
    """The property with an id or alias, for a kind when several have it; capitals, spaces and signs do not count."""
    wanted = re.sub(r"[\s_-]", "", identifier.rpartition("/")[2]).lower()
    found = [each for each in PROPERTIES if wanted == each.id.lower() or wanted in each.aliases]
    return next((each for each in found if not kind or kind in each.kinds), found[0] if found and not kind else None)
