"""How good an edition's data are, from the reports of the run that made them: the shapes' verdict, and what is missing.

`graphs/report.ttl` is the SHACL report, `report.json` holds all findings; both lie beside the dump, or come from the newest
release. Nothing is counted here but the shapes. Each gap leads to the query in `queries/` that finds the things it counts.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox

from lod import report
from lod.check import HOUSE
from lod.iris import KINDS
from lod.release.graphs import FOLDER
from lod.report import Finding, Level, Report
from lod.terms import address
from lod.vocab import sh
from lod.web.interface import Interface
from lod.web.once import once_a_room
from lod.web.site import Room, Site

_COVERAGE = "coverage-"
_COUNTED = re.compile(r"(?P<count>\d+) of (?P<all>\d+) (?P<rest>[^:]+?)(?:, in)?:.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that sources do not say: the sentence of the report, in numbers too, and where those that lack it are listed."""

    sentence: str
    lack: int
    all: int
    href: str

    @property
    def have(self) -> int:
        """Those that do not lack it."""
        return self.all - self.lack


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the shapes said. `violations` are messages with how often each was told."""

    conforms: bool
    violations: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything the page tells. `levels` are counts of findings, `others` those that are neither errors nor gaps.

    `verdict` and `levels` are None when the report they come from is not there.
    """

    shapes: int
    constraints: int
    verdict: Verdict | None
    levels: Mapping[Level, int] | None
    gaps: tuple[Gap, ...]
    others: tuple[Finding, ...]


def of(site: Site, room: Room, words: Interface) -> Quality:
    """The quality of one edition, in the reader's language."""
    shapes, constraints = _shapes()
    found = _report(room)
    gaps = tuple(gap for finding in found or () if (gap := _gap(site, room, finding, words)))
    others = tuple(finding for finding in found or () if not finding.code.startswith(_COVERAGE))
    levels = found.count() if found is not None else None
    return Quality(shapes, constraints, _verdict(room), levels, gaps, others)


@once_a_room
def _report(room: Room) -> Report | None:
    file = _beside(room, Path(report.FILE), report.FILE)
    try:
        return Report.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # a dump without its report is served all the same


@once_a_room
def _verdict(room: Room) -> Verdict | None:
    """From the SHACL report; None when there is none that can be read."""
    file = _beside(room, Path(FOLDER, "report.ttl"), "shacl-report.ttl")
    try:
        quads = list(ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))
    except (OSError, SyntaxError):
        return None
    said = [(quad.predicate.value, str(quad.object.value)) for quad in quads if not isinstance(quad.object, ox.Triple)]
    conforms = [text == "true" for term, text in said if term == address(sh.conforms)]
    messages = Counter(text for term, text in said if term == address(sh.resultMessage))
    return Verdict(conforms[0], tuple(messages.most_common())) if conforms else None


def _beside(room: Room, here: Path, released: str) -> Path:
    """A report beside the dump, else the one in the newest release."""
    latest = room.history.latest
    return latest.folder / released if latest and not (room.dumps / here).is_file() else room.dumps / here


@lru_cache(maxsize=1)
def _shapes() -> tuple[int, int]:
    """How many shapes there are, and how many constraints on properties they hold."""
    shapes, constraints = 0, 0
    for file in (HOUSE / "shapes").glob("*.ttl"):
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
            shapes += quad.object == ox.NamedNode(address(sh.NodeShape))
            constraints += quad.predicate == ox.NamedNode(address(sh.property))
    return shapes, constraints


def _gap(site: Site, room: Room, finding: Finding, words: Interface) -> Gap | None:
    match = _COUNTED.fullmatch(finding.message)
    if match is None or not finding.code.startswith(_COVERAGE):
        return None
    sentence = f"{match['count']} of {match['all']} {match['rest']}"
    told = words.labels.finding(sentence) or sentence
    told = re.sub(r"\d{4,}", lambda number: words.number(int(number[0])), told)
    return Gap(told, int(match["count"]), int(match["all"]), _where(site, room, finding.code.removeprefix(_COVERAGE)))


def _where(site: Site, room: Room, code: str) -> str:
    """The address of the query that lists them; for what no query can find, the list of the kind."""
    query = queries().get(code, "")
    if not query:
        kind = code.split("-")[0]
        return room.link(f"{kind}/") if kind in KINDS else ""
    if site.several:
        own = f'  FILTER (STRSTARTS(STR(?thing), "{room.documents.iris.base}"))\n'
        query = query.replace("WHERE {\n", "WHERE {\n" + own, 1)
    return f"{site.link('sparql')}?{urlencode({'query': query})}"


@lru_cache(maxsize=1)
def queries() -> Mapping[str, str]:
    """The code of each gap → the query that finds what it counts."""
    folder = files("lod.web").joinpath("queries")
    return {file.name.removesuffix(".rq"): file.read_text(encoding="utf-8") for file in folder.iterdir()}
