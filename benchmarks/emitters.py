"""lod beside the untyped emitter on real files: `python benchmarks/emitters.py CMIF …`, each of those that `untyped.py` reads.

Every file is done three times by each, in a process of its own; the medians of the CPU seconds count. It is asserted that both
say the same of the file, all of it.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from peers import measure, same

WAYS = ("lod", "emit_untyped")


def main(sources: list[Path]) -> None:
    """A row of Markdown for each file."""
    lines = [
        "| file | triples | lod, CPU s | untyped, CPU s | lod's triples per CPU second, times the untyped emitter's |"
    ]
    lines.append("|---|--:|--:|--:|--:|")
    for source in sources:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copyfile(source, folder / "letters.xml")
            lod, untyped = (measure(sys.executable, way, folder / "letters.xml", folder) for way in WAYS)
            same(WAYS, folder)
        ratio = lod["per_second"] / untyped["per_second"]
        lines.append(f"| {source.name} | {lod['triples']:,} | {lod['cpu']:.3f} | {untyped['cpu']:.3f} | {ratio:.2f} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]])
