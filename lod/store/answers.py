"""What a query is answered with: complete bytes, or a refusal that says why. Values, so that the caller must look."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Protocol

from lod.formats import Format

QUERY_BYTES = 64 * 1024
"""Longest query taken, in bytes of UTF-8."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: wall-clock seconds, bytes of memory over the store's own, bytes of output."""

    seconds: float = 10.0
    memory_bytes: int = 512 * 1024 * 1024
    output_bytes: int = 32 * 1024 * 1024

    def lowered(self, seconds: float) -> "Limits":
        """The same with less time; more is not to be had."""
        return replace(self, seconds=min(self.seconds, seconds))


@dataclass(frozen=True, slots=True)
class Graphs:
    """The data set a request names by the protocol: IRIs of graphs, no brackets. Empty: the store's own data set."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default or self.named)


OWN_GRAPHS = Graphs()
"""The store's own data set."""


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A Turtle or N-Triples file to load, and the IRI of its graph; `""` is the default graph.

    `elsewhere` is the IRI of a default graph's file on an endpoint, whose own default graph may hold what is not ours.
    """

    file: Path
    graph: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Disk:
    """A store written by `lod.store.disk.write`; opened for reading only, by as many processes as like."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Somebody's SPARQL 1.1 endpoint that holds our graphs. `default` ones make up the default graph; nothing else of
    what it holds is ever asked for."""

    url: str
    default: tuple[str, ...]
    named: tuple[str, ...] = ()


Source = tuple[GraphFile, ...] | Disk | Endpoint
"""Where the data of a store are: files to load into memory, a folder on disk, or an endpoint."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole result. `lasting`: the same query has the same result as long as the store is open."""

    body: bytes
    media_type: str
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no result. `status` is the HTTP status for it, `name` a short stable name of the reason."""

    detail: str
    status: ClassVar[int] = 400
    name: ClassVar[str] = "refused"
    title: ClassVar[str] = "The query was refused"

    @property
    def facts(self) -> Mapping[str, Any]:
        """Everything but the sentence, for machines: `{"line": 1, "column": 17}`."""
        return {key: value for key, value in asdict(self).items() if key != "detail"}


@dataclass(frozen=True, slots=True)
class Malformed(Refusal):
    """The text is no SPARQL 1.1 query. Line and column count from 1."""

    line: int
    column: int
    name: ClassVar[str] = "query-syntax"
    title: ClassVar[str] = "The query has a syntax error"


@dataclass(frozen=True, slots=True)
class Federation(Refusal):
    """The query asks this server to ask others."""

    line: int
    column: int
    name: ClassVar[str] = "federation-disabled"
    title: ClassVar[str] = "Federation is disabled"


@dataclass(frozen=True, slots=True)
class Update(Refusal):
    """The request wants to change data."""

    status: ClassVar[int] = 403
    name: ClassVar[str] = "update-refused"
    title: ClassVar[str] = "This endpoint answers queries only"


@dataclass(frozen=True, slots=True)
class TooComplex(Refusal):
    """Nested too deeply, or a chain of operators too long for any evaluator."""

    name: ClassVar[str] = "query-too-complex"
    title: ClassVar[str] = "The query is too complex"


@dataclass(frozen=True, slots=True)
class TooLong(Refusal):
    """More text than a query needs."""

    status: ClassVar[int] = 413
    name: ClassVar[str] = "query-too-long"
    title: ClassVar[str] = "The query is too long"


@dataclass(frozen=True, slots=True)
class NotAcceptable(Refusal):
    """None of the formats asked for can hold this kind of result. `offered` are the media types that can."""

    offered: tuple[str, ...]
    status: ClassVar[int] = 406
    name: ClassVar[str] = "not-acceptable"
    title: ClassVar[str] = "No such format for this result"


@dataclass(frozen=True, slots=True)
class OverTime(Refusal):
    """Stopped at the time limit."""

    seconds: float
    status: ClassVar[int] = 503
    name: ClassVar[str] = "query-timeout"
    title: ClassVar[str] = "The query ran over its time limit"


@dataclass(frozen=True, slots=True)
class OverMemory(Refusal):
    """Stopped at the memory limit."""

    memory_bytes: int
    status: ClassVar[int] = 503
    name: ClassVar[str] = "query-memory"
    title: ClassVar[str] = "The query ran over its memory limit"


@dataclass(frozen=True, slots=True)
class OverOutput(Refusal):
    """The whole result is larger than what is given out at once; no part of it is given."""

    output_bytes: int
    status: ClassVar[int] = 503
    name: ClassVar[str] = "result-too-large"
    title: ClassVar[str] = "The result is too large"


@dataclass(frozen=True, slots=True)
class Failed(Refusal):
    """The evaluator, or the endpoint behind, gave up for a reason of its own."""

    status: ClassVar[int] = 503
    name: ClassVar[str] = "query-failed"
    title: ClassVar[str] = "The query could not be evaluated"


@dataclass(frozen=True, slots=True)
class Unsupported(Refusal):
    """SPARQL 1.1, but the engine behind this endpoint cannot or must not evaluate it."""

    name: ClassVar[str] = "query-unsupported"
    title: ClassVar[str] = "The store does not take this query"


@dataclass(frozen=True, slots=True)
class NoGraph(Refusal):
    """The request names a graph by something that is no absolute IRI."""

    name: ClassVar[str] = "graph-name"
    title: ClassVar[str] = "No name of a graph"


@dataclass(frozen=True, slots=True)
class TooMany(Refusal):
    """One client asks more at once than its share; `retry_after` seconds may help."""

    retry_after: int
    status: ClassVar[int] = 429
    name: ClassVar[str] = "too-many-queries"
    title: ClassVar[str] = "Too many queries at once"


@dataclass(frozen=True, slots=True)
class Busy(Refusal):
    """All places are taken; `retry_after` seconds may help."""

    retry_after: int
    status: ClassVar[int] = 503
    name: ClassVar[str] = "busy"
    title: ClassVar[str] = "The endpoint is busy"


@dataclass(frozen=True, slots=True)
class Unavailable(Refusal):
    """The store is not there (still loading, or being restarted)."""

    retry_after: int
    status: ClassVar[int] = 503
    name: ClassVar[str] = "unavailable"
    title: ClassVar[str] = "The store is not ready"


REFUSALS: dict[str, type[Refusal]] = {
    kind.name: kind
    for kind in (
        Malformed, Federation, Update, TooComplex, TooLong, NotAcceptable,
        OverTime, OverMemory, OverOutput, Failed, Unsupported, NoGraph, TooMany, Busy, Unavailable,
    )
}  # fmt: skip
"""Every way to be refused, by name."""


class Store(Protocol):
    """What the web needs from a store, whatever lies behind it. Times in seconds, sizes in bytes."""

    async def start(self) -> None:
        """Begin to load. Returns at once."""

    async def loaded(self) -> int:
        """Wait until queries are answered; the triples of the default graph. `StoreError` when it cannot load."""

    async def stop(self) -> None:
        """End everything that was started."""

    @property
    def ready(self) -> bool:
        """True when queries are answered."""

    @property
    def busy(self) -> tuple[int, int]:
        """How many queries run or wait now, and how many may."""

    async def query(
        self, text: str, accept: Sequence[Format], limits: Limits, graphs: Graphs = OWN_GRAPHS
    ) -> Answer | Refusal:
        """Answer in the first format of `accept` that suits the query: complete bytes, or a refusal."""
