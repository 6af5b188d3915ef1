"""A release of many letters, stage by stage: `python benchmarks/release.py SOURCE COUNT …`.

For each COUNT an edition of so many letters is made from SOURCE (`benchmarks/letters.py`), read, mapped and checked, and released in
a process of its own. CPU seconds of each stage, the peak memory before and after the release, as one line of JSON a count; then, as
a second line, the same of a release after one letter was changed.
"""

import json
import multiprocessing
import os
import re
import resource
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from letters import TOML
from letters import write as write_letters

from lod.build import examine, material
from lod.release import make


def _peak() -> int:
    """Megabytes at most, of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _spent() -> float:
    """CPU seconds of this process and of those it waited for."""
    return sum(os.times()[:4])


def measure(folder: Path, version: str) -> dict[str, float | str]:
    """CPU seconds of each stage of one release."""
    figures: dict[str, float | str] = {"version": version}
    last, stage = _spent(), "examine"

    def begin(name: str) -> None:
        nonlocal last, stage
        now = _spent()
        figures[stage], last, stage = round(now - last, 2), now, name

    built = examine(folder / "edition")
    figures["examined_mb"] = _peak()
    begin("begin")
    made = make(material(built), folder / "releases", date="2026-01-01", version=version, progress=begin)
    begin("end")
    figures["triples"], figures["peak_mb"] = made.manifest.triples, _peak()
    figures["changed"] = sum(made.manifest.changes.values())
    return figures


def _measured(folder: str, version: str) -> str:
    return json.dumps(measure(Path(folder), version))


def _change_one(file: Path) -> None:
    """Another day for the first letter."""
    text = file.read_text(encoding="utf-8")
    begin = text.index("<correspDesc")
    file.write_text(
        text[:begin] + re.sub(r"<date [^>]*>", '<date when="1850-01-01"/>', text[begin:], count=1), encoding="utf-8"
    )


if __name__ == "__main__":
    for number in map(int, sys.argv[2:]):
        with tempfile.TemporaryDirectory() as name:
            home = Path(name) / "edition"
            home.mkdir()
            write_letters(Path(sys.argv[1]), number, home / "letters.xml")
            (home / "edition.toml").write_text(TOML, encoding="utf-8")
            for version in ("1", "2"):
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                    sys.stdout.write(f"{number} letters: {pool.submit(_measured, name, version).result()}\n")
                    sys.stdout.flush()
                _change_one(home / "letters.xml")
