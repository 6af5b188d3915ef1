"""Fifty queries in one batch against a hundred thousand people: made-up names, the same in each run.

`python benchmarks/reconcile.py [PEOPLE]` prints the time to make the index, and the time of batches as the service
answers them. The acceptance: a batch of fifty in less than a second.
"""

import itertools
import json
import random
import statistics
import sys
import time

from lod.linking import protocol
from lod.linking.entity import Entity, Form, Span
from lod.linking.matcher import Matcher
from lod.linking.names import given_names

_STARTS = [
    "ba",
    "bel",
    "ber",
    "bron",
    "chern",
    "dal",
    "dem",
    "dub",
    "er",
    "fal",
    "gor",
    "grin",
    "hal",
    "iv",
    "kal",
    "kam",
    "kov",
    "kras",
    "lev",
    "lub",
    "mal",
    "mor",
    "nav",
    "or",
    "pav",
    "pet",
    "rak",
    "ros",
    "sad",
    "sed",
    "ser",
    "sok",
    "sol",
    "tar",
    "tol",
    "trot",
    "ul",
    "val",
    "vor",
    "wal",
    "wein",
    "yak",
    "zak",
    "zel",
    "zin",
]
_MIDDLES = ["a", "an", "ar", "e", "el", "en", "er", "i", "ik", "in", "is", "o", "ol", "on", "or", "os", "u", "ul", "un"]
_ENDS = [
    "ov",
    "ev",
    "in",
    "sky",
    "skaya",
    "mann",
    "berg",
    "stein",
    "er",
    "ard",
    "et",
    "ier",
    "ini",
    "ez",
    "es",
    "dal",
    "sen",
    "son",
    "ova",
    "ich",
    "enko",
    "uk",
    "yan",
    "dze",
]


def people(count: int, seed: int = 7) -> list[Entity]:
    """So many people with names, years and now and then another form of the name."""
    chance = random.Random(seed)  # noqa: S311
    families = ["".join(parts) for parts in itertools.product(_STARTS, _MIDDLES, _ENDS)]
    given = [name.title() for name in given_names()]
    found = []
    for number in range(count):
        first, family = chance.choice(given), chance.choice(families).title()
        born = chance.randrange(1780, 1920)
        names = [Form(f"{first} {family}")]
        if number % 3 == 0:
            names.append(Form(f"{family}, {first[0]}. {chance.choice(given)[0]}.", "variant"))
        if number % 7 == 0:
            names.append(Form(chance.choice(families).title(), "pseudonym"))
        found.append(Entity(f"person/{number}", "person", f"{first} {family}", tuple(names), birth=Span(born, born)))
    return found


def batch(entities: list[Entity], size: int, seed: int) -> str:
    """A batch as OpenRefine sends it, of names as editors write them: inverted, with initials, misspelt, with a year, the
    family's name alone, somebody else."""
    chance = random.Random(seed)  # noqa: S311
    found = {}
    for number in range(size):
        entity = chance.choice(entities)
        first, _, family = entity.label.partition(" ")
        place = chance.randrange(len(family))
        form = (
            f"{family}, {first}",
            f"{first[0]}. {family}",
            f"{first} {family[:place]}{family[place + 1 :]}",
            entity.label,
            family,
            f"{family.replace('v', 'w').replace('sky', 'skij')}, {first}",
            f"Nobody Whatever{number}",
        )[number % 7]
        year = [{"pid": "birthDate", "v": str(entity.birth.first)}] if number % 2 else []
        found[f"q{number}"] = {"query": form, "type": "Person", "limit": 5, "properties": year}
    return json.dumps(found)


def answer(matcher: Matcher, queries: str) -> bytes:
    """What the service does with a batch, from JSON to JSON."""
    asked = protocol.queries_02(json.loads(queries))
    found = {
        key: {"result": [protocol.candidate(each, "0.2") for each in matcher.match(query)]}
        for key, query in asked.items()
    }
    return json.dumps(found, ensure_ascii=False).encode()


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    entities = people(count)
    start = time.perf_counter()
    matcher = Matcher(entities)
    made = time.perf_counter() - start
    times, work = [], time.process_time()
    for seed in range(10):
        queries = batch(entities, 50, seed)
        start = time.perf_counter()
        answer(matcher, queries)
        times.append(time.perf_counter() - start)
    work = (time.process_time() - work) / len(times)
    sys.stdout.write(
        f"{count:,} people: index {made:.1f} s; a batch of 50 queries: median {statistics.median(times):.3f} s, "
        f"slowest {max(times):.3f} s, first {times[0]:.3f} s; {work:.3f} s of one processor\n"
    )


if __name__ == "__main__":
    main()
