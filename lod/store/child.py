"""The process that evaluates queries, one after the other, each under limits that the kernel enforces.

Time: a timer whose signal ends the process. Client gone: the socket's signal ends it. Memory: an address-space limit.
Files and sockets: none can be opened while a query runs. The server sees the connection end; the zygote tells it why.
"""

import contextlib
import fcntl
import os
import re
import resource
import signal
import socket
import time
from math import ceil

from lod.store import results, wire
from lod.store.answers import (
    Failed,
    Federation,
    Limits,
    Malformed,
    NotAcceptable,
    OverMemory,
    OverOutput,
    Refusal,
    Unsupported,
)
from lod.store.engines import Engine
from lod.store.shared import Board

QUERIES = 5000
"""A process is replaced after so many queries."""

GROWTH_BYTES = 64 * 1024 * 1024
"""A process that keeps more than this after a query is replaced."""

_CPUCLOCK_SCHED = 2
"""What the kernel makes a clock's number of, with a process (clock_getcpuclockid of libc)."""
_WRITING_SECONDS = 10.0
_PREFIXED = re.compile(r"((?:\w[\w.-]*)?:)\S*\Z")
_WHERE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def serve(engine: Engine, listener: socket.socket, board: Board, slot: int) -> None:
    """Answer queries until this process has had its share or has grown. What it does stands on the board."""
    for number in (signal.SIGALRM, signal.SIGIO, signal.SIGXCPU, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0], hard
    statm = os.open("/proc/self/statm", os.O_RDONLY)  # once: opening it takes longer than many a query
    size = address_space(statm)
    board.take_work(slot, os.getpid())
    for _ in range(QUERIES):
        connection, _ = listener.accept()
        with connection:
            try:
                request = wire.read_request(connection)
                board.begin(slot, request.number)
                _one(engine, connection, request, size, files)
            except (ConnectionError, TimeoutError):
                continue
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                board.begin(slot, 0)
        if address_space(statm) > size + GROWTH_BYTES or not _ordinary():
            return


def give_way(process: int) -> None:
    """Let a process have only what nobody else wants of the processors: its query takes long."""
    with contextlib.suppress(OSError):  # it has ended
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def processor_seconds(process: int) -> float:
    """How much a process has had of the processors; 0 when it has ended."""
    try:
        return time.clock_gettime(~process << 3 | _CPUCLOCK_SCHED)
    except OSError:
        return 0.0


def _ordinary() -> bool:
    """Go on like everybody else after a long query. False when the kernel does not let this process: another must."""
    if os.sched_getscheduler(0) != os.SCHED_IDLE:
        return True
    try:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    except OSError:
        return False
    return True


def address_space(statm: int) -> int:
    """Bytes of address space this process has, from its open `/proc/self/statm`."""
    return int(os.pread(statm, 64, 0).split()[0]) * resource.getpagesize()


def _one(engine: Engine, connection: socket.socket, request: wire.Request, size: int, files: tuple[int, int]) -> None:
    _watch(connection, request.limits, size, files if engine.opens_files else (0, files[1]))
    result, output = _evaluate(engine, request)
    _unwatch(connection, files)
    wire.send(connection, result, output.pieces if isinstance(result, str) else ())


def _watch(connection: socket.socket, limits: Limits, size: int, files: tuple[int, int]) -> None:
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETFL, os.O_ASYNC)
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
    resource.setrlimit(resource.RLIMIT_NOFILE, files)


def _unwatch(connection: socket.socket, files: tuple[int, int]) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, files)
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    # The peer's reading would raise the signal too.
    fcntl.fcntl(connection, fcntl.F_SETFL, 0)
    signal.setitimer(signal.ITIMER_REAL, _WRITING_SECONDS)


def _evaluate(engine: Engine, request: wire.Request) -> tuple[str | Refusal, results.Output]:
    """Media type of what is in the output, or a refusal."""
    output = results.Output(request.limits.output_bytes)
    try:
        return engine.answer(request, output), output
    except results.Full:
        cap = request.limits.output_bytes
        detail = f"The result has more than {cap:,} bytes; none of it was sent. Ask for less, or take the whole dump."
        return OverOutput(detail, cap), output
    except results.Unwritable as error:
        return NotAcceptable(str(error), results.without(error.media_type)), output
    except MemoryError:
        output.pieces.clear()
        return over_memory(request.limits), output
    except SyntaxError as error:
        return malformed(str(error), request.query), output
    except (OSError, RuntimeError, ValueError) as error:
        if "service" in str(error).lower():
            return Federation("SERVICE: this endpoint asks no other endpoint.", 1, 1), output
        if "custom function" in str(error):
            return Unsupported(f"{error}: SPARQL 1.1 has no such function."), output
        return Failed(f"The evaluator says: {error}"), output


def over_memory(limits: Limits) -> OverMemory:
    """The refusal for a query that wanted more memory than there is for one."""
    detail = f"The query needed more than {limits.memory_bytes // (1 << 20)} MiB. Bind more of it, or ask for less."
    return OverMemory(detail, limits.memory_bytes)


def malformed(message: str, query: str) -> Malformed:
    """The refusal for what the parser says of a query, in words for people."""
    match = _WHERE.match(message)
    if match is None:
        return Malformed(message, 1, 1)
    line, column = int(match[1]), int(match[2])
    expected = " ".join(match[3].split())
    if "Prefix not found" in expected and (name := _PREFIXED.search(query.split("\n")[line - 1][: column - 1])):
        column = name.start() + 1
        told = f"the prefix {name[1]} is not declared. Write PREFIX {name[1]} <…> before the query."
        return Malformed(f"Line {line}, column {column}: {told}", line, column)
    # The parser lists character classes of whole alphabets; people need the beginning.
    expected = expected if len(expected) < 300 else expected[:300].rsplit(",", 1)[0] + ", …"
    return Malformed(f"Line {line}, column {column}: {expected}", line, column)
