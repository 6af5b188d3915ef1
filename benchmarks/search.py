"""Text search in a hundred thousand people: CPU time of one question, by what kind of question it is.

`python benchmarks/search.py [PEOPLE]` makes an index of made-up people (those of `reconcile.py`, with a note each) and asks it
what readers type: names, names spelt otherwise, beginnings while they type, words of notes, words that are everywhere.
The goal is 5 ms a question at 100,000.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import reconcile

from lod import search
from lod.search import Entry, SearchIndex, TooLongToFind

_ASKED = 200
_NOTES = (
    "writer",
    "historian",
    "member of the party",
    "printer in Paris",
    "engineer",
    "translator",
    "friend of the family",
)


def entries(count: int) -> Iterator[Entry]:
    """So many people, each with a note and a few links."""
    chance = random.Random(7)  # noqa: S311
    for person in reconcile.people(count):
        names = tuple(form.text for form in person.names if form.text != person.label)
        note = f"{chance.choice(_NOTES)}, born {person.birth.first if person.birth else ''}"
        yield Entry(person.id, person.label, names, (note,), int(chance.paretovariate(1)))


def questions(labels: list[str]) -> dict[str, Callable[[random.Random], str]]:
    """Kinds of questions, each a way to make one up."""

    def whole(chance: random.Random) -> str:
        return chance.choice(labels)

    def family(chance: random.Random) -> str:
        return whole(chance).rpartition(" ")[2]

    def beginning(letters: int) -> Callable[[random.Random], str]:
        return lambda chance: family(chance)[:letters]

    return {
        "given and family name": whole,
        "family name": family,
        "family name, misspelt as a German": lambda chance: family(chance).replace("v", "w").replace("k", "ck"),
        "family name, inverted, with an initial": lambda chance: (
            lambda name: f"{name.rpartition(' ')[2]}, {name[0]}."
        )(whole(chance)),
        "two letters": beginning(2),
        "three letters": beginning(3),
        "four letters": beginning(4),
        "given name": lambda chance: whole(chance).partition(" ")[0],
        "a word that every tenth has": lambda chance: chance.choice(("writer", "printer", "engineer")),
        "words that are everywhere": lambda _: "born in 18",
        "year": lambda chance: str(chance.randint(1850, 1900)),
    }


def measured(index: SearchIndex, ask: Callable[[random.Random], str], kind: str) -> list[float]:
    """Milliseconds of CPU of each question; one that was given up counts with what it took."""
    chance = random.Random(11)  # noqa: S311
    took = []
    for _ in range(_ASKED):
        question = ask(chance)
        begin = time.process_time()
        try:
            index.search(question, kind=kind)
        except TooLongToFind:
            sys.stdout.write(f"given up: {question!r}\n")
        took.append((time.process_time() - begin) * 1000)
    return sorted(took)


def main() -> None:
    """Make, ask, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    made = list(entries(count))
    begin = time.process_time()
    index = search.build(made)
    sys.stdout.write(f"{count:,} people, index made in {time.process_time() - begin:.1f} CPU s\n")
    sys.stdout.write(f"{'milliseconds of CPU a question':42} {'median':>8} {'95 of 100':>10} {'worst':>8}\n")
    for name, ask in questions([entry.label for entry in made]).items():
        took = measured(index, ask, "")
        sys.stdout.write(
            f"{name:42} {statistics.median(took):8.2f} {took[int(len(took) * 0.95)]:10.2f} {took[-1]:8.2f}\n"
        )


if __name__ == "__main__":
    main()
