"""Terms in hand-written files: shapes, queries, templates, Python. Each is held against `ontology/`, line by line."""

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from lod.check.ontology import NAMESPACES, Ontology
from lod.report import Finding, Level, Source
from lod.terms import Iri, iri

_TOKEN = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\s]*>)
      | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | \#[^\n]*
      | (?P<prefix>(?<![\w?$@])(?:[A-Za-z][\w-]*)?):(?P<local>(?:[\w%.:-]|\\[-_~.!$&'()*+,;=/?\#@%])*)""",
    re.VERBOSE | re.DOTALL,
)
_IN_PAGES = re.compile(rf"(?<![\w:/.-])({'|'.join(sorted(NAMESPACES))}):([A-Za-z][\w.-]*)")
_WRONG_SCHEME = "http://schema.org/"
_MAKERS = ("URIRef", "Namespace", "DefinedNamespace")
_OURS = NAMESPACES["lod"].removesuffix("ns#")


def check_file(file: Path, ontology: Ontology, folder: Path) -> Iterator[Finding]:
    """The terms of one file, by its suffix; sources are named relative to `folder`."""
    name = file.relative_to(folder).as_posix()
    text = file.read_text(encoding="utf-8")
    match file.suffix:
        case ".ttl" | ".rq":
            yield from check_rdf_text(text, name, ontology)
        case ".py":
            yield from check_python(text, name)
        case _:
            yield from _check_page(text, name, ontology)


def check_rdf_text(text: str, name: str, ontology: Ontology) -> Iterator[Finding]:
    """Prefixed names and full IRIs of Turtle or SPARQL, prefixes resolved as the text declares them."""
    prefixes: dict[str, str] = {}
    declaring: str | None = None
    for token in _TOKEN.finditer(text):
        source = Source(name, text.count("\n", 0, token.start()) + 1)
        if token["iri"] and declaring is not None:
            prefixes[declaring] = token["iri"][1:-1]
            yield from _namespace(declaring, prefixes[declaring], source)
            declaring = None
        elif token["iri"]:
            yield from _term(Iri(token["iri"]), source, ontology)
        elif token["prefix"] is not None:
            before = text[: token.start()].rstrip()
            if before[-7:].lower().endswith("prefix") and not token["local"]:
                declaring = token["prefix"]
            elif token["prefix"] in prefixes:
                local = token["local"].rstrip(".").replace("\\", "")
                yield from _term(iri(prefixes[token["prefix"]] + local), source, ontology)
            elif token["prefix"] or token["local"]:
                message = f"{token['prefix']}:{token['local']} has a prefix that is not declared"
                yield Finding(Level.ERROR, "term-prefix", message, source)


def check_python(text: str, name: str) -> Iterator[Finding]:
    """Terms come from `lod.vocab`: no vocabulary's IRI in a string, no term made from one."""
    tree = ast.parse(text)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in _MAKERS:
                yield _raw(f"{called}( makes a term of its own", name, node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            for start in (*NAMESPACES.values(), _WRONG_SCHEME):
                if start in node.value:
                    yield _raw(f"{node.value!r} spells out an IRI of <{start}>", name, node.lineno)


def _check_page(text: str, name: str, ontology: Ontology) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        for match in _IN_PAGES.finditer(line):
            yield from _term(iri(NAMESPACES[match[1]] + match[2].rstrip(".")), Source(name, number), ontology)
        if _WRONG_SCHEME in line:
            message, hint = "schema.org is written with http", "write https://schema.org/"
            yield Finding(Level.ERROR, "term-scheme", message, Source(name, number), hint=hint)


def _term(term: Iri, source: Source, ontology: Ontology) -> Iterator[Finding]:
    ours = term.startswith((*(f"<{start}" for start in NAMESPACES.values()), f"<{_WRONG_SCHEME}"))
    if ours and term[1:-1] not in NAMESPACES.values() and not ontology.knows(term):
        code, message, hint = ontology.trouble(term)
        yield Finding(Level.ERROR, code, message, source, hint=hint)


def _namespace(prefix: str, namespace: str, source: Source) -> Iterator[Finding]:
    """A known prefix has its namespace, and no namespace is nearly a known one."""
    if namespace in NAMESPACES.values() or (namespace.startswith(_OURS) and prefix not in NAMESPACES):
        return
    close = NAMESPACES.get(prefix) or next(iter(get_close_matches(namespace, NAMESPACES.values(), 1, 0.92)), "")
    if close:
        message = f"prefix {prefix}: stands for <{namespace}>"
        yield Finding(Level.ERROR, "term-namespace", message, source, hint=f"did you mean <{close}>?")


def _raw(message: str, name: str, line: int) -> Finding:
    return Finding(Level.ERROR, "term-raw", message, Source(name, line), hint="take it from lod.vocab")
