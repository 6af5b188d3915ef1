"""Representations with validators, and requests that ask for one only if it has changed (RFC 9110, section 13)."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Representation:
    """Bytes with their type. `modified` comes from the data, `None` when the data does not say."""

    body: bytes
    content_type: str
    modified: date | None = None
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        # The type is part of it: two formats never share a tag, even if their bytes were equal.
        digest = hashlib.sha256(self.content_type.encode() + b"\n" + self.body).hexdigest()[:32]
        object.__setattr__(self, "etag", f'"{digest}"')

    @property
    def last_modified(self) -> str:
        """The header's value, `""` when unknown."""
        if self.modified is None:
            return ""
        return format_datetime(
            datetime(self.modified.year, self.modified.month, self.modified.day, tzinfo=UTC), usegmt=True
        )


def respond(request: Request, representation: Representation, headers: dict[str, str]) -> Response:
    """200 with the body, or 304 without, with validators on both."""
    given = {"ETag": representation.etag, "Cache-Control": "no-cache", **headers}
    if representation.last_modified:
        given["Last-Modified"] = representation.last_modified
    if unchanged(request, representation):
        return Response(status_code=304, headers=given)
    return Response(representation.body, headers={**given, "Content-Type": representation.content_type})


def unchanged(request: Request, representation: Representation) -> bool:
    """True when the client has it already. `If-Modified-Since` counts only without `If-None-Match`."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or representation.etag in known
    since = request.headers.get("if-modified-since")
    if since is None or representation.modified is None:
        return False
    try:
        return representation.modified <= parsedate_to_datetime(since).date()
    except ValueError:
        return False
