"""`edition.toml`: what an editor says once about an edition. Closed: an unknown key is an error; all problems at once."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from lod.errors import ConfigError
from lod.formats import fits_xml

SOURCE_FORMATS = ("cmif", "tei", "registers", "table")
"""What a `[[source]]` may be: letters as CMIF, letters as TEI with what registers they hold, TEI registers, a table."""

EDITORS = "organisation/editors"
"""Who signs conclusions when `edition.toml` names no group of its own: the editors it lists."""

TABLES = ("letters", "persons", "organisations", "places", "events", "works")
"""What the rows of a table are."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the edition: `file` relative to the edition's data, `format` one of `SOURCE_FORMATS`.

    `id` names the file in keys, `prefix` stands before the keys of its letters. `apart`: equal names without a
    reference are different people. `rows`, `columns`, `separator`, `settings` and `sheet` are for tables.
    """

    file: str
    format: str
    id: str = ""
    prefix: str = ""
    apart: bool = False
    rows: str = "letters"
    columns: Mapping[str, str] = field(default_factory=dict)
    separator: str = "|"
    settings: str = ""
    sheet: str = ""

    @property
    def reads_as(self) -> str:
        """The format that it is read as: rows of a table are letters of a CMIF, or entries of a register."""
        return self.format if self.format != "table" else "cmif" if self.rows == "letters" else "registers"


@dataclass(frozen=True, slots=True)
class Edition:
    """The settings of one edition, as `edition.toml` gives them. `folder` is where it lies."""

    folder: Path
    id: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    base: str
    languages: tuple[str, ...]
    editors: tuple[str, ...]
    publisher: str
    licence: str
    rights: str
    sources: tuple[SourceFile, ...]
    printed: str = ""
    """Path of the work that citable places belong to (`work/serge-trotsky-papers-1994`); `""` for an edition without."""
    data_editors: str = ""
    """Path of the group that signs our own conclusions (`organisation/data-editors`)."""
    elsewhere: Path | None = None
    """Where the sources lie when not beside `edition.toml`."""

    @property
    def data(self) -> Path:
        """The folder that the sources' names start from; nothing outside of it is read."""
        return self.elsewhere or self.folder


def load(folder: Path) -> Edition:
    """Read `folder/edition.toml`. `ConfigError` lists every problem in it, each with its key."""
    file = folder / "edition.toml" if folder.is_dir() else folder
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(file, ["no such file: an edition is a folder with an edition.toml in it"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(file, [f"not TOML: {error}"]) from None
    reader = _Reader(data, file.parent)
    reader.problems += [f"'{key}' holds a control character" for key in data if any(map(_spoilt, _texts(data[key])))]
    edition = reader.edition()
    if reader.problems or edition is None:
        raise ConfigError(file, reader.problems)
    return edition


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value of TOML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _spoilt(words: str) -> bool:
    return not fits_xml(words.encode())


class _Reader:
    """Takes known keys out of the table one by one; what is left over is unknown."""

    def __init__(self, data: dict[str, Any], folder: Path) -> None:
        self.table = dict(data)
        self.folder = folder
        self.problems: list[str] = []

    def edition(self) -> Edition | None:
        identifier = self.text("id")
        if identifier and identifier != _key(identifier):
            self.problems.append(f"id = '{identifier}': use lower-case letters, digits and hyphens between them")
        base = self.text("base")
        if base and not (base.startswith(("http://", "https://")) and base.endswith("/")):
            self.problems.append(f"base = '{base}': an absolute http(s) IRI that ends with /")
        licence = self.text("licence")
        if licence and not licence.startswith(("http://", "https://")):
            self.problems.append(
                f"licence = '{licence}': the licence's IRI, such as https://creativecommons.org/publicdomain/zero/1.0/"
            )
        elsewhere = self.data()
        printed = self.text("printed", required=False)
        edition = Edition(
            folder=self.folder,
            id=identifier,
            title=self.words("title"),
            description=self.words("description"),
            base=base,
            languages=self.several("languages"),
            editors=self.several("editors"),
            publisher=self.text("publisher"),
            licence=licence,
            rights=self.text("rights"),
            sources=self.sources(elsewhere or self.folder),
            printed=printed,
            data_editors=self.text("data_editors", required=False) or ("" if printed else EDITORS),
            elsewhere=elsewhere,
        )
        self.problems += [f"unknown key '{key}'{_nearest(key)}" for key in self.table]
        return edition

    def text(self, key: str, *, required: bool = True) -> str:
        value = self.table.pop(key, None)
        if value is None:
            if required:
                self.problems.append(f"'{key}' is missing")
            return ""
        if not isinstance(value, str) or not value.strip():
            self.problems.append(f"'{key}' must be a text that is not empty")
            return ""
        return value

    def words(self, key: str) -> dict[str, str]:
        value = self.table.pop(key, None)
        if value is None:
            self.problems.append(f"'{key}' is missing")
        elif isinstance(value, dict) and value and all(isinstance(word, str) and word for word in value.values()):
            return dict(value)
        else:
            self.problems.append(f"'{key}' must be a table of language tag and text, such as {{ en = \"…\" }}")
        return {}

    def several(self, key: str) -> tuple[str, ...]:
        value = self.table.pop(key, None)
        if value is None:
            self.problems.append(f"'{key}' is missing")
        elif isinstance(value, list) and value and all(isinstance(entry, str) and entry for entry in value):
            return tuple(value)
        else:
            self.problems.append(f"'{key}' must be a list of texts")
        return ()

    def data(self) -> Path | None:
        name = self.text("data", required=False)
        if not name:
            return None
        folder = (self.folder / name).resolve()
        if not folder.is_dir():
            self.problems.append(f"data = '{name}': there is no such folder")
        return folder

    def sources(self, data: Path) -> tuple[SourceFile, ...]:
        value = self.table.pop("source", None)
        if not isinstance(value, list) or not value:
            self.problems.append("no [[source]]: name at least one file")
            return ()
        found: list[SourceFile] = []
        for number, entry in enumerate(value, 1):
            where = f"[[source]] no. {number}"
            if not isinstance(entry, dict):
                self.problems.append(f"{where}: must be a table")
                continue
            reader = _SourceReader(dict(entry), where, data)
            found += reader.files()
            self.problems += reader.problems
        names = [(source.file, source.rows, source.sheet) for source in found]
        self.problems += [
            f"[[source]] '{name[0]}' is named twice" for name in sorted({n for n in names if names.count(n) > 1})
        ]
        return _identified(found)


class _SourceReader:
    """One `[[source]]`: its files, each with the settings of the source."""

    def __init__(self, entry: dict[str, Any], where: str, data: Path) -> None:
        self.entry = entry
        self.where = where
        self.data = data
        self.problems: list[str] = []

    def files(self) -> list[SourceFile]:
        names = self.names()
        columns = self.entry.pop("columns", {})
        if not isinstance(columns, dict) or not all(isinstance(value, str) for value in columns.values()):
            self.problems.append(f"{self.where}: 'columns' must be a table of our column and yours")
            columns = {}
        named = self.word("names", "together")
        source = SourceFile(
            file="",
            format=self.one_of("format", "", SOURCE_FORMATS),
            id=self.word("id"),
            prefix=self.word("prefix"),
            apart=named == "apart",
            rows=self.one_of("rows", "letters", TABLES),
            columns=columns,
            separator=self.word("separator", "|"),
            settings=self.word("settings"),
            sheet=self.word("sheet"),
        )
        if named not in ("apart", "together"):
            self.problems.append(f"{self.where}: names = '{named}' is neither 'together' nor 'apart'")
        if source.settings:
            self.inside(source.settings)
        self.problems += [f"{self.where}: unknown key '{key}'" for key in self.entry]
        return [replace(source, file=name) for name in names]

    def word(self, key: str, default: str = "") -> str:
        value = self.entry.pop(key, default)
        if not isinstance(value, str):
            self.problems.append(f"{self.where}: '{key}' must be a text")
            return default
        return value

    def one_of(self, key: str, default: str, known: tuple[str, ...]) -> str:
        value = self.word(key, default)
        if value not in known:
            self.problems.append(f"{self.where}: {key} = '{value}' is not one of {', '.join(known)}")
        return value

    def names(self) -> list[str]:
        """The file, or the files that a pattern such as `editions/*.xml` finds, in order of their names."""
        name, patterns = self.word("file"), self.entry.pop("files", [])
        patterns = [patterns] if isinstance(patterns, str) else patterns
        if not isinstance(patterns, list) or not all(isinstance(pattern, str) and pattern for pattern in patterns):
            self.problems.append(f"{self.where}: 'files' must be a pattern or a list of them")
            return []
        if not name and not patterns:
            self.problems.append(f"{self.where}: 'file' is missing")
        found = [name] if name and self.inside(name) else []
        for pattern in patterns:
            if pattern.startswith("/") or ".." in PurePosixPath(pattern).parts:
                self.problems.append(f"{self.where}: '{pattern}' lies outside the edition's folder")
                continue
            matches = sorted(
                file.relative_to(self.data).as_posix() for file in self.data.glob(pattern) if file.is_file()
            )
            if not matches:
                self.problems.append(f"{self.where}: no file is named like '{pattern}'")
            found += [match for match in matches if match not in found and self.inside(match)]
        return found

    def inside(self, name: str) -> bool:
        """Whether a file lies in the edition's folder (links followed) and is there."""
        if not (self.data / name).resolve().is_relative_to(self.data.resolve()):
            self.problems.append(f"{self.where}: '{name}' lies outside the edition's folder")
        elif not (self.data / name).is_file():
            self.problems.append(f"{self.where}: there is no file '{name}' in the edition's folder")
        else:
            return True
        return False


def _identified(sources: list[SourceFile]) -> tuple[SourceFile, ...]:
    """Each file with a name of its own for keys: the source's id, else the file's stem, longer where several share it."""
    stems = [_key(source.id or PurePosixPath(source.file).stem) for source in sources]
    found = []
    for source, stem in zip(sources, stems, strict=True):
        if stems.count(stem) > 1:
            path = PurePosixPath(source.file).with_suffix("").as_posix()
            stem = _key(f"{source.id} {path if source.id == '' else PurePosixPath(path).name}")
        found.append(replace(source, id=stem))
    return tuple(found)


def _key(words: str) -> str:
    """Words as a name that file names and addresses can hold: lower-case letters and digits of ASCII, single hyphens between."""
    return "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in words.lower()).split())


_KNOWN = (
    "id",
    "title",
    "description",
    "base",
    "languages",
    "editors",
    "publisher",
    "licence",
    "rights",
    "source",
    "printed",
    "data_editors",
    "data",
)


def _nearest(key: str) -> str:
    close = get_close_matches(key, _KNOWN, 1)
    return f": did you mean '{close[0]}'?" if close else f": known are {', '.join(_KNOWN)}"
