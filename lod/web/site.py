"""What is served: editions with their documents, and the two kinds of addresses, names and places, kept apart."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from lod import vocab
from lod.config import Edition
from lod.errors import ConfigError
from lod.iris import KINDS
from lod.store import GraphFile, Limits, Store
from lod.store.documents import Documents
from lod.terms import Iri, address, iri
from lod.web.words import KIND_WORDS


@dataclass(frozen=True, slots=True)
class Published:
    """One edition to serve: its settings, and the folder that holds `{edition.id}.ttl`."""

    edition: Edition
    dumps: Path

    @property
    def dump(self) -> Path:
        """The Turtle dump that everything is served from."""
        return self.dumps / f"{self.edition.id}.ttl"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A row of `withdrawn.tsv`: an IRI that was published once. One replacement: it was merged into that."""

    iri: Iri
    date: str
    reason: str
    replaced_by: tuple[Iri, ...]


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
        self.documents = Documents.load(published.dump, published.edition.base)
        self.withdrawn = _withdrawn(published.edition)
        self.queries = _queries(published.edition.folder / "queries")
        self._public_url = public_url
        self._root = urlsplit(public_url).path + prefix

    def address(self, path: str) -> str:
        """Where a path of this edition is reached, absolute."""
        return f"{self._public_url}{self.prefix}/{path}"

    def link(self, path: str) -> str:
        """The same without scheme and host, for pages."""
        return f"{self._root}/{path}"

    @property
    def title(self) -> str:
        """The edition's title in English if it has one, else in its first language."""
        return self.edition.title.get("en") or next(iter(self.edition.title.values()))

    @property
    def description(self) -> str:
        """What the edition says about itself, in the same language."""
        return self.edition.description.get("en") or next(iter(self.edition.description.values()))


class Site:
    """Everything a request may need. Made once, never changed."""

    def __init__(self, published: Sequence[Published], public_url: str, limits: Limits, store: Store) -> None:
        self.public_url = public_url.rstrip("/")
        self.root = urlsplit(self.public_url).path
        self.limits = limits
        self.store = store
        self.templates = _environment()
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


def _environment() -> Environment:
    """Templates escape everything; a name that does not exist is an error, not an empty place on a page."""
    environment = Environment(
        loader=PackageLoader("lod.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(terms=vocab, kinds=KIND_WORDS)
    return environment


_RESERVED = frozenset(
    {"sparql", "dumps", "dataset", "static", "health", "ready", "search", "openapi.json", ".well-known"}
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
    """What the store loads: the dumps, all in the default graph."""
    return [GraphFile(entry.dump) for entry in published]


def query_base(published: Sequence[Published], public_url: str) -> str:
    """What relative IRIs in a query are resolved against: the base of the one edition, else the server's address."""
    return published[0].edition.base if len(published) == 1 else public_url.rstrip("/") + "/"


def _withdrawn(edition: Edition) -> Mapping[str, Withdrawn]:
    """`withdrawn.tsv` by path; several replacements are separated by spaces, lines with `#` are comments."""
    file = edition.folder / "withdrawn.tsv"
    if not file.is_file():
        return {}
    found = {}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        for row in rows:
            name = (row.get("iri") or "").strip()
            replacements = (row.get("replaced by") or row.get("replaced_by") or "").split()
            if name.startswith(edition.base):
                entry = Withdrawn(
                    iri(name), row.get("date") or "", row.get("reason") or "", tuple(map(iri, replacements))
                )
                found[address(entry.iri)[len(edition.base) :]] = entry
    return found


def _queries(folder: Path) -> tuple[Query, ...]:
    """The shipped queries, in the order of their file names."""
    found = []
    for file in sorted(folder.glob("*.rq")) if folder.is_dir() else ():
        text = file.read_text(encoding="utf-8")
        heads = (line[1:].partition(":") for line in text.splitlines() if line.startswith("#"))
        said = {word.strip(): rest.strip() for word, mark, rest in heads if mark}
        found.append(Query(file.stem, said.get("title", file.stem), said.get("question", ""), text))
    return tuple(found)
