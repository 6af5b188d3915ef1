"""Lists of things by kind, narrowed down by facets: a page and a table, each state with an address to share."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from lod.formats import HTML
from lod.terms import address
from lod.web import asides, problems, views
from lod.web.conditional import Representation, respond
from lod.web.facets import Choice, Facet, Found
from lod.web.interface import Interface
from lod.web.site import Room, Site
from lod.web.values import Value

SIZE = 50
"""So many things stand on one page of a list."""
_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")
CSV_TYPE = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader asked for: words in names, values by facet, a page."""

    words: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    page: int = 1

    def query(self, **changes: object) -> str:
        """The address's query for this wish, page 1 unless said otherwise."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [(name, value) for name, values in self.chosen.items() for value in values]
        pairs += [(name, str(value)) for name, value in changes.items()]
        return "?" + urlencode(pairs)

    def toggled(self, facet: Facet, value: str) -> str:
        """The query with one value more, or without it if it is chosen already."""
        values = [one for one in self.chosen.get(facet.name, ()) if one != value]
        if len(values) == len(self.chosen.get(facet.name, ())):
            values.append(value)
        return Wish(self.words, {**self.chosen, facet.name: values}).query()

    @property
    def narrowed(self) -> bool:
        """True when something is chosen or typed."""
        return bool(self.words or any(self.chosen.values()))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a list, with what is worth knowing beside its name."""

    name: Value
    aside: str = ""
    when: Value | None = None
    beside: tuple[Value, ...] = ()
    """What tells it from others of its name: years of a life, the author of a work, where a place lies."""


def respond_list(site: Site, request: Request, room: Room, kind: str) -> Response:
    """The list of a kind; `?format=csv` is the same choice as a table."""
    words, catalogue = site.words(request), room.catalogue(kind)
    wish = wished(request, [facet.name for facet in catalogue.facets])
    found = catalogue.find(wish.chosen, wish.words)
    form = request.query_params.get("format", "html")
    if form == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{room.edition.id}-{kind}.csv"'}
        return respond(request, Representation(table(room, kind, found), CSV_TYPE), headers)
    if form != "html":
        return problems.respond(request, problems.Problem(400, "This list comes as html and csv.", "unknown-format"))
    pages = max(1, -(-len(found.paths) // SIZE))
    page = min(wish.page, pages)
    told = room.told_in(words)
    lines = [line(told, path, words) for path in found.paths[(page - 1) * SIZE : page * SIZE]]
    choices = [
        replace(each, some=[_named(told, each.facet, one, words) for one in each.some]) for each in found.choices
    ]
    body = site.html(
        request,
        "list.html",
        room=room,
        kind=kind,
        wish=wish,
        total=len(found.paths),
        choices=choices,
        lines=lines,
        page=page,
        pages=pages,
    )
    return respond(request, Representation(body, HTML.content_type), {})


def wished(request: Request, facets: Sequence[str]) -> Wish:
    """What the address asks for. Parameters that are no facets are nobody's business here."""
    chosen = {name: tuple(dict.fromkeys(request.query_params.getlist(name))) for name in facets}
    return Wish(
        request.query_params.get("q", "").strip()[:200], {k: v for k, v in chosen.items() if v}, views.number(request)
    )


def _named(room: Room, facet: Facet, choice: Choice, words: Interface) -> Choice:
    """A value of a facet in the reader's language."""
    if "/" in choice.value:
        text, language = room.names.label(choice.value)
        return replace(choice, text=text, language="" if language == words.tag else language)
    return replace(choice, text=words.month(choice.value)) if facet.span == "month" else choice


def line(room: Room, path: str, words: Interface) -> Line:
    """A thing as it stands in a list."""
    row, happened = room.texts.by_path.get(path), room.happenings.by_path.get(path)
    name = room.names.value(path)
    if row is None:
        told = views.when(happened.edtf) if happened else None
        return Line(name, when=told, beside=asides.beside(room, path))
    when = views.when(row.edtf)
    # The label of a letter ends with its date, which has a column of its own here.
    date = words.date(when.text) if when else words.gettext("undated")
    short = name.text.removesuffix(f", {date}").removesuffix(f", {when.text if when else 'undated'}")
    return Line(replace(name, text=short), row.number, when)


def table(room: Room, kind: str, found: Found) -> bytes:
    """What was found as CSV for spreadsheets: RFC 4180, and no cell that one of them would run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([safe(cell) for cell in row] for row in _rows(room, kind, found.paths))
    return out.getvalue().encode()


def safe(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run."""
    return f"'{cell}" if cell.startswith(_SPREADSHEET) else cell


_TEXT_COLUMNS = ("iri", "label", "date", "earliest", "latest", "from", "to", "place", "language", "kind")


def _rows(room: Room, kind: str, paths: Sequence[str]) -> Iterator[Sequence[str]]:
    def named(others: Sequence[str]) -> str:
        return "; ".join(room.names.text(path) for path in others)

    texts = kind in ("letter", "document")
    yield _TEXT_COLUMNS if texts else ("iri", "label")
    for path in paths:
        head = (address(room.documents.iris.of(path)), room.names.text(path))
        row = room.texts.by_path.get(path) if texts else None
        if row is None:
            yield head
            continue
        places = (named(row.writers), named(row.addressees), named(row.written_at), named(row.languages))
        yield (*head, row.edtf, row.earliest, row.latest, *places, named(row.kinds))
