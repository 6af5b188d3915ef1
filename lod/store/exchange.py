"""One query on one connection to the processes that evaluate: the request out, the result in, with few copies."""

import asyncio
from typing import Any

from lod.store import wire
from lod.store.answers import Answer, Refusal

_ROOM_BYTES = 64 * 1024


class Exchange(asyncio.BufferedProtocol):
    """`done` gets the result, or `None` when the connection ends before there is one."""

    def __init__(self, request: bytes, done: asyncio.Future[Answer | Refusal | None]) -> None:
        self._request = request
        self.done = done
        self._room = bytearray(_ROOM_BYTES)
        self._filled = 0
        self._media_type = ""

    def connection_made(self, transport: Any) -> None:
        """Send the request."""
        transport.write(self._request)

    def get_buffer(self, _sizehint: int) -> memoryview:
        """Where the next bytes go; when all have come there is still the end of the connection to be read."""
        return memoryview(self._room)[self._filled :] or memoryview(bytearray(1))

    def buffer_updated(self, nbytes: int) -> None:
        """So many have come."""
        if self.done.done():
            return
        self._filled += nbytes
        if not self._media_type:
            self._read_head()
        elif self._filled == len(self._room):
            self._end(Answer(bytes(self._room), self._media_type))

    def connection_lost(self, _exc: Exception | None) -> None:
        """There will be no more."""
        self._end(None)

    def _read_head(self) -> None:
        if self._filled < wire.LENGTH_BYTES:
            return
        begin = wire.LENGTH_BYTES + wire.length(bytes(self._room[: wire.LENGTH_BYTES]))
        if self._filled < begin:
            if begin > len(self._room):
                self._room.extend(bytes(begin - len(self._room)))
            return
        head = wire.read_head(bytes(self._room[wire.LENGTH_BYTES : begin]))
        if isinstance(head, Refusal):
            self._end(head)
            return
        self._media_type, size = head
        come = self._room[begin : self._filled]
        if len(come) == size:
            self._end(Answer(bytes(come), self._media_type))
            return
        self._room = bytearray(size)
        self._room[: len(come)] = come
        self._filled = len(come)

    def _end(self, result: Answer | Refusal | None) -> None:
        if not self.done.done():
            self.done.set_result(result)
