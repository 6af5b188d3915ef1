"""`/oai`: OAI-PMH 2.0 over the change table, in `oai_dc` and as RDF. Deleted records are told for ever.

The protocol (verbs, arguments, errors, tokens) is `oai_repo`'s; here are the records. An identifier is the thing's IRI, a
datestamp the day of the release that last changed it, a set one of the kinds of things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import oai_repo
from lxml import etree
from oai_repo.error import OAIErrorResponse
from oai_repo.exceptions import OAIErrorBadArgument
from starlette.requests import Request
from starlette.responses import Response

from lod.dumps.index import Index
from lod.formats import RDF_XML
from lod.iris import KINDS
from lod.terms import Iri, address, iri
from lod.vocab import crm, rdf, schema
from lod.web import modified, render
from lod.web.site import Room
from lod.web.words import KIND_WORDS

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


@lru_cache(maxsize=16)
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


class _Records(oai_repo.DataInterface):  # type: ignore[misc]
    """What `oai_repo` asks for."""

    limit = 100

    def __init__(self, room: Room) -> None:
        self._room = room
        self._entries = entries(room)

    def get_identify(self) -> Any:
        host = urlsplit(self._room.address("")).hostname or ""
        if "." not in host or host.replace(".", "").isdigit():
            host = "localhost.localdomain"
        days = [entry.day for entry in self._entries.values()]
        return oai_repo.Identify(
            repository_name=self._room.title,
            base_url=self._room.address("oai"),
            # Every domain has this mailbox (RFC 2142); the protocol demands one.
            admin_email=[f"postmaster@{host}"],
            earliest_datestamp=min(days, default="1970-01-01"),
            deleted_record="persistent",
            granularity="YYYY-MM-DD",
        )

    def is_valid_identifier(self, identifier: str) -> bool:
        return identifier in self._entries

    def get_metadata_formats(self, identifier: str | None = None) -> list[Any]:  # noqa: ARG002
        return [
            oai_repo.MetadataFormat("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", _OAI_DC),
            oai_repo.MetadataFormat("rdf", "http://www.openarchives.org/OAI/2.0/rdf.xsd", _RDF),
        ]

    def get_record_header(self, identifier: str) -> Any:
        entry = self._entries[identifier]
        header = oai_repo.RecordHeader(identifier=identifier, datestamp=entry.day)
        header.setspecs = [entry.path.partition("/")[0]]
        if entry.gone:
            header.status = "deleted"
        return header

    def get_record_metadata(self, identifier: str, metadataprefix: str) -> Any:
        entry = self._entries[identifier]
        if entry.gone:
            return None
        triples = self._room.documents.document(entry.path)
        if metadataprefix == "rdf":
            return etree.fromstring(render.rdf(triples, RDF_XML, self._room.edition.base))
        return _dublin_core(self._room, iri(identifier), Index(triples, self._room.edition.base))

    def get_record_abouts(self, identifier: str) -> list[Any]:  # noqa: ARG002
        return []

    def list_set_specs(self, identifier: str | None = None, cursor: int = 0) -> tuple[list[str], int, None]:  # noqa: ARG002
        kinds = [kind for kind in KINDS if any(entry.path.startswith(f"{kind}/") for entry in self._entries.values())]
        return kinds[cursor : cursor + self.limit], len(kinds), None

    def get_set(self, setspec: str) -> Any:
        return oai_repo.Set(spec=setspec, name=KIND_WORDS[setspec][1]) if setspec in KINDS else None

    def list_identifiers(
        self,
        metadataprefix: str,  # noqa: ARG002
        filter_from: datetime | None = None,
        filter_until: datetime | None = None,
        filter_set: str | None = None,
        cursor: int = 0,
    ) -> tuple[list[str], int, str]:
        first = filter_from.date().isoformat() if filter_from else ""
        last = filter_until.date().isoformat() if filter_until else "9999"
        found = [
            identifier
            for identifier, entry in self._entries.items()
            if first <= entry.day <= last and filter_set in (None, entry.path.partition("/")[0])
        ]
        state = " ".join(self._room.history.table.versions())
        return found[cursor : cursor + self.limit], len(found), state


def _dublin_core(room: Room, thing: Iri, index: Index) -> Any:
    root = etree.Element(f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd")

    def say(element: str, words: str) -> None:
        etree.SubElement(root, f"{{{_DC}}}{element}").text = words

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


async def answer(request: Request, room: Room) -> Response:
    """Any request; errors of the protocol are answers with status 200, as the protocol has it."""
    arguments = parse_qsl(request.url.query, keep_blank_values=True)
    if request.method == "POST":
        arguments += parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    repository = oai_repo.OAIRepository(_Records(room))
    names = [name for name, _ in arguments]
    if len(set(names)) < len(names) and names.count("verb") <= 1:
        made = OAIErrorResponse(repository, OAIErrorBadArgument("An argument may be given only once."))
    elif names.count("verb") > 1:
        made = repository.process({"verb": ""})
    else:
        made = repository.process(dict(arguments))
    return Response(bytes(made), headers={"Content-Type": "text/xml; charset=utf-8", "Cache-Control": "no-cache"})
