"""JSON-LD and Linked Art of the sample edition, where other forms of the same graph would be valid too."""

import json
from typing import Any

import pytest

from lod.build import Built, examine
from lod.dumps import jsonld, linkedart
from tests.conftest import ROOT

BASE = "https://example.org/sample/"


@pytest.fixture(scope="module")
def sample() -> Built:
    return examine(ROOT / "tests" / "sample" / "edition")


@pytest.fixture(scope="module")
def records(sample: Built) -> dict[str, Any]:
    """Linked Art by path."""
    lines = "".join(linkedart.write(sample.blocks, BASE)).splitlines()
    made = [json.loads(line) for line in lines if line]
    return {record["id"].removeprefix(BASE): record for record in made}


def test_a_link_is_a_bare_address_where_the_context_says_that_it_is_one(sample: Built) -> None:
    (letter,) = json.loads("".join(jsonld.write([dict(sample.blocks)["letter/1"]], BASE)))["@graph"]
    assert letter["sender"] == f"{BASE}person/ann"
    assert letter["crm:P1_is_identified_by"]["id"] == f"{BASE}letter/1/number", "a part stands inside"


@pytest.mark.parametrize(
    ("path", "names"),
    [("person/ann", ["Ann Able", "Anne", "A. A."]), ("event/fair", ["Fair"]), ("holding/papers", ["Papers"])],
)
def test_everything_has_its_own_names_and_only_what_has_none_its_label(
    records: dict[str, Any], path: str, names: list[str]
) -> None:
    assert [name["content"] for name in records[path]["identified_by"] if name["type"] == "Name"] == names
