"""SHACL alone over a large edition: `python benchmarks/validate.py EDITION`. One line of JSON.

The edition is read and mapped first (what the user's cache has of it is used). Then its pieces are given to all processors once
more, and nothing but the shapes is run: wall-clock seconds with loading the pieces and starting the processes, CPU seconds in
the shapes, the peak memory of the largest process.
"""

import json
import resource
import sys
import time
from functools import partial
from pathlib import Path

from lod import check, config, readers
from lod.cache import Cache
from lod.check.nodes import Nodes
from lod.check.surroundings import Surroundings
from lod.check.where import Whereabouts
from lod.iris import Iris
from lod.mapping.blocks import Lines
from lod.parallel import Crew, processors
from lod.pieces import job, whole
from lod.pieces.piece import ELSEWHERE
from lod.report import Report
from lod.spool import Chunk, Spool
from lod.terms import triples


def shapes(file: Path, chunk: Chunk[Lines]) -> tuple[float, int]:
    """CPU seconds in the shapes, and how much they found, in one piece."""
    setting, rules = job._setting(file)
    blocks = [triples(text) for _, text in chunk.load()]
    around = Surroundings(rules.questions, Nodes(job.Presumption(setting).of))
    around.nodes.take(triple for block in blocks for triple in block)
    for pointer in setting.pointers:
        around.pointers.add(pointer)
    where = Whereabouts({}, Iris(setting.context.edition.base), (), ELSEWHERE)
    begun = time.process_time()
    found = sum(1 for _ in rules.shapes(blocks, around, where))
    return time.process_time() - begun, found


def measure(folder: Path) -> dict[str, float]:
    """All pieces of an edition."""
    cache, count = Cache.of_user(), processors()
    spool = Spool()
    with Crew(count) as crew:
        corpus = readers.read(config.load(folder), Report(), crew=crew, cache=cache)
        run = whole._Run(corpus, {}, check.HOUSE, crew, spool, cache)
        found = run.whole(lambda _: None)
        setting = run._handed_out()
    with Crew(count) as crew:
        begun = time.perf_counter()
        done = list(crew.each(partial(shapes, setting), found.blocks.chunks))
        seconds = time.perf_counter() - begun
    return {
        "letters": len(corpus.records.letters),
        "triples": found.blocks.triples,
        "processes": count,
        "seconds": round(seconds, 1),
        "cpu_in_shapes": round(sum(cpu for cpu, _ in done), 1),
        "findings": sum(number for _, number in done),
        "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    from validate import measure  # other processes know this file by its name only

    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))) + "\n")
