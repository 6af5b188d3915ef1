"""The figures in the corpus's README are those of the corpus."""

import csv
import re
from collections import Counter

from lod.model import Document, Event, Holding, Letter, Organisation, Person, Place, Standing, Work
from tests.corpus.conftest import FOLDER, Shipped

README = (FOLDER / "README.md").read_text(encoding="utf-8")


def _figures(heading: str) -> dict[str, int]:
    section = README.split(heading, 1)[1].split("\n## ", 1)[0]
    return {name: int(figure) for name, figure in re.findall(r"^\| (.+?) \| (\d+) \|$", section, re.MULTILINE)}


def test_the_counts_are_true(corpus: Shipped) -> None:
    records = [record for record in corpus.records if not record.path.endswith("/")]
    kinds = Counter(type(record) for record in records)
    letters = [record for record in records if isinstance(record, Letter)]
    texts: list[Letter | Document] = [*letters, *(record for record in records if isinstance(record, Document))]
    mentions = [link for text in texts for link in text.mentions]
    assert _figures("## Counts") == {
        "letters printed": sum(letter.printed for letter in letters),
        "letters known only from mentions": sum(not letter.printed for letter in letters),
        "documents": kinds[Document],
        "people": kinds[Person],
        "organisations": kinds[Organisation],
        "places": kinds[Place],
        "events": kinds[Event],
        "works": kinds[Work],
        "holdings": kinds[Holding],
        "mentions": len(mentions),
        "doubtful mentions": sum(link.claim.standing is Standing.UNCERTAIN for link in mentions),
        "replies": sum(link.kind == "reply-to" for text in texts for link in text.context),
        "memberships": sum(len(record.affiliations) for record in records if isinstance(record, Person)),
        "places of the book cited": len(corpus.cited),
    }


def test_the_result_of_the_check_is_that_of_its_table() -> None:
    with (FOLDER / "checked-facts.tsv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(facts) == 200
    assert all(fact["verdict"] == "right" or fact["remark"] for fact in facts)
    assert _figures("## What is checked") == Counter(fact["verdict"] for fact in facts)
