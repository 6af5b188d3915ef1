"""First bytes of pages: the shipped edition, and a made one in which one person has 10,000 letters.

    .venv/bin/python benchmarks/pages.py [--letters 10000]

Prints the median of first bytes in milliseconds, each page made anew, of the slowest things there are; bounds: any entity
page of the shipped edition under 50 ms, any page of a person with 10,000 letters under 100 ms, the start page with
everything it loads under 300 kB.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import lxml.html

sys.path.insert(0, str(Path(__file__).parents[1]))
from lod import config
from lod.store.documents import Documents
from lod.terms import Triple, iri, n_triples, text, typed
from lod.vocab import crm, edtf, lod, lrmoo, rdf, rdfs, schema, xsd
from lod.web import Published
from tests.web.serving import BROWSER, Served, serving

ROOT = Path(__file__).parents[1]
BASE = "https://example.org/made/"
PEOPLE, PLACES = 400, 60


def triples(letters: int) -> Iterator[Triple]:
    """Letters of one person to 400 others over forty years, each with writing, date, place and five mentions."""
    hub = iri(f"{BASE}person/p0")
    for kind, count, classes in (("person", PEOPLE, crm.E21_Person), ("place", PLACES, crm.E53_Place)):
        for number in range(count):
            thing = iri(f"{BASE}{kind}/p{number}")
            yield thing, rdf.type, classes
            yield thing, rdfs.label, text(f"{kind.title()} Number {number}", "en")
    for number in range(letters):
        thing, writing = iri(f"{BASE}letter/{number}"), iri(f"{BASE}letter/{number}/writing")
        span = iri(f"{BASE}letter/{number}/writing-date")
        day = f"{1850 + number * 40 // letters}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        other, place = iri(f"{BASE}person/p{1 + number % (PEOPLE - 1)}"), iri(f"{BASE}place/p{number % PLACES}")
        sender, recipient = (hub, other) if number % 2 else (other, hub)
        yield thing, rdf.type, schema.Message
        yield thing, rdfs.label, text(f"Letter {number} to somebody, {day}", "en")
        yield thing, schema.sender, sender
        yield thing, schema.recipient, recipient
        yield thing, lod.addressed_to, recipient
        yield thing, schema.dateCreated, typed(day, xsd.date)
        yield thing, schema.locationCreated, place
        for step in range(5):
            yield thing, schema.mentions, iri(f"{BASE}person/p{(number * 7 + step * 13) % PEOPLE}")
        yield writing, rdf.type, lrmoo.F28_Expression_Creation
        yield writing, rdfs.label, text(f"Writing of letter {number}", "en")
        yield writing, crm.P14_carried_out_by, sender
        yield writing, crm.P4_has_time_span, span
        yield span, rdf.type, crm.E52_Time_Span
        yield span, rdfs.label, text(day, "en")
        yield span, crm.P82_at_some_time_within, typed(day, edtf.EDTF)


def first_byte(served: Served, path: str) -> float:
    """Milliseconds until the head of the answer is here; median of five, none of them kept from before."""
    found = []
    for turn in range(5):
        # A view that does not exist makes the server make the page anew, and changes nothing on it.
        fresh = f"/{path}{'&' if '?' in path else '?'}view=fresh-{turn}"
        start = time.perf_counter()
        with served.client.stream("GET", fresh, headers={"Accept": BROWSER}) as answer:
            body = answer.iter_raw()
            next(body, b"")
            found.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200, path
            for _ in body:
                pass
    return statistics.median(found)


def slowest(served: Served, dump: Path, base: str, count: int = 8) -> list[str]:
    """The things whose pages take longest: each is asked for once, in English and in French."""
    documents, found = Documents.load(dump, base), list[tuple[float, str]]()
    for kind in documents.counts():
        for key in documents.keys(kind):
            for tag in ("en", "fr"):
                start = time.perf_counter()
                served.client.get(f"/{kind}/{key}.html?view=first&lang={tag}", headers={"Accept": BROWSER})
                found.append((time.perf_counter() - start, f"{kind}/{key}"))
    found.sort(reverse=True)
    print(f"{f'slowest of {len(found):,} pages asked for once':45} {found[0][0] * 1000:7.1f} ms ({found[0][1]})")
    return list(dict.fromkeys(path for _, path in found))[:count]


def transferred(url: str) -> int:
    """Bytes over the wire of the start page and all it loads in Latin script, compressed as browsers ask."""
    total = 0
    with httpx.Client(base_url=url, headers={"Accept-Encoding": "gzip, br", "Accept": BROWSER}) as client:
        page = client.get("/")
        tree = lxml.html.document_fromstring(page.content)
        found = [*tree.xpath("//link[@rel='stylesheet' or @rel='icon']/@href"), *tree.xpath("//script/@src")]
        if any("fonts.css" in path for path in found):
            folder = ROOT / "lod" / "web" / "static" / "build"
            found += [f"/static/build/{file.name}" for file in folder.glob("*-latin-[0-9w]*.woff2")]
        for path in ["/", *found]:
            with client.stream("GET", path) as answer:
                total += sum(map(len, answer.iter_raw()))
    return total


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--letters", type=int, default=10_000)
    letters = arguments.parse_args().letters
    edition = config.load(ROOT / "corpus" / "serge-trotsky")
    worst = 0.0
    folder = ROOT / "dumps" / edition.id
    with serving([Published(edition, folder)]) as served:
        size = transferred(served.url)
        for path in ("letter/12", "type/letter", *slowest(served, folder / f"{edition.id}.ttl", edition.base)):
            spent = first_byte(served, f"{path}.html")
            worst = max(worst, spent)
            print(f"{path:45} {spent:7.1f} ms")
    print(f"{'worst entity page of the shipped edition':45} {worst:7.1f} ms (bound 50)")
    print(f"{'start page and what it loads':45} {size / 1000:7.1f} kB (bound 300)")
    slow = 0.0
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "made.ttl"
        dump.write_text("".join(map(n_triples, triples(letters))), encoding="utf-8")
        made = replace(edition, id="made", base=BASE, folder=Path(folder))
        start = time.perf_counter()
        with serving([Published(made, Path(folder))]) as served:
            print(f"{f'loading {letters:,} letters':45} {time.perf_counter() - start:7.1f} s")
            pages = (
                "person/p0.html",
                "person/p0.html?list=letters-sent&page=2",
                "person/p0.html?list=letters-received&page=99",
                "person/p0.html?list=letters-sent&page=100",
                "letter/?from=person/p0&page=77",
                "letter/5000.html",
            )
            for path in pages:
                spent = first_byte(served, path)
                slow = max(slow, spent)
                print(f"{path:45} {spent:7.1f} ms")
    print(f"{f'worst page with {letters:,} letters':45} {slow:7.1f} ms (bound 100)")
    return int(worst > 50 or slow > 100 or size > 300_000)


if __name__ == "__main__":
    raise SystemExit(main())
