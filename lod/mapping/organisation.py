"""An organisation: names, formation and end, members, parts and wholes."""

from collections.abc import Iterator

from lod.mapping.context import Context, opening
from lod.mapping.event import day, map_part
from lod.mapping.names import appellations, identified, named, perhaps_identified
from lod.model import Organisation, Standing
from lod.terms import Triple
from lod.vocab import crm, rdf, schema

_ARCHIVES = ("archive", "library")
_DATES = {"formation": schema.foundingDate, "dissolution": schema.dissolutionDate}


def map_organisation(body: Organisation, context: Context) -> Iterator[Triple]:
    """The body, then its names, formation, dissolution and assertions."""
    yield from _about(body, context)
    yield from appellations(body.path, body.names, context)
    for event in body.events:
        if event.path.rpartition("/")[2] in _DATES:
            yield from map_part(event, context)
    yield from perhaps_identified(body.path, body.same_as, context)
    for link in body.wholes:
        if link.claim.standing is not Standing.STATED:
            yield from context.assertion(
                f"{body.path}/assertion-part-of-{link.target.rpartition('/')[2]}",
                f"{opening(link.claim)}: part of {context.name(link.target)}",
                link.target,
                crm.P107_has_current_or_former_member,
                context.iris.of(body.path),
                link.claim,
            )


def _about(body: Organisation, context: Context) -> Iterator[Triple]:
    node = context.iris.of(body.path)
    yield node, rdf.type, crm.E74_Group
    yield node, rdf.type, schema.Organization
    if body.kind in _ARCHIVES or body.path in context.archives:
        yield node, rdf.type, schema.ArchiveOrganization
    yield from named(body.path, body.names, context)
    if body.identity:
        yield node, crm.P2_has_type, context.type(body.identity)
    if body.kind:
        yield node, crm.P2_has_type, context.type(f"organisation-{body.kind}")
    yield from context.linked(node, (crm.P74_has_current_or_former_residence, schema.location), body.seats)
    for member in body.members:
        yield node, crm.P107_has_current_or_former_member, context.iris.of(member)
    for member in body.members:
        yield node, schema.member, context.iris.of(member)
    yield from context.linked(node, (crm.P107_has_current_or_former_member, schema.subOrganization), body.parts)
    yield from context.linked(node, (schema.parentOrganization,), body.wholes)
    for event in body.events:
        value = day(event)
        kind = event.path.rpartition("/")[2]
        if value is not None and kind in _DATES:
            yield node, _DATES[kind], value
    told = (*body.seats, *body.parts, *body.wholes)
    places = [place for link in told if link.claim.standing.holds for place in link.claim.places]
    yield from context.documented(
        node, (*body.places, *places, *(place for note in body.notes for place in note.places))
    )
    yield from context.remarks(node, body.notes)
    yield from identified(node, body.same_as)
