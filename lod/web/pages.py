"""What a page about a thing shows, as plain values for the templates: no RDF and no decisions are left to them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lod.formats import JSON_LD, RDF_FORMATS
from lod.iris import KINDS
from lod.terms import Iri, Literal, Node, Triple, address
from lod.vocab import crm, dcterms, lod, rdf, rdfs, schema
from lod.web import deeds, groups, render, words
from lod.web.deeds import Deed
from lod.web.groups import Group
from lod.web.happenings import told_by
from lod.web.names import Named
from lod.web.runs import Cited, Run, runs
from lod.web.site import Room
from lod.web.texts import title
from lod.web.values import Value, foreign, literal

_INLINE = frozenset({crm.E52_Time_Span, crm.E33_E41_Linguistic_Appellation, crm.E42_Identifier})
"""Parts that are told where they are used, without a place of their own on a page."""
_ROLES = {
    crm.PC14_carried_out_by: crm.P14_1_in_the_role_of,
    crm.PC107_has_current_or_former_member: crm.P107_1_kind_of_member,
    crm.PC144_joined_with: crm.P144_1_kind_of_member,
    crm.PC67_refers_to: crm.P67_1_has_type,
    lod.PC11_had_participant: lod.in_the_role_of,
}
"""Nodes that say in which role: the class, and the property that names the role."""
_OF_MEMBERS = frozenset({crm.P107_1_kind_of_member, crm.P144_1_kind_of_member})
"""Roles of the person whose page tells of the membership."""


@dataclass(frozen=True, slots=True)
class Row:
    """One property with its values. `label` is an English message, or, when it has a `language`, words of the data."""

    label: str
    values: tuple[Value, ...]
    property: Iri
    language: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the thing with rows of its own. `key` is the last piece of its path and its anchor."""

    key: str
    title: Value
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Who says what (`crm:E13`): `kinds` are inference, correction …; `said` what is claimed; `where` its evidence."""

    key: str
    title: Value
    kinds: tuple[Value, ...]
    said: tuple[Value, ...]
    who: tuple[Value, ...]
    where: tuple[Value, ...]
    notes: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a template of a thing needs. Headings are English messages."""

    kind: str
    key: str
    noun: str
    """What words agree with: the sex of a person where that is told, else the kind."""
    title: Value
    iri: str
    every: tuple[Row, ...]
    """All rows of the thing itself, for the head of the page."""
    rows: tuple[Row, ...]
    """Those of them that neither head, margin nor a section shows."""
    sections: tuple[tuple[str, tuple[Row, ...]], ...]
    notes: tuple[Value, ...]
    mentions: tuple[Row, ...]
    names: tuple[Row, ...]
    deeds: tuple[Deed, ...]
    roles: tuple[Row, ...]
    statements: tuple[Statement, ...]
    others: tuple[Section, ...]
    cited: tuple[Run, ...]
    """The places in a printed edition that records refer to."""
    margin: tuple[Row, ...]
    groups: tuple[Group, ...]
    record: tuple[Row, ...]
    alternates: tuple[tuple[str, str, str], ...]
    """Name, media type and link of each other format."""
    before: Value | None
    after: Value | None
    linked_data: Any
    """JSON-LD of the thing: a part of its record's graph."""

    def row(self, *properties: Iri) -> tuple[Value, ...]:
        """The values of the first of these properties that has any."""
        for wanted in properties:
            for row in self.every:
                if row.property == wanted:
                    return row.values
        return ()


def page(room: Room, path: str, group: str = "", number: int = 1) -> Page:
    """The page about the thing at `path`, which the dump must hold, with page `number` of one group of links."""
    maker = _Maker(room, path)
    kind, _, key = path.partition("/")
    every = maker.rows(maker.subjects.get(maker.thing, ()))
    told, roles = deeds.of(room, path), maker.roles()
    others, cited = maker.others({one.path for one in told_by(room.documents, path)})
    links = {value.href for row in every for value in row.values} | {deed.what.href for deed in told}
    before, after = _neighbours(room, kind, key)
    return Page(
        kind=kind,
        key=key,
        noun=maker.noun,
        title=room.names.value(path, here=path),
        iri=address(maker.thing),
        every=every,
        rows=tuple(_without(row, roles) for row in every if not _elsewhere(kind, row, roles)),
        sections=_sections(kind, every),
        notes=tuple(value for row in every if row.property == crm.P3_has_note for value in row.values),
        mentions=maker.mentions(),
        names=maker.names(),
        deeds=told,
        roles=roles,
        statements=maker.statements(),
        others=others,
        cited=cited,
        margin=tuple(row for row in every if row.property in words.MARGIN),
        groups=groups.of(room, path, group, number, links),
        record=maker.record(),
        alternates=tuple((form.label, form.media_type, f"{room.link(path)}.{form.name}") for form in RDF_FORMATS),
        before=before,
        after=after,
        linked_data=_linked_data(room, maker.subjects.get(maker.thing, ())),
    )


_BY_ROLE = frozenset({crm.P11_had_participant, crm.P14_carried_out_by})


def _elsewhere(kind: str, row: Row, roles: Sequence[Row]) -> bool:
    """True for a row that another part of the page shows."""
    in_sections = {term for _, terms in words.SECTIONS.get(kind, ()) for term in terms}
    shown = {crm.P3_has_note, schema.mentions} | in_sections | words.MARGIN | words.PROMOTED.get(kind, frozenset())
    return row.property in shown or (row.property in _BY_ROLE and not _without(row, roles).values)


def _without(row: Row, roles: Sequence[Row]) -> Row:
    """Of those who took part, the ones whose role nothing tells: the others stand by their roles."""
    if row.property not in _BY_ROLE:
        return row
    told = {value.href for role in roles for value in role.values}
    return replace(row, values=tuple(value for value in row.values if value.href not in told))


def _sections(kind: str, every: Sequence[Row]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    found = []
    for heading, terms in words.SECTIONS.get(kind, ()):
        rows = tuple(row for row in every if row.property in terms)
        if rows:
            found.append((heading, rows))
    return tuple(found)


class _Maker:
    """Turns the triples of one thing into what is shown."""

    def __init__(self, room: Room, path: str) -> None:
        self.names_of: Named = room.names
        self.iris = room.documents.iris
        self.documents = room.documents
        self.path = path
        self.thing = self.iris.of(path)
        self.subjects: dict[Iri, list[Triple]] = {}
        self.typed: dict[Iri, set[Iri]] = {}
        for triple in room.documents.own(path):
            self.subjects.setdefault(triple[0], []).append(triple)
            if triple[1] == rdf.type:
                self.typed.setdefault(triple[0], set()).add(Iri(triple[2]))
        sexes = (node for _, term, node in self.subjects.get(self.thing, ()) if term == schema.gender)
        self.noun = next((literal(Literal(sex)).text for sex in sexes), path.partition("/")[0])

    def value(self, node: Node, noun: str = "") -> Value:
        """A node as something to show; a type as it is told of a `noun`."""
        if node[0] != "<":
            return literal(Literal(node))
        path = self.iris.path(Iri(node))
        if not path:
            return foreign(Iri(node))
        inline = not _INLINE.isdisjoint(self.documents.types(Iri(node)))
        return self.names_of.value(path, here=self.path, inline=inline, noun=noun)

    def values(self, triples: Iterable[Triple], *properties: Iri, noun: str = "") -> tuple[Value, ...]:
        """The objects of some properties, each once."""
        return tuple(dict.fromkeys(self.value(node, noun) for _, predicate, node in triples if predicate in properties))

    def rows(self, triples: Iterable[Triple]) -> tuple[Row, ...]:
        """The statements of one subject by property, in the order of the table of words."""
        found: dict[Iri, dict[Value, Node]] = {}
        for subject, predicate, node in triples:
            if predicate not in words.ECHOES:
                noun = self.noun if subject == self.thing else ""
                found.setdefault(predicate, {})[self.value(node, noun)] = node
        for weaker, stronger in words.SAID_BY.items():
            if weaker in found:
                said = {self._plainly(node) for other in stronger for node in found.get(other, {}).values()}
                found[weaker] = {
                    value: node for value, node in found[weaker].items() if self._plainly(node) not in said
                }
        order = {predicate: place for place, predicate in enumerate(words.PROPERTIES)}
        rows = sorted(found.items(), key=lambda pair: order.get(pair[0], len(order)))
        return tuple(Row(words.words(predicate).out, tuple(values), predicate) for predicate, values in rows if values)

    def _plainly(self, node: Node) -> str:
        """The words that the data have for a node, whatever the reader speaks."""
        path = self.iris.path(Iri(node)) if node[0] == "<" else ""
        return title(self.documents, path) if path else literal(Literal(node)).text

    def mentions(self) -> tuple[Row, ...]:
        """Whom and what a text mentions, by kind, in the order of the text."""
        found: dict[str, dict[Value, None]] = {}
        for _, predicate, node in self.subjects.get(self.thing, ()):
            if predicate == schema.mentions:
                pieces = self.iris.path(Iri(node)).split("/")
                kind = pieces[0] if len(pieces) == 2 else "event"  # the parts that texts speak of are births and deaths
                found.setdefault(kind, {})[self.value(node)] = None
        order = list(words.KIND_WORDS)
        kinds = sorted(found, key=lambda kind: order.index(kind) if kind in order else len(order))
        return tuple(
            Row(
                words.KIND_WORDS[kind][1] if kind in words.KIND_WORDS else "Others", tuple(found[kind]), schema.mentions
            )
            for kind in kinds
        )

    def names(self) -> tuple[Row, ...]:
        """Forms of the name by their type."""
        found: dict[tuple[str, str], dict[Value, None]] = {}
        for triples in self._of_class(crm.E33_E41_Linguistic_Appellation):
            kinds = self.values(triples, crm.P2_has_type)
            forms = self.values(triples, crm.P190_has_symbolic_content)
            found.setdefault(_heading(kinds[0]) if kinds else ("Name", ""), {}).update(dict.fromkeys(forms))
        return _named_rows(found, crm.P1_is_identified_by)

    def roles(self) -> tuple[Row, ...]:
        """Who and what, by the role they have in it; for a person, the bodies by the role there."""
        found: dict[tuple[str, str], dict[Value, None]] = {}
        for kind, named in _ROLES.items():
            for triples in self._of_class(kind):
                ends = [node for _, predicate, node in triples if predicate in (crm.P01_has_domain, crm.P02_has_range)]
                others = [self.value(node) for node in ends if not self._inside(Iri(node))]
                own = self.path.startswith("person/") and named in _OF_MEMBERS  # all others are of somebody else
                roles = self.values(triples, named, noun=self.noun if own else "")
                for role in roles:
                    found.setdefault(_heading(role), {}).update(dict.fromkeys(others))
        return _named_rows(found, rdf.type)

    def _inside(self, term: Iri) -> bool:
        path = self.iris.path(term)
        return path == self.path or path.startswith(f"{self.path}/")

    def _of_class(self, kind: Iri) -> list[list[Triple]]:
        return [triples for term, triples in self.subjects.items() if kind in self.typed.get(term, ())]

    def statements(self) -> tuple[Statement, ...]:
        """What is concluded, corrected, doubted or disputed, and by whom."""
        found = []
        for triples in self._of_class(crm.E13_Attribute_Assignment):
            path = self.iris.path(triples[0][0])
            found.append(
                Statement(
                    path.removeprefix(self.path).strip("/"),
                    self.names_of.value(path, here=path),
                    self.values(triples, crm.P2_has_type),
                    self.values(triples, crm.P141_assigned),
                    self.values(triples, crm.P14_carried_out_by),
                    self.values(triples, crm.P70i_is_documented_in, crm.P16_used_specific_object),
                    self.values(triples, crm.P3_has_note),
                )
            )
        return tuple(found)

    def others(self, told: set[str]) -> tuple[tuple[Section, ...], tuple[Run, ...]]:
        """Parts that nothing else on the page shows: translations, excerpts, originals; and places that are cited."""
        found, cited = [], []
        shown = _INLINE | set(_ROLES) | {crm.E13_Attribute_Assignment}
        for term, triples in self.subjects.items():
            path = self.iris.path(term)
            record = term == self.iris.record(self.path)
            if term == self.thing or record or path in told or self.typed.get(term, set()) & shown:
                continue
            key, title = path.removeprefix(self.path).strip("/"), self.names_of.value(path, here=path)
            if crm.E31_Document in self.typed.get(term, ()):
                cited.append(Cited(key, title, self.values(triples, schema.author)))
            else:
                found.append(Section(key, title, self.rows(triple for triple in triples if triple[2] != self.thing)))
        return tuple(found), runs(cited)

    def record(self) -> tuple[Row, ...]:
        """What is known of the record itself."""
        triples = self.subjects.get(self.iris.record(self.path), ())
        shown = ((dcterms.modified, "Last changed"), (dcterms.license, "Licence of the data"))
        rows = ((label, self.values(triples, term), term) for term, label in shown)
        return tuple(Row(label, values, term) for label, values, term in rows if values)


def _heading(kind: Value) -> tuple[str, str]:
    """What a type is called at the beginning of a row, and its language."""
    return kind.text[:1].upper() + kind.text[1:], kind.language


def _named_rows(found: Mapping[tuple[str, str], Iterable[Value]], term: Iri) -> tuple[Row, ...]:
    return tuple(Row(label, tuple(values), term, language) for (label, language), values in found.items())


def _linked_data(room: Room, triples: Sequence[Triple]) -> Any:
    """The thing's own schema.org statements, for search engines: never more than a page's worth."""
    start = schema.name.removesuffix("name>")
    own = [
        (subject, predicate, node)
        for subject, predicate, node in triples
        if predicate.startswith(start) or predicate == rdfs.label or (predicate == rdf.type and node.startswith(start))
    ]
    return json.loads(render.rdf(own[:500], JSON_LD, room.documents.iris.base))


def _neighbours(room: Room, kind: str, key: str) -> tuple[Value | None, Value | None]:
    """What comes before and after in the order of the kind's list."""
    if kind not in KINDS:  # documents such as a source's are in no list
        return None, None
    before, after = (room.names.value(path) if path else None for path in room.catalogue(kind).beside(f"{kind}/{key}"))
    return before, after


def coordinates(page: Page) -> tuple[float, float] | None:
    """Latitude and longitude of a place, if it has any."""
    latitude, longitude = page.row(schema.latitude), page.row(schema.longitude)
    if not latitude or not longitude:
        return None
    return float(latitude[0].text), float(longitude[0].text)


__all__ = ["Page", "Row", "Section", "Statement", "coordinates", "page"]
