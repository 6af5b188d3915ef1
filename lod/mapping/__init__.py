"""Records in, triples out: one module a kind, each a generator. A new kind is one module and one line in `MAPPERS`.

The result comes in blocks, an owner each: the thing, its parts, its record. No block depends on a store or a graph.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from lod.config import Edition
from lod.iris import KINDS, source_path
from lod.mapping import event, letter, work
from lod.mapping.blocks import Block
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
from lod.terms import Iri, Triple, iri, text
from lod.vocab import crm, dcat, dcterms, foaf, prov, rdf, rdfs, schema, void

PROFILE = "https://w3id.org/correspondence-lod/profile/1.0"
"""The version of the data model that dumps conform to."""

__all__ = ["MAPPERS", "PROFILE", "Block", "map_edition", "map_end", "map_letters", "map_things", "prepare"]

MAPPERS: dict[type, Callable[[Any, Context], Iterable[Triple]]] = {
    Letter: map_letter,
    Document: map_document,
    Person: map_person,
    Organisation: map_organisation,
    Place: map_place,
    Event: map_event,
    Work: map_work,
    Holding: map_holding,
}


def map_edition(
    edition: Edition,
    records: Iterable[Record],
    sources: Sequence[SourceDescription],
    replaced: Mapping[str, tuple[Iri, ...]] | None = None,
) -> Iterator[Block]:
    """All blocks of an edition, kind by kind; what records only lead to (types, languages, cited places) comes last.

    `replaced` gives the withdrawn IRIs that a thing took the place of, by its path.
    """
    everything = tuple(records)
    context = prepare(edition, everything, sources, replaced)
    yield from map_letters((record for record in everything if isinstance(record, Letter)), context)
    yield from map_things((record for record in everything if not isinstance(record, Letter)), context)
    yield from map_end(context)


def prepare(
    edition: Edition,
    records: Sequence[Record],
    sources: Sequence[SourceDescription],
    replaced: Mapping[str, tuple[Iri, ...]] | None = None,
    letters: Iterable[Letter] = (),
) -> Context:
    """What mapping must know before its first record: all things with their labels. For letters see `Context`."""
    context = Context(edition, records, sources, replaced, letters)
    _label(records, context)
    return context


def map_letters(letters: Iterable[Letter], context: Context) -> Iterator[Block]:
    """The blocks of letters: all of an edition, or some."""
    for record in letters:
        if record.path not in context.labels:
            context.labels[record.path] = letter.label(record, context)
        yield _block(record.path, _mapped(record, context), context)


def map_things(things: Iterable[Record], context: Context) -> Iterator[Block]:
    """The blocks of everything else that has a record; the printed edition comes at the end, with its parts."""
    by_kind = sorted(things, key=lambda record: KINDS.index(record.path.partition("/")[0]))
    for record in by_kind:
        if record.path != context.edition.printed:
            yield _block(record.path, _mapped(record, context), context)


def map_end(context: Context) -> Iterator[Block]:
    """What all records led to: correspondences, the printed edition with the parts cited, types, languages; the frame."""
    for path, (label, file) in sorted(context.used.correspondences.items()):
        yield _block(path, _correspondence(path, label, file, context), context)
    book = context.works.get(context.edition.printed)
    if book is not None:
        yield _block(book.path, _printed(book, context), context)
    for path, triples in _frame(context):
        yield _block(path, triples, context)


def _block(path: str, triples: Iterable[Triple], context: Context) -> Block:
    old = context.replaced.get(path, ())
    return path, [*triples, *((context.iris.of(path), dcterms.replaces, each) for each in old)]


def _mapped(record: Record, context: Context) -> Iterable[Triple]:
    thing = MAPPERS[type(record)](record, context)
    return chain(thing, _record(record.path, _record_label(record, context), record.source.file, context))


def _printed(book: Work, context: Context) -> Iterator[Triple]:
    yield from map_work(book, context)
    cited = tuple(context.used.cited)
    yield from context.printed.map_parts(cited, context.iris)
    for place in cited:
        context.type(context.printed.describe(place)[0])
    yield from _record(book.path, context.name(book.path), book.source.file, context)


def _label(records: Iterable[Record], context: Context) -> None:
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


def _record(path: str, label: str, file: str, context: Context) -> list[Triple]:
    """The record of a thing: about the document, not about the thing."""
    node = context.iris.record(path)
    return [
        (node, rdf.type, foaf.Document),
        (node, rdf.type, prov.Entity),
        (node, rdfs.label, text(f"Record of {label}", "en")),
        (node, foaf.primaryTopic, context.iris.of(path)),
        *[(node, predicate, value) for predicate, value in context.provenance(file)],
    ]


def _correspondence(path: str, label: str, file: str, context: Context) -> Iterator[Triple]:
    node = context.iris.of(path)
    yield node, rdf.type, crm.E73_Information_Object
    yield node, rdf.type, schema.Conversation
    yield node, rdfs.label, text(label, "en")
    yield node, schema.name, text(label, "en")
    yield from _record(path, label, file, context)


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


def _frame(context: Context) -> Iterator[Block]:
    """Types, languages, source files and the data set itself."""
    for key, label in sorted(context.used.types.items()):
        yield f"type/{key}", list(map_type(key, label, context.iris))
    yield "type/scheme", list(map_scheme("Types used in this edition", context.iris))
    for tag in sorted(context.used.languages):
        yield f"language/{tag}", list(map_language(tag, context.iris))
    for source in context.sources:
        path = source_path(source.file)
        node = context.iris.of(path)
        yield path, list(_source(source, node, context.edition.base))
    node = context.iris.of("dataset")
    triples: list[Triple] = [(node, rdf.type, kind) for kind in (void.Dataset, dcat.Dataset, schema.Dataset)]
    triples += [(node, rdfs.label, text(title, tag)) for tag, title in context.edition.title.items()]
    triples += [(node, dcterms.title, text(title, tag)) for tag, title in context.edition.title.items()]
    triples += [(node, dcterms.license, iri(context.edition.licence)), (node, dcterms.conformsTo, iri(PROFILE))]
    yield "dataset", triples
