"""What can be made again, kept from run to run: what was read of a file, what was made of some letters, their text in a dump.

An entry is found by a checksum of all that it was made of, this code included. One that is damaged, that cannot be written,
or that somebody else can have written, is as good as none.
"""

import os
import pickle
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import lod

_LIMIT = 1024 * 1024 * 1024
_DIGEST = 32


class Cache:
    """Entries in a folder, of `limit` bytes together: when there are more, those go that were not used for longest."""

    def __init__(self, folder: Path, limit: int = _LIMIT) -> None:
        self.folder = folder
        self.limit = limit

    @classmethod
    def of_user(cls) -> "Cache":
        """In the folder where this user's programs keep what they can make again: `$XDG_CACHE_HOME`, else `~/.cache`."""
        return cls(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lod")

    def __contains__(self, key: str) -> bool:
        """Whether there is anything under a key, be it of use or not."""
        return (self.folder / key).is_file()

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
        except Exception:  # whatever is wrong with an entry, what it was made of is still there
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


def checksum(*parts: str | bytes) -> str:
    """A checksum of several texts, as a name for an entry."""
    digest = blake2b(digest_size=_DIGEST)
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


@lru_cache
def code(patterns: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """A checksum of this package's files, Python and some libraries: what older code made is not taken for what this would make."""
    house = Path(lod.__file__).parent
    return checksum(sys.version, *(f"{name} {version(name)}" for name in libraries), *contents(house, patterns))


def contents(folder: Path, patterns: Iterable[str]) -> list[bytes]:
    """The bytes of all files of a folder that match, in the order of their names."""
    return [file.read_bytes() for file in sorted({file for pattern in patterns for file in folder.glob(pattern)})]
