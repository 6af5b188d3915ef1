"""`deletions.tsv`: every name that was published once and is gone, with what a server answers for it."""

from collections.abc import Iterable

from lod.terms import address
from lod.withdrawn import Withdrawn

_COLUMNS = "iri\tstatus\tinstead\tdate\treason\n"


def text(rows: Iterable[Withdrawn]) -> str:
    """The file: status 301 for what was merged into one thing, 410 for what is gone or was split; sorted by IRI."""
    return _COLUMNS + "".join(sorted(map(_line, rows)))


def _line(row: Withdrawn) -> str:
    status = "301" if len(row.replaced_by) == 1 else "410"
    instead = " ".join(map(address, row.replaced_by))
    return "\t".join((address(row.iri), status, instead, row.date, row.reason)) + "\n"
