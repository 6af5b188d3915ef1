"""What must hold before anything is published: known terms, shapes, and no link into the void.

Every finding names the file and line of the record behind it.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from lod.check import ontology, shapes
from lod.check.terms import check_terms
from lod.check.where import Whereabouts
from lod.config import Edition
from lod.iris import Iris
from lod.mapping import Block
from lod.report import Report, Source

HOUSE = Path(__file__).resolve().parents[2]
"""Where `ontology/` and `shapes/` lie: beside the package."""


def _silent(_: str) -> None:
    return None


def check(
    blocks: Sequence[Block],
    edition: Edition,
    told: Mapping[str, Source],
    report: Report,
    *,
    house: Path = HOUSE,
    progress: Callable[[str], None] = _silent,
) -> None:
    """Check all blocks of an edition and put what is found into `report`.

    `told` gives the source of each path that a record was read for; parts, types and languages are traced to it.
    """
    triples = list(dict.fromkeys(chain.from_iterable(triples for _, triples in blocks)))
    where = Whereabouts(told, Iris(edition.base), triples, Source("edition.toml"))
    progress("terms")
    report.extend(check_terms(triples, ontology.load(house / "ontology"), where, edition.base))
    progress("shapes")
    report.extend(shapes.check_shapes(triples, shapes.load(house / "shapes"), where))
