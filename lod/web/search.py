"""`/search` over all editions: a page for people, JSON for programs. The index is made, or read, after the start."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lod.errors import StoreError
from lod.formats import HTML, Format
from lod.iris import KINDS
from lod.search import Found, Hit, SearchIndex, TooLongToFind
from lod.terms import address
from lod.web import negotiate, problems
from lod.web.conditional import Representation, respond
from lod.web.found import opened
from lod.web.numbers import number
from lod.web.problems import Problem
from lod.web.site import Room, Site

JSON = Format("json", "application/json", "JSON")
SIZE = 20
"""Results on one page."""
_MOST = 100
_WORDS_BYTES = 500
_FURTHEST = 10_000


@dataclass(frozen=True, slots=True)
class Result:
    """A hit in one edition."""

    room: Room
    hit: Hit

    def plain(self) -> dict[str, Any]:
        """As JSON says it."""
        documents = self.room.documents
        return {
            "iri": address(documents.iris.of(self.hit.path)),
            "url": self.room.address(self.hit.path),
            "kind": self.hit.kind,
            "label": self.hit.label,
            "form": self.hit.form,
            "score": self.hit.score,
            "edition": self.room.edition.id,
        }


class Searches:
    """The indexes of all editions."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._indexes: dict[str, SearchIndex] = {}
        self._made = asyncio.Event()

    async def prepare(self) -> None:
        """Read or make the indexes, in a thread."""
        try:
            for room in self._site.rooms:
                self._indexes[room.edition.id] = await run_in_threadpool(opened, room.documents, room.dump)
            self._made.set()
        except (OSError, StoreError):
            logging.getLogger(__name__).exception("the search index cannot be made: /search stays closed")

    @property
    def ready(self) -> bool:
        """True when questions are answered."""
        return self._made.is_set()

    def of(self, room: Room) -> SearchIndex:
        """The index of an edition. `KeyError` until it is made."""
        return self._indexes[room.edition.id]

    def find(self, words: str, kind: str, limit: int, offset: int) -> tuple[Found, list[Result]]:
        """The best of all editions, by score; counts are sums."""
        total, kinds, results = 0, dict[str, int](), list[Result]()
        unused: tuple[str, ...] = ()
        for room in self._site.rooms:
            found = self.of(room).search(words, kind=kind, limit=limit + offset)
            total += found.total
            unused = found.unused
            for name, count in found.kinds.items():
                kinds[name] = kinds.get(name, 0) + count
            results += [Result(room, hit) for hit in found.hits]
        if self._site.several:
            results.sort(key=lambda result: -result.hit.score)
        ordered = {name: kinds[name] for name in KINDS if name in kinds}
        return Found(total, ordered, (), unused), results[offset : offset + limit]

    async def answer(self, request: Request) -> Response:
        """GET `/search?q=&kind=&page=&limit=`."""
        asked = _asked(request)
        if isinstance(asked, Problem):
            return problems.respond(request, asked)
        if not self.ready:
            problem = Problem(503, "The search is being prepared.", "unavailable", headers={"Retry-After": "2"})
            return problems.respond(request, problem)
        form = _form(request)
        if isinstance(form, Problem):
            return problems.respond(request, form)
        try:
            found, results = await run_in_threadpool(
                self.find, asked.words, asked.kind, asked.limit, asked.limit * (asked.page - 1)
            )
        except TooLongToFind:
            detail = "Too many things begin so. Write more of a word, or more words."
            return problems.respond(request, Problem(503, detail, "search-too-long", headers={"Retry-After": "5"}))
        made = self._page(request, asked, found, results) if form is HTML else self._json(asked, found, results)
        return respond(request, made, {"Vary": "Accept"})

    def _json(self, asked: "_Asked", found: Found, results: list[Result]) -> Representation:
        further = asked.page * asked.limit < found.total
        content = {
            "query": asked.words,
            "kind": asked.kind,
            "total": found.total,
            "kinds": found.kinds,
            "unused": found.unused,
            "page": asked.page,
            "results": [result.plain() for result in results],
            "next": f"{self._site.public_url}/search{asked.query(page=asked.page + 1)}" if further else None,
        }
        return Representation(json.dumps(content, ensure_ascii=False).encode(), JSON.media_type)

    def _page(self, request: Request, asked: "_Asked", found: Found, results: list[Result]) -> Representation:
        room = None if self._site.several else self._site.rooms[0]
        pages = max(1, -(-found.total // asked.limit))
        page = self._site.html(request, "search.html", room=room, wish=asked, found=found, results=results, pages=pages)
        return Representation(page, HTML.content_type)


@dataclass(frozen=True, slots=True)
class _Asked:
    words: str
    kind: str
    page: int
    limit: int

    def query(self, **changes: object) -> str:
        """The address's query for the same with something changed."""
        said = {"q": self.words, "kind": self.kind, "page": self.page, "limit": self.limit, **changes}
        usual = {"kind": "", "page": 1, "limit": SIZE}
        return "?" + urlencode({key: value for key, value in said.items() if usual.get(key) != value})


def _asked(request: Request) -> _Asked | Problem:
    said = request.query_params
    words, kind = said.get("q", ""), said.get("kind", "")
    if len(words.encode()) > _WORDS_BYTES:
        return Problem(400, f"A question has at most {_WORDS_BYTES} bytes.", "question-too-long")
    if kind and kind not in KINDS:
        return Problem(400, f"There is no such kind; there are {', '.join(KINDS)}.", "unknown-kind")
    numbers = {}
    for name, usual, most in (("page", 1, _FURTHEST), ("limit", SIZE, _MOST)):
        value = number(said.get(name, str(usual)), most)
        if not value:
            return Problem(400, f"{name} is a number from 1 to {most:,}.", "bad-number")
        numbers[name] = value
    return _Asked(words, kind, numbers["page"], numbers["limit"])


def _form(request: Request) -> Format | Problem:
    wanted = request.query_params.get("format")
    if wanted is None:
        return negotiate.choose(request.headers.get("accept"), (JSON, HTML)) or Problem(
            406,
            "Results come as JSON and HTML.",
            "not-acceptable",
            facts={"offered": [JSON.media_type, HTML.media_type]},
        )
    known = {form.name: form for form in (JSON, HTML)}
    return known.get(wanted) or Problem(
        400, f"There is no such format; there are {', '.join(known)}.", "unknown-format"
    )
