"""What letters and documents share: mentions, references, translation, publication, archive."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lod.iris import slug
from lod.mapping.concepts import language_label
from lod.mapping.context import Context, opening
from lod.model import Document, Letter, Link, Standing
from lod.terms import Iri, Triple, text
from lod.vocab import crm, lod, lrmoo, rdf, rdfs, schema

_DIRECT = {"reply-to": lod.replies_to, "encloses": lod.encloses}
_MAY = {"reply-to": "answer", "encloses": "enclose"}
_HOLDING_TEXTS = ("digital-edition", "article")
_MANIFESTATIONS = ("issue", "book", "edition")
_KNOWN_WHOLES = (*_MANIFESTATIONS, "periodical", *_HOLDING_TEXTS)
"""What schema.org lets a text be a part of."""


def map_writing(
    path: str, written: Iri, writers: Iterable[Iri], places: Iterable[Iri], context: Context
) -> list[Triple]:
    """The writing of a text: who did it, and where; when, each kind of text says for itself."""
    node = context.iris.of(f"{path}/writing")
    return [
        (node, rdf.type, lrmoo.F28_Expression_Creation),
        (node, rdfs.label, text(f"Writing of {context.short(path)}", "en")),
        (node, lrmoo.R17_created, written),
        *[(node, crm.P14_carried_out_by, writer) for writer in writers],
        *[(node, crm.P7_took_place_at, place) for place in places],
    ]


def map_mentions(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """Whom and what the text names or clearly means."""
    if record.mentions:
        node = context.iris.of(record.path)
        yield from context.linked(node, (crm.P67_refers_to,), record.mentions)
        yield from context.linked(node, (schema.mentions,), record.mentions)


def map_references(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """What the text answers, encloses, cites, acknowledges or forwards."""
    node = context.iris.of(record.path)
    for link in record.context:
        if not link.claim.standing.holds:
            continue
        target = context.iris.of(link.target)
        yield node, _DIRECT.get(link.kind, crm.P67_refers_to), target
        if link.kind == "encloses":
            yield node, schema.messageAttachment, target


def map_reference_kinds(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """The kind of each reference that is neither reply nor enclosure: one statement node a target."""
    kinds: dict[str, list[str]] = {}
    for link in record.context:
        if (
            link.kind not in _DIRECT
            and link.claim.standing.holds
            and link.kind not in kinds.setdefault(link.target, [])
        ):
            kinds[link.target].append(link.kind)
    for target, several in kinds.items():
        node = context.iris.of(f"{record.path}/ref-{slug(target)}")
        label = f"{context.short(record.path)} {', '.join(several)} {context.short(target)}"
        yield node, rdf.type, crm.PC67_refers_to
        yield node, rdfs.label, text(label[0].upper() + label[1:], "en")
        yield node, crm.P01_has_domain, context.iris.of(record.path)
        yield node, crm.P02_has_range, context.iris.of(target)
        for kind in several:
            yield node, crm.P67_1_has_type, context.type(f"reference-{kind}")


def map_doubts(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """References and mentions that are not plainly stated, each with who says so."""
    for link in record.context:
        if link.claim.standing is not Standing.STATED:
            label = f"May {_MAY.get(link.kind, 'refer to')} {context.short(link.target)}"
            part = (
                f"reply-{link.target.partition('/')[2]}"
                if link.kind == "reply-to"
                else f"{link.kind}-{slug(link.target)}"
            )
            yield from _doubt(record, context, link, part, label, _DIRECT.get(link.kind, crm.P67_refers_to))
    for link in record.mentions:
        if link.claim.standing is not Standing.STATED:
            label = f"May mention {context.name(link.target)}"
            yield from _doubt(record, context, link, f"mention-{slug(link.target)}", label, crm.P67_refers_to)


def _doubt(
    record: Letter | Document, context: Context, link: Link, part: str, label: str, stated: Iri
) -> Iterator[Triple]:
    claim = link.claim if link.claim.places else replace(link.claim, places=record.own_places)
    yield from context.assertion(
        f"{record.path}/assertion-{part}", label, record.path, stated, context.iris.of(link.target), claim
    )


def printed_language(record: Letter | Document, context: Context) -> str:
    """The language of the printed edition when the text stands there in translation, else `""`."""
    book = context.works.get(context.edition.printed)
    printed = not isinstance(record, Letter) or record.printed
    if book is None or not printed or not book.language:
        return ""
    named = any(link.claim.standing.holds for link in record.translators)
    foreign = bool(record.languages) and book.language not in record.languages
    return book.language if foreign or named else ""


def map_printing(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """The text in the printed edition: its translation there, or, in its own language, the text itself."""
    node = context.iris.of(record.path)
    language = printed_language(record, context)
    book = context.works.get(context.edition.printed)
    if language:
        translation = context.iris.of(f"{record.path}/translation-{language}")
        yield node, crm.P73_has_translation, translation
        yield node, schema.workTranslation, translation
    elif book is not None and book.language in record.languages and (not isinstance(record, Letter) or record.printed):
        yield node, lrmoo.R4i_is_embodied_in, context.iris.of(book.path)


def map_translation(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """The translation that the printed edition holds."""
    language = printed_language(record, context)
    if not language:
        return
    node, original, book = (
        context.iris.of(f"{record.path}/translation-{language}"),
        context.iris.of(record.path),
        context.iris.of(context.edition.printed),
    )
    yield node, rdf.type, lrmoo.F2_Expression
    yield node, rdf.type, crm.E33_Linguistic_Object
    yield node, rdf.type, schema.CreativeWork
    yield node, rdfs.label, text(f"{language_label(language)} translation of {context.short(record.path)}", "en")
    yield node, crm.P72_has_language, context.tongue(language)
    yield node, schema.inLanguage, text(language)
    yield node, lrmoo.R76_is_derivative_of, original
    yield node, schema.translationOfWork, original
    yield node, lrmoo.R4i_is_embodied_in, book
    yield node, schema.isPartOf, book
    yield from context.linked(node, (schema.translator,), record.translators)


def publication_kind(link: Link) -> str:
    """`first`, `part`, `again` or `""`."""
    return link.kind.removeprefix("published-in").removeprefix("-")


def embodied(node: Iri, target: str, context: Context) -> Iterator[Triple]:
    """A text in an issue, book or edition; in a periodical as far as schema.org knows one."""
    kind = context.works[target].kind if target in context.works else ""
    if kind in _MANIFESTATIONS:
        yield node, lrmoo.R4i_is_embodied_in, context.iris.of(target)
    if kind in _HOLDING_TEXTS:
        yield node, crm.P106i_forms_part_of, context.iris.of(target)
    if kind in _KNOWN_WHOLES:
        yield node, schema.isPartOf, context.iris.of(target)


def map_publications(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """Where the whole text appeared, and where first."""
    node = context.iris.of(record.path)
    for link in record.published:
        kind = publication_kind(link)
        if link.claim.standing.holds and kind != "part":
            if kind == "first":
                yield node, lod.first_published_in, context.iris.of(link.target)
            yield from embodied(node, link.target, context)


def map_excerpts(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """Where part of the text appeared: an excerpt of its own for each language."""
    for link in record.published:
        work = context.works.get(link.target)
        if publication_kind(link) != "part" or work is None or not link.claim.standing.holds:
            continue
        periodical = context.works.get(work.parent, work)
        language = (work.language or periodical.language).lower()
        node = context.iris.of(f"{record.path}/excerpt-{language}" if language else f"{record.path}/excerpt")
        year = work.dating.date.earliest[:4] if work.dating and work.dating.date.exact else context.name(work.path)
        kind = f"{language_label(language)} text" if language else "text"
        yield node, rdf.type, lrmoo.F2_Expression
        yield node, rdf.type, crm.E33_Linguistic_Object
        yield node, rdf.type, schema.CreativeWork
        yield node, rdfs.label, text(f"Partial {kind} of {context.short(record.path)} as printed in {year}", "en")
        if language:
            yield node, crm.P72_has_language, context.tongue(language)
            yield node, schema.inLanguage, text(language)
        yield node, lrmoo.R76_is_derivative_of, context.iris.of(record.path)
        yield from embodied(node, link.target, context)


def map_carrier_link(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """The text points to the object that carries it, when an archive is named, be it with a doubt."""
    if record.holdings:
        yield context.iris.of(record.path), crm.P128i_is_carried_by, context.iris.of(f"{record.path}/original")


def map_carrier(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """The object that carries the text, in its archive, and its shelf mark there; who says so, where that is not plain."""
    if not record.holdings:
        return
    node = context.iris.of(f"{record.path}/original")
    holdings = [link for link in record.holdings if link.claim.standing.holds]
    yield node, rdf.type, crm.E22_Human_Made_Object
    yield node, rdf.type, schema.ArchiveComponent
    yield node, rdfs.label, text(f"Original of {context.short(record.path)}", "en")
    yield from context.documented(node, (place for link in holdings for place in link.claim.places))
    for link in holdings:
        yield from map_keeping(node, link.target, context)
    part = f"{record.path}/shelfmark"
    marks: dict[str, str] = {}
    for link in holdings:
        if link.form and link.form not in marks.values():
            marks[f"{part}-{link.target.partition('/')[2]}" if marks else part] = link.form
    for path, mark in marks.items():
        yield from map_shelfmark(node, path, mark, record, context)
    for number, link in enumerate(link for link in record.holdings if link.claim.standing is not Standing.STATED):
        key = f"-{link.target.partition('/')[2]}" if number else ""
        mark = f", {link.form}" if link.form else ""
        claim = link.claim if link.claim.places else replace(link.claim, places=record.own_places)
        label = f"{opening(claim)}: {context.short(record.path)} is kept in {context.name(link.target)}{mark}"
        holding = context.iris.of(link.target)
        yield from context.assertion(
            f"{record.path}/assertion-holding{key}",
            label,
            f"{record.path}/original",
            crm.P46i_forms_part_of,
            holding,
            claim,
        )


def map_keeping(node: Iri, holding: str, context: Context) -> Iterator[Triple]:
    """The collection that an object lies in, and its nearest keeper."""
    yield node, crm.P46i_forms_part_of, context.iris.of(holding)
    yield node, schema.isPartOf, context.iris.of(holding)
    for keeper in context.keepers.get(holding, ())[:1]:
        yield node, crm.P50_has_current_keeper, context.iris.of(keeper.target)
        yield node, schema.holdingArchive, context.iris.of(keeper.target)


def map_shelfmark(
    node: Iri, path: str, mark: str, record: Letter | Document, context: Context, about: str = ""
) -> Iterator[Triple]:
    """The shelf mark of an object that carries a text: the part `path`, with `mark` as its words; `about`: what sort it is."""
    number = context.iris.of(path)
    yield node, crm.P1_is_identified_by, number
    yield node, schema.identifier, text(mark)
    yield number, rdf.type, crm.E42_Identifier
    label = f"Shelf mark of {context.short(record.path)}"
    yield number, rdfs.label, text(f"{label} ({about})" if about else label, "en")
    yield number, crm.P2_has_type, context.type("identifier-shelfmark")
    yield number, crm.P190_has_symbolic_content, text(mark)


def map_languages(record: Letter | Document, context: Context) -> Iterator[Triple]:
    """The languages the text is written in."""
    node = context.iris.of(record.path)
    for language in record.languages:
        yield node, crm.P72_has_language, context.tongue(language)
    for language in record.languages:
        yield node, schema.inLanguage, text(language)
