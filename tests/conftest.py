"""What several tests share: where things lie, and the shipped edition, built once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lod.build import Built, examine

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


def shared(path: str) -> Path:
    """A file beside the checkout: official ontologies, suites, the book. Absent in a stranger's clone: the test skips."""
    found = SHARED / path
    if not found.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"../shared/{path} is missing")
        pytest.skip(f"../shared/{path} is not here")
    return found


def checker(name: str) -> Path:
    """A validator of the field that `make harvesters` installs apart from lod. Where it is not, the test skips."""
    found = ROOT / "build" / "crate-validator" / "bin" / name
    if not found.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(f"make harvesters installs {name}")
        pytest.skip(f"make harvesters installs {name}")
    return found


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands of the tests keep what they read in a folder of their own, not in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def shipped() -> Built:
    """The Serge–Trotsky Papers, read, mapped and checked."""
    return examine(ROOT / "corpus" / "serge-trotsky")
