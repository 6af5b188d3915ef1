"""Browsing: the things of a kind, narrowed down by facets. Counted from tables made when a dump is loaded.

A set of things is one integer with a bit for each: to narrow down is `&`, to count is `bit_count`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from anyascii import anyascii

from lod.store.documents import Documents
from lod.terms import Iri, Literal
from lod.vocab import crm, lod, schema
from lod.web.happenings import Happenings
from lod.web.texts import Texts, bounds, label
from lod.web.values import plain


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a kind down. `name` stands in addresses, `label` on the page (an English message).

    Values are the objects of these properties: things of `kind` (any if empty), or years or months (`span`) of a date.
    """

    name: str
    label: str
    properties: tuple[Iri, ...]
    kind: str = ""
    span: str = ""
    upwards: bool = False
    """True when a place counts for the places it lies in, too."""


_PLACES, _TYPE = (schema.locationCreated, schema.location, crm.P7_took_place_at), (crm.P2_has_type,)
FACETS: Mapping[str, tuple[Facet, ...]] = {
    "letter": (
        Facet("with", "Correspondent", (schema.sender, schema.recipient, lod.addressed_to)),
        Facet("from", "From", (schema.sender,)),
        Facet("to", "To", (schema.recipient, lod.addressed_to)),
        Facet("year", "Year", (schema.dateCreated,), span="year"),
        Facet("place", "Written at", (schema.locationCreated,), upwards=True),
        Facet("language", "Language", (crm.P72_has_language,)),
        Facet("type", "Kind", _TYPE),
        Facet("person", "Person mentioned", (schema.mentions,), "person"),
        Facet("organisation", "Organisation mentioned", (schema.mentions,), "organisation"),
        Facet("work", "Work mentioned", (schema.mentions,), "work"),
        Facet("month", "Month", (schema.dateCreated,), span="month"),
    ),
    "document": (
        Facet("from", "Author", (schema.author,)),
        Facet("year", "Year", (schema.dateCreated,), span="year"),
        Facet("language", "Language", (crm.P72_has_language,)),
        Facet("type", "Kind", _TYPE),
        Facet("person", "Person mentioned", (schema.mentions,), "person"),
        Facet("organisation", "Organisation mentioned", (schema.mentions,), "organisation"),
    ),
    "person": (
        Facet("occupation", "Occupation", (schema.hasOccupation,)),
        Facet("member", "Member of", (schema.memberOf,)),
        Facet("country", "Country", (schema.nationality,)),
        Facet("born", "Year of birth", (schema.birthDate,), span="year"),
        Facet("died", "Year of death", (schema.deathDate,), span="year"),
    ),
    "organisation": (
        Facet("type", "Kind", _TYPE),
        Facet("place", "Place", (schema.location,), upwards=True),
        Facet("part", "Belongs to", (schema.parentOrganization,)),
    ),
    "place": (Facet("type", "Kind", _TYPE), Facet("place", "Lies in", (schema.containedInPlace,), upwards=True)),
    "event": (
        Facet("type", "Kind", _TYPE),
        Facet("year", "Year", (schema.startDate,), span="year"),
        Facet("place", "Place", _PLACES, upwards=True),
        Facet("person", "Who took part", (crm.P11_had_participant, crm.P14_carried_out_by), "person"),
    ),
    "work": (
        Facet("type", "Kind", _TYPE),
        Facet("from", "Author", (schema.author,)),
        Facet("year", "Year", (schema.datePublished, schema.dateCreated), span="year"),
        Facet("publisher", "Published by", (schema.publisher,)),
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: what stands in the address, its words, how many things it leaves, whether it is chosen."""

    value: str
    text: str
    language: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a choice leaves: paths in order, and for every facet its values that leave something."""

    paths: Sequence[str]
    choices: Sequence[tuple[Facet, Sequence[Choice]]]


class Catalogue:
    """The things of one kind with their facets."""

    def __init__(self, documents: Documents, kind: str, texts: Texts, happenings: Happenings) -> None:
        self._documents = documents
        self.facets = FACETS.get(kind, ())
        self.paths = _ordered(documents, kind, texts, happenings)
        self.folded = [fold(label(documents, path)[0]) for path in self.paths]
        self._names: dict[str, tuple[str, str]] = {}
        self._bits: dict[str, dict[str, int]] = {facet.name: {} for facet in self.facets}
        for row, path in enumerate(self.paths):
            for facet in self.facets:
                for value in _values(documents, path, facet, texts):
                    held = self._bits[facet.name]
                    held[value] = held.get(value, 0) | 1 << row

    def find(self, chosen: Mapping[str, Sequence[str]], words: str) -> Found:
        """The things that have every chosen value, and every word in their names. Unknown facets choose nothing."""
        whole = self._worded(words)
        for name, values in chosen.items():
            for value in values if name in self._bits else ():
                whole &= self._bits[name].get(value, 0)
        paths = [self.paths[row] for row in _rows(whole)]
        return Found(paths, [(facet, self._choices(facet, whole, chosen.get(facet.name, ()))) for facet in self.facets])

    def _worded(self, words: str) -> int:
        wanted = fold(words).split()
        if not wanted:
            return (1 << len(self.paths)) - 1
        whole = 0
        for row, text in enumerate(self.folded):
            if all(word in text for word in wanted):
                whole |= 1 << row
        return whole

    def _choices(self, facet: Facet, whole: int, chosen: Sequence[str]) -> Sequence[Choice]:
        """Most frequent first, years in order; chosen values stay even when they leave nothing."""
        counted = ((value, (bits & whole).bit_count()) for value, bits in self._bits[facet.name].items())
        found = [(value, count) for value, count in counted if count or value in chosen]
        found.sort(key=(lambda pair: (pair[0], 0)) if facet.span else (lambda pair: ("", -pair[1])))
        return [Choice(value, *self._named(value), count, value in chosen) for value, count in found]

    def _named(self, value: str) -> tuple[str, str]:
        if value not in self._names:
            self._names[value] = label(self._documents, value) if "/" in value else (value, "")
        return self._names[value]


def fold(text: str) -> str:
    """Without accents, case and script: what somebody types finds what somebody wrote."""
    return anyascii(text).lower()


def _rows(whole: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    text = bin(whole)[:1:-1]
    place = text.find("1")
    while place >= 0:
        yield place
        place = text.find("1", place + 1)


def _ordered(documents: Documents, kind: str, texts: Texts, happenings: Happenings) -> Sequence[str]:
    """Texts and events by date; people by the last word of their names; all else by name."""
    paths = [f"{kind}/{key}" for key in documents.keys(kind)]
    if kind in ("letter", "document"):
        known = set(paths)
        return [row.path for row in texts.rows if row.path in known]
    if kind == "event":
        known = set(paths)
        return list(dict.fromkeys((*(row.path for row in happenings.rows if row.path in known), *paths)))
    names = {path: fold(label(documents, path)[0]).split() for path in paths}
    return sorted(paths, key=lambda path: names[path][-1:] + names[path][:-1] if kind == "person" else names[path])


def _values(documents: Documents, path: str, facet: Facet, texts: Texts) -> set[str]:
    """What a thing has of a facet."""
    if facet.span and path in texts.by_path:
        return {getattr(texts.by_path[path], facet.span)} - {""}
    found = set()
    thing = documents.iris.of(path)
    for subject, predicate, node in documents.own(path):
        if subject != thing or predicate not in facet.properties:
            continue
        if facet.span:
            earliest, latest = bounds(plain(Literal(node))[0])
            found |= {earliest[:-6]} if earliest[:-6] == latest[:-6] else set()
        elif node[0] == "<":
            target = documents.iris.path(Iri(node))
            if target and (not facet.kind or target.startswith(f"{facet.kind}/")):
                found.add(target)
    return _wider(documents, found) if facet.upwards else found


def _wider(documents: Documents, places: set[str]) -> set[str]:
    """Places and all the places they lie in."""
    found, open_ones = set(places), list(places)
    while open_ones:
        place = open_ones.pop()
        thing = documents.iris.of(place)
        for subject, predicate, node in documents.own(place):
            if subject == thing and predicate == schema.containedInPlace:
                wider = documents.iris.path(Iri(node))
                if wider and wider not in found:
                    found.add(wider)
                    open_ones.append(wider)
    return found
