"""`/sparql` below the framework's layers: a program's query is read, asked and answered without them.

What the layers add to an answer is added here: the fields that all answers have, the log's line, the ready answer for next time.
People with browsers, and whatever is out of the ordinary, take the usual way.
"""

import logging
import time
from collections.abc import Sequence

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lod.web import access, guard
from lod.web.access import Journal
from lod.web.kept import Kept, lasts
from lod.web.protocol import WHOLE
from lod.web.sparql import Sparql

PATH = "/sparql"
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Straight:
    """Answers queries of programs."""

    def __init__(self, endpoint: Sparql, journal: Journal, kept: Kept) -> None:
        self._endpoint = endpoint
        self._journal = journal
        self._kept = kept
        self._log = logging.getLogger(__name__)

    def takes(self, scope: Scope) -> bool:
        """True for a request that is answered here."""
        return (
            scope["type"] == "http"
            and scope["path"] == PATH
            and scope["method"] in _METHODS
            and not guard.unfit(scope)
            and _programs(scope["headers"])
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begin = time.perf_counter()
        status, size = 0, 0
        response: Response | None = None
        try:
            response = await self._answered(Request(scope, receive))
            body = b"" if scope["method"] == "HEAD" else bytes(response.body)
            status, size = response.status_code, len(body)
            fields = guard.completed(response.raw_headers)
            whole = scope.get("extensions", {}).get(WHOLE)
            start = {"type": "http.response.start", "status": status, "headers": fields}
            if whole is not None:
                await whole(status, fields, body)
            else:
                await send(start)
                await send({"type": "http.response.body", "body": body})
            if lasts(scope, status):
                self._kept.put(scope, start, body)
        finally:
            if response is not None and response.background is not None:
                await response.background()
            seconds = time.perf_counter() - begin
            self._journal.note(scope["method"], PATH, status, size, seconds, access.query_of(scope))

    async def _answered(self, request: Request) -> Response:
        try:
            return await self._endpoint.answer(request)
        except Exception:
            return guard.failed(request, self._log)


def _programs(fields: Sequence[tuple[bytes, bytes]]) -> bool:
    """True for one `Accept`, or none, that names no page."""
    accepts = [words for name, words in fields if name == b"accept"]
    return not accepts or (len(accepts) == 1 and b"html" not in accepts[0].lower())


class Application(FastAPI):
    """All routes behind the framework's layers, but for what `straight` takes."""

    straight: Straight | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.straight is not None and self.straight.takes(scope):
            scope["app"] = self
            await self.straight(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
