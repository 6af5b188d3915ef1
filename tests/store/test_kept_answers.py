"""Answers that are kept: right, bounded, and never of what is left to chance."""

import asyncio
from collections.abc import Sequence

from lod.formats import CSV_RESULTS, JSON_RESULTS, Format
from lod.store import Answer, Cached, Failed, Graphs, Limits, Refusal
from lod.store.answers import OWN_GRAPHS


class Counting:
    """A store that numbers its answers."""

    def __init__(self, size: int = 10, refuses: bool = False) -> None:
        self.asked = 0
        self._size = size
        self._refuses = refuses

    ready = True
    busy = 0, 1

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def loaded(self) -> int:
        return 1

    async def query(
        self, text: str, accept: Sequence[Format], limits: Limits, graphs: Graphs = OWN_GRAPHS
    ) -> Answer | Refusal:
        self.asked += 1
        if self._refuses:
            return Failed("no")
        return Answer(f"{self.asked:0{self._size}}".encode(), accept[0].media_type)


def asked(store: Counting, *questions: tuple[str, Format, Graphs], size: int = 1 << 20) -> int:
    """How often the store behind was asked for these questions."""

    async def work() -> None:
        cached = Cached(store, size=size)
        for text, form, graphs in questions:
            await cached.query(text, [form], Limits(), graphs)

    asyncio.run(work())
    return store.asked


PLAIN = ("SELECT * { ?s ?p ?o }", JSON_RESULTS, OWN_GRAPHS)


def test_the_same_question_is_asked_once() -> None:
    assert asked(Counting(), PLAIN, PLAIN, PLAIN) == 1


def test_format_and_graphs_make_another_question() -> None:
    other = (PLAIN[0], CSV_RESULTS, OWN_GRAPHS), (PLAIN[0], JSON_RESULTS, Graphs(default=("urn:x",)))
    assert asked(Counting(), PLAIN, *other, PLAIN, *other) == 3


def test_chance_and_time_are_asked_every_time() -> None:
    for word in ("NOW()", "rand()", "UUID()", "StrUUID()", "BNODE()", "\\u004eOW()"):
        question = (f"SELECT ({word} AS ?x) {{}}", JSON_RESULTS, OWN_GRAPHS)
        assert asked(Counting(), question, question) == 2, word


def test_refusals_and_large_answers_are_not_kept() -> None:
    assert asked(Counting(refuses=True), PLAIN, PLAIN) == 2
    assert asked(Counting(size=2 << 20), PLAIN, PLAIN) == 2


def test_names_of_graphs_take_their_room() -> None:
    graphs = [Graphs(default=("urn:x:" + "a" * 1000 + str(number),)) for number in range(20)]
    questions = [(PLAIN[0], JSON_RESULTS, each) for each in graphs]
    assert asked(Counting(), *questions, *questions, size=30_000) == 40


def test_the_least_used_goes_first() -> None:
    one, two, three = ((f"ASK {{ ?s ?p {n} }}", JSON_RESULTS, OWN_GRAPHS) for n in range(3))
    store = Counting(size=1000)
    assert asked(store, one, two, one, three, one, two, size=3500) == 4
