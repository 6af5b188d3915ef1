"""Events: those of their own, and the births, deaths, formations and dissolutions that are parts of their owners."""

from collections.abc import Iterator

from lod.iris import slug
from lod.mapping.context import Context, exact, opening
from lod.mapping.names import identified, perhaps_identified
from lod.model import Dating, Event, Link, Standing
from lod.terms import Iri, Literal, Triple, text, typed
from lod.vocab import crm, lod, rdf, rdfs, schema, xsd

_ACTING = (
    "organiser",
    "author",
    "speaker",
    "killer",
    "arrested-by",
    "leader",
    "accuser",
    "founder",
    "chair",
    "signatory",
)
_UNDONE = (
    "illness",
    "accident",
    "famine",
    "death",
    "birth",
    "disease",
    "earthquake",
    "flood",
    "disappearance",
    "event",
)
_SUBJECT_ACTS = (
    "departure",
    "journey",
    "emigration",
    "capitulation",
    "escape",
    "return",
    "visit",
    "marriage",
    "arrival",
    "exile-voluntary",
    "break",
    "conversion",
    "resignation",
    "suicide",
    "suicide-attempt",
    "hunger-strike",
    "speech",
    "study",
    "meeting",
    "move",
    "stay",
    "enlistment",
    "mission",
)
_ROLE_OF_SUBJECT = {
    "arrest": "arrested",
    "deportation": "deported",
    "expulsion": "expelled",
    "release": "released",
    "trial": "accused",
    "execution": "victim",
    "murder": "victim",
    "assassination": "victim",
    "killing": "victim",
    "imprisonment": "imprisoned",
}
_PARTS = {
    "birth": (crm.E67_Birth, crm.P98_brought_into_life, "Birth of"),
    "death": (crm.E69_Death, crm.P100_was_death_of, "Death of"),
    "formation": (crm.E66_Formation, crm.P95_has_formed, "Formation of"),
    "dissolution": (crm.E68_Dissolution, crm.P99_dissolved, "Dissolution of"),
}


def label(event: Event, context: Context) -> str:
    """The event's own label, or that of a part from its owner."""
    kind = event.path.rpartition("/")[2]
    if event.label or kind not in _PARTS:
        return event.label or event.path
    return f"{_PARTS[kind][2]} {context.name(event.subject)}"


def map_event(event: Event, context: Context) -> Iterator[Triple]:
    """An event, its date, who took part in which role, and who says what is not plain."""
    yield from _about(event, context)
    yield from _when(event, "date", context)
    yield from _roles(event, context)
    yield from _contested(event, context)
    yield from perhaps_identified(event.path, event.same_as, context)


def map_part(event: Event, context: Context) -> Iterator[Triple]:
    """A birth, death, formation or dissolution: a part of its owner."""
    node = context.iris.of(event.path)
    kind, does, _ = _PARTS[event.path.rpartition("/")[2]]
    name = context.labels[event.path]
    yield node, rdf.type, kind
    yield node, rdf.type, schema.Event
    yield node, rdfs.label, text(name, "en")
    if event.claim.standing.holds:
        yield node, does, context.iris.of(event.subject)
    yield from _circumstances(event, node, name, context)
    for link in event.participants:
        if link.kind == "formed-from" and kind is crm.E66_Formation and link.claim.standing.holds:
            yield node, crm.P151_was_formed_from, context.iris.of(link.target)
    yield from _when(event, "", context)
    yield from _roles(event, context)
    yield from _contested(event, context)
    if not event.claim.standing.holds:
        subject = context.iris.of(event.subject)
        yield from context.assertion(
            f"{event.path}/assertion", f"Perhaps: {name}", event.path, does, subject, event.claim
        )


def dates(event: Event) -> tuple[Literal | None, Literal | None]:
    """Beginning and end for schema.org: exact days, months or years; an exact date is its own beginning."""
    if event.dating is None:
        return None, None
    start, _, end = event.dating.date.edtf.partition("/")
    if not end:
        return exact(event.dating.date), None
    return _value(start), _value(end)


def day(event: Event) -> Literal | None:
    """When somebody was born or a body was dissolved, for schema.org: only when exact to day, month or year.

    Of an interval neither end is that day: its time-span has both.
    """
    return exact(event.dating.date) if event.dating else None


def _value(edtf: str) -> Literal | None:
    pieces = edtf.lstrip("-").split("-")
    if not all(piece.isdigit() for piece in pieces):
        return None
    return typed(edtf, {1: xsd.gYear, 2: xsd.gYearMonth, 3: xsd.date}[len(pieces)])


def _about(event: Event, context: Context) -> Iterator[Triple]:
    node, name = context.iris.of(event.path), context.labels[event.path]
    yield node, rdf.type, crm.E5_Event if event.kind in _UNDONE and not _actors(event) else crm.E7_Activity
    if _movers(event):
        yield node, rdf.type, crm.E9_Move
    yield node, rdf.type, schema.Event
    yield node, rdfs.label, text(name, "en")
    yield node, crm.P2_has_type, context.type(f"event-{event.kind}")
    yield from _circumstances(event, node, name, context)
    if _movers(event):
        for mover in _movers(event):
            yield node, crm.P25_moved, context.iris.of(mover)
        for link in event.participants:
            if link.kind in ("from", "to") and link.target.startswith("place/") and link.claim.standing.holds:
                yield (
                    node,
                    crm.P27_moved_from if link.kind == "from" else crm.P26_moved_to,
                    context.iris.of(link.target),
                )
    for death in event.deaths:
        yield node, crm.P9_consists_of, context.iris.of(death)
    yield from identified(node, event.same_as)


def _circumstances(event: Event, node: Iri, name: str, context: Context) -> Iterator[Triple]:
    yield from context.documented(node, event.places)
    yield from context.linked(node, (crm.P7_took_place_at,), event.sites)
    yield node, schema.name, text(name, "en")
    for predicate, value in zip((schema.startDate, schema.endDate), dates(event), strict=True):
        if value is not None:
            yield node, predicate, value
    yield from context.linked(node, (schema.location,), event.sites)
    if event.description:
        yield node, crm.P3_has_note, context.words(event.description)
    yield from context.remarks(node, event.notes)


def _when(event: Event, part: str, context: Context) -> Iterator[Triple]:
    """The time-span: `event/x/date` for an event of its own, `person/x/death-date` for a part."""
    if event.dating:
        span = part or f"{event.path.rpartition('/')[2]}-date"
        owner = event.path if part else event.path.rpartition("/")[0]
        assertion = "assertion-date" if part else f"assertion-{span}"
        yield from context.dated(owner, event.path, event.dating, span, assertion)


def _taking_part(event: Event) -> list[Link]:
    """Everybody who acts in or undergoes the event, the subject of the entry among them."""
    told = [link for link in event.participants if not link.target.startswith("place/") and link.kind != "formed-from"]
    part_of_owner = not event.path.startswith("event/")
    if event.subject and not part_of_owner and all(link.target != event.subject for link in told):
        role = "" if event.kind in _SUBJECT_ACTS else _ROLE_OF_SUBJECT.get(event.kind, "participant")
        told.insert(0, Link(event.subject, "", event.claim, role))
    return told


def _actors(event: Event) -> list[Link]:
    if event.path.endswith(("/birth", "/death", "/dissolution")):
        return []
    return [link for link in _taking_part(event) if not link.kind or link.kind in _ACTING]


def _movers(event: Event) -> list[str]:
    places = [
        link
        for link in event.participants
        if link.kind in ("from", "to") and link.target.startswith("place/") and link.claim.standing.holds
    ]
    if not places or not event.path.startswith("event/"):
        return []
    if event.subject.startswith("person/"):
        return [event.subject]
    return list(
        dict.fromkeys(
            link.target
            for link in _taking_part(event)
            if link.target.startswith("person/") and link.claim.standing.holds
        )
    )


def _roles(event: Event, context: Context) -> Iterator[Triple]:
    """P14 or P11 for everybody, and the role of each as a statement of its own."""
    node = context.iris.of(event.path)
    actors = _actors(event)
    roles: dict[tuple[bool, str], list[str]] = {}
    for link in _taking_part(event):
        if link.claim.standing.holds:
            acts = link in actors
            known = roles.setdefault((acts, link.target), [])
            if link.kind and link.kind not in known:
                known.append(link.kind)
    for acts, target in roles:
        yield node, crm.P14_carried_out_by if acts else crm.P11_had_participant, context.iris.of(target)
    for (acts, target), kinds in roles.items():
        if kinds:
            yield from _role(event, target, kinds, acts, context)


def _role(event: Event, target: str, kinds: list[str], acts: bool, context: Context) -> Iterator[Triple]:
    key = target.partition("/")[2].replace("/", "-")
    node = context.iris.of(f"{event.path}/{'agent' if acts else 'participant'}-{key}")
    yield node, rdf.type, crm.PC14_carried_out_by if acts else lod.PC11_had_participant
    yield node, rdfs.label, text(f"{context.name(target)}, {', '.join(kind.replace('-', ' ') for kind in kinds)}", "en")
    yield node, crm.P01_has_domain, context.iris.of(event.path)
    yield node, crm.P02_has_range, context.iris.of(target)
    for kind in kinds:
        yield node, crm.P14_1_in_the_role_of if acts else lod.in_the_role_of, context.type(f"role-{kind}")


def _contested(event: Event, context: Context) -> Iterator[Triple]:
    """Places, dates and participants that are doubted, concluded or told differently elsewhere."""
    for site in event.sites:
        if site.claim.standing is not Standing.STATED:
            yield from context.assertion(
                f"{event.path}/assertion-place-{site.target.rpartition('/')[2]}",
                f"{opening(site.claim)}: {_happened(event, context)} at {context.name(site.target)}",
                event.path,
                crm.P7_took_place_at,
                context.iris.of(site.target),
                site.claim,
            )
    for link in _taking_part(event):
        if link.claim.standing is not Standing.STATED:
            yield from context.assertion(
                f"{event.path}/assertion-participant-{slug(link.target.partition('/')[2])}",
                f"{opening(link.claim)}: {context.name(link.target)} in {context.labels[event.path]}",
                event.path,
                crm.P14_carried_out_by if link in _actors(event) else crm.P11_had_participant,
                context.iris.of(link.target),
                link.claim,
            )
    for rival in event.rivals:
        yield from _rival(event, rival, context)


def _happened(event: Event, context: Context) -> str:
    return {"birth": "born", "death": "died"}.get(event.kind, context.labels[event.path])


def _rival(event: Event, rival: Dating, context: Context) -> Iterator[Triple]:
    key = slug(rival.date.edtf)
    span = f"{event.path}/date-{key}"
    yield from context.span(span, rival.date)
    yield from context.assertion(
        f"{event.path}/assertion-date-{key}",
        f"Told: {rival.date.label}",
        event.path,
        crm.P4_has_time_span,
        context.iris.of(span),
        rival.claim,
    )
