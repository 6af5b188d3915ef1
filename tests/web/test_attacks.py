"""The attack suite: everything at one running server, and what must be true of it afterwards."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from running import Process, edition, lod_serve

from tests.processes import family, gone

SECONDS = 1
PREFIX = "PREFIX x: <http://x/> "
ANY = "?s{0} ?p{0} ?o{0} ."
CLIQUE = " ".join(f"(x:{a} x:{b})" for a in range(30) for b in range(30))


def joins(count: int) -> str:
    return " ".join(ANY.format(number) for number in range(count))


COSTLY = {
    "paths over a clique": PREFIX
    + "SELECT (COUNT(*) AS ?n) { ?a (!x:p/!x:p)* ?b . ?b (!x:q/!x:q)* ?c . ?c (!x:r)* ?d }",
    "paths with both ends open": "SELECT * { ?a (<http://x/p>|!<http://x/p>)* ?b . ?b (<http://x/p>|!<http://x/p>)+ ?c } ORDER BY ?c ?a",
    "a join of millions, sorted": f"SELECT * {{ {joins(4)} }} ORDER BY ?o0 ?o1 ?o2 ?o3",
    "a join of millions, counted": f"SELECT (COUNT(*) AS ?n) {{ {joins(5)} }}",
    "a join of millions, made distinct": f"SELECT DISTINCT ?o0 ?o1 ?o2 ?o3 {{ {joins(4)} }}",
    "VALUES joined": PREFIX
    + f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES (?a{i} ?b{i}) {{ {CLIQUE} }}' for i in range(4))} }}",
    "strings doubled": "SELECT (STRLEN(?a40) AS ?n) { BIND('aaaaaaaaaaaaaaaa' AS ?a0) "
    + " ".join(f"BIND(CONCAT(?a{i},?a{i}) AS ?a{i + 1})" for i in range(40))
    + " }",
    "strings replaced": "SELECT (STRLEN(?a9) AS ?n) { BIND('aaaaaaaaaaaaaaaa' AS ?a0) "
    + " ".join(f"BIND(REPLACE(?a{i},'a',?a{i}) AS ?a{i + 1})" for i in range(9))
    + " }",
    "GROUP_CONCAT flooded": f"SELECT (STRLEN(GROUP_CONCAT(?o0)) AS ?n) {{ {joins(4)} }}",
    "rows without end": f"SELECT * {{ {joins(4)} }}",
    "a graph without end": f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} WHERE {{ {joins(3)} }}",
    "groups without end": f"SELECT ?o0 ?o1 ?o2 (COUNT(*) AS ?n) {{ {joins(4)} }} GROUP BY ?o0 ?o1 ?o2",
    "EXISTS in each row": f"SELECT (COUNT(*) AS ?n) {{ {joins(2)} FILTER NOT EXISTS "
    f"{{ {ANY.format(8)} {ANY.format(9)} FILTER(?o8 = ?o0 && ?o9 = 'no') }} }}",
    "a long list in each row": f"SELECT (COUNT(*) AS ?n) {{ {joins(3)} FILTER(?o0 IN ({','.join(map(str, range(9000)))})) }}",
    "paths of paths": "SELECT (COUNT(*) AS ?n) { ?s "
    + "(" * 98
    + "!<http://x/p>"
    + ")*" * 98
    + " ?o . ?o (!<http://x/p>)* ?z }",
    "options of options": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o "
    + " ".join(f"OPTIONAL {{ ?a{i} ?b{i} ?c{i} }}" for i in range(100))
    + " }",
    "a graph of many parts": "CONSTRUCT { "
    + " ".join(f"?s0 <http://x/{i}> ?o1 ." for i in range(1500))
    + f" }} WHERE {{ {joins(2)} }}",
    "a pattern made of a pattern": f"SELECT (COUNT(*) AS ?n) {{ {joins(3)} FILTER REGEX(STR(?o0), '((((a{{30}}){{30}}){{30}}){{9}})') }}",
    "a regular expression that is tried and tried": f"SELECT (COUNT(*) AS ?n) {{ {joins(3)} "
    "FILTER REGEX(CONCAT(STR(?o0), STR(?o1)), '(a+)+(b+)+(c+)+$') }",
}
DEEP = {
    "{": "SELECT * " + "{" * 5000 + "}" * 5000,
    "(": "ASK { FILTER" + "(" * 5000 + "1" + ")" * 5000 + " }",
    "!": "ASK { FILTER(" + "!" * 9000 + "true) }",
    "-": "ASK { FILTER(" + "- " * 9000 + "1 = 1) }",
    "+": "ASK { FILTER(" + "+".join("1" * 5000) + " = 1) }",
    "&&": "ASK { FILTER(" + "&&".join(["1"] * 5000) + ") }",
    "UNION": "ASK { " + " UNION ".join(["{?s ?p ?o}"] * 2000) + " }",
    "OPTIONAL": "ASK { " + "OPTIONAL { ?s ?p ?o } " * 2000 + "}",
    "nested OPTIONAL": "ASK { " + "OPTIONAL { ?s ?p ?o " * 2000 + "}" * 2001,
    "MINUS": "ASK { ?s ?p ?o " + "MINUS { ?s ?p ?o } " * 2000 + "}",
    "EXISTS": "ASK { " + "FILTER EXISTS { ?s ?p ?o " * 2000 + "}" * 2001,
    "subqueries": "SELECT * { " + "{ SELECT * { " * 2000 + "}}" * 2000 + "}",
    "paths": "ASK { ?s " + "/".join(["!<http://x/p>"] * 3000) + " ?o }",
    "path brackets": "ASK { ?s " + "(" * 3000 + "<http://x/p>" + ")*" * 3000 + " ?o }",
    "lists": "ASK { " + "(" * 3000 + ")" * 3000 + " ?p ?o }",
    "blank nodes": "ASK { " + "[ ?p " * 3000 + "?o" + " ]" * 3000 + " . }",
    "functions": "ASK { FILTER(" + "STR(" * 3000 + "1" + ")" * 3000 + " = '1') }",
    "IF": "ASK { FILTER(" + "IF(true, " * 3000 + "1" + ", 0)" * 3000 + ") }",
    "quoted triples": "ASK { " + "<< " * 3000 + "?s ?p ?o" + " >> ?p ?o" * 3000 + " }",
}
FEDERATED = [
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service<{0}>{{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ SeRvIcE <{0}> {{ ?s ?p ?o }} }} }} }}",
    "SELECT * {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERV\\U00000049CE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?w {{ <{0}> }} SERVICE ?w {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p ?o FILTER(?o<'>')SERVICE<{0}>{{?a ?b '}} }}",
    "SELECT * {{# SERVICE\n SERVICE\n#x\n<{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p '#' SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "PREFIX e: <{0}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}",
    "BASE <{0}> SELECT * {{ SERVICE <x> {{ ?s ?p ?o }} }}",
    "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <ftp://127.0.0.1/x> {{ ?s ?p ?o }}",
]
ELSEWHERE = ["ASK FROM <{0}> {{ ?s ?p ?o }}", "ASK FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"]
UPDATES = [
    "INSERT DATA {{ <a:a> <a:b> <a:c> }}", "DELETE WHERE {{ ?s ?p ?o }}", "CLEAR ALL", "DROP DEFAULT", "LOAD <{0}>",
    "LOAD SILENT <{0}> INTO GRAPH <a:g>", "CREATE GRAPH <a:g>", "COPY DEFAULT TO <a:g>",
    "\\u0049NSERT DATA {{ <a:a> <a:b> <a:c> }}", "PREFIX a: <a:> WITH a:g DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
    "ASK {{}} ; DROP ALL",
]  # fmt: skip


ODD = [
    "",
    "²",
    "-1",
    "9" * 5000,
    "1e9",
    "NaN",
    "\x00",
    "\ud800",
    "\uffff",
    "'\"<>",
    "../../etc/passwd",
    "\r\nX: y",
    "{{7*7}}",
    "a " * 3000,
]
ASKED = {
    "/search": ("q", "kind", "page", "limit", "format", "lang"),
    "/letter/": ("q", "page", "from", "year", "format"),
    "/letter/1.html": ("page", "list", "lang", "profile"),
    "/letter/1": ("format", "profile"),
    "/timeline": ("year", "lang"),
    "/map": ("year",),
    "/network.svg": ("year",),
    "/suggest/entity?prefix=a": ("cursor", "type", "prefix"),
    "/extend/propose": ("type", "limit"),
    "/preview": ("id",),
    "/lookup": ("uri",),
    "/reconcile": ("queries", "extend"),
    "/oai?verb=ListRecords&metadataPrefix=oai_dc": ("resumptionToken", "set", "from"),
    "/sparql?query=ASK%7B%7D": ("timeout", "format", "default-graph-uri", "named-graph-uri", "query"),
    "/sitemap.xml": ("part",),
    "/dataset": ("format",),
}


class Canary:
    """An address of this machine that counts who comes."""

    def __init__(self) -> None:
        self.heard = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._socket.accept()[0].close()
                self.heard += 1

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    found = Canary()
    with socket.create_connection(("127.0.0.1", int(found.url.rstrip("/").rpartition(":")[2]))):
        time.sleep(0.1)
    assert found.heard == 1, "a canary that hears nobody proves nothing"
    found.heard = 0
    yield found
    found.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    home, dumps = edition(tmp_path_factory.mktemp("attacked"))
    # A clique for the paths, and names for the joins: enough triples for every explosion.
    with (dumps / "harbour" / "harbour.ttl").open("a", encoding="utf-8") as dump:
        for a in range(60):
            dump.writelines(f"<http://x/{a}> <http://x/q> <http://x/{b}> .\n" for b in range(60))
    with lod_serve(home, dumps, "--seconds", str(SECONDS), "--slots", "2", "--client-queries", "8") as served:
        yield served


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) * 1024


@pytest.fixture(scope="module")
def before(site: Process) -> tuple[set[int], int]:
    """The processes and the memory of the server after usual use, a large answer and a long address included."""
    for path in ("/", "/letter/1.html", "/letter/1.ttl", "/sparql", "/search?q=a", "/dumps/harbour.ttl", *ASKED):
        site.client.get(path)
    for number in range(15):
        site.ask(f"SELECT * {{ ?a{number} ?b ?c . ?d ?e ?f }} LIMIT 9000")
        site.client.post("/sparql", data={"query": f"ASK {{}} #{number}{'x' * 60_000}"})
    return family(site.server.pid), memory(site.server.pid)


@pytest.mark.statement(49, 51)
def test_costly_queries_end_at_a_limit(site: Process, before: object) -> None:
    def asked(query: str) -> httpx.Response:
        return httpx.post(f"{site.url}/sparql", data={"query": query}, timeout=30)

    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip(COSTLY, pool.map(asked, COSTLY.values()), strict=True))
    reasons = {"query-timeout", "query-memory", "result-too-large", "query-too-complex"}
    for name, answer in answers.items():
        assert answer.status_code in (400, 503), (name, answer.status_code, answer.text[:200])
        assert answer.json()["type"].partition("#")[2] in reasons, (name, answer.text)


@pytest.mark.statement(55)
@pytest.mark.parametrize("name", DEEP)
def test_deep_ones_are_refused(site: Process, before: object, name: str) -> None:
    answer = site.client.post("/sparql", content=DEEP[name], headers={"Content-Type": "application/sparql-query"})
    assert answer.status_code in (400, 413), (answer.status_code, answer.text[:200])
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.statement(47, 54)
def test_nobody_is_asked_and_nothing_changes(site: Process, before: object, canary: Canary) -> None:
    count = site.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").content
    for query in FEDERATED:
        answer = site.ask(query.format(canary.url))
        assert (answer.status_code, answer.json()["title"]) == (400, "Federation is disabled"), query
    for query in ELSEWHERE:
        assert site.ask(query.format(canary.url)).json()["boolean"] is False
    for name in ("default-graph-uri", "named-graph-uri", "using-graph-uri"):
        assert site.ask(**{name: canary.url}).status_code == 200
    for update in UPDATES:
        said = update.format(canary.url)
        assert site.ask(said).status_code in (400, 403), said
        for body in ({"update": said}, {"query": said}):
            assert site.client.post("/sparql", data=body).status_code in (400, 403), said
        direct = {"Content-Type": "application/sparql-update"}
        assert site.client.post("/sparql", content=said, headers=direct).status_code == 403
    for method in ("PUT", "DELETE", "PATCH"):
        assert site.client.request(method, "/sparql", params={"graph": "default"}).status_code == 405
    assert site.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").content == count
    assert canary.heard == 0


@pytest.mark.statement(48)
def test_too_much_is_refused(site: Process, before: object) -> None:
    many = "x" * (1 << 20)
    assert site.client.post("/sparql", data={"query": f"ASK {{}} #{many}"}).status_code == 413
    direct = {"Content-Type": "application/sparql-query"}
    assert site.client.post("/sparql", content=f"ASK {{}} #{many}{many}", headers=direct).status_code == 413
    answer = exchange(site, f"GET /sparql?query={many} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert not answer or answer.startswith((b"HTTP/1.1 414", b"HTTP/1.1 400", b"HTTP/1.1 431"))
    answer = exchange(site, b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n")
    assert not answer or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
    answer = exchange(site, b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\nquery=")
    assert b"200 OK" not in answer


def test_odd_values_are_no_errors_of_ours(site: Process, before: object) -> None:
    for path, names in ASKED.items():
        for name in names:
            for value in ODD:
                said = quote(value, safe="", errors="surrogatepass")
                answer = site.client.get(f"{path}{'&' if '?' in path else '?'}{name}={said}")
                assert answer.status_code < 500, (path, name, value[:20], answer.text[:200])
    for place in ("/ldes/1.0/" + "9" * 5000, "/letter/%ff", "/letter/" + "%C3%A9" * 2500, "//evil.example/letter/1/"):
        answer = httpx.Client(base_url=site.url).get(site.url + place)
        assert 300 < answer.status_code < 500, place
        assert answer.headers.get("location", site.url).startswith(site.url)
    fields = {"If-Modified-Since": "Mon, 99 Feb 99999999999 00:00:00 GMT", "Range": "bytes=" + "9" * 5000 + "-",
              "If-None-Match": '"a",' * 3000, "Accept": "a/b;q=0.1," * 1400, "Accept-Language": "xx;q=0.1," * 1500,
              "Accept-Encoding": "gzip;q=0.1," * 1300, "Accept-Profile": "<x:y>," * 2000, "Cookie": "a=b;" * 3000 + "a=b"}  # fmt: skip
    for name, value in fields.items():
        for path in ("/letter/1", "/letter/1.ttl", "/letter/1.html", "/dumps/harbour.ttl"):
            assert site.client.get(path, headers={name: value}).status_code < 500, (name, path)


def test_bodies_without_end(site: Process, before: object) -> None:
    """A body in pieces that goes on, on every address that takes one, and on some that do not."""
    for path in ("/sparql", "/reconcile", "/extend", "/lookup", "/oai", "/letter/1", "/health"):
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        answer = exchange(
            site, head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + (b"2000\r\n" + b" " * 0x2000 + b"\r\n") * 400
        )
        assert not answer or answer.startswith((b"HTTP/1.1 413", b"HTTP/1.1 405")), (path, answer[:100])


def test_many_requests_in_one_breath(site: Process, before: object) -> None:
    many = 300
    found = exchange(site, b"GET /letter/1.nt HTTP/1.1\r\nHost: x\r\n\r\n" * many)
    assert found.count(b"HTTP/1.1 200 OK") == many


def exchange(site: Process, request: bytes) -> bytes:
    """Raw bytes out, raw bytes in, until the server closes or says no more for half a second."""
    found = b""
    with socket.create_connection(("127.0.0.1", site.port), timeout=0.5) as connection, contextlib.suppress(OSError):
        connection.sendall(request)
        while piece := connection.recv(1 << 16):
            found += piece
    return found


SMUGGLED = [
    b"HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n",
    b"HEAD /sparql?query=SELECT%20*%20%7B HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n",
    b"HEAD /letter/1.ttl HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n",
]


@pytest.mark.statement(21)
@pytest.mark.parametrize("request_bytes", SMUGGLED)
def test_head_leaves_nothing_on_the_wire(site: Process, before: object, request_bytes: bytes) -> None:
    first, _, rest = exchange(site, request_bytes).partition(b"\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 ")
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n") and rest.endswith(b'{"status":"ok"}')


def test_two_lengths_are_one_too_many(site: Process, before: object) -> None:
    body = b"0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    for headers in (
        b"Content-Length: 4\r\nContent-Length: 44\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Content-Length: \x0b4\r\n",
        b"Transfer-Encoding : chunked\r\n",
    ):
        answer = exchange(site, b"POST /sparql HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n" + body)
        assert b'{"status":"ok"}' not in answer, headers
    for line in (b"GET /\x00 HTTP/1.1", b"\x16\x03\x01\x02", b"GET /a b c HTTP/1.1"):
        assert b"200 OK" not in exchange(site, line + b"\r\nHost: x\r\n\r\n")


def test_a_crowd_of_connections(site: Process, before: object) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(500):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=10))
            connection.sendall(b"GET /letter/1 HTTP/1.1\r\nHost: x\r\n" if number % 2 else b"")
        assert site.client.get("/health").status_code == 200
        assert site.ask().json()["boolean"] is True


@pytest.mark.statement(52)
def test_those_who_leave_take_their_queries_along(site: Process, before: object) -> None:
    query = httpx.QueryParams({"query": COSTLY["a join of millions, counted"]})
    for _ in range(40):
        with socket.create_connection(("127.0.0.1", site.port)) as connection:
            connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    end = time.monotonic() + 10
    while (answer := site.ask()).status_code != 200 and time.monotonic() < end:
        assert answer.status_code in (429, 503)
        time.sleep(0.05)
    assert answer.status_code == 200


@pytest.mark.statement(49, 54, 55)
def test_afterwards(site: Process, before: tuple[set[int], int], canary: Canary) -> None:
    """Runs last: the same server, no larger, quick, and nobody has been asked or left behind."""
    children, size = before
    time.sleep(SECONDS + 0.5)
    assert site.server.poll() is None
    took = []
    for number in range(5):
        begin = time.monotonic()
        assert site.ask(f"ASK {{ ?s{number} ?p ?o }}").json()["boolean"] is True
        took.append(time.monotonic() - begin)
    assert min(took) < 0.2
    assert memory(site.server.pid) <= size * 1.1
    now = family(site.server.pid)
    assert len(now) == len(children), "a zygote and two processes for queries"
    assert gone(children - now)
    assert canary.heard == 0
