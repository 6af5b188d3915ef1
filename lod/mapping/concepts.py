"""Types and languages: the words a data set sorts by, as SKOS concepts in one scheme."""

from collections.abc import Iterator

from babel import Locale, UnknownLocaleError

from lod.iris import Iris
from lod.terms import Triple, iri, text
from lod.vocab import crm, rdf, rdfs, schema, skos

_LABELS = {
    "action-received": "received",
    "action-sent": "sent",
    "assertion-correction": "correction",
    "assertion-disputed": "disputed",
    "assertion-inferred-by-data": "inferred by the editors of the data",
    "assertion-inferred-by-edition": "inferred by the edition",
    "assertion-rejected": "rejected",
    "assertion-uncertain": "uncertain",
    "identifier-edition-number": "number in edition",
    "identifier-isbn": "ISBN",
    "identifier-shelfmark": "shelf mark",
    "identity-name-only": "known by name only",
    "identity-placeholder": "not known: words where a name would stand",
    "name-acronym": "acronym",
    "name-address": "form of address",
    "name-as-written": "as written",
    "name-birth-name": "birth name",
    "name-former": "former name",
    "name-historical": "historical name",
    "name-original": "original title",
    "name-party-name": "party name",
    "name-pet-name": "pet name",
    "name-preferred": "preferred name",
    "name-translated": "translated name",
    "name-variant": "name variant",
    "part-chronology": "entry of the chronology",
    "part-document": "document as printed",
    "part-glossary": "entry of the glossary",
    "part-introduction": "introduction",
    "part-letter": "letter as printed",
    "part-note": "note of the edition",
    "part-section": "section of the edition",
    "status-lost-or-unpublished": "lost or unpublished, known only from a mention",
}
_PREFIXES = ("event-", "identifier-", "name-", "occupation-", "organisation-", "place-", "reference-", "role-", "sex-")
_MATCHES = {
    "letter": "http://vocab.getty.edu/aat/300026879",
    "role-editor": "http://id.loc.gov/vocabulary/relators/edt",
}
_ISO639_1 = "http://id.loc.gov/vocabulary/iso639-1/"
_SCHEME = "type/scheme"


def type_label(key: str) -> str:
    """What people call a type: from the table, else from its key."""
    if key in _LABELS:
        return _LABELS[key]
    return next((key.removeprefix(prefix) for prefix in _PREFIXES if key.startswith(prefix)), key).replace("-", " ")


def language_label(tag: str) -> str:
    """The English name of a language tag: `fr` → `French`, `ru-latn` → `Russian (Latin)`."""
    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


def map_type(key: str, label: str, iris: Iris) -> Iterator[Triple]:
    """One type. An occupation is a `schema:Occupation` too."""
    node = iris.of(f"type/{key}")
    yield node, rdf.type, crm.E55_Type
    yield node, rdf.type, skos.Concept
    if key.startswith("occupation-"):
        yield node, rdf.type, schema.Occupation
    yield node, skos.prefLabel, text(label, "en")
    yield node, rdfs.label, text(label, "en")
    yield node, skos.inScheme, iris.of(_SCHEME)
    if key in _MATCHES:
        yield node, skos.exactMatch, iri(_MATCHES[key])


def map_language(tag: str, iris: Iris) -> Iterator[Triple]:
    """One language, by its BCP 47 tag in lower case."""
    node = iris.of(f"language/{tag}")
    label = text(language_label(tag), "en")
    yield node, rdf.type, crm.E56_Language
    yield node, rdf.type, skos.Concept
    yield node, skos.prefLabel, label
    yield node, rdfs.label, label
    yield node, skos.notation, text(tag)
    yield node, skos.inScheme, iris.of(_SCHEME)
    if len(tag) == 2:
        yield node, skos.exactMatch, iri(_ISO639_1 + tag)


def map_scheme(title: str, iris: Iris) -> Iterator[Triple]:
    """The scheme that types and languages stand in."""
    node = iris.of(_SCHEME)
    yield node, rdf.type, skos.ConceptScheme
    yield node, rdf.type, crm.E32_Authority_Document
    yield node, skos.prefLabel, text(title, "en")
    yield node, rdfs.label, text(title, "en")
