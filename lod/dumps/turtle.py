"""A small Turtle writer over N-Triples terms: readable, deterministic, and fast enough to be in the main path.

`@base` and sorted prefixes at the head; then owner by owner, the thing first, its parts after it, each with `;` and `,`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from lod.terms import Iri, Node, Triple
from lod.vocab import PREFIXES, rdf

_IN_A_ROW = 3
"""More objects than these stand below each other: easier to read, and a change touches one line."""
_RELATIVE = re.compile(r"(?:[A-Za-z0-9_~][A-Za-z0-9_.~-]*(?:/[A-Za-z0-9_~][A-Za-z0-9_.~-]*)*)>")
"""What may follow the base and still mean the same: no scheme, no empty or dotted segment, no query."""
_BASE_PREFIXES = dict(sorted(PREFIXES.items()))


class Compact:
    """Shortens terms for one base: `<letter/1>`, `crm:E21_Person`, `"1936"^^xsd:gYear`. Remembers vocabulary terms only."""

    __slots__ = ("_base", "_known", "_prefixes")

    def __init__(self, base: str, prefixes: Mapping[str, str] = _BASE_PREFIXES) -> None:
        self._base = f"<{base}"
        self._prefixes = [(f"<{start}", f"{prefix}:") for prefix, start in prefixes.items()]
        self._known: dict[str, str] = {}

    def __call__(self, term: Node) -> str:
        """The term as Turtle writes it."""
        if term[0] == "<":
            return self.iri(term)
        head, mark, datatype = term.rpartition('"^^')
        return f'{head}"^^{self.iri(datatype)}' if mark and datatype.startswith("<") else term

    def iri(self, term: str) -> str:
        """An IRI relative to the base, with a prefix, or as it is."""
        if term.startswith(self._base):
            relative = term[len(self._base) :]
            return f"<{relative}" if _RELATIVE.fullmatch(relative) else term
        known = self._known.get(term)
        if known is None:
            known = self._prefixed(term)
            if known is not term and len(self._known) < 4096:
                self._known[term] = known
        return known

    def _prefixed(self, term: str) -> str:
        for start, prefix in self._prefixes:
            if term.startswith(start):
                local = term[len(start) : -1]
                if (
                    local.replace("_", "").replace("-", "").replace(".", "").isalnum()
                    and local.isascii()
                    and local[0] not in "-."
                    and local[-1] != "."
                ):
                    return prefix + local
        return term


def head(base: str, prefixes: Mapping[str, str] = _BASE_PREFIXES) -> str:
    """The directives every file and document starts with."""
    return f"@base <{base}> .\n" + "".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in prefixes.items())


def block(triples: Iterable[Triple], compact: Compact) -> str:
    """The triples of one owner, subjects and predicates in order of first appearance, `a` first, each triple once."""
    subjects: dict[Iri, dict[Iri, dict[Node, None]]] = {}
    for subject, predicate, node in triples:
        subjects.setdefault(subject, {}).setdefault(predicate, {})[node] = None
    paragraphs = []
    for subject, predicates in subjects.items():
        lines = []
        if rdf.type in predicates:
            lines.append("a " + " , ".join(map(compact, predicates.pop(rdf.type))))
        for predicate, nodes in predicates.items():
            between = " , " if len(nodes) <= _IN_A_ROW else " ,\n        "
            lines.append(f"{compact.iri(predicate)} " + between.join(map(compact, nodes)))
        paragraphs.append(f"{compact.iri(subject)} " + " ;\n    ".join(lines) + " .\n")
    return "".join(paragraphs)


def write(blocks: Iterable[Iterable[Triple]], base: str) -> Iterator[str]:
    """A whole file, piece by piece: the head, then a paragraph an owner."""
    compact = Compact(base)
    yield head(base)
    for triples in blocks:
        yield "\n" + block(triples, compact)
