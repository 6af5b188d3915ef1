"""From folders to an application, again and again: what `lod serve` opens at its start and after every change-over."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from lod import config
from lod.errors import StoreError
from lod.store import MEMORY, Cached, GraphFile, Isolated, Limits, Store, source
from lod.store.workers import Worker
from lod.web.app import create_app
from lod.web.clients import AT_ONCE
from lod.web.site import Published, graph_files, query_base

LIMITS = Limits()
"""What a query may use when the operator says nothing else."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Where editions and their dumps lie, and how they are served. `store` is a place as `lod.store.source` knows it."""

    folders: tuple[Path, ...]
    dumps: Path
    public_url: str = ""
    limits: Limits = LIMITS
    store: str = MEMORY
    slots: int = 0
    client_queries: int = AT_ONCE
    released: Path | None = None
    """Where releases lie, if they are served."""

    def published(self) -> list[Published]:
        """The editions as they are now. `StoreError` names a dump that is missing."""
        editions = [config.load(folder) for folder in self.folders]
        # Links are followed now: a folder that is switched later does not change under what is served.
        found = [Published(edition, (self.dumps / edition.id).resolve(), self.released) for edition in editions]
        for each in found:
            if not each.dump.is_file():
                raise StoreError(f"{each.dump} is not there: run `lod build {each.edition.folder}` first")
        return found

    def files(self) -> list[GraphFile]:
        """What a store loads."""
        return graph_files(self.published())

    def check(self) -> None:
        """Say at once what cannot be served."""
        self.published()
        if "://" not in self.store and self.store != MEMORY and not Path(self.store).is_dir():
            raise StoreError(f"{self.store} is not there: make it with `lod load`")

    def app(self, worker: Worker | None = None) -> FastAPI:
        """The application over what lies there now, as one of several workers serves it."""
        published = self.published()
        place = source(self.store, graph_files(published))
        store: Store = Isolated(place, base=query_base(published, self.public_url), slots=self.slots, worker=worker)
        if "://" not in self.store:  # what an endpoint holds may change without our knowing
            store = Cached(store)
        return create_app(
            published,
            public_url=self.public_url,
            limits=self.limits,
            store=store,
            client_queries=self.client_queries,
            worker=worker,
        )
