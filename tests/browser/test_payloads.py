"""Nothing hostile runs in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Tab, tab
from tests.web.hostile import hostile
from tests.web.serving import Served, serving
from tests.web.test_injection import PAGES


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving([hostile(tmp_path_factory.mktemp("hostile"))]) as served:
        yield served


@pytest.fixture(scope="module")
def hacked(chromium: Browser, attacked: Served) -> Iterator[Tab]:
    context = chromium.new_context()
    yield tab(context, attacked.url)
    context.close()


@pytest.mark.statement(28)
def test_no_payload_runs(hacked: Tab) -> None:
    for path in PAGES:
        page = hacked.open(path)
        assert page.evaluate("window.hacked") is None, path
        if path.startswith("sparql?query=%3C"):
            page.wait_for_load_state("networkidle")
            hacked.faults.clear()  # what is no query is refused, and YASGUI says so on the console
    page = hacked.open("sparql")
    page.locator(".questions a").first.click()
    page.locator(".yasr table tbody tr").first.wait_for()
    assert page.evaluate("window.hacked") is None
    assert [fault for fault in hacked.faults if "favicon" not in fault] == []
