"""A letter's page, TEI file, pictures and abstract come along when they are given: small cases, and every real edition."""

from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import etree

from lod.model import Letter
from lod.terms import iri
from lod.vocab import schema
from tests.readers import tei
from tests.readers.test_corpora import LETTERS, corpus

XML = "{http://www.w3.org/XML/1998/namespace}"
NAMES = {"t": "http://www.tei-c.org/ns/1.0"}
PAGE, FILE, MANIFEST = (f"https://example.org/edition/{name}" for name in ("1.html", "1.xml", "1/manifest.json"))


def published(content: str) -> str:
    return f"<fileDesc><publicationStmt>{content}</publicationStmt></fileDesc>"


def read(folder: Path, text: str) -> Letter:
    found, findings = tei.read(tei.edition(folder, {"one.xml": text}))
    assert findings == []
    return tei.letter(found)


@pytest.mark.parametrize(
    ("content", "url", "files", "images", "elsewhere"),
    [
        (f'<idno type="URL">{PAGE}</idno>', PAGE, (), (), ()),
        (f"<idno>{FILE}</idno>", "", (FILE,), (), ()),
        (f'<idno type="tei">https://example.org/1</idno><ptr target="{PAGE}"/>', PAGE, ("https://example.org/1",), (), ()),
        (f'<idno type="IIIF">https://example.org/i/1</idno><ref target="{MANIFEST}"/>', "", (), ("https://example.org/i/1", MANIFEST), ()),
        (f'<idno type="handle">https://hdl.handle.net/1</idno><idno type="url">{PAGE}</idno>', PAGE, (), (), ("https://hdl.handle.net/1",)),
        (f'<idno type="PID">11/22</idno><p><ref target="{PAGE}">here</ref></p>', PAGE, (), (), ()),
        ('<availability><licence><ref target="https://example.org/m"/></licence></availability>', "", (), (), ()),
    ],
)  # fmt: skip
def test_what_the_publication_statement_gives(
    tmp_path: Path, content: str, url: str, files: tuple[str, ...], images: tuple[str, ...], elsewhere: tuple[str, ...]
) -> None:
    letter = read(tmp_path, tei.text(header=published(content)))
    assert (letter.url, letter.tei, letter.images, letter.same_as) == (url, files, images, elsewhere)


def test_the_description_s_own_address_goes_first(tmp_path: Path) -> None:
    text = tei.text(header=published(f"<idno>{PAGE}</idno>"))
    letter = read(tmp_path, text.replace('key="1"', 'key="1" ref="https://example.org/index/1"'))
    assert (letter.url, letter.same_as) == ("https://example.org/index/1", (PAGE,))


def test_pictures_from_facsimile_page_breaks_and_surrogates(tmp_path: Path) -> None:
    surrogates = (
        "<fileDesc><sourceDesc><msDesc><msIdentifier><repository>Archive</repository>"
        "<idno>A 1</idno><idno>https://archive.example/a1</idno></msIdentifier><additional><surrogates>"
        '<p><ref target="https://archive.example/scan">scan</ref></p></surrogates></additional></msDesc></sourceDesc></fileDesc>'
    )
    body = '<pb facs="https://example.org/p1"/><pb facs="#s1"/><p>Text<pb facs="p2.jpg"/></p>'
    facsimile = f'<facsimile sameAs="{MANIFEST}"><surface xml:id="s1"><graphic url="https://example.org/g1"/></surface></facsimile>'
    text = tei.text(header=surrogates, body=body).replace(
        "<text>", f'{facsimile}<text xml:base="https://files.example/x/">'
    )
    letter = read(tmp_path, text)
    assert letter.images == (
        MANIFEST,
        "https://archive.example/scan",
        "https://example.org/g1",
        "https://example.org/p1",
        "https://files.example/x/p2.jpg",
    )
    assert [carrier.shelfmark for carrier in letter.carriers] == ["A 1"]
    assert letter.same_as == ("https://archive.example/a1",)


def test_abstracts_in_their_languages(tmp_path: Path) -> None:
    content = '<abstract xml:lang="en"><p>In short.</p></abstract><abstract xml:lang="de"><p>Kurz.</p></abstract>'
    letter = read(tmp_path, tei.text().replace("<profileDesc>", f"<profileDesc>{content}"))
    assert letter.abstract == (("In short.", "en"), ("Kurz.", "de"))


def address(element: etree._Element, given: str) -> str:
    """A value as an address, by XML Base; `""` when it is none."""
    bases = [str(up.get(f"{XML}base")) for up in (element, *element.iterancestors()) if up.get(f"{XML}base")]
    full = urljoin(bases[0], given) if bases and not given.startswith("#") else given
    return full if full.startswith("http") else ""


@pytest.mark.parametrize("name", LETTERS)
def test_every_address_of_a_real_edition_comes_along(name: str) -> None:
    """Pages, files, pictures and abstracts, taken from the sources by XPath, are what the graph says of the letters."""
    found, blocks = corpus(name).corpus, corpus(name).blocks
    pages: set[str] = set()
    pictures: set[str] = set()
    abstracts = 0
    for source in found.edition.sources:
        if source.format == "registers":
            continue
        root = etree.parse(found.edition.data / source.file).getroot()
        described = list(root.iter("{*}correspDesc"))
        if source.format == "cmif":
            pages |= {ref for each in described if "://" in (ref := each.get("ref") or "")}
        elif described:
            told = [str(text).strip() for text in root.xpath("//t:publicationStmt/t:idno/text()", namespaces=NAMES)]  # type: ignore[union-attr]
            pages |= {text for text in told if text.startswith("http")}
            for path, attribute in (("//t:facsimile//t:graphic", "url"), ("//t:text//t:pb", "facs")):
                elements = root.xpath(path, namespaces=NAMES)
                pictures |= {address(each, given) for each in elements for given in (each.get(attribute) or "").split()}  # type: ignore[union-attr]
            abstracts += len(root.xpath("//t:profileDesc/t:abstract[normalize-space()]", namespaces=NAMES))  # type: ignore[arg-type]
    said = [triple for path, triples in blocks if path.startswith("letter/") for triple in triples]
    assert {node for _, predicate, node in said if predicate == schema.url} == {iri(page) for page in pages}
    assert {node for _, predicate, node in said if predicate == schema.associatedMedia} == {
        iri(picture) for picture in pictures if picture
    }
    letters = [record for record in found.records if isinstance(record, Letter)]
    assert sum(len(letter.abstract) for letter in letters) == abstracts
    assert bool(pages) == (name not in ("pec", "tillich"))
    assert bool(pictures - {""}) == (name in ("amp", "schnitzler-briefe"))
