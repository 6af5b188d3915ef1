"""The tables of an index hold what going through all documents gives: texts, what happened, lists, facets, links, counts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from serving import published

from lod import config
from lod.dumps.linksets import linksets
from lod.iris import owner
from lod.store.index import Index
from lod.terms import Iri, Triple
from lod.vocab import dcterms, rdf, schema
from lod.web import Published, backlinks, census, describe, happenings, listing, modified, overview, texts
from lod.web.facets import FACETS, fold
from lod.web.overview import Atlas
from lod.web.site import Room
from lod.web.texts import Text
from tests.conftest import ROOT
from tests.store.plain import Plain, triples


@pytest.fixture(scope="module", params=["shipped", "sample"])
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Room:
    folder = tmp_path_factory.mktemp("tables")
    if request.param == "sample":
        return Room(published(folder), "", "http://localhost")
    (folder / "serge-trotsky.ttl").write_bytes((ROOT / "dumps" / "serge-trotsky" / "serge-trotsky.ttl").read_bytes())
    return Room(Published(config.load(ROOT / "corpus" / "serge-trotsky"), folder), "", "http://localhost")


@pytest.fixture(scope="module")
def plain(room: Room) -> Plain:
    return Plain(triples(room.dump), room.edition.base)


@pytest.fixture(scope="module")
def rows(room: Room, plain: Plain) -> Sequence[Text]:
    paths = [path for path in plain.own if path.partition("/")[0] in texts.KINDS]
    return sorted((texts.told_in(room.documents, path) for path in paths), key=texts.in_time)


def paths_of(plain: Plain, kind: str) -> list[str]:
    return [path for path in plain.own if path.startswith(f"{kind}/")]


def test_texts_in_time(room: Room, rows: Sequence[Text]) -> None:
    assert room.texts.by_path.all() == list(rows)
    assert list(room.texts.by_path) == [row.path for row in rows] and len(room.texts.by_path) == len(rows)
    assert "person/nobody" not in room.texts.by_path
    for row in rows:
        assert room.texts.by_path[row.path] == row
        assert room.texts.answers(row.path) == [other.path for other in rows if row.path in other.answers]
        for one in row.correspondences:
            line = ["", *(other.path for other in rows if one in other.correspondences), ""]
            place = line.index(row.path)
            assert room.texts.beside(one, row.path) == (line[place - 1], line[place + 1])


def test_what_happened_in_time(room: Room, plain: Plain) -> None:
    told = [each for path in plain.own if path.partition("/")[0] in happenings.KINDS and "/" in path
            for each in happenings.told_by(room.documents, path)]  # fmt: skip
    told.sort(key=happenings.in_time)
    assert room.happenings.by_path.all() == told
    for path in {*plain.own, "place/nowhere"}:
        found = [row for row in told if row.path != path and path in (*row.who, *row.where, owner(row.path))]
        assert room.happenings.of(path, len(told) + 1) == found
        assert room.happenings.of(path, 1) == found[:1]


@pytest.mark.parametrize("kind", FACETS)
def test_lists_and_facets(room: Room, plain: Plain, rows: Sequence[Text], kind: str) -> None:
    catalogue, by_path = room.catalogue(kind), {row.path: row for row in rows}
    paths = list(catalogue.paths)
    assert sorted(paths) == sorted(paths_of(plain, kind)) and len(catalogue.paths) == len(paths)
    assert [catalogue.paths[place] for place in range(len(paths))] == paths == catalogue.paths[0 : len(paths)]
    for place, path in enumerate(paths):
        line = ["", *paths, ""]
        assert catalogue.beside(path) == (line[place], line[place + 2])
    having: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        for name, values in _values(room, kind, path, by_path.get(path)).items():
            for value in values:
                having.setdefault((name, value), []).append(path)
    counted = {(name, value): len(some) for (name, value), some in having.items()}
    whole = catalogue.find({}, "")
    assert list(whole.paths) == paths
    for each in whole.choices:
        total = [key for key in counted if key[0] == each.facet.name]
        assert each.total == len(total)
        assert all(choice.count == counted[each.facet.name, choice.value] for choice in each.some)
        if each.facet.span:
            assert [choice.value for choice in each.some] == sorted(value for _, value in total)[:200]
        else:
            most = sorted((counted[key] for key in total), reverse=True)[:100]
            assert [choice.count for choice in each.some] == most
    for (name, value), some in list(having.items())[::7]:
        found = catalogue.find({name: [value]}, "")
        assert list(found.paths) == some, (name, value)
        for each in found.choices:
            for choice in each.some:
                both = len(set(some) & set(having[each.facet.name, choice.value]))
                assert choice.count == both and choice.chosen == ((each.facet.name, choice.value) == (name, value))


def _values(room: Room, kind: str, path: str, text: Text | None) -> dict[str, set[str]]:
    """What a thing has of each facet, with all places that its places lie in."""
    found = listing.values_of(room.documents, path, FACETS[kind], text)
    wider = {facet.name for facet in FACETS[kind] if facet.upwards}
    return {
        name: {one for value in values for one in (listing._wider(room.documents, value) if name in wider else [value])}
        for name, values in found.items()
    }


def test_lists_are_searched_by_words(room: Room) -> None:
    catalogue = room.catalogue("person")
    names = {path: fold(texts.title(room.documents, path)) for path in catalogue.paths}
    for words in ("an", "v s", "nobody at all", "%", "_"):
        found = [path for path in catalogue.paths if all(word in names[path] for word in fold(words).split())]
        assert list(catalogue.find({}, words).paths) == found


def test_a_value_that_leaves_nothing_stays_if_chosen(room: Room) -> None:
    kind, years = (
        "letter",
        next(each for each in room.catalogue("letter").find({}, "").choices if each.facet.name == "year"),
    )
    found = room.catalogue(kind).find({"year": [choice.value for choice in years.some], "from": ["person/nobody"]}, "")
    assert not len(found.paths)
    again = next(each for each in found.choices if each.facet.name == "year")
    assert [choice.value for choice in again.some] == [choice.value for choice in years.some]
    assert all(choice.chosen and not choice.count for choice in again.some)


def test_backlinks_are_the_same_whether_kept_or_looked_up(room: Room) -> None:
    kept = [path for (path,) in room.index.all("SELECT path FROM backlink")]
    assert all(room.documents.links(path) > backlinks._MANY for path in kept)
    assert len(kept) == sum(
        room.documents.links(path) > backlinks._MANY for path in room.documents.paths() if "/" in path
    )
    for path in kept:
        looked_up = backlinks.grouped(room.documents.pointers(path), room.backlinks._dated)
        assert {heading: (list(each.paths), each.years) for heading, each in room.backlinks.of(path).items()} == {
            heading: (list(each.paths), each.years) for heading, each in looked_up.items()
        }


def test_the_census(room: Room, plain: Plain) -> None:
    classes, properties, subjects, objects = census.partitions(room.index)
    said = plain.triples
    assert dict(classes) == Counter(node for _, term, node in said if term == rdf.type)
    assert dict(properties) == Counter(term for _, term, _ in said)
    assert (subjects, objects) == (len({each[0] for each in said}), len({each[2] for each in said}))
    assert census.first_uses(room.index) == _first_uses(triple for own in plain.own.values() for triple in own)
    assert describe.links(room) == linksets(said)
    same = [(owner(room.documents.iris.path(s)), s, o) for s, term, o in said if term == schema.sameAs]
    assert census.addresses(room.index) == same
    days = [node.split('"')[1] for s, term, node in said
            if term == dcterms.modified and s == room.documents.iris.record(owner(room.documents.iris.path(s)))]  # fmt: skip
    assert census.last_day(room.index) == max(days, default="")
    assert modified.of_all(room) == (date.fromisoformat(max(days)) if days else None)


def _first_uses(said: Iterator[Triple]) -> dict[Iri, tuple[str, str]]:
    first: dict[Iri, tuple[str, str]] = {}
    for subject, term, node in said:
        if term == rdf.type:
            first.setdefault(Iri(node), (subject, node))
        first.setdefault(term, (subject, node))
    return first


def test_kinds_and_their_classes(room: Room, plain: Plain) -> None:
    found = Counter(
        (path.partition("/")[0], tuple(sorted(room.documents.types(room.documents.iris.of(path)))))
        for kind in room.documents.counts()
        for path in paths_of(plain, kind)
    )
    assert {(kind, classes): count for kind, classes, count, _ in census.kinds(room.index)} == found


def test_goals_are_concluded_from_the_letter_nearest_in_time(room: Room, rows: Sequence[Text]) -> None:
    """Against every letter that the addressee wrote, one by one."""
    atlas = Atlas(room.documents)
    ends = {one.path: (way.start, way.goal, way.sure) for way in overview.ways(room.index) for one in way.letters}
    letters = [row for row in rows if row.path.startswith("letter/")]

    def first(places: Sequence[str]) -> str:
        return next((spot[0] for place in places if (spot := atlas.spot(place))), "")

    for row in letters:
        assert (row.path in ends) == bool(first(row.written_at))
        if row.path in ends and not first(row.received_at):
            near = [(120, ())] + [
                (abs(overview._days(other.earliest) - overview._days(row.earliest)), other.written_at)
                for person in row.addressees
                for other in letters
                if person in other.writers and other.written_at and len(other.earliest) == len(row.earliest) == 10
            ]
            goal = first(min(near)[1])
            assert ends[row.path] == (first(row.written_at), goal, not goal)


def test_what_the_start_page_ranks(room: Room, rows: Sequence[Text]) -> None:
    letters = [row for row in rows if row.path.startswith("letter/")]
    ranked = overview.ranked(room.index)
    assert list(ranked.writers) == Counter(path for row in letters for path in row.writers).most_common(8)
    people = (path for row in letters for path in row.mentions if path.startswith("person/"))
    assert list(ranked.mentioned) == Counter(people).most_common(8)


def test_made_tables_come_back_as_they_were(room: Room, rows: Sequence[Text]) -> None:
    letters = [row for row in rows if row.path.startswith("letter/")]
    counted, ways = overview.Counted(), overview.Ways(room.documents)
    for row in letters:
        counted.take(row)
        ways.take(row)
    assert overview.timeline(room.index) == counted.timeline(room.happenings.by_path.all())
    assert overview.ways(room.index) == ways.all(letters)
    assert overview.ties(room.index) == counted.ties()


def test_a_server_opens_the_index_that_a_build_left(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr("lod.store.index._make", refused)
    again = Room(Published(room.edition, room.dumps), "", "http://localhost")
    assert again.documents.counts() == room.documents.counts()
    assert isinstance(again.index, Index)
