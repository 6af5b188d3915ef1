"""What goes over the socket between the server and a query's process: one request, one result."""

import json
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lod.store.answers import REFUSALS, Failed, Graphs, Limits, Refusal

_LENGTH = struct.Struct(">Q")
LENGTH_BYTES = _LENGTH.size
_REQUEST = struct.Struct(">QI")
"""A request's number, and how many bytes its settings take; they and the query follow."""
_PIECE_BYTES = 1 << 20
_ROOM_BYTES = 64 * 1024
_KEPT_BYTES = 2048
"""Longer settings are read anew each time."""


@dataclass(frozen=True, slots=True)
class Request:
    """One query as the process gets it; `accept` holds media types, best first. `number`, above 0, is this request's alone."""

    number: int
    query: str
    accept: tuple[str, ...]
    limits: Limits
    graphs: Graphs


def frame(payload: bytes) -> bytes:
    """Length, then content."""
    return _LENGTH.pack(len(payload)) + payload


def length(head: bytes) -> int:
    """The length a frame's first `LENGTH_BYTES` announce."""
    return int(_LENGTH.unpack(head)[0])


def pack_request(request: Request) -> bytes:
    """The frame of a request."""
    given = request.accept, request.limits, request.graphs
    # What names graphs is as long as its sender likes: it is not kept.
    settings = _packed.__wrapped__(*given) if request.graphs else _packed(*given)
    query = request.query.encode("utf-8", "surrogatepass")
    return b"".join(
        (
            _LENGTH.pack(_REQUEST.size + len(settings) + len(query)),
            _REQUEST.pack(request.number, len(settings)),
            settings,
            query,
        )
    )


@lru_cache(maxsize=256)
def _packed(accept: tuple[str, ...], limits: Limits, graphs: Graphs) -> bytes:
    """What is the same for most queries."""
    caps = limits.seconds, limits.memory_bytes, limits.output_bytes
    return json.dumps({"accept": accept, "limits": caps, "graphs": [graphs.default, graphs.named]}).encode()


@lru_cache(maxsize=256)
def _unpacked(settings: bytes) -> tuple[tuple[str, ...], Limits, Graphs]:
    data = json.loads(settings)
    default, named = data["graphs"]
    return tuple(data["accept"]), Limits(*data["limits"]), Graphs(tuple(default), tuple(named))


def read_request(connection: socket.socket) -> Request:
    """Read a request from a blocking socket. `ConnectionError` when the other side has gone."""
    held = b""
    while len(held) < LENGTH_BYTES or len(held) < LENGTH_BYTES + length(held[:LENGTH_BYTES]):
        piece = connection.recv(_ROOM_BYTES)
        if not piece:
            raise ConnectionError("the other side has gone")
        held += piece
    number, size = _REQUEST.unpack_from(held, LENGTH_BYTES)
    begin = LENGTH_BYTES + _REQUEST.size
    settings = held[begin : begin + size]
    accept, limits, graphs = _unpacked(settings) if size < _KEPT_BYTES else _unpacked.__wrapped__(settings)
    return Request(number, held[begin + size :].decode("utf-8", "surrogatepass"), accept, limits, graphs)


def result_head(result: Refusal | str, size: int = 0) -> bytes:
    """The frame before the body: media type and size of an answer, or a refusal (which has no body)."""
    if isinstance(result, str):
        return frame(json.dumps({"media_type": result, "bytes": size}).encode())
    facts: dict[str, Any] = {"detail": result.detail, **result.facts}
    return frame(json.dumps({"refusal": result.name, "facts": facts}).encode())


def read_head(payload: bytes) -> Refusal | tuple[str, int]:
    """A refusal, or media type and size of the body that follows."""
    data = json.loads(payload)
    if "refusal" not in data:
        return data["media_type"], data["bytes"]
    given: dict[str, Any] = data["facts"]
    facts: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    return REFUSALS.get(data["refusal"], Failed)(**facts)


def send(connection: socket.socket, result: Refusal | str, body: Iterable[bytes] = ()) -> None:
    """Write a result to a blocking socket, in few large pieces."""
    pieces = list(body)
    held = [result_head(result, sum(map(len, pieces)))]
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE_BYTES:
            connection.sendall(b"".join(held))
            held, size = [], 0
    connection.sendall(b"".join(held))
