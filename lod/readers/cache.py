"""What was read of each file, kept from run to run: a build after a change reads the changed file again, and no other.

An entry is found by a checksum of all that it was made of: the file's bytes, the settings, this code. One that is damaged,
that cannot be written, or that somebody else can have written, is as good as none.
"""

import os
import pickle
import stat
import sys
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import lod
from lod.config import Edition, SourceFile
from lod.errors import SourceError
from lod.readers.parse import read_bytes

_LIMIT = 1024 * 1024 * 1024
_DIGEST = 32
_LIBRARIES = ("lxml", "babel", "convertdate", "anyascii", "openpyxl")
_CODE = (
    "readers/*.py",
    "authorities.py",
    "config.py",
    "dates.py",
    "edtf.py",
    "errors.py",
    "iris.py",
    "model.py",
    "report.py",
    "spool.py",
    "terms.py",
)


class Cache:
    """Entries in a folder, of `limit` bytes together: when there are more, those go that were not used for longest."""

    def __init__(self, folder: Path, limit: int = _LIMIT) -> None:
        self.folder = folder
        self.limit = limit

    @classmethod
    def of_user(cls) -> "Cache":
        """In the folder where this user's programs keep what they can make again: `$XDG_CACHE_HOME`, else `~/.cache`."""
        return cls(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lod")

    def get(self, key: str) -> tuple[Any, bytes] | None:
        """The value and the bytes kept under a key; None when there are none, or none that can be used."""
        file = self.folder / key
        try:
            if not _private(self.folder):
                return None
            data = file.read_bytes()
            content = memoryview(data)[_DIGEST:]
            if blake2b(content, digest_size=_DIGEST).digest() != data[:_DIGEST]:
                return None
            length = int.from_bytes(content[:8], "big")
            value = pickle.loads(content[8 : 8 + length])  # noqa: S301 (written by this code as this user, and whole)
            os.utime(file)
        except Exception:  # whatever is wrong with an entry, the file is read instead
            return None
        return value, bytes(content[8 + length :])

    def put(self, key: str, value: object, more: bytes = b"") -> None:
        """Keep a value, and bytes with it. That there is no room is no reason to stop."""
        packed = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        content = len(packed).to_bytes(8, "big") + packed + more
        part = self.folder / f".{uuid4().hex}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part.write_bytes(blake2b(content, digest_size=_DIGEST).digest() + content)
            part.replace(self.folder / key)
        except OSError:
            with suppress(OSError):
                part.unlink()

    def trim(self) -> None:
        """Let go of the oldest entries above the limit."""
        try:
            found = [(file.stat().st_mtime, file.stat().st_size, file) for file in self.folder.iterdir()]
            over = sum(size for _, size, _ in found) - self.limit
            for _, size, file in sorted(found):
                if over <= 0:
                    break
                file.unlink(missing_ok=True)
                over -= size
        except OSError:
            return


def _private(folder: Path) -> bool:
    """True when nobody but this user can have written there: loading an entry may run code."""
    told = folder.stat()
    return told.st_uid == os.geteuid() and not told.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def file_key(edition: Edition, source: SourceFile) -> str:
    """What a file's table of contents is made of; `""` for a file that cannot be read."""
    try:
        names = filter(None, (source.file, source.settings))
        content = [blake2b(read_bytes(edition.data, name), digest_size=_DIGEST).digest() for name in names]
    except SourceError:
        return ""
    return _digest("contents", _code(), repr(source), *content)


def telling_key(edition: Edition, key: str, letters: object) -> str:
    """What a file tells, besides the answers of the directory: the same, the edition's settings, its letters' keys."""
    settings = (edition.base, edition.printed, edition.data_editors, edition.languages, edition.editors)
    return _digest("telling", key, repr(settings), repr(letters)) if key else ""


def _digest(*parts: str | bytes) -> str:
    digest = blake2b(digest_size=_DIGEST)
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _code() -> bytes:
    """A checksum of all code that reads, so that what older code read is not taken for what this would."""
    house = Path(lod.__file__).parent
    versions = (sys.version, *(f"{name} {version(name)}" for name in _LIBRARIES))
    digest = blake2b(" ".join(versions).encode(), digest_size=_DIGEST)
    for file in sorted(file for pattern in _CODE for file in house.glob(pattern)):
        digest.update(file.read_bytes())
    return digest.digest()
