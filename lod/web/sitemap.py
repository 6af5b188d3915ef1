"""`/sitemap.xml` with the day on which each page last changed, and `/robots.txt`."""

from collections.abc import Iterable
from datetime import date

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from lod.iris import KINDS
from lod.web import problems
from lod.web.conditional import Representation, respond
from lod.web.modified import last_modified
from lod.web.numbers import number
from lod.web.site import Room, Site

MOST = 40_000
"""So many addresses in one file; the protocol allows 50,000."""
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = "application/xml"


def of_room(request: Request, room: Room) -> Response:
    """The pages of an edition; with too many for one file, an index of the files `?part=1`, `?part=2` …"""
    paths = [path for path in room.documents.paths() if path.partition("/")[0] in KINDS]
    parts = (len(paths) + MOST - 1) // MOST
    wanted = request.query_params.get("part", "")
    if not wanted and parts > 1:
        return _respond(request, "sitemapindex", ((f"{_here(room)}?part={n}", None) for n in range(1, parts + 1)))
    part = number(wanted or "1", max(parts, 1))
    if not part:
        return problems.respond(request, problems.Problem(404, "The sitemap has no such part.", "unknown"))
    chosen = paths[(part - 1) * MOST : part * MOST]
    pages = ((f"{room.address(path)}.html", last_modified(room, path)) for path in chosen)
    return _respond(request, "urlset", pages)


def of_site(request: Request, site: Site) -> Response:
    """The sitemaps of all editions."""
    return _respond(request, "sitemapindex", ((_here(room), None) for room in site.rooms))


def _here(room: Room) -> str:
    return room.address("sitemap.xml")


def _respond(request: Request, name: str, entries: Iterable[tuple[str, date | None]]) -> Response:
    root = etree.Element(f"{{{_SPACE}}}{name}", nsmap={None: _SPACE})
    for place, day in entries:
        entry = etree.SubElement(root, f"{{{_SPACE}}}{'url' if name == 'urlset' else 'sitemap'}")
        etree.SubElement(entry, f"{{{_SPACE}}}loc").text = place
        if day is not None:
            etree.SubElement(entry, f"{{{_SPACE}}}lastmod").text = day.isoformat()
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return respond(request, Representation(body, _XML), {})


def robots(request: Request, site: Site) -> Response:
    """Everything may be read but single queries: what they would give is in the dumps."""
    lines = ["User-agent: *", f"Disallow: {site.root}/sparql?", f"Allow: {site.root}/", ""]
    lines.append(f"Sitemap: {site.public_url}/sitemap.xml")
    return respond(request, Representation(("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8"), {})
