"""Search in names and notes: folded, spelt otherwise, ranked; and `/search` as page and as JSON."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lod import search
from lod.search import Entry, TooLongToFind
from lod.store.documents import Documents

ENTRIES = [
    Entry("person/trotsky", "Leon Trotsky", ("Лев Троцкий", "Lev Davidovich Bronstein", "the Old Man"), links=90),
    Entry(
        "person/sedova", "Natalia Sedova", ("Natalya Ivanovna Sedova-Trotskaya",), ("The second wife of Trotsky.",), 5
    ),
    Entry("person/zinoviev", "Grigory Zinoviev", ("Sinowjew", "Radomyslsky"), links=7),
    Entry("place/geneva", "Geneva", ("Genève", "Genf"), ("Where the exiles met.",), 3),
    Entry("work/revolution", "La Révolution prolétarienne", ("R. P.",), links=4),
    Entry("organisation/poum", "Workers’ Party of Marxist Unification", ("POUM",), links=30),
    Entry("letter/12", "Serge to Trotsky, 1936", ("12",), links=1),
]


@pytest.fixture(scope="module")
def index() -> search.SearchIndex:
    return search.build(ENTRIES)


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("Trotsky", "person/trotsky"),
        ("trotski", "person/trotsky"),
        ("Trotzki", "person/trotsky"),
        ("Trockij", "person/trotsky"),
        ("Троцкий", "person/trotsky"),
        ("L. Trotsky", "person/trotsky"),
        ("Bronstein Lev", "person/trotsky"),
        ("Zinovev", "person/zinoviev"),
        ("Sinowjew", "person/zinoviev"),
        ("Geneve", "place/geneva"),
        ("GENÈVE", "place/geneva"),
        ("revolution proletarienne", "work/revolution"),
        ("Révol", "work/revolution"),
        ("poum", "organisation/poum"),
        ("exiles", "place/geneva"),
        ("12", "letter/12"),
        ("trotzki 1936", "letter/12"),
    ],
)
def test_found_however_it_is_spelt(index: search.SearchIndex, question: str, path: str) -> None:
    assert next(iter(index.search(question).hits)).path == path


@pytest.mark.parametrize(
    "question", ["", "   ", "'\"*", "Stalin", "AND", "trotsky stalin", "NEAR(", "label:x", "{sound} : x"]
)
def test_nothing_is_found_and_nothing_breaks(index: search.SearchIndex, question: str) -> None:
    found = index.search(question)
    assert (found.total, found.hits) == (0, ())


def test_what_fits_best_says_so(index: search.SearchIndex) -> None:
    found = index.search("Bronstein")
    assert found.hits[0].form == "Lev Davidovich Bronstein"
    assert index.search("Leon").hits[0].form == ""


def test_counts_pages_and_kinds(index: search.SearchIndex) -> None:
    found = index.search("trotsky", limit=1)
    assert found.total == 3 and len(found.hits) == 1 and found.kinds == {"person": 2, "letter": 1}
    people = index.search("trotsky", kind="person")
    assert people.total == 2 and {hit.kind for hit in people.hits} == {"person"}
    pages = [index.search("trotsky", limit=1, offset=place).hits[0].path for place in range(3)]
    assert len(set(pages)) == 3
    assert [hit.path for hit in index.search("trotsky", limit=-1).hits] == pages


def test_general_words_find_the_same_things_in_an_order_that_pages_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Entry(f"letter/{n}", f"Letter {n}", ("Brief an ihn",), ("about Trotsky",), 200 - n) for n in range(150)]
    made = [Entry("person/brief", "Brief", (), (), 3), *many, Entry("work/trotsky", "Trotsky, a life", links=0)]
    index = search.build(sorted(made, key=lambda entry: -entry.links))
    fitting = {word: index.search(word, limit=-1) for word in ("brief", "trotsky", "letter", "le")}
    monkeypatch.setattr(search, "_RANKED", 10)
    for word, found in fitting.items():
        general = index.search(word, limit=-1)
        assert {hit.path for hit in general.hits} == {hit.path for hit in found.hits}, word
        assert (general.total, general.kinds) == (found.total, found.kinds) and found.total > 10
        pages = [
            hit.path for place in range(0, found.total, 7) for hit in index.search(word, limit=7, offset=place).hits
        ]
        assert pages == [hit.path for hit in general.hits], word
    assert index.search("brief").hits[0].path == "person/brief", "what is called just so comes first"
    assert index.search("trotsky").hits[0].path == "work/trotsky", "then labels before notes"
    assert [hit.path for hit in index.search("letter", limit=2).hits] == ["letter/0", "letter/1"], (
        "then the most spoken of"
    )
    assert index.search("trotsky", kind="letter", limit=1).hits[0].path == "letter/0"
    assert index.search("trotsky", kind="place").total == 0


def test_a_question_may_not_take_for_ever(index: search.SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    big = search.build(Entry(f"letter/{number}", f"letter {number}", ("a b c d",)) for number in range(20_000))
    monkeypatch.setattr(search, "_SECONDS", 0.0)
    with pytest.raises(TooLongToFind):
        big.search("a b")


@pytest.fixture
def many() -> list[Entry]:
    """Two hundred people of whom all were born, every third is called a writer and three have a rare name."""
    return [
        Entry(
            f"person/p{n}" if n % 5 else f"place/p{n}",
            f"Anna {'Rare' if n in (30, 60, 61) else 'Usual'}" + (" Writer" if n == 61 else ""),
            (f"Writer {n}",) if n % 3 == 0 else (),
            (f"born in {1800 + n}",),
            200 - n,
        )
        for n in range(200)
    ]


QUESTIONS = (
    "born",
    "born in 18",
    "wri",
    "rare born",
    "born writer rare",
    "b rare",
    "wryter anna",
    "born in 1899",
    "1899 nobody",
    "a",
)


def test_common_words_find_what_rare_ones_would(many: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    usual = search.build(many)
    monkeypatch.setattr(search, "_RANKED", 20)
    kept = search.build(many)
    for question in QUESTIONS:
        for kind in ("", "place"):
            one, other = usual.search(question, kind=kind, limit=-1), kept.search(question, kind=kind, limit=-1)
            assert (one.total, one.kinds) == (other.total, other.kinds), (question, kind)
            assert {hit.path for hit in one.hits} == {hit.path for hit in other.hits}, (question, kind)
    monkeypatch.setattr(search, "_MATCHING", "there is no walk")
    assert kept.search("born in 18").total == 104, "counted from what is kept"


def test_a_common_word_in_the_label_counts_among_rare_ones(many: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_RANKED", 20)
    found = search.build(many).search("writer rare")
    assert [hit.path for hit in found.hits] == ["person/p61", "place/p30", "place/p60"]


def test_words_that_were_not_looked_for_are_told(index: search.SearchIndex) -> None:
    words = ["trotsky"] * search.WORDS
    assert index.search(" ".join(words)).unused == ()
    found = index.search(" ".join([*words, "Nobody", "Else"]))
    assert found.unused == ("nobody", "else") and found.total == 3


def test_a_file_is_used_only_for_the_dump_it_was_made_from(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    search.write(((entry.links, search.row(entry)) for entry in ENTRIES), file, "first")
    kept = search.read(file, "first")
    assert kept is not None and kept.search("poum").total == 1
    assert search.read(file, "second") is None
    file.write_text("no database", encoding="utf-8")
    assert search.read(file, "first") is None
    assert search.read(tmp_path / "none", "first") is None


def test_entries_of_a_dump() -> None:
    sample = Path(__file__).parent / "web" / "sample.ttl"
    found = {entry.path: entry for entry in search.entries(Documents.load(sample, "https://example.org/harbour/"))}
    berg = found["person/berg"]
    assert berg.label and berg.label not in berg.names
    assert all(path.count("/") == 1 and not path.endswith("/") for path in found)


def test_several_threads_write_an_index_at_once(tmp_path: Path) -> None:
    file = tmp_path / "harbour.search.sqlite"
    rows = [(entry.links, search.row(entry)) for entry in ENTRIES]

    def interrupted() -> Iterator[tuple[int, search.Row]]:
        yield from rows[:3]
        search.write(rows, file, "a dump")
        yield from rows[3:]

    search.write(interrupted(), file, "a dump")
    kept = search.read(file, "a dump")
    assert kept is not None and kept.search("poum").total == 1
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
