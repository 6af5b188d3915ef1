"""From a CMIF file to a checked dump, stage by stage: `python benchmarks/convert.py SOURCE COUNT …`.

For each COUNT a file of so many letters is made from SOURCE (`benchmarks/letters.py`) and read, mapped, checked and written in
a process of its own; CPU seconds of each stage and the peak memory, as one line of JSON a count.
"""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

from letters import write as write_letters

from lod import check, config, dumps, mapping, readers
from lod.report import Report

TOML = """id = "bench"
base = "https://example.org/bench/"
title = { en = "Benchmark" }
description = { en = "Benchmark" }
languages = ["en"]
editors = ["Nobody"]
publisher = "Nobody"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
rights = "None"

[[source]]
file = "letters.xml"
format = "cmif"
"""


def measure(source: Path, count: int) -> dict[str, float]:
    """CPU seconds of each stage."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_letters(source, count, folder / "letters.xml")
        (folder / "edition.toml").write_text(TOML, encoding="utf-8")
        report, figures, last = Report(), {"letters": float(count)}, time.process_time()

        def lap(stage: str) -> None:
            nonlocal last
            now = time.process_time()
            figures[stage], last = round(now - last, 2), now

        corpus = readers.read(config.load(folder), report)
        lap("read")
        blocks = tuple(mapping.map_edition(corpus.edition, corpus.records, corpus.sources))
        lap("map")
        check.check(blocks, corpus.edition, corpus.told, report)
        lap("check")
        dumps.write((triples for _, triples in blocks), corpus.edition.base, folder / "out.ttl", "ttl")
        lap("turtle")
        figures["triples"] = sum(len(triples) for _, triples in blocks)
        figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return figures


if __name__ == "__main__":
    for number in map(int, sys.argv[2:]):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            sys.stdout.write(json.dumps(pool.apply(measure, (Path(sys.argv[1]), number))) + "\n")
            sys.stdout.flush()
