"""Graphs put into somebody's store by the SPARQL 1.1 Graph Store HTTP Protocol, piece by piece."""

from collections.abc import Callable, Iterable, Iterator

import httpx
import pyoxigraph as ox

from lod.errors import StoreError
from lod.formats import N_TRIPLES
from lod.store import disk
from lod.store.answers import GraphFile

_PIECE_TRIPLES = 50_000
_SECONDS = 300.0


def put(
    files: Iterable[GraphFile],
    url: str,
    *,
    user: str = "",
    password: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> int:
    """Replace each file's graph at a graph store's address; triples sent. `StoreError` says what was refused.

    Default graphs go to the graph they are called `elsewhere`. A graph is emptied with its first piece and grows with
    the next ones, so readers of the same store see it half loaded.
    """
    try:
        with httpx.Client(timeout=_SECONDS) as client:
            auth = _auth(client, url, user, password)
            return sum(_put(client, url, auth, entry, progress) for entry in files)
    except (httpx.HTTPError, OSError, SyntaxError) as error:
        raise StoreError(f"{url}: {error or type(error).__name__}") from None


def _auth(client: httpx.Client, url: str, user: str, password: str) -> httpx.Auth | None:
    """What the store asks for: digest if it says so, else basic."""
    if not user:
        return None
    asked = client.put(url, params={"graph": "urn:empty"}, content=b"").headers.get("WWW-Authenticate", "")
    kind = httpx.DigestAuth if asked.lower().startswith("digest") else httpx.BasicAuth
    return kind(user, password)


def _put(
    client: httpx.Client, url: str, auth: httpx.Auth | None, entry: GraphFile, progress: Callable[[str], None]
) -> int:
    graph, sent = entry.graph or entry.elsewhere, 0
    for count, piece in _pieces(entry):
        response = client.request(
            "POST" if sent else "PUT",
            url,
            params={"graph": graph},
            content=piece,
            headers={"Content-Type": N_TRIPLES.media_type},
            auth=auth or httpx.USE_CLIENT_DEFAULT,
        )
        if response.is_error:
            said = response.text.strip().partition("\n")[0][:200]
            raise StoreError(f"{url} refuses <{graph}>: {response.status_code} {said}")
        sent += count
        progress(f"{sent:,} triples in <{graph}>")
    return sent


def _pieces(entry: GraphFile) -> Iterator[tuple[int, bytes]]:
    """N-Triples with at most so many triples each; there are no blank nodes that would have to stay together."""
    held: list[ox.Triple] = []
    for quad in ox.parse(path=str(entry.file), format=disk.FORMATS[entry.file.suffix]):
        held.append(quad.triple)
        if len(held) == _PIECE_TRIPLES:
            yield len(held), _lines(held)
            held = []
    yield len(held), _lines(held)


def _lines(triples: list[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
