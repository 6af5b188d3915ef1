"""`/dumps/`: the present state and every release, as files. Starlette answers HEAD, ranges and `If-Range`.

/dumps/{edition}.ttl               the present state
/dumps/latest.ttl.gz               302 to the newest release; any other file: /dumps/latest/{file}
/dumps/{version}/{file}            a file of a release, for ever
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from lod.formats import HTML
from lod.release import Release
from lod.release.files import GZIP, File
from lod.web import files, modified, problems
from lod.web.conditional import Representation, choose_coding, http_date, respond, unchanged
from lod.web.site import Room, Site

IMMUTABLE = "public, max-age=31536000, immutable"
_EXTRA = {"SHA256SUMS": "text/plain; charset=utf-8", "manifest.json": "application/json"}
"""Files of a release that the manifest cannot list."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file with what its headers say."""

    file: Path
    sha256: str
    content_type: str
    caching: str
    modified: date | None
    packed: Path | None = None
    """The same as gzip, where that lies beside it."""


class Dumps:
    """The files of the editions."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def listing(self, request: Request, room: Room, version: str = "") -> Response:
        """The files of the present state and the releases there are; or those of one release."""
        shown = room.history.release(version) if version else room.history.latest
        if version and shown is None:
            return problems.respond(request, _unknown())
        page = self._site.html(
            request,
            "dumps.html",
            room=room,
            current=files.current(room),
            shown=shown,
            releases=list(reversed(room.history.releases)),
        )
        return respond(request, Representation(page, HTML.content_type), {})

    async def file(self, request: Request, room: Room, path: str) -> Response:
        """One of them. Only names that are listed are looked for."""
        if path.endswith("/") and room.history.release(path.strip("/")):
            return self.listing(request, room, path.strip("/"))
        if path.startswith("latest"):
            return self._latest(request, room, path)
        found = await run_in_threadpool(_find, room, path)
        if found is None:
            return problems.respond(request, _unknown())
        tag, file = f'"{found.sha256[:32]}"', found.file
        headers = {"ETag": tag, "Cache-Control": found.caching, "Content-Type": found.content_type}
        if found.packed:
            headers["Vary"] = "Accept-Encoding"
            if _wants_packed(request, f'{tag[:-1]}-gzip"'):
                file = found.packed
                headers |= {"ETag": f'{tag[:-1]}-gzip"', "Content-Encoding": "gzip"}
        if found.modified:
            headers["Last-Modified"] = http_date(found.modified)
        if unchanged(request, headers["ETag"], found.modified):
            return Response(status_code=304, headers=headers)
        return FileResponse(file, headers=headers, stat_result=file.stat())

    def _latest(self, request: Request, room: Room, path: str) -> Response:
        """302 from a name that stays to the newest file of that name."""
        name = path.removeprefix("latest")
        name = name.removeprefix("/") if name.startswith("/") else room.edition.id + name
        latest = room.history.latest
        if latest is not None and (latest.manifest.file(name) or name in _EXTRA):
            target = f"{latest.version}/{name}"
        elif latest is None and any(file.name == name for file in files.current(room)):
            target = name
        else:
            return problems.respond(request, _unknown())
        headers = {"Location": room.address(f"dumps/{target}"), "Cache-Control": "no-cache"}
        return Response(status_code=302, headers=headers)


def _find(room: Room, path: str) -> _Found | None:
    version, _, name = path.partition("/")
    release = room.history.release(version) if name else None
    if release is not None:
        return _released(release, name)
    file = next((file for file in files.current(room) if file.name == path), None)
    if file is None:
        return None
    return _Found(room.dumps / path, file.sha256, _content_type(file), "no-cache", modified.of_all(room))


def _released(release: Release, name: str) -> _Found | None:
    day = date.fromisoformat(release.manifest.date)
    # A trial is replaced by the next one.
    caching = "no-cache" if release.manifest.trial else IMMUTABLE
    where = release.folder / name
    file = release.manifest.file(name)
    if file is not None:
        packed = release.folder / f"{name}.gz" if release.manifest.file(f"{name}.gz") else None
        return _Found(where, file.sha256, _content_type(file), caching, day, packed)
    if name in _EXTRA and where.is_file():
        digest = files.digest(where, where.stat().st_mtime_ns)
        return _Found(where, digest, _EXTRA[name], caching, day)
    return None


def _wants_packed(request: Request, tag: str) -> bool:
    """Whether a client takes gzip. A range is one of the plain bytes, unless it goes on with the packed ones."""
    if "range" in request.headers and request.headers.get("if-range") != tag:
        return False
    return choose_coding(request.headers.get("accept-encoding", ""), ("gzip",)) == "gzip"


def _content_type(file: File) -> str:
    """Compressed files are files of their own, not a coding of others: nothing unpacks them on the way."""
    if file.compressed:
        return GZIP
    return f"{file.media_type}; charset=utf-8" if file.media_type.startswith("text/") else file.media_type


def _unknown() -> problems.Problem:
    return problems.Problem(404, "There is no such dump; /dumps/ lists them.", "unknown")
