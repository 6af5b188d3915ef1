"""No IRI that was published disappears in silence."""

from dataclasses import replace
from pathlib import Path

import pytest

from lod.build import Built
from lod.check.published import approve, check_published
from lod.config import Edition
from lod.report import Level, Report
from lod.terms import Iri


def said(base: str, *paths: str) -> list[Iri]:
    return [Iri(f"<{base}{path}>") for path in paths]


@pytest.fixture
def edition(shipped: Built, tmp_path: Path) -> Edition:
    return replace(shipped.corpus.edition, folder=tmp_path)


def test_what_is_approved_must_stay(edition: Edition) -> None:
    assert approve(said(edition.base, "letter/1", "letter/2", "letter/1.ttl"), edition) == 2
    report = Report()
    check_published(said(edition.base, "letter/2", "letter/3"), edition, report)
    assert [(finding.code, finding.key, str(finding.source)) for finding in report] == [
        ("iri-lost", "letter/1", "published.txt:1"),
        ("iri-new", "", "published.txt"),
    ]


def test_what_is_withdrawn_may_go(edition: Edition) -> None:
    approve(said(edition.base, "letter/1", "letter/2"), edition)
    rows = f"iri\tdate\treason\treplaced by\n{edition.base}letter/1\t2026-01-01\tno letter\t\n"
    (edition.folder / "withdrawn.tsv").write_text(rows, encoding="utf-8")
    report = Report()
    check_published(said(edition.base, "letter/2"), edition, report)
    assert list(report) == []


def test_approval_only_adds(edition: Edition) -> None:
    approve(said(edition.base, "letter/1"), edition)
    approve(said(edition.base, "letter/2"), edition)
    assert (edition.folder / "published.txt").read_text(encoding="utf-8") == "letter/1\nletter/2\n"


def test_the_shipped_edition_has_lost_none(shipped: Built) -> None:
    lost = [finding.key for finding in shipped.report if finding.code == "iri-lost" and finding.level is Level.ERROR]
    assert lost == []
    assert (shipped.corpus.edition.folder / "published.txt").is_file()
