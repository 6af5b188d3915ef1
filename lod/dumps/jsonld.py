"""JSON-LD with a context of our own, framed by entity: a thing is one object, and its parts stand inside it.

The context is made from `lod.vocab` and what is known of each property, never fetched; every file carries as much of it
as it uses, so it reads without a network. `ontology/context.jsonld` is the whole of it, at a stable address.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lod.terms import Iri, Literal, Node, Triple, value
from lod.vocab import PREFIXES, rdf

CONTEXT = Path(__file__).resolve().parents[1] / "ontology" / "context.jsonld"

Context = Mapping[str, Any]
"""Term → its definition, as JSON-LD 1.1 has it."""


@cache
def whole_context(file: Path = CONTEXT) -> Context:
    """The context as it is published."""
    terms: Context = json.loads(file.read_text(encoding="utf-8"))["@context"]
    return terms


def make_context(described: Mapping[Iri, tuple[bool, str]]) -> dict[str, Any]:
    """A context for properties: IRI → whether its values are nodes, and the one datatype of its literals or `""`.

    Terms are compact IRIs (`crm:P14_carried_out_by`), those of schema.org bare words (`sender`).
    """
    made: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type", **dict(sorted(PREFIXES.items()))}
    for term, (is_node, datatype) in sorted(described.items()):
        entry: dict[str, str] = {"@id": term[1:-1]}
        if is_node:
            entry["@type"] = "@id"
        elif datatype:
            entry["@type"] = datatype
        made[_name(term)] = entry
    return made


def _name(term: Iri) -> str:
    address = term[1:-1]
    if address.startswith(PREFIXES["schema"]):
        return address.removeprefix(PREFIXES["schema"])
    for prefix, start in PREFIXES.items():
        if address.startswith(start):
            return f"{prefix}:{address.removeprefix(start)}"
    return address


class Framer:
    """Turns the triples of an owner into one object. Remembers which terms of the context were needed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._names: dict[str, str] = {}
        self.used: set[str] = set()

    def frame(self, triples: Iterable[Triple]) -> list[dict[str, Any]]:
        """The objects of a block: the first subject with all that it leads to inside, then what is left."""
        subjects: dict[Iri, dict[Iri, dict[Node, None]]] = {}
        for subject, predicate, node in triples:
            subjects.setdefault(subject, {}).setdefault(predicate, {})[node] = None
        waiting = dict(subjects)
        objects = [self._object(subject, waiting) for subject in subjects if subject in waiting]
        if len(objects) > 1:
            # What nothing in the block points to (assertions, roles, the record) still belongs to the thing.
            objects[0]["@included"] = objects[1:]
        return objects[:1]

    def _object(self, subject: Iri, waiting: dict[Iri, dict[Iri, dict[Node, None]]]) -> dict[str, Any]:
        said: dict[str, Any] = {"id": subject[1:-1]}
        for predicate, nodes in waiting.pop(subject).items():
            if predicate == rdf.type:
                said["type"] = _one([self._compact(node) for node in nodes])
                continue
            name = self._term(predicate)
            said[name] = _one([self._value(node, self._coercion(name), waiting, subject) for node in nodes])
        return said

    def _value(self, node: Node, coercion: str, waiting: dict[Iri, Any], subject: Iri) -> Any:
        if node[0] != "<":
            return self._literal(Literal(node), coercion)
        term = Iri(node)
        if term in waiting and term.startswith(subject[:-1] + "/"):
            return self._object(term, waiting)
        return term[1:-1] if coercion == "@id" else {"id": term[1:-1]}

    def _coercion(self, name: str) -> str:
        entry = self._context.get(name)
        return str(entry.get("@type", "")) if isinstance(entry, Mapping) else ""

    def _literal(self, literal: Literal, coercion: str) -> Any:
        words, language, datatype = value(literal)
        if language:
            return {"@value": words, "@language": language}
        if not datatype:
            return {"@value": words} if coercion else words
        compact = self._compact(f"<{datatype}>")
        return words if datatype == coercion or compact == coercion else {"@value": words, "@type": compact}

    def _term(self, predicate: Iri) -> str:
        name = self._names.get(predicate) or self._names.setdefault(predicate, _name(predicate))
        if name in self._context:
            self.used.add(name)
            return name
        return predicate[1:-1]

    def _compact(self, node: str) -> str:
        known = self._names.get(node)
        if known is None:
            known = self._names[node] = self._prefixed(node[1:-1])
        self.used.add(known.partition(":")[0])
        return known

    def _prefixed(self, address: str) -> str:
        for prefix, start in PREFIXES.items():
            if address.startswith(start):
                return f"{prefix}:{address.removeprefix(start)}"
        return address

    def context(self) -> dict[str, Any]:
        """As much of the context as was used, in its order."""
        prefixes = {name.partition(":")[0] for name in self.used}
        kept = ("@version", "id", "type")
        return {
            name: entry
            for name, entry in self._context.items()
            if name in kept or name in self.used or (isinstance(entry, str) and name in prefixes)
        }


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def document(triples: Sequence[Triple]) -> bytes:
    """One document: the thing, and in `@included` what it points to."""
    framer = Framer(whole_context())
    objects = framer.frame(triples)
    content = {"@context": framer.context(), **(objects[0] if objects else {})}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def write(blocks: Iterable[Iterable[Triple]], base: str) -> Iterator[str]:  # noqa: ARG001 (IRIs are written whole)
    """A whole file: the context, then `@graph` with one object a line for each owner."""
    context = whole_context()
    framer = Framer(context)
    yield '{"@context": ' + json.dumps(context, ensure_ascii=False) + ',\n"@graph": [\n'
    between = ""
    for triples in blocks:
        for entity in framer.frame(triples):
            yield between + json.dumps(entity, ensure_ascii=False, separators=(",", ":"))
            between = ",\n"
    yield "\n]}\n"
