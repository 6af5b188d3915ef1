"""A large `teiCorpus` is read text by text, and what comes of it is what comes of it read at once."""

from pathlib import Path

import pytest

from lod import config, readers
from lod.model import Letter
from lod.readers import Corpus, parse, passes, split
from lod.readers.split import corpus_texts
from lod.report import Report, Source
from tests.readers.test_identities import TOML

HEADER = """<teiHeader><fileDesc><titleStmt><title>Letters &amp; more</title></titleStmt><publicationStmt><p/>
</publicationStmt><sourceDesc><listPerson><person xml:id="ash"><persName>Ash</persName></person></listPerson>
</sourceDesc></fileDesc><encodingDesc><listPrefixDef><prefixDef ident="psn" matchPattern="(.+)"
replacementPattern="#$1"/></listPrefixDef></encodingDesc></teiHeader>"""
STAND_OFF = """<standOff><listPerson><person xml:id="bee"><persName>Bee</persName></person></listPerson>
<listPlace><place xml:id="rome"><placeName>Rome</placeName></place></listPlace></standOff>"""
TEXT = """<TEI xml:id="t{0}"><teiHeader><fileDesc><titleStmt><title>{0}</title></titleStmt><sourceDesc><msDesc><msIdentifier>
<settlement>Oslo</settlement><repository>Library {1}</repository></msIdentifier></msDesc></sourceDesc></fileDesc><profileDesc>
<correspDesc><correspAction type="sent"><persName ref="#ash">Ash</persName><date when="1901-01-{0:02}"/></correspAction>
<correspAction type="received"><persName ref="psn:bee">B.</persName><placeName ref="#rome"/></correspAction></correspDesc>
</profileDesc></teiHeader><facsimile><graphic url="{0}.png"/></facsimile><text><body><p>To <persName ref="#cat{2}">Cat</persName>,
<rs ref="#nobody{1}">who?</rs></p></body></text><standOff><listPerson><person xml:id="cat{0}"><persName>Cat {0}</persName></person>
<listRelation><relation name="spouse" mutual="#ash #cat{0}"/><relation name="foes" mutual="#ash #bee"/></listRelation></listPerson>
</standOff></TEI>
"""
OPEN = '<teiCorpus xmlns="http://www.tei-c.org/ns/1.0" xml:base="https://example.org/images/">'


def texts(count: int) -> str:
    return "".join(TEXT.format(number, number % 3, number % count + 1) for number in range(1, count + 1))


def edition(folder: Path, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    settings = TOML.replace('"letters.xml"', '"corpus.xml"').replace('"cmif"', '"tei"')
    (folder / "edition.toml").write_text(settings, encoding="utf-8")
    (folder / "corpus.xml").write_bytes(content)
    return folder


def both(folder: Path, content: str | bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[Corpus, Report, bool]:
    """What is read text by text, whether it was, and that it is what is read at once."""
    data = content.encode() if isinstance(content, str) else content
    found = []
    for large in (1 << 40, 0):
        monkeypatch.setattr(split, "_LARGE", large)
        monkeypatch.setattr(passes, "_KEPT", 0)
        report = Report()
        corpus = readers.read(config.load(edition(folder, data)), report)
        found.append((corpus, report))
    (whole, told), (apart, also_told) = found
    assert list(apart.records) == list(whole.records)
    assert apart.sources == whole.sources
    assert dict(apart.told) == dict(whole.told)
    assert list(also_told) == list(told)
    try:
        return apart, also_told, corpus_texts(folder, "corpus.xml") is not None
    except parse.SourceError:
        return apart, also_told, True


def letters(corpus: Corpus) -> list[Letter]:
    return [each for each in corpus.records if isinstance(each, Letter)]


def test_texts_come_one_by_one_with_what_the_corpus_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, report, apart = both(tmp_path, OPEN + HEADER + STAND_OFF + texts(9) + "</teiCorpus>", monkeypatch)
    assert apart
    found = letters(corpus)
    assert [each.key for each in found] == [f"t{number}" for number in range(1, 10)]
    assert found[3].sent.agents[0].target == "person/ash"
    assert found[3].received.agents[0].target == "person/bee"
    assert found[3].received.places[0].target == "place/rome"
    assert found[3].images == ("https://example.org/images/4.png",)
    assert found[3].mentions[0].target == "person/cat5"
    assert corpus.sources[0].title == "Letters & more"
    assert sum(each.code == "relation-unknown" for each in report) == 9


@pytest.mark.parametrize(
    "content",
    [
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{OPEN}<!-- <TEI> -->{texts(3)}</teiCorpus><!-- é -->'.encode("latin-1"),
        (OPEN + HEADER + "<![CDATA[<TEI>]]>" + texts(3) + "</teiCorpus>\n").encode("utf-8-sig"),
        OPEN + texts(2).replace("<TEI ", '<TEI xmlns="" ') + STAND_OFF + texts(1).replace("t1", "u1") + "</teiCorpus>",
        (OPEN + HEADER + texts(2) + "</teiCorpus>").replace("\n", "\r\n"),
        '<t:teiCorpus xmlns:t="http://www.tei-c.org/ns/1.0">'
        + texts(2).replace("</", "</t:").replace("<", "<t:").replace("<t:/t:", "</t:")
        + "</t:teiCorpus>",
    ],
    ids=["latin", "mark", "reset", "returns", "prefix"],
)  # fmt: skip
def test_a_corpus_in_any_dress(content: str | bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, _, apart = both(tmp_path, content, monkeypatch)
    assert apart
    assert len(letters(corpus)) >= 2


DESCRIPTION = '<correspDesc><correspAction type="sent"><persName>Dee</persName></correspAction></correspDesc>'


@pytest.mark.parametrize(
    "content",
    [
        OPEN + HEADER.replace("</teiHeader>", f"<profileDesc>{DESCRIPTION}</profileDesc></teiHeader>") + texts(2) + "</teiCorpus>",
        OPEN + HEADER + f"<teiCorpus>{HEADER.replace('ash', 'elm')}{texts(2)}</teiCorpus></teiCorpus>",
        OPEN + texts(2) + texts(1) + "</teiCorpus>",
        OPEN + texts(2) + "</teiCorpus",
        "<!DOCTYPE teiCorpus>" + OPEN + texts(2) + "</teiCorpus>",
        (OPEN + texts(2) + "</teiCorpus>").encode("utf-16"),
        OPEN + HEADER + "</teiCorpus>",
        texts(1).replace("<TEI ", '<TEI xmlns="http://www.tei-c.org/ns/1.0" '),
    ],
    ids=["described-outside", "corpus-in-corpus", "id-twice", "ill-formed", "doctype", "two-bytes", "no-texts", "one-text"],
)  # fmt: skip
def test_what_cannot_be_taken_apart_is_read_at_once(
    content: str | bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not both(tmp_path, content, monkeypatch)[2]


def test_a_fault_in_one_text_is_told_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = OPEN + texts(3).replace('<facsimile><graphic url="2', '<x:facsimile/><facsimile><graphic url="2')
    _, report, _ = both(tmp_path, content + "</teiCorpus>", monkeypatch)
    assert [each.source.line for each in report if each.code == "file-unreadable"] == [13]


def test_lines_are_right_as_far_as_the_file_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = OPEN + "\n" * 65_520 + texts(2) + "\n" * 30_000 + texts(3).partition("</TEI>\n" * 1)[2] + "</teiCorpus>"
    content = content.replace('xml:id="t2"', 'xml:id="s2"', 1).replace('xml:id="cat2"', 'xml:id="dog2"', 1)
    corpus, _, apart = both(tmp_path, content, monkeypatch)
    assert apart
    for key in ("t1", "s2", "t2", "t3"):
        line = 1 + content[: content.index("<correspDesc", content.index(f'xml:id="{key}"'))].count("\n")
        assert corpus.told[f"letter/{key}"] == Source("corpus.xml", line)
        assert next(each for each in letters(corpus) if each.key == key).source.line == line


def test_no_more_than_a_text_is_parsed_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    parsed = parse._parsed

    def watched(data: bytes, name: str, *, recover: bool) -> parse.Element:
        sizes.append(len(data))
        return parsed(data, name, recover=recover)

    monkeypatch.setattr(parse, "_parsed", watched)
    monkeypatch.setattr(split, "_LARGE", 1 << 14)
    monkeypatch.setattr(passes, "_KEPT", 0)
    content = (OPEN + HEADER + texts(30) + "</teiCorpus>").encode()
    corpus = readers.read(config.load(edition(tmp_path, content)), Report())
    assert len(letters(corpus)) == 30
    assert max(sizes) < len(content) / 10
