"""What is said at a thing of what points to it: under headings that say it, and as the thing that is meant."""

from lod.vocab import crm, schema
from lod.web import backlinks


def test_a_seat_is_no_event_and_a_receipt_means_the_letter() -> None:
    pointers = [
        ("event/fair", "", schema.location),
        ("letter/2", "/receipt", crm.P7_took_place_at),
        ("letter/3", "/receipt", crm.P7_took_place_at),
        ("letter/4", "/forwarding", crm.P7_took_place_at),
        ("organisation/club", "", schema.location),
        ("work/kosmos", "/publication", crm.P7_took_place_at),
    ]
    found = {heading: list(each.paths) for heading, each in backlinks.grouped(pointers, lambda _: None).items()}
    assert found == {
        "Events here": ["event/fair"],
        "Happened here": ["letter/4/forwarding"],
        "Letters received here": ["letter/2", "letter/3"],
        "Organisations here": ["organisation/club"],
        "Published here": ["work/kosmos"],
    }
