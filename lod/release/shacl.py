"""The findings of the shapes as a SHACL validation report, so that a release says what it was held against."""

from collections.abc import Iterator

from lod.iris import Iris
from lod.report import Finding, Level, Report
from lod.terms import Iri, Triple, text, typed
from lod.vocab import rdf, rdfs, sh, xsd

_SEVERITIES = {Level.ERROR: sh.Violation, Level.WARNING: sh.Warning, Level.NOTE: sh.Info}


def report(findings: Report, iris: Iris, version: str) -> list[Triple]:
    """The report of one release. Results have IRIs, like everything else here."""
    name = iris.of(f"release/{version}/shacl-report")
    results = [finding for finding in findings if finding.code.startswith("shape-")]
    conforms = "false" if any(finding.level is Level.ERROR for finding in results) else "true"
    said: list[Triple] = [
        (name, rdf.type, sh.ValidationReport),
        (name, rdfs.label, text(f"SHACL report of release {version}", "en")),
        (name, sh.conforms, typed(conforms, xsd.boolean)),
    ]
    for number, finding in enumerate(results, 1):
        result = iris.of(f"release/{version}/shacl-report/{number}")
        said.append((name, sh.result, result))
        said += _result(finding, result, iris)
    return said


def _result(finding: Finding, node: Iri, iris: Iris) -> Iterator[Triple]:
    yield node, rdf.type, sh.ValidationResult
    yield node, sh.focusNode, iris.of(finding.key)
    yield node, sh.resultSeverity, _SEVERITIES[finding.level]
    yield node, sh.resultMessage, text(finding.message, "en")
