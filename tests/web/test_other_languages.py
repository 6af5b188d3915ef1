"""An edition that speaks neither language of the interface: it is shown in its own words."""

from pathlib import Path

from tests.web.editions import dumped, postcards
from tests.web.serving import BROWSER, serving


def test_its_title_stands_as_it_is(tmp_path: Path) -> None:
    folder = postcards(tmp_path / "edition")
    settings = folder / "edition.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace('title = { en = "Postcards to Coyoacán" }', 'title = { de = "Karten", nl = "Kaarten" }')
    settings.write_text(text.replace('languages = ["en"]', 'languages = ["de"]'), encoding="utf-8")
    with serving([dumped(folder, tmp_path / "dumps")]) as site:
        for address, tag in {"/": "h1", "/dataset": "h2"}.items():
            for language in ("en", "fr"):
                page = site.get(f"{address}?lang={language}", BROWSER)
                assert page.status_code == 200, (address, language)
                assert f'<{tag} lang="de">Karten</{tag}>' in page.text
                assert "Kaarten</h" not in page.text
