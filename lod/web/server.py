"""Runs the application as it is meant to run: no version banner, room for long query strings, no queries in a log."""

import uvicorn
from fastapi import FastAPI

_REQUEST_HEAD_BYTES = 256 * 1024
"""Beyond this the connection is dropped; below it, what is too long gets a proper answer."""


def config(app: FastAPI, *, host: str, port: int) -> uvicorn.Config:
    """Settings for uvicorn. Port 0 takes a free one."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        server_header=False,
        access_log=False,
        log_level="warning",
        h11_max_incomplete_event_size=_REQUEST_HEAD_BYTES,
        http="h11",
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )


def serve(app: FastAPI, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    uvicorn.Server(config(app, host=host, port=port)).run()
