"""What people do: search with facets, look at pictures and save them, ask queries, all of it by keyboard or without scripts."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Tab


def test_facets_narrow_down_and_can_be_taken_back(plain: Tab) -> None:
    page = plain.open("letter/")
    whole = _count(page)
    page.get_by_role("link", name="Victor Serge 4").first.click()
    narrowed = _count(page)
    assert 0 < narrowed < whole
    page.locator(".facets a", has_text="1936").first.click()
    assert 0 < _count(page) < narrowed
    assert "year=1936" in page.url
    page.locator(".chosen a", has_text="1936").click()
    assert _count(page) == narrowed
    page.goto(page.url)  # the address is the state
    assert _count(page) == narrowed


def test_words_and_csv_of_the_same_choice(plain: Tab) -> None:
    page = plain.open("letter/")
    page.get_by_label("Words in the name").fill("barcelóna")
    page.get_by_role("button", name="Find").click()
    shown = _count(page)
    address = page.get_by_role("link", name="This list as CSV").get_attribute("href")
    answer = page.request.get(page.url.split("?")[0] + (address or ""))
    rows = list(csv.DictReader(io.StringIO(answer.text())))
    assert len(rows) == shown > 0
    assert all("Barcelona" in row["label"] for row in rows)
    assert rows[0]["iri"].startswith("https://w3id.org/serge-trotsky/letter/")


@pytest.mark.statement(30)
def test_everything_of_a_person_without_scripts(plain: Tab) -> None:
    page = plain.open("person/serge.html")
    expect(page.get_by_role("heading", name="Life")).to_be_visible()
    group = page.locator("#letters-sent")
    total = int(group.locator(".count").first.inner_text())
    assert group.locator(".links li").count() == min(total, 50)
    # The year's letters are the list's letters of that year.
    year = group.locator(".years li", has_text="1936")
    expected = int(year.locator("b").inner_text())
    year.locator("a").click()
    assert _count(page) == expected


@pytest.mark.statement(30)
def test_pages_of_a_long_group(plain: Tab) -> None:
    page = plain.open("work/serge-trotsky-papers-1994.html")
    group = page.locator("section.group", has=page.locator(".pager")).first
    key, first = group.get_attribute("id"), group.locator(".links li").first.inner_text()
    group.get_by_role("link", name="Next").click()
    again = page.locator(f"#{key}")
    expect(again.locator(".pager")).to_contain_text("Page 2 of")
    assert again.locator(".links li").first.inner_text() != first


@pytest.mark.statement(32)
def test_letter_12_says_what_is_printed_what_is_meant_and_who_corrects(plain: Tab) -> None:
    page = plain.open("letter/12.html")
    expect(page.locator(".dateline")).to_contain_text("27 May 1936")
    expect(page.locator(".correction").first).to_contain_text("27 May 1934")
    expect(page.locator(".correction").nth(1)).to_contain_text("Cotterill")
    expect(page.locator(".thread li")).to_have_count(4)
    expect(page.locator(".mentions dt")).to_have_text(["People", "Organisations", "Places", "Events", "Works"])
    expect(page.locator(".citation")).to_contain_text("w3id.org/serge-trotsky/letter/12")
    expect(page.locator(".near a[rel=prev]")).to_contain_text("23 May 1936")


@pytest.mark.parametrize("name", ["timeline", "map", "network"])
def test_pictures_have_links_a_table_and_files(scripted: Tab, tmp_path: Path, name: str) -> None:
    page = scripted.open(name)
    expect(page.locator("figure.big svg.drawing a").first).to_be_visible()
    assert page.locator("main table tbody tr").count() > 3
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").click()
    png = tmp_path / "picture.png"
    waiting.value.save_as(png)
    assert png.read_bytes().startswith(b"\x89PNG") and png.stat().st_size > 10_000
    svg = page.request.get(f"{scripted.root}/{name}.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(svg.text()).tag == "{http://www.w3.org/2000/svg}svg"
    rows = list(csv.reader(io.StringIO(page.request.get(f"{scripted.root}/{name}.csv").text())))
    assert len(rows) > 4 and len({len(row) for row in rows}) == 1


def test_a_column_of_the_timeline_leads_to_its_letters(scripted: Tab) -> None:
    page = scripted.open("timeline")
    bar = page.locator("svg.drawing a", has=page.locator("rect")).first
    title = bar.get_attribute("aria-label") or ""
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/letter/\?month="))
    assert _count(page) == int(title.rsplit(": ", 1)[1])


def test_the_workbench_runs_a_shipped_query(scripted: Tab) -> None:
    page = scripted.open("sparql")
    page.get_by_role("link", name="Who wrote to whom, and in which languages").click()
    table = page.locator(".yasr table")
    expect(table.locator("tbody tr").first).to_be_visible()
    assert table.locator("tbody tr").count() == 8
    table.locator("tbody a").first.click()
    page.wait_for_url("**/person/*.html")


def test_the_workbench_completes_our_terms(scripted: Tab) -> None:
    page = scripted.open("sparql")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT * WHERE { ?letter ')")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("lod:repl")
    expect(page.get_by_role("option", name="lod:replies_to")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".CodeMirror-lines")).to_contain_text("lod:replies_to")
    page.keyboard.type(" ?other } LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".yasr table tbody tr")).to_have_count(3)  # so its prefix is declared


def test_results_as_map_and_timeline(scripted: Tab) -> None:
    page = scripted.open("sparql")
    query = (
        "PREFIX crm: <http://www.cidoc-crm.org/cidoc-crm/> PREFIX schema: <https://schema.org/> "
        "SELECT ?letter ?date ?where WHERE { ?letter schema:dateCreated ?date ; schema:locationCreated ?place . "
        "?place crm:P168_place_is_defined_by ?where }"
    )
    page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", query)
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("tab", name="Map").or_(page.locator(".yasr button", has_text="Map")).first.click()
    assert page.locator(".yasr svg.drawing circle").count() > 5
    page.locator(".yasr button", has_text="Timeline").click()
    assert page.locator(".yasr svg.drawing rect").count() > 2


def test_a_query_without_scripts(plain: Tab) -> None:
    page = plain.open("sparql")
    page.get_by_label("Your query").fill("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    page.get_by_role("button", name="Ask").click()
    assert int(page.locator("section.answer td").inner_text()) > 50_000


def test_by_keyboard_alone(scripted: Tab) -> None:
    page = scripted.open("letter/12.html")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda address: "letter/12" not in address)
    page.goto(f"{scripted.root}/letter/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(
            "document.activeElement.closest('.facets') !== null && document.activeElement.tagName === 'A'"
        ):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/letter/\?\w+="))


@pytest.mark.statement(29)
def test_the_language_is_chosen_once(scripted: Tab) -> None:
    page = scripted.open("person/serge.html")
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_role("heading", name="Vie", exact=True)).to_be_visible()
    page.goto(f"{scripted.root}/letter/12.html")
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.locator(".dateline")).to_contain_text("27 mai 1936")
    expect(page.locator("dd [lang=en]").first).to_be_attached()


def _count(page: Page) -> int:
    return int(page.locator("h1 .count").inner_text().replace(",", ""))
