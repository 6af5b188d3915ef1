"""Draws random facts from a dump, with their places in the printed edition, for somebody to check against the book.

`python -m lod.tools.sample_facts dumps/serge-trotsky/serge-trotsky.ttl --count 200 --seed 1994 > facts.tsv`
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, parse

from lod.vocab import PREFIXES, crm, dcterms, foaf, lrmoo, prov, rdf, rdfs, schema, skos

COUNT, SEED = 200, 1994

_NO_FACTS = {
    # what makes the data hang together, not what happened
    *(rdf.type, rdfs.label, foaf.primaryTopic, prov.wasDerivedFrom, dcterms.license, dcterms.modified),
    *(dcterms.isPartOf, dcterms.conformsTo, dcterms.title, skos.prefLabel, skos.inScheme, skos.exactMatch),
    *(skos.notation, crm.P70i_is_documented_in, crm.P106i_forms_part_of, crm.P1_is_identified_by),
    *(crm.P01_has_domain, crm.P02_has_range, crm.P140_assigned_attribute_to, crm.P141_assigned),
    *(
        crm.P177_assigned_property_of_type,
        crm.P94i_was_created_by,
        crm.P16_used_specific_object,
        crm.P17_was_motivated_by,
    ),
    *(crm.P82_at_some_time_within, crm.P82a_begin_of_the_begin, crm.P82b_end_of_the_end),
    *(lrmoo.R16_created, lrmoo.R17_created, lrmoo.R24_created, schema.identifier, schema.isPartOf),
    # said once already, by CIDOC CRM
    *(schema.mentions, schema.name, schema.location, schema.startDate, schema.endDate, schema.gender),
    *(schema.children, schema.containedInPlace, schema.member, schema.hasOccupation, crm.P72_has_language),
    # not from the book: authorities and maps
    *(schema.sameAs, schema.latitude, schema.longitude, crm.P168_place_is_defined_by),
}
_NO_SUBJECTS = ("type/", "language/", "correspondence/", "dataset", "source/")
_NO_PARTS = ("assertion", "translation-", "text")
"""Nodes that say who says so, or that a translation is one: true by construction."""
_NO_THINGS = ("type/name-", "type/part-", "type/assertion-", "type/action-", "type/identifier-")


@dataclass(slots=True)
class Dump:
    """A dump, ready to be drawn from: statements, labels and places by IRI."""

    base: str
    statements: list[tuple[str, str, str]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    places: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def read(cls, file: Path) -> "Dump":
        """The dump in a file; its base is that of its data set."""
        triples = [(quad.subject, quad.predicate.value, quad.object) for quad in parse(path=file)]
        records = (s.value for s, p, _ in triples if f"<{p}>" == foaf.primaryTopic and isinstance(s, NamedNode))
        dump = cls("/".join(next(records).split("/")[:-2]) + "/")
        for subject, predicate, value in triples:
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                dump._take(subject.value, predicate, value)
        return dump

    def _take(self, subject: str, predicate: str, value: NamedNode | Literal) -> None:
        if f"<{predicate}>" == rdfs.label:
            self.labels.setdefault(subject, value.value)
        elif f"<{predicate}>" == crm.P70i_is_documented_in:
            self.places[subject].add(value.value.rpartition("/")[2])
        if self._is_fact(subject, f"<{predicate}>", value.value):
            self.statements.append((subject, predicate, value.value))

    def _is_fact(self, subject: str, predicate: str, value: str) -> bool:
        path, target = subject.removeprefix(self.base), value.removeprefix(self.base)
        parts = path.split("/")[2:]
        told = not path.startswith(_NO_SUBJECTS) and not path.endswith(".ttl")
        told = told and not any(part.startswith(_NO_PARTS) for part in parts)
        return told and predicate not in _NO_FACTS and not target.startswith(_NO_THINGS)

    def draw(self, count: int = COUNT, seed: int = SEED) -> list[tuple[str, str, str, str]]:
        """Facts as label of the subject, property, label of the object, places: the same for the same seed."""
        cited = {place for places in self.places.values() for place in places}
        pool = sorted({one for one in self.statements if one[0].rpartition("/")[2] not in cited})
        drawn = random.Random(seed).sample(pool, min(count, len(pool)))  # noqa: S311
        return [self._row(*statement) for statement in drawn]

    def _row(self, subject: str, predicate: str, value: str) -> tuple[str, str, str, str]:
        return self._label(subject), _short(predicate), self._label(value), " ".join(self._places(subject, value))

    def _label(self, node: str) -> str:
        return " ".join(self.labels.get(node, node.removeprefix(self.base)).split())

    def _places(self, subject: str, value: str) -> list[str]:
        """Those of the statement's own node, else of the thing it belongs to, else of the object."""
        for node in (subject, self._owner(subject), value, self._owner(value)):
            if node in self.places:
                return sorted(self.places[node])
        return []

    def _owner(self, node: str) -> str:
        return self.base + "/".join(node.removeprefix(self.base).split("/")[:2])


def _short(predicate: str) -> str:
    for prefix, start in PREFIXES.items():
        if predicate.startswith(start):
            return f"{prefix}:{predicate.removeprefix(start)}"
    return predicate


def table(rows: Iterable[tuple[str, str, str, str]]) -> str:
    """The facts as TSV, with a heading."""
    return "\n".join("\t".join(row) for row in (("subject", "property", "object", "places"), *rows)) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m lod.tools.sample_facts", description="Random facts of a dump.")
    parser.add_argument("dump", type=Path, help="a dump in Turtle or N-Triples")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    sys.stdout.write(table(Dump.read(given.dump).draw(given.count, given.seed)))


if __name__ == "__main__":
    main()
