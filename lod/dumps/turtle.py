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
_LOCAL = re.compile(r"(?:_[_.-]*)?[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
"""What may follow a prefix: neither hyphen nor full stop first, no full stop last, a letter or digit somewhere."""
_REMEMBERED = 4096
_BASE_PREFIXES = dict(sorted(PREFIXES.items()))

_Objects = Node | dict[Node, None]
"""One object, as most statements have, or several different ones."""


class Compact(dict[str, str]):
    """Terms as Turtle writes them for one base: `<letter/1>`, `crm:E21_Person`, `"1936"^^xsd:gYear`.

    Asked like a dictionary, which remembers some thousand IRIs: most stand in more than one triple.
    """

    __slots__ = ("_base", "_prefixes")

    def __init__(self, base: str, prefixes: Mapping[str, str] = _BASE_PREFIXES) -> None:
        super().__init__()
        self._base = f"<{base}"
        self._prefixes = {f"<{start}": f"{prefix}:" for prefix, start in prefixes.items()}

    def __missing__(self, term: str) -> str:
        if term[0] != "<":
            return self._literal(term) if term[-1] == ">" else term
        if len(self) >= _REMEMBERED:
            self.clear()
        short = self[term] = self._iri(term)
        return short

    def _literal(self, term: str) -> str:
        words, _, datatype = term.rpartition('"^^')
        return f'{words}"^^{self[datatype]}'

    def _iri(self, term: str) -> str:
        """An IRI relative to the base, with a prefix, or as it is."""
        if term.startswith(self._base):
            start = len(self._base)
            return f"<{term[start:]}" if _RELATIVE.fullmatch(term, start) else term
        return self._prefixed(term)

    def _prefixed(self, term: str) -> str:
        end = max(term.rfind("/"), term.rfind("#")) + 1
        prefix = self._prefixes.get(term[:end])
        return prefix + term[end:-1] if prefix and _LOCAL.fullmatch(term, end, len(term) - 1) else term


def head(base: str, prefixes: Mapping[str, str] = _BASE_PREFIXES) -> str:
    """The directives every file and document starts with."""
    return f"@base <{base}> .\n" + "".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in prefixes.items())


def block(triples: Iterable[Triple], compact: Compact) -> str:
    """The triples of one owner, subjects and predicates in order of first appearance, `a` first, each triple once."""
    paragraphs = []
    for subject, predicates in _grouped(triples).items():
        types = predicates.pop(rdf.type, None)
        lines = [f"a {_objects(types, compact, ' , ')}"] if types else []
        for predicate, nodes in predicates.items():
            if isinstance(nodes, str):
                # words without a datatype are written as they are
                lines.append(f"{compact[predicate]} {compact[nodes] if nodes[-1] == '>' else nodes}")
            else:
                between = " , " if len(nodes) <= _IN_A_ROW else " ,\n        "
                lines.append(f"{compact[predicate]} {_objects(nodes, compact, between)}")
        paragraphs.append(f"{compact[subject]} " + " ;\n    ".join(lines) + " .\n")
    return "".join(paragraphs)


def _objects(nodes: _Objects, compact: Compact, between: str) -> str:
    return compact[nodes] if isinstance(nodes, str) else between.join([compact[node] for node in nodes])


def in_order(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples of one owner, each once, in the order in which `block` writes them."""
    for subject, predicates in _grouped(triples).items():
        types = {rdf.type: predicates.pop(rdf.type)} if rdf.type in predicates else {}
        for predicate, nodes in (types | predicates).items():
            for node in (nodes,) if isinstance(nodes, str) else nodes:
                yield subject, predicate, node


def _grouped(triples: Iterable[Triple]) -> dict[Iri, dict[Iri, _Objects]]:
    """Subject → predicate → different objects, each in the order in which it came first."""
    subjects: dict[Iri, dict[Iri, _Objects]] = {}
    for subject, predicate, node in triples:
        predicates = subjects.get(subject)
        if predicates is None:
            subjects[subject] = {predicate: node}
            continue
        known = predicates.setdefault(predicate, node)
        if known is not node:
            if isinstance(known, dict):
                known[node] = None
            elif known != node:
                predicates[predicate] = {known: None, node: None}
    return subjects


def write(blocks: Iterable[Iterable[Triple]], base: str) -> Iterator[str]:
    """A whole file, piece by piece: the head, then a paragraph an owner."""
    compact = Compact(base)
    yield head(base)
    for triples in blocks:
        yield "\n" + block(triples, compact)
