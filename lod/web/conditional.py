"""Representations with validators and codings, and requests that ask for one only if it has changed (RFC 9110)."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime

import brotli
from starlette.requests import Request
from starlette.responses import Response

from lod.formats import HTML
from lod.web import interface

_SMALL = 256
"""Below so many bytes compression gains nothing."""
_CODINGS = ("br", "gzip")
"""What can be had besides the plain bytes, the better first."""
_OF_UNCHANGED = frozenset({"Cache-Control", "ETag", "Last-Modified", "Vary"})
"""What 304 says (RFC 9110, 15.4.5): the client has the rest."""
_PACKED = ("image/", "application/gzip", "application/zip", "font/", "application/vnd.apache.parquet")


@dataclass(frozen=True, slots=True)
class Representation:
    """Bytes with their type. `modified` comes from the data, `None` when the data does not say."""

    body: bytes
    content_type: str
    modified: date | None = None
    etag: str = field(init=False)
    _coded: dict[str, bytes] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The type is part of it: two formats never share a tag, even if their bytes were equal.
        digest = hashlib.sha256(self.content_type.encode() + b"\n" + self.body).hexdigest()[:32]
        object.__setattr__(self, "etag", f'"{digest}"')

    @property
    def last_modified(self) -> str:
        """The header's value, `""` when unknown."""
        return http_date(self.modified) if self.modified else ""

    @property
    def packs(self) -> bool:
        """True when a coding would make it smaller."""
        return len(self.body) >= _SMALL and not self.content_type.startswith(_PACKED)

    def coded(self, coding: str) -> bytes:
        """The bytes in a coding (`""`: as they are); made once."""
        if not coding:
            return self.body
        made = self._coded.get(coding)
        if made is None:
            made = brotli.compress(self.body, quality=5) if coding == "br" else gzip.compress(self.body, 6, mtime=0)
            self._coded[coding] = made
        return made

    def tag(self, coding: str) -> str:
        """The entity tag of the bytes in a coding: each has its own."""
        return f'{self.etag[:-1]}-{coding}"' if coding else self.etag


def http_date(day: date) -> str:
    """A day as HTTP writes it."""
    return format_datetime(datetime(day.year, day.month, day.day, tzinfo=UTC), usegmt=True)


def respond(request: Request, representation: Representation, headers: Mapping[str, str]) -> Response:
    """200 with the body, or 304 without, with validators on both; in the coding that the client likes best."""
    coding = choose_coding(request.headers.get("accept-encoding", "")) if representation.packs else ""
    tag = representation.tag(coding)
    given = {"Cache-Control": "no-cache", **headers, "ETag": tag}
    languages = interface.VARY if representation.content_type == HTML.content_type else ()
    fields = [*filter(None, given.get("Vary", "").split(", ")), "Accept-Encoding", *languages]
    given["Vary"] = ", ".join(dict.fromkeys(fields))
    if representation.last_modified:
        given["Last-Modified"] = representation.last_modified
    if unchanged(request, tag, representation.modified):
        return Response(
            status_code=304, headers={name: words for name, words in given.items() if name in _OF_UNCHANGED}
        )
    if coding:
        given["Content-Encoding"] = coding
    return Response(representation.coded(coding), headers={**given, "Content-Type": representation.content_type})


def choose_coding(header: str, codings: Sequence[str] = _CODINGS) -> str:
    """The best of these codings for an `Accept-Encoding`; `""` for the plain bytes."""
    asked = {}
    for entry in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in entry.split(";"))
        if name:
            asked[name] = _weight(parameters)
    rest = asked.get("*", 0.0)
    best = max(codings, key=lambda coding: asked.get(coding, rest))
    weight = asked.get(best, rest)
    return best if weight > 0 and weight >= asked.get("identity", 0.0) else ""


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 1.0
    return 1.0


def unchanged(request: Request, tag: str, modified: date | None) -> bool:
    """True when the client has it already. `If-Modified-Since` counts only without `If-None-Match`."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {each.strip().removeprefix("W/") for each in tags.split(",")}
        return "*" in known or tag in known
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified <= parsedate_to_datetime(since).date()
    except (OverflowError, ValueError):
        return False
