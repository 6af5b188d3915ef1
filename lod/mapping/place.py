"""A place: names then and now, what it lies in, where it is."""

from collections.abc import Iterator

from lod.mapping.context import Context
from lod.mapping.names import appellations, identified, named, perhaps_identified
from lod.model import Place
from lod.terms import Triple, typed
from lod.vocab import crm, geo, rdf, schema, xsd


def map_place(place: Place, context: Context) -> Iterator[Triple]:
    """The place, then its names."""
    node = context.iris.of(place.path)
    yield node, rdf.type, crm.E53_Place
    yield node, rdf.type, schema.Place
    if place.kind == "country":
        yield node, rdf.type, schema.Country
    yield from named(place.path, place.names, context)
    if place.identity:
        yield node, crm.P2_has_type, context.type(place.identity)
    if place.kind:
        yield node, crm.P2_has_type, context.type(f"place-{place.kind}")
    if place.within:
        yield node, crm.P89_falls_within, context.iris.of(place.within)
        yield node, schema.containedInPlace, context.iris.of(place.within)
    if place.coordinates:
        latitude, longitude = place.coordinates
        yield node, crm.P168_place_is_defined_by, typed(f"POINT({longitude} {latitude})", geo.wktLiteral)
        yield node, schema.latitude, typed(latitude, xsd.decimal)
        yield node, schema.longitude, typed(longitude, xsd.decimal)
    yield from context.documented(node, (*place.places, *(at for note in place.notes for at in note.places)))
    yield from context.remarks(node, place.notes)
    yield from identified(node, place.same_as)
    yield from appellations(place.path, place.names, context)
    yield from perhaps_identified(place.path, place.same_as, context)
