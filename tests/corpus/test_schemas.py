"""The corpus is valid: letters against the CMIF schema and TEI, registers against TEI."""

from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from tests.conftest import shared
from tests.corpus.conftest import FOLDER

CMIF = "suites/cmif-schema/schema/cmi-customization.rng"
TEI = "suites/tei/tei_all.rng"
FILES = sorted(file.name for file in FOLDER.glob("*.xml"))


@cache
def _schema(file: Path) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(file))


@pytest.mark.parametrize(
    ("file", "schema"),
    [*((file, TEI) for file in FILES), *((file, CMIF) for file in FILES if file.startswith("letters"))],
    ids=lambda value: Path(value).stem,
)
def test_the_file_is_valid(file: str, schema: str) -> None:
    relaxng = _schema(shared(schema))
    valid = relaxng.validate(etree.parse(FOLDER / file))
    assert valid, "\n".join(f"{error.line}: {error.message}" for error in relaxng.error_log)


def test_all_files_are_there() -> None:
    assert {"letters.xml", "letters-mentioned.xml", "people.xml", "organisations.xml"} <= set(FILES)
    assert {"places.xml", "events.xml", "works.xml"} <= set(FILES)
