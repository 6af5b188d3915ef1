"""One query on one connection to the processes that evaluate: the request out, the result in, with few calls and copies."""

import asyncio
import socket

from lod.store import wire
from lod.store.answers import Answer, Refusal

_FIRST_BYTES = 64 * 1024


class Exchange:
    """`done` gets the result, or `None` when the connection ends before there is one. To be closed when it is done.

    Opening it raises what connecting to a local socket raises: `OSError` of several kinds.
    """

    def __init__(self, path: str, request: bytes, done: asyncio.Future[Answer | Refusal | None]) -> None:
        self._done = done
        self._loop = done.get_loop()
        self._unsent = memoryview(request)
        self._writing = False
        self._head = b""
        self._media_type = ""
        self._body = bytearray()
        self._filled = 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            self._socket.connect(path)  # of local sockets it is done at once or not at all
        except OSError:
            self._socket.close()
            raise
        self._loop.add_reader(self._socket, self._readable)
        self._write()

    def close(self) -> None:
        """Let go; a query that still runs ends by it."""
        self._loop.remove_reader(self._socket)
        if self._writing:
            self._loop.remove_writer(self._socket)
        self._socket.close()

    def _write(self) -> None:
        try:
            sent = self._socket.send(self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # what reads will notice
        self._unsent = self._unsent[sent:]
        if self._unsent:
            self._loop.add_writer(self._socket, self._write)
            self._writing = True
        elif self._writing:
            self._loop.remove_writer(self._socket)
            self._writing = False

    def _readable(self) -> None:
        try:
            if self._media_type:
                self._more()
            else:
                self._begin(self._socket.recv(_FIRST_BYTES))
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end(None)

    def _begin(self, piece: bytes) -> None:
        if not piece:
            self._end(None)
            return
        self._head += piece
        if len(self._head) < wire.LENGTH_BYTES:
            return
        begin = wire.LENGTH_BYTES + wire.length(self._head[: wire.LENGTH_BYTES])
        if len(self._head) < begin:
            return
        head = wire.read_head(self._head[wire.LENGTH_BYTES : begin])
        if isinstance(head, Refusal):
            self._end(head)
            return
        self._media_type, size = head
        come = self._head[begin:]
        if len(come) == size:
            self._end(Answer(come, self._media_type))
            return
        self._head = b""
        self._body = bytearray(size)
        self._body[: len(come)] = come
        self._filled = len(come)

    def _more(self) -> None:
        count = self._socket.recv_into(memoryview(self._body)[self._filled :])
        self._filled += count
        if not count:
            self._end(None)
        elif self._filled == len(self._body):
            self._end(Answer(bytes(self._body), self._media_type))

    def _end(self, result: Answer | Refusal | None) -> None:
        self._loop.remove_reader(self._socket)
        if not self._done.done():
            self._done.set_result(result)
