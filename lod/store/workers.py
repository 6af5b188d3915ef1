"""Several processes that serve together: what each leaves in a folder of theirs, and what they count in one piece of memory."""

import contextlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Worker:
    """One of `count` workers, numbered from 0, and the folder that is theirs alone. A new one takes a dead one's number."""

    folder: Path
    number: int
    count: int

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
