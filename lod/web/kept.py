"""Documents as ready answers: what was sent once for a request is sent again below every layer of the framework.

What is served never changes while an application lives, so an answer stays right. Only whole answers to plain GETs of documents are
kept; whatever a document's bytes or headers depend on is part of the key.
"""

from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lod.formats import DOCUMENT_FORMATS

_SUFFIXES = tuple(f".{form.name}".encode() for form in DOCUMENT_FORMATS)
_KEPT_BYTES = 64 * 1024 * 1024
_ANSWER_BYTES = 1024 * 1024
_DEPENDS = frozenset({b"accept-encoding", b"accept-language", b"accept-profile", b"cookie"})
_PASSES = frozenset(
    {b"host", b"connection", b"user-agent", b"accept", b"referer", b"cache-control", b"pragma", b"x-forwarded-for"}
)
"""Header fields that change nothing about a document at its own address; any other field leaves the answer to the application."""

_Key = tuple[bytes, tuple[tuple[bytes, bytes], ...]]


@dataclass(frozen=True, slots=True)
class _Answer:
    start: Message
    body: Message
    size: int


class Kept:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, *, most: int = _KEPT_BYTES) -> None:
        self._app = app
        self._most = most
        self._bytes = 0
        self._answers: OrderedDict[_Key, _Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if key is None:
            await self._app(scope, receive, send)
            return
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
            await send(known.start)
            await send(known.body)
            return
        await self._app(scope, receive, self._noting(key, send))

    def _noting(self, key: _Key, send: Send) -> Send:
        """Passes an answer on and keeps it if it is a whole document."""
        start: Message = {}

        async def noting(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start.get("status") == 200 and not message.get("more_body"):
                self._keep(key, start, message)
                start = {}
            else:
                start = {}
            await send(message)

        return noting

    def _keep(self, key: _Key, start: Message, body: Message) -> None:
        size = len(body.get("body", b"")) + 1024
        # Without a tag it is no document, and with a cookie it is somebody's.
        names = {name for name, _ in start["headers"]}
        if size > _ANSWER_BYTES or b"etag" not in names or b"set-cookie" in names or key in self._answers:
            return
        self._answers[key] = _Answer({**start, "headers": list(start["headers"])}, dict(body), size)
        self._bytes += size
        while self._bytes > self._most:
            _, old = self._answers.popitem(last=False)
            self._bytes -= old.size


def _key(scope: Scope) -> _Key | None:
    """What an answer depends on, or `None` when this is no plain request for a document."""
    path = scope.get("raw_path") or b""
    if scope["query_string"] or not path.endswith(_SUFFIXES) or b"/dumps/" in path:
        return None
    depends = []
    for name, value in scope["headers"]:
        if name in _DEPENDS or (name == b"accept" and b"profile" in value):
            depends.append((name, value))
        elif name not in _PASSES and not name.startswith(b"sec-"):
            return None
    return path, tuple(depends)
