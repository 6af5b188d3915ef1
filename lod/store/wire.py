"""What goes over the socket between the server and a query's process: one request, one result."""

import json
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lod.store.answers import REFUSALS, Failed, Graphs, Limits, Refusal

_LENGTH = struct.Struct(">Q")
LENGTH_BYTES = _LENGTH.size
_PIECE_BYTES = 1 << 20


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
    limits, graphs = request.limits, request.graphs
    return frame(
        json.dumps(
            {
                "number": request.number,
                "query": request.query,
                "accept": request.accept,
                "limits": [limits.seconds, limits.memory_bytes, limits.output_bytes],
                "graphs": [graphs.default, graphs.named],
            }
        ).encode()
    )


def read_request(connection: socket.socket) -> Request:
    """Read a request from a blocking socket. `ConnectionError` when the other side has gone."""
    data = json.loads(_exactly(connection, length(_exactly(connection, LENGTH_BYTES))))
    default, named = data["graphs"]
    graphs = Graphs(tuple(default), tuple(named))
    return Request(data["number"], data["query"], tuple(data["accept"]), Limits(*data["limits"]), graphs)


def _exactly(connection: socket.socket, count: int) -> bytes:
    pieces = []
    while count:
        piece = connection.recv(min(count, 1 << 20))
        if not piece:
            raise ConnectionError("the other side has gone")
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


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
