"""The French interface is whole: every message of templates and tables has French words, and none is left over."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from lod.web import facets, gallery, interface, problems, words
from lod.web.pictures import model

WEB = Path(interface.__file__).parent


def _used() -> set[str | tuple[str, str]]:
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    options = {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true"}
    found: set[str | tuple[str, str]] = set()
    for _, _, message, _, _ in extract_from_dir(
        WEB / "templates", [("**.html", "jinja2")], {"**.html": options}, keywords
    ):
        found.add(message[:2] if isinstance(message, tuple) else message)
    for word in words.PROPERTIES.values():
        found |= {word.out, word.back}
    for heads in words.BACK_FROM.values():
        found |= set(heads.values())
    found |= {name for names in words.KIND_WORDS.values() for name in names}
    found |= {heading for sections in words.SECTIONS.values() for heading, _ in sections}
    found |= {facet.label for several in facets.FACETS.values() for facet in several}
    found |= set(model.texts())
    for file in (WEB / "pictures").glob("*.py"):
        found |= set(re.findall(r'\bsay\(\s*"([^"]+)"', file.read_text(encoding="utf-8")))
    found |= set(problems._TITLES.values()) | set(gallery._TITLES.values())
    return found - {""}


def test_every_message_has_french_words() -> None:
    known = interface.load("fr")
    lines = {message for message in _used() if isinstance(message, str)}
    counted = {message for message in _used() if isinstance(message, tuple)}
    assert {message for message in lines if message not in known.singular} == set()
    assert counted - set(known.plural) == set()


def test_translations_keep_their_places() -> None:
    with (WEB / "locale" / "fr.po").open("rb") as file:
        for message in read_po(file, locale="fr"):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            places = set(re.findall(r"%\(\w+\)s", ids[-1]))
            for text in said if message.id else ():
                assert text, message.id
                assert set(re.findall(r"%\(\w+\)s", text)) <= places, message.id


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("27 May 1936", "27 mai 1936"),
        ("1 April 1936", "1er avril 1936"),
        ("between 22 and 24 April 1936", "entre le 22 et le 24 avril 1936"),
        ("not after 27 May 1936", "au plus tard le 27 mai 1936"),
        ("from 1933 to 1936", "de 1933 à 1936"),
        ("from 1917", "depuis 1917"),
        ("about August 1938", "vers août 1938"),
        ("1917 (uncertain)", "1917 (incertaine)"),
    ],
)
def test_dates_in_french(english: str, french: str) -> None:
    assert interface.load("fr").date(english) == french
    assert interface.load("en").date(english) == english


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("30 December 1890", "le 30 décembre 1890"),
        ("May 1936", "en mai 1936"),
        ("1917 (uncertain)", "en 1917 (incertaine)"),
        ("about 1880", "vers 1880"),
        ("not after 1917", "au plus tard 1917"),
        ("between 1935 and January 1936", "entre 1935 et janvier 1936"),
    ],
)
def test_dates_behind_a_verb(english: str, french: str) -> None:
    assert interface.load("fr").inside(english) == french
    assert interface.load("en").inside(english) == english


def test_counts_in_french_are_plural_from_two() -> None:
    french = interface.load("fr")
    assert [french.ngettext("%(num)s letter", "%(num)s letters", count) for count in (0, 1, 2)] == [
        "%(num)s lettre",
        "%(num)s lettre",
        "%(num)s lettres",
    ]
    assert french.number(65092) == "65\u202f092"
