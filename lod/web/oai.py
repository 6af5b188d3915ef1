"""`/oai`: OAI-PMH 2.0 over the change table, in `oai_dc` and as RDF. Deleted records are told for ever.

An identifier is the thing's IRI, a datestamp the day of the release that last changed it, a set one of the kinds of things.
Errors of the protocol are answers with status 200, as it has it. https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from lod.formats import xml_words
from lod.iris import KINDS
from lod.web import bodies, problems
from lod.web.numbers import number
from lod.web.oai_records import FORMS, Entry, entries, metadata
from lod.web.problems import Problem
from lod.web.site import Room
from lod.web.words import KIND_WORDS

AT_ONCE = 100
"""So many records in one answer."""
_OAI = "http://www.openarchives.org/OAI/2.0/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no way to write."""
_LIST = ({"metadataPrefix"}, {"from", "until", "set"})
_ARGUMENTS: Mapping[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), set()),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}
"""Verb → arguments that it needs, and those that it may have. Lists take a `resumptionToken` alone instead."""
_RESUMED = ("ListIdentifiers", "ListRecords", "ListSets")


class _Refused(Exception):
    """An error of the protocol."""

    def __init__(self, code: str, words: str) -> None:
        self.code = code
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class _List:
    """One page of a list: which records, and the arguments and the place to go on from."""

    found: Sequence[tuple[str, Entry]]
    prefix: str
    place: int
    total: int
    following: str


async def answer(request: Request, room: Room) -> Response:
    """Any request, by GET or POST."""
    given = parse_qsl(request.url.query, keep_blank_values=True)
    if request.method == "POST":
        posted = await bodies.read(request)
        fields = posted if isinstance(posted, Problem) else bodies.pairs(posted.strip())
        if isinstance(fields, Problem):
            return problems.respond(request, fields)
        given += fields
    root = etree.Element(f"{{{_OAI}}}OAI-PMH", nsmap={None: _OAI, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    _say(root, "responseDate", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    asked = _say(root, "request", room.address("oai"))
    try:
        verb, arguments = _arguments(given)
        body = etree.Element(f"{{{_OAI}}}{verb}")
        _VERBS[verb](room, body, arguments)
        for name, value in given:
            asked.set(name, value)
        root.append(body)
    except _Refused as refused:
        _say(root, "error", str(refused)).set("code", refused.code)
        if refused.code not in ("badVerb", "badArgument"):
            for name, value in given:
                asked.set(name, value)
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return Response(text, headers={"Content-Type": "text/xml; charset=utf-8", "Cache-Control": "no-cache"})


def _arguments(given: Sequence[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    names, arguments = [name for name, _ in given], dict(given)
    verb = arguments.pop("verb", "")
    if any(_UNWRITABLE.search(value) for _, value in given):
        raise _Refused("badArgument", "An argument has characters that XML cannot hold.")
    if verb not in _ARGUMENTS or names.count("verb") != 1:
        raise _Refused("badVerb", f"A request has one verb: {', '.join(_ARGUMENTS)}.")
    if len(set(names)) < len(names):
        raise _Refused("badArgument", "An argument may be given only once.")
    needed, possible = _ARGUMENTS[verb]
    if "resumptionToken" in arguments and verb in _RESUMED:
        if len(arguments) > 1:
            raise _Refused("badArgument", "A resumptionToken stands alone.")
        return verb, arguments
    if not needed <= arguments.keys() <= needed | possible:
        takes = ", ".join([*sorted(needed), *(f"[{name}]" for name in sorted(possible))]) or "no arguments"
        raise _Refused("badArgument", f"{verb} takes {takes}.")
    return verb, arguments


def _identify(room: Room, body: Any, _: Mapping[str, str]) -> None:
    host = urlsplit(room.address("")).hostname or ""
    days = [entry.day for entry in entries(room).values()]
    # The protocol wants an address of mail; every domain has this one (RFC 2142).
    for name, words in (
        ("repositoryName", room.title),
        ("baseURL", room.address("oai")),
        ("protocolVersion", "2.0"),
        ("adminEmail", f"postmaster@{host if '.' in host else 'localhost.localdomain'}"),
        ("earliestDatestamp", min(days, default="1970-01-01")),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DD"),
    ):
        _say(body, name, words)


def _formats(room: Room, body: Any, arguments: Mapping[str, str]) -> None:
    if "identifier" in arguments:
        _entry(room, arguments["identifier"])
    for form in FORMS:
        element = _say(body, "metadataFormat", "")
        _say(element, "metadataPrefix", form.prefix)
        _say(element, "schema", form.schema)
        _say(element, "metadataNamespace", form.namespace)


def _sets(room: Room, body: Any, arguments: Mapping[str, str]) -> None:
    if "resumptionToken" in arguments:
        raise _Refused("badResumptionToken", "All sets come at once.")
    there = {entry.path.partition("/")[0] for entry in entries(room).values()}
    for kind in KINDS:
        if kind in there:
            element = _say(body, "set", "")
            _say(element, "setSpec", kind)
            _say(element, "setName", KIND_WORDS[kind][1])


def _record(room: Room, body: Any, arguments: Mapping[str, str]) -> None:
    entry = _entry(room, arguments["identifier"])
    _check_prefix(arguments["metadataPrefix"])
    _add(room, body, arguments["identifier"], entry, arguments["metadataPrefix"])


def _identifiers(room: Room, body: Any, arguments: Mapping[str, str]) -> None:
    listed = _listed(room, arguments)
    for identifier, entry in listed.found:
        _header(body, identifier, entry)
    _token(body, listed)


def _records(room: Room, body: Any, arguments: Mapping[str, str]) -> None:
    listed = _listed(room, arguments)
    for identifier, entry in listed.found:
        _add(room, body, identifier, entry, listed.prefix)
    _token(body, listed)


_VERBS: Mapping[str, Callable[[Room, Any, Mapping[str, str]], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _identifiers,
    "ListRecords": _records,
}


def _entry(room: Room, identifier: str) -> Entry:
    entry = entries(room).get(identifier)
    if entry is None:
        raise _Refused("idDoesNotExist", "There is no such record; identifiers are the IRIs of things.")
    return entry


def _check_prefix(prefix: str) -> None:
    if prefix not in {form.prefix for form in FORMS}:
        raise _Refused("cannotDisseminateFormat", f"Records come as {', '.join(form.prefix for form in FORMS)}.")


def _listed(room: Room, arguments: Mapping[str, str]) -> _List:
    """One page of what a list asks for."""
    place, state = 0, " ".join(room.history.table.versions())
    if "resumptionToken" in arguments:
        arguments, place = _resumed(arguments["resumptionToken"], state)
    _check_prefix(arguments["metadataPrefix"])
    first, last = _day(arguments, "from", ""), _day(arguments, "until", "9999-12-31")
    if first > last:
        raise _Refused("badArgument", "'from' lies behind 'until'.")
    kind = arguments.get("set")
    found = [
        (identifier, entry)
        for identifier, entry in entries(room).items()
        if first <= entry.day <= last and kind in (None, entry.path.partition("/")[0])
    ]
    if not found:
        raise _Refused("noRecordsMatch", "No record is like that.")
    if place >= len(found):
        raise _Refused("badResumptionToken", "The list ends before this place.")
    following = ""
    if place + AT_ONCE < len(found):
        said = urlencode({**arguments, "place": str(place + AT_ONCE), "state": state})
        following = urlsafe_b64encode(said.encode()).decode()
    return _List(found[place : place + AT_ONCE], arguments["metadataPrefix"], place, len(found), following)


def _resumed(token: str, state: str) -> tuple[dict[str, str], int]:
    """What a token says. One from before a new release is no longer good: the list has changed."""
    try:
        said = dict(parse_qsl(urlsafe_b64decode(token.encode()).decode(), keep_blank_values=True))
        place = number(said.pop("place"))
        if place is None or said.pop("state") != state or "metadataPrefix" not in said:
            raise ValueError
    except (ValueError, KeyError):
        raise _Refused("badResumptionToken", "This token is none of this state of the data: begin again.") from None
    return said, place


def _day(arguments: Mapping[str, str], name: str, without: str) -> str:
    said = arguments.get(name, without)
    try:
        if name in arguments and (_DAY.fullmatch(said) is None or not date.fromisoformat(said)):
            raise ValueError
    except ValueError:
        raise _Refused("badArgument", f"'{name}' is a day: YYYY-MM-DD.") from None
    return said


def _add(room: Room, body: Any, identifier: str, entry: Entry, prefix: str) -> None:
    record = _say(body, "record", "")
    _header(record, identifier, entry)
    if not entry.gone:
        _say(record, "metadata", "").append(metadata(room, identifier, prefix))


def _header(body: Any, identifier: str, entry: Entry) -> None:
    header = _say(body, "header", "")
    if entry.gone:
        header.set("status", "deleted")
    _say(header, "identifier", identifier)
    _say(header, "datestamp", entry.day)
    _say(header, "setSpec", entry.path.partition("/")[0])


def _token(body: Any, listed: _List) -> None:
    """A token when there is more; an empty one on the last of several pages."""
    if listed.following or listed.place:
        token = _say(body, "resumptionToken", listed.following)
        token.set("completeListSize", str(listed.total))
        token.set("cursor", str(listed.place))


def _say(parent: Any, name: str, words: str) -> Any:
    element = etree.SubElement(parent, f"{{{_OAI}}}{name}")
    element.text = xml_words(words) or None
    return element
