"""The shipped edition, released and served, as harvesters meet it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx
import pytest
import rdflib
from serving import Served, serving

from lod.build import Built, last_change, material
from lod.release import Made, make
from lod.web import Published
from tests.conftest import ROOT

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
SCHEMA = rdflib.Namespace("https://schema.org/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
NAME = "serge-trotsky"
CLIENTS = ROOT / "tests" / "clients"


@dataclass(frozen=True)
class Harvested:
    """The shipped edition, released and served."""

    served: Served
    made: Made
    base: str

    @property
    def url(self) -> str:
        return self.served.url

    def get(self, path: str, accept: str | None = None, **headers: str) -> httpx.Response:
        return self.served.get(path, accept, {name.replace("_", "-"): value for name, value in headers.items()})

    def name(self, path: str) -> rdflib.URIRef:
        return rdflib.URIRef(self.base + path)


@pytest.fixture(scope="session")
def shipped_site(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harvested]:
    releases, dumps = tmp_path_factory.mktemp("releases"), tmp_path_factory.mktemp("dumps")
    edition = shipped.corpus.edition
    stuff = material(shipped)
    # A copy of the settings elsewhere: a real release leaves its record beside edition.toml.
    home = tmp_path_factory.mktemp("corpus")
    shutil.copytree(edition.folder, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("releases"))
    edition = replace(edition, folder=home)
    made = make(replace(stuff, edition=edition), releases, date=last_change(shipped), version="1.0")
    folder = dumps / edition.id
    folder.mkdir()
    shutil.copy(made.folder / f"{NAME}.ttl", folder / f"{NAME}.ttl")
    with serving([Published(edition, folder, releases)]) as served:
        yield Harvested(served, made, edition.base)


@pytest.fixture(scope="session")
def description(shipped_site: Harvested) -> rdflib.Graph:
    return rdflib.Graph().parse(data=shipped_site.get("/dataset", "text/turtle").content, format="turtle")
