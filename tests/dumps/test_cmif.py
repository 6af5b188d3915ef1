"""CMIF out of the graph equals CMIF in: as sets for each letter, with a comparison that shares no code with the readers."""

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lod import config, mapping, readers
from lod.dumps import cmif
from lod.report import Report
from tests.conftest import ROOT, shared

EDITIONS = ("norkorr", "qhod", "pec-cmif", "bahr-schnitzler", "megadigital", "catcor")
HEADER = cmif.Header(
    "Index",
    ("Editor",),
    "Publisher",
    "https://creativecommons.org/licenses/by/4.0/",
    "https://example.org/cmif.xml",
    "2020-01-31",
)
NOTHING = {"", "unknown", "unbekannt"}
Letter = dict[str, Any]


def identity(element: Any) -> frozenset[str] | str:
    """Whom a name means: the numbers of its addresses, the id of a local pointer, else the words."""
    found = set()
    for token in (element.get("ref") or "").split():
        match = re.search(r"(gnd|viaf|geonames\.org|wikidata\.org)\D*/(Q?[0-9X-]+)", token, re.IGNORECASE)
        found.add(f"{match[1].lower()[:4]}{match[2]}" if match else re.split(r"[#/]", token)[-1].lower())
    return frozenset(found) or " ".join("".join(element.itertext()).split())


def date(element: Any) -> tuple[str, ...]:
    """What a date means: kind of bounds, first and last day, doubt."""
    values = {name: re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", value[:10]) for name, value in element.attrib.items()}
    doubt = "low" if values.get("cert") in ("low", "unknown") else ""
    if "when" in values:
        return ("when", values["when"], "", doubt)
    if "from" in values or "to" in values:
        return ("from", values.get("from", ""), values.get("to", ""), doubt)
    start, end = values.get("notBefore", ""), values.get("notAfter", "")
    return ("when", start, "", doubt) if start == end else ("between", start, end, doubt)


def certainty(element: Any) -> str:
    return "low" if element.get("cert") in ("low", "unknown") else (element.get("evidence") or "")


def letters(root: Any) -> dict[str, Letter]:
    """Each letter by its address or key."""
    found = {}
    for element in root.iter("{*}correspDesc"):
        actions: dict[str, Any] = {}
        for action in element.iter("{*}correspAction"):
            parts: set[Any] = set()
            for child in action:
                name = etree.QName(child).localname if isinstance(child.tag, str) else ""
                said = " ".join("".join(child.itertext()).split()).lower() if name else ""
                if (name in ("persName", "orgName") and (said or child.get("ref"))) or (
                    name == "placeName" and (child.get("ref") or said not in NOTHING)
                ):
                    parts.add((name, identity(child), certainty(child)))
                elif name == "date" and len(child.attrib):
                    parts.add((name, date(child), "" if child.get("cert") else child.get("evidence") or ""))
            actions[action.get("type")] = parts
        refs = {
            (re.sub(r".*[:/#]", "", ref.get("type")), identity_of_target(ref), certainty(ref))
            for ref in element.iterfind("{*}note/{*}ref")
        }
        key = element.get("ref") or element.get("key")
        assert key not in found
        found[key] = {
            "key": element.get("key"),
            "actions": actions,
            "refs": refs,
            "source": bool(element.get("source")),
        }
    return found


def identity_of_target(ref: Any) -> frozenset[str]:
    copy = etree.Element(
        "name", ref=re.sub(r"^(cmif:|https://lod.academy/cmif/vocab/terms[#/])", "", ref.get("target")).lower()
    )
    found = identity(copy)
    return found if isinstance(found, frozenset) else frozenset((found,))


def out_of(folder: Path, *, strict: bool = False) -> Any:
    found = readers.read(config.load(folder), Report())
    blocks = tuple(mapping.map_edition(found.edition, found.records, found.sources))
    text = "".join(cmif.write(blocks, found.edition.base, HEADER, strict=strict))
    return found, etree.fromstring(text.encode())


def compare(given: dict[str, Letter], got: dict[str, Letter]) -> None:
    assert set(given) == set(got)
    for key, letter in given.items():
        if letter["key"]:
            assert got[key]["key"] == letter["key"]
        assert got[key]["actions"] == letter["actions"], key
        assert got[key]["refs"] == letter["refs"], key
        assert got[key]["source"] == letter["source"]


@pytest.mark.parametrize("name", EDITIONS)
def test_cmif_out_is_cmif_in(name: str) -> None:
    shared("corpora")
    found, out = out_of(ROOT / "tests" / "editions" / name)
    given: dict[str, Letter] = {}
    for source in found.edition.sources:
        given |= letters(etree.parse(found.edition.data / source.file).getroot())
    compare(given, letters(out))


@pytest.mark.parametrize("name", (*EDITIONS, "spener"))
def test_the_strict_form_is_valid(name: str) -> None:
    schema = etree.RelaxNG(etree.parse(shared("suites/cmif-schema/schema/cmi-customization.rng")))
    _, out = out_of(ROOT / "tests" / "editions" / name, strict=True)
    assert schema.validate(out), schema.error_log
    assert all(element.get("ref").startswith("https://example.org/") for element in out.iter("{*}correspDesc"))
