"""What evaluates a query inside a process of its own: a store in memory, one on disk, or somebody's endpoint."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from lod.store import disk, results, wire
from lod.store.answers import Disk, Endpoint, GraphFile, Refusal, Source
from lod.store.remote import Remote


class Engine(Protocol):
    """Evaluates queries, one at a time."""

    opens_files: bool
    """True when it must open files or sockets while a query runs."""

    def answer(self, request: wire.Request, output: results.Output) -> str | Refusal:
        """Write the result into `output`; its media type, or a refusal. May raise what pyoxigraph raises."""


class Embedded:
    """Oxigraph in this process."""

    opens_files = False

    def __init__(self, store: ox.Store, base: str) -> None:
        self.store = store
        self.base = base

    def answer(self, request: wire.Request, output: results.Output) -> str | Refusal:
        """As `Engine.answer`."""
        graphs = request.graphs
        # With named graphs only, the default graph is empty: a graph nobody has filled.
        default: list[_Graph] | None = None
        named: list[_Name] | None = None
        if graphs:
            default = [ox.NamedNode(name) for name in graphs.default or ("urn:empty",)]
            named = [ox.NamedNode(name) for name in graphs.named]
        found = self.store.query(request.query, base_iri=self.base or None, default_graph=default, named_graphs=named)
        media_type = results.suitable(found, request.accept)
        if isinstance(media_type, str):
            results.write(found, media_type, output)
        return media_type

    def warm(self) -> "Embedded":
        """Do once what is done lazily: later no file can be opened."""
        for form, query in (
            *((form, "SELECT * { ?s ?p ?o } LIMIT 1") for form in results.TABLES),
            *((form, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1") for form in results.GRAPHS),
        ):
            results.write(self.store.query(query), form, results.Output(1 << 20))
        self.store.query("SELECT (NOW() AS ?now) (RAND() AS ?random) (UUID() AS ?uuid) {}")
        return self


_Name = ox.NamedNode | ox.BlankNode
_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


def prepare(settings: Any, base: str) -> tuple[Callable[[], Engine], int]:
    """From `pack`ed settings: what gives a process its engine, and the number of triples of the default graph.

    A memory store is loaded here, once, and shared by the processes forked from this one. A store on disk is opened by
    each process itself, because it runs threads. An endpoint is only asked how much it holds.
    """
    source = unpack(settings)
    if isinstance(source, Endpoint):
        remote = Remote(source, base)
        return (lambda: remote), remote.count()
    if isinstance(source, Disk):
        # Links are followed now: all processes read the same store, whatever the link says later.
        folder = source.folder.resolve()
        return (lambda: Embedded(disk.read(folder), base).warm()), disk.triples(folder)
    engine = Embedded(_load(source), base).warm()
    count = sum(1 for _ in engine.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    return (lambda: engine), count


def _load(files: tuple[GraphFile, ...]) -> ox.Store:
    store = ox.Store()
    for entry in files:
        disk.fill(store, entry)
    return store


def pack(source: Source) -> dict[str, Any]:
    """A source as JSON."""
    if isinstance(source, Endpoint):
        return {"url": source.url, "default": source.default, "named": source.named}
    if isinstance(source, Disk):
        return {"disk": str(source.folder.absolute())}
    return {"files": [{"file": str(entry.file.resolve()), "graph": entry.graph} for entry in source]}


def unpack(settings: Any) -> Source:
    """The same back."""
    if "url" in settings:
        return Endpoint(settings["url"], tuple(settings["default"]), tuple(settings["named"]))
    if "disk" in settings:
        return Disk(Path(settings["disk"]))
    return tuple(GraphFile(Path(entry["file"]), entry["graph"]) for entry in settings["files"])
