"""A person: names, life, family, occupations, memberships."""

from collections.abc import Iterator

from lod.iris import slug
from lod.mapping.context import Context, opening
from lod.mapping.event import day, map_part
from lod.mapping.names import appellations, identified, named, perhaps_identified
from lod.model import Affiliation, Person, Standing
from lod.terms import Iri, Triple, text
from lod.vocab import crm, rdf, rdfs, schema

_SEXES = {"M": "male", "F": "female"}
_KIN = {
    "parent": (crm.P152_has_parent, schema.parent),
    "child": (schema.children,),
    "spouse": (schema.spouse,),
    "sibling": (schema.sibling,),
    "relative": (schema.relatedTo,),
}
_LIFE = {"birth": (schema.birthDate, schema.birthPlace), "death": (schema.deathDate, schema.deathPlace)}


def map_person(person: Person, context: Context) -> Iterator[Triple]:
    """The person, then the parts: names, birth and death, stays, memberships, assertions."""
    yield from _about(person, context)
    yield from appellations(person.path, person.names, context)
    for event in person.events:
        yield from map_part(event, context)
    yield from _stays(person, context)
    yield from _memberships(person, context)
    yield from _kin_weighed(person, context)
    yield from perhaps_identified(person.path, person.same_as, context)


def _about(person: Person, context: Context) -> Iterator[Triple]:
    node = context.iris.of(person.path)
    yield node, rdf.type, crm.E21_Person
    yield node, rdf.type, schema.Person
    yield from named(person.path, person.names, context)
    sex = _SEXES.get(person.sex, person.sex.lower())
    if sex:
        yield node, crm.P2_has_type, context.type(f"sex-{sex}", sex)
        yield node, schema.gender, text(sex)
    if person.identity:
        yield node, crm.P2_has_type, context.type(person.identity)
    for occupation in person.occupations:
        if occupation.claim.standing.holds:
            yield node, crm.P2_has_type, context.type(f"occupation-{occupation.form}", occupation.form)
    for occupation in person.occupations:
        if occupation.claim.standing.holds:
            yield node, schema.hasOccupation, context.type(f"occupation-{occupation.form}", occupation.form)
    yield from _kin(person, node, context)
    yield from context.linked(node, (schema.nationality,), person.nationalities)
    yield from context.linked(
        node, (crm.P74_has_current_or_former_residence, schema.homeLocation), (stay.place for stay in person.stays)
    )
    for event in person.events:
        when, where = _LIFE[event.kind]
        value = day(event)
        if value is not None:
            yield node, when, value
        yield from context.linked(node, (where,), event.sites)
    for affiliation in person.affiliations:
        if affiliation.claim.standing.holds:
            yield node, schema.memberOf, context.iris.of(affiliation.body)
    yield from context.documented(node, _places(person))
    yield from context.remarks(node, person.notes)
    yield from identified(node, person.same_as)


def _places(person: Person) -> Iterator[str]:
    """Where the entry stands, and where its facts stand that have no node of their own to say it."""
    yield from person.places
    for link in (*person.occupations, *person.nationalities, *(stay.place for stay in person.stays), *person.kin):
        if link.claim.standing.holds:
            yield from link.claim.places
    for affiliation in person.affiliations:
        if affiliation.claim.standing.holds:
            yield from affiliation.claim.places
    for note in person.notes:
        yield from note.places


def _kin(person: Person, node: Iri, context: Context) -> Iterator[Triple]:
    for link in person.kin:
        if link.claim.standing.holds:
            for predicate in _KIN[link.kind]:
                yield node, predicate, context.iris.of(link.target)


def _kin_weighed(person: Person, context: Context) -> Iterator[Triple]:
    for link in person.kin_told:
        yield from context.assertion(
            f"{person.path}/assertion-{link.kind}-{link.target.rpartition('/')[2]}",
            f"{opening(link.claim)}: {link.kind} {context.name(link.target)}",
            person.path,
            _KIN[link.kind][0],
            context.iris.of(link.target),
            link.claim,
        )


def _stays(person: Person, context: Context) -> Iterator[Triple]:
    taken: set[str] = set()
    for stay in person.stays:
        key = f"residence-{stay.place.target.rpartition('/')[2]}"
        if stay.dating and key in taken:
            key = f"{key}-{slug(stay.dating.date.edtf)}"
        taken.add(key)
        if stay.place.claim.standing is Standing.UNCERTAIN and stay.dating is None:
            yield from context.assertion(
                f"{person.path}/assertion-{key}",
                f"{opening(stay.place.claim)}: lived in {context.name(stay.place.target)}",
                person.path,
                crm.P74_has_current_or_former_residence,
                context.iris.of(stay.place.target),
                stay.place.claim,
            )
        if stay.dating:
            path = f"{person.path}/{key}"
            node = context.iris.of(path)
            label = f"Residence of {context.name(person.path)} in {context.name(stay.place.target)}"
            yield node, rdf.type, crm.E7_Activity
            yield node, rdfs.label, text(label, "en")
            yield node, crm.P2_has_type, context.type("residence")
            yield node, crm.P14_carried_out_by, context.iris.of(person.path)
            yield node, crm.P7_took_place_at, context.iris.of(stay.place.target)
            yield from context.documented(node, stay.place.claim.places)
            yield from context.dated(person.path, path, stay.dating, f"{key}-date", f"assertion-{key}-date")


def _memberships(person: Person, context: Context) -> Iterator[Triple]:
    roles: dict[str, list[str]] = {}
    for affiliation in person.affiliations:
        if not affiliation.claim.standing.holds:
            yield from context.assertion(
                f"{person.path}/assertion-member-{affiliation.body.rpartition('/')[2]}",
                f"{opening(affiliation.claim)}: {context.name(person.path)} in {context.name(affiliation.body)}",
                affiliation.body,
                crm.P107_has_current_or_former_member,
                context.iris.of(person.path),
                affiliation.claim,
            )
        elif affiliation.kind:
            yield from _change(person, affiliation, context)
        else:
            if affiliation.role and affiliation.role not in roles.setdefault(affiliation.body, []):
                roles[affiliation.body].append(affiliation.role)
            if affiliation.dating:
                yield from _dated_membership(person, affiliation, context)
    for body, several in roles.items():
        if several:
            yield from _role(person, body, several, context)


def _role(person: Person, body: str, roles: list[str], context: Context) -> Iterator[Triple]:
    node = context.iris.of(f"{person.path}/member-{body.rpartition('/')[2]}")
    yield node, rdf.type, crm.PC107_has_current_or_former_member
    yield node, rdfs.label, text(f"{context.name(person.path)} in {context.name(body)}", "en")
    yield node, crm.P01_has_domain, context.iris.of(body)
    yield node, crm.P02_has_range, context.iris.of(person.path)
    for role in roles:
        yield node, crm.P107_1_kind_of_member, context.type(f"role-{role}", role)


def _change(person: Person, affiliation: Affiliation, context: Context) -> Iterator[Triple]:
    """A joining or leaving."""
    joins = affiliation.kind == "joining"
    path = affiliation.path or f"{person.path}/{affiliation.kind}-{affiliation.body.rpartition('/')[2]}"
    node, part = context.iris.of(path), path.rpartition("/")[2]
    yield node, rdf.type, crm.E85_Joining if joins else crm.E86_Leaving
    yield node, rdf.type, schema.Event
    yield node, rdfs.label, text(f"{context.name(person.path)}: {affiliation.label}", "en")
    yield node, crm.P143_joined if joins else crm.P145_separated, context.iris.of(person.path)
    yield node, crm.P144_joined_with if joins else crm.P146_separated_from, context.iris.of(affiliation.body)
    yield from context.documented(node, affiliation.claim.places)
    if affiliation.dating:
        yield from context.dated(person.path, path, affiliation.dating, f"{part}-date", f"assertion-{part}-date")
    if joins and affiliation.role:
        role = context.iris.of(f"{path}-as")
        yield role, rdf.type, crm.PC144_joined_with
        yield (
            role,
            rdfs.label,
            text(f"{context.name(person.path)} in {context.name(affiliation.body)}, as {affiliation.role}", "en"),
        )
        yield role, crm.P01_has_domain, node
        yield role, crm.P02_has_range, context.iris.of(affiliation.body)
        yield role, crm.P144_1_kind_of_member, context.type(f"role-{affiliation.role}", affiliation.role)


def _dated_membership(person: Person, affiliation: Affiliation, context: Context) -> Iterator[Triple]:
    """A membership whose time is told, but neither joining nor leaving: an activity, because P107 has no time."""
    if affiliation.dating is None:
        return
    key = affiliation.body.rpartition("/")[2] + (f"-{slug(affiliation.role)}" if affiliation.role else "")
    path = f"{person.path}/membership-{key}"
    node = context.iris.of(path)
    yield node, rdf.type, crm.E7_Activity
    yield (
        node,
        rdfs.label,
        text(f"{context.name(person.path)} in {context.name(affiliation.body)}, {affiliation.dating.date.label}", "en"),
    )
    yield node, crm.P2_has_type, context.type("membership")
    if affiliation.role:
        yield node, crm.P2_has_type, context.type(f"role-{affiliation.role}", affiliation.role)
    yield node, crm.P14_carried_out_by, context.iris.of(person.path)
    yield node, crm.P11_had_participant, context.iris.of(affiliation.body)
    yield from context.documented(node, affiliation.claim.places)
    yield from context.dated(
        person.path, path, affiliation.dating, f"membership-{key}-date", f"assertion-membership-{key}-date"
    )
