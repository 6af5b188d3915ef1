"""Stores on disk: written once, beside the ones in use, then only read, by as many processes as like."""

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from lod.errors import StoreError
from lod.store.answers import GraphFile

_CONTENTS = "contents.json"
_DATA = "data"
FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES}
"""What can be loaded, by the ending of the file's name."""


def fill(store: ox.Store, entry: GraphFile) -> None:
    """Load a file into its graph."""
    graph = ox.NamedNode(entry.graph) if entry.graph else ox.DefaultGraph()
    store.bulk_load(path=str(entry.file), format=FORMATS[entry.file.suffix], to_graph=graph)


def write(files: Iterable[GraphFile], folder: Path) -> int:
    """Make a store of these files in a new folder; triples of its default graph.

    The folder appears when all is in it, or not at all. `StoreError` when it is there already: a store that is being
    read is never changed.
    """
    if folder.exists():
        raise StoreError(f"{folder} is there already: load into a new folder, then let the server change over")
    aside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        count = _write(list(files), aside)
        aside.rename(folder)
    except (OSError, SyntaxError, ValueError) as error:
        raise StoreError(f"{folder} cannot be written: {error}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return count


def _write(files: list[GraphFile], folder: Path) -> int:
    folder.mkdir(parents=True)
    store = ox.Store(str(folder / _DATA))
    for entry in files:
        fill(store, entry)
    count = _count(store)
    store.optimize()
    store.flush()
    del store
    contents = {"triples": count, "graphs": sorted({entry.graph for entry in files if entry.graph})}
    (folder / _CONTENTS).write_text(json.dumps(contents, indent=1) + "\n", encoding="utf-8")
    return count


def _count(store: ox.Store) -> int:
    """Triples of the default graph, counted by the engine: going through five million here would take half a minute."""
    solutions = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert isinstance(solutions, ox.QuerySolutions)
    number = next(solutions)["n"]
    assert isinstance(number, ox.Literal)
    return int(number.value)


def read(folder: Path) -> ox.Store:
    """Open for reading only."""
    return ox.Store.read_only(str(folder / _DATA))


def triples(folder: Path) -> int:
    """How many triples the default graph has. `StoreError` when this is no store of ours."""
    try:
        return int(json.loads((folder / _CONTENTS).read_text(encoding="utf-8"))["triples"])
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{folder} is no store ({error}): make one with `lod load`") from None
