"""What holds for every response, errors included: open to other sites, safe in browsers, no body on HEAD."""

import logging
import re
import uuid
from collections.abc import Iterable, Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lod.formats import HTML
from lod.web import interface, problems
from lod.web.problems import Problem

URL_BYTES = 16 * 1024
HEADER_BYTES = 16 * 1024

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, ETag, Content-Location, Retry-After, Location, Last-Modified",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_READ = ("GET", "HEAD", "OPTIONS")
_POSTED = re.compile(r"(?:/[a-z0-9-]+)?/(?:reconcile(?:/1\.0/(?:match|reconcile|extend))?|extend|lookup|oai)|/sparql")
"""What takes a POST: queries, look-ups of one edition or of all, and OAI-PMH."""
_OWN = b"content-security-policy"
"""A page may be stricter or looser about who frames it than the rest."""
_FIELDS = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_UNFRAMED = [field for field in _FIELDS if field[0] != _OWN]
_ALWAYS = frozenset(name for name, _ in _FIELDS) - {_OWN}


def allowed(path: str) -> Sequence[str]:
    """The methods an address takes."""
    return ("GET", "HEAD", "POST", "OPTIONS") if _POSTED.fullmatch(path) else _READ


class Guard:
    """Wraps the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = logging.getLogger(__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _one_accept(scope)
        request = Request(scope, receive)
        started = False
        bodiless = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = completed(message["headers"])
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith(HTML.media_type):
                    _localised(request, headers)
            elif bodiless:
                message = {**message, "body": b""}
            await send(message)

        response = _preflight(request) or _refused(request)
        try:
            await (response or self._app)(scope, receive, guarded)
        except Exception:
            if started:
                raise
            await failed(request, self._log)(scope, receive, guarded)


def failed(request: Request, log: logging.Logger) -> Response:
    """What is said of an exception that is being handled: a number, under which the log tells the rest."""
    number = uuid.uuid4().hex[:12]
    log.exception("error %s", number)
    detail = f"Something failed here. The operator finds it under {number}."
    return problems.respond(request, Problem(500, detail, "internal", facts={"id": number}))


def _one_accept(scope: Scope) -> Scope:
    """Several `Accept` fields are one list (RFC 9110, 5.3); RDF4J sends one for each type."""
    fields = [words for name, words in scope["headers"] if name == b"accept"]
    if len(fields) < 2:
        return scope
    rest = [field for field in scope["headers"] if field[0] != b"accept"]
    return {**scope, "headers": [*rest, (b"accept", b", ".join(fields))]}


def completed(given: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The fields of a response with those that all of them have."""
    kept = [field for field in given if field[0] not in _ALWAYS]
    own = any(name == _OWN for name, _ in kept)
    return kept + (_UNFRAMED if own else _FIELDS)


def _localised(request: Request, headers: MutableHeaders) -> None:
    """A page is in one of several languages; a choice of one is kept for the next page."""
    known = headers.get("vary", "")
    for field in interface.VARY:
        if field not in known:
            headers.add_vary_header(field)
    asked = request.query_params.get("lang", "")
    if asked in interface.LANGUAGES:
        headers["Set-Cookie"] = f"{interface.COOKIE}={asked}; Path=/; Max-Age=31536000; SameSite=Lax"


def _preflight(request: Request) -> Response | None:
    if request.method != "OPTIONS":
        return None
    methods = ", ".join(allowed(request.url.path))
    headers = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Modified-Since, Range",
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers=headers)


def unfit(scope: Scope) -> Problem | None:
    """What is wrong with the head of a request, whatever it asks for."""
    address = len(scope.get("raw_path", b"")) + len(scope["query_string"])
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    if address > URL_BYTES or size > HEADER_BYTES:
        return long_head(address)
    hosts = sum(name == b"host" for name, _ in scope["headers"])
    if hosts > 1 or (hosts == 0 and scope["http_version"] == "1.1"):  # RFC 9112, 3.2
        return Problem(400, f"A request names one host; this one names {hosts}.", "no-host")
    return None


def long_head(address: int) -> Problem:
    """The refusal of a head that is too long, with an address of so many bytes in it."""
    if address > URL_BYTES:
        detail = f"The address has more than {URL_BYTES:,} bytes. Send a long query with POST."
        return Problem(414, detail, "address-too-long")
    detail = f"The header fields have more than {HEADER_BYTES:,} bytes."
    return Problem(431, detail, "header-too-large")


def _refused(request: Request) -> Response | None:
    problem = unfit(request.scope)
    return problems.respond(request, problem) if problem else None
