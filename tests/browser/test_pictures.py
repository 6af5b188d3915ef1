"""What scripts add to pictures: nearer and farther, whom somebody belongs with, a stretch of time. By keyboard too."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Tab

SCALE = "() => Number((document.querySelector('svg.drawing > g').getAttribute('transform') ?? 'scale(1)').match(/scale\\(([\\d.]+)/)[1])"
MOVED = "() => document.querySelector('svg.drawing > g').getAttribute('transform')"


@pytest.mark.parametrize("name", ["map", "network"])
def test_a_picture_comes_nearer_by_button_key_and_drag(scripted: Tab, name: str) -> None:
    page = scripted.open(name)
    page.get_by_role("button", name="Nearer").click()
    expect(page.locator("svg.drawing")).to_have_class(re.compile("near"))
    assert page.evaluate(SCALE) == pytest.approx(1.5)
    page.locator("figure.big .scroll").focus()
    page.keyboard.press("+")
    assert page.evaluate(SCALE) == pytest.approx(2.25)
    before = page.evaluate(MOVED)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    after = page.evaluate(MOVED)
    assert after != before
    box = page.locator("svg.drawing").bounding_box()
    assert box
    page.mouse.move(box["x"] + 500, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 90, steps=4)
    page.mouse.up()
    assert page.evaluate(MOVED) != after
    page.keyboard.press("-")
    page.get_by_role("button", name="Whole picture").click()
    assert page.evaluate(SCALE) == 1


def test_the_wheel_scrolls_the_page_and_not_the_picture(scripted: Tab) -> None:
    page = scripted.open("network")
    page.locator("svg.drawing").hover()
    page.mouse.wheel(0, 300)
    page.wait_for_function("window.scrollY > 0")
    assert page.evaluate(SCALE) == 1


def test_a_person_shows_its_ties_and_links_still_lead_on(scripted: Tab) -> None:
    page = scripted.open("network")
    serge = page.locator("svg.drawing a", has=page.locator("[data-thing='person/serge']"))
    serge.focus()
    expect(page.locator("svg.drawing")).to_have_class(re.compile("dimmed"))
    lit = page.locator("svg.drawing path.lit")
    assert 0 < lit.count() < page.locator("svg.drawing path").count()
    assert all("person/serge" in ends for ends in lit.evaluate_all("all => all.map((one) => one.dataset.ends)"))
    assert page.locator("[data-name='person/trotsky'].lit").count() == 1
    page.get_by_role("button", name="Nearer").click()
    serge.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/person/serge.html")


def test_bodies_are_told_from_people(scripted: Tab) -> None:
    page = scripted.open("network")
    assert page.locator("svg.drawing rect[data-thing^='organisation/']").count() > 2
    assert page.locator("svg.drawing circle[data-thing^='organisation/']").count() == 0
    assert page.locator("svg.drawing rect[data-thing^='person/']").count() == 0
    expect(page.locator(".legend")).to_contain_text("organisations written to")


def test_a_stretch_of_time_is_chosen_by_hand_and_by_lists(scripted: Tab) -> None:
    page = scripted.open("timeline")
    whole = _letters(page)
    rows = page.locator("tr[data-bin]:visible")
    everything = rows.count()
    page.get_by_label("From", exact=True).select_option("April 1936")
    page.get_by_label("until", exact=True).select_option("June 1936")
    assert rows.count() == 3
    expected = sum(int(row.get_attribute("data-letters") or 0) for row in rows.all())
    assert _letters(page) == expected < whole
    band = page.locator(".brush .overlay")
    box = band.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.4, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, y, steps=6)
    page.mouse.up()
    assert rows.first.get_attribute("data-bin") != "1936-04"
    assert page.get_by_label("From", exact=True).input_value() != "0"
    page.get_by_role("button", name="All", exact=True).click()
    assert rows.count() == everything and _letters(page) == whole


def _letters(page: Page) -> int:
    return int(page.locator("figcaption output").inner_text().split()[0])


def test_without_scripts_nothing_promises_more(plain: Tab) -> None:
    page = plain.open("timeline")
    assert page.locator("figcaption select, .zoom, .brush").count() == 0
    assert page.locator("tr[data-bin]:visible").count() > 10


@pytest.mark.parametrize("name", ["map", "network", "schema", "timeline"])
def test_a_narrow_window_says_that_there_is_more(plain: Tab, name: str) -> None:
    page = plain.open(name)
    picture = page.locator("figure.big .scroll")
    assert picture.evaluate("one => one.scrollWidth > one.clientWidth + 100")
    expect(page.locator("figure.big .hint")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 1000})
    assert picture.evaluate("one => one.scrollWidth == one.clientWidth")
    expect(page.locator("figure.big .hint")).to_be_hidden()
