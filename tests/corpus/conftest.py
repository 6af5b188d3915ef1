"""The book and the corpus, read once for all audits."""

import re
from dataclasses import dataclass

import pytest

from lod import config, readers
from lod.model import Document, Letter, Record
from lod.report import Report
from tests.conftest import ROOT, shared
from tests.corpus import reasons
from tests.corpus.book import Book

FOLDER = ROOT / "corpus" / "serge-trotsky"


@dataclass(frozen=True)
class Shipped:
    """The corpus as records, and every place of the book that its files cite."""

    records: tuple[Record, ...]
    cited: frozenset[str]

    @property
    def things(self) -> dict[str, Record]:
        """Records by path."""
        return {record.path: record for record in self.records}

    @property
    def texts(self) -> dict[str, list[Letter | Document]]:
        """What the book prints, by the place where it stands."""
        found: dict[str, list[Letter | Document]] = {}
        for record in self.records:
            if (isinstance(record, Letter) and record.printed) or isinstance(record, Document):
                for place in record.own_places:
                    found.setdefault(place, []).append(record)
        return found


@pytest.fixture(scope="session")
def book() -> Book:
    """The scan, where it is at hand."""
    return Book.read(shared("seed/the-serge-trotsky-papers.txt"))


@pytest.fixture(scope="session")
def corpus() -> Shipped:
    """The shipped corpus, without errors."""
    report = Report()
    read = readers.read(config.load(FOLDER), report)
    assert not [str(finding) for finding in report if finding.level == "error"]
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.xml")))
    return Shipped(read.records, frozenset(re.findall(r"\bbook:([a-z0-9-]+)", text)))


@pytest.fixture(scope="session")
def listed() -> tuple[reasons.Reason, ...]:
    """Why some things are not in the corpus."""
    return reasons.load()
