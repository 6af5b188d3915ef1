"""What is served: editions with their documents, and the two kinds of addresses, names and places, kept apart."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request

from lod import vocab, withdrawn
from lod.config import Edition
from lod.errors import ConfigError
from lod.iris import KINDS
from lod.release import History
from lod.release.graphs import FOLDER as GRAPHS_FOLDER
from lod.store import GraphFile, Limits, Store, disk
from lod.terms import Iri
from lod.web import interface, tables
from lod.web.backlinks import Backlinks
from lod.web.facets import Catalogue
from lod.web.happenings import Happenings
from lod.web.interface import Interface
from lod.web.names import Named
from lod.web.pictures.ground import Ground
from lod.web.texts import Texts
from lod.web.words import KIND_WORDS, prefixed

_PAGES_KEPT = 500
"""So many pages of things are kept as they were made."""
_WORKBENCH_WORDS = {
    "table": "Table",
    "map": "Map",
    "timeline": "Timeline",
    "rows": "rows",
    "more": "Show more rows",
    "failed": "No answer",
}
"""Messages that the query page's script shows."""


@dataclass(frozen=True, slots=True)
class Published:
    """One edition to serve: its settings, the folder that holds `{edition.id}.ttl`, and where its releases lie."""

    edition: Edition
    dumps: Path
    releases: Path | None = None

    @property
    def dump(self) -> Path:
        """The Turtle dump that everything is served from."""
        return self.dumps / f"{self.edition.id}.ttl"


@dataclass(frozen=True, slots=True)
class Query:
    """A shipped query, with its title and the question it answers."""

    name: str
    title: str
    question: str
    text: str


class Room:
    """One edition as it is served, below `prefix` (`""`, or `/{edition}` when there are several)."""

    def __init__(self, published: Published, prefix: str, public_url: str) -> None:
        self.edition = published.edition
        self.dumps = published.dumps
        self.dump = published.dump
        self.prefix = prefix
        self.documents = tables.opened(published.dump, published.edition.base)
        self.index = self.documents.index
        self.withdrawn = withdrawn.read(published.edition.folder, published.edition.base)
        self.history = History(published.releases, published.edition.id)
        self.queries = _queries(published.edition.folder / "queries")
        self.language = "en"
        self._public_url = public_url
        self._root = urlsplit(public_url).path + prefix
        self.texts = Texts(self.index)
        self.names = Named(self.documents, self.link, self.texts)
        self.happenings = Happenings(self.index)
        self.backlinks = Backlinks(self.documents, self.texts.by_path)
        self._told: dict[str, Room] = {}
        self._catalogues = {kind: Catalogue(self.documents, kind) for kind in KINDS}

    def told_in(self, words: Interface) -> "Room":
        """The same room with names in the language of an interface, for pages: all else is shared."""
        if words.tag not in self._told:
            told = copy(self)
            told.names = self.names.told_in(words)
            told.language = words.tag
            self._told[words.tag] = told
        return self._told[words.tag]

    def catalogue(self, kind: str) -> Catalogue:
        """The things of a kind with their facets."""
        return self._catalogues[kind]

    def address(self, path: str) -> str:
        """Where a path of this edition is reached, absolute."""
        return f"{self._public_url}{self.prefix}/{path}"

    def link(self, path: str) -> str:
        """The same without scheme and host, for pages."""
        return f"{self._root}/{path}"

    @property
    def title(self) -> str:
        """The edition's title in the reader's language if it has one, else in English, else in its first language."""
        return self.edition.title[self.title_language]

    @property
    def title_language(self) -> str:
        """The language of that title."""
        known = self.edition.title
        return next((tag for tag in (self.language, "en") if tag in known), next(iter(known)))

    @property
    def description(self) -> str:
        """What the edition says about itself, in the same language."""
        return self.edition.description.get("en") or next(iter(self.edition.description.values()))


class _Compiled(BytecodeCache):
    """Templates compiled once in a process, for all languages and every change-over."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what was compiled before."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


@lru_cache(maxsize=1)
def _compiled() -> _Compiled:
    return _Compiled()


class Site:
    """Everything a request may need. Made once, never changed."""

    def __init__(self, published: Sequence[Published], public_url: str, limits: Limits, store: Store) -> None:
        self.public_url = public_url.rstrip("/")
        self.root = urlsplit(self.public_url).path
        self.limits = limits
        self.store = store
        self.interfaces = {tag: interface.load(tag) for tag in interface.LANGUAGES}
        self._environments = {tag: _environment(words) for tag, words in self.interfaces.items()}
        self.graphs = {name: file for entry in published for name, file in named_graphs(entry).items()}
        self.templates = self._environments[next(iter(interface.LANGUAGES))]
        self.built = frozenset(_built())
        self.ground = Ground()
        self._pages: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self.searches = True
        several = len(published) > 1
        _check(published)
        self.rooms = tuple(
            Room(entry, f"/{entry.edition.id}" if several else "", self.public_url) for entry in published
        )

    @property
    def several(self) -> bool:
        """True when there is a catalogue of editions at `/`."""
        return len(self.rooms) > 1

    @property
    def title(self) -> str:
        """What stands on top of every page."""
        return "Editions" if self.several else self.rooms[0].title

    def words(self, request: Request) -> Interface:
        """The interface that the reader gets."""
        return self.interfaces[interface.chosen(request)]

    def html(self, request: Request, template: str, **values: Any) -> bytes:
        """A page in the language of the interface that the reader gets."""
        words = self.words(request)
        page = self._environments[words.tag].get_template(template)
        if isinstance(room := values.get("room"), Room):
            values["room"] = room.told_in(words)
        address = request.url
        return page.render(site=self, here=address.path, asked=address.query, **values).encode()

    def prepare(self) -> None:
        """Have the templates and words of things at hand before somebody asks for the first one."""
        for words in self.interfaces.values():
            words.labels.part(words.number(1), words.date("May 1936"))
        for environment in self._environments.values():
            for kind in KINDS:
                environment.get_template(f"{kind}.html")
            for name in ("thing.html", "base.html", "macros.html", "draw.html", "list.html", "start.html"):
                environment.get_template(name)

    def offer(self, **values: object) -> None:
        """Make something known to all templates."""
        for environment in self._environments.values():
            environment.globals.update(values)

    def once(self, key: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
        """A page that was made before, or made now; within bounds, those asked for longest ago are dropped."""
        made = self._pages.pop(key, None) or make()
        self._pages[key] = made
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        return made

    def workbench(self, words: Interface) -> dict[str, Any]:
        """What the script of the query page needs to know: endpoint, prefixes, our terms, and its words."""
        room = self.rooms[0]
        own = {f"{kind}": f"{room.documents.iris.base}{kind}/" for kind in room.documents.counts()}
        return {
            "endpoint": self.link("sparql"),
            "base": room.documents.iris.base,
            "root": room.link(""),
            "land": self.link("static/build/land.json"),
            "prefixes": {**vocab.PREFIXES, **own},
            "terms": sorted(
                {
                    prefixed(Iri(term))
                    for space in vars(vocab).values()
                    if isinstance(space, type)
                    for term in vars(space).values()
                    if isinstance(term, str) and term.startswith("<http")
                }
            ),
            "first": room.queries[0].text if room.queries else "",
            "words": {name: words.gettext(text) for name, text in _WORKBENCH_WORDS.items()},
        }

    def link(self, path: str) -> str:
        """The path of something that belongs to no edition."""
        return f"{self.root}/{path}"

    def by_iri(self, term: Iri) -> tuple[Room, str] | None:
        """The room and path of an IRI of ours."""
        for room in self.rooms:
            path = room.documents.iris.path(term)
            if path:
                return room, path
        return None


def _environment(words: Interface) -> Environment:
    """Templates escape everything; a name that does not exist is an error, not an empty place on a page."""
    environment = Environment(
        loader=PackageLoader("lod.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_compiled(),
    )
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext)  # type: ignore[attr-defined]
    environment.globals.update(terms=vocab, kinds=KIND_WORDS, interface=words, languages=interface.LANGUAGES)
    return environment


def _built() -> list[str]:
    """What the front end's build has made; every page works without it."""
    folder = files("lod.web").joinpath("static", "build")
    return [file.name for file in folder.iterdir()] if folder.is_dir() else []


_RESERVED = frozenset(
    {
        "sparql",
        "dumps",
        "dataset",
        "static",
        "health",
        "ready",
        "search",
        "reconcile",
        "suggest",
        "preview",
        "extend",
        "lookup",
        "beacon",
        "same-as",
        "timeline",
        "map",
        "network",
        "schema",
        "cite",
        "openapi.json",
        ".well-known",
    }
)


def _check(published: Sequence[Published]) -> None:
    """Identifiers and bases must tell editions apart, or one would hide behind another."""
    for place, entry in enumerate(published):
        edition, problems = entry.edition, []
        same = [*published[:place], *published[place + 1 :]]
        if len(published) > 1 and edition.id in _RESERVED | set(KINDS):
            problems.append(f"id = '{edition.id}' is the name of a route: choose another")
        if any(other.edition.id == edition.id for other in same):
            problems.append(f"id = '{edition.id}': another edition served here has it too")
        if any(other.edition.base.startswith(edition.base) for other in same):
            problems.append(f"base = '{edition.base}': another edition served here begins with it too")
        if problems:
            raise ConfigError(edition.folder / "edition.toml", problems)


def graph_files(published: Sequence[Published]) -> list[GraphFile]:
    """What the store loads: the dumps, all in the default graph, and the graphs beside them by their names."""
    found = [GraphFile(entry.dump, elsewhere=f"{entry.edition.base}graph/data") for entry in published]
    return found + [GraphFile(file, name) for entry in published for name, file in named_graphs(entry).items()]


def named_graphs(entry: Published) -> dict[str, Path]:
    """The graphs of an edition besides its dump, by IRI: the ontology, the links to authorities, the report."""
    folder = entry.dumps / GRAPHS_FOLDER
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return {f"{entry.edition.base}graph/{file.stem}": file for file in files if file.suffix in disk.FORMATS}


def query_base(published: Sequence[Published], public_url: str) -> str:
    """What relative IRIs in a query are resolved against: the base of the one edition, else the server's address."""
    return published[0].edition.base if len(published) == 1 else public_url.rstrip("/") + "/"


def _queries(folder: Path) -> tuple[Query, ...]:
    """The shipped queries, in the order of their file names."""
    found = []
    for file in sorted(folder.glob("*.rq")) if folder.is_dir() else ():
        text = file.read_text(encoding="utf-8")
        heads = (line[1:].partition(":") for line in text.splitlines() if line.startswith("#"))
        said = {word.strip(): rest.strip() for word, mark, rest in heads if mark}
        found.append(Query(file.stem, said.get("title", file.stem), said.get("question", ""), text))
    return tuple(found)
