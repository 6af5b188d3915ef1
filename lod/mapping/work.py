"""Works, editions, articles, periodicals, issues, translations, objects."""

from collections.abc import Iterator

from lod.mapping.context import Context, exact
from lod.mapping.names import identified, named, perhaps_identified
from lod.mapping.text import embodied
from lod.model import Work
from lod.terms import Iri, Triple, text
from lod.vocab import crm, lod, lrmoo, rdf, rdfs, schema

_MANIFESTATIONS = ("book", "edition", "issue")
_SCHEMA_CLASS = {
    "book": schema.Book,
    "edition": schema.Book,
    "issue": schema.PublicationIssue,
    "periodical": schema.Periodical,
    "article": schema.Article,
    "thesis": schema.Thesis,
}
_SCHEMA_ROLE = {
    "author": schema.author,
    "artist": schema.creator,
    "editor": schema.editor,
    "translator": schema.translator,
    "publisher": schema.publisher,
}
_OF_PUBLICATION = ("publisher", "editor", "translator")
_AUTHORS = ("author", "artist")


def label(work: Work, context: Context) -> str:
    """Its title; of an issue the periodical, number and date; of an untitled one what it belongs to."""
    if work.titles:
        return work.titles[0].text
    parent = context.name(work.parent) if work.parent else ""
    date = work.dating.date.label if work.dating else ""
    if work.kind == "issue":
        volume, number = (f"vol. {work.volume}" if work.volume else ""), (f"no. {work.issue}" if work.issue else "")
        return ", ".join(filter(None, (parent, volume, number, date)))
    kind = {"original": "original text"}.get(work.kind, work.kind)
    return f"{parent}, {kind}" + (f", {date}" if date else "") if parent else work.key


def map_work(work: Work, context: Context) -> Iterator[Triple]:
    """The work, then its parts."""
    yield from _about(work, context)
    if work.kind in _MANIFESTATIONS:
        yield from _publication(work, context)
        yield from _text(work, context)
    elif _is_expression(work):
        yield from _writing(work, context)
    elif work.kind == "work":
        yield from _creation(work, context)
    if work.isbn:
        node = context.iris.of(f"{work.path}/isbn")
        yield node, rdf.type, crm.E42_Identifier
        yield node, rdfs.label, text("ISBN", "en")
        yield node, crm.P2_has_type, context.type("identifier-isbn")
        yield node, crm.P190_has_symbolic_content, text(work.isbn)
    yield from perhaps_identified(work.path, work.same_as, context)


def _is_expression(work: Work) -> bool:
    return work.kind not in (*_MANIFESTATIONS, "work", "periodical", "object", "holding")


def _types(work: Work) -> Iterator[Iri]:
    if work.kind in _MANIFESTATIONS:
        yield lrmoo.F3_Manifestation
    elif work.kind == "periodical":
        yield lrmoo.F18_Serial_Work
    elif work.kind == "work":
        yield lrmoo.F1_Work
    elif work.kind == "object":
        yield (
            crm.E36_Visual_Item
            if any(link.kind == "artist" for link in work.contributors)
            else crm.E73_Information_Object
        )
    else:
        yield lrmoo.F2_Expression
        yield crm.E33_Linguistic_Object
    if work.kind in _SCHEMA_CLASS:
        yield _SCHEMA_CLASS[work.kind]
    if work.volume and work.kind != "issue":
        yield schema.PublicationVolume
    yield schema.CreativeWork


def _about(work: Work, context: Context) -> Iterator[Triple]:
    node = context.iris.of(work.path)
    for kind in _types(work):
        yield node, rdf.type, kind
    yield from _titles(work, context)
    yield node, crm.P2_has_type, context.type(work.kind)
    if work.isbn:
        yield node, crm.P1_is_identified_by, context.iris.of(f"{work.path}/isbn")
        yield node, schema.isbn, text(work.isbn)
    if work.language and _is_expression(work):
        yield node, crm.P72_has_language, context.tongue(work.language)
    if work.kind == "work" and (_agents(work, _AUTHORS) or work.dating):
        yield node, crm.P94i_was_created_by, context.iris.of(f"{work.path}/creation")
    for link in work.contributors:
        if link.claim.standing.holds:
            yield node, _SCHEMA_ROLE.get(link.kind, schema.contributor), context.iris.of(link.target)
    if work.language:
        yield node, schema.inLanguage, text(work.language.lower())
    yield from _dates(work, node)
    if _is_expression(work) and _agents(work, _AUTHORS):
        yield from context.linked(node, (schema.locationCreated,), work.written_at)
    yield from _relations(work, node, context)
    if work.issue:
        yield node, schema.issueNumber, text(work.issue)
    if work.volume and work.kind != "issue":
        yield node, schema.volumeNumber, text(work.volume)
    yield from context.documented(node, (*work.places, *_told(work)))
    yield from context.remarks(node, work.notes)
    yield from identified(node, work.same_as)


def _titles(work: Work, context: Context) -> Iterator[Triple]:
    if work.titles:
        yield from named(work.path, work.titles, context)
        return
    name = text(context.labels[work.path], "en")
    yield context.iris.of(work.path), rdfs.label, name
    yield context.iris.of(work.path), schema.name, name


def _told(work: Work) -> Iterator[str]:
    for link in (*work.contributors, *work.published_at, *work.written_at, *work.related):
        if link.claim.standing.holds:
            yield from link.claim.places
    if work.dating:
        yield from work.dating.claim.places
    for title in work.titles:
        yield from title.places
    for note in work.notes:
        yield from note.places


def _dates(work: Work, node: Iri) -> Iterator[Triple]:
    value = exact(work.dating.date) if work.dating else None
    if value is not None:
        yield node, schema.dateCreated if work.kind in ("work", "object") else schema.datePublished, value


def _relations(work: Work, node: Iri, context: Context) -> Iterator[Triple]:
    parent = context.works.get(work.parent)
    if parent is not None:
        yield from _belongs(work, parent, node, context)
    for link in work.related:
        if not link.claim.standing.holds:
            continue
        target = context.iris.of(link.target)
        if link.kind == "translation-of" and _is_expression(work):
            if _is_text(link.target, context):
                yield node, lrmoo.R76_is_derivative_of, target
            yield node, schema.translationOfWork, target
        elif link.kind.startswith("published-in"):
            if link.kind.endswith("-first") and _is_expression(work):
                yield node, lod.first_published_in, target
            yield from _within(work, link.target, node, context)
        elif link.kind == "part-of":
            yield from _within(work, link.target, node, context)
        elif link.kind == "organ-of":
            yield node, schema.publisher, target
        elif link.kind == "review-of":
            yield node, schema.about, target


def _belongs(work: Work, parent: Work, node: Iri, context: Context) -> Iterator[Triple]:
    """What stands inside another entry: an issue of a periodical, an edition or original of a work."""
    there = context.iris.of(parent.path)
    if work.kind in _MANIFESTATIONS and parent.kind == "work":
        yield node, schema.exampleOfWork, there
    elif _is_expression(work) and parent.kind == "work":
        yield node, lrmoo.R3i_realises, there
        yield node, schema.exampleOfWork, there
    else:
        yield from _within(work, parent.path, node, context)


def _within(work: Work, target: str, node: Iri, context: Context) -> Iterator[Triple]:
    if _is_expression(work):
        yield from embodied(node, target, context)
    if not _is_expression(work) or context.works.get(target, work).kind not in (*_MANIFESTATIONS, "periodical"):
        yield node, schema.isPartOf, context.iris.of(target)


def _is_text(path: str, context: Context) -> bool:
    """True for what R76 can derive from: letters, documents and expressions."""
    work = context.works.get(path)
    return work is None or _is_expression(work)


def _agents(work: Work, roles: tuple[str, ...]) -> list[str]:
    return [link.target for link in work.contributors if link.kind in roles and link.claim.standing.holds]


def _creation(work: Work, context: Context) -> Iterator[Triple]:
    authors = _agents(work, _AUTHORS)
    if not authors and not work.dating:
        return
    path = f"{work.path}/creation"
    node = context.iris.of(path)
    yield node, rdf.type, lrmoo.F27_Work_Creation
    yield node, rdfs.label, text(f"Making of {context.name(work.path)}", "en")
    yield node, lrmoo.R16_created, context.iris.of(work.path)
    for author in dict.fromkeys(authors):
        yield node, crm.P14_carried_out_by, context.iris.of(author)
    if work.dating:
        yield from context.dated(work.path, path, work.dating, "creation-date", "assertion-creation-date", told=True)


def _writing(work: Work, context: Context) -> Iterator[Triple]:
    authors = _agents(work, _AUTHORS)
    if not authors:
        return
    node = context.iris.of(f"{work.path}/writing")
    yield node, rdf.type, lrmoo.F28_Expression_Creation
    yield node, rdfs.label, text(f"Writing of {context.name(work.path)}", "en")
    yield node, lrmoo.R17_created, context.iris.of(work.path)
    for author in dict.fromkeys(authors):
        yield node, crm.P14_carried_out_by, context.iris.of(author)
    yield from context.linked(node, (crm.P7_took_place_at,), work.written_at)


def _publication(work: Work, context: Context) -> Iterator[Triple]:
    agents = _agents(work, _OF_PUBLICATION)
    if not agents and not work.published_at and not work.dating:
        return
    path = f"{work.path}/publication"
    node = context.iris.of(path)
    yield node, rdf.type, lrmoo.F30_Manifestation_Creation
    yield node, rdfs.label, text(f"Publication of {context.name(work.path)}", "en")
    yield node, lrmoo.R24_created, context.iris.of(work.path)
    for agent in dict.fromkeys(agents):
        yield node, crm.P14_carried_out_by, context.iris.of(agent)
    yield from context.linked(node, (crm.P7_took_place_at,), work.published_at)
    if work.dating:
        yield from context.dated(
            work.path, path, work.dating, "publication-date", "assertion-publication-date", told=True
        )
    yield from _publication_roles(work, path, context)


def _publication_roles(work: Work, path: str, context: Context) -> Iterator[Triple]:
    taken: set[str] = set()
    for link in work.contributors:
        if link.kind not in _OF_PUBLICATION or not link.claim.standing.holds:
            continue
        part = f"{path}-{link.kind}"
        if part in taken:
            part = f"{part}-{link.target.rpartition('/')[2]}"
        taken.add(part)
        node = context.iris.of(part)
        yield node, rdf.type, crm.PC14_carried_out_by
        yield node, rdfs.label, text(f"{context.name(link.target)}, {link.kind}", "en")
        yield node, crm.P01_has_domain, context.iris.of(path)
        yield node, crm.P02_has_range, context.iris.of(link.target)
        yield node, crm.P14_1_in_the_role_of, context.type(f"role-{link.kind}")


def _text(work: Work, context: Context) -> Iterator[Triple]:
    """The text that an edition of a work prints: what can be a translation of another text."""
    translated = [link for link in work.related if link.kind == "translation-of" and link.claim.standing.holds]
    parent = context.works.get(work.parent)
    if work.kind == "issue" or not (translated or (parent is not None and parent.kind == "work")):
        return
    node = context.iris.of(f"{work.path}/text")
    yield node, rdf.type, lrmoo.F2_Expression
    yield node, rdf.type, crm.E33_Linguistic_Object
    yield node, rdf.type, schema.CreativeWork
    yield node, rdfs.label, text(f"Text of {context.name(work.path)}", "en")
    if work.language:
        yield node, crm.P72_has_language, context.tongue(work.language)
        yield node, schema.inLanguage, text(work.language.lower())
    yield node, lrmoo.R4i_is_embodied_in, context.iris.of(work.path)
    if parent is not None and parent.kind == "work":
        yield node, lrmoo.R3i_realises, context.iris.of(parent.path)
    for link in translated:
        if _is_text(link.target, context):
            yield node, lrmoo.R76_is_derivative_of, context.iris.of(link.target)
        yield node, schema.translationOfWork, context.iris.of(link.target)
