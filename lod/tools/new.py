"""`lod new`: look at a folder and write an `edition.toml` that reads what is there.

What a file holds is looked up in it, not guessed from its name: letters as CMIF, letters as TEI, registers, tables of
letters or of a register's entries.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from lod import authorities
from lod.config import SourceFile
from lod.errors import LodError, SourceError
from lod.readers import cells
from lod.readers.parse import TEI, Element, namespaced, open_file, parse_file
from lod.tools import columns

_ENTRIES = ("person", "org", "place", "event", "bibl", "biblStruct")
_LISTS = tuple(f"{TEI}{name}" for name in ("listPerson", "listOrg", "listPlace", "listEvent", "listBibl"))
_TABLES = (".csv", ".tsv", ".tab", *cells.WORKBOOKS)
_OF_TEXTS = tuple(
    f"{TEI}{name}"
    for name in (
        "msDesc",
        "facsimile",
        "sourceDoc",
        "opener",
        "closer",
        "salute",
        "signed",
        "dateline",
        "pb",
        "floatingText",
    )
)
"""What stands in the file of a letter's text or manuscript, never in an index of letters."""
_OF_ONE_LETTER = tuple(f"{TEI}{name}" for name in ("abstract", "textLang", "physDesc"))
_FEW_WORDS = 20
"""Characters in the text for each letter: an index has at most a remark there."""
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


_Kind = tuple[str, str, str, tuple[tuple[str, str], ...], tuple[str, ...]]
"""Format, rows, sheet, names of columns, columns not understood: what files of one `[[source]]` share."""


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
    sheet: str = ""
    """Of a workbook with several."""
    rows: str = ""
    """What the rows of a table are."""
    ours: tuple[tuple[str, str], ...] = ()
    """Our names for columns, and theirs, where they differ."""
    unread: tuple[str, ...] = ()
    """Columns that are not understood."""
    trouble: str = ""

    @property
    def source(self) -> _Kind:
        """What it shares with the files that one `[[source]]` can name with it."""
        return self.format, self.rows, self.sheet, self.ours, self.unread


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
    return [found for file in files for found in _look(folder, file.relative_to(folder).as_posix())]


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in _SKIP for part in path.parts)


def _look(folder: Path, name: str) -> list[Look]:
    """What was seen in a file; of a workbook with several sheets, in each."""
    found = Look(name)
    try:
        if name.lower().endswith(_TABLES):
            return _look_at_tables(folder, found)
        _look_at_xml(parse_file(folder, name), found)
    except SourceError as error:
        found.trouble = f"{error.message} (line {error.line})" if error.line else error.message
    return [found]


def _look_at_xml(root: Element, found: Look) -> None:
    namespaced(root)
    for name in ("correspDesc", *_ENTRIES):
        found.counts[name] = sum(1 for _ in root.iter(f"{TEI}{name}"))
    listed = any(True for _ in root.iter(*_LISTS))
    if found.counts["correspDesc"]:
        found.format = "tei" if listed or _has_texts(root, found.counts["correspDesc"]) else "cmif"
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


def _has_texts(root: Element, letters: int) -> bool:
    """Whether a file holds letters or tells of manuscripts: an index of letters (CMIF) has one header and an empty text.

    In an index each letter says with `@source` which of the header's editions prints it, or speaks in terms of CMIF 2. A
    header that describes one letter and does neither is that of its text, be this a few words or none.
    """
    if root.tag == f"{TEI}teiCorpus" or any(True for _ in root.iterfind(f"{TEI}TEI")):
        return True
    of_texts = (*_OF_TEXTS, *_OF_ONE_LETTER) if letters == 1 else _OF_TEXTS
    if any(True for _ in root.iter(*of_texts)):
        return True
    words = sum(len("".join(text.itertext()).strip()) for text in root.iterfind(f"{TEI}text"))
    described = f"{TEI}teiHeader//{TEI}correspDesc"
    indexed = any(letter.get("source") for letter in root.iterfind(described))
    indexed = indexed or any("cmif" in (ref.get("type") or "") for ref in root.iterfind(f"{described}//{TEI}ref"))
    if letters == 1 and not indexed and root.find(f"{TEI}teiHeader") is not None:
        return True
    return words > _FEW_WORDS * letters


def _titles(root: Element, header: str) -> Iterator[tuple[str, str]]:
    """What a header calls its file and what that belongs to."""
    for where, path in _TITLES.items():
        series = "@level" in where
        for element in root.iterfind("/".join([header, *(f"{TEI}{name}" for name in path.split("/"))])):
            words = _words(element)
            named = element.get("type") in (None, "main") and (not series or element.get("level") == "s")
            if words and named and (where != "editionStmt/edition" or len(words.split()) >= _FEWEST):
                yield where, words


def _look_at_tables(folder: Path, found: Look) -> list[Look]:
    """A table, or each sheet of a workbook."""
    with open_file(folder, found.file) as stream:
        sheets = cells.sheets(stream, SourceFile(found.file, "table"))
    looks = [replace(found, sheet=sheet if len(sheets) > 1 else "", counts=Counter()) for sheet in sheets]
    for each in looks:
        try:
            _look_at_table(folder, each)
        except SourceError as error:
            each.trouble = error.message
    return looks or [replace(found, trouble="a workbook without rows")]


def _look_at_table(folder: Path, found: Look) -> None:
    with open_file(folder, found.file) as stream:
        first = next(iter(cells.rows(stream, SourceFile(found.file, "table", sheet=found.sheet))), None)
    found.columns = tuple(first.cells) if first else ()
    rows = columns.recognise(found.columns, (found.sheet, PurePosixPath(found.file).stem))
    if rows.sort:
        found.format, found.rows, found.ours = "table", rows.sort, tuple(rows.columns.items())
        found.unread = rows.unread
    elif rows.open:
        found.trouble = "a register, but its columns do not say of what: give it a [[source]] with rows = "
        found.trouble += " or ".join(f"'{sort}'" for sort in columns.KNOWN if sort != columns.LETTERS)
    elif first:
        found.trouble = f"neither letters nor a register: the columns are {', '.join(found.columns[:12])}"
    else:
        found.trouble = "a table without rows"


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
    letters = [each for each in telling if each.format in ("cmif", "tei") or each.rows == columns.LETTERS]
    if not letters:
        seen = Counter(each.trouble or each.rows or each.format or "no letters" for each in looks)
        told = ", ".join(f"{number} × {what}" for what, number in seen.most_common(3))
        raise LodError(f"{folder}: no letters in {len(looks)} files ({told})")
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "edition"
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
    for kind in sorted({each.source for each in telling}, key=_place):
        # a pattern may catch a text that is no letter, because it is read for its registers; never a table that is not read
        for pattern, several in _patterns(looks if kind[0] == "table" else telling, kind):
            lines += ["", *_comments(several), "[[source]]", pattern, *_settings(several[0])]
    rest = [each for each in looks if not each.format]
    if rest:
        lines += ["", "# Not read:"]
        named = ((f"{each.file}, {each.sheet}" if each.sheet else each.file, each) for each in rest[:20])
        lines += [f"#   {name}: {each.trouble or 'no letters and no registers'}" for name, each in named]
        lines += [f"#   … and {len(rest) - 20} more"] if len(rest) > 20 else []
    return "\n".join(lines) + "\n"


def _place(kind: _Kind) -> tuple[int, int, str]:
    """Where a source stands among the others: letters first."""
    form, rows, sheet, *_ = kind
    sorts = list(columns.KNOWN)
    return ("cmif", "tei", "table", "registers").index(form), sorts.index(rows) if rows else 0, sheet


def _settings(one: Look) -> Iterator[str]:
    """The lines of a `[[source]]` below its files."""
    yield f'format = "{one.format}"'
    if one.rows and one.rows != columns.LETTERS:
        yield f'rows = "{one.rows}"'
    if one.sheet:
        yield f"sheet = {_quoted(one.sheet)}"
    if one.ours:
        named = ", ".join(f"{name} = {_quoted(theirs)}" for name, theirs in one.ours)
        yield f"columns = {{ {named} }}  # ours = yours"
    if one.unread:
        yield f"# not understood, so not read: {', '.join(map(_quoted, one.unread))}"
    if one.rows:
        yield f"# other names of columns: columns = {{ name = … }}; known are {', '.join(columns.KNOWN[one.rows])}"


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


def _patterns(looks: list[Look], kind: _Kind) -> list[tuple[str, list[Look]]]:
    """A line a folder: one file by name, several by a pattern, or by their names where the folder holds other kinds too."""
    folders: dict[tuple[str, str], list[Look]] = {}
    for each in looks:
        path = PurePosixPath(each.file)
        folders.setdefault((str(path.parent), path.suffix), []).append(each)
    found = []
    for (parent, suffix), every in folders.items():
        several = [each for each in every if each.source == kind]
        start = "" if parent == "." else f"{_literal(parent)}/"
        if not several:
            continue
        if len(several) == 1:
            found.append((f"file = {_quoted(several[0].file)}", several))
        elif len(several) < len(every):
            found.append((f"files = [{', '.join(_quoted(_literal(each.file)) for each in several)}]", several))
        else:
            found.append((f"files = {_quoted(f'{start}*{suffix}')}", several))
    return found


def _literal(name: str) -> str:
    """A name as a pattern that finds nothing else."""
    return re.sub(r"[*?\[]", r"[\g<0>]", name)


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
