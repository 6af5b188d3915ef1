"""Several letters in a TEI file: what of it is whose, and what nobody can tell."""

from pathlib import Path

import pytest

from lod import build, readers
from lod.model import Letter
from lod.report import Finding, Level
from tests.readers import tei


def description(number: int) -> str:
    return f'<correspDesc xml:id="d{number}" key="{number}">{tei.SENT}</correspDesc>'


def published(name: str) -> str:
    return f"""<publicationStmt><idno type="url">https://example.com/{name}</idno>
      <idno type="tei">https://example.com/{name}.xml</idno></publicationStmt>"""


def header(name: str, described: str, manuscripts: str = "") -> str:
    file = f"<fileDesc>{published(name)}<sourceDesc>{manuscripts}</sourceDesc></fileDesc>"
    return f"<teiHeader>{file}<profileDesc>{described}</profileDesc></teiHeader>"


def manuscript(number: int, attributes: str = "") -> str:
    return f"<msDesc {attributes}><msIdentifier><repository>Archive</repository><idno>{number}</idno></msIdentifier></msDesc>"


def page(number: int) -> str:
    return f'<pb facs="https://example.com/{number}.jpg"/>'


def corpus_of(folder: Path, content: str) -> tuple[readers.Corpus, list[Finding]]:
    """The edition of a `teiCorpus`."""
    edition = tei.edition(folder, {"one.xml": ""})
    (edition / "one.xml").write_text(f'<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">{content}</teiCorpus>', "utf-8")
    return tei.read(edition)


def told(letter: Letter) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Page, TEI files, pictures, shelf marks."""
    return letter.url, letter.tei, letter.images, tuple(carrier.shelfmark for carrier in letter.carriers)


def own(number: int) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    address = f"https://example.com/{number}"
    return address, (f"{address}.xml",), (f"{address}.jpg",), (str(number),)


def text(number: int, attributes: str = "") -> str:
    return f"<text {attributes}><body><p>{page(number)}</p></body></text>"


def test_each_text_of_a_corpus_has_its_own_header(tmp_path: Path) -> None:
    texts = [f"<TEI>{header(str(n), description(n), manuscript(n))}{text(n)}</TEI>" for n in (1, 2)]
    corpus, findings = corpus_of(tmp_path, header("corpus", "") + "".join(texts))
    assert [told(tei.letter(corpus, str(n))) for n in (1, 2)] == [own(1), own(2)]
    assert findings == []


def test_a_text_may_declare_a_letter_of_the_corpus(tmp_path: Path) -> None:
    """Both are described in the corpus's header; each text points back to its description."""
    numbers = (1, 2)
    texts = [f"<TEI>{header(str(n), '', manuscript(n))}" + text(n, f'decls="#d{n}"') + "</TEI>" for n in numbers]
    corpus, findings = corpus_of(tmp_path, header("corpus", "".join(map(description, numbers))) + "".join(texts))
    assert [told(tei.letter(corpus, str(n))) for n in numbers] == [own(1), own(2)]
    assert findings == []


def test_a_letter_of_a_corpus_that_no_text_declares_has_nothing_of_its_header(tmp_path: Path) -> None:
    texts = [f"<TEI>{header(str(n), '')}{text(n)}</TEI>" for n in (1, 2)]
    corpus, findings = corpus_of(tmp_path, header("corpus", description(1)) + "".join(texts))
    assert told(tei.letter(corpus)) == ("", (), (), ())
    assert tei.codes(findings) == ["text-unclear", "header-shared"]


def two_in_one(folder: Path, parts: str, manuscripts: str = "", more: str = "") -> tuple[readers.Corpus, list[Finding]]:
    """Two letters under one header."""
    content = header("both", description(1) + description(2), manuscripts) + more
    return tei.read(tei.edition(folder, {"one.xml": f"{content}<text>{parts}</text>"}))


def divisions(first: str = "", second: str = "") -> str:
    return f'<body><div decls="#d1 {first}" xml:lang="de">{page(1)}</div><div decls="#d2 {second}" xml:lang="fr">{page(2)}</div></body>'


def test_what_a_part_declares_is_its_letters(tmp_path: Path) -> None:
    manuscripts = manuscript(1, 'xml:id="m1"') + manuscript(2, 'xml:id="m2"')
    corpus, findings = two_in_one(tmp_path, divisions("#m1", "#m2"), manuscripts)
    letters = [tei.letter(corpus, str(n)) for n in (1, 2)]
    assert [told(letter)[2:] for letter in letters] == [own(1)[2:], own(2)[2:]]
    assert [letter.languages for letter in letters] == [("de",), ("fr",)]
    assert [(letter.url, letter.tei) for letter in letters] == [("", ())] * 2
    (finding,) = findings
    assert (finding.level, finding.code, finding.key) == (Level.WARNING, "header-shared", "letter/1")
    assert finding.message.endswith("is not said: its page, TEI files")
    assert [each for each in build.examine(tmp_path).report if each.level is Level.ERROR] == []


def test_what_no_part_declares_is_nobodys_and_told_once(tmp_path: Path) -> None:
    corpus, findings = two_in_one(tmp_path, divisions(), manuscript(1, 'xml:id="m1"') + manuscript(2))
    assert [tei.letter(corpus, str(n)).carriers for n in (1, 2)] == [(), ()]
    (finding,) = findings
    assert finding.message.endswith("is not said: its page, TEI files, manuscripts")


def test_texts_of_a_group_have_their_own_pictures(tmp_path: Path) -> None:
    facsimile = "".join(
        f'<surface xml:id="s{n}"><graphic url="https://example.com/{n}.jpg"/></surface>' for n in (1, 2)
    )
    texts = "".join(f'<text decls="#d{n}"><body><pb facs="#s{n}"/><p>…</p></body></text>' for n in (1, 2))
    corpus, _ = two_in_one(tmp_path, f"<group>{texts}</group>", more=f"<facsimile>{facsimile}</facsimile>")
    assert [tei.letter(corpus, str(n)).images for n in (1, 2)] == [own(1)[2], own(2)[2]]


@pytest.mark.parametrize("parts", ["<body/>", "<body><div decls='#d1'/></body>"])
def test_a_letter_without_a_part_is_told(tmp_path: Path, parts: str) -> None:
    _, findings = two_in_one(tmp_path, parts)
    assert "text-unclear" in tei.codes(findings)
