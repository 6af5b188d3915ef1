"""Why something of the book is not in the corpus: a short list of rules, each an expression, a place and a few words."""

import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("reasons.tsv")


@dataclass(frozen=True)
class Reason:
    """`what` matches the whole of a word, head or note; `where` the whole of a place (`*`: anywhere)."""

    audit: str
    what: re.Pattern[str]
    where: re.Pattern[str]
    reason: str

    def holds(self, audit: str, what: str, where: str = "") -> bool:
        """True when this explains why `what` is missing at `where`."""
        return self.audit == audit and bool(self.what.fullmatch(what)) and bool(self.where.fullmatch(where))


def load(file: Path = FILE) -> tuple[Reason, ...]:
    """The rules of the list, the heading left out."""
    reasons = []
    for line in file.read_text(encoding="utf-8").splitlines()[1:]:
        audit, what, where, reason = line.split("\t")
        reasons.append(Reason(audit, re.compile(what), re.compile(".*" if where == "*" else where), reason))
    return tuple(reasons)
