"""What a request brings: a body up to a limit and within a time, names and values decoded once."""

import asyncio
from binascii import a2b_qp
from urllib.parse import unquote_to_bytes

from starlette.requests import ClientDisconnect, Request

from lod.web.problems import Problem

BODY_BYTES = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
_SECONDS = 20
"""A body that takes longer to arrive is not waited for."""
_FIELDS = 64
_DIGITS = 20
_CLOSE = {"Connection": "close"}
_TOO_LARGE = Problem(413, f"The body is larger than {BODY_BYTES:,} bytes.", "body-too-large", headers=_CLOSE)


async def read(request: Request) -> bytes | Problem:
    """The body, or the problem that it is larger than 1 MiB or slower than 20 s; no more than that is ever held."""
    if _announced(request) > BODY_BYTES:  # said before a byte of it is asked for (RFC 9110, 10.1.1)
        return _TOO_LARGE
    body = bytearray()  # of many small pieces a list would be many times as large
    try:
        async with asyncio.timeout(_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > BODY_BYTES:
                    return _TOO_LARGE
    except ClientDisconnect:
        return Problem(400, "The body broke off.", "body-broken-off", headers=_CLOSE)
    except TimeoutError:
        detail = f"The body did not arrive within {_SECONDS} seconds."
        return Problem(408, detail, "body-too-slow", headers=_CLOSE)
    return bytes(body)


def _announced(request: Request) -> int:
    """How many bytes the body is said to have; 0 when nothing is said."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else 0


def media_type(request: Request) -> tuple[str, str]:
    """What the body is said to be, in lower case: the type, and its `charset`, `""` when none is said."""
    kind, *parameters = request.headers.get("content-type", "").lower().split(";")
    named = (parameter.partition("=") for parameter in parameters)
    charset = next((value for name, _, value in named if name.strip() == "charset"), "")
    return kind.strip(), charset.strip(' "')


def pairs(raw: bytes) -> list[tuple[str, str]] | Problem:
    """Names and values of an address's query or of a form, decoded once. What is not UTF-8 is refused, not guessed at."""
    fields = raw.split(b"&") if raw else []
    if len(fields) > _FIELDS:
        return Problem(400, f"There are more than {_FIELDS} parameters.", "too-many-parameters")
    named = (field.partition(b"=") for field in fields if field)
    try:
        return [(_decoded(name), _decoded(value)) for name, _, value in named]
    except UnicodeDecodeError:
        return Problem(400, "The request is not UTF-8.", "not-utf-8")


def _decoded(raw: bytes) -> str:
    """A name or a value of a form as it was meant. Quoted-printable is the same with another sign, and quick."""
    raw = raw.replace(b"+", b" ")
    if b"%" not in raw:
        return raw.decode()
    if b"\n" not in raw and b"\r" not in raw:  # which quoted-printable takes away
        meant = a2b_qp(raw.replace(b"=", b"=3D").replace(b"%", b"="))
        if len(meant) == len(raw) - 2 * raw.count(b"%"):  # each percent sign has begun an escape
            return meant.decode()
    return unquote_to_bytes(raw).decode()
