"""One server for the sample edition, one for two editions; tests only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from editions import PAPERS, PEC, dumped, postcards
from harvested import description as description
from harvested import shipped_site as shipped_site
from serving import Served, published, serving

from lod.store import Limits
from tests.conftest import shared


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    limits = Limits(seconds=1.0, memory_bytes=256 << 20, output_bytes=2 << 20)
    with serving([published(tmp_path_factory.mktemp("one"))], limits=limits) as served:
        yield served


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("two")
    editions = [published(folder), published(folder, "lighthouse", "https://example.org/lighthouse/")]
    with serving(editions) as served:
        yield served


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped edition alone."""
    with serving([dumped(PAPERS, tmp_path_factory.mktemp("papers"))]) as served:
        yield served


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped edition, the letters of d'Estournelles de Constant, and two made-up postcards, in one server."""
    shared("corpora/tei/pec")
    folder = tmp_path_factory.mktemp("together")
    with serving([dumped(each, folder) for each in (PAPERS, PEC, postcards(folder / "postcards"))]) as served:
        yield served
