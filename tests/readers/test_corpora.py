"""Real editions: every `correspDesc` is a letter in the dump or a finding that says why not, counted a second way."""

import random
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from lod import config, mapping, readers
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.mapping import Block
from lod.model import Letter
from lod.readers import Corpus
from lod.report import Report, Source
from tests.conftest import ROOT, shared

EDITIONS = ROOT / "tests" / "editions"
LETTERS = {
    "norkorr": 244,
    "qhod": 72,
    "pec-cmif": 519,
    "bahr-schnitzler": 697,
    "megadigital": 1098,
    "catcor": 1049,
    "tillich": 60,
    "pec": 60,
    "amp": 45,
    "schnitzler-briefe": 60,
}
"""How many letters `../shared/corpora/SOURCE.txt` says each edition has."""


@cache
def corpus(name: str) -> tuple[Corpus, Report, tuple[Block, ...]]:
    """An edition read and mapped, with what was found."""
    shared("corpora")
    report = Report()
    found = readers.read(config.load(EDITIONS / name), report)
    return found, report, tuple(mapping.map_edition(found.edition, found.records, found.sources))


def counted(folder: Path, files: list[str]) -> int:
    """`correspDesc` elements of any namespace, by XPath over the files as they are."""
    return sum(int(etree.parse(folder / file).xpath("count(//*[local-name()='correspDesc'])")) for file in files)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LETTERS)
def test_every_description_is_a_letter(name: str) -> None:
    found, _, blocks = corpus(name)
    letters = [record for record in found.records if isinstance(record, Letter)]
    files = [source.file for source in found.edition.sources if source.format in ("cmif", "tei")]
    assert counted(found.edition.data, files) == len(letters) == LETTERS[name]
    assert len({letter.key for letter in letters}) == len(letters)
    assert sum(path.startswith("letter/") for path, _ in blocks) == len(letters)


@pytest.mark.parametrize("name", LETTERS)
def test_no_letter_is_dropped(name: str) -> None:
    """The list of letters dropped is empty for every edition here; a double would be a finding `letter-twice`."""
    found, report, _ = corpus(name)
    assert [candidate for candidate in found.keys.candidates if candidate.twin] == []
    assert [finding for finding in report if finding.code in ("letter-twice", "file-unreadable")] == []


EXPECTED: dict[str, dict[str, int]] = {
    "norkorr": {"date-form": 1, "note-left-out": 2},
    "qhod": {},
    "pec-cmif": {},
    "bahr-schnitzler": {"name-empty": 11},
    "megadigital": {"order-left-out": 797, "name-empty": 6, "sender-missing": 3, "namespace-reset": 1},
}
"""All that there is to say about these files, known by reading them."""


@pytest.mark.parametrize("name", EXPECTED)
def test_findings_are_those_that_the_files_deserve(name: str) -> None:
    _, report, _ = corpus(name)
    assert Counter(finding.code for finding in report) == EXPECTED[name]


@pytest.mark.parametrize("name", LETTERS)
def test_every_agent_and_place_is_kept(name: str) -> None:
    """Names in `correspAction` that hold a word or a pointer, counted by XPath, against links of the letters."""
    found, report, _ = corpus(name)
    empty = Counter(finding.source for finding in report if finding.code == "name-empty")
    expected = 0
    for source in found.edition.sources:
        if source.format == "registers":
            continue
        root = etree.parse(found.edition.data / source.file).getroot()
        for element in root.iter("{*}persName", "{*}orgName", "{*}placeName"):
            parent = element.getparent()
            if parent is not None and etree.QName(parent).localname == "correspAction":
                expected += bool("".join(element.itertext()).strip() or element.get("ref"))
    letters = [record for record in found.records if isinstance(record, Letter)]
    actions = [action for letter in letters for action in (letter.sent, letter.received, *letter.actions)]
    links = sum(len(action.agents) + len(action.places) for action in actions)
    several = sum(
        len(re.findall("person/", finding.message)) - 1 for finding in report if finding.code == "pointers-several"
    )
    said = sum("says" in finding.message for finding in report if finding.code == "name-empty")
    assert links == expected + several - said, empty


@pytest.mark.parametrize("name", (*LETTERS, "spener"))
def test_a_thousand_random_triples_lead_to_a_line_of_the_source(name: str) -> None:
    """Nothing is invented: what `lod explain` follows ends at a line that is there; of types and the data set at a user's."""
    found, _, blocks = corpus(name)
    triples = [triple for _, block in blocks for triple in block]
    where = Whereabouts(found.told, Iris(found.edition.base), triples, Source("edition.toml"))
    lengths = {
        source.file: (found.edition.data / source.file).read_bytes().count(b"\n") + 1
        for source in found.edition.sources
    }
    for subject, _, _ in random.Random(name).sample(triples, 1000):
        source, path = where.source(subject), where.path(subject)
        if (
            path.startswith(("dataset", "source/", "type/scheme", "organisation/editors"))
            or source.file == "edition.toml"
        ):
            assert path.partition("/")[0] in ("dataset", "source", "type", "organisation")
        else:
            assert 1 <= source.line <= lengths[source.file], path
