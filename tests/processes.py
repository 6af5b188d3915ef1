"""Processes as the system tells of them."""

import time
from pathlib import Path


def family(pid: int) -> set[int]:
    """All living descendants of a process."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(folder.name)] = int(fields[1])
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= new
    return found


def gone(pids: set[int], seconds: float = 5) -> bool:
    """True when all of them have ended in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(map(_lives, pids)):
            return True
        time.sleep(0.02)
    return False


def _lives(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
