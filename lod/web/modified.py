"""When a document last changed: the one answer for `Last-Modified`, the sitemap and the data set's description."""

from datetime import date

from lod.release import change
from lod.web import census
from lod.web.files import is_released
from lod.web.once import once_a_room
from lod.web.site import Room


def last_modified(room: Room, path: str) -> date | None:
    """The day of the release that last changed a document; for one changed since, what its record says if that is later.

    None when neither tells.
    """
    known = _known(room)
    if path not in known:
        known[path] = _last_modified(room, path)
    return known[path]


@once_a_room
def _known(_: Room) -> dict[str, date | None]:
    return {}


def _last_modified(room: Room, path: str) -> date | None:
    last = room.history.table.last(path)
    if last is not None and (is_released(room) or last.digest == change.digest(room.documents, path)):
        return _day(last.date)
    return _day(max([*room.documents.days(path), *([last.date] if last else [])], default=""))


@once_a_room
def of_all(room: Room) -> date | None:
    """The day of the newest release if that is served, else the latest day that any record tells of."""
    days = list(room.history.table.versions().values())
    if is_released(room):
        return _day(days[-1])
    return _day(max([*days, census.last_day(room.index)], default=""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
