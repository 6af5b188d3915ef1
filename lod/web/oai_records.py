"""The records of OAI-PMH: what there is to harvest, and a thing in Dublin Core or as RDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from lod.dumps.index import Index
from lod.formats import RDF_XML, xml_words
from lod.iris import KINDS
from lod.terms import Iri, address, iri
from lod.vocab import crm, rdf, schema
from lod.web import modified, render
from lod.web.once import once_a_room
from lod.web.site import Room

_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_RDF = rdf.type[1 : -len("type>")]
_LITERALS = {
    "date": (schema.dateCreated, schema.startDate, schema.datePublished, schema.birthDate, schema.foundingDate),
    "language": (schema.inLanguage,),
    "description": (crm.P3_has_note,),
}
_NODES = {
    "creator": (schema.sender, schema.author, schema.creator),
    "contributor": (schema.recipient, schema.editor, schema.translator, schema.contributor),
    "coverage": (schema.locationCreated, schema.location),
    "subject": (schema.mentions,),
    "type": (crm.P2_has_type,),
}
"""Dublin Core element → where its values come from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: the path of a thing, its day, and whether it is gone."""

    path: str
    day: str
    gone: bool


@once_a_room
def entries(room: Room) -> Mapping[str, Entry]:
    """The records by identifier, in order of days, then of paths. Before any release: what the dump holds."""
    table, documents = room.history.table, room.documents
    last = modified.of_all(room)
    day = last.isoformat() if last else "1970-01-01"
    if len(table):
        found = [Entry(each.path, each.date, each.kind.gone or each.path not in documents) for each in table.state()]
    else:
        found = [Entry(path, day, False) for path in documents.paths()]
    things = sorted(
        (each for each in found if each.path.partition("/")[0] in KINDS), key=lambda each: (each.day, each.path)
    )
    return {f"{room.edition.base}{each.path}": each for each in things}


@dataclass(frozen=True, slots=True)
class Metadata:
    """A form of metadata: its prefix, schema and namespace."""

    prefix: str
    schema: str
    namespace: str


FORMS = (
    Metadata("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", _OAI_DC),
    Metadata("rdf", "http://www.openarchives.org/OAI/2.0/rdf.xsd", _RDF),
)


def metadata(room: Room, identifier: str, prefix: str) -> Any:
    """The element with the metadata of a record that is not gone."""
    triples = room.documents.document(identifier.removeprefix(room.edition.base))
    if prefix == "rdf":
        return etree.fromstring(render.rdf(triples, RDF_XML, room.edition.base, faithful=False))
    return _dublin_core(room, iri(identifier), Index(triples, room.edition.base))


def _dublin_core(room: Room, thing: Iri, index: Index) -> Any:
    root = etree.Element(f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd")

    def say(element: str, words: str) -> None:
        etree.SubElement(root, f"{{{_DC}}}{element}").text = xml_words(words)

    say("title", index.label(thing))
    say("identifier", address(thing))
    for element, terms in _NODES.items():
        for node in index.nodes(thing, *terms):
            say(element, index.label(node))
    for element, terms in _LITERALS.items():
        for term in terms:
            for words in index.texts(thing, term):
                say(element, words)
    for node in index.nodes(thing, schema.sameAs):
        say("relation", address(node))
    say("publisher", room.edition.publisher)
    say("rights", room.edition.licence)
    return root
