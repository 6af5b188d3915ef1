"""`CITATION.cff` is valid, and says what the package and the shipped edition say of themselves."""

import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from lod import config
from tests.conftest import ROOT, checker

FILE = ROOT / "CITATION.cff"


def valid(file: Path) -> bool:
    """True when cffconvert finds it to be of the version of the format that it names."""
    asked = [str(checker("cffconvert")), "--validate", "--infile", str(file)]
    return subprocess.run(asked, capture_output=True, timeout=60).returncode == 0


def test_it_is_a_citation_file() -> None:
    assert valid(FILE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cff-version: 1.2.0", "cff-version: 9.9.9"),
        ("message:", "massage:"),
        ("license: MIT", "license: as you like"),
        ("type: data", "type: dates"),
        ("url: https://w3id.org", "url: w3id.org"),
    ],
)
def test_what_is_no_citation_file_is_found(tmp_path: Path, old: str, new: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    broken = tmp_path / "CITATION.cff"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    assert not valid(broken)


def test_it_says_what_the_package_and_the_edition_say() -> None:
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    edition = config.load(ROOT / "corpus" / "serge-trotsky")
    assert said["version"] == project["version"]
    assert said["title"].startswith(f"{project['name']}:")
    (data,) = said["references"]
    assert (data["title"], data["url"]) == (edition.title["en"], edition.base)
    assert data["license"] == "CC0-1.0" and "publicdomain/zero/1.0" in edition.licence
