"""The files that are offered for download: those of the newest release, and the dumps of the present state."""

import hashlib
from functools import lru_cache
from pathlib import Path

from lod.formats import RDF_FORMATS, Format
from lod.mapping import PROFILE
from lod.release.files import File
from lod.web.once import once_a_room
from lod.web.site import Room

_DOWNLOADS = ("dump", "profile", "table", "linkset")
"""Roles of files that are distributions; the others are about the release."""


def downloads(room: Room, *, sums: bool = True) -> list[tuple[str, File]]:
    """Path below `/dumps/` and description of each file that is offered: those of the latest release.

    Before the first release, and when what is served is no longer the latest one, the dumps of the present state too.
    Without `sums` these have none: summing up a large one takes a second.
    """
    latest = room.history.latest
    found = [] if is_released(room) else [(file.name, file) for file in current(room, sums=sums)]
    if latest is not None:
        found += [(f"{latest.version}/{file.name}", file) for file in latest.manifest.files if file.role in _DOWNLOADS]
    return found


@once_a_room
def is_released(room: Room) -> bool:
    """True when what is served is the newest release, byte for byte."""
    latest = room.history.latest
    file = latest.manifest.file(f"{room.edition.id}.ttl") if latest else None
    return file is not None and room.index.told("digest") == file.sha256


def current(room: Room, *, sums: bool = True) -> list[File]:
    """The dumps of the present state, which no release froze."""
    found = []
    for form in RDF_FORMATS:
        file = room.dumps / f"{room.edition.id}.{form.name}"
        if file.is_file():
            found.append(_file(file, form, sums))
    return found


def _file(file: Path, form: Format, sums: bool) -> File:
    stat = file.stat()
    total = digest(file, stat.st_mtime_ns) if sums else ""
    return File(file.name, form.media_type, f"{form.label} dump", "dump", stat.st_size, total, profile=PROFILE)


@lru_cache(maxsize=256)
def digest(file: Path, _changed: int) -> str:
    """SHA-256 of a file, counted once for each state of it."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
