"""The table of proposals that an editor decides on: CSV with the columns of SSSOM, and the same as a page to read.

SSSOM: Simple Standard for Sharing Ontological Mappings, <https://mapping-commons.github.io/sssom/>. `decision` and `cert`
are columns of our own: write `accept` or `reject`; `cert` `high`, `medium` or `low` when an accepted link is not certain.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from lod.errors import LinkingError
from lod.linking.propose import Proposal
from lod.linking.protocol import type_of

COLUMNS = (
    "decision", "cert", "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "confidence", "mapping_justification", "match_string", "comment", "object_source", "reviewer_id", "mapping_date",
)  # fmt: skip
DECISIONS = ("", "accept", "reject")
CERTAINTIES = ("", "high", "medium", "low")
_SAFE = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula: a space is put before it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An accepted row: our name for the thing, the address it gets, how certain, who says so (may be empty), the source."""

    subject: str
    object: str
    cert: str = ""
    reviewer: str = ""
    source: str = ""
    line: int = 0


def table(proposals: Iterable[Proposal], date: str) -> str:
    """The proposals as CSV. Namesakes have `predicate_modifier` Not, with the reason as comment; no row is decided."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in proposals:
        row = {
            "subject_id": each.subject.iri or each.subject.id,
            "subject_label": each.subject.label,
            "subject_category": type_of(each.subject.kind)["id"],
            "predicate_id": "skos:exactMatch",
            "predicate_modifier": "Not" if each.against else "",
            "object_id": each.object,
            "object_label": each.label,
            "confidence": f"{each.score / 100:.2f}",
            "mapping_justification": "semapv:MappingChaining" if each.chained else "semapv:LexicalMatching",
            "match_string": each.name,
            "comment": "; ".join([*each.evidence, *([f"rejected: {each.against}"] if each.against else [])]),
            "object_source": each.source,
            "mapping_date": date,
        }
        writer.writerow({name: f" {value}" if value.startswith(_SAFE) else value for name, value in row.items()})
    return out.getvalue()


def page(proposals: Sequence[Proposal], title: str, file: str) -> str:
    """The proposals as a page: one thing after the other, its candidates with what speaks for and against them."""
    environment = Environment(loader=PackageLoader("lod.linking"), autoescape=True, undefined=StrictUndefined)
    groups: dict[str, list[Proposal]] = {}
    for each in proposals:
        groups.setdefault(each.subject.id, []).append(each)
    return environment.get_template("review.html").render(groups=list(groups.values()), title=title, file=file)


def decisions(file: Path) -> list[Decision]:
    """The accepted rows of a reviewed table. `LinkingError` names the row that cannot be used."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LinkingError(f"{file}: cannot be read: {error}") from None
    if rows and not {"decision", "subject_id", "object_id"} <= set(rows[0]):
        raise LinkingError(f"{file}: the columns decision, subject_id and object_id are needed")
    found = []
    for number, row in enumerate(rows, 2):
        said = {
            name: (value or "").strip()
            for name, value in row.items()
            if isinstance(name, str) and not isinstance(value, list)
        }
        decided, cert = said["decision"].lower(), said.get("cert", "").lower()
        if decided not in DECISIONS or cert not in CERTAINTIES:
            raise LinkingError(
                f"{file}:{number}: decision is accept, reject or empty; cert is high, medium, low or empty"
            )
        if decided == "accept":
            found.append(
                Decision(
                    said["subject_id"],
                    said["object_id"],
                    cert,
                    said.get("reviewer_id", ""),
                    said.get("object_source", ""),
                    number,
                )
            )
    return found
