"""What can be matched: an entity of an edition or of an authority file, as plain values, and how one is found in a dump."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lod import dates
from lod.errors import DateError
from lod.iris import owner
from lod.store.documents import Documents
from lod.terms import Iri, Literal, Node, address, value
from lod.vocab import crm, schema

KINDS = ("person", "organisation", "place", "work", "event")
"""The kinds of things that are matched, as they stand in paths."""

STRONG = frozenset(
    {"preferred", "variant", "birth-name", "pseudonym", "translated", "historical", "acronym", "former", "married-name"}
)
"""Kinds of names that a thing bears; others (`as-written`, `initials`, `address`, `pet-name`) are how somebody writes it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Years, both inclusive; None where that end is open."""

    first: int | None = None
    last: int | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        return f"{'' if self.first is None else self.first}–{'' if self.last is None else self.last}"


@dataclass(frozen=True, slots=True)
class Form:
    """One name and its kind, as in TEI."""

    text: str
    kind: str = "preferred"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something. `id` is what a service calls it; lists are empty and spans false where nothing is known."""

    id: str
    kind: str
    label: str
    names: tuple[Form, ...]
    iri: str = ""
    description: str = ""
    birth: Span = Span()
    death: Span = Span()
    active: Span = Span()
    """Of people: years in which they did or underwent something, birth and death left out."""
    date: Span = Span()
    """Of events and works."""
    sex: str = ""
    occupations: tuple[str, ...] = ()
    organisations: tuple[tuple[str, str], ...] = ()
    """Path and label of each body that a person belongs to."""
    places: tuple[str, ...] = ()
    """Names of countries: origin and homes of people, seats, what a place lies in, at every step."""
    point: tuple[float, float] | tuple[()] = ()
    """Latitude and longitude in degrees."""
    types: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    """Family names of husband, wife, parents and children: someone may be called by them."""
    letters: int = 0
    """Letters that a person or body sent or received."""


@dataclass(slots=True)
class _Reader:
    """Takes entities out of the documents of one edition; remembers what several of them ask for."""

    documents: Documents
    prefix: str = ""
    _within: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def entity(self, path: str) -> Entity:
        kind = path.split("/")[0]
        said = _Said(self.documents, path)
        label = next(said.words(schema.name), "") or said.label()
        birth, death = said.span("birth-date"), said.span("death-date")
        entity = Entity(
            id=self.prefix + path,
            kind=kind,
            label=label,
            names=tuple(_forms(said, label)),
            iri=address(self.documents.iris.of(path)),
            birth=birth,
            death=death,
            active=self._active(path, death) if kind == "person" else Span(),
            date=said.span("date")
            or said.span("publication-date")
            or said.span("creation-date")
            or said.span("writing-date"),
            sex=next(said.words(schema.gender), ""),
            occupations=tuple(self._labels(said.nodes(schema.hasOccupation))),
            organisations=tuple((self._id(each), self._label(each)) for each in said.nodes(schema.memberOf)),
            places=tuple(self._places(said)),
            point=_point(said),
            types=tuple(self._labels(said.nodes(crm.P2_has_type))),
            same_as=tuple(address(each) for each in said.nodes(schema.sameAs)),
            family=tuple(self._family(said)) if kind == "person" else (),
            letters=self._letters(path),
        )
        return _described(entity)

    def _id(self, term: Iri) -> str:
        path = self.documents.iris.path(term)
        return self.prefix + path if path else address(term)

    def _label(self, term: Iri) -> str:
        return next((value(label)[0] for label in self.documents.labels(term)), self._id(term))

    def _labels(self, terms: Iterable[Iri]) -> Iterator[str]:
        return (self._label(term) for term in terms)

    def _places(self, said: "_Said") -> Iterator[str]:
        found: dict[str, None] = {}
        for relation in (
            schema.nationality,
            schema.homeLocation,
            schema.location,
            schema.containedInPlace,
            schema.birthPlace,
        ):
            for term in said.nodes(relation):
                found.update(dict.fromkeys(self._around(self.documents.iris.path(term))))
        if schema.Country in self.documents.types(said.thing):
            found.update(dict.fromkeys(said.words(schema.name)))
        return iter(found)

    def _around(self, path: str, depth: int = 0) -> tuple[str, ...]:
        """The names of a place and of all that it lies in."""
        if path and path not in self._within:
            self._within[path] = ()
            said = _Said(self.documents, path)
            names = [*said.words(schema.name), *said.words(schema.alternateName)]
            for term in said.nodes(schema.containedInPlace) if depth < 12 else ():
                names += self._around(self.documents.iris.path(term), depth + 1)
            self._within[path] = tuple(dict.fromkeys(names))
        return self._within.get(path, ())

    def _family(self, said: "_Said") -> Iterator[str]:
        found: dict[str, None] = {}
        for relation in (schema.spouse, schema.parent, schema.children):
            for term in said.nodes(relation):
                kin = _Said(self.documents, self.documents.iris.path(term))
                names = [*kin.words(schema.name), *kin.words(schema.alternateName)]
                found.update(dict.fromkeys(name.split()[-1] for name in names if len(name.split()) > 1))
        return iter(found)

    def _active(self, path: str, death: Span) -> Span:
        """Years of what a person took part in. What is only told of them, and letters that mention them, does not count."""
        acts = {crm.P14_carried_out_by, crm.P11_had_participant, schema.sender, schema.recipient}
        years: list[int] = []
        spans: set[str] = set()
        for subject, predicate, _ in self.documents.incoming(path):
            if predicate in acts:
                spans.add(self.documents.iris.path(subject))
        for place in spans:
            thing, part = owner(place), place.removeprefix(owner(place)).strip("/")
            if part.startswith("assertion"):
                continue
            name = f"{part or 'writing'}-date" if part or thing.startswith("letter/") else "date"
            years += _certain(_Said(self.documents, thing).edtf(name))
        within = [year for year in years if not death or death.last is None or year <= death.last]
        return Span(min(within), max(within)) if within else Span()

    def _letters(self, path: str) -> int:
        found = {
            owner(self.documents.iris.path(subject))
            for subject, predicate, _ in self.documents.incoming(path)
            if predicate in (schema.sender, schema.recipient)
        }
        return len(found)


class _Said:
    """The statements of one thing and its parts, by property."""

    __slots__ = ("_nodes", "_parts", "documents", "path", "thing")

    def __init__(self, documents: Documents, path: str) -> None:
        self.documents, self.path, self.thing = documents, path, documents.iris.of(path)
        self._nodes: dict[Iri, list[Node]] = {}
        self._parts: dict[Iri, dict[Iri, list[Node]]] = {}
        for subject, predicate, node in documents.own(path):
            table = self._nodes if subject == self.thing else self._parts.setdefault(subject, {})
            table.setdefault(predicate, []).append(node)

    def words(self, predicate: Iri) -> Iterator[str]:
        """Literals of the thing itself."""
        return (value(Literal(node))[0] for node in self._nodes.get(predicate, ()) if node[0] == '"')

    def nodes(self, predicate: Iri) -> Iterator[Iri]:
        """Things that the thing itself points to."""
        return (Iri(node) for node in self._nodes.get(predicate, ()) if node[0] == "<")

    def label(self) -> str:
        return next((value(label)[0] for label in self.documents.labels(self.thing)), self.path)

    def part(self, term: Iri, predicate: Iri) -> list[Node]:
        """What a part says."""
        return self._parts.get(term, {}).get(predicate, [])

    def edtf(self, part: str) -> str:
        """The date of a time-span that is a part of the thing."""
        term = self.documents.iris.of(f"{self.path}/{part}")
        return next((value(Literal(node))[0] for node in self.part(term, crm.P82_at_some_time_within)), "")

    def span(self, part: str) -> Span:
        """The years of such a time-span."""
        return years(self.edtf(part))


def years(edtf: str) -> Span:
    """The years of a date in EDTF, nothing for what is none."""
    try:
        date = dates.parse(edtf)
    except DateError:
        return Span()
    return Span(*(int(day[:-6]) if day else None for day in (date.earliest, date.latest)))


def _certain(edtf: str) -> list[int]:
    """Years in which something was certainly going on: both ends of what has both, the known ends of what lasted."""
    span = years(edtf)
    known = [year for year in (span.first, span.last) if year is not None]
    return known if len(known) == 2 or "/" in edtf else []


def _forms(said: _Said, label: str) -> Iterator[Form]:
    """Each name with its kind; things without appellations have their titles."""
    found: dict[str, Form] = {}
    for term in said.nodes(crm.P1_is_identified_by):
        kinds = [address(Iri(kind)).rpartition("/name-")[2] for kind in said.part(term, crm.P2_has_type)]
        text = next((value(Literal(node))[0] for node in said.part(term, crm.P190_has_symbolic_content)), "")
        if text and kinds and not kinds[0].startswith("http"):
            kind = next((each for each in kinds if each in STRONG), kinds[0])
            found[text] = Form(text, kind)
    for predicate, kind in ((schema.name, "preferred"), (schema.alternateName, "variant")):
        for text in said.words(predicate):
            found.setdefault(text, Form(text, kind))
    if label not in found:
        found[label] = Form(label, "descriptive" if said.path.startswith("person/") else "preferred")
    return iter(found.values())


def _point(said: _Said) -> tuple[float, float] | tuple[()]:
    latitude, longitude = next(said.words(schema.latitude), ""), next(said.words(schema.longitude), "")
    return (float(latitude), float(longitude)) if latitude and longitude else ()


def _described(entity: Entity) -> Entity:
    """The entity with a short line that tells it from its namesakes: years, what it is, where."""
    life = f"{entity.birth or ''}–{entity.death or ''}" if entity.birth or entity.death else ""
    kind = entity.kind if entity.kind != "person" else ""
    types = [each for each in entity.types if each not in (entity.sex,)] if entity.kind != "person" else []
    said = [
        life,
        str(entity.date or ""),
        *(types[:1] or [kind]),
        *entity.occupations[:2],
        *(entity.places[:1] if entity.kind != "person" else ()),
    ]
    others = [form.text for form in entity.names if form.text != entity.label and form.kind in STRONG][:2]
    words = [*dict.fromkeys(word for word in said if word), *(f"also {name}" for name in others)]
    return replace(entity, description="; ".join(words))


def gather(documents: Documents, prefix: str = "") -> list[Entity]:
    """The entities of an edition, in the order of its dump; `prefix` stands before each path to make its id."""
    reader = _Reader(documents, prefix)
    return [reader.entity(f"{kind}/{key}") for kind in KINDS for key in documents.keys(kind)]
