"""What is said at a thing of what points to it: under headings that say it, and as the thing that is meant."""

from lod.store.documents import Documents
from lod.store.index import of_lines
from lod.vocab import crm, schema
from lod.web.backlinks import Backlinks

BASE = "https://example.org/e/"


def test_a_seat_is_no_event_and_a_receipt_means_the_letter() -> None:
    here, seat, took_place = f"<{BASE}place/gotha>", schema.location, crm.P7_took_place_at
    lines = [
        f"<{BASE}{subject}> {predicate} {here} .\n"
        for subject, predicate in (
            ("event/fair", seat),
            ("letter/4/forwarding", took_place),
            ("letter/2/receipt", took_place),
            ("letter/3/receipt", took_place),
            ("organisation/club", seat),
            ("work/kosmos/publication", took_place),
        )
    ]
    documents = Documents(of_lines(lines, BASE), BASE)
    backlinks = Backlinks(documents, {})
    backlinks.write()
    found = {heading: list(each.paths) for heading, each in backlinks.of("place/gotha").items()}
    assert found == {
        "Events here": ["event/fair"],
        "Happened here": ["letter/4/forwarding"],
        "Letters received here": ["letter/2", "letter/3"],
        "Organisations here": ["organisation/club"],
        "Published here": ["work/kosmos"],
    }
