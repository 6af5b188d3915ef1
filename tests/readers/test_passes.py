"""Two looks at every file: the same records whatever the number of processes, and whatever the cache remembers."""

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import lod
from lod import config, mapping, readers
from lod.cache import Cache
from lod.cli import app
from lod.model import Letter
from lod.parallel import Crew
from lod.readers import cache as kept
from lod.readers import passes
from lod.readers.telling import tell
from lod.report import Report
from tests.readers.test_identities import TOML

SOURCES = """[[source]]
files = "letters*.xml"
format = "cmif"

[[source]]
files = "texts/*.xml"
format = "tei"

[[source]]
file = "rows.csv"
format = "table"

[[source]]
files = "registers*.xml"
format = "registers"
"""
NAMES = ("Ash", "b Ash", "Ben", "N.N.", "Clara and Ben Coal", "Dora")
POINTERS = ("#anna", "#ben", "https://d-nb.info/gnd/118609807", "http://viaf.org/viaf/15798950", "x:anna", "#nobody")
Files = dict[str, str]


def letter(rng: random.Random, key: str) -> str:
    """A letter with what makes files depend on each other: pointers, several at once, bare names, replies."""
    pointers = " ".join(rng.sample(POINTERS, rng.choice((0, 1, 1, 2))))
    name = (
        f'<persName ref="{pointers}">{rng.choice(NAMES)}</persName>'
        if pointers
        else f"<persName>{rng.choice(NAMES)}</persName>"
    )
    reply = f"https://example.org/e/letter/{rng.randrange(12)}"
    return (
        f'<correspDesc{key and f" key={chr(34)}{key}{chr(34)}"} source="#book"><correspAction type="sent">{name}'
        f'<date when="19{rng.randrange(10, 60)}-01-{rng.randrange(10, 40)}"/></correspAction><correspAction type="received">'
        f"<persName>{rng.choice(NAMES)}</persName></correspAction>"
        f'<correspContext><ref type="reply-to" target="{reply}"/></correspContext><note><ref type="cmif:mentionsPerson" '
        f'target="#anna">{rng.choice(NAMES)}</ref></note></correspDesc>'
    )


def cmif(rng: random.Random) -> str:
    letters = "\n".join(letter(rng, rng.choice(("", str(rng.randrange(12)), str(rng.randrange(12))))) for _ in range(4))
    return (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><sourceDesc><bibl xml:id="book">A book</bibl></sourceDesc>'
        '</fileDesc><encodingDesc><prefixDef ident="x" matchPattern="(.+)" replacementPattern="#$1"/></encodingDesc>'
        f"<profileDesc>{letters}</profileDesc></teiHeader></TEI>"
    )


def text(rng: random.Random) -> str:
    entry = f'<standOff><listPerson><person xml:id="{rng.choice(("anna", "ben"))}"><persName>A</persName></person></listPerson></standOff>'
    return (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><sourceDesc><msDesc><msIdentifier><settlement>Rome</settlement>'
        f"<repository>Archive {rng.randrange(3)}</repository></msIdentifier></msDesc></sourceDesc></fileDesc>"
        f"<profileDesc>{letter(rng, '')}</profileDesc></teiHeader>"
        f'<text><body><p><persName ref="#ben">Benny</persName></p></body></text>{rng.choice(("", entry))}</TEI>'
    )


def register(rng: random.Random) -> str:
    people = "".join(
        f'<person xml:id="{key}"><persName>{key.title()}</persName><idno type="GND">1186{rng.choice(("09807", "09809"))}</idno></person>'
        for key in rng.sample(("anna", "ben", "clara"), 2)
    )
    relation = '<listRelation><relation name="spouse" mutual="#anna #ben"/></listRelation>'
    return f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><standOff><listPerson>{people}{relation}</listPerson></standOff></TEI>'


def table(rng: random.Random) -> str:
    return "key,sender,senderID,senderDate\n" + "".join(
        f"{rng.choice(('', rng.randrange(12)))},{rng.choice(NAMES)},,19{rng.randrange(10, 60)}\n" for _ in range(3)
    )


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "letters": cmif,
    "texts/": text,
    "rows": table,
    "registers": register,
}
ALL = (
    *(f"letters{n}.xml" for n in ("", "-b", "2", "3")),
    "texts/one.xml",
    "texts/two.xml",
    "rows.csv",
    "registers.xml",
    "registers2.xml",
)
ALWAYS = ("letters.xml", "texts/one.xml", "rows.csv", "registers.xml")


def made(name: str, rng: random.Random) -> str:
    return next(make for start, make in MAKERS.items() if name.startswith(start))(rng)


def edit(files: Files, rng: random.Random) -> None:
    """One thing that an editor may do: write, delete, break or mend a file, move lines, change a word."""
    name = rng.choice(ALL)
    old = files.get(name, "")
    kind = rng.choice(("new", "delete", "break", "lines", "word", "word"))
    if kind == "delete" and name not in ALWAYS:
        files.pop(name, None)
    elif kind == "break" and old:
        files[name] = old[: len(old) * 3 // 4]
    elif kind == "lines" and old.startswith("<TEI"):
        files[name] = "\n\n" + old
    elif kind == "word" and old:
        files[name] = old.replace(
            rng.choice(("Ash", "anna", "key=", "19", "Rome")), rng.choice(("Oak", "ben", "n=", "18", "Bonn")), 1
        )
    else:
        files[name] = made(name, rng)


def lay(folder: Path, files: Files) -> Path:
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    for name in ALL:
        (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "edition.toml").write_text(TOML.partition("[[source]]")[0] + SOURCES, encoding="utf-8")
    return folder


def told(folder: Path, *, crew: Crew | None = None, cache: Cache | None = None) -> str:
    """All that reading and mapping an edition comes to, as text."""
    report = Report()
    corpus = readers.read(config.load(folder), report, crew=crew, cache=cache)
    blocks = mapping.map_edition(corpus.edition, corpus.records, corpus.sources)
    parts = [
        [*corpus.records],
        [*report],
        [*corpus.told.items()],
        [*corpus.sources],
        [*corpus.keys.made()],
        [*blocks],
    ]
    return "\n".join(repr(each) for part in parts for each in part)


@pytest.mark.parametrize("seed", range(3))
def test_a_warm_run_says_what_a_cold_one_says(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    files = {name: made(name, rng) for name in ALL}
    cache = Cache(tmp_path / "cache")
    for _ in range(25):
        folder = lay(tmp_path / "edition", files)
        assert told(folder, cache=cache) == told(folder)
        edit(files, rng)


def test_records_come_again_and_in_the_order_of_the_sources(tmp_path: Path) -> None:
    rng = random.Random(6)
    corpus = readers.read(config.load(lay(tmp_path, {name: made(name, rng) for name in ALL})), Report())
    first, again = list(corpus.records), list(corpus.records)
    assert first == again
    assert len(corpus.records) == len(first)
    assert [record for record in first if isinstance(record, Letter)] == list(corpus.records.letters)
    assert tuple(record for record in first if not isinstance(record, Letter)) == corpus.records.others
    files = [record.source.file for record in first if isinstance(record, Letter)]
    assert list(dict.fromkeys(files)) == [source.file for source in corpus.edition.sources if source.file in files]
    assert all(record in corpus.records for record in first)


def test_processes_say_what_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "_WORTH_A_PROCESS", 0)
    with Crew(2) as crew:
        for seed in range(5):
            rng = random.Random(seed)
            folder = lay(tmp_path, {name: made(name, rng) for name in ALL})
            assert told(folder, crew=crew, cache=Cache(tmp_path / "cache")) == told(folder)


def test_only_the_changed_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(7)
    files = {name: made(name, rng) for name in ALL}
    folder, cache = lay(tmp_path / "edition", files), Cache(tmp_path / "cache")
    told(folder, cache=cache)
    read: list[str] = []
    monkeypatch.setattr(passes, "tell", lambda *given: read.append(given[1].source.file) or tell(*given))
    told(folder, cache=cache)
    assert read == []
    files["letters2.xml"] = "\n" + files["letters2.xml"].replace("A book", "Another book")
    told(lay(folder, files), cache=cache)
    assert read == ["letters2.xml"]


def test_a_file_is_read_again_when_another_answers_it_differently(tmp_path: Path) -> None:
    rng = random.Random(1)
    files = {name: made(name, rng) for name in ALL} | {"letters.xml": cmif(rng).replace("Dora", "Dora")}
    folder, cache = lay(tmp_path / "edition", files), Cache(tmp_path / "cache")
    first = told(folder, cache=cache)
    files["registers.xml"] = files["registers.xml"].replace('xml:id="anna"', 'xml:id="anne"').replace("#anna", "#anne")
    second = told(lay(folder, files), cache=cache)
    assert second == told(folder) != first


def test_damage_to_the_cache_is_no_damage(tmp_path: Path) -> None:
    rng = random.Random(2)
    folder, cache = lay(tmp_path / "edition", {name: made(name, rng) for name in ALL}), Cache(tmp_path / "cache")
    whole = told(folder, cache=cache)
    for number, file in enumerate(sorted(cache.folder.iterdir())):
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data if number % 3 else b"" if number % 2 else data[:40])
    assert told(folder, cache=cache) == whole
    (tmp_path / "no folder").write_text("a file")
    assert told(folder, cache=Cache(tmp_path / "no folder")) == whole


def test_what_others_can_write_is_not_loaded(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("key", "value", b"more")
    assert cache.get("key") == ("value", b"more")
    cache.folder.chmod(0o777)
    assert cache.get("key") is None


def test_entries_are_named_by_all_code_that_reads() -> None:
    """Every room below the readers is in the checksum, but for the one that only spreads work."""
    code = "import sys, lod.readers; print(*[each.__file__ for name, each in sys.modules.items() if name.startswith('lod.')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    house = Path(lod.__file__).parent
    counted = {file for pattern in kept._CODE for file in house.glob(pattern)}
    assert {Path(file) for file in found} - counted == {house / "parallel.py"}


def test_the_cache_stays_below_its_limit(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit=5000)
    rng = random.Random(3)
    for _ in range(3):
        told(lay(tmp_path / "edition", {name: made(name, rng) for name in ALL}), cache=cache)
        assert sum(file.stat().st_size for file in cache.folder.iterdir()) <= 5000


def test_lines_are_right_beyond_those_that_libxml_counts(tmp_path: Path) -> None:
    """A letter a line, from line 65,400 on; one that lies in another, one over several lines, one without namespace."""
    rng = random.Random(4)
    inner = (
        letter(rng, "inner")
        .replace("<correspDesc", "<correspDesc>\n<correspDesc")
        .replace("</correspDesc>", "</correspDesc></correspDesc>")
    )
    letters = [letter(rng, f"k{number}") for number in range(300)] + [
        inner,
        letter(rng, "last").replace("<note>", "\n\n<note>\n"),
    ]
    letters.append(letter(rng, "lost").replace("<correspDesc", '<correspDesc xmlns=""'))
    body = "\n" * 65_399 + "\n".join(letters)
    tail = "</profileDesc></teiHeader><text>\n<correspAction/></text></TEI>"
    lay(tmp_path, {name: made(name, rng) for name in ALWAYS})
    content = f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc>{body}{tail}'
    (tmp_path / "letters.xml").write_text(content, encoding="utf-8")
    lines = {}
    for number, line in enumerate(content.splitlines(), 1):
        for piece in line.split('key="')[1:]:
            lines[piece.partition('"')[0]] = number
    corpus = readers.read(config.load(tmp_path), Report())
    found = {
        record.key: record.source.line
        for record in corpus.records
        if isinstance(record, Letter)
        if record.source.file == "letters.xml"
    }
    assert {key: line for key, line in found.items() if key in lines} == lines


def test_the_command_keeps_what_it_reads_unless_told_not_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    rng = random.Random(5)
    folder = lay(tmp_path / "edition", {name: made(name, rng) for name in ALL})
    CliRunner().invoke(app, ["check", str(folder), "--fresh"])
    assert not (tmp_path / "user").exists()
    CliRunner().invoke(app, ["check", str(folder)])
    assert len(list((tmp_path / "user" / "lod").iterdir())) == 2 * len(ALL)
