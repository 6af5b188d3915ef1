"""What a page about a thing shows, as plain values for the templates: no RDF and no decisions are left to them."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lod import dates
from lod.errors import DateError
from lod.formats import JSON_LD, RDF_FORMATS
from lod.iris import owner
from lod.terms import Iri, Literal, Node, Triple, address
from lod.vocab import crm, dcterms, edtf, foaf, rdf, schema, xsd
from lod.web import render, words
from lod.web.site import Room

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^(<[^>]*>))?', re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "yi")
_DATES = frozenset({xsd.date, xsd.gYear, xsd.gYearMonth, edtf.EDTF})
_INLINE = frozenset({crm.E52_Time_Span, crm.E33_E41_Linguistic_Appellation, crm.E42_Identifier})
"""Parts that are told where they are used, without a place of their own on a page."""
_SHOWN = 100
"""So many incoming links of one meaning stand open; the rest is folded."""


@dataclass(frozen=True, slots=True)
class Value:
    """Something to show: words, their language, a link if there is one. `printed` is the form in the source."""

    text: str
    language: str = ""
    href: str = ""
    note: str = ""
    printed: str = ""
    foreign: bool = False

    @property
    def direction(self) -> str:
        """`rtl` for scripts that run so."""
        return "rtl" if self.language.split("-")[0] in _RIGHT_TO_LEFT and "latn" not in self.language else "ltr"


@dataclass(frozen=True, slots=True)
class Row:
    """One property with its values."""

    label: str
    values: tuple[Value, ...]
    property: Iri


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the thing with rows of its own. `key` is the last piece of its path and its anchor."""

    key: str
    kind: str
    title: Value
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Things that point here with one meaning; `open` ones are shown at once, `folded` ones on demand."""

    label: str
    open: tuple[Value, ...]
    folded: tuple[Value, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.open) + len(self.folded)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a template of a thing needs."""

    kind: str
    key: str
    title: Value
    iri: str
    rows: tuple[Row, ...]
    names: tuple[Row, ...]
    events: tuple[Section, ...]
    statements: tuple[Section, ...]
    others: tuple[Section, ...]
    incoming: tuple[Group, ...]
    record: tuple[Row, ...]
    alternates: tuple[tuple[str, str, str], ...]
    """Name, media type and link of each other format."""
    before: Value | None
    after: Value | None
    linked_data: Any
    """The JSON-LD of the page's own record."""

    def row(self, *properties: Iri) -> tuple[Value, ...]:
        """The values of the first of these properties that has any, for the head of a page."""
        for wanted in properties:
            for row in self.rows:
                if row.property == wanted:
                    return row.values
        return ()


@dataclass(slots=True)
class _Maker:
    """Turns triples into what is shown, for one thing."""

    room: Room
    path: str
    subjects: dict[Iri, list[Triple]] = field(default_factory=dict)

    def value(self, node: Node) -> Value:
        """A node as something to show."""
        if node[0] != "<":
            return literal(Literal(node))
        term = Iri(node)
        path = self.room.documents.iris.path(term)
        if not path:
            return foreign(term)
        printed, note = self.time_span(term)
        return self.titled(term, path, printed=printed, note=note)

    def titled(self, term: Iri, path: str, printed: str = "", note: str = "") -> Value:
        """An IRI of ours by its label, linked to its page, or to its place on a page."""
        labels = [literal(label) for label in self.room.documents.labels(term)]
        best = next(
            (label for label in labels if label.language == "en"),
            labels[0] if labels else Value(path.split("/", 1)[-1]),
        )
        thing = owner(path)
        href = self.room.link(thing) if thing in self.room.documents else ""
        part = path.removeprefix(thing).strip("/")
        inline = _INLINE & set(self.room.documents.types(term))
        if href and inline:
            href = "" if thing == self.path else href
        elif href and part:
            href = f"{href}.html#{part}" if thing != self.path else f"#{part}"
        return Value(best.text, best.language, href, note, printed)

    def time_span(self, term: Iri) -> tuple[str, str]:
        """How a time-span of this document is printed in the source, and nothing for anything else."""
        triples = self.subjects.get(term, ())
        if not any(node == crm.E52_Time_Span for _, predicate, node in triples if predicate == rdf.type):
            return "", ""
        notes = [literal(Literal(node)).text for _, predicate, node in triples if predicate == crm.P3_has_note]
        return "; ".join(notes), ""

    def rows(self, triples: Iterable[Triple]) -> tuple[Row, ...]:
        """The statements of one subject by property, in the order of the table of words."""
        found: dict[Iri, dict[Value, None]] = {}
        for _, predicate, node in triples:
            if predicate not in words.ECHOES:
                found.setdefault(predicate, {})[self.value(node)] = None
        for weaker, stronger in words.SAID_BY.items():
            said = {value.text for other in stronger for value in found.get(other, ())}
            if weaker in found:
                found[weaker] = {value: None for value in found[weaker] if value.text not in said}
        order = {predicate: place for place, predicate in enumerate(words.PROPERTIES)}
        rows = sorted(found.items(), key=lambda pair: order.get(pair[0], len(order)))
        return tuple(Row(words.words(predicate).out, tuple(values), predicate) for predicate, values in rows if values)

    def section(self, term: Iri, kind: str) -> Section:
        path = self.room.documents.iris.path(term)
        triples = [triple for triple in self.subjects[term] if triple[2] != self.room.documents.iris.of(self.path)]
        return Section(path.removeprefix(self.path).strip("/"), kind, self.titled(term, path), self.rows(triples))


def page(room: Room, path: str) -> Page:
    """The page about the thing at `path`, which the dump must hold."""
    documents = room.documents
    maker = _Maker(room, path)
    for triple in documents.own(path):
        maker.subjects.setdefault(triple[0], []).append(triple)
    thing, record = documents.iris.of(path), documents.iris.record(path)
    kind, _, key = path.partition("/")
    sections = _sections(maker, thing, record)
    document = documents.document(path)
    before, after = _neighbours(maker, kind, key)
    return Page(
        kind=kind,
        key=key,
        title=maker.titled(thing, path),
        iri=address(thing),
        rows=maker.rows(maker.subjects.get(thing, ())),
        names=_names(maker),
        events=tuple(section for group, section in sections if group == "event"),
        statements=tuple(section for group, section in sections if group == "statement"),
        others=tuple(section for group, section in sections if group == "other"),
        incoming=_incoming(maker),
        record=_record(maker, record),
        alternates=tuple((form.label, form.media_type, f"{room.link(path)}.{form.name}") for form in RDF_FORMATS),
        before=before,
        after=after,
        linked_data=json.loads(render.rdf(document, JSON_LD, documents.iris.base)),
    )


def _sections(maker: _Maker, thing: Iri, record: Iri) -> list[tuple[str, Section]]:
    """Parts that are told of in sections. Time-spans, names and identifiers stand where they are used."""
    found = []
    for term in maker.subjects:
        types = set(maker.room.documents.types(term))
        if term in (thing, record) or types & _INLINE:
            continue
        if crm.E13_Attribute_Assignment in types:
            found.append(("statement", maker.section(term, "Statement")))
            continue
        kind = next((name for known, name in words.CLASSES.items() if known in types), "")
        found.append(("event" if kind and kind != "Object" else "other", maker.section(term, kind)))
    return found


def _names(maker: _Maker) -> tuple[Row, ...]:
    """Forms of the name by their type."""
    found: dict[str, dict[Value, None]] = {}
    for term, triples in maker.subjects.items():
        if crm.E33_E41_Linguistic_Appellation not in maker.room.documents.types(term):
            continue
        kinds = [maker.value(node).text for _, predicate, node in triples if predicate == crm.P2_has_type]
        forms = [maker.value(node) for _, predicate, node in triples if predicate == crm.P190_has_symbolic_content]
        label = kinds[0] if kinds else "name"
        found.setdefault(label[:1].upper() + label[1:], {}).update(dict.fromkeys(forms))
    return tuple(Row(label, tuple(values), crm.P1_is_identified_by) for label, values in found.items())


def _record(maker: _Maker, record: Iri) -> tuple[Row, ...]:
    said = {predicate: node for _, predicate, node in maker.subjects.get(record, ())}
    shown = ((dcterms.modified, "Last changed"), (dcterms.license, "Licence of the data"))
    return tuple(Row(label, (maker.value(said[term]),), term) for term, label in shown if term in said)


def _incoming(maker: _Maker) -> tuple[Group, ...]:
    """Who points here, grouped by what it means. A thing that is told of once is not told of again by an echo."""
    found: dict[str, dict[str, Value]] = {}
    told: set[str] = set()
    order = {predicate: place for place, predicate in enumerate(words.PROPERTIES)}
    links = sorted(maker.room.documents.incoming(maker.path), key=lambda triple: order.get(triple[1], len(order)))
    for subject, predicate, _ in links:
        path = maker.room.documents.iris.path(subject)
        known, source = words.PROPERTIES.get(predicate), owner(path)
        if not path or predicate == foaf.primaryTopic:
            continue
        if (known is None or not known.back or not predicate.startswith(_ONE_HOP)) and source in told:
            continue
        label = known.back if known is not None and known.back else "Other links"
        found.setdefault(label, {})[path] = maker.titled(subject, path)
        told.add(source)
    return tuple(
        _group(label, [values[path] for path in sorted(values, key=natural)]) for label, values in found.items()
    )


_ONE_HOP = (schema.name.removesuffix("name>"), crm.P70i_is_documented_in, crm.P2_has_type, crm.P72_has_language)


def _group(label: str, values: Sequence[Value]) -> Group:
    return Group(label, tuple(values[:_SHOWN]), tuple(values[_SHOWN:]))


def _neighbours(maker: _Maker, kind: str, key: str) -> tuple[Value | None, Value | None]:
    keys = maker.room.documents.keys(kind)
    place = keys.index(key) if key in keys else -1
    before = keys[place - 1] if place > 0 else ""
    after = keys[place + 1] if 0 <= place < len(keys) - 1 else ""
    return tuple(_thing(maker.room, kind, one) if one else None for one in (before, after))  # type: ignore[return-value]


def _thing(room: Room, kind: str, key: str) -> Value:
    path = f"{kind}/{key}"
    return _Maker(room, path).titled(room.documents.iris.of(path), path)


def listing(room: Room, kind: str) -> list[Value]:
    """Every thing of a kind, in an order for people."""
    return [_thing(room, kind, key) for key in room.documents.keys(kind)]


def literal(term: Literal) -> Value:
    """A literal in words: dates as people write them, everything else as it is."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        return Value(term)
    text, language, datatype = _ESCAPED.sub(_unescape, match[1]), match[2] or "", match[3] or ""
    if datatype in _DATES:
        try:
            return Value(dates.parse(text).label, note=text)
        except DateError:
            return Value(text)
    return Value(text, language)


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(match[3], match[3])


def foreign(term: Iri) -> Value:
    """Somebody else's IRI: a link only when it is one that a browser should follow."""
    target = address(term)
    shown = words.prefixed(term)
    if shown != target:
        return Value(words.words(term).out, note=shown)
    safe = target.startswith(("https://", "http://"))
    return Value(target.partition("://")[2].rstrip("/") if safe else target, href=target if safe else "", foreign=safe)


def natural(path: str) -> list[tuple[int, int, str]]:
    """Sorts `letter/2` before `letter/10`."""
    return [(0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in re.split(r"(\d+)", path)]
