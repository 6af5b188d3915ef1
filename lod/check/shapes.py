"""The shapes over the whole data set, run by pyshacl; each result becomes a finding with the editor's message."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import rdflib
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Identifier, Node

from lod.check.lexical import LITERAL
from lod.check.ontology import compact, read
from lod.check.where import Whereabouts
from lod.errors import VocabularyError
from lod.report import Finding, Level
from lod.terms import Node as TermNode
from lod.terms import Triple, iri

_LEVELS = {SH.Violation: Level.ERROR, SH.Warning: Level.WARNING, SH.Info: Level.NOTE}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def keep_literals() -> None:
    """Tell rdflib, for the whole process, not to rewrite `…Z` to `…+00:00` and `01` to `1`. The one place that does."""
    rdflib.NORMALIZE_LITERALS = False


keep_literals()


def load(folder: Path) -> Graph:
    """All shapes of `folder` as one graph. `VocabularyError` when there is none or one cannot be read."""
    keep_literals()  # whoever used pyshacl by itself has changed it
    return read(folder, "shapes")


def graph_of(triples: Iterable[Triple]) -> Graph:
    """The triples as rdflib holds them: ten times as fast as through a parser, because terms repeat."""
    known: dict[str, Identifier] = {}

    def term(text: TermNode) -> Identifier:
        made = known.get(text)
        if made is None:
            made = known[text] = _term(text)
        return made

    graph = Graph(bind_namespaces="none")
    for subject, predicate, value in triples:
        graph.add((term(subject), term(predicate), term(value)))
    return graph


def check_shapes(triples: Sequence[Triple], shapes: Graph, where: Whereabouts) -> list[Finding]:
    """A finding for each result, in the order of the source files."""
    return findings(graph_of(triples), shapes, where)


def findings(data: Graph, shapes: Graph, where: Whereabouts) -> list[Finding]:
    """The same over a graph that exists already."""
    import pyshacl  # the referee is asked by tests only: every worker would pay for loading it
    from pyshacl.errors import ReportableRuntimeError

    try:
        conforms, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    except ReportableRuntimeError as error:
        raise VocabularyError(f"the shapes cannot be used: {error}") from error
    finally:
        keep_literals()  # pyshacl does so too, and afterwards undoes it
    if not isinstance(report, Graph):
        raise VocabularyError(f"the shapes cannot be used: {text or report}")
    if conforms:
        return []
    found = [_finding(report, result, where) for result in report.objects(None, SH.result)]
    return sorted(found, key=lambda finding: (finding.source, finding.key, finding.code, finding.message, finding.hint))


def _finding(report: Graph, result: Node, where: Whereabouts) -> Finding:
    focus = iri(str(report.value(result, SH.focusNode)))
    component = str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH))
    code = "shape-" + _HUMP.sub("-", component.removesuffix("ConstraintComponent")).lower()
    path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
    message = str(report.value(result, SH.resultMessage) or "does not conform")
    severity = report.value(result, SH.resultSeverity)
    words = (_path(report, path) if path is not None else "", _value(value, where) if value is not None else "")
    return Finding(
        level=_LEVELS.get(URIRef(str(severity)), Level.ERROR),
        code=code,
        message=message,
        source=where.source(focus),
        key=where.path(focus),
        hint=" ".join(word for word in words if word and value != URIRef(focus[1:-1])),
    )


def _path(report: Graph, path: Node) -> str:
    """A path as people write it: `crm:P14_carried_out_by`, `^lrmoo:R17_created`."""
    if isinstance(path, URIRef):
        return compact(iri(str(path)))
    inverse = report.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{_path(report, inverse)}"
    choices = report.value(path, SH.alternativePath)
    if choices is not None:
        return "|".join(_path(report, step) for step in Collection(report, choices))
    return (
        "/".join(_path(report, step) for step in Collection(report, path)) if (path, RDF.first, None) in report else ""
    )


def _value(value: Node, where: Whereabouts) -> str:
    if isinstance(value, Literal):
        return value.n3()
    named = iri(str(value))
    short = compact(named)
    return short if short != named else where.path(named)


def _term(text: TermNode) -> Identifier:
    if text[0] == "<":
        return URIRef(text[1:-1])
    match = LITERAL.fullmatch(text)
    if match is None:
        raise VocabularyError(f"{text}: no term of N-Triples")
    value = _ESCAPE.sub(_unescaped, match[1]) if "\\" in match[1] else match[1]
    return Literal(value, lang=match[2], datatype=URIRef(match[3][1:-1]) if match[3] else None, normalize=False)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])
