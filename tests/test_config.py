"""`edition.toml` is closed, and tells all its problems at once."""

from pathlib import Path

import pytest

from lod.config import load
from lod.errors import ConfigError

GOOD = """
id = "small"
base = "https://example.org/small/"
title = { en = "Small" }
description = { en = "A small edition" }
languages = ["en"]
editors = ["Somebody"]
publisher = "Somebody"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
rights = "None"

[[source]]
file = "letters.xml"
format = "cmif"
"""


def edition(folder: Path, text: str) -> Path:
    (folder / "edition.toml").write_text(text, encoding="utf-8")
    (folder / "letters.xml").write_text("<TEI/>", encoding="utf-8")
    return folder


def test_a_good_one_is_read(tmp_path: Path) -> None:
    found = load(edition(tmp_path, GOOD))
    assert (found.id, found.base, found.sources[0].file) == ("small", "https://example.org/small/", "letters.xml")


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('id = "small"\n', "").replace("https://example.org/small/", "example.org")
    text = text.replace('format = "cmif"', 'format = "cmiff"').replace("publisher =", "pubilsher =")
    with pytest.raises(ConfigError) as caught:
        load(edition(tmp_path, text))
    told = "\n".join(caught.value.problems)
    for problem in (
        "'id' is missing",
        "base = 'example.org'",
        "'publisher' is missing",
        "did you mean 'publisher'",
        "format = 'cmiff'",
    ):
        assert problem in told
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('editors = ["Somebody"]', "editors = []", "'editors' must be a list of texts"),
        ('title = { en = "Small" }', 'title = "Small"', "'title' must be a table"),
        ('file = "letters.xml"', 'file = "../letters.xml"', "outside the edition's folder"),
        ('file = "letters.xml"', 'file = "lettres.xml"', "there is no file 'lettres.xml'"),
        ('format = "cmif"', 'format = "cmif"\ncolour = "red"', "unknown key 'colour'"),
        ('rights = "None"', 'rights = ""', "'rights' must be a text"),
    ],
)
def test_each_problem_has_its_words(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError, match=problem.replace("[", r"\[")):
        load(edition(tmp_path, GOOD.replace(old, new)))


def test_what_is_no_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not TOML"):
        load(edition(tmp_path, "id = "))


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="an edition is a folder"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["Small", "größe", "a/b", "a b", "..", "-a", "a-", "a--b"])
def test_an_id_is_part_of_addresses_and_file_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="lower-case letters, digits and hyphens between"):
        load(edition(tmp_path, GOOD.replace('id = "small"', f'id = "{name}"')))
