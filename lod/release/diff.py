"""`lod diff`: what changed between two states, thing by thing for people, or as an RDF Patch for programs.

A state is a dump (Turtle or N-Triples, gzip or not), a release's folder, or an edition's dump folder.
"""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lod.dumps.turtle import Compact
from lod.errors import ReleaseError
from lod.formats import N_TRIPLES, TURTLE
from lod.iris import Iris, owner
from lod.release import change, manifest
from lod.release.manifest import Manifest
from lod.terms import Iri, Literal, Triple, n_triples

if TYPE_CHECKING:
    from lod.store.documents import Documents

_FORMATS = {TURTLE.name: ox.RdfFormat.TURTLE, N_TRIPLES.name: ox.RdfFormat.N_TRIPLES}


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one document: its own statements that went and came, in order.

    `through` are the things it points to whose type or label changed: their names stand in its document too.
    """

    path: str
    removed: tuple[Triple, ...]
    added: tuple[Triple, ...]
    through: tuple[str, ...]
    was: bool
    stays: bool

    @property
    def word(self) -> str:
        """created, updated or removed."""
        if not self.was:
            return "created"
        return "updated" if self.stays else "removed"


def load(state: Path) -> set[Triple]:
    """All statements of a state. `ReleaseError` when there is none at this place."""
    file = _dump(state)
    name = file.name.removesuffix(".gz")
    form = _FORMATS.get(name.rpartition(".")[2])
    if form is None:
        raise ReleaseError(f"{file}: a dump is Turtle (.ttl) or N-Triples (.nt), either with .gz")
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    try:
        return {_triple(quad) for quad in ox.parse(input=data, format=form)}
    except SyntaxError as error:
        raise ReleaseError(f"{file}: {error}") from None


def _triple(quad: ox.Quad) -> Triple:
    node = str(quad.object)
    return Iri(str(quad.subject)), Iri(str(quad.predicate)), Iri(node) if node[0] == "<" else Literal(node)


def _dump(state: Path) -> Path:
    if state.is_file():
        return state
    if (state / manifest.FILE).is_file():
        made = Manifest.read(state / manifest.FILE)
        return state / f"{made.edition}.nt"
    found = sorted([*state.glob("*.nt"), *state.glob("*.ttl")])
    if not found:
        raise ReleaseError(f"{state}: neither a dump nor a folder with one in it")
    return found[0]


def differences(old: set[Triple], new: set[Triple], base: str) -> list[Difference]:
    """The documents that changed, in order of paths: the same ones as in a release's change table."""
    iris = Iris(base)
    from lod.store.documents import Documents  # 10 MB that reading and mapping do without

    before, after = Documents(sorted(old), base), Documents(sorted(new), base)
    was, now = change.digests(before), change.digests(after)
    removed, added = _by_owner(old - new, iris), _by_owner(new - old, iris)
    found = []
    for path in sorted(was.keys() | now.keys()):
        if was.get(path) != now.get(path):
            went, came = tuple(removed.get(path, ())), tuple(added.get(path, ()))
            stays = path in now
            others = _others(before, after, path, iris) if path in was and stays else ()
            found.append(Difference(path, went, came, others, path in was, stays))
    return found


def _others(before: "Documents", after: "Documents", path: str, iris: Iris) -> tuple[str, ...]:
    """The other things whose statements in this document changed."""
    changed = set(before.document(path)) ^ set(after.document(path))
    owners = {owner(iris.path(subject)) for subject, _, _ in changed}
    return tuple(sorted(owners - {path}))


def _by_owner(triples: Iterable[Triple], iris: Iris) -> dict[str, list[Triple]]:
    found: dict[str, list[Triple]] = {}
    for triple in sorted(triples):
        found.setdefault(owner(iris.path(triple[0])), []).append(triple)
    return found


def base_of(state: Path, triples: Iterable[Triple]) -> str:
    """The base of a state: its manifest's, or that of the name of its data set; `""` when neither tells."""
    if (state / manifest.FILE).is_file():
        return Manifest.read(state / manifest.FILE).base
    return next((subject[1 : -len("dataset>")] for subject, _, _ in triples if subject.endswith("/dataset>")), "")


def readable(found: Sequence[Difference], base: str) -> Iterator[str]:
    """Lines for people: a heading a thing, then what went (`-`) and came (`+`), shortened as in Turtle."""
    compact = Compact(base)
    for each in found:
        yield f"{each.word} {each.path or '(foreign)'}\n"
        for sign, triples in (("-", each.removed), ("+", each.added)):
            for subject, predicate, node in triples:
                yield f"  {sign} {compact[subject]} {compact[predicate]} {compact[node]}\n"
        if each.through and not each.removed and not each.added:
            yield f"  ~ names of {', '.join(each.through)}\n"
    counts = {word: sum(each.word == word for each in found) for word in ("created", "updated", "removed")}
    yield ", ".join(f"{count} {word}" for word, count in counts.items()) + "\n"


def patch(found: Sequence[Difference], before: str, after: str) -> Iterator[str]:
    """An RDF Patch: the sums of the two states in the header, then one transaction."""
    yield f"H id <{after}> .\nH prev <{before}> .\nTX .\n"
    for sign in ("D", "A"):
        for each in found:
            for subject, predicate, node in each.removed if sign == "D" else each.added:
                yield f"{sign} {subject} {predicate} {node} .\n"
    yield "TC .\n"


def name(state: Iterable[Triple]) -> str:
    """What a state is known by: the SHA-256 of its sorted N-Triples, as in a release's manifest."""
    digest = hashlib.sha256()
    for line in sorted(map(n_triples, state)):
        digest.update(line.encode())
    return f"urn:sha256:{digest.hexdigest()}"
