"""Ready answers: what was sent once for a request is sent again, in one piece, before any layer of the framework is asked.

What is served never changes while an application lives, so an answer stays right. A handler says of its answer that it depends on
nothing but what is in a key (`keep`); the server's protocol asks for it (`Kept.find`) before it makes a request of what it has read.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lod.formats import DOCUMENT_FORMATS
from lod.web.access import Journal, Query, query_of
from lod.web.guard import HEADER_BYTES

Fields = Sequence[tuple[bytes, bytes]]
"""Header fields, names in lower case."""

_KEPT_BYTES = 64 * 1024 * 1024
_ANSWER_BYTES = 1024 * 1024
_STATE = "lod.keep"
_SUFFIXES = tuple(f".{form.name}".encode() for form in DOCUMENT_FORMATS)
_STATUSES = frozenset({200, 303, 304})
_DEPENDS = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"accept-profile",
        b"cookie",
        b"if-modified-since",
        b"if-none-match",
    }
)
"""Header fields that an answer may depend on."""
_PASSES = frozenset(
    {
        b"host",
        b"connection",
        b"user-agent",
        b"referer",
        b"origin",
        b"cache-control",
        b"pragma",
        b"dnt",
        b"from",
        b"via",
        b"priority",
        b"forwarded",
        b"upgrade-insecure-requests",
    }
)
_PASSING = (b"sec-", b"x-forwarded-", b"x-real-ip", b"x-request-id")
"""Those that no answer depends on. Any field that is in neither list leaves the request to the application."""

_Key = tuple[bytes, bytes, tuple[tuple[bytes, bytes], ...]]


def keep(scope: Scope) -> None:
    """Say that the answer to this request is the same next time, as long as the application lives."""
    scope[_STATE] = True


def lasts(scope: Scope, status: int) -> bool:
    """True when that was said, and the answer is one of those that are kept."""
    return bool(scope.get(_STATE)) and status in _STATUSES


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as it goes over the wire: `head` without the fields that the server adds, and without its empty line."""

    status: int
    head: bytes
    body: bytes
    query: Query | None
    size: int
    """Bytes it takes with its key, about."""


class Kept:
    """Answers by request, at most `most` bytes of them: those that nobody has asked for longest go first."""

    def __init__(self, journal: Journal, *, most: int = _KEPT_BYTES) -> None:
        self.journal = journal
        self._most = most
        self._bytes = 0
        self._answers: OrderedDict[_Key, Ready] = OrderedDict()

    def find(self, method: bytes, target: bytes, fields: Fields) -> Ready | None:
        """The answer to a request, its target as it was sent; `None` when the application must be asked."""
        key = _key(method, target, fields)
        if key is None:
            return None
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
        return known

    def note(self, method: bytes, target: bytes, answer: Ready, seconds: float) -> None:
        """Count an answer that was given."""
        path = target.partition(b"?")[0].decode("ascii", "replace")
        shown = unquote(path) if "%" in path else path
        self.journal.note(method.decode("ascii"), shown, answer.status, len(answer.body), seconds, answer.query)

    def put(self, scope: Scope, start: Message, body: bytes) -> None:
        """Keep a whole answer, if it may be kept."""
        query = scope["query_string"]
        target = scope.get("raw_path", b"") + (b"?" + query if query else b"")
        key = _key(scope["method"].encode("ascii"), target, scope["headers"])
        if key is None or key in self._answers or len(body) > _ANSWER_BYTES:
            return
        names = {name.lower() for name, _ in start["headers"]}
        if b"set-cookie" in names or b"connection" in names or (b"content-length" not in names and body):
            return
        head = _head(start)
        size = len(head) + len(body) + len(target) + sum(len(value) for _, value in key[2]) + 1024
        answer = Ready(start["status"], head, body, query_of(scope), size)
        self._answers[key] = answer
        self._bytes += answer.size
        while self._bytes > self._most:
            _, old = self._answers.popitem(last=False)
            self._bytes -= old.size


class Keeping:
    """Wraps the application: notices answers that may be kept."""

    def __init__(self, app: ASGIApp, kept: Kept) -> None:
        self._app = app
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message = {}

        async def noticing(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message if lasts(scope, message["status"]) else {}
            else:
                if start and not message.get("more_body"):
                    self._kept.put(scope, start, message.get("body", b""))
                start = {}
            await send(message)

        await self._app(scope, receive, noticing)


def _head(start: Message) -> bytes:
    lines = (name.lower() + b": " + value + b"\r\n" for name, value in start["headers"])
    return b"".join(lines)


def _key(method: bytes, target: bytes, fields: Fields) -> _Key | None:
    """What an answer depends on, or `None` when this is no plain request to read something."""
    if method not in (b"GET", b"HEAD"):
        return None
    suffixed = target.endswith(_SUFFIXES)
    depends = []
    size = hosts = 0
    for field in fields:
        name, value = field
        hosts += name == b"host"
        size += len(name) + len(value)
        if name in _DEPENDS:
            # A suffix has decided the format; the header may still name a profile.
            if not (suffixed and name == b"accept" and b"profile" not in value):
                depends.append(field)
        elif name not in _PASSES and not name.startswith(_PASSING):
            return None
    return (method, target, tuple(depends)) if size <= HEADER_BYTES and hosts == 1 else None
