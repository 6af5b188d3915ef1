"""The profile against the official files: each term is there, with the same kind, domain, range and superclasses."""

from collections.abc import Iterator
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from lod.check.ontology import NAMESPACES, compact
from lod.report import Finding, Level, Source
from lod.terms import iri

_SCHEMA = NAMESPACES["schema"]
_OPEN = (URIRef(f"{_SCHEMA}domainIncludes"), URIRef(f"{_SCHEMA}rangeIncludes"))
_COMPARED = (RDFS.domain, RDFS.range, RDFS.subClassOf, *_OPEN)
_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty)
_UNOFFICIAL = ("activity", "edtf", "ldes", "lod", "owl", "rdf", "rdfs", "sh", "spdx", "tree", "xsd")
_OFFICIAL = tuple(start for prefix, start in NAMESPACES.items() if prefix not in _UNOFFICIAL)
"""The vocabularies that have official files; RDF, RDFS, OWL, XSD and SHACL are the W3C's recommendations themselves."""
_LATER = frozenset(f"{NAMESPACES['dcat']}{name}" for name in ("hasVersion", "version"))
"""Terms of DCAT 3, which the file of DCAT 2 does not have."""
_FORMATS = {".rdf": "xml", ".ttl": "turtle"}


def read_official(folder: Path) -> Graph:
    """All RDF and Turtle files of a folder of official vocabularies as one graph."""
    graph = Graph()
    for file in sorted(folder.iterdir()):
        if file.suffix in _FORMATS:
            graph.parse(file, format=_FORMATS[file.suffix])
    return graph


def check_profile(profile: Graph, official: Graph, source: Source) -> Iterator[Finding]:
    """Differences, for those vocabularies that `official` describes."""
    for term in sorted({str(term) for term in profile.subjects(RDF.type) if isinstance(term, URIRef)}):
        if not term.startswith(_OFFICIAL) or term in _LATER:
            continue
        node, name = URIRef(term), compact(iri(term))
        if (node, RDF.type, None) not in official:
            yield Finding(Level.ERROR, "profile-unknown", f"{name} is not in the official files", source)
            continue
        yield from _kind(profile, official, node, name, source)
        for aspect in _COMPARED:
            ours, theirs = _values(profile, node, aspect), _values(official, node, aspect)
            if aspect == RDFS.subClassOf:
                # A superclass in a vocabulary that the profile does not use has nothing to say here.
                theirs = {value for value in theirs if value.startswith(tuple(NAMESPACES.values()))}
            if ours != theirs:
                message = f"{name}: {compact(iri(str(aspect)))} is {_list(ours)}, officially {_list(theirs)}"
                yield Finding(Level.ERROR, "profile-differs", message, source)


def _kind(profile: Graph, official: Graph, node: URIRef, name: str, source: Source) -> Iterator[Finding]:
    for kind in _KINDS:
        if ((node, RDF.type, kind) in official) != ((node, RDF.type, kind) in profile):
            is_one = "" if (node, RDF.type, kind) in official else "not "
            message = f"{name} is officially {is_one}a {compact(iri(str(kind)))}"
            yield Finding(Level.ERROR, "profile-kind", message, source)
    is_class = {(node, RDF.type, kind) in profile for kind in (RDFS.Class, OWL.Class)}
    officially = {(node, RDF.type, kind) in official for kind in (RDFS.Class, OWL.Class)}
    if any(is_class) and not any(officially):
        yield Finding(Level.ERROR, "profile-kind", f"{name} is officially no class", source)


def _values(graph: Graph, node: URIRef, aspect: Node) -> set[str]:
    return {str(value) for value in graph.objects(node, aspect) if isinstance(value, URIRef)}


def _list(values: set[str]) -> str:
    return ", ".join(sorted(compact(iri(value)) for value in values)) or "not stated"
