"""Real servers of other houses for the tests to talk to: Oxigraph (PyPI) and Virtuoso (Debian), each on a free port."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent
_PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Engine:
    """A running server: where queries go, where graphs are put, and as whom."""

    query: str
    graphs: str
    user: str = ""
    password: str = ""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def program(name: str, install: str) -> str:
    """Where a program is. The Makefile installs it: without it tests fail in CI and skip elsewhere."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is missing: {install}")
        pytest.skip(f"{name} is not installed: {install}")
    return found


@contextlib.contextmanager
def running(command: list[str], folder: Path, ready: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server process, from when it answers at `ready` to the end of the block."""
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            end = time.monotonic() + _PATIENCE_SECONDS
            while not _answers(ready):
                if server.poll() is not None or time.monotonic() > end:
                    raise AssertionError(f"{command[0]} does not start:\n{(folder / 'log').read_text()[-2000:]}")
                time.sleep(0.1)
            yield server
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code < 500
    except httpx.TransportError:
        return False


@contextlib.contextmanager
def oxigraph(folder: Path) -> Iterator[Engine]:
    """The Oxigraph server, empty."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    found = program("oxigraph", "pip install oxigraph")
    command = [found, "serve", "--location", "data", "--bind", f"127.0.0.1:{port}", "--timeout-s", "10"]
    with running(command, folder, f"{url}/query?query=ASK%7B%7D"):
        yield Engine(f"{url}/query", f"{url}/store")


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """Virtuoso with the settings we ship, empty."""
    folder.mkdir(parents=True, exist_ok=True)
    port, control = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    found = program("virtuoso-t", "apt-get install virtuoso-opensource-7-bin")
    settings = (ROOT / "deploy" / "virtuoso.ini").read_text(encoding="utf-8")
    settings = settings.replace("127.0.0.1:8890", f"127.0.0.1:{port}").replace("127.0.0.1:1111", f"127.0.0.1:{control}")
    (folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
    with running([found, "-f", "-c", "virtuoso.ini"], folder, f"{url}/sparql?query=ASK%7B%7D"):
        yield Engine(f"{url}/sparql", f"{url}/sparql-graph-crud-auth", "dba", "dba")
