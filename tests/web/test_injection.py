"""Labels, names, notes and addresses that attack come out inert: on pages, in JSON-LD, CSV, SVG and search."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import lxml.html
import pytest

from tests.web.hostile import ATTRIBUTE, FORMULA, SCRIPT, hostile
from tests.web.serving import BROWSER, Served, serving

PAGES = (
    "",
    "letter/1.html",
    "letter/1.html?view=data",
    "letter/2.html",
    "letter/2.html?lang=fr",
    "person/berg.html?lang=fr",
    "letter/?lang=fr",
    "person/",
    "place/",
    "event/",
    "work/",
    "document/notice.html",
    "person/berg.html",
    "person/mallory.html",
    "organisation/editors.html",
    "place/elsinore.html",
    "event/launch.html",
    "work/harbour-letters-1980.html",
    "holding/harbour-papers.html",
    "type/letter.html",
    "language/da.html",
    "correspondence/berg-vale.html",
    "letter/",
    "letter/?from=person/berg",
    "person/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "letter/?from=%22%20onmouseover=x",
    "letter/1.html?list=%22%3E%3Cscript%3E&page=-1",
    "search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "search?q=hyperlink",
    "timeline",
    "map",
    "map?year=%3Cscript%3E",
    "network",
    "schema",
    "dataset",
    "sparql?query=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D",
    "letter/%3Cscript%3Ealert(1)%3C/script%3E",
)
_SAFE = ("/", "#", "?", "http://", "https://")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving([hostile(tmp_path_factory.mktemp("hostile"))]) as served:
        yield served


@pytest.mark.statement(28)
@pytest.mark.parametrize("path", PAGES)
def test_pages(attacked: Served, path: str) -> None:
    page = attacked.client.get(f"/{path}", headers={"Accept": BROWSER}, follow_redirects=True)
    tree = lxml.html.document_fromstring(page.content)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name not in ("autofocus", "style"), f"{element.tag} {name}"
            if name in ("href", "src", "action", "xlink:href"):
                assert value.startswith(_SAFE), value
        if element.tag == "script":
            assert element.get("src", "/static/").startswith("/static/")
            if element.get("src") is None:
                assert element.get("type") in ("application/ld+json", "application/json")
                json.loads(element.text or "")
    assert "unsafe-inline" not in page.headers["content-security-policy"]


@pytest.mark.statement(28)
def test_the_payload_is_shown_as_words(attacked: Served) -> None:
    page = attacked.client.get("/person/berg.html", headers={"Accept": BROWSER})
    text = " ".join(lxml.html.document_fromstring(page.content).text_content().split())
    assert SCRIPT in text and ATTRIBUTE in text


@pytest.mark.statement(26)
def test_linked_data_survives_the_end_of_a_script(attacked: Served) -> None:
    page = attacked.client.get("/person/berg.html", headers={"Accept": BROWSER})
    scripts = lxml.html.document_fromstring(page.content).xpath("//script[@type='application/ld+json']")
    assert len(scripts) == 1
    assert SCRIPT in json.dumps(json.loads(scripts[0].text), ensure_ascii=False)


@pytest.mark.parametrize("path", ["letter/?format=csv", "person/?format=csv", "network.csv", "map.csv", "timeline.csv"])
def test_tables_hold_no_formula(attacked: Served, path: str) -> None:
    rows = list(csv.reader(io.StringIO(attacked.client.get(f"/{path}").text)))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    if "csv" in path and "?" in path:
        assert any(FORMULA in cell for row in rows for cell in row)


@pytest.mark.parametrize("name", ["timeline", "map", "network", "schema"])
def test_drawings_hold_no_script(attacked: Served, name: str) -> None:
    answer = attacked.client.get(f"/{name}.svg")
    for element in ET.fromstring(answer.text).iter():
        assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "style", "image")
        assert not [key for key in element.attrib if key.startswith("on")]
        assert element.get("href", "/").startswith(("/", "http://", "https://"))


@pytest.mark.parametrize("name", ["bib", "json", "txt"])
def test_citations_are_files_not_pages(attacked: Served, name: str) -> None:
    answer = attacked.client.get(f"/cite/person/berg.{name}")
    assert answer.status_code == 200
    assert not answer.headers["content-type"].startswith("text/html")
    assert answer.headers["x-content-type-options"] == "nosniff"
