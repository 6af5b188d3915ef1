"""The manifest of a release: what it is of, what it holds, and the sums by which it is known again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lod.errors import ReleaseError
from lod.release.files import File

FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`canonical` is the SHA-256 of the sorted N-Quads: there are no blank nodes, so this is the canonical form.

    `counts` are things by kind, `changes` the numbers of the change table for this release, `links` those of the linksets.
    """

    edition: str
    base: str
    version: str
    date: str
    previous: str
    profile: str
    triples: int
    documents: int
    canonical: str
    counts: Mapping[str, int]
    changes: Mapping[str, int]
    links: Mapping[str, int]
    files: tuple[File, ...]
    trial: bool = False

    def to_json(self) -> str:
        """The text of `manifest.json`."""
        said: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("edition", "base", "version", "date", "previous", "profile", "triples", "documents")
        }
        said["sha256"] = self.canonical
        said |= {"things": dict(self.counts), "changes": dict(self.changes), "links": dict(self.links)}
        if self.trial:
            said["trial"] = True
        said["files"] = [file.to_json() for file in self.files]
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"

    def file(self, name: str) -> File | None:
        """A file by its name."""
        return next((file for file in self.files if file.name == name), None)

    @classmethod
    def read(cls, file: Path) -> "Manifest":
        """The manifest in a file. `ReleaseError` when it cannot be read."""
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            plain = {name: said[name] for name in ("edition", "base", "version", "date", "previous", "profile")}
            return cls(
                **plain,
                triples=said["triples"],
                documents=said["documents"],
                canonical=said["sha256"],
                counts=said["things"],
                changes=said["changes"],
                links=said["links"],
                files=tuple(File(**each) for each in said["files"]),
                trial=said.get("trial", False),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReleaseError(f"{file}: no manifest of a release: {error}") from None
