"""Stores: `query(text, accept, limits) → complete bytes or a typed refusal`, and documents cut from the dump.

A new store is one module and one line in `STORES`.
"""

from collections.abc import Callable, Sequence

from lod.store.answers import (
    QUERY_BYTES,
    Answer,
    Busy,
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
    Unavailable,
    Update,
)
from lod.store.isolate import Blocking, Isolated

STORES: dict[str, Callable[[Sequence[GraphFile], str], Store]] = {
    "memory": lambda files, base: Isolated(files, base=base)
}
"""By name: what makes a store from the files it holds and the base for relative IRIs in queries."""

__all__ = [
    "QUERY_BYTES", "STORES", "Answer", "Blocking", "Busy", "Failed", "Federation", "GraphFile", "Graphs", "Isolated",
    "Limits", "Malformed", "NotAcceptable", "OverMemory", "OverOutput", "OverTime", "Refusal", "Store", "TooComplex",
    "TooLong", "Unavailable", "Update",
]  # fmt: skip
