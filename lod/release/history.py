"""The releases of an edition as they lie in a folder: manifests, the change table, and every version of every document.

{folder}/{edition}/changes.tsv              the change table
{folder}/{edition}/{version}/               a release, immutable
{folder}/{edition}/log/{version}.nq.gz      what documents said in that release, a graph for each that changed
"""

import gzip
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from lod.iris import Iris
from lod.mapping import Block
from lod.release import change, manifest
from lod.release.change import Change, Table
from lod.release.manifest import Manifest
from lod.terms import Iri, Literal, Triple, address, n_triples

LOG = "log"
ON_A_PAGE = 250
"""So many changes stand in one file of a log."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release and where its files lie."""

    manifest: Manifest
    folder: Path

    @property
    def version(self) -> str:
        """Its name."""
        return self.manifest.version


def version_iri(base: str, version: str, path: str) -> Iri:
    """The name of what a document said in a release; it never means anything else."""
    return Iris(base).of(f"release/{version}/{path}")


class History:
    """All that was released of one edition, read once. Without a folder there is nothing."""

    def __init__(self, folder: Path | None, edition: str) -> None:
        self.folder = folder / edition if folder else None
        self.table = Table.read(self.folder / change.FILE) if self.folder else Table()
        found = sorted(self.folder.glob(f"*/{manifest.FILE}")) if self.folder else []
        order = list(self.table.versions())
        releases = [Release(Manifest.read(file), file.parent) for file in found]
        self.releases: Sequence[Release] = sorted(
            (release for release in releases if release.version in order), key=lambda each: order.index(each.version)
        )

    @property
    def latest(self) -> Release | None:
        """The newest release that is here."""
        return self.releases[-1] if self.releases else None

    def release(self, version: str) -> Release | None:
        """One by its name."""
        return next((release for release in self.releases if release.version == version), None)

    @cached_property
    def logs(self) -> Mapping[str, Sequence[Change]]:
        """Version of each log that is here → the changes it tells of: those since the log before it."""
        if self.folder is None:
            return {}
        here = {file.parent.name for file in (self.folder / LOG).glob("*/1.nq.gz")}
        found: dict[str, Sequence[Change]] = {}
        waiting: list[Change] = []
        for version in self.table.versions():
            waiting += self.table.of(version)
            if version in here:
                found[version] = last_of_each(waiting)
                waiting = []
        return found

    def page(self, version: str, place: int) -> Sequence[Change]:
        """The changes on one page of a log, counted from 1; none when there is no such page."""
        changes = self.logs.get(version, ())
        return changes[(place - 1) * ON_A_PAGE : place * ON_A_PAGE] if place > 0 else ()

    def pages(self) -> Iterator[tuple[str, int]]:
        """Version and number of every page, in order."""
        for version, changes in self.logs.items():
            for place in range(1, (len(changes) + ON_A_PAGE - 1) // ON_A_PAGE + 1):
                yield version, place

    def said(self, version: str, place: int) -> Mapping[str, Sequence[Triple]]:
        """Path → statements, for every document on a page of a log that was not gone."""
        if self.folder is None:
            return {}
        file = self.folder / LOG / version / f"{place}.nq.gz"
        return _read_log(file) if file.is_file() else {}


def last_of_each(changes: Sequence[Change]) -> list[Change]:
    """Of several changes of one document only the last; in order."""
    last = {each.path: each for each in changes}
    return [each for each in changes if last[each.path] is each]


def write_log(changes: Sequence[Change], documents: Iterable[Block], base: str, folder: Path) -> None:
    """Write what the changed ones of these documents say, page by page: sorted N-Quads, compressed without name and time."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {each.path: version_iri(base, each.version, each.path) for each in changes if not each.kind.gone}
    with tempfile.TemporaryFile() as spool:
        places: dict[str, tuple[int, int]] = {}
        for path, triples in documents if wanted else ():
            if path in wanted:
                lines = "".join(f"{n_triples(triple)[:-3]} {wanted[path]} .\n" for triple in sorted(triples)).encode()
                places[path] = (spool.tell(), len(lines))
                spool.write(lines)
        for place, begin in enumerate(range(0, max(len(changes), 1), ON_A_PAGE), 1):
            file = folder / f"{place}.nq.gz"
            with file.open("wb") as target, gzip.GzipFile("", "wb", 9, target, mtime=0) as stream:
                for each in changes[begin : begin + ON_A_PAGE]:
                    start, length = places.get(each.path, (0, 0))
                    spool.seek(start)
                    stream.write(spool.read(length))


def _read_log(file: Path) -> dict[str, list[Triple]]:
    found: dict[str, list[Triple]] = {}
    for quad in ox.parse(input=gzip.decompress(file.read_bytes()), format=ox.RdfFormat.N_QUADS):
        path = address(Iri(str(quad.graph_name))).partition("/release/")[2].partition("/")[2]
        node = str(quad.object)
        triple = (Iri(str(quad.subject)), Iri(str(quad.predicate)), Iri(node) if node[0] == "<" else Literal(node))
        found.setdefault(path, []).append(triple)
    return found
