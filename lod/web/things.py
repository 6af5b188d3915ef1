"""Things and their documents: `/letter/1` answers 303 to `/letter/1.ttl` or what the client likes better."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from lod.formats import DOCUMENT_FORMATS, HTML, RDF_FORMATS, Format
from lod.iris import KINDS, owner, slug
from lod.terms import Triple, address, text, typed
from lod.vocab import dcterms, xsd
from lod.web import negotiate, pages, problems, render
from lod.web.conditional import Representation, respond
from lod.web.site import Room, Site, Withdrawn

_BY_NAME = {form.name: form for form in DOCUMENT_FORMATS}
_CACHE_BYTES = 64 * 1024 * 1024


class Documents:
    """Answers for everything that has a name. Representations are made at the first request and kept, within bounds."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: OrderedDict[tuple[str, str, str], Representation] = OrderedDict()
        self._bytes = 0

    async def answer(self, request: Request) -> Response:
        """Any path that no other route takes."""
        raw = request.scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1") or quote(request.url.path)
        room, rest = self._room(raw)
        if room is None:
            return problems.respond(request, _unknown())
        decoded = unquote(rest, errors="replace").strip("/")
        if rest.endswith("/") and decoded in KINDS:
            return self.listing(request, room, decoded)
        return self._named(request, room, rest, decoded)

    def _room(self, raw: str) -> tuple[Room | None, str]:
        """The edition a path belongs to, and the rest of the path."""
        if not self._site.several:
            return self._site.rooms[0], raw.removeprefix("/")
        for room in self._site.rooms:
            if raw.startswith(f"{room.prefix}/"):
                return room, raw[len(room.prefix) + 1 :]
        return None, ""

    def _named(self, request: Request, room: Room, rest: str, path: str) -> Response:
        thing, form = self._cut(room, path)
        withdrawn = room.withdrawn.get(thing) or room.withdrawn.get(owner(thing))
        if withdrawn is not None and owner(thing) not in room.documents:
            return self._gone(request, room, withdrawn, form)
        if path in KINDS:
            return _moved(room.address(f"{path}/"))
        exists = "/" in thing and (thing in room.documents or room.documents.describes(thing))
        if not exists:
            return self._nearest(request, room, thing, form)
        if rest != quote(path):
            return _moved(room.address(path))
        if form is not None and thing in room.documents:
            return self.document(request, room, thing, form)
        return self._see(request, room, thing, form)

    def _cut(self, room: Room, path: str) -> tuple[str, Format | None]:
        """A path without the suffix of a format, if that is what it ends with."""
        if path in room.documents:
            return path, None
        stem, _, suffix = path.rpartition(".")
        return (stem, _BY_NAME[suffix]) if suffix in _BY_NAME else (path, None)

    def _nearest(self, request: Request, room: Room, thing: str, form: Format | None) -> Response:
        """Another spelling of a known name moves there for good; anything else is unknown."""
        canonical = "/".join(slug(piece) for piece in thing.split("/"))
        known = canonical in room.documents or room.documents.describes(canonical)
        if "/" in canonical and canonical != thing and known:
            return _moved(room.address(canonical + (f".{form.name}" if form else "")))
        return problems.respond(request, _unknown())

    def _see(self, request: Request, room: Room, path: str, form: Format | None) -> Response:
        """303 from a thing, or from a part of one, to the document that tells of it."""
        wanted = request.query_params.get("format")
        if wanted is not None and wanted not in _BY_NAME:
            known = ", ".join(_BY_NAME)
            return problems.respond(
                request, problems.Problem(400, f"There is no such format; there are {known}.", "unknown-format")
            )
        thing = owner(path)
        chosen = form or (_BY_NAME[wanted] if wanted else None)
        chosen = chosen or negotiate.choose(request.headers.get("accept"), DOCUMENT_FORMATS)
        if chosen is None:
            return self._not_acceptable(request, room, thing)
        part = path.removeprefix(thing).strip("/")
        anchor = f"#{part}" if part and chosen is HTML else ""
        target = f"{room.address(thing)}.{chosen.name}{anchor}"
        headers = {
            "Location": target,
            "Vary": "Accept",
            "Link": _alternates(room, thing),
            "Content-Type": "text/plain; charset=utf-8",
        }
        return Response(f"See {target}\n", 303, headers)

    def _not_acceptable(self, request: Request, room: Room, thing: str) -> Response:
        offered = [form.media_type for form in DOCUMENT_FORMATS]
        detail = f"This is available as {', '.join(offered)}."
        headers = {"Link": _alternates(room, thing)}
        return problems.respond(
            request, problems.Problem(406, detail, "not-acceptable", facts={"offered": offered}, headers=headers)
        )

    def document(self, request: Request, room: Room, thing: str, form: Format) -> Response:
        """The document of a thing in one format, with validators."""
        key = (room.edition.id, thing, form.name)
        made = self._made.get(key)
        if made is None:
            made = self._keep(key, self._make(room, thing, form))
        else:
            self._made.move_to_end(key)
        return respond(request, made, {"Vary": "Accept", "Link": _links(room, thing, form)})

    def _make(self, room: Room, thing: str, form: Format) -> Representation:
        modified = _modified(room, thing)
        if form is not HTML:
            body = render.rdf(room.documents.document(thing), form, room.documents.iris.base)
            return Representation(body, form.content_type, modified)
        kind = thing.split("/")[0]
        template = f"{kind}.html" if kind in KINDS else "thing.html"
        page = self._site.templates.get_template(template).render(
            site=self._site, room=room, page=pages.page(room, thing)
        )
        return Representation(page.encode(), form.content_type, modified)

    def _keep(self, key: tuple[str, str, str], made: Representation) -> Representation:
        self._made[key] = made
        self._bytes += len(made.body)
        while self._bytes > _CACHE_BYTES and len(self._made) > 1:
            _, dropped = self._made.popitem(last=False)
            self._bytes -= len(dropped.body)
        return made

    def listing(self, request: Request, room: Room, kind: str) -> Response:
        """All things of a kind, as a page."""
        template = self._site.templates.get_template("list.html")
        page = template.render(site=self._site, room=room, kind=kind, values=pages.listing(room, kind))
        return respond(request, Representation(page.encode(), HTML.content_type), {})

    def _gone(self, request: Request, room: Room, withdrawn: Withdrawn, form: Format | None) -> Response:
        """301 to the one survivor of a merger, else 410 with what is known, as RDF if that is asked for."""
        if len(withdrawn.replaced_by) == 1:
            found = self._site.by_iri(withdrawn.replaced_by[0])
            target = found[0].address(found[1]) if found else address(withdrawn.replaced_by[0])
            return _moved(target + (f".{form.name}" if form and found else ""))
        chosen = form or negotiate.choose(request.headers.get("accept"), (*RDF_FORMATS, HTML))
        headers = {"Vary": "Accept"}
        if chosen in RDF_FORMATS and request.headers.get("accept"):
            body = render.rdf(_obituary(withdrawn), chosen, room.documents.iris.base)
            return Response(body, 410, {**headers, "Content-Type": chosen.content_type})
        instead = [address(term) for term in withdrawn.replaced_by]
        since = f" on {withdrawn.date}" if withdrawn.date else ""
        detail = f"This was withdrawn{since}: {withdrawn.reason or 'no reason was given'}."
        return problems.respond(request, problems.Problem(410, detail, "withdrawn", facts={"replaced_by": instead}))


@dataclass(frozen=True, slots=True)
class _Link:
    target: str
    relation: str
    media_type: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{self.target}>; rel="{self.relation}"{kind}'


def _alternates(room: Room, thing: str) -> str:
    found = [_Link(f"{room.address(thing)}.{form.name}", "alternate", form.media_type) for form in DOCUMENT_FORMATS]
    return ", ".join(map(str, found))


def _links(room: Room, thing: str, form: Format) -> str:
    """What a document says in its header: its other formats, the thing it describes, its licence, its data set."""
    found = [
        _Link(f"{room.address(thing)}.{other.name}", "alternate", other.media_type)
        for other in DOCUMENT_FORMATS
        if other is not form
    ]
    found += [
        _Link(address(room.documents.iris.of(thing)), "describes"),
        _Link(room.edition.licence, "license"),
        _Link(room.address("dataset"), "collection"),
    ]
    return ", ".join(map(str, found))


def _modified(room: Room, thing: str) -> date | None:
    record = room.documents.iris.record(thing)
    for subject, predicate, node in room.documents.own(thing):
        if subject == record and predicate == dcterms.modified:
            try:
                return date.fromisoformat(node.split('"')[1])
            except (ValueError, IndexError):
                return None
    return None


def _obituary(withdrawn: Withdrawn) -> Sequence[Triple]:
    said: list[Triple] = [(withdrawn.iri, dcterms.isReplacedBy, term) for term in withdrawn.replaced_by]
    if withdrawn.reason:
        said.append((withdrawn.iri, dcterms.description, text(withdrawn.reason)))
    if withdrawn.date:
        said.append((withdrawn.iri, dcterms.modified, typed(withdrawn.date, xsd.date)))
    return said


def _moved(target: str) -> Response:
    return Response(status_code=308, headers={"Location": target})


def _unknown() -> problems.Problem:
    return problems.Problem(
        404, "Nothing has this address. Names of things look like letter/1 or person/serge.", "unknown"
    )
