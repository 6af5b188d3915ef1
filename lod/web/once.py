"""What is worked out once for each edition that is served, and forgotten with it when a new release takes its place."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from lod.web.site import Room

Made = TypeVar("Made")


def once_a_room(make: Callable[[Room], Made]) -> Callable[[Room], Made]:
    """Keeps the result for as long as the room lives. What is made must not hold the room."""
    kept: WeakKeyDictionary[Room, Made] = WeakKeyDictionary()

    @wraps(make)
    def made(room: Room) -> Made:
        if room not in kept:
            kept[room] = make(room)
        return kept[room]

    return made
