"""Small TEI editions for the tests of the readers."""

from pathlib import Path
from typing import TypeVar

from lod import config, readers
from lod.model import Letter, Organisation, Person, Place
from lod.readers import Corpus
from lod.report import Finding, Report
from tests.readers.test_identities import TOML

T = TypeVar("T", Person, Organisation, Place)
SENT = '<correspAction type="sent"><persName>Anna</persName></correspAction>'


def edition(folder: Path, texts: dict[str, str], registers: dict[str, str] | None = None) -> Path:
    """An edition of the TEI files `texts` (content of the `TEI` element) and register files (content of `body`)."""
    toml = TOML.partition("[[source]]")[0]
    for name, content in texts.items():
        (folder / name).write_text(f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{content}</TEI>', encoding="utf-8")
        toml += f'[[source]]\nfile = "{name}"\nformat = "tei"\n'
    for name, content in (registers or {}).items():
        text = f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>\n{content}\n</body></text></TEI>'
        (folder / name).write_text(text, encoding="utf-8")
        toml += f'[[source]]\nfile = "{name}"\nformat = "registers"\n'
    (folder / "edition.toml").write_text(toml, encoding="utf-8")
    return folder


def text(description: str = SENT, *, header: str = "", body: str = "", key: str = "1") -> str:
    """A letter's file: what stands in `correspDesc`, more of the header, the body."""
    described = f'<profileDesc><correspDesc key="{key}">{description}</correspDesc></profileDesc>'
    return f"<teiHeader>{header}{described}</teiHeader><text><body>{body}</body></text>"


def read(folder: Path) -> tuple[Corpus, list[Finding]]:
    """The edition, and what was found."""
    report = Report()
    return readers.read(config.load(folder), report), list(report)


def codes(findings: list[Finding]) -> list[str]:
    """The codes of findings, in order of arrival."""
    return [finding.code for finding in findings]


def letter(corpus: Corpus, key: str = "1") -> Letter:
    """The letter with a key."""
    return next(each for each in corpus.records if isinstance(each, Letter) and each.key == key)


def entry(corpus: Corpus, kind: type[T], key: str) -> T:
    """The entry with a key."""
    return next(each for each in corpus.records if isinstance(each, kind) and each.key == key)
