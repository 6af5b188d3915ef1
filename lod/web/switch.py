"""A server that changes over to a new release while it serves: what is new is made and loaded beside what is old."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from lod.errors import LodError
from lod.web.kept import Kept
from lod.web.site import Site

_DRAINING_SECONDS = 60.0
"""Requests that still run in what is old are waited for so long."""


@dataclass(slots=True)
class _Stage:
    """One application with what keeps it open, and how many requests it is answering."""

    app: FastAPI
    stack: contextlib.AsyncExitStack
    under_way: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)


class Switch:
    """Stands before an application made by `make`; `reopen` (or SIGHUP) makes another and puts it in its place."""

    def __init__(self, make: Callable[[], FastAPI]) -> None:
        self._make = make
        self._stage: _Stage | None = None
        self._changing = asyncio.Lock()
        self._changes: asyncio.Task[None] | None = None
        self._wanted = False
        self._log = logging.getLogger(__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        stage = self._stage
        if stage is None:
            raise RuntimeError("a request came before the start")
        stage.under_way += 1
        try:
            await stage.app(scope, receive, send)
        finally:
            stage.under_way -= 1
            if not stage.under_way:
                stage.idle.set()

    @property
    def kept(self) -> Kept | None:
        """The ready answers of what is served now."""
        return None if self._stage is None else self._stage.app.state.kept

    def remember(self, _number: int, _frame: FrameType | None) -> None:
        """For a SIGHUP that comes before the start is over: what lies there now may not be what was read."""
        self._wanted = True

    async def reopen(self) -> None:
        """Change over. When what is new cannot be made or loaded, what is old goes on and the log says why."""
        async with self._changing:
            stack = contextlib.AsyncExitStack()
            try:
                stage = await self._opened(stack)
                site: Site = stage.app.state.site
                await site.store.loaded()
            except Exception:  # whatever is wrong with what is new, what is old must go on
                self._log.exception("the new release cannot be served: the old one goes on")
                await stack.aclose()
                return
            old, self._stage = self._stage, stage
            if old is not None:
                await self._retire(old)
                del old
            _settle()

    async def _opened(self, stack: contextlib.AsyncExitStack) -> _Stage:
        app = await asyncio.to_thread(self._make)
        await stack.enter_async_context(app.router.lifespan_context(app))
        return _Stage(app, stack)

    async def _retire(self, stage: _Stage) -> None:
        if stage.under_way:
            stage.idle.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stage.idle.wait(), _DRAINING_SECONDS)
        await stage.stack.aclose()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """What the server says at its start and end."""
        message: Message = await receive()
        try:
            self._stage = await self._opened(contextlib.AsyncExitStack())
        except (LodError, OSError) as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        _settle()
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # not in the main thread
            loop.add_signal_handler(signal.SIGHUP, self._hang_up)
            if self._wanted:
                self._hang_up()
        await send({"type": "lifespan.startup.complete"})
        while message["type"] != "lifespan.shutdown":
            message = await receive()
        if self._changes is not None:
            self._changes.cancel()
        await self._stage.stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    def _hang_up(self) -> None:
        """Change over once more. Of those who say so while it is done, all are served by the one after it."""
        self._wanted = True
        if self._changes is None or self._changes.done():
            self._changes = asyncio.get_running_loop().create_task(self._change())

    async def _change(self) -> None:
        while self._wanted:
            self._wanted = False
            await self.reopen()


def _settle() -> None:
    """What is there now stays: the collector of garbage need not go through it again and again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
