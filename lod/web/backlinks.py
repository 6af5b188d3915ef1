"""Who points to a thing, grouped by what it means and counted, so that any page of a long group is cheap."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from lod.iris import slug
from lod.store.documents import Documents
from lod.store.index import Index
from lod.terms import Iri
from lod.vocab import crm, foaf, prov, rdfs, schema, skos
from lod.web import words
from lod.web.texts import Text, in_time
from lod.web.values import naturally

_MANY = 100
"""What points to a thing with more links than these is told in the index, else it is looked up when somebody looks."""
_ONE_HOP = (schema.name.removesuffix("name>"), crm.P70i_is_documented_in, crm.P2_has_type, crm.P72_has_language)
_UNTOLD = frozenset({foaf.primaryTopic, prov.wasDerivedFrom, skos.inScheme, rdfs.seeAlso, crm.P106i_forms_part_of})
"""Links that say nothing to a reader at their target, or that another group says better."""
_ORDER = {term: place for place, term in enumerate(words.PROPERTIES)}
OTHER = "Other links"


Pointer = tuple[str, str, Iri]
"""The path of a thing, of which part of it, and by which property."""
Dated = Callable[[str], tuple[Any, str] | None]
_OFTEN = "SELECT path, first, links FROM thing WHERE links > ? AND place AND instr(path, '/')"
_BETWEEN = "FROM link WHERE place BETWEEN ? AND ?"
_TABLE = "CREATE TABLE backlink(path TEXT PRIMARY KEY, data TEXT);"


@dataclass(frozen=True, slots=True)
class Pointing:
    """What points to a thing with one meaning, in an order for people. `years` counts texts by year, if of several years."""

    paths: Sequence[str]
    years: tuple[tuple[str, int], ...]


class Backlinks:
    """Groups by heading (an English message)."""

    def __init__(self, documents: Documents, texts: Mapping[str, Text]) -> None:
        self._documents = documents
        self._texts = texts

    def of(self, path: str) -> Mapping[str, Pointing]:
        """Heading → what points here. What one link says of a thing, an echo of it does not say again."""
        row = self._documents.index.one("SELECT data FROM backlink WHERE path = ?", path)
        if row is None:
            return grouped(self._documents.pointers(path), self._dated)
        return {heading: Pointing(paths, tuple(map(tuple, years))) for heading, paths, years in json.loads(row[0])}

    def _dated(self, path: str) -> tuple[Any, str] | None:
        row = self._texts.get(path)
        return (in_time(row), row.year) if row else None


def write(index: Index, things: Sequence[str], dated: Dated) -> None:
    """Write down the groups of things that many point to. `things` gives all paths, by number from 1 on."""
    spelt = dict(index.all("SELECT id, text FROM word"))
    index.run(_TABLE)
    for path, first, links in index.all(_OFTEN, _MANY):
        pointers = _in_rank(index, things, spelt, (first, first + links - 1))
        groups = [(heading, one.paths, one.years) for heading, one in _grouped(pointers, dated).items()]
        index.insert("INSERT INTO backlink VALUES (?, ?)", [(path, json.dumps(groups))])


def _in_rank(index: Index, things: Sequence[str], spelt: Mapping[int, str], ends: tuple[int, int]) -> Iterator[Pointer]:
    """Pointers as `grouped` sorts them, few of them held."""
    found = [each for (each,) in index.all(f"SELECT DISTINCT predicate {_BETWEEN}", *ends)]
    ranks: dict[int, list[int]] = {}
    for each in found:
        ranks.setdefault(_ORDER.get(Iri(spelt[each]), len(_ORDER)), []).append(each)
    for _, wanted in sorted(ranks.items()):
        asked = ", ".join(map(str, wanted))
        for rows in index.some(
            f"SELECT source, part, predicate {_BETWEEN} AND predicate IN ({asked}) ORDER BY place", *ends
        ):
            yield from ((things[source - 1], spelt[part], Iri(spelt[term])) for source, part, term in rows)


def grouped(pointers: Iterable[Pointer], dated: Dated) -> Mapping[str, Pointing]:
    """Heading → what points to a thing. `dated` gives what texts are sorted by in time and their year, None for all else."""
    return _grouped(sorted(pointers, key=lambda pointer: _ORDER.get(pointer[2], len(_ORDER))), dated)


def _grouped(pointers: Iterable[Pointer], dated: Dated) -> Mapping[str, Pointing]:
    found: dict[str, dict[str, None]] = {}
    told: set[str] = set()
    for thing, part, predicate in pointers:
        source = thing + part
        if not source or predicate in _UNTOLD:
            continue
        known = words.PROPERTIES.get(predicate)
        if (known is None or not known.back or not predicate.startswith(_ONE_HOP)) and thing in told:
            continue
        heading = known.back if known is not None and known.back else OTHER
        if predicate in words.BACK_FROM:
            heading, source = _meant(thing, part, predicate, heading)
        found.setdefault(heading, {})[source] = None
        told.add(thing)
    return {heading: _pointing(paths, dated) for heading, paths in found.items()}


def _meant(thing: str, part: str, predicate: Iri, heading: str) -> tuple[str, str]:
    """What a link is called, and what it comes from: the thing, where the heading says which part of it is meant."""
    kinds = words.BACK_FROM[predicate]
    for kind in (part.removeprefix("/"), thing.partition("/")[0]):
        if kind in kinds:
            return kinds[kind], thing
    return heading, thing + part


def _pointing(paths: Mapping[str, None], dated: Dated) -> Pointing:
    """Texts in order of time, all else by name."""
    rows = [(row[0], path, row[1]) for path in paths if (row := dated(path))]
    if len(rows) < len(paths):
        return Pointing(sorted(paths, key=naturally), ())
    counts = Counter(year for _, _, year in rows)
    years = sorted(counts.items(), key=lambda pair: pair[0] or "~") if len(counts) > 1 else ()
    return Pointing([path for _, path, _ in sorted(rows, key=itemgetter(0))], tuple(years))


def anchor(heading: str) -> str:
    """What a group is called in addresses: `letters-sent`."""
    return slug(heading)
