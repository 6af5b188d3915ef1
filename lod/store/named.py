"""Which IRIs a query writes, prefixes and relative ones resolved, and which graphs its FROM clauses name, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

import pyoxigraph as ox

from lod.store.answers import Graphs, NoGraph
from lod.store.scan import TOKEN

_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass(slots=True)
class Names:
    """IRIs without brackets, in the order of the query; `default` and `named` are those of FROM and FROM NAMED."""

    all: list[str] = field(default_factory=list)
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    clauses: list[tuple[int, int]] = field(default_factory=list)
    """Where the FROM clauses begin and end."""


def no_graph(graphs: Graphs) -> NoGraph | None:
    """A refusal when a graph of the protocol is named by what is no absolute IRI."""
    for name in (*graphs.default, *graphs.named):
        try:
            ox.NamedNode(name)
        except ValueError as error:
            return NoGraph(f"A graph is named by an absolute IRI: {str(error)[:200]}.")
    return None


def names(text: str, base: str = "") -> Names:
    """Read a query that has been found well-formed. `\\u` escapes are not resolved."""
    return _Reader(base).read(text)


def without_clauses(text: str, said: Names) -> str:
    """The query without its FROM clauses."""
    for begin, end in reversed(said.clauses):
        text = f"{text[:begin]} {text[end:]}"
    return text


class _Reader:
    def __init__(self, base: str) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}
        self.found = Names()

    def read(self, text: str) -> Names:
        before: list[str] = ["", ""]
        begin = 0
        for match in _tokens(text):
            kind, token = match.lastgroup or "", match[0]
            if kind == "word" and token.upper() == "FROM":
                begin = match.start()
            name = self.resolved(kind, token, before)
            if name is not None and self.take(name, before):
                self.found.clauses.append((begin, match.end()))
            before = [before[1], token.upper() if kind == "word" else token]
        return self.found

    def resolved(self, kind: str, token: str, before: list[str]) -> str | None:
        """The IRI a token stands for; declarations are remembered."""
        if kind == "iri":
            whole = urljoin(self.base, token[1:-1]) if self.base else token[1:-1]
            if before[1] == "BASE":
                self.base = whole
            elif before[0] == "PREFIX":
                self.prefixes[before[1]] = whole
            return whole
        if kind != "name" or before[1] == "PREFIX":
            return None
        prefix, _, local = token.partition(":")
        start = self.prefixes.get(prefix + ":")
        return None if start is None else start + _LOCAL_ESCAPE.sub(r"\1", local)

    def take(self, name: str, before: list[str]) -> bool:
        """Note a name; true when it is a graph's."""
        self.found.all.append(name)
        if before[1] == "FROM":
            self.found.default += (name,)
        elif before == ["FROM", "NAMED"]:
            self.found.named += (name,)
        else:
            return False
        return True


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return (match for match in TOKEN.finditer(text) if match.lastgroup != "space")
