"""One changed letter checked again, everything else known: `python benchmarks/revalidate.py EDITION`. Milliseconds, as JSON."""

import json
import sys
import time
from pathlib import Path
from statistics import median

from lod import check
from lod.build import examine
from lod.check.rules import Rules
from lod.check.surroundings import Surroundings
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.report import Source


def measure(folder: Path) -> dict[str, float]:
    """The middle and the longest time of an edition's letters, terms and shapes together."""
    built, rules = examine(folder), Rules.load(check.HOUSE)
    base = built.corpus.edition.base
    around = Surroundings(rules.questions)
    where = Whereabouts(built.corpus.told, Iris(base), (), Source("edition.toml"))
    for _, said in built.blocks:
        around.take(said)
    took = []
    for path, said in built.blocks:
        if path.startswith("letter/"):
            begun = time.perf_counter()
            list(rules.terms(said, around, where, base))
            list(rules.shapes([said], around, where))
            took.append(1000 * (time.perf_counter() - begun))
    return {"letters": len(took), "median_ms": round(median(took), 2), "longest_ms": round(max(took), 2)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))) + "\n")
