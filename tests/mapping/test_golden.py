"""What the mapping says of a thing is what somebody wrote by hand from the profile, triple for triple."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from lod.build import Built
from lod.iris import KINDS
from lod.terms import n_triples

GOLDEN = sorted((Path(__file__).parent.parent / "golden").glob("*.ttl"))


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_the_mapping_says_what_the_golden_file_says(file: Path, shipped: Built) -> None:
    expected = {str(quad.triple) for quad in parse(path=file)}
    records = [line.split()[0][1:-1] for line in expected if "foaf/0.1/primaryTopic" in line]
    base = shipped.corpus.edition.base
    subjects = {line.split(" ", 1)[0] for line in expected}
    owners = {
        subject[1:-1].removeprefix(base).removesuffix(".ttl")
        for subject in subjects
        if subject.count("/") == base.count("/") + 1
    }
    assert len(owners) == 1, f"{file.name} tells of {sorted(owners)}: one thing a file"
    assert records or owners & {"type/letter", "language/fr"}, f"{file.name} has no record"
    blocks = dict(shipped.blocks)
    text = "".join(map(n_triples, blocks[owners.pop()]))
    said = {str(quad.triple) for quad in parse(text, RdfFormat.N_TRIPLES)}
    missing, invented = sorted(expected - said), sorted(said - expected)
    assert not missing and not invented, "\n".join(["missing:", *missing, "not in the golden file:", *invented])


def test_there_is_a_golden_file_for_every_kind() -> None:
    kinds = {file.stem.split("-")[0] for file in GOLDEN}
    assert kinds >= set(KINDS)
    assert {f"letter-{key}" for key in ("1", "3", "12", "16", "35", "37")} <= {file.stem for file in GOLDEN}
