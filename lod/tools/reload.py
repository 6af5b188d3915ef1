"""For editors: a change in an edition's folder builds it again, and the running server changes over to what came out."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from watchfiles import watch


@contextmanager
def reloading(folders: Sequence[Path], out: Path, changed: Callable[[], None]) -> Iterator[None]:
    """Watch `folders` while the block runs. `changed` is called after each build that wrote a dump to `out`.

    A build has a process of its own, so that pages are served meanwhile; what it finds is told where it always is.
    An edition that cannot be built leaves what is served as it is.
    """
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(folders, out, changed, stop), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join(5)


def _watch(folders: Sequence[Path], out: Path, changed: Callable[[], None], stop: threading.Event) -> None:
    known = {folder.resolve(): folder for folder in folders}
    for changes in watch(*folders, stop_event=stop, debounce=400, rust_timeout=500, yield_on_timeout=False):
        touched = {Path(path).resolve() for _, path in changes}
        for place, folder in known.items():
            if any(path.is_relative_to(place) for path in touched) and build(folder, out):
                changed()


def build(folder: Path, out: Path) -> bool:
    """Build an edition in a process of its own; true when there is a dump, with findings or without."""
    command = [sys.executable, "-m", "lod", "build", str(folder), "--out", str(out)]
    return subprocess.run(command, check=False).returncode in (0, 1)  # noqa: S603
