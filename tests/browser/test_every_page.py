"""Every kind of page in a real browser: quiet under its CSP, no wider than the screen, accessible, valid HTML."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import MODULES, SCREENSHOTS, Tab, needed, tab
from tests.browser.places import PAGES
from tests.web.serving import BROWSER, Served

_AXE = """async () => (await axe.run(document)).violations.map(
  (one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + node.failureSummary).join(" | "))"""
_LOOKS = [(width, scheme) for width in (1440, 360) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def axe() -> str:
    return needed(MODULES / "axe-core" / "axe.min.js", "run `make frontend`").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shared_tab(chromium: Browser, site: Served) -> Iterator[Tab]:
    context = chromium.new_context(locale="en")
    yield tab(context, site.url)
    context.close()


@pytest.fixture(scope="module")
def without_scripts(chromium: Browser, site: Served) -> Iterator[Tab]:
    """Our scripts are not loaded, so that axe, which is one, can still look."""

    def refuse(route: Route) -> None:
        route.fulfill(body="", content_type="text/javascript")

    context = chromium.new_context(locale="fr")
    context.route("**/static/build/*.js", refuse)
    yield tab(context, site.url)
    context.close()


def look(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")


@pytest.mark.statement(30, 31)
@pytest.mark.parametrize("name", PAGES)
def test_with_scripts(shared_tab: Tab, axe: str, name: str) -> None:
    shared_tab.faults.clear()
    page = shared_tab.open(PAGES[name])
    page.evaluate(axe)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width, scheme in _LOOKS:
        look(page, width, scheme)
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"wider than {width}"
        assert page.evaluate(_AXE) == [], f"at {width}, {scheme}"
    assert shared_tab.faults == []


@pytest.mark.statement(29, 30)
@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_in_french(without_scripts: Tab, axe: str, name: str) -> None:
    without_scripts.faults.clear()
    page = without_scripts.open(PAGES[name])
    assert page.locator("html").get_attribute("lang") == "fr"
    page.evaluate(axe)
    for width, scheme in _LOOKS:
        look(page, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"wider than {width}"
        assert page.evaluate(_AXE) == [], f"at {width}, {scheme}"
    assert without_scripts.faults == []


@pytest.mark.statement(30)
def test_valid_html(site: Served, tmp_path: Path) -> None:
    jar = needed(MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar", "run `make frontend`")
    for name, path in PAGES.items():
        page = site.client.get(f"/{path}", headers={"Accept": BROWSER}, follow_redirects=True)
        (tmp_path / f"{name}.html").write_bytes(page.content)
    command = ["java", "-jar", str(jar), "--format", "json", *map(str, sorted(tmp_path.glob("*.html")))]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=False).stderr)
    faults = {
        f"{Path(one['url']).name}:{one.get('lastLine')}: {one['message']}: {one.get('extract', '')[:120]}"
        for one in found["messages"]
        if one["type"] == "error" or one.get("subType") == "warning"
    }
    assert faults == set()
