"""Files of a release: written whole, counted and summed while they are written, some of them compressed beside.

Compressed files hold no name and no time, so the same bytes compress to the same bytes.
"""

import gzip
import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

GZIP = "application/gzip"


@dataclass(frozen=True, slots=True)
class File:
    """One file: name within the release, media type of what is in it, a title, size, SHA-256 in hexadecimal.

    `compressed` tells that the file is gzip of that media type. `role` groups: `dump`, `profile`, `linkset`, `table` …
    `profile` is the IRI of what a dump conforms to.
    """

    name: str
    media_type: str
    title: str
    role: str
    size: int
    sha256: str
    compressed: bool = False
    profile: str = ""

    def to_json(self) -> dict[str, Any]:
        """For the manifest: fields that say nothing are left out."""
        return {name: said for name, said in asdict(self).items() if said not in ("", False)}


class Folder:
    """A folder that is being filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[File] = []

    def put(
        self,
        name: str,
        pieces: Iterable[bytes],
        media_type: str,
        title: str,
        role: str,
        *,
        profile: str = "",
        packed: bool = False,
    ) -> File:
        """Write a file, and its gzip beside it when `packed`."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with file.open("wb") as stream:
            for piece in pieces:
                stream.write(piece)
                digest.update(piece)
                size += len(piece)
        made = File(name, media_type, title, role, size, digest.hexdigest(), profile=profile)
        self.files.append(made)
        if packed:
            self._pack(file, name, media_type, title, role, profile)
        return made

    def text(self, name: str, pieces: Iterable[str], media_type: str, title: str, role: str, **more: Any) -> File:
        """The same for text, as UTF-8."""
        return self.put(name, (piece.encode() for piece in pieces), media_type, title, role, **more)

    def again(self, made: File, name: str, media_type: str, title: str) -> None:
        """A file and its gzip once more under another name and media type: the same bytes mean something there too."""
        for file in [each for each in self.files if each.name in (made.name, f"{made.name}.gz")]:
            other = name + file.name.removeprefix(made.name)
            shutil.copyfile(self.folder / file.name, self.folder / other)
            self.files.append(replace(file, name=other, media_type=media_type, title=title))

    def _pack(self, file: Path, name: str, media_type: str, title: str, role: str, profile: str) -> None:
        packed = file.with_name(file.name + ".gz")
        with (
            file.open("rb") as source,
            packed.open("wb") as target,
            gzip.GzipFile("", "wb", 9, target, mtime=0) as stream,
        ):
            while piece := source.read(1 << 20):
                stream.write(piece)
        with packed.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = packed.stat().st_size
        self.files.append(File(f"{name}.gz", media_type, title, role, size, digest, compressed=True, profile=profile))

    def sums(self) -> str:
        """`SHA256SUMS`, as `sha256sum -c` reads it."""
        return "".join(f"{file.sha256}  {file.name}\n" for file in sorted(self.files, key=lambda file: file.name))
