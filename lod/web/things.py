"""Things and their documents: `/letter/1` answers 303 to `/letter/1.ttl` or what the client likes better."""

from collections import OrderedDict
from collections.abc import Sequence
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from lod.dumps.profiles import FULL
from lod.formats import DOCUMENT_FORMATS, HTML, RDF_FORMATS, Format
from lod.iris import KINDS, owner, slug
from lod.terms import Triple, address, text, typed
from lod.vocab import dcterms, xsd
from lod.web import browse, kept, links, negotiate, problems, profiled, render, views
from lod.web.conditional import Representation, respond
from lod.web.modified import last_modified, of_all
from lod.web.site import Room, Site
from lod.withdrawn import Withdrawn, covers

_BY_NAME = {form.name: form for form in DOCUMENT_FORMATS}
VARY = "Accept, Accept-Profile"
_CACHE_BYTES = 64 * 1024 * 1024


class Documents:
    """Answers for everything that has a name. Representations are made at the first request and kept, within bounds."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: OrderedDict[tuple[str, str, str, str], Representation] = OrderedDict()
        self._bytes = 0

    async def answer(self, request: Request) -> Response:
        """Any path that no other route takes."""
        raw = request.scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1") or quote(request.url.path)
        room, rest = self._room(raw)
        if room is None:
            return problems.respond(request, _unknown())
        decoded = unquote(rest, errors="replace").strip("/")
        if rest.endswith("/") and decoded in KINDS:
            return browse.respond_list(self._site, request, room, decoded)
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
        withdrawn = covers(room.withdrawn, thing)
        if withdrawn is not None and thing not in room.documents and not room.documents.describes(thing):
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
        profile = profiled.choose(request, chosen)
        if profile is None:
            return problems.respond(request, profiled.unknown())
        part = path.removeprefix(thing).strip("/")
        query = f"?profile={profile.name}" if profile is not FULL and chosen is not HTML else ""
        anchor = f"#{part}" if part and chosen is HTML else ""
        kept.keep(request.scope)
        target = f"{room.address(thing)}.{chosen.name}{query}{anchor}"
        headers = {
            "Location": target,
            "Vary": VARY,
            "Link": links.header(links.alternates(room, thing)),
            "Content-Type": "text/plain; charset=utf-8",
        }
        return Response(f"See {target}\n", 303, headers)

    def _not_acceptable(self, request: Request, room: Room, thing: str) -> Response:
        offered = [form.media_type for form in DOCUMENT_FORMATS]
        detail = f"This is available as {', '.join(offered)}."
        headers = {"Link": links.header(links.alternates(room, thing))}
        return problems.respond(
            request, problems.Problem(406, detail, "not-acceptable", facts={"offered": offered}, headers=headers)
        )

    def document(self, request: Request, room: Room, thing: str, form: Format) -> Response:
        """The document of a thing in one format and one profile, with validators."""
        profile = profiled.choose(request, form)
        if profile is None:
            return problems.respond(request, profiled.unknown())
        kept.keep(request.scope)
        headers = {"Vary": VARY, "Link": links.of_document(room, thing, form, profile)}
        if form is HTML:
            # A page also tells who links to the thing: it may change with any document.
            return respond(request, views.thing(self._site, request, room, thing, of_all(room)), headers)
        modified = last_modified(room, thing)
        key = (room.edition.id, thing, form.name, profile.name)
        made = self._made.get(key)
        if made is None:
            body = profiled.body(room, thing, form, profile)
            if body is None:
                return problems.respond(request, profiled.without(profile))
            made = self._keep(key, Representation(body, form.content_type, modified))
        else:
            self._made.move_to_end(key)
        return respond(request, made, {**headers, "Content-Profile": f"<{profile.iri}>"})

    def _keep(self, key: tuple[str, str, str, str], made: Representation) -> Representation:
        self._made[key] = made
        self._bytes += len(made.body)
        while self._bytes > _CACHE_BYTES and len(self._made) > 1:
            _, dropped = self._made.popitem(last=False)
            self._bytes -= len(dropped.body)
        return made

    def _gone(self, request: Request, room: Room, withdrawn: Withdrawn, form: Format | None) -> Response:
        """301 to the one survivor of a merger, else 410 with what is known, as RDF if that is asked for."""
        if len(withdrawn.replaced_by) == 1:
            found = self._site.by_iri(withdrawn.replaced_by[0])
            target = found[0].address(found[1]) if found else address(withdrawn.replaced_by[0])
            return _moved(target + (f".{form.name}" if form and found else ""), 301)
        chosen = form or negotiate.choose(request.headers.get("accept"), (*RDF_FORMATS, HTML))
        headers = {"Vary": "Accept"}
        if chosen in RDF_FORMATS and request.headers.get("accept"):
            body = render.rdf(_obituary(withdrawn), chosen, room.documents.iris.base)
            return Response(body, 410, {**headers, "Content-Type": chosen.content_type})
        instead = [address(term) for term in withdrawn.replaced_by]
        since = f" on {withdrawn.date}" if withdrawn.date else ""
        detail = f"This was withdrawn{since}: {withdrawn.reason or 'no reason was given'}."
        return problems.respond(request, problems.Problem(410, detail, "withdrawn", facts={"replaced_by": instead}))


def _obituary(withdrawn: Withdrawn) -> Sequence[Triple]:
    said: list[Triple] = [(withdrawn.iri, dcterms.isReplacedBy, term) for term in withdrawn.replaced_by]
    if withdrawn.reason:
        said.append((withdrawn.iri, dcterms.description, text(withdrawn.reason)))
    if withdrawn.date:
        said.append((withdrawn.iri, dcterms.modified, typed(withdrawn.date, xsd.date)))
    return said


def _moved(target: str, status: int = 308) -> Response:
    return Response(status_code=status, headers={"Location": target})


def _unknown() -> problems.Problem:
    return problems.Problem(
        404, "Nothing has this address. Names of things look like letter/1 or person/serge.", "unknown"
    )
