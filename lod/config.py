"""`edition.toml`: what an editor says once about an edition. Closed: an unknown key is an error; all problems at once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lod.errors import ConfigError

SOURCE_FORMATS = ("cmif", "registers")
"""What a `[[source]]` may be: letters as CMIF, or a TEI register."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the edition: `file` relative to the edition's folder, `format` one of `SOURCE_FORMATS`."""

    file: str
    format: str


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
    edition = reader.edition()
    if reader.problems or edition is None:
        raise ConfigError(file, reader.problems)
    return edition


class _Reader:
    """Takes known keys out of the table one by one; what is left over is unknown."""

    def __init__(self, data: dict[str, Any], folder: Path) -> None:
        self.data = dict(data)
        self.folder = folder
        self.problems: list[str] = []

    def edition(self) -> Edition | None:
        identifier = self.text("id")
        if identifier and not identifier.replace("-", "").isalnum():
            self.problems.append(f"id = '{identifier}': use lower-case letters, digits and hyphens")
        base = self.text("base")
        if base and not (base.startswith(("http://", "https://")) and base.endswith("/")):
            self.problems.append(f"base = '{base}': an absolute http(s) IRI that ends with /")
        licence = self.text("licence")
        if licence and not licence.startswith(("http://", "https://")):
            self.problems.append(
                f"licence = '{licence}': the licence's IRI, such as https://creativecommons.org/publicdomain/zero/1.0/"
            )
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
            sources=self.sources(),
            printed=self.text("printed", required=False),
            data_editors=self.text("data_editors", required=False),
        )
        self.problems += [f"unknown key '{key}'{_nearest(key)}" for key in self.data]
        return edition

    def text(self, key: str, *, required: bool = True) -> str:
        value = self.data.pop(key, None)
        if value is None:
            if required:
                self.problems.append(f"'{key}' is missing")
            return ""
        if not isinstance(value, str) or not value.strip():
            self.problems.append(f"'{key}' must be a text that is not empty")
            return ""
        return value

    def words(self, key: str) -> dict[str, str]:
        value = self.data.pop(key, None)
        if value is None:
            self.problems.append(f"'{key}' is missing")
        elif isinstance(value, dict) and value and all(isinstance(word, str) and word for word in value.values()):
            return dict(value)
        else:
            self.problems.append(f"'{key}' must be a table of language tag and text, such as {{ en = \"…\" }}")
        return {}

    def several(self, key: str) -> tuple[str, ...]:
        value = self.data.pop(key, None)
        if value is None:
            self.problems.append(f"'{key}' is missing")
        elif isinstance(value, list) and value and all(isinstance(entry, str) and entry for entry in value):
            return tuple(value)
        else:
            self.problems.append(f"'{key}' must be a list of texts")
        return ()

    def sources(self) -> tuple[SourceFile, ...]:
        value = self.data.pop("source", None)
        if not isinstance(value, list) or not value:
            self.problems.append("no [[source]]: name at least one file")
            return ()
        found = []
        for number, entry in enumerate(value, 1):
            where = f"[[source]] no. {number}"
            if not isinstance(entry, dict):
                self.problems.append(f"{where}: must be a table")
                continue
            name, form = entry.pop("file", ""), entry.pop("format", "")
            self.problems += [f"{where}: unknown key '{key}'" for key in entry]
            if not isinstance(name, str) or not name:
                self.problems.append(f"{where}: 'file' is missing")
            elif not (self.folder / name).resolve().is_relative_to(self.folder.resolve()):
                self.problems.append(f"{where}: '{name}' lies outside the edition's folder")
            elif not (self.folder / name).is_file():
                self.problems.append(f"{where}: there is no file '{name}' in the edition's folder")
            if form not in SOURCE_FORMATS:
                self.problems.append(f"{where}: format = '{form}' is not one of {', '.join(SOURCE_FORMATS)}")
            found.append(SourceFile(str(name), str(form)))
        names = [source.file for source in found]
        self.problems += [
            f"[[source]] '{name}' is named twice" for name in sorted({n for n in names if names.count(n) > 1})
        ]
        return tuple(found)


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
)


def _nearest(key: str) -> str:
    close = get_close_matches(key, _KNOWN, 1)
    return f": did you mean '{close[0]}'?" if close else f": known are {', '.join(_KNOWN)}"
