"""The process that evaluates queries, one after the other, each under limits that the kernel enforces.

Time: a timer whose signal ends the process. Client gone: the socket's signal ends it. Memory: an address-space limit.
Files and sockets: none can be opened while a query runs. The server sees the connection end; the zygote tells it why.
"""

import fcntl
import os
import re
import resource
import signal
import socket
from collections.abc import Callable
from math import ceil

import pyoxigraph as ox

from lod.formats import (
    CSV_RESULTS,
    JSON_LD,
    JSON_RESULTS,
    N_TRIPLES,
    RDF_XML,
    TSV_RESULTS,
    TURTLE,
    XML_RESULTS,
)
from lod.store import wire
from lod.store.answers import Failed, Federation, Limits, Malformed, NotAcceptable, OverMemory, OverOutput, Refusal

RESULTS = {
    JSON_RESULTS.media_type: ox.QueryResultsFormat.JSON,
    XML_RESULTS.media_type: ox.QueryResultsFormat.XML,
    CSV_RESULTS.media_type: ox.QueryResultsFormat.CSV,
    TSV_RESULTS.media_type: ox.QueryResultsFormat.TSV,
}
TRIPLES = {
    TURTLE.media_type: ox.RdfFormat.TURTLE,
    N_TRIPLES.media_type: ox.RdfFormat.N_TRIPLES,
    JSON_LD.media_type: ox.RdfFormat.JSON_LD,
    RDF_XML.media_type: ox.RdfFormat.RDF_XML,
}
QUERIES = 1000
"""A process is replaced after so many queries."""

GROWTH_BYTES = 64 * 1024 * 1024
"""A process that keeps more than this after a query is replaced."""

_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
_WRITING_SECONDS = 10.0
_WHERE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class _Full(Exception):
    """The output cap is reached."""


class _Output:
    """A file that counts what is written to it and stops at the cap."""

    __slots__ = ("left", "pieces")

    def __init__(self, cap: int) -> None:
        self.left = cap
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.left -= len(piece)
        if self.left < 0:
            raise _Full
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""


def serve(store: ox.Store, base: str, listener: socket.socket, started: Callable[[], None]) -> None:
    """Answer queries until this process has had its share or has grown. `started` is called once, before the first."""
    for number in (signal.SIGALRM, signal.SIGIO, signal.SIGXCPU, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0], hard
    size = address_space()
    started()
    for _ in range(QUERIES):
        connection, _ = listener.accept()
        with connection:
            try:
                _one(store, base, connection, size, files)
            except (ConnectionError, TimeoutError):
                continue
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        if address_space() > size + GROWTH_BYTES:
            return


def address_space() -> int:
    """Bytes of address space this process has."""
    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 (the cheapest way: once a query)
        return int(statm.read().split()[0]) * resource.getpagesize()


def _one(store: ox.Store, base: str, connection: socket.socket, size: int, files: tuple[int, int]) -> None:
    connection.sendall(os.getpid().to_bytes(4, "big"))
    request = wire.read_request(connection)
    _watch(connection, request.limits, size, files[1])
    result, output = _evaluate(store, base, request)
    _unwatch(connection, files)
    wire.send(connection, result, output.pieces if isinstance(result, str) else ())


def _watch(connection: socket.socket, limits: Limits, size: int, hard_files: int) -> None:
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) | os.O_ASYNC)
    # A hang-up before O_ASYNC was set raised no signal.
    try:
        gone = connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        gone = False
    if gone:
        raise ConnectionError("the client has gone")
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = ceil(used.ru_utime + used.ru_stime + limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (size + limits.memory_bytes, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard_files))


def _unwatch(connection: socket.socket, files: tuple[int, int]) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, files)
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    # The peer's reading would raise the signal too.
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) & ~os.O_ASYNC)
    signal.setitimer(signal.ITIMER_REAL, _WRITING_SECONDS)


def _evaluate(store: ox.Store, base: str, request: wire.Request) -> tuple[str | Refusal, _Output]:
    """Media type of what is in the output, or a refusal."""
    output = _Output(request.limits.output_bytes)
    try:
        return _answer(store, base, request, output), output
    except _Full:
        cap = request.limits.output_bytes
        detail = f"The result has more than {cap:,} bytes; none of it was sent. Ask for less, or take the whole dump."
        return OverOutput(detail, cap), output
    except MemoryError:
        output.pieces.clear()
        return over_memory(request.limits), output
    except SyntaxError as error:
        return _malformed(str(error)), output
    except (OSError, RuntimeError, ValueError) as error:
        if "service" in str(error).lower():
            return Federation("SERVICE: this endpoint asks no other endpoint.", 1, 1), output
        return Failed(f"The evaluator says: {error}"), output


def over_memory(limits: Limits) -> OverMemory:
    """The refusal for a query that wanted more memory than there is for one."""
    detail = f"The query needed more than {limits.memory_bytes // (1 << 20)} MiB. Bind more of it, or ask for less."
    return OverMemory(detail, limits.memory_bytes)


def _answer(store: ox.Store, base: str, request: wire.Request, output: _Output) -> str | Refusal:
    graphs = request.graphs
    # With named graphs only, the default graph is empty: a graph nobody has filled.
    default: list[_Graph] | None = [ox.NamedNode(name) for name in graphs.default or ("urn:empty",)] if graphs else None
    named: list[ox.NamedNode | ox.BlankNode] | None = [ox.NamedNode(name) for name in graphs.named] if graphs else None
    results = store.query(request.query, base_iri=base or None, default_graph=default, named_graphs=named)
    if isinstance(results, ox.QueryTriples):
        media_type = _first(request.accept, TRIPLES)
        if media_type:
            results.serialize(output, format=TRIPLES[media_type])  # type: ignore[arg-type]
            return media_type
        return _not_acceptable("A CONSTRUCT or DESCRIBE gives RDF", TRIPLES)
    media_type = _first(request.accept, RESULTS)
    if not media_type:
        return _not_acceptable("A SELECT or ASK gives a table or a truth value", RESULTS)
    results.serialize(output, format=RESULTS[media_type])  # type: ignore[arg-type]
    return media_type


def _first(accept: tuple[str, ...], offered: dict[str, ox.QueryResultsFormat] | dict[str, ox.RdfFormat]) -> str:
    return next((media_type for media_type in accept if media_type in offered), "")


def _not_acceptable(what: str, offered: dict[str, ox.QueryResultsFormat] | dict[str, ox.RdfFormat]) -> NotAcceptable:
    return NotAcceptable(f"{what}; it comes as {', '.join(offered)}.", tuple(offered))


def _malformed(message: str) -> Malformed:
    match = _WHERE.match(message)
    if match is None:
        return Malformed(message, 1, 1)
    line, column = int(match[1]), int(match[2])
    expected = " ".join(match[3].split())
    # The parser lists character classes of whole alphabets; people need the beginning.
    expected = expected if len(expected) < 300 else expected[:300].rsplit(",", 1)[0] + ", …"
    return Malformed(f"Line {line}, column {column}: {expected}", line, column)
