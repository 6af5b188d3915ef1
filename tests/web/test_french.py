"""No English word of the interface is left on French pages; content keeps its language and says which it is."""

import re
from collections.abc import Iterator

import lxml.html
import pytest

from lod import dumps
from lod.build import Built
from lod.mapping import concepts
from lod.model import Letter
from lod.terms import value
from lod.vocab import rdfs
from lod.web import Published, interface
from tests.browser.places import PAGES
from tests.web.serving import BROWSER, Served, serving

FRENCH = interface.load("fr")
TECHNICAL = (
    "search?q=nin",
    "map",
    "organisation/",
    "place/?type=type/place-city",
    "event/",
    "work/",
)
SAYS = ("aria-label", "title", "placeholder", "alt")


@pytest.fixture(scope="module")
def pages(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, name = tmp_path_factory.mktemp("dumps"), shipped.corpus.edition.id
    triples = (triples for _, triples in shipped.blocks)
    dumps.write(triples, shipped.corpus.edition.base, folder / f"{name}.ttl", "ttl")
    (folder / "report.json").write_text(shipped.report.to_json(), encoding="utf-8")
    with serving([Published(shipped.corpus.edition, folder)]) as served:
        yield served


@pytest.fixture(scope="module")
def letters(shipped: Built) -> set[str]:
    """The titles of letters as the data have them, where French has others."""
    titles = {
        f"<{shipped.corpus.edition.base}{record.path}>"
        for record in shipped.corpus.records
        if isinstance(record, Letter)
    }
    said = (
        value(node)[0]
        for _, block in shipped.blocks
        for one, term, node in block
        if one in titles and term == rdfs.label
    )
    return {title for title in said if " to " in title}


def _english() -> set[str]:
    """Messages that French says otherwise, as they stand and in small letters."""
    known = {english for english, french in FRENCH.singular.items() if english != french}
    known |= {one for pair in FRENCH.plural for one in pair}
    known -= {french.capitalize() for french in FRENCH.made["type"].values()}  # `Cite` is both
    shown = {message for message in known if "%(" not in message}
    small = {message.lower() for message in shown} - set(FRENCH.made["type"].values())
    return shown | small | {re.sub(r"%\(\w+\)s", "#", each) for each in known}


def _said(element: lxml.html.HtmlElement, language: str) -> Iterator[tuple[str, str]]:
    """Every piece of text with the language it is marked with."""
    if not isinstance(element.tag, str) or element.tag in ("script", "style", "code", "pre", "samp", "textarea"):
        return
    own = element.get("lang") or language
    yield from ((element.get(name, ""), own) for name in SAYS)
    yield element.text or "", own
    for child in element:
        yield from _said(child, own)
        yield child.tail or "", own


@pytest.mark.parametrize("path", [*PAGES.values(), *TECHNICAL])
def test_no_english_word_of_the_interface(pages: Served, letters: set[str], path: str) -> None:
    answer = pages.client.get(f"/{path}", headers={"Accept": BROWSER, "Accept-Language": "fr"}, follow_redirects=True)
    tree = lxml.html.document_fromstring(answer.text)
    assert tree.get("lang") == "fr"
    english, types = _english(), FRENCH.made["type"]
    left = set()
    for text, language in _said(tree, "fr"):
        plain = " ".join(text.split()).strip(" ·,:→←()")
        numbers = re.sub(r"\d[\d\s.,]*", "#", plain)
        if language == "fr" and (plain in english or numbers in english):
            left.add(plain)
        if plain in letters and "view=data" not in path:
            left.add(plain)
        if language != "fr" and types.get(plain, plain) != plain:
            left.add(f"{plain} ({language})")
    assert left == set()


def test_every_type_of_the_edition_has_french_words(shipped: Built) -> None:
    known = FRENCH.made["type"]
    own = {concepts.type_label(key) for key in concepts._LABELS}
    assert own - set(known) == set()


@pytest.mark.parametrize(
    ("label", "part", "french"),
    [
        ("Note 150 to chapter 2", "note-2-150", "Note 150 du chapitre 2"),
        ("Writing of letter 12", "writing", "Rédaction de la lettre 12"),
        ("Receipt of the prefatory letter", "receipt", "Réception de la lettre liminaire"),
        ("English translation of letter 12", "translation-en", "Traduction de la lettre 12 en anglais"),
        ("Death of Ascaso", "death", "Mort d’Ascaso"),
        (
            "Inference: letter 12 was received between 27 May and 3 June 1936",
            "assertion-receipt-date",
            "Déduction : réception de la lettre 12 : entre le 27 mai et le 3 juin 1936",
        ),
        ("Perhaps: 1936", "assertion-date", "Peut-être : 1936"),
        ("Zinoviev in Comintern", "member-comintern", "Zinoviev, Comintern"),
        ("Zinoviev in Comintern", "birth", ""),
        ("Walter Dauge: a recent member", "joining-x", ""),
    ],
)
def test_labels_that_the_mapping_makes(label: str, part: str, french: str) -> None:
    assert FRENCH.labels.part(label, part) == french


def test_languages_are_named_by_unicodes_tables() -> None:
    assert FRENCH.labels.language("es") == "espagnol"
    assert FRENCH.labels.language("ru-latn") == "russe (latin)"
    assert interface.load("en").labels.language("ru-latn") == "Russian (Latin)"
    assert FRENCH.labels.language("xx") == ""


def test_a_letter_is_titled_in_french(pages: Served) -> None:
    answer = pages.client.get("/letter/?from=person/serge", headers={"Accept": BROWSER, "Accept-Language": "fr"})
    titles = lxml.html.document_fromstring(answer.text).xpath("//ol[@class='letters']//a/span/text()")
    assert "Victor Serge à Leon Trotsky, Brussels" in titles
    assert not [title for title in titles if " to " in title or title.endswith("undated")]


AGREES = re.compile(r"(?:\w+é|joint|issu|reçu|écrit|traduit|fait|dit) (?:par|dans|à|de|le|ici)\b", re.IGNORECASE)
"""How a participle before what it is done by or to begins."""
OF_MASCULINE = {
    "Lies in": "of a place",
    "kept by": "of a holding",
    "Told and mentioned in": "of an event",
    "Publisher": "of data",
}


def test_what_agrees_has_a_feminine_form() -> None:
    said = {message for message, french in FRENCH.singular.items() if AGREES.match(french)}
    assert len(said) > 15
    assert said - set(FRENCH.made["feminine"]) - set(OF_MASCULINE) == set()
    for context in ("feminine", "masculine", "either"):
        assert set(FRENCH.made[context]) <= set(FRENCH.singular), context
        assert set(FRENCH.made.get(f"type {context}", {})) <= set(FRENCH.made["type"]), context
    assert set(FRENCH.made["gender"].values()) == {"feminine", "masculine", "either"}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("work/serge-trotsky-papers-1994", "Éditée par"),
        ("work/serge-trotsky-papers-1994", "Directeur de publication"),
        ("holding/trotsky-archive", "conservé par"),
        ("person/serge", "Mentionné dans"),
        ("person/sedova-natalia", "Mentionnée dans"),
        ("person/enzenberger", "traductrice"),
        ("place/brussels", "Mentionné dans"),
        ("organisation/poum", "Mentionnée dans"),
        ("organisation/poum", "fondée en"),
        ("work/the-revolution-betrayed", "Mentionnée dans"),
    ],
)
def test_words_agree_with_what_the_page_is_about(pages: Served, path: str, says: str) -> None:
    headers = {"Accept": BROWSER, "Accept-Language": "fr"}
    answer = pages.client.get(f"/{path}", headers=headers, follow_redirects=True)
    assert answer.status_code == 200, path
    text = " ".join(lxml.html.document_fromstring(answer.text).text_content().split())
    assert says in text
