"""Several processes that serve together: what each leaves in a folder of theirs, and whom they count together."""

import contextlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from lod.store.shared import Crowd, Tally


@dataclass(frozen=True, slots=True)
class Worker:
    """One of `count` workers, numbered from 0, and the folder that is theirs alone. A new one takes a dead one's number."""

    folder: Path
    number: int = 0
    count: int = 1
    _crowds: dict[str, Crowd] = field(default_factory=dict, repr=False, compare=False)

    def crowd(self, name: str) -> Crowd:
        """Those who are counted by this name in all workers."""
        if name not in self._crowds:
            self._crowds[name] = Crowd(self.folder / f"crowd-{name}", self.number, self.count)
        return self._crowds[name]

    def tally(self, name: str) -> Tally:
        """A number that each worker has by this name."""
        return Tally(self.folder / f"tally-{name}", self.number, self.count)

    def leave(self, name: str, content: bytes) -> None:
        """Put something where the others find it, in place of what was there."""
        new = self.folder / f"{name}-{self.number}.new"
        new.write_bytes(content)
        new.replace(self.folder / f"{name}-{self.number}")

    def left(self, name: str) -> dict[int, bytes]:
        """What each worker has left under a name."""
        found = {}
        for number in range(self.count):
            with contextlib.suppress(FileNotFoundError):
                found[number] = (self.folder / f"{name}-{number}").read_bytes()
        return found


def alone() -> Worker:
    """A process that serves by itself, in a new folder, which is the caller's to remove."""
    return Worker(Path(tempfile.mkdtemp(prefix="lod-")))
