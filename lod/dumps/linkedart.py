"""Linked Art: Person, Group, Place, Set, Text, Event and Activity as JSON of the Linked Art API 1.0.

Made from the CIDOC CRM statements of the dump; our own terms have no place there. The schemas that the tests hold every
record against are those of the API: https://linked.art/api/1.0/schema_docs/.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from lod.dumps.index import Index
from lod.terms import Iri, Triple, address
from lod.vocab import crm, lrmoo, schema

CONTEXT = "https://linked.art/ns/v1/linked-art.json"
Record = dict[str, Any]

_REFERENCES = (
    (crm.E21_Person, "Person"),
    (crm.E74_Group, "Group"),
    (crm.E53_Place, "Place"),
    (crm.E78_Curated_Holding, "Set"),
    (crm.E22_Human_Made_Object, "HumanMadeObject"),
    (crm.E36_Visual_Item, "VisualItem"),
    (lrmoo.F1_Work, "PropositionalObject"),
    (lrmoo.F18_Serial_Work, "PropositionalObject"),
    (lrmoo.F2_Expression, "LinguisticObject"),
    (lrmoo.F3_Manifestation, "LinguisticObject"),
    (crm.E31_Document, "LinguisticObject"),
    (crm.E73_Information_Object, "PropositionalObject"),
    (crm.E7_Activity, "Activity"),
    (crm.E85_Joining, "Activity"),
    (crm.E86_Leaving, "Activity"),
    (crm.E66_Formation, "Activity"),
    (crm.E67_Birth, "Event"),
    (crm.E68_Dissolution, "Event"),
    (crm.E69_Death, "Event"),
    (crm.E5_Event, "Event"),
    (crm.E56_Language, "Language"),
    (crm.E55_Type, "Type"),
)
"""Class of ours → what Linked Art calls it where it is pointed to; the first that fits."""


class LinkedArt:
    """Makes records from the statements of one edition."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._used = self._sources()

    def record(self, thing: Iri) -> Record | None:
        """The record of a thing; None for kinds that Linked Art has no records of."""
        maker = self._maker(thing)
        if maker is None:
            return None
        kind, rest = maker
        return {"@context": CONTEXT, "id": address(thing), "type": kind, **self._shared(thing, kind), **rest(thing)}

    def _maker(self, thing: Iri) -> tuple[str, Callable[[Iri], Record]] | None:
        index = self._index
        if not index.is_thing(thing):
            return None
        kind = index.iris.path(thing).partition("/")[0]
        if kind == "event":
            acts = index.is_a(thing, crm.E7_Activity, crm.E9_Move)
            return ("Activity", self._event) if acts else ("Event", self._event)
        return {
            "person": ("Person", self._person),
            "organisation": ("Group", self._group),
            "place": ("Place", self._place),
            "holding": ("Set", self._nothing),
            "correspondence": ("Set", self._nothing),
            "letter": ("LinguisticObject", self._text),
            "document": ("LinguisticObject", self._text),
        }.get(kind)

    # ---- what every record has

    def _shared(self, thing: Iri, kind: str) -> Record:
        index = self._index
        said: Record = {"_label": index.label(thing)}
        names = [self._name(name) for name in index.nodes(thing, crm.P1_is_identified_by)]
        if not any(name["type"] == "Name" for name in names):
            names.insert(0, {"type": "Name", "content": index.label(thing)})
        said["identified_by"] = names
        types = [t for t in index.nodes(thing, crm.P2_has_type) if index.is_a(t, crm.E55_Type)]
        _put(said, "classified_as", [self._reference(each) for each in types])
        _put(said, "referred_to_by", [self._statement(*each) for each in index.literals(thing, crm.P3_has_note)])
        same = index.nodes(thing, schema.sameAs)
        _put(said, "equivalent", [{"id": address(each), "type": kind} for each in same])
        _put(said, "subject_of", [self._source(each) for each in index.nodes(thing, crm.P70i_is_documented_in)])
        return said

    def _source(self, place: Iri) -> Record:
        """A place in the printed edition; it stands inside the record, because Linked Art has no reference here."""
        named = {"type": "Identifier", "content": address(place)}
        return {"type": "LinguisticObject", "_label": self._index.label(place), "identified_by": [named]}

    def _name(self, node: Iri) -> Record:
        index = self._index
        kind = "Identifier" if index.is_a(node, crm.E42_Identifier) else "Name"
        said: Record = {"type": kind, "content": index.text(node, crm.P190_has_symbolic_content)}
        _put(said, "classified_as", [self._reference(each) for each in index.nodes(node, crm.P2_has_type)])
        if kind == "Name":
            _put(said, "language", [self._reference(each) for each in index.nodes(node, crm.P72_has_language)])
        return said

    def _statement(self, words: str, language: str, _datatype: str) -> Record:
        said: Record = {"type": "LinguisticObject", "content": words}
        tag = self._index.iris.of(f"language/{language}")
        if language and tag in self._index:
            said["language"] = [self._reference(tag)]
        return said

    def _reference(self, thing: Iri) -> Record:
        index = self._index
        kind = next((name for each, name in _REFERENCES if index.is_a(thing, each)), "Type")
        return {"id": address(thing), "type": kind, "_label": index.label(thing)}

    def _references(self, things: Sequence[Iri], *kinds: str) -> list[Record]:
        made = [self._reference(each) for each in things]
        return [each for each in made if not kinds or each["type"] in kinds]

    # ---- what happened

    def _happening(self, node: Iri) -> Record:
        """Place and time of anything that happened."""
        index = self._index
        said: Record = {}
        _put(said, "took_place_at", self._references(index.nodes(node, crm.P7_took_place_at), "Place"))
        span = next(iter(index.nodes(node, crm.P4_has_time_span)), None)
        if span is not None:
            said["timespan"] = self._time_span(span)
        return said

    def _time_span(self, span: Iri) -> Record:
        index = self._index
        said: Record = {"type": "TimeSpan", "_label": index.label(span)}
        printed = index.texts(span, crm.P3_has_note)
        _put(said, "identified_by", [{"type": "Name", "content": each} for each in printed])
        bounds = (
            ("begin_of_the_begin", crm.P82a_begin_of_the_begin),
            ("end_of_the_end", crm.P82b_end_of_the_end),
        )
        for name, term in bounds:
            if index.text(span, term):
                said[name] = index.text(span, term)
        return said

    def _part(self, thing: Iri, cls: Iri, kind: str) -> Record | None:
        """A birth, a death, a formation … as it stands inside the record."""
        node = next(iter(self._index.parts(thing, cls)), None)
        if node is None:
            return None
        said: Record = {"type": kind, "_label": self._index.label(node)}
        notes = self._index.literals(node, crm.P3_has_note)
        _put(said, "referred_to_by", [self._statement(*each) for each in notes])
        return said | self._happening(node)

    # ---- kinds

    def _person(self, thing: Iri) -> Record:
        index = self._index
        said: Record = {}
        _put(said, "residence", self._references(index.nodes(thing, crm.P74_has_current_or_former_residence), "Place"))
        _put(said, "member_of", self._references(index.nodes(thing, schema.memberOf), "Group"))
        _put(said, "born", self._part(thing, crm.E67_Birth, "Birth"))
        _put(said, "died", self._part(thing, crm.E69_Death, "Death"))
        return said

    def _group(self, thing: Iri) -> Record:
        index = self._index
        said: Record = {}
        _put(said, "residence", self._references(index.nodes(thing, crm.P74_has_current_or_former_residence), "Place"))
        _put(said, "member_of", self._references(index.nodes(thing, schema.parentOrganization), "Group"))
        _put(said, "formed_by", self._part(thing, crm.E66_Formation, "Formation"))
        _put(said, "dissolved_by", self._part(thing, crm.E68_Dissolution, "Dissolution"))
        return said

    def _place(self, thing: Iri) -> Record:
        index = self._index
        said: Record = {}
        _put(said, "defined_by", index.text(thing, crm.P168_place_is_defined_by))
        _put(said, "part_of", self._references(index.nodes(thing, crm.P89_falls_within), "Place"))
        return said

    def _text(self, thing: Iri) -> Record:
        index = self._index
        said: Record = {}
        _put(said, "language", self._references(index.nodes(thing, crm.P72_has_language), "Language"))
        _put(said, "about", self._references(index.nodes(thing, crm.P67_refers_to)))
        wholes = index.nodes(thing, crm.P106i_forms_part_of)
        _put(said, "member_of", [self._reference(each) | {"type": "Set"} for each in wholes if self._is_set(each)])
        _put(said, "part_of", self._references([w for w in wholes if not self._is_set(w)], "LinguisticObject"))
        writing = next(iter(index.parts(thing, lrmoo.F28_Expression_Creation)), None)
        if writing is not None:
            made: Record = {"type": "Creation", "_label": index.label(writing)}
            who = index.nodes(writing, crm.P14_carried_out_by)
            _put(made, "carried_out_by", self._references(who, "Person", "Group"))
            said["created_by"] = made | self._happening(writing)
        _put(said, "used_for", [self._action(each) for each in self._used.get(thing, ())])
        return said

    def _action(self, node: Iri) -> Record:
        """A sending or receipt, told with the letter it is of."""
        index = self._index
        said: Record = {"type": "Activity", "_label": index.label(node)}
        _put(said, "classified_as", [self._reference(each) for each in index.nodes(node, crm.P2_has_type)])
        who = index.nodes(node, crm.P14_carried_out_by)
        _put(said, "carried_out_by", self._references(who, "Person", "Group"))
        return said | self._happening(node)

    def _sources(self) -> dict[Iri, list[Iri]]:
        """Text → its own sending, receipt and forwarding."""
        found: dict[Iri, list[Iri]] = {}
        for kind in ("letter", "document"):
            for thing in self._index.things(kind):
                parts = self._index.parts(thing, crm.E7_Activity)
                found[thing] = [p for p in parts if thing in self._index.nodes(p, crm.P16_used_specific_object)]
        return found

    def _event(self, thing: Iri) -> Record:
        index = self._index
        said = self._happening(thing)
        acting = index.nodes(thing, crm.P14_carried_out_by)
        _put(said, "carried_out_by", self._references(acting, "Person", "Group"))
        taking_part = index.nodes(thing, crm.P11_had_participant)
        _put(said, "participant", self._references(taking_part, "Person", "Group"))
        return said

    def _nothing(self, _: Iri) -> Record:
        return {}

    def _is_set(self, thing: Iri) -> bool:
        return self._index.iris.path(thing).startswith("correspondence/")


def _put(record: Record, name: str, said: Any) -> None:
    """A property with nothing in it is left out."""
    if said:
        record[name] = said


def write(
    documents: Iterable[tuple[str, Iterable[Triple]]], base: str, languages: Sequence[Triple] = ()
) -> Iterator[str]:
    """A record a line, in the order of the dump. `languages`: class and label of languages that texts name by tags."""
    for path, triples in documents:
        index = Index((*triples, *languages), base)
        record = LinkedArt(index).record(index.iris.of(path))
        if record is not None:
            yield json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
