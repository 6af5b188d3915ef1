"""The whole job from a cold start: `python benchmarks/job.py COUNT SOURCE …`.

An edition of COUNT letters is made from real CMIF files (SOURCE, in turn; 500 letters a file, each with a fresh key) and then
read, mapped, checked, written as Turtle and N-Triples, loaded and served, on all processors. Wall-clock seconds of each stage,
CPU seconds of all processes, and the largest peak of any one process, as one line of JSON. Serving begins as soon as the dump is
there, beside the loading, with the store in memory; `served` is when the first document is given, `answered` the first query.
"""

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from letters import _LETTER, TOML, letters

from lod import build

PER_FILE = 500
PORT = 8765


def make(sources: list[Path], count: int, folder: Path) -> None:
    """The edition: files of some letters each, keys running on from file to file."""
    (folder / "edition.toml").write_text(
        TOML.replace('file = "letters.xml"', 'files = "letters-*.xml"'), encoding="utf-8"
    )
    texts = [source.read_text(encoding="utf-8") for source in sources]
    for first, text in zip(range(0, count, PER_FILE), cycle(texts), strict=False):
        spans = [match.span() for match in _LETTER.finditer(text)]
        some = islice(letters(text), first, min(first + PER_FILE, count))
        body = text[: spans[0][0]] + "\n".join(some) + text[spans[-1][1] :]
        (folder / f"letters-{first // PER_FILE:04}.xml").write_text(body, encoding="utf-8")


class Peaks(threading.Thread):
    """The largest peak of resident memory of this process and of all that it started, in MB, seen ten times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks: dict[str, int] = {}
        self.done = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self.done.wait(0.1):
            for process in _family():
                try:
                    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
                except OSError:
                    continue
                peak = next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)
                self.peaks[process] = max(peak, self.peaks.get(process, 0))


def _family() -> Iterator[str]:
    waiting = ["self"]
    while waiting:
        process = waiting.pop()
        yield process
        for file in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                waiting += file.read_text(encoding="ascii").split()
            except OSError:
                continue


def measure(count: int, sources: list[Path], folder: Path) -> dict[str, float]:
    """Seconds of each stage."""
    make(sources, count, folder)
    figures: dict[str, float] = {"letters": count}
    begun = last = time.perf_counter()
    stage = ""

    def lap(name: str) -> None:
        nonlocal stage, last
        now = time.perf_counter()
        if stage:
            figures[stage] = round(now - last, 1)
        stage, last = name, now

    peaks = Peaks()
    peaks.start()
    built = build.build(folder, folder / "out", ("ttl", "nt"), lap)
    lap("")
    figures["triples"], figures["findings"] = built.triples, len(built.report)
    figures["peak_mb_build"] = peaks.peaks.pop("self")
    figures["peak_mb_workers"] = max(peaks.peaks.values(), default=0)
    used = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
    figures["cpu"] = round(sum(each.ru_utime + each.ru_stime for each in used), 1)
    _serve(folder, figures, begun, peaks)
    return figures


def _serve(folder: Path, figures: dict[str, float], begun: float, peaks: Peaks) -> None:
    lod = str(Path(sys.executable).with_name("lod"))
    peaks.peaks.clear()
    started, out = time.perf_counter(), str(folder / "out")
    serving = [lod, "serve", str(folder), "--out", out, "--port", str(PORT)]
    with subprocess.Popen(serving, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            address = f"http://127.0.0.1:{PORT}"
            _until(f"{address}/letter/m1.ttl")
            figures["served"] = round(time.perf_counter() - started, 1)
            _until(f"{address}/sparql?query=ASK%7B%7D")
            figures["answered"] = round(time.perf_counter() - started, 1)
            figures["all"] = round(time.perf_counter() - begun, 1)
        finally:
            peaks.done.set()
            server.terminate()
    figures["peak_mb_serving"] = max(peaks.peaks.values(), default=0)


def _until(url: str) -> None:
    """Ask until there is an answer, for ten minutes."""
    for _ in range(6000):
        try:
            with urllib.request.urlopen(url, timeout=60):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(url)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        found = measure(int(sys.argv[1]), [Path(each) for each in sys.argv[2:]], Path(name))
    sys.stdout.write(json.dumps(found) + "\n")
