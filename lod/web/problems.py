"""Errors as every route tells them: RFC 9457 for programs, a page for those who name HTML. Never a traceback."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from lod.formats import HTML
from lod.store import Refusal
from lod.web import negotiate

MEDIA_TYPE = negotiate.PROBLEM.content_type
"""What programs get an error as."""
_TITLES = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    410: "Gone",
    408: "Request too slow",
    413: "Content too large",
    414: "Address too long",
    415: "Unsupported media type",
    429: "Too many requests",
    431: "Header fields too large",
    500: "Internal error",
    501: "Not implemented",
    503: "Service unavailable",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong. `name` is the last part of the problem type's address, `facts` are its extension members."""

    status: int
    detail: str
    name: str = ""
    title: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The short sentence: the problem's own title, or the status in words."""
        return self.title or _TITLES.get(self.status, "Error")


def of_refusal(refusal: Refusal) -> Problem:
    """The same as an HTTP problem. Temporary ones say when to come back."""
    wait = refusal.facts.get("retry_after")
    headers = {"Retry-After": str(wait or 5)} if refusal.status in (429, 503) else {}
    return Problem(refusal.status, refusal.detail, refusal.name, refusal.title, refusal.facts, headers)


def respond(request: Request, problem: Problem) -> Response:
    """The problem in the form the client likes better; programs get JSON whatever they asked for."""
    headers = {**problem.headers, "Vary": "Accept", "Cache-Control": "no-store"}
    form = negotiate.choose(request.headers.get("accept"), (negotiate.PROBLEM, HTML))
    if form is HTML:
        site = request.app.state.site
        room = None if site.several else site.rooms[0]
        page = site.html(request, "problem.html", room=room, problem=problem)
        return Response(page, problem.status, {**headers, "Content-Type": HTML.content_type})
    body = told(problem, request.app.state.site.public_url)
    return Response(body, problem.status, {**headers, "Content-Type": MEDIA_TYPE})


def told(problem: Problem, root: str = "") -> str:
    """The problem as JSON; its type lies at the server's address, if one is given."""
    content = {
        "type": f"{root}/problems#{problem.name}" if root and problem.name else "about:blank",
        "title": problem.heading,
        "status": problem.status,
        "detail": problem.detail,
        **problem.facts,
    }
    return json.dumps(content, ensure_ascii=False)
