"""Somebody's SPARQL 1.1 endpoint as an engine: asked for whole results, which are read, checked and written anew here.

The query is parsed here first, so that errors, dialect and formats are the same whatever engine lies behind. The data
set goes along as protocol parameters: our graphs and no others. Runs in a process that the kernel ends at its limits.
"""

import http.client
import re
from email.message import Message
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from lod.errors import StoreError
from lod.formats import JSON_RESULTS, N_TRIPLES
from lod.store import results, wire
from lod.store.answers import Endpoint, Failed, Graphs, NotAcceptable, OverTime, Refusal, Unavailable, Unsupported
from lod.store.named import Names, names, without_clauses
from lod.store.scan import unescape

_PIECE_BYTES = 1 << 16
_COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_COUNTING_SECONDS = 60
_NOBODY = "urn:empty"
_EXTENSIONS = ("bif:", "sql:", "http://www.openlinksw.com/schemas/")
"""What IRIs of Virtuoso's built-in functions begin with: some of them fetch and write."""
_OLD_LITERAL = re.compile(rb'"type"\s*:\s*"typed-literal"')
_OLD_TRUTH = re.compile(rb'"__ASK_RETVAL"\s*:\s*\{[^}]*"value"\s*:\s*"(\w+)"')
_TIME_WORDS = re.compile(r"time[d -]*(?:out|limit)|\bS1T", re.IGNORECASE)
_PARTIAL_HEADERS = ("X-SQL-State", "X-Exec-Milliseconds-Partial")
_TIME_STATUS = (206, 408, 503, 504)
"""206 is how later Virtuosos say that time was up and this is what they had."""


class EndpointAway(StoreError):
    """Nobody answers at the endpoint's address, or not with a count of its triples."""


class _Answered(Exception):
    """The endpoint answered, but not with a whole result."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


class Remote:
    """Speaks to one endpoint, a connection for each query."""

    opens_files = True

    def __init__(self, endpoint: Endpoint, base: str) -> None:
        self._endpoint = endpoint
        self._base = base
        self._place = urlsplit(endpoint.url)

    def count(self) -> int:
        """Triples of the default graph. `EndpointAway` when the endpoint does not answer."""
        try:
            body = self._fetch(_COUNT, Graphs(self._endpoint.default), JSON_RESULTS.media_type, _COUNTING_SECONDS)
            found = _table(body)
            return int(str(next(iter(found))["n"].value)) if isinstance(found, ox.QuerySolutions) else 0
        except _Answered as answered:
            raise EndpointAway(f"{self._endpoint.url}: {answered.refusal.detail}") from None
        except (OSError, http.client.HTTPException, ValueError, SyntaxError) as error:
            raise EndpointAway(f"{self._endpoint.url}: {error or type(error).__name__}") from None

    def answer(self, request: wire.Request, output: results.Output) -> str | Refusal:
        """As `Engine.answer`."""
        # Parsing is all that can happen here: there are no data.
        parsed = ox.Store().query(request.query, base_iri=self._base or None)
        media_type = results.suitable(parsed, request.accept)
        if isinstance(media_type, NotAcceptable):
            return media_type
        said = names(request.query, self._base)
        refusal = _foreign(request.query, said, self._base)
        if refusal is not None:
            return refusal
        try:
            # Rows are read while they are written: a table that breaks off does so here.
            results.write(self._whole(parsed, request, said), media_type, output)
        except _Answered as answered:
            return answered.refusal
        except SyntaxError:
            return Failed("The store behind this endpoint sent a part of a result; no part of it is given.")
        except http.client.HTTPException:
            return Failed("The store behind this endpoint broke off in the middle of its answer.")
        except OSError:
            return Unavailable("The store behind this endpoint does not answer.", 5)
        return media_type

    def _whole(self, parsed: results.Results, request: wire.Request, said: Names) -> results.Results:
        """The endpoint's result, read to its end."""
        # Some engines let FROM win over the protocol's parameters: what it names goes there, checked, and only there.
        query = self._based(without_clauses(request.query, said))
        graphs = self._graphs(request.graphs, said)
        wanted = N_TRIPLES if isinstance(parsed, ox.QueryTriples) else JSON_RESULTS
        body = self._fetch(query, graphs, wanted.media_type, request.limits.seconds)
        if isinstance(parsed, ox.QueryTriples):
            return _graph(body)
        found = _truth(body) if isinstance(parsed, ox.QueryBoolean) else _table(body)
        if type(found) is not type(parsed):
            raise SyntaxError("another kind of result")
        return found

    def _based(self, query: str) -> str:
        return f"BASE <{self._base}> {query}" if self._base else query

    def _graphs(self, asked: Graphs, said: Names) -> Graphs:
        """The data set to ask for: what the request names, else what the query names, else all of ours."""
        own = Graphs(self._endpoint.default, self._endpoint.named)
        wanted = asked or Graphs(said.default, said.named)
        if not wanted:
            return own
        return Graphs(
            tuple(name for name in wanted.default if name in own.named),
            tuple(name for name in wanted.named if name in own.named),
        )

    def _fetch(self, query: str, graphs: Graphs, media_type: str, seconds: float) -> bytes:
        pairs = [("query", query)]
        pairs += [("default-graph-uri", name) for name in graphs.default or (_NOBODY,)]
        pairs += [("named-graph-uri", name) for name in graphs.named or (_NOBODY,)]
        kind = http.client.HTTPSConnection if self._place.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._place.netloc, timeout=seconds + 1)
        try:
            path = self._place.path + (f"?{self._place.query}" if self._place.query else "")
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": media_type}
            connection.request("POST", path or "/", urlencode(pairs).encode(), headers)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status != 200 or any(response.headers.get(name) for name in _PARTIAL_HEADERS):
            raise _Answered(_refused(response.status, response.headers, body, seconds))
        return body


def _refused(status: int, headers: Message, body: bytes, seconds: float) -> Refusal:
    said = body[:2000].decode(errors="replace")
    if status in _TIME_STATUS or headers.get("X-SQL-State") or (status >= 500 and _TIME_WORDS.search(said)):
        return OverTime(f"The store behind this endpoint gave up within {seconds:g} seconds.", seconds)
    if status == 400:
        return Unsupported("The store behind this endpoint does not take this query, though it is SPARQL 1.1.")
    return Failed("The store behind this endpoint could not evaluate the query.")


def _foreign(query: str, said: Names, base: str) -> Refusal | None:
    """What is not for this engine: its own functions, and names of graphs that cannot be told for sure."""
    plain = unescape(query)
    also = names(plain, base) if plain != query else said
    used = next((name for name in (*said.all, *also.all) if name.lower().startswith(_EXTENSIONS)), None)
    if used is not None:
        return Unsupported(f"<{used}> is an extension of one engine; this endpoint takes SPARQL 1.1.")
    if plain != query and (said.clauses or also.clauses):
        return Unsupported("Write a query that has FROM in it without \\u escapes.")
    return None


def _table(body: bytes) -> results.Results:
    """SPARQL JSON, read to its end; an older dialect of it is understood. `SyntaxError` when it is not whole."""
    plain = _OLD_LITERAL.sub(b'"type":"literal"', body)
    return ox.parse_query_results(plain, format=ox.QueryResultsFormat.JSON)


def _truth(body: bytes) -> results.Results:
    """The same for an ASK, which Virtuoso answers with a table of one row, or of none."""
    if b"__ASK_RETVAL" not in body[:200]:
        return _table(body)
    found = _OLD_TRUTH.search(body)
    yes = found is not None and found[1] in (b"1", b"true")
    return _table(b'{"head":{},"boolean":%s}' % (b"true" if yes else b"false"))


def _graph(body: bytes) -> ox.QueryTriples:
    """N-Triples as results of a query, in their order."""
    store = ox.Store()
    store.extend(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    found = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    if not isinstance(found, ox.QueryTriples):
        raise SyntaxError("no graph")
    return found
