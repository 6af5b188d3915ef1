"""Who points to a thing, grouped by what it means and counted, so that any page of a long group is cheap."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lod.iris import slug
from lod.store.documents import Documents
from lod.vocab import crm, foaf, prov, rdfs, schema, skos
from lod.web import words
from lod.web.texts import Text, by_year, in_time
from lod.web.values import natural

_MANY = 100
"""What points to a thing with more links than these is told in the index, else it is looked up when somebody looks."""
_ONE_HOP = (schema.name.removesuffix("name>"), crm.P70i_is_documented_in, crm.P2_has_type, crm.P72_has_language)
_UNTOLD = frozenset({foaf.primaryTopic, prov.wasDerivedFrom, skos.inScheme, rdfs.seeAlso, crm.P106i_forms_part_of})
"""Links that say nothing to a reader at their target, or that another group says better."""
_ORDER = {term: place for place, term in enumerate(words.PROPERTIES)}
OTHER = "Other links"


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
        self._key: Callable[[Text], Any] = in_time

    def of(self, path: str) -> Mapping[str, Pointing]:
        """Heading → what points here. What one link says of a thing, an echo of it does not say again."""
        row = self._documents.index.one("SELECT data FROM backlink WHERE path = ?", path)
        if row is None:
            return self._group(path)
        return {heading: Pointing(paths, tuple(map(tuple, years))) for heading, paths, years in json.loads(row[0])}

    def write(self) -> None:
        """Write down the groups of things that many point to."""
        index, order = self._documents.index, {path: place for place, path in enumerate(self._texts)}
        self._key = lambda row: order[row.path]  # the same order, found sooner
        index.run(_TABLE)
        for (path,) in index.all("SELECT path FROM thing WHERE links > ? AND place AND instr(path, '/')", _MANY):
            groups = [(heading, found.paths, found.years) for heading, found in self._group(path).items()]
            index.insert("INSERT INTO backlink VALUES (?, ?)", [(path, json.dumps(groups))])

    def _group(self, path: str) -> Mapping[str, Pointing]:
        found: dict[str, dict[str, None]] = {}
        told: set[str] = set()
        pointers = self._documents.pointers(path)
        for thing, part, predicate in sorted(pointers, key=lambda pointer: _ORDER.get(pointer[2], len(_ORDER))):
            source = thing + part
            if not source or predicate in _UNTOLD:
                continue
            known = words.PROPERTIES.get(predicate)
            if (known is None or not known.back or not predicate.startswith(_ONE_HOP)) and thing in told:
                continue
            heading = known.back if known is not None and known.back else OTHER
            found.setdefault(heading, {})[source] = None
            told.add(thing)
        return {heading: self._pointing(paths) for heading, paths in found.items()}

    def _pointing(self, paths: Mapping[str, None]) -> Pointing:
        """Texts in order of time, all else by name."""
        rows = [row for path in paths if (row := self._texts.get(path))]
        if len(rows) < len(paths):
            return Pointing(sorted(paths, key=natural), ())
        counts = by_year(rows)
        years = sorted(counts.items(), key=lambda pair: pair[0] or "~") if len(counts) > 1 else ()
        return Pointing([row.path for row in sorted(rows, key=self._key)], tuple(years))


def anchor(heading: str) -> str:
    """What a group is called in addresses: `letters-sent`."""
    return slug(heading)
