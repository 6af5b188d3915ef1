"""A document of the edition that is no letter: article, extract, obituary, notebook entry."""

from collections.abc import Iterator

from lod.mapping.context import Context, doubted, exact
from lod.mapping.names import named
from lod.mapping.text import (
    map_carrier,
    map_carrier_link,
    map_doubts,
    map_excerpts,
    map_languages,
    map_mentions,
    map_printing,
    map_publications,
    map_reference_kinds,
    map_references,
    map_translation,
    map_writing,
)
from lod.model import Document, Link
from lod.terms import Iri, Triple
from lod.vocab import crm, lod, lrmoo, rdf, schema

_ARTICLES = ("article", "obituary")
_WHOLE_IS_TEXT_OR_BOOK = ("book", "edition", "issue", "article", "original", "translation", "thesis")


def map_document(document: Document, context: Context) -> Iterator[Triple]:
    """The text, then its parts: writing, assertions, translation, carrier."""
    yield from _text(document, context)
    yield from _writing(document, context)
    yield from map_reference_kinds(document, context)
    yield from _assertions(document, context)
    yield from map_doubts(document, context)
    yield from map_translation(document, context)
    yield from map_excerpts(document, context)
    yield from map_carrier(document, context)


def _text(document: Document, context: Context) -> Iterator[Triple]:
    node = context.iris.of(document.path)
    yield node, rdf.type, lrmoo.F2_Expression
    yield node, rdf.type, crm.E33_Linguistic_Object
    yield node, rdf.type, schema.CreativeWork
    if document.kind in _ARTICLES:
        yield node, rdf.type, schema.Article
    yield from named(document.path, document.titles, context)
    yield node, crm.P2_has_type, context.type(document.kind)
    yield from map_languages(document, context)
    yield from context.documented(node, document.places)
    yield from map_carrier_link(document, context)
    yield from context.linked(node, (lod.addressed_to,), document.addressees)
    yield from map_references(document, context)
    yield from context.linked(node, (schema.author,), document.authors)
    value = exact(document.dating.date) if document.dating else None
    if value is not None:
        yield node, schema.dateCreated, value
    yield from context.linked(node, (schema.locationCreated,), document.written_at)
    yield from map_mentions(document, context)
    yield from map_printing(document, context)
    yield from map_publications(document, context)
    yield from _wholes(document, context)
    yield from context.remarks(node, document.notes)


def _wholes(document: Document, context: Context) -> Iterator[Triple]:
    node = context.iris.of(document.path)
    for link in document.part_of:
        if link.claim.standing.holds:
            work = context.works.get(link.target)
            if work is None or work.kind in _WHOLE_IS_TEXT_OR_BOOK:
                yield node, crm.P106i_forms_part_of, context.iris.of(link.target)
            yield node, schema.isPartOf, context.iris.of(link.target)


def _writing(document: Document, context: Context) -> Iterator[Triple]:
    node = context.iris.of(document.path)
    authors, places = context.targets(document.authors), context.targets(document.written_at)
    yield from map_writing(document.path, node, authors, places, context)
    if document.dating:
        path = f"{document.path}/writing"
        sentence = f"{context.short(document.path)} was written"
        yield from context.dated(
            document.path,
            path,
            document.dating,
            "writing-date",
            "assertion-date",
            document.own_places,
            sentence,
            told=True,
        )


def _assertions(document: Document, context: Context) -> Iterator[Triple]:
    path, name = document.path, context.short(document.path)
    rows: tuple[tuple[tuple[Link, ...], str, str, Iri, str], ...] = (
        (document.authors, "assertion-author", f"{path}/writing", crm.P14_carried_out_by, "written by"),
        (document.written_at, "assertion-place", f"{path}/writing", crm.P7_took_place_at, "written at"),
        (document.addressees, "assertion-addressee", path, lod.addressed_to, "addressed to"),
    )
    for links, part, about, stated, was in rows:
        label = f"{name} was {was} {{}}"
        yield from context.weighed(path, part, about, stated, doubted(links), label, document.own_places)
