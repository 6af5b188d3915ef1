"""The shipped edition served as it is, and one Chromium for all tests. Screenshots are kept in `build/screenshots`."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from lod import dumps
from lod.build import Built
from lod.web import Published
from tests.web.serving import Served, serving

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
MODULES = ROOT / "lod" / "web" / "frontend" / "node_modules"
BUILT = ROOT / "lod" / "web" / "static" / "build"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are marked, and come last: the driver keeps an event loop running in this thread until the end."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here in item.path.parents)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def needed(path: Path, how: str) -> Path:
    """A file that `make` brings: in CI it must be there, elsewhere its absence skips."""
    if not path.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{path} is not there: {how}")
    return path


@pytest.fixture(scope="session")
def edition(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("dumps")
    name = shipped.corpus.edition.id
    triples = (triples for _, triples in shipped.blocks)
    dumps.write(triples, shipped.corpus.edition.base, folder / f"{name}.ttl", "ttl")
    return Published(shipped.corpus.edition, folder)


@pytest.fixture(scope="session")
def site(edition: Published) -> Iterator[Served]:
    needed(BUILT / "pages.js", "run `make frontend`")
    with serving([edition]) as served:
        yield served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    needed(Path(found), "run `make browser`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Tab:
    """A page with everything it should not have done: messages, errors, requests elsewhere."""

    page: Page
    root: str
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", lambda message: self._console(message))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", lambda request: self._request(request))
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss())[0])

    def _console(self, message: ConsoleMessage) -> None:
        expected = "404 (Not Found)" in message.text or "400 (Bad Request)" in message.text
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.root, "data:", "blob:")):
            self.faults.append(f"request: {request.url}")

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.root}/{path}", wait_until="load")
        return self.page


def tab(context: BrowserContext, root: str) -> Tab:
    """A new tab under watch."""
    made = Tab(context.new_page(), root)
    made.watch()
    return made


@pytest.fixture
def scripted(chromium: Browser, site: Served) -> Iterator[Tab]:
    """A tab as people have it: 1440 pixels, light, English, scripts."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, locale="en", accept_downloads=True)
    made = tab(context, site.url)
    yield made
    context.close()
    assert not made.faults


@pytest.fixture
def plain(chromium: Browser, site: Served) -> Iterator[Tab]:
    """A tab without JavaScript, 360 pixels wide."""
    context = chromium.new_context(viewport={"width": 360, "height": 760}, locale="en", java_script_enabled=False)
    made = tab(context, site.url)
    yield made
    context.close()
    assert not made.faults
