"""What a POST brings, up to a limit."""

from starlette.requests import Request

from lod.web.problems import Problem

BODY_BYTES = 1024 * 1024


async def read(request: Request) -> bytes | Problem:
    """The body, or the problem that it is larger than 1 MiB; no more than that is ever held."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > BODY_BYTES:
            return Problem(
                413, f"The body is larger than {BODY_BYTES:,} bytes.", "body-too-large", headers={"Connection": "close"}
            )
        pieces.append(piece)
    return b"".join(pieces)
