"""A letter: the message as text, and its writing, sending and receipt."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lod.mapping.context import Context, doubted, exact
from lod.mapping.handling import map_actions, map_activity, map_carriers, map_handling, map_key
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
from lod.model import Letter, Link
from lod.terms import Iri, Triple, text, typed
from lod.vocab import crm, lod, lrmoo, rdf, rdfs, schema, xsd

_COPIES = {"cc": schema.ccRecipient, "bcc": schema.bccRecipient}
"""Addressees who only got a copy."""


class _Nodes(NamedTuple):
    """What several parts of a letter speak of, made once. Of people and places those whose links hold."""

    path: str
    letter: Iri
    called: str
    """Inside a sentence."""
    senders: list[Iri]
    addressees: list[Iri]
    places: list[Iri]
    """Where it was written."""


def label(letter: Letter, context: Context) -> str:
    """`Victor Serge to Leon Trotsky, Brussels, 22 April 1936`."""
    senders, addressees, places = (
        " and ".join(context.name(link.target) for link in links if link.claim.standing.holds)
        for links in (letter.sent.agents, letter.received.agents, letter.sent.places)
    )
    who = (
        f"{senders} to {addressees}"
        if senders and addressees
        else senders or (f"to {addressees}" if addressees else "")
    )
    when = letter.sent.dating.date.label if letter.sent.dating else "undated"
    return ", ".join(filter(None, (who, places, when)))


def map_letter(letter: Letter, context: Context) -> list[Triple]:
    """The letter, then its parts: number, writing, sending, receipt, assertions, translation, carrier.

    Letters are most of an edition: a part that nothing is told of is not asked for.
    """
    path = letter.path
    nodes = _Nodes(
        path,
        context.iris.of(path),
        context.short(path),
        context.targets(letter.sent.agents),
        context.targets(letter.received.agents),
        context.targets(letter.sent.places),
    )
    said = _message(letter, nodes, context)
    if letter.key.isdigit():
        said += _number(letter, context)
    said += _writing(letter, nodes, context)
    said += _sending(letter, nodes, context)
    if _has_receipt(letter):
        said += _receipt(letter, nodes, context)
    if letter.context:
        said += map_reference_kinds(letter, context)
    said += _assertions(letter, context)
    if letter.context or letter.mentions:
        said += map_doubts(letter, context)
    if context.edition.printed:
        said += map_translation(letter, context)
    if letter.published:
        said += map_excerpts(letter, context)
    if letter.holdings:
        said += map_carrier(letter, context)
    said += map_key(letter, context) if letter.identifier else ()
    said += map_actions(letter, context) if letter.actions else ()
    said += map_carriers(letter, context) if letter.carriers else ()
    return said


def _message(letter: Letter, nodes: _Nodes, context: Context) -> list[Triple]:
    node, name = nodes.letter, text(context.labels[nodes.path], "en")
    said: list[Triple] = [
        (node, rdf.type, lrmoo.F2_Expression),
        (node, rdf.type, crm.E33_Linguistic_Object),
        (node, rdf.type, schema.Message),
        (node, rdfs.label, name),
        (node, crm.P2_has_type, context.type(letter.kind)),
    ]
    if not letter.printed:
        said.append((node, crm.P2_has_type, context.type("status-lost-or-unpublished")))
    if letter.key.isdigit():
        said.append((node, crm.P1_is_identified_by, context.iris.of(f"{nodes.path}/number")))
    if letter.languages:
        said += map_languages(letter, context)
    correspondences = [context.iris.of(path) for path in correspondences_of(letter, context)]
    said += [(node, crm.P106i_forms_part_of, correspondence) for correspondence in correspondences]
    said += context.documented(node, letter.places)
    if letter.holdings:
        said += map_carrier_link(letter, context)
    said += [(node, lod.addressed_to, addressee) for addressee in nodes.addressees]
    if letter.context:
        said += map_references(letter, context)
    said.append((node, schema.name, name))
    if letter.key.isdigit():
        said.append((node, schema.identifier, text(letter.key)))
    if "://" in letter.url:
        said.append((node, schema.url, context.iris.node(letter.url)))
    said += [(node, schema.sender, sender) for sender in nodes.senders]
    said += [(node, schema.recipient, addressee) for addressee in nodes.addressees]
    copied = [link for link in letter.received.agents if link.kind in _COPIES]
    if copied:
        for manner, recipient in _COPIES.items():
            said += context.linked(node, (recipient,), (link for link in copied if link.kind == manner))
    said += _schema_dates(letter, node)
    said += [(node, schema.locationCreated, place) for place in nodes.places]
    if letter.mentions:
        said += map_mentions(letter, context)
    if context.edition.printed:
        said += map_printing(letter, context)
    if letter.published:
        said += map_publications(letter, context)
    said += [(node, schema.isPartOf, correspondence) for correspondence in correspondences]
    said += context.remarks(node, letter.notes)
    said += map_handling(letter, node, context)
    return said


def correspondences_of(letter: Letter, context: Context) -> list[str]:
    """The correspondences a letter belongs to: one for each pair of a sender and an addressee who are persons."""
    paths: dict[str, None] = {}
    for sender in letter.sent.agents:
        for addressee in letter.received.agents:
            path = _correspondence(sender.target, addressee.target)
            if path and sender.claim.standing.holds and addressee.claim.standing.holds:
                paths[path] = None
                if path not in context.used.correspondences:
                    first, second = sorted((sender.target, addressee.target))
                    label = f"Correspondence of {context.name(first)} and {context.name(second)}"
                    context.used.correspondences[path] = label, letter.source.file
    return list(paths)


@lru_cache(maxsize=1024)
def _correspondence(one: str, other: str) -> str:
    """The path of the correspondence of two persons, `""` when they are not two or no persons."""
    if one == other or not (one.startswith("person/") and other.startswith("person/")):
        return ""
    first, second = sorted((one, other))
    return f"correspondence/{first.removeprefix('person/')}-{second.removeprefix('person/')}"


def _schema_dates(letter: Letter, node: Iri) -> Iterator[Triple]:
    """The day of writing; the day of receipt, for which schema.org wants a moment: its first one."""
    if letter.sent.dating:
        written = exact(letter.sent.dating.date)
        if written is not None:
            yield node, schema.dateCreated, written
    if letter.received.dating:
        received = letter.received.dating.date.exact
        if len(received.lstrip("-")) == len("1936-06-06"):
            yield node, schema.dateReceived, typed(f"{received}T00:00:00Z", xsd.dateTime)


def _number(letter: Letter, context: Context) -> Iterator[Triple]:
    node = context.iris.of(f"{letter.path}/number")
    yield node, rdf.type, crm.E42_Identifier
    yield node, rdfs.label, text(f"Number of letter {letter.key} in the edition", "en")
    yield node, crm.P2_has_type, context.type("identifier-edition-number")
    yield node, crm.P190_has_symbolic_content, text(letter.key)


def _writing(letter: Letter, nodes: _Nodes, context: Context) -> list[Triple]:
    path, dating = nodes.path, letter.sent.dating
    said = map_writing(path, nodes.letter, nodes.senders, nodes.places, context)
    if dating:
        sentence = f"{nodes.called} was written"
        said += context.dated(
            path, f"{path}/writing", dating, "writing-date", "assertion-date", letter.places, sentence
        )
    return said


def _sending(letter: Letter, nodes: _Nodes, context: Context) -> list[Triple]:
    path = nodes.path
    node = context.iris.of(f"{path}/sending")
    said = map_activity(nodes.letter, node, f"Sending of {nodes.called}", ("sent",), nodes.senders, context)
    enclosed = [link for link in letter.context if link.kind == "encloses"]
    said += context.linked(node, (crm.P16_used_specific_object,), enclosed)
    if _has_receipt(letter):
        said.append((node, crm.P182_ends_before_or_with_the_start_of, context.iris.of(f"{path}/receipt")))
    if letter.forwarders:
        node, agents = context.iris.of(f"{path}/forwarding"), context.targets(letter.forwarders)
        said += map_activity(nodes.letter, node, f"Forwarding of {nodes.called}", ("forwarded",), agents, context)
    return said


def _has_receipt(letter: Letter) -> bool:
    return bool(letter.received.places or letter.received.dating)


def _receipt(letter: Letter, nodes: _Nodes, context: Context) -> list[Triple]:
    path, dating = nodes.path, letter.received.dating
    node = context.iris.of(f"{path}/receipt")
    said = map_activity(nodes.letter, node, f"Receipt of {nodes.called}", ("received",), nodes.addressees, context)
    said += context.linked(node, (crm.P7_took_place_at,), letter.received.places)
    if dating:
        sentence = f"{nodes.called} was received"
        said += context.dated(
            path, f"{path}/receipt", dating, "receipt-date", "assertion-receipt-date", letter.places, sentence
        )
    return said


def _assertions(letter: Letter, context: Context) -> Iterator[Triple]:
    """Who says so, for agents and places that are not plainly stated."""
    sent, received = letter.sent, letter.received
    if not doubted((*sent.agents, *sent.places, *received.agents, *received.places)):
        return
    path = letter.path
    rows: tuple[tuple[tuple[Link, ...], str, str, Iri, str], ...] = (
        (sent.agents, "assertion-sender", f"{path}/writing", crm.P14_carried_out_by, "written by"),
        (sent.places, "assertion-place", f"{path}/writing", crm.P7_took_place_at, "written at"),
        (received.agents, "assertion-addressee", path, lod.addressed_to, "addressed to"),
        (received.places, "assertion-receipt-place", f"{path}/receipt", crm.P7_took_place_at, "received at"),
    )
    for links, part, about, stated, was in rows:
        label = f"{context.short(path)} was {was} {{}}"
        yield from context.weighed(path, part, about, stated, doubted(links), label, letter.places)
