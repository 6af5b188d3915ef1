"""`lod new`: look at a folder and write an `edition.toml` that reads what is there.

What a file holds is looked up in it, not guessed from its name: letters as CMIF, letters as TEI, registers, tables.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lod import authorities
from lod.config import SourceFile
from lod.errors import LodError, SourceError
from lod.readers import cells, table
from lod.readers.parse import TEI, Element, namespaced, open_file, parse_file

_ENTRIES = ("person", "org", "place", "event", "bibl", "biblStruct")
_LISTS = tuple(f"{TEI}{name}" for name in ("listPerson", "listOrg", "listPlace", "listEvent", "listBibl"))
_TABLES = (".csv", ".tsv", ".tab", ".xlsx")
_SKIP = ("out", "dumps", "node_modules")
_TITLES = {
    'titleStmt/title[@level="s"]': "titleStmt/title",
    "seriesStmt/title": "seriesStmt/title",
    "titleStmt/title": "titleStmt/title",
    "editionStmt/edition": "editionStmt/edition",
}
"""Where the title of an edition may stand in the header of its files, best first, and the path there."""
_FEWEST = 4
"""An `edition` of fewer words is a number or a version, no title."""


@dataclass(slots=True)
class Look:
    """What was seen in one file: its format for `edition.toml` (`""`: nothing to read), counts, how things are identified."""

    file: str
    format: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    pointers: Counter[str] = field(default_factory=Counter)
    titles: tuple[tuple[str, str], ...] = ()
    """Where in the header a title stands (one of `_TITLES`), and its words."""
    licence: str = ""
    publisher: str = ""
    language: str = ""
    columns: tuple[str, ...] = ()
    trouble: str = ""


def look(folder: Path) -> list[Look]:
    """Every XML file and table below a folder. `LodError` when there is none."""
    files = [
        file
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in (".xml", *_TABLES) and file.is_file() and not _hidden(file.relative_to(folder))
    ]
    if not files:
        kinds = Counter(file.suffix or "no suffix" for file in folder.rglob("*") if file.is_file())
        found = ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common(5)) or "nothing"
        raise LodError(f"{folder}: no XML file and no table in it, but {found}")
    return [_look(folder, file.relative_to(folder).as_posix()) for file in files]


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in _SKIP for part in path.parts)


def _look(folder: Path, name: str) -> Look:
    found = Look(name)
    try:
        if name.lower().endswith(_TABLES):
            _look_at_table(folder, found)
        else:
            _look_at_xml(parse_file(folder, name), found)
    except SourceError as error:
        found.trouble = f"{error.message} (line {error.line})" if error.line else error.message
    return found


def _look_at_xml(root: Element, found: Look) -> None:
    namespaced(root)
    for name in ("correspDesc", *_ENTRIES):
        found.counts[name] = sum(1 for _ in root.iter(f"{TEI}{name}"))
    letters = found.counts["correspDesc"]
    text = root.find(f"{TEI}text")
    body = len("".join(text.itertext()).strip()) if text is not None else 0
    listed = any(True for _ in root.iter(*_LISTS))
    if letters:
        corpus = root.tag == f"{TEI}teiCorpus" or any(True for _ in root.iterfind(f"{TEI}TEI"))
        found.format = "tei" if corpus or body > 20 * letters or listed else "cmif"
    elif listed and any(found.counts[name] for name in _ENTRIES):
        found.format = "registers"
    for element in root.iter(f"{TEI}persName", f"{TEI}orgName", f"{TEI}placeName", f"{TEI}rs"):
        for attribute in ("ref", "key", "corresp"):
            for token in (element.get(attribute) or "").split():
                found.pointers[_sort(attribute, token)] += 1
    header = f"{TEI}teiHeader/{TEI}fileDesc"
    found.titles = tuple(_titles(root, header))
    published = f"{header}/{TEI}publicationStmt"
    found.publisher = _words(root.find(f"{published}/{TEI}publisher")) or _words(
        root.find(f"{published}/{TEI}authority")
    )
    licence = root.find(f"{published}/{TEI}availability/{TEI}licence")
    found.licence = (licence.get("target") or "") if licence is not None else ""
    language = next(root.iter(f"{TEI}language"), None)
    found.language = (language.get("ident") or "") if language is not None else ""


def _titles(root: Element, header: str) -> Iterator[tuple[str, str]]:
    """What a header calls its file and what that belongs to."""
    for where, path in _TITLES.items():
        series = "@level" in where
        for element in root.iterfind("/".join([header, *(f"{TEI}{name}" for name in path.split("/"))])):
            words = _words(element)
            named = element.get("type") in (None, "main") and (not series or element.get("level") == "s")
            if words and named and (where != "editionStmt/edition" or len(words.split()) >= _FEWEST):
                yield where, words


def _look_at_table(folder: Path, found: Look) -> None:
    source = SourceFile(found.file, "table")
    with open_file(folder, found.file) as stream:
        first = next(iter(cells.rows(stream, source)), None)
    found.columns = tuple(first.cells) if first else ()
    if any(column in table.LETTERS[5:] for column in found.columns):
        found.format = "table"


def _sort(attribute: str, token: str) -> str:
    known = authorities.recognise(token)
    if known:
        return f"@{attribute} with {known[0].upper()}"
    return (
        f"@{attribute} with other addresses" if authorities.is_address(token) else f"@{attribute} with ids of your own"
    )


def _words(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def toml(folder: Path, looks: list[Look]) -> str:
    """An `edition.toml` with comments on what was found. `LodError` when no file holds letters."""
    telling = [each for each in looks if each.format]
    if not any(each.format in ("cmif", "tei", "table") for each in telling):
        seen = Counter(each.trouble or each.format or "no letters" for each in looks)
        told = ", ".join(f"{number} × {what}" for what, number in seen.most_common(3))
        raise LodError(f"{folder}: no letters in {len(looks)} files ({told})")
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "edition"
    letters = [each for each in telling if each.format != "registers"]
    language, publisher, licence = (
        _commonest(getattr(each, said) for each in letters) for said in ("language", "publisher", "licence")
    )
    language = (language or "en").lower()
    title, where = _title(folder, letters)
    lines = [
        "# Written by `lod new` from what lies here. Go through it; every line may be changed.",
        f'id = "{name}"',
        f'base = "https://example.org/{name}/"  # where your IRIs begin: an address you can keep for ever',
        f"title = {{ {language[:2]} = {_quoted(title)} }}  # {where}",
        f"description = {{ {language[:2]} = {_quoted(title)} }}",
        f'languages = ["{language[:2]}"]  # of the labels and notes',
        f"editors = [{_quoted(publisher or 'Name the editors')}]",
        f"publisher = {_quoted(publisher or 'Name the publisher')}",
        f"licence = {_quoted(licence or 'https://creativecommons.org/licenses/by/4.0/')}  # of the data you publish",
        'rights = "Say what may be done with the edition itself"',
    ]
    for form in ("cmif", "tei", "table", "registers"):
        for pattern, several in _patterns(telling, form):
            lines += ["", *_comments(several), "[[source]]", pattern, f'format = "{form}"']
            if form == "table":
                lines += [f"# other names of columns: columns = {{ sender = … }}; known are {', '.join(table.LETTERS)}"]
    rest = [each for each in looks if not each.format]
    if rest:
        lines += ["", "# Not read:"]
        lines += [f"#   {each.file}: {each.trouble or 'no letters and no registers'}" for each in rest[:20]]
        lines += [f"#   … and {len(rest) - 20} more"] if len(rest) > 20 else []
    return "\n".join(lines) + "\n"


def _title(folder: Path, letters: list[Look]) -> tuple[str, str]:
    """What the edition is called, and where that comes from: words that most files with letters have, else the folder's name."""
    for where in _TITLES:
        counted = Counter(words for each in letters for words in {words for at, words in each.titles if at == where})
        words, count = counted.most_common(1)[0] if counted else ("", 0)
        if count * 2 > len(letters):
            files = letters[0].file if len(letters) == 1 else f"{count} of {len(letters)} files with letters"
            return words, f"{where} of {files}"
    name = " ".join(re.findall(r"[^\W_]+", folder.resolve().name)) or "Letters"
    return name[0].upper() + name[1:], "the folder's name: most files with letters have no title in common"


def _commonest(said: Iterable[str]) -> str:
    """What is said most often, `""` when nothing is."""
    return next((words for words, _ in Counter(filter(None, said)).most_common(1)), "")


def _patterns(looks: list[Look], form: str) -> list[tuple[str, list[Look]]]:
    """A line a folder: one file by name, several by a pattern, or by their names where the folder holds other formats too."""
    folders: dict[tuple[str, str], list[Look]] = {}
    for each in looks:
        path = PurePosixPath(each.file)
        folders.setdefault((str(path.parent), path.suffix), []).append(each)
    found = []
    for (parent, suffix), every in folders.items():
        several = [each for each in every if each.format == form]
        start = "" if parent == "." else f"{parent}/"
        if not several:
            continue
        if len(several) == 1:
            found.append((f"file = {_quoted(several[0].file)}", several))
        elif len(several) < len(every):
            found.append((f"files = [{', '.join(_quoted(each.file) for each in several)}]", several))
        else:
            found.append((f"files = {_quoted(f'{start}*{suffix}')}", several))
    return found


def _comments(looks: list[Look]) -> list[str]:
    """What the files hold and how they say who is who."""
    counts, pointers = Counter[str](), Counter[str]()
    for each in looks:
        counts += each.counts
        pointers += each.pointers
    held = ", ".join(f"{number} {name}" for name, number in counts.most_common(6))
    lines = [f"# {len(looks)} file{'s' if len(looks) > 1 else ''}: {held or ', '.join(looks[0].columns)}"]
    if pointers:
        lines.append("# who is who: " + ", ".join(f"{number} × {how}" for how, number in pointers.most_common(4)))
    return lines


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
