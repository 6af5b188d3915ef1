"""Parts of a data set for those who know one vocabulary only: schema.org alone, CIDOC CRM with LRMoo alone.

Each is a subset of the dump: statements whose property belongs to the profile, classes that do, and labels.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lod.terms import Triple
from lod.vocab import PREFIXES, rdf, rdfs


@dataclass(frozen=True, slots=True)
class Profile:
    """A way to tell the same: its short name, the IRI that names it (RFC 6906), a name for people, its namespaces."""

    name: str
    iri: str
    label: str
    namespaces: tuple[str, ...]

    def keeps(self, triple: Triple) -> bool:
        """True when the profile has this statement."""
        _, predicate, node = triple
        if predicate == rdf.type:
            return node[1:].startswith(self.namespaces)
        return predicate == rdfs.label or predicate[1:].startswith(self.namespaces)

    def select(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """What the profile has of these statements."""
        return filter(self.keeps, triples)


_HERE = "https://w3id.org/correspondence-lod/profile/"
FULL = Profile("full", f"{_HERE}1.0", "Application profile 1.0", ())
"""Everything; the profile that dumps and documents conform to when nobody asks for another."""
SCHEMA_ORG = Profile("schema-org", f"{_HERE}schema-org", "schema.org only", (PREFIXES["schema"],))
CIDOC = Profile("cidoc", f"{_HERE}cidoc", "CIDOC CRM and LRMoo only", (PREFIXES["crm"], PREFIXES["lrmoo"]))
LINKED_ART = Profile("linked-art", "https://linked.art/ns/v1/linked-art.json", "Linked Art", ())
"""JSON of its own (`lod.dumps.linkedart`), no selection of statements."""

SELECTIONS = (SCHEMA_ORG, CIDOC)
PROFILES = (FULL, *SELECTIONS, LINKED_ART)
