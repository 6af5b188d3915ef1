"""What is told twice, and differently: dates told against each other, two tellings of one event."""

from collections.abc import Iterable
from dataclasses import replace

from lod.model import Dating, Event, Standing


def apart(dating: Dating | None) -> tuple[Dating | None, tuple[Dating, ...]]:
    """A date that holds, or one that is told against another."""
    if dating is not None and dating.claim.standing is Standing.DISPUTED:
        return None, (dating,)
    return dating, ()


def together(events: Iterable[Event]) -> tuple[Event, ...]:
    """Two tellings of one event (`@exclude`) are one event, whose contested dates and places are disputed."""
    found: dict[str, Event] = {}
    for event in events:
        told = found.get(event.path)
        if told is not None:
            event = replace(
                told,
                dating=told.dating or event.dating,
                rivals=told.rivals + event.rivals,
                sites=told.sites + event.sites,
                participants=told.participants + event.participants,
                places=tuple(dict.fromkeys(told.places + event.places)),
                notes=told.notes + event.notes,
            )
        found[event.path] = event
    return tuple(found.values())
