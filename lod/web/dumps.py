"""`/dumps/`: what the edition publishes, as files. Starlette answers HEAD, ranges and `If-Range`."""

import hashlib
import os
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from lod.formats import HTML
from lod.web import dataset, problems
from lod.web.conditional import Representation, respond
from lod.web.site import Room, Site


class Dumps:
    """The dump files of the editions."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._etags: dict[tuple[Path, int, int], str] = {}

    def listing(self, request: Request, room: Room) -> Response:
        """The files there are, with sizes."""
        files = [(form, name, (room.dumps / name).stat().st_size) for form, name in dataset.files(room)]
        page = self._site.templates.get_template("dumps.html").render(site=self._site, room=room, files=files)
        return respond(request, Representation(page.encode(), HTML.content_type), {})

    async def file(self, request: Request, room: Room, name: str) -> Response:
        """One of them. Only names that are listed are looked for."""
        form = next((form for form, known in dataset.files(room) if known == name), None)
        if form is None:
            return problems.respond(
                request, problems.Problem(404, "There is no such dump; /dumps/ lists them.", "unknown")
            )
        file = room.dumps / name
        stat = file.stat()
        etag = await self._etag(file, stat)
        headers = {"ETag": etag, "Cache-Control": "no-cache", "Content-Type": form.content_type}
        tags = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
        if tags & {etag, "*"}:
            return Response(status_code=304, headers=headers)
        return FileResponse(file, headers=headers, stat_result=stat)

    async def _etag(self, file: Path, stat: os.stat_result) -> str:
        """From the content: a rebuilt dump with the same bytes keeps it. Counted once for each state of a file."""
        state = (file, stat.st_mtime_ns, stat.st_size)
        if state not in self._etags:
            digest = await run_in_threadpool(_digest, file)
            self._etags[state] = f'"{digest[:32]}"'
        return self._etags[state]


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
