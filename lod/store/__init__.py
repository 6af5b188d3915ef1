"""Stores: `query(text, accept, limits) → complete bytes or a typed refusal`, and documents cut from the dump.

A new store is one module and one line in `STORES`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from lod.store.answers import (
    QUERY_BYTES,
    Answer,
    Busy,
    Disk,
    Endpoint,
    Failed,
    Federation,
    GraphFile,
    Graphs,
    Limits,
    Malformed,
    NotAcceptable,
    OverMemory,
    OverOutput,
    OverTime,
    Refusal,
    Store,
    TooComplex,
    TooLong,
    TooMany,
    Unavailable,
    Unsupported,
    Update,
)
from lod.store.cache import Cached
from lod.store.isolate import Blocking, Isolated

MEMORY = "memory"
"""The place of a store that every server loads for itself."""

STORES: dict[str, Callable[[str, Sequence[GraphFile]], Sequence[GraphFile] | Disk | Endpoint]] = {
    MEMORY: lambda _place, files: files,
    "disk": lambda place, _files: Disk(Path(place)),
    "endpoint": lambda place, files: Endpoint(
        place,
        tuple(entry.elsewhere for entry in files if not entry.graph),
        tuple(entry.graph for entry in files if entry.graph),
    ),
}
"""By kind: where the data are, from a place and the files that are, or were, loaded there."""


def source(place: str, files: Sequence[GraphFile]) -> Sequence[GraphFile] | Disk | Endpoint:
    """The data at a place: `memory`, a folder that `lod load` wrote, or the address of an endpoint it loaded."""
    kind = "endpoint" if "://" in place else MEMORY if place == MEMORY else "disk"
    return STORES[kind](place, files)


__all__ = [
    "MEMORY", "QUERY_BYTES", "STORES", "Answer", "Blocking", "Busy", "Cached", "Disk", "Endpoint", "Failed", "Federation", "GraphFile",
    "Graphs", "Isolated", "Limits", "Malformed", "NotAcceptable", "OverMemory", "OverOutput", "OverTime", "Refusal",
    "Store", "TooComplex", "TooLong", "TooMany", "Unavailable", "Unsupported", "Update", "source",
]  # fmt: skip
