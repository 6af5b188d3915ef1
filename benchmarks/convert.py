"""From CMIF files to checked dumps: `python benchmarks/convert.py COUNT FILES SOURCE …`.

COUNT letters are made of the SOURCEs and spread over so many FILES (`benchmarks/letters.py`). The edition is built in a process
of its own, with Turtle and N-Triples: cold on one processor, cold on all, and again after one letter of one file has changed.
A line of JSON each: seconds of each step, CPU seconds of all processes, the peak memory of the main process and of the largest
other one. `benchmarks/job.py` goes on to a server that answers.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from letters import TOML, spread

from lod import build
from lod.cache import Cache

FORMATS = ("ttl", "nt")


def measure(folder: Path, processors: list[int], kept: bool) -> dict[str, float]:
    """One build on these processors; with `kept`, the cache beside the edition is used."""
    os.sched_setaffinity(0, processors)
    begun = last = time.perf_counter()
    step, steps = "begin", dict[str, float]()

    def lap(name: str) -> None:
        nonlocal step, last
        now = time.perf_counter()
        steps[step] = round(steps.get(step, 0) + now - last, 1)
        step, last = name, now

    built = build.build(folder, folder / "dumps", FORMATS, lap, Cache(folder / "cache") if kept else None)
    lap("end")
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "letters": len(built.corpus.records.letters),
        "triples": built.triples,
        "processors": len(processors),
        **steps,
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu": round(own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime, 1),
        "peak_mb": own.ru_maxrss // 1024,
        "peak_other_mb": others.ru_maxrss // 1024,
    }


def change(folder: Path) -> None:
    """One letter of the middle file is of another day."""
    files = sorted(folder.glob("letters*.xml"))
    file = files[len(files) // 2]
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub('when="[^"]*"', 'when="1801-02-03"', text, count=1), encoding="utf-8")


def run(count: int, files: int, sources: list[Path]) -> None:
    """All figures of one size."""
    every = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spread(sources, count, files, folder)
        (folder / "edition.toml").write_text(TOML, encoding="utf-8")
        runs = [
            ("cold", every[:1], False),
            ("cold", every, False),
            ("kept", every, True),
            ("one file changed", every, True),
        ]
        for what, processors, kept in runs:
            if what == "one file changed":
                change(folder)
            tell({"run": what, **apart(folder, processors, kept)})


def apart(folder: Path, processors: list[int], kept: bool) -> dict[str, float]:
    """`measure` in a fresh process."""
    code = f"import json, convert, pathlib; print(json.dumps(convert.measure(pathlib.Path({str(folder)!r}), {processors}, {kept})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def tell(figures: dict[str, object]) -> None:
    """One line."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
