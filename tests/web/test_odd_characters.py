"""Characters that no XML document can hold: whatever is XML is well-formed or refused, the other formats keep them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from serving import Served, published, serving

from lod import config, withdrawn
from lod.dumps import rdfxml
from lod.errors import ConfigError, FormatError
from lod.formats import fits_xml, xml_words
from lod.store import Limits
from lod.terms import iri, text
from lod.web import Published

ODD = ("\x01", "\x0b", "\x1f", "\ufffe", "\uffff")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("odd")
    entry = published(folder)
    file = folder / "dumps" / "harbour.ttl"
    said = file.read_text(encoding="utf-8")
    escaped = "".join(f"\\u{ord(character):04X}" for character in ODD)
    spoilt = said.replace('Ida Berg"', f'Ida Be{escaped}rg"')
    assert spoilt != said
    file.write_text(spoilt, encoding="utf-8")
    with serving([Published(entry.edition, folder / "dumps")], limits=Limits(seconds=5)) as served:
        yield served


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "html"])
def test_other_formats_keep_them(site: Served, suffix: str) -> None:
    assert site.get(f"/person/berg.{suffix}").status_code == 200


def test_a_document_is_no_rdf_xml_then(site: Served) -> None:
    for answer in (site.get("/person/berg.rdf"), site.get("/person/berg.rdf", headers={"Accept": "text/turtle"})):
        assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
        assert "control characters" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        "/oai?verb=ListRecords&metadataPrefix=rdf",
        "/oai?verb=GetRecord&metadataPrefix=rdf&identifier=https://example.org/harbour/person/berg",
        "/cmif.xml",
        "/network.svg",
        "/timeline.svg",
        "/sitemap.xml",
    ],
)
def test_xml_is_well_formed(site: Served, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 200, answer.text[:300]
    etree.fromstring(answer.content)


def test_the_name_is_told_with_signs_in_their_place(site: Served) -> None:
    answer = site.get("/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=https://example.org/harbour/person/berg")
    assert f"Ida Be{chr(0xFFFD) * len(ODD)}rg" in answer.content.decode()


def test_results_in_xml_are_refused(site: Served) -> None:
    query = "SELECT ?name { <person/berg> <https://schema.org/name> ?name }"
    assert site.sparql(query, "application/sparql-results+xml").status_code == 406
    assert "\x01" in site.sparql(query).json()["results"]["bindings"][0]["name"]["value"]
    assert site.sparql("DESCRIBE <person/berg>", "application/rdf+xml").status_code == 406


@pytest.mark.parametrize("character", ODD)
def test_what_xml_cannot_hold_is_known(character: str) -> None:
    assert not fits_xml(f"a{character}b".encode()) and xml_words(f"a{character}b") == "a\ufffdb"
    triple = (iri("http://x/a"), iri("http://x/p"), text(f"a{character}b"))
    with pytest.raises(FormatError):
        list(rdfxml.write([[triple]], "http://x/"))


def test_what_it_can_hold_passes() -> None:
    for words in ("a\tb\nc\rd", "\x7f\x85", "\U0001f600", "\ufffd\uffee", "Ида"):
        assert fits_xml(words.encode()) and xml_words(words) == words


def test_settings_hold_none(tmp_path: Path) -> None:
    (tmp_path / "edition.toml").write_text('id = "x"\ntitle = { en = "a\\u0001" }\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="'title' holds a control character"):
        config.load(tmp_path)


def test_reasons_hold_none(tmp_path: Path) -> None:
    (tmp_path / "withdrawn.tsv").write_text("https://example.org/person/x\t2024-01-02\ta\x01b\t\n", encoding="utf-8")
    (row,) = withdrawn.read(tmp_path, "https://example.org/").values()
    assert row.reason == "a\ufffdb"
