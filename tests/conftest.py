"""What several tests share: where things lie, and the shipped edition, built once."""

import os
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


@pytest.fixture(scope="session")
def shipped() -> Built:
    """The Serge–Trotsky Papers, read, mapped and checked."""
    return examine(ROOT / "corpus" / "serge-trotsky")
