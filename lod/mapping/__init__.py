"""Records in, triples out: one module a kind, each a generator. A new kind is one module and one line in `MAPPERS`.

The result comes in blocks, an owner each: the thing, its parts, its record. No block depends on a store or a graph.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lod.config import Edition
from lod.iris import KINDS, Iris
from lod.mapping import event, letter, work
from lod.mapping.concepts import map_language, map_scheme, map_type
from lod.mapping.context import Context
from lod.mapping.document import map_document
from lod.mapping.event import map_event
from lod.mapping.holding import map_holding
from lod.mapping.letter import map_letter
from lod.mapping.organisation import map_organisation
from lod.mapping.person import map_person
from lod.mapping.place import map_place
from lod.mapping.work import map_work
from lod.model import Document, Event, Holding, Letter, Organisation, Person, Place, Record, SourceDescription, Work
from lod.terms import Iri, Triple, iri, text, typed
from lod.vocab import crm, dcat, dcterms, foaf, prov, rdf, rdfs, schema, void, xsd

PROFILE = "https://w3id.org/correspondence-lod/profile/1.0"
"""The version of the data model that dumps conform to."""

MAPPERS: dict[type, Callable[[Any, Context], Iterator[Triple]]] = {
    Letter: map_letter,
    Document: map_document,
    Person: map_person,
    Organisation: map_organisation,
    Place: map_place,
    Event: map_event,
    Work: map_work,
    Holding: map_holding,
}

Block = tuple[str, list[Triple]]
"""The path of an owner and all its triples."""


def map_edition(
    edition: Edition,
    records: tuple[Record, ...],
    sources: tuple[SourceDescription, ...],
    replaced: Mapping[str, tuple[Iri, ...]] | None = None,
) -> Iterator[Block]:
    """All blocks of an edition, kind by kind; what records only lead to (types, languages, cited places) comes last.

    `replaced` gives the withdrawn IRIs that a thing took the place of, by its path.
    """
    iris = Iris(edition.base)
    for path, triples in _map(edition, records, sources):
        old = (replaced or {}).get(path, ())
        yield path, [*triples, *((iris.of(path), dcterms.replaces, each) for each in old)]


def _map(edition: Edition, records: tuple[Record, ...], sources: tuple[SourceDescription, ...]) -> Iterator[Block]:
    context = Context(edition, records)
    _label(records, context)
    modified = {source.file: source.modified for source in sources}
    by_kind = sorted(
        records, key=lambda record: (_is_printed_edition(record, edition), KINDS.index(record.path.partition("/")[0]))
    )
    first_file: dict[str, str] = {}
    for record in by_kind:
        if _is_printed_edition(record, edition):
            yield from _correspondences(context, first_file, modified)
        before = set(context.correspondences)
        triples = list(MAPPERS[type(record)](record, context))
        first_file |= dict.fromkeys(
            (path for path in context.correspondences if path not in before), record.source.file
        )
        if _is_printed_edition(record, edition):
            triples += context.printed.map_parts(context.iris)
            for place in context.printed.cited:
                context.type(context.printed.describe(place)[0])
        triples += _record(record.path, _record_label(record, context), record.source.file, modified, context)
        yield record.path, triples
    if not edition.printed or edition.printed not in context.works:
        yield from _correspondences(context, first_file, modified)
    yield from _frame(context, sources)


def _is_printed_edition(record: Record, edition: Edition) -> bool:
    return record.path == edition.printed


def _label(records: tuple[Record, ...], context: Context) -> None:
    """Names first, because the labels of letters, parts and issues are made of them."""
    for record in records:
        match record:
            case Person() | Organisation() | Place():
                context.labels[record.path] = next(
                    (name.text for name in record.names if name.kind in ("preferred", "descriptive")), record.key
                )
            case Document():
                context.labels[record.path] = record.titles[0].text if record.titles else record.key
            case Holding():
                context.labels[record.path] = record.label
            case Event():
                context.labels[record.path] = event.label(record, context)
            case Work() if record.titles:
                context.labels[record.path] = record.titles[0].text
            case _:
                pass
    for record in records:
        match record:
            case Letter():
                context.labels[record.path] = letter.label(record, context)
            case Work():
                context.labels[record.path] = work.label(record, context)
            case Person() | Organisation():
                for part in record.events:
                    context.labels[part.path] = event.label(part, context)
            case _:
                pass


def _record_label(record: Record, context: Context) -> str:
    return context.short(record.path) if isinstance(record, Letter) else context.name(record.path)


def _record(path: str, label: str, file: str, modified: dict[str, str], context: Context) -> Iterator[Triple]:
    """The record of a thing: about the document, not about the thing."""
    node = context.iris.record(path)
    yield node, rdf.type, foaf.Document
    yield node, rdf.type, prov.Entity
    yield node, rdfs.label, text(f"Record of {label}", "en")
    yield node, foaf.primaryTopic, context.iris.of(path)
    yield node, dcterms.license, iri(context.edition.licence)
    yield node, prov.wasDerivedFrom, context.iris.of(f"source/{file}")
    if modified.get(file):
        yield node, dcterms.modified, typed(modified[file], xsd.date)
    yield node, dcterms.isPartOf, context.iris.of("dataset")


def _correspondences(context: Context, files: dict[str, str], modified: dict[str, str]) -> Iterator[Block]:
    for path, label in sorted(context.correspondences.items()):
        node = context.iris.of(path)
        triples: list[Triple] = [
            (node, rdf.type, crm.E73_Information_Object),
            (node, rdf.type, schema.Conversation),
            (node, rdfs.label, text(label, "en")),
            (node, schema.name, text(label, "en")),
        ]
        yield path, triples + list(_record(path, label, files[path], modified, context))


def _source(source: SourceDescription, node: Iri, base: str) -> Iterator[Triple]:
    """A source file: what it calls itself, under which licence it was given and where it was got."""
    yield node, rdf.type, prov.Entity
    yield node, rdfs.label, text(source.file, "en")
    if source.url and not source.url.startswith(base):
        if source.title:
            yield node, dcterms.title, text(source.title)
        if source.licence:
            yield node, dcterms.license, iri(source.licence)
        yield node, dcterms.source, iri(source.url)


def _frame(context: Context, sources: tuple[SourceDescription, ...]) -> Iterator[Block]:
    """Types, languages, source files and the data set itself."""
    for key, label in sorted(context.types.items()):
        yield f"type/{key}", list(map_type(key, label, context.iris))
    yield "type/scheme", list(map_scheme("Types used in this edition", context.iris))
    for tag in sorted(context.languages):
        yield f"language/{tag}", list(map_language(tag, context.iris))
    for source in sources:
        node = context.iris.of(f"source/{source.file}")
        yield f"source/{source.file}", list(_source(source, node, context.edition.base))
    node = context.iris.of("dataset")
    triples: list[Triple] = [(node, rdf.type, kind) for kind in (void.Dataset, dcat.Dataset, schema.Dataset)]
    triples += [(node, rdfs.label, text(title, tag)) for tag, title in context.edition.title.items()]
    triples += [(node, dcterms.title, text(title, tag)) for tag, title in context.edition.title.items()]
    triples += [(node, dcterms.license, iri(context.edition.licence)), (node, dcterms.conformsTo, iri(PROFILE))]
    yield "dataset", triples
