"""Facts that mirror each other, settled once: then every record can be written, checked and rebuilt alone.

What a register says of two entries stands with both; who belongs to a body stands with the body too; a form that a letter
uses of a person stands with the person; a killing finds its victim's death.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from lod.model import Document, Event, Letter, Link, Name, Organisation, Person, Place, Record
from lod.readers.relations import Relation
from lod.report import Report

_KILLINGS = ("murder", "execution", "assassination", "killing", "lynching")
_MIRRORED = {"parent": "child", "spouse": "spouse", "sibling": "sibling", "relative": "relative"}


R = TypeVar("R", Person, Organisation, Place)

Forms = dict[str, dict[str, list[str]]]
"""Per thing: the forms that texts use of it, and the paths of the texts that use each."""


def resolve(found: Iterable[Record | Relation], forms: Forms, report: Report) -> tuple[Record, ...]:
    """The records that are no letters, relations worked in, in the order they came. `forms`: those that texts use."""
    records: list[Record] = []
    relations: list[Relation] = []
    for entry in found:
        if isinstance(entry, Relation):
            relations.append(entry)
        else:
            records.append(entry)
    kin, told = _kin(relations, report)
    parts, wholes = _parts(relations)
    members = _members(records)
    deaths = {
        event.path
        for record in records
        if isinstance(record, Person)
        for event in record.events
        if event.kind == "death"
    }
    resolved: list[Record] = []
    for record in records:
        match record:
            case Person():
                record = _with(
                    record,
                    kin=tuple(kin[record.path]),
                    kin_told=tuple(told[record.path]),
                    names=_named(record.names, forms.get(record.path, {})),
                )
            case Organisation():
                record = _with(
                    record,
                    members=tuple(members[record.path]),
                    parts=tuple(parts[record.path]),
                    wholes=tuple(wholes[record.path]),
                    names=_named(record.names, forms.get(record.path, {})),
                )
            case Place():
                record = _with(record, names=_named(record.names, forms.get(record.path, {})))
            case Event() if record.kind in _KILLINGS:
                victims = [record.subject, *(link.target for link in record.participants if link.kind == "victim")]
                told_deaths = (f"{victim}/death" for victim in victims)
                record = replace(record, deaths=tuple(dict.fromkeys(death for death in told_deaths if death in deaths)))
            case _:
                pass
        resolved.append(record)
    return tuple(resolved)


def _with(record: R, **found: Any) -> R:
    """The record with these values; itself, when it has them already, as most have."""
    return replace(record, **found) if any(getattr(record, name) != value for name, value in found.items()) else record


def _kin(
    relations: list[Relation], report: Report
) -> tuple[defaultdict[str, list[Link]], defaultdict[str, list[Link]]]:
    """Per person: kin as `Link(other, kind=what the other is to them)`, and those this person's entry accounts for."""
    kin: defaultdict[str, list[Link]] = defaultdict(list)
    told: defaultdict[str, list[Link]] = defaultdict(list)
    for relation in relations:
        if relation.name not in _MIRRORED:
            continue
        if relation.active == relation.passive:
            report.error("kin-of-oneself", f"nobody is their own {relation.name}", relation.source, relation.active)
            continue
        # "parent" is told with the child: P152 has the child as its subject
        child, parent = relation.passive, relation.active
        there = Link(parent, relation.note, relation.claim, relation.name)
        back = Link(child, relation.note, relation.claim, _MIRRORED[relation.name])
        for owner, link in ((child, there), (parent, back)):
            if all((known.target, known.kind) != (link.target, link.kind) for known in kin[owner]):
                kin[owner].append(link)
        if there.claim.standing != "stated":
            told[child].append(there)
    return kin, told


def _parts(relations: list[Relation]) -> tuple[defaultdict[str, list[Link]], defaultdict[str, list[Link]]]:
    parts: defaultdict[str, list[Link]] = defaultdict(list)
    wholes: defaultdict[str, list[Link]] = defaultdict(list)
    for relation in relations:
        if relation.name == "part-of":
            parts[relation.passive].append(Link(relation.active, "", relation.claim))
            wholes[relation.active].append(Link(relation.passive, "", relation.claim))
    return parts, wholes


def _members(records: list[Record]) -> defaultdict[str, list[str]]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for record in records:
        if isinstance(record, Person):
            for affiliation in record.affiliations:
                if affiliation.claim.standing.holds and record.path not in members[affiliation.body]:
                    members[affiliation.body].append(record.path)
    return members


def note_forms(text: Letter | Document, forms: Forms) -> None:
    """Note the forms that a text uses where it mentions something for certain.

    Only those of people, organisations and places come to be names: what a text calls a work or an event is as a rule a
    description.
    """
    for mention in text.mentions:
        if mention.form and mention.claim.standing.holds:
            texts = forms.setdefault(mention.target, {}).setdefault(mention.form, [])
            if texts[-1:] != [text.path]:
                texts.append(text.path)


def add_forms(forms: Forms, later: Forms) -> None:
    """What the texts of a later file use."""
    for target, used in later.items():
        known = forms.setdefault(target, {})
        for form, texts in used.items():
            known.setdefault(form, []).extend(texts)


def _named(names: tuple[Name, ...], forms: dict[str, list[str]]) -> tuple[Name, ...]:
    """The names, with the letters that use each; forms that are no name of the entry follow as spellings."""
    known = [
        replace(name, letters=tuple(dict.fromkeys((*name.letters, *forms[name.text]))))
        if name.text in forms and name.kind != "descriptive"
        else name
        for name in names
    ]
    texts = {name.text for name in names if name.kind != "descriptive"}
    spellings = [
        Name(form, "as-written", letters=tuple(letters), spelling_only=True)
        for form, letters in forms.items()
        if form not in texts
    ]
    return (*known, *spellings)
