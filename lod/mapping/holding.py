"""A holding: a collection in an archive."""

from collections.abc import Iterator

from lod.mapping.context import Context
from lod.model import Holding
from lod.terms import Triple, text
from lod.vocab import crm, rdf, rdfs, schema


def map_holding(holding: Holding, context: Context) -> Iterator[Triple]:
    """The collection and who keeps it."""
    node = context.iris.of(holding.path)
    yield node, rdf.type, crm.E78_Curated_Holding
    yield node, rdf.type, schema.ArchiveComponent
    yield node, rdfs.label, text(holding.label, "en")
    yield node, schema.name, text(holding.label, "en")
    for keeper in holding.keepers[:1]:
        yield node, crm.P109_has_current_or_former_curator, context.iris.of(keeper.target)
        yield node, schema.holdingArchive, context.iris.of(keeper.target)
    if holding.settlement:
        yield node, crm.P3_has_note, context.words(holding.settlement)
    yield from context.documented(node, (*holding.places, *(place for note in holding.notes for place in note.places)))
    yield from context.remarks(node, holding.notes)
