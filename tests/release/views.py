"""The four views of change, read as a stranger would read them, and the plain difference of two dumps beside them."""

import gzip
import re
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
from lxml import etree
from starlette.testclient import TestClient

from lod.config import Edition
from lod.web import Published, create_app

Triple = tuple[str, str, str]
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"


@dataclass
class Told:
    """Paths of documents, by what became of them."""

    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


def documents(dump: Path, base: str) -> dict[str, frozenset[Triple]]:
    """Every document of an N-Triples dump: own statements, and type and label of every own IRI they point to."""
    data = gzip.decompress(dump.read_bytes()) if dump.suffix == ".gz" else dump.read_bytes()
    triples = [
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in ox.parse(input=data, format=ox.RdfFormat.N_TRIPLES)
    ]
    named: dict[str, set[Triple]] = {}
    own: dict[str, set[Triple]] = {}
    for triple in triples:
        path = triple[0][1 + len(base) : -1]
        pieces = path.split("/")
        owner = "/".join(
            [pieces[0], *(piece.removesuffix(".ttl") if len(pieces) == 2 else piece for piece in pieces[1:2])]
        )
        own.setdefault(owner, set()).add(triple)
        if triple[1] in (_TYPE, _LABEL):
            named.setdefault(triple[0], set()).add(triple)
    return {
        path: frozenset(said | {more for triple in said for more in named.get(triple[2], ())})
        for path, said in own.items()
    }


def plain(old: dict[str, frozenset[Triple]], new: dict[str, frozenset[Triple]]) -> Told:
    """The set difference by document."""
    return Told(
        created=new.keys() - old.keys(),
        updated={path for path in old.keys() & new.keys() if old[path] != new[path]},
        gone=old.keys() - new.keys(),
    )


def of_diff(lines: str) -> Told:
    """What `lod diff` says for people."""
    told = Told()
    for word, path in re.findall(r"^(created|updated|removed) (\S+)$", lines, re.MULTILINE):
        {"created": told.created, "updated": told.updated, "removed": told.gone}[word].add(path)
    return told


def server(edition: Edition, releases: Path, dumps: Path) -> TestClient:
    """A client of a server for the newest release; its dump is what is served."""
    home = releases / edition.id
    versions = [line.split("\t")[0] for line in (home / "changes.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    folder = dumps / edition.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{edition.id}.ttl").write_bytes((home / versions[-1] / f"{edition.id}.ttl").read_bytes())
    app = create_app([Published(edition, folder, releases)], public_url="http://testserver")
    return TestClient(app, follow_redirects=False)


def of_stream(client: TestClient, base: str) -> tuple[list[tuple[str, Told]], dict[str, frozenset[Triple]]]:
    """What the event stream tells, moment by moment, and the state after replaying all of it."""
    tree, created = "https://w3id.org/tree#", "http://purl.org/dc/terms/created"
    version_of = "http://purl.org/dc/terms/isVersionOf"
    kinds = "https://www.w3.org/ns/activitystreams#"
    root = _quads(client.get("/ldes", headers={"Accept": "application/n-quads"}).content)
    pages = [quad.object.value for quad in root if quad.predicate.value == f"{tree}node"]
    events: dict[str, Told] = {}
    members: list[tuple[str, str, str, frozenset[Triple]]] = []
    for page in pages:
        quads = _quads(client.get(page, headers={"Accept": "application/n-quads"}).content)
        about: dict[str, dict[str, str]] = {}
        graphs: dict[str, set[Triple]] = {}
        for quad in quads:
            if isinstance(quad.graph_name, ox.DefaultGraph):
                about.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
            else:
                triple = (str(quad.subject), str(quad.predicate), str(quad.object))
                graphs.setdefault(quad.graph_name.value, set()).add(triple)
        for quad in quads:
            if quad.predicate.value == f"{tree}member":
                member = quad.object.value
                said = about[member]
                kind = said["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"].removeprefix(kinds)
                path = said[version_of].removeprefix(base)
                members.append((said[created], kind, path, frozenset(graphs.get(member, ()))))
    state: dict[str, frozenset[Triple]] = {}
    for moment, kind, path, triples in sorted(members, key=lambda each: each[0]):
        told = events.setdefault(moment, Told())
        {"Create": told.created, "Update": told.updated, "Delete": told.gone}[kind].add(path)
        if kind == "Delete":
            state.pop(path, None)
        else:
            state[path] = triples
    return sorted(events.items()), state


def _quads(data: bytes) -> list[ox.Quad]:
    return list(ox.parse(input=data, format=ox.RdfFormat.N_QUADS))


def of_oai(client: TestClient, base: str, **arguments: str) -> tuple[set[str], set[str]]:
    """Paths of the records that are there and of the deleted ones, over all pages of a list."""
    here: set[str] = set()
    gone: set[str] = set()
    query = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", **arguments}
    while True:
        root = etree.fromstring(client.get("/oai", params=query).content)
        for header in root.iter(f"{_OAI}header"):
            path = header.findtext(f"{_OAI}identifier").removeprefix(base)
            (gone if header.get("status") == "deleted" else here).add(path)
        token = root.find(f".//{_OAI}resumptionToken")
        if token is None or not token.text:
            return here, gone
        query = {"verb": "ListIdentifiers", "resumptionToken": token.text}


def of_deletions(file: Path, base: str) -> dict[str, tuple[str, str]]:
    """Path → status and what replaces it."""
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    return {row[0].removeprefix(base): (row[1], row[2].removeprefix(base)) for row in rows}
