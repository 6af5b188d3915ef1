"""From CMIF files to checked dumps: `python benchmarks/convert.py COUNT FILES SOURCE …`.

COUNT letters are made of the SOURCEs and spread over so many FILES (`benchmarks/letters.py`), with a register that holds the person
they name most. The edition is built in a process of its own, with Turtle and N-Triples: cold on one processor, cold on all, keeping
what can be kept; then again with nothing changed, with one letter changed, all letters of one file, and the name of that person.
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
from collections import Counter
from pathlib import Path

from letters import TOML, spread

from lod import build
from lod.cache import Cache

_REGISTER = """
[[source]]
file = "register.xml"
format = "registers"
"""
_PERSON = re.compile(r'<persName[^>]*"https?://d-nb\.info/gnd/(\w+)"')
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


def register(folder: Path, name: str) -> None:
    """A register with the person whom the letters name most."""
    named = Counter(
        key for file in folder.glob("letters*.xml") for key in _PERSON.findall(file.read_text(encoding="utf-8"))
    )
    key = named.most_common(1)[0][0]
    person = f'<person xml:id="one"><persName>{name}</persName><idno type="GND">{key}</idno></person>'
    text = f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><standOff><listPerson>{person}</listPerson></standOff></TEI>'
    (folder / "register.xml").write_text(text, encoding="utf-8")


def change(folder: Path, letters: int) -> None:
    """So many letters of the middle file are of another day; 0: all."""
    files = sorted(folder.glob("letters*.xml"))
    file = files[len(files) // 2]
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub('when="[^"]*"', f'when="180{letters}-02-03"', text, count=letters), encoding="utf-8")


def run(count: int, files: int, sources: list[Path]) -> None:
    """All figures of one size."""
    every = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spread(sources, count, files, folder)
        register(folder, "Somebody")
        (folder / "edition.toml").write_text(TOML + _REGISTER, encoding="utf-8")
        tell({"run": "cold", **apart(folder, every[:1], False)})
        tell({"run": "cold", **apart(folder, every, False)})
        tell({"run": "cold, kept", **apart(folder, every, True)})
        tell({"run": "nothing changed", **apart(folder, every, True)})
        change(folder, 1)
        tell({"run": "one letter changed", **apart(folder, every, True)})
        change(folder, 0)
        tell({"run": "one file changed", **apart(folder, every, True)})
        register(folder, "Somebody Else")
        tell({"run": "one label changed", **apart(folder, every, True)})


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
