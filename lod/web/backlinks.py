"""Who points to a thing, grouped by what it means and counted, so that any page of a long group is cheap."""

from collections.abc import Mapping, Sequence

from lod.iris import owner, slug
from lod.store.documents import Documents
from lod.vocab import crm, foaf, prov, rdfs, schema, skos
from lod.web import words
from lod.web.texts import Texts, in_time
from lod.web.values import natural

_MANY = 400
"""A thing with so many links is counted when the dump is loaded, any other when somebody looks."""
_ONE_HOP = (schema.name.removesuffix("name>"), crm.P70i_is_documented_in, crm.P2_has_type, crm.P72_has_language)
_UNTOLD = frozenset({foaf.primaryTopic, prov.wasDerivedFrom, skos.inScheme, rdfs.seeAlso, crm.P106i_forms_part_of})
"""Links that say nothing to a reader at their target, or that another group says better."""
_ORDER = {term: place for place, term in enumerate(words.PROPERTIES)}
OTHER = "Other links"


class Backlinks:
    """Groups by heading (an English message), each a list of paths in an order for people."""

    def __init__(self, documents: Documents, texts: Texts) -> None:
        self._documents = documents
        self._texts = texts
        self._known: dict[str, Mapping[str, Sequence[str]]] = {}
        for path in documents.paths():
            if len(documents.incoming(path)) > _MANY and "/" in path:
                self.of(path)

    def of(self, path: str) -> Mapping[str, Sequence[str]]:
        """Heading → paths of what points here. What one link says of a thing, an echo of it does not say again."""
        if path not in self._known:
            self._known[path] = self._group(path)
        return self._known[path]

    def _group(self, path: str) -> Mapping[str, Sequence[str]]:
        found: dict[str, dict[str, None]] = {}
        told: set[str] = set()
        iris = self._documents.iris
        for subject, predicate, _ in sorted(
            self._documents.incoming(path), key=lambda triple: _ORDER.get(triple[1], len(_ORDER))
        ):
            source = iris.path(subject)
            thing = owner(source)
            if not source or predicate in _UNTOLD:
                continue
            known = words.PROPERTIES.get(predicate)
            if (known is None or not known.back or not predicate.startswith(_ONE_HOP)) and thing in told:
                continue
            heading = known.back if known is not None and known.back else OTHER
            found.setdefault(heading, {})[source] = None
            told.add(thing)
        return {heading: self._ordered(paths) for heading, paths in found.items()}

    def _ordered(self, paths: Mapping[str, None]) -> Sequence[str]:
        """Texts in order of time, all else by name."""
        rows = self._texts.by_path
        if all(path in rows for path in paths):
            return [row.path for row in sorted((rows[path] for path in paths), key=in_time)]
        return sorted(paths, key=natural)


def anchor(heading: str) -> str:
    """What a group is called in addresses: `letters-sent`."""
    return slug(heading)
