"""What `ontology/` says of each term, as look-ups over the strings of N-Triples: rdflib reads it once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from lod.errors import VocabularyError
from lod.terms import Iri, iri
from lod.vocab import PREFIXES, activity, ldes, lod, rdf, schema, sh, spdx, tree, xsd

_FURTHER = {
    "activity": activity.Create,
    "ldes": ldes.EventStream,
    "sh": sh.Shape,
    "spdx": spdx.Checksum,
    "tree": tree.Node,
}
NAMESPACES: Mapping[str, str] = {**PREFIXES, **{name: term[1 : term.index("#") + 1] for name, term in _FURTHER.items()}}
"""Prefix → namespace of all vocabularies that the profile knows."""

_TEXT = frozenset({xsd.string, rdf.langString})
_DATATYPES_OF_SCHEMA: Mapping[Iri, frozenset[Iri]] = {
    schema.Text: _TEXT,
    schema.Date: frozenset({xsd.date, xsd.gYear, xsd.gYearMonth}),
    schema.DateTime: frozenset({xsd.dateTime}),
    schema.Number: frozenset({xsd.decimal, xsd.integer}),
    iri(f"{PREFIXES['schema']}Integer"): frozenset({xsd.integer}),
}
_LITERAL = iri(str(RDFS.Literal))
_ANYTHING = frozenset({iri(str(RDFS.Resource)), iri(str(OWL.Thing))})
_CLASS_KINDS = (RDFS.Class, OWL.Class)


@dataclass(frozen=True, slots=True)
class Property:
    """What may stand at both ends of a property. Empty `domains` or `ranges`: the vocabulary leaves it open."""

    domains: frozenset[Iri]
    ranges: frozenset[Iri]
    """Classes that an object may have; no datatypes among them."""
    datatypes: frozenset[Iri]
    """Datatypes that a literal may have; empty when any will do."""
    takes_literal: bool
    takes_node: bool


@dataclass(frozen=True, slots=True)
class Ontology:
    """The terms that may be used, and what each allows."""

    classes: Mapping[Iri, frozenset[Iri]]
    """Class → itself and all its superclasses."""
    properties: Mapping[Iri, Property]
    datatypes: frozenset[Iri]
    individuals: Mapping[Iri, frozenset[Iri]]
    """Terms that are things of a class themselves, as properties are `crm:E55_Type`s for P177."""
    ancestors: frozenset[Iri]
    """Terms that stand in the profile for the sake of others only."""
    _by_lower_case: dict[str, Iri] = field(default_factory=dict)

    def knows(self, term: Iri) -> bool:
        """True when `term` is described and may be used."""
        return term not in self.ancestors and (
            term in self.properties or term in self.classes or term in self.datatypes or term in self.individuals
        )

    def lineage(self, types: Iterable[Iri]) -> frozenset[Iri]:
        """All classes that a node of these types belongs to."""
        return frozenset().union(*(self.classes.get(kind, frozenset({kind})) for kind in types))

    def trouble(self, term: Iri) -> tuple[str, str, str]:
        """Code, sentence and hint for a term that may not be used."""
        name = compact(term)
        if term in self.ancestors:
            return "term-ancestor", f"{name} stands in the profile as an ancestor only", "use a more specific term"
        if term.startswith("<http://schema.org/"):
            right = Iri(term.replace("<http:", "<https:", 1))
            known = f": {compact(right)}" if self.knows(right) else ""
            return "term-scheme", f"{term} is written with http", f"schema.org is written with https here{known}"
        if not self._by_lower_case:
            known_terms = (*self.properties, *self.classes, *self.datatypes, *self.individuals)
            self._by_lower_case.update((known.lower(), known) for known in known_terms if known not in self.ancestors)
        right_case = self._by_lower_case.get(term.lower())
        if right_case:
            return "term-case", f"{name} is written in the wrong case", f"write {compact(right_case)}"
        if not any(term.startswith(f"<{start}") for start in NAMESPACES.values()):
            return "term-foreign", f"{term} belongs to no vocabulary of the profile", "describe it in ontology/ first"
        close = get_close_matches(term.lower(), self._by_lower_case, 1, 0.6)
        hint = f"did you mean {compact(self._by_lower_case[close[0]])}?" if close else "describe it in ontology/ first"
        return "term-unknown", f"{name} is not in the profile", hint


def compact(term: str) -> str:
    """A term as people write it: `crm:P14_carried_out_by`; as it is when no prefix fits."""
    for prefix, start in NAMESPACES.items():
        if term.startswith(f"<{start}"):
            return f"{prefix}:{term[len(start) + 1 : -1]}"
    return term


def read(folder: Path, holding: str) -> Graph:
    """All Turtle files of a folder as one graph. `VocabularyError` when one cannot be read, or none holds `holding`."""
    graph = Graph()
    for file in sorted(folder.glob("*.ttl")):
        try:
            graph.parse(file)
        except Exception as error:  # rdflib raises whatever its parser meets
            raise VocabularyError(f"{file}: not Turtle: {error}") from error
    if not graph:
        raise VocabularyError(f"{folder}: no Turtle file with {holding} in it")
    return graph


def load(folder: Path) -> Ontology:
    """Read the Turtle files of `ontology/`. `VocabularyError` as of `read`."""
    return of(read(folder, "terms"))


def of(graph: Graph) -> Ontology:
    """The look-ups of an ontology that rdflib holds."""
    datatypes = frozenset(_iris(graph.subjects(RDF.type, RDFS.Datatype)))
    classes = {
        _iri(node): frozenset(_iris(graph.transitive_objects(node, RDFS.subClassOf)))
        for kind in _CLASS_KINDS
        for node in graph.subjects(RDF.type, kind)
    }
    properties = {_iri(node): _property(graph, node, datatypes) for node in graph.subjects(RDF.type, RDF.Property)}
    individuals = {
        _iri(node): frozenset(_iris(graph.objects(node, RDF.type)))
        for node in set(graph.subjects(RDF.type))
        if isinstance(node, URIRef)
    }
    ancestors = frozenset(_iris(graph.subjects(_uri(lod.standing))))
    return Ontology(classes, properties, datatypes, individuals, ancestors)


def _property(graph: Graph, node: Node, datatypes: frozenset[Iri]) -> Property:
    domains = _declared(graph, node, RDFS.domain, "domainIncludes")
    ranges = _declared(graph, node, RDFS.range, "rangeIncludes")
    of_node = frozenset(term for term in ranges if term != _LITERAL and term not in datatypes)
    # What a vocabulary leaves open its kind of property still tells: no literal for an owl:ObjectProperty.
    objects = (node, RDF.type, OWL.ObjectProperty) in graph
    literals = (node, RDF.type, OWL.DatatypeProperty) in graph
    told = frozenset(_iris(graph.objects(node, _uri(lod.datatype))))
    of_schema = [_DATATYPES_OF_SCHEMA[term] for term in ranges if term in _DATATYPES_OF_SCHEMA]
    plain = ranges & datatypes - frozenset(_DATATYPES_OF_SCHEMA)
    return Property(
        domains=frozenset() if domains & _ANYTHING else domains,
        ranges=frozenset() if of_node & _ANYTHING else of_node,
        datatypes=told or frozenset().union(plain, *of_schema),
        takes_literal=len(of_node) < len(ranges) if ranges else not objects,
        takes_node=bool(of_node) if ranges else not literals,
    )


def _declared(graph: Graph, node: Node, stated: URIRef, includes: str) -> frozenset[Iri]:
    """Domain or range as declared here, or for want of it by the nearest superproperties."""
    queue, seen = [node], set[Node]()
    while queue:
        found = frozenset(
            _iris(
                value
                for term in queue
                for predicate in (stated, URIRef(f"{PREFIXES['schema']}{includes}"))
                for value in graph.objects(term, predicate)
            )
        )
        if found:
            return found
        seen.update(queue)
        queue = [up for term in queue for up in graph.objects(term, RDFS.subPropertyOf) if up not in seen]
    return frozenset()


def _iri(node: Node) -> Iri:
    return iri(str(node))


def _iris(nodes: Iterable[Node | None]) -> Iterable[Iri]:
    return (iri(str(node)) for node in nodes if isinstance(node, URIRef))


def _uri(term: Iri) -> URIRef:
    return URIRef(term[1:-1])
