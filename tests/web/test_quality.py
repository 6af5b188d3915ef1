"""The page about the data: its numbers are those of the reports, its links find what they count, its changes the table's."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pyoxigraph as ox
import pytest
import rdflib

from lod import dumps
from lod.build import Built, material
from lod.release import change, graphs
from lod.release.change import Change, Kind, Table
from lod.report import FILE, Finding, Level, Report, Source
from lod.web import Published, quality
from tests.web.harvested import Harvested
from tests.web.serving import BROWSER, Served, published, serving


@pytest.fixture(scope="module")
def folder(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, edition = tmp_path_factory.mktemp("dumps"), shipped.corpus.edition
    dumps.write((triples for _, triples in shipped.blocks), edition.base, folder / f"{edition.id}.ttl", "ttl")
    graphs.write(material(shipped), folder / graphs.FOLDER)
    (folder / FILE).write_text(shipped.report.to_json(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def pages(shipped: Built, folder: Path) -> Iterator[Served]:
    with serving([Published(shipped.corpus.edition, folder)]) as served:
        yield served


@pytest.fixture(scope="module")
def store(shipped: Built, folder: Path) -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=str(folder / f"{shipped.corpus.edition.id}.ttl"), format=ox.RdfFormat.TURTLE)
    return store


def _page(served: Served, language: str = "en") -> lxml.html.HtmlElement:
    answer = served.client.get("/dataset", headers={"Accept": BROWSER, "Accept-Language": language})
    return lxml.html.document_fromstring(answer.text)


def _notes(shipped: Built) -> list[str]:
    return [finding.message for finding in shipped.report if finding.code.startswith("coverage-")]


def test_every_gap_of_the_report_is_told(pages: Served, shipped: Built) -> None:
    rows = _page(pages).xpath("//section[@class='quality']//tbody/tr/th/text()")
    said = [re.match(r"\d+ of \d+ [^:]+", note)[0].removesuffix(", in") for note in _notes(shipped)]  # type: ignore[index]
    assert [row.replace(",", "") for row in rows] == said
    assert len(rows) > 15


def test_every_gap_leads_to_what_it_counts(pages: Served, store: ox.Store) -> None:
    rows = _page(pages).xpath("//section[@class='quality']//tbody/tr")
    asked = 0
    for row in rows:
        count = int(row.xpath("th/text()")[0].split(" of ")[0].replace(",", ""))
        link = urlsplit(row.xpath("td/a/@href")[0])
        if link.path == "/sparql":
            found = list(store.query(parse_qs(link.query)["query"][0]))  # type: ignore[arg-type]
            assert len(found) == count, row.xpath("th/text()")
            asked += 1
        else:
            assert pages.client.get(link.path, headers={"Accept": BROWSER}).status_code == 200
    assert asked >= len(rows) - 1


def test_the_verdict_is_the_reports(pages: Served, shipped: Built, folder: Path) -> None:
    text = _page(pages).xpath("string(//section[@class='quality'])")
    assert "None of the rules is broken" in text
    counted = shipped.report.count()
    assert (
        f"told {counted[Level.ERROR]} errors, {counted[Level.WARNING]} warnings and {counted[Level.NOTE]} notes" in text
    )
    shapes = rdflib.Graph()
    for file in (quality.HOUSE / "shapes").glob("*.ttl"):
        shapes.parse(file)
    properties = sum(1 for _ in shapes.subject_objects(rdflib.SH.property))
    assert f"{properties} rules" in text


def test_french_says_all_of_it(pages: Served) -> None:
    tree = _page(pages, "fr")
    rows = tree.xpath("//section[@class='quality']//tbody/tr/th/text()")
    assert rows and not [row for row in rows if " of " in row]
    assert "Aucune règle n’est enfreinte" in tree.xpath("string(//section[@class='quality'])")


def test_broken_rules_and_warnings_are_shown(tmp_path: Path) -> None:
    entry = published(tmp_path)
    report = Report()
    report.error("shape-letter", "A letter needs a <b>date</b>", Source("letters.xml", 3), "letter/1")
    report.warning("date-odd", "An odd date", Source("letters.xml", 4), "letter/2")
    (entry.dumps / FILE).write_text(report.to_json(), encoding="utf-8")
    (entry.dumps / graphs.FOLDER).mkdir()
    said = (
        "PREFIX sh: <http://www.w3.org/ns/shacl#> "
        '<https://example.org/r> sh:conforms false ; sh:resultMessage "A letter needs a <b>date</b>"@en .'
    )
    (entry.dumps / graphs.FOLDER / "report.ttl").write_text(said, encoding="utf-8")
    with serving([entry]) as served:
        tree = _page(served)
    text = tree.xpath("string(//section[@class='quality'])")
    assert "Some of the rules are broken" in text and "An odd date" in text
    assert "A letter needs a <b>date</b>" in text and not tree.xpath("//section[@class='quality']//b")


def test_without_a_report_the_page_says_so(tmp_path: Path) -> None:
    with serving([published(tmp_path)]) as served:
        text = _page(served).xpath("string(//section[@class='quality'])")
    assert "The report of that run is not here." in text


def test_changes_are_told_by_release(tmp_path: Path) -> None:
    entry = published(tmp_path)
    table = Table()
    created = [Change("1.0", "2026-01-02", Kind.CREATED, path, (), "a", "b") for path in ("letter/1", "person/berg")]
    later = Change("1.1", "2026-03-04", Kind.UPDATED, "person/berg", (), "c", "d")
    table.extend([*created, later])
    home = tmp_path / "releases" / entry.edition.id
    home.mkdir(parents=True)
    (home / change.FILE).write_text(table.text(), encoding="utf-8")
    with serving([Published(entry.edition, entry.dumps, tmp_path / "releases")]) as served:
        tree = _page(served)
    entries = [" ".join(entry.text_content().split()) for entry in tree.xpath("//dl[contains(@class, 'changes')]/dd")]
    assert entries[0].startswith("Changed: 1 person")
    assert entries[1] == "First publication: 1 letter, 1 person"
    days = [" ".join(entry.text_content().split()) for entry in tree.xpath("//dl[contains(@class, 'changes')]/dt")]
    assert days == ["1.14 March 2026", "1.02 January 2026"]


def test_downloads_have_sizes_and_sums_and_the_whole_is_cited(shipped_site: Harvested) -> None:
    tree = _page(shipped_site.served)
    rows = {row.xpath("string(th)"): row for row in tree.xpath("//table[@class='files']/tbody/tr")}
    file = shipped_site.made.manifest.file("serge-trotsky.ttl.gz")
    assert file is not None
    assert rows["Turtle dump, gzip"].xpath("string(td[@class='sum'])") == file.sha256
    assert f"{round(file.size / 1024):,} KiB" in rows["Turtle dump, gzip"].xpath("string(td[@class='size'])")
    assert shipped_site.made.manifest.file(FILE) is not None
    bib = shipped_site.get("/cite/dataset.bib").text
    assert "version 1.0" in bib and "https://w3id.org/serge-trotsky/" in bib
    assert shipped_site.get("/cite/dataset.json").json()[0]["type"] == "dataset"


def test_a_report_comes_back_as_it_was() -> None:
    report = Report()
    report.add(Finding(Level.WARNING, "date-odd", "odd", Source("a.xml", 4), "letter/2", "mend it"))
    assert list(Report.from_json(report.to_json())) == list(report)
    with pytest.raises(ValueError, match="no report"):
        Report.from_json("{}")


def test_every_query_has_a_note_it_belongs_to() -> None:
    written = (quality.HOUSE / "check" / "coverage.py").read_text(encoding="utf-8")
    for code in quality.queries():
        assert f'"{code}"' in written or f'-{code.partition("-")[2]}"' in written, code
