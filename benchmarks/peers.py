"""lod beside its peers, in one run: `python benchmarks/peers.py CMIF REGISTER PYTHON [COUNT]`.

CMIF: `2018_Bahr_Schnitzler.xml`, whose letters with one sender, one addressee, a place and a day are repeated until there are COUNT
(2,000). REGISTER: a TEI file of people. PYTHON: the interpreter of an environment that holds the peers (`benchmarks/peers.txt`).
With more than 2,000 those that are slow by far are left out. Every way runs three times in a process of its own; the median of the CPU seconds counts. Two sets of triples are made: a small one,
which says little of each letter, by all peers, and all of lod's, by lod and by scripts written for this file. Those who make the
same set are asserted to do so before times are compared; across the sets triples per CPU second are.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from letters import write
from lxml import etree
from names import TEI
from peer import table

SMALL = ("emit", "rdflib_nt", "rdflib_ttl", "morph_xml", "morph_csv")
WHOLE = ("lod", "emit_untyped", "emit_all", "rdflib_all_nt", "lod_ttl", "rdflib_all_ttl")
PEOPLE = ("acdh_people", "lod_people")
RATIOS = (
    *(
        ("lod", other)
        for other in ("emit_untyped", "emit_all", "rdflib_all_nt", "emit", "rdflib_nt", "morph_xml", "morph_csv")
    ),
    *(("lod_ttl", other) for other in ("rdflib_all_ttl", "rdflib_ttl")),
    ("lod_people", "acdh_people"),
)
ONCE = ("morph_xml", "rdflib_ttl", "rdflib_all_ttl")
"""So slow that one run has to do, and that more than `FEW` letters are not given to them."""
FEW = 2000
TIMES = 3
_LINE = re.compile(r'\A<[^<>"]*> <[^<>"]*> (?:<[^<>"]*>|".*"(?:@[\w-]+|\^\^<[^<>"]*>)?) \.\Z', re.DOTALL)


def complete(letter: etree._Element) -> bool:
    """True for a letter of which every way makes the same triples."""
    actions = letter.findall(f"{TEI}correspAction")
    if [action.get("type") for action in actions] != ["sent", "received"] or not letter.get("ref"):
        return False
    sent, received = actions
    people = [action.findall(f"{TEI}persName") for action in actions]
    dates, places = sent.findall(f"{TEI}date"), sent.findall(f"{TEI}placeName")
    return (
        all(len(names) == 1 and names[0].get("ref") and names[0].text for names in people)
        and len(places) == len(dates) == 1
        and bool(places[0].get("ref"))
        and len(dates[0].get("when") or "") == len("1936-04-22")
        and received.find(f"{TEI}date") is None
    )


def make(source: Path, count: int, folder: Path) -> Path:
    """A file of `count` complete letters."""
    tree = etree.parse(source)
    for letter in list(tree.getroot().iter(f"{TEI}correspDesc")):
        if not complete(letter):
            letter.getparent().remove(letter)
    tree.write(folder / "real.xml", encoding="utf-8")
    write(folder / "real.xml", count, folder / "letters.xml")
    return folder / "letters.xml"


def prefixed(letters: Path) -> Path:
    """The same file with a prefix on every element: positions in morph-kgc's paths fail under a default namespace."""
    text = letters.read_text(encoding="utf-8").replace(" xmlns=", " xmlns:tei=")
    out = letters.with_name("prefixed.xml")
    out.write_text(re.sub(r"<(/?)(?=\w)", r"<\1tei:", text), encoding="utf-8")
    return out


def triples(file: Path) -> set[str]:
    """The different triples of a dump, as N-Triples."""
    if file.suffix == ".nt":
        found = set(file.read_text(encoding="utf-8").splitlines())
        assert all(map(_LINE.match, found)), "no N-Triples"
        return found
    import pyoxigraph

    return {f"{triple.subject} {triple.predicate} {triple.object} ." for triple in pyoxigraph.parse(path=file)}


def dump(folder: Path, way: str) -> Path:
    """Where a way writes."""
    return folder / f"{way}.{'ttl' if way.endswith('ttl') else 'nt'}"


def same(ways: tuple[str, ...], folder: Path) -> None:
    """Assert that several ways make the same triples."""
    first = triples(dump(folder, ways[0]))
    for way in ways[1:]:
        different = first ^ triples(dump(folder, way))
        assert not different, f"{ways[0]}, {way}: {len(different)} triples, {sorted(different)[:4]}"


def measure(python: str, way: str, source: Path, folder: Path) -> dict[str, float]:
    """The median of some runs of one way, with its triples."""
    out = dump(folder, way)
    command = [python, str(Path(__file__).with_name("peer.py")), way, str(source), str(out)]
    runs = []
    for _ in range(1 if way in ONCE else TIMES):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{way}: {done.stderr[-2000:]}")
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    cpu = statistics.median(run["cpu"] for run in runs)
    count = len(triples(out))
    return {"triples": count, "cpu": cpu, "peak_mb": max(run["peak_mb"] for run in runs), "per_second": count / cpu}


def main(source: Path, register: Path, peers: str, count: int) -> None:
    """Measure all and print a table in Markdown, then the ratios that matter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        letters = make(source, count, folder)
        table(letters, folder / "letters.csv")
        (folder / "people").mkdir()
        people = folder / "people" / "people.xml"
        people.write_bytes(register.read_bytes())
        found: dict[str, dict[str, float]] = {}
        special = {"morph_csv": folder / "letters.csv", "morph_xml": prefixed(letters), **dict.fromkeys(PEOPLE, people)}
        left_out = ONCE if count > FEW else ()
        small, whole = (tuple(way for way in ways if way not in left_out) for ways in (SMALL, WHOLE))
        for way in (*small, *whole, *PEOPLE):
            given = special.get(way, letters)
            found[way] = measure(sys.executable if way.startswith("lod") else peers, way, given, folder)
        same(small, folder)
        same(whole, folder)
    show(count, found)


def show(count: int, found: dict[str, dict[str, float]]) -> None:
    """The table, and lod's ratios."""
    lines = [f"{count} letters", "", "| way | triples | CPU s | triples per CPU s | peak MB |", "|---|--:|--:|--:|--:|"]
    for way, each in found.items():
        lines.append(
            f"| {way} | {each['triples']:,} | {each['cpu']:.2f} | {each['per_second']:,.0f} | {each['peak_mb']:.0f} |"
        )
    lines.append("")
    for one, other in RATIOS:
        if one in found and other in found:
            ratio = found[one]["per_second"] / found[other]["per_second"]
            lines.append(f"{one} / {other}: {ratio:.2f}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 2000)
