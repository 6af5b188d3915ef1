"""What a letter went through besides writing, sending and receipt; what carries it; what its own edition says of it."""

from collections.abc import Iterable, Iterator
from zlib import crc32

from lod.iris import slug
from lod.mapping.context import Context, doubted
from lod.mapping.text import map_keeping, map_shelfmark
from lod.model import Action, Letter
from lod.terms import Iri, Triple, iri, text
from lod.vocab import crm, rdf, rdfs, schema


def map_actions(letter: Letter, context: Context) -> Iterator[Triple]:
    """Redirections, forwardings, transmissions, readings: an activity each."""
    taken: set[str] = set()
    for action in letter.actions:
        part = slug(f"{action.manner} {action.kind}") or "action"
        told = [link.target.rpartition("/")[2] for link in (*action.places, *action.agents)]
        told += [slug(action.dating.date.edtf)] if action.dating else []
        while part in taken and told:
            part = f"{part}-{told.pop(0)}"
        if part in taken:
            continue
        taken.add(part)
        yield from _action(letter, action, part, context)


def map_activity(
    letter: Iri, node: Iri, label: str, kinds: Iterable[str], agents: Iterable[Iri], context: Context
) -> list[Triple]:
    """What somebody did with a letter: sent, received, forwarded it …"""
    return [
        (node, rdf.type, crm.E7_Activity),
        (node, rdfs.label, text(label, "en")),
        *[(node, crm.P2_has_type, context.type(f"action-{kind}")) for kind in kinds],
        *[(node, crm.P14_carried_out_by, agent) for agent in agents],
        (node, crm.P16_used_specific_object, letter),
    ]


def _action(letter: Letter, action: Action, part: str, context: Context) -> Iterator[Triple]:
    path = f"{letter.path}/{part}"
    node, kind = context.iris.of(path), action.manner or action.kind
    label, kinds = f"{context.short(letter.path)}: {kind}", dict.fromkeys((slug(action.kind), slug(kind)))
    agents = context.targets(action.agents)
    yield from map_activity(context.iris.of(letter.path), node, label, kinds, agents, context)
    yield from context.linked(node, (crm.P7_took_place_at,), action.places)
    if action.dating:
        yield from context.dated(letter.path, path, action.dating, f"{part}-date", f"assertion-{part}-date")
    for links, name, stated in (
        (action.agents, "agent", crm.P14_carried_out_by),
        (action.places, "place", crm.P7_took_place_at),
    ):
        yield from context.weighed(
            letter.path, f"assertion-{part}-{name}", path, stated, doubted(links), f"{kind}: {{}}", letter.places
        )


def map_handling(letter: Letter, node: Iri, context: Context) -> Iterator[Triple]:
    """What the letter's own edition says of it: its key there, text base, what it offers, files, pictures, summary."""
    if letter.identifier and not letter.key.isdigit():
        yield node, crm.P1_is_identified_by, context.iris.of(f"{letter.path}/key")
    if not context.edition.printed:
        for base in letter.text_bases:
            yield node, crm.P2_has_type, context.type(f"text-base-{base}", f"text base: {base}")
    for offer in letter.offers:
        yield node, crm.P2_has_type, context.type(f"published-with-{offer}", f"published with: {offer}")
    for carrier in letter.carriers:
        yield node, crm.P128i_is_carried_by, context.iris.of(f"{letter.path}/{carrier.key}")
    for address in letter.same_as:
        yield node, schema.sameAs, iri(address)
    for address in letter.tei:
        yield node, schema.encoding, iri(address)
    for address in letter.images:
        yield node, schema.associatedMedia, iri(address)
    for words, language in letter.abstract:
        yield node, crm.P3_has_note, text(words, language or context.language)


def map_key(letter: Letter, context: Context) -> Iterator[Triple]:
    """The key as the source writes it, where an IRI cannot hold it as it is."""
    if letter.identifier and not letter.key.isdigit():
        node = context.iris.of(f"{letter.path}/key")
        yield node, rdf.type, crm.E42_Identifier
        yield node, rdfs.label, text(f"Key of {context.short(letter.path)} in its source", "en")
        yield node, crm.P2_has_type, context.type("identifier-edition-number")
        yield node, crm.P190_has_symbolic_content, text(letter.identifier)


def map_carriers(letter: Letter, context: Context) -> Iterator[Triple]:
    """The objects that carry the text: their archive and shelf mark."""
    for carrier in letter.carriers:
        path = f"{letter.path}/{carrier.key}"
        node, name = context.iris.of(path), carrier.kind.capitalize() or "Original"
        yield node, rdf.type, crm.E22_Human_Made_Object
        yield node, rdf.type, schema.ArchiveComponent
        yield node, rdfs.label, text(f"{name} of {context.short(letter.path)}", "en")
        if carrier.kind:
            yield node, crm.P2_has_type, context.type(f"carrier-{carrier.kind}", carrier.kind)
        yield from map_keeping(node, carrier.holding, context)
        part = f"{letter.path}/shelfmark" if carrier.key == "original" else f"{path}-shelfmark"
        if carrier.shelfmark:
            yield from map_shelfmark(node, part, carrier.shelfmark, letter, context)
        for mark, about in carrier.further:
            own = f"{part}-{slug(mark) or f'{crc32(mark.encode()):08x}'}"
            yield from map_shelfmark(node, own, mark, letter, context, about or "further")
