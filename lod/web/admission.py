"""uvicorn's server with an entrance of ours: connections are let in one at a time, so that workers share them evenly.

uvloop takes all that wait at once: of a client's sixteen connections one worker would answer them all, the other none, for as long
as they last.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable

import uvicorn

from lod.store.shared import Tally

_HOLD_SECONDS = 0.002
"""A worker that has more connections than another leaves it so long to take the next one."""
_FULL_SECONDS = 0.1
"""When there is no room for another open file, connections wait so long."""


class Server(uvicorn.Server):
    """One worker's server, at one socket. `tally` is how many connections each worker has that listens there.

    `full` is called when a connection waits outside because no other file can be opened.
    """

    def __init__(self, config: uvicorn.Config, tally: Tally, full: Callable[[], None]) -> None:
        super().__init__(config)
        self._tally = tally
        self._full = full
        self._pause: asyncio.TimerHandle | None = None
        self._entering: set[asyncio.Task[object]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then let in."""
        await super().startup([])
        if sockets:
            self._open(sockets[0])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in, and end when those who are in have been answered."""
        if self._pause is not None:
            self._pause.cancel()
        for listener in sockets or ():
            asyncio.get_running_loop().remove_reader(listener)
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Now and then: the others hear of connections that have ended too."""
        self._tell()
        return await super().on_tick(counter)

    def _tell(self) -> int:
        mine = len(self.server_state.connections) + len(self._entering)
        self._tally.put(mine)
        return mine

    def _open(self, listener: socket.socket) -> None:
        self._pause = None
        listener.setblocking(False)
        asyncio.get_running_loop().add_reader(listener, self._knocked, listener)

    def _hold(self, listener: socket.socket, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener)
        self._pause = loop.call_later(seconds, self._held, listener)

    def _held(self, listener: socket.socket) -> None:
        """The others have had their time: take one, whatever they have."""
        self._open(listener)
        self._let_in(listener)

    def _knocked(self, listener: socket.socket) -> None:
        mine = self._tell()
        least = self._tally.least_of_others
        if least is not None and mine > least:
            self._hold(listener, _HOLD_SECONDS)
        else:
            self._let_in(listener)

    def _let_in(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another worker was faster, or who knocked has gone
        except OSError:
            self._full()
            self._hold(listener, _FULL_SECONDS)
            return
        connection.setblocking(False)
        task = asyncio.get_running_loop().create_task(self._enter(connection))
        self._entering.add(task)
        task.add_done_callback(self._entering.discard)

    async def _enter(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):  # it has gone already
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made
