"""What must hold before anything is published: known terms, shapes, and no link into the void.

Every finding names the file and line of the record behind it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from lod.check import engine, ontology, shapes
from lod.check.files import check_file
from lod.check.nodes import Nodes
from lod.check.rules import Rules
from lod.check.surroundings import Questions, Surroundings
from lod.check.terms import check_terms
from lod.check.where import Whereabouts
from lod.config import Edition
from lod.errors import VocabularyError
from lod.iris import Iris
from lod.mapping import Block
from lod.report import Finding, Report, Source

HOUSE = Path(__file__).resolve().parents[1]
"""Where `ontology/` and `shapes/` are found: in the package, as links to those beside it in a checkout, else as files."""


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
    nodes = Nodes()
    for _, block in blocks:
        nodes.take(block)
    said = chain.from_iterable(triples for _, triples in blocks)
    where = Whereabouts(told, Iris(edition.base), said, Source("edition.toml"))
    progress("terms")
    known = ontology.load(house / "ontology")
    report.extend(check_terms(chain.from_iterable(triples for _, triples in blocks), known, where, edition.base, nodes))
    slips = list(check_written(edition, known, house))
    report.extend(slips)
    progress("shapes")
    try:
        rules = shapes.load(house / "shapes")
        around = Surroundings(Questions.of(rules), nodes)
        for _, block in blocks:
            around.pointers.take(block, nodes)
        found = engine.check_chunks((block for _, block in blocks), engine.Engine.of(rules), around, where)
        report.extend(engine.sort(found))
    except VocabularyError as error:
        if not slips:
            raise
        # What is wrong with the shapes has been told with its line: the rest of the report is still worth having.
        report.error("shapes-unusable", str(error), slips[0].source)


def check_written(edition: Edition, known: ontology.Ontology, house: Path = HOUSE) -> Iterator[Finding]:
    """Slips in the shapes and in the edition's queries: no engine sees a misspelt `sh:minCount`."""
    for folder, pattern in ((house, "shapes/*.ttl"), (edition.folder, "queries/*.rq")):
        for file in sorted(folder.glob(pattern)):
            yield from check_file(file, known, folder)


def usable(house: Path = HOUSE) -> bool:
    """True when the profile and the shapes can be read and compiled."""
    try:
        Rules.load(house)
    except VocabularyError:
        return False
    return True
