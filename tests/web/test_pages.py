"""Pages of the shipped edition: what they say, counted against the records they are made from."""

from collections.abc import Iterator

import lxml.html
import pyoxigraph as ox
import pytest

from lod import dumps
from lod.build import Built
from lod.model import Letter
from lod.terms import Iri
from lod.vocab import crm
from lod.web import Published, asides, browse, cite, deeds, groups, overview, views
from lod.web import pages as pages_of
from lod.web.facets import fold
from lod.web.pictures import geography, network
from lod.web.site import Room
from tests.web.serving import BROWSER, Served, serving


@pytest.fixture(scope="module")
def edition(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder, name = tmp_path_factory.mktemp("dumps"), shipped.corpus.edition.id
    triples = (triples for _, triples in shipped.blocks)
    dumps.write(triples, shipped.corpus.edition.base, folder / f"{name}.ttl", "ttl")
    return Published(shipped.corpus.edition, folder)


@pytest.fixture(scope="module")
def room(edition: Published) -> Room:
    return Room(edition, "", "http://localhost")


@pytest.fixture(scope="module")
def letters(shipped: Built) -> list[Letter]:
    return [record for record in shipped.corpus.records if isinstance(record, Letter)]


@pytest.fixture(scope="module")
def pages(edition: Published) -> Iterator[Served]:
    with serving([edition]) as served:
        yield served


def test_the_table_of_texts_says_what_the_records_say(room: Room, letters: list[Letter]) -> None:
    for letter in letters:
        row = room.texts.by_path[letter.path]
        writers = {agent.target for agent in letter.sent.agents if agent.claim.standing.holds}
        assert {path for path in row.writers if path.startswith("person/")} == {
            path for path in writers if path.startswith("person/")
        }, letter.key
        assert row.lost is not letter.printed, letter.key
        if letter.sent.dating:
            date = letter.sent.dating.date
            assert (row.earliest, row.latest) == (date.earliest, date.latest), letter.key


def test_events_come_in_order_of_time(room: Room) -> None:
    paths = room.catalogue("event").paths
    days = [room.happenings.by_path[path].earliest or room.happenings.by_path[path].latest or "~" for path in paths]
    assert days == sorted(days) and days[0] < "1900" and days[-1] == "~"
    assert len(set(paths)) == len(paths) == room.documents.counts()["event"]


def test_what_stands_beside_a_name_tells_it_from_others(room: Room) -> None:
    def said(path: str) -> str:
        return ", ".join(value.text for value in asides.beside(room, path))

    assert said("person/serge") == "1890–1947"
    assert said("place/brussels") == "Belgium"
    assert said("work/serge-trotsky-papers-1994").endswith("1994")
    assert said("person/alba") == ""


def test_a_life_does_not_say_twice_what_stands_beside_it(room: Room) -> None:
    told = {deed.key: deed for deed in deeds.of(room, "person/serge")}
    assert told["birth"].what.text == "Birth"
    assert [value.text for value in told["residence-barcelona-1917"].where] == ["Barcelona"]
    assert told["residence-barcelona-1917"].what.text == "Residence"
    member = told["membership-comintern-worker"]
    assert (member.what.text, [body.text for body in member.who]) == ("Worker", ["Comintern"])


def test_groups_that_the_page_shows_already_are_left_out(room: Room) -> None:
    page = pages_of.page(room, "organisation/poum")
    headings = {group.heading for group in page.groups}
    assert "Mentioned in" in headings and not headings & {"Members", "Branches", "Took part in"}
    assert {group.heading for group in groups.of(room, "organisation/poum", "", 1)} > headings


def test_who_took_part_without_a_role_is_told_too(room: Room) -> None:
    for path in room.catalogue("event").paths:
        page = pages_of.page(room, path)
        shown = {value.href for row in (*page.rows, *page.roles) for value in row.values}
        for subject, predicate, node in room.documents.own(path):
            if subject == room.documents.iris.of(path) and predicate in (
                crm.P11_had_participant,
                crm.P14_carried_out_by,
            ):
                assert room.link(room.documents.iris.path(Iri(node))) in shown, path


def test_cited_places_are_told_in_runs(room: Room) -> None:
    runs = pages_of.page(room, "work/serge-trotsky-papers-1994").cited
    notes = next(run for run in runs if run.title.text == "Note … to chapter 2")
    assert ("note-2-150", "150") in notes.places and len(notes.places) > 50
    glossary = next(run for run in runs if run.title.text.startswith("Glossary, entry"))
    assert "POUM" in {number for _, number in glossary.places}
    keys = [key for run in runs for key, _ in run.places]
    cited = [
        path
        for path in map(
            room.documents.iris.path, {subject for subject, *_ in room.documents.own("work/serge-trotsky-papers-1994")}
        )
        if crm.E31_Document in room.documents.types(room.documents.iris.of(path))
    ]
    assert sorted(keys) == sorted(path.split("/")[-1] for path in cited)


def test_facets_count_what_they_find(room: Room) -> None:
    catalogue = room.catalogue("letter")
    for each in catalogue.find({}, "").choices:
        for choice in each.some:
            found = catalogue.find({each.facet.name: [choice.value]}, "")
            assert len(found.paths) == choice.count > 0, (each.facet.name, choice.value)


def test_a_place_counts_for_the_places_it_lies_in(room: Room) -> None:
    find = room.catalogue("letter").find
    uccle, brussels, belgium = (
        set(find({"place": [place]}, "").paths) for place in ("place/uccle", "place/brussels", "place/belgium")
    )
    assert set() < uccle < brussels <= belgium


def test_two_values_of_a_facet_are_both_wanted(room: Room) -> None:
    both = room.catalogue("letter").find({"person": ["person/stalin", "person/lenin"]}, "").paths
    assert list(both) == [
        row.path for row in room.texts.letters if {"person/stalin", "person/lenin"} <= set(row.mentions)
    ]


def test_words_find_without_accents_and_case() -> None:
    assert fold("Coyoacán Čiliga ЛЕНИН") == "coyoacan ciliga lenin"


def test_the_timeline_holds_every_letter_or_says_how_many_it_leaves_out(room: Room) -> None:
    made = overview.timeline(room.index)
    assert made.unit == "month"
    known = [row for row in room.texts.letters if row.month and made.bins[0].name <= row.month <= made.bins[-1].name]
    assert sum(one.total for one in made.bins) == sum(max(len(row.writers), 1) for row in known)
    assert made.undated == len(room.texts.letters) - len(known)
    # A stray letter of 1921 does not make fifteen empty years.
    assert made.bins[0].name == "1936-04"


def test_the_map_tells_goals_that_are_stated_from_those_concluded(room: Room) -> None:
    known = {(way.start, way.goal): way for way in overview.ways(room.index)}
    assert known["place/brussels", "place/paris"].sure
    assert [row.path for row in known["place/brussels", "place/paris"].letters] == ["letter/prefatory"]
    assert all(way.sure for way in known.values() if not way.goal)
    assert not known["place/coyoacan", "place/paris"].sure
    assert sum(len(way.letters) for way in geography.of_year(overview.ways(room.index), "1936")) < sum(
        len(way.letters) for way in known.values()
    )


def test_ties_count_letters(room: Room) -> None:
    ties = {(tie.source, tie.target): tie.count for tie in overview.ties(room.index) if tie.kind == "letters"}
    expected = [
        row for row in room.texts.letters if "person/serge" in row.writers and "person/trotsky" in row.addressees
    ]
    assert ties["person/serge", "person/trotsky"] == len(expected) > 20


def test_drawings_are_the_same_every_time(room: Room) -> None:
    ties = overview.ties(room.index)
    assert network.draw(room, ties, str) == network.draw(room, ties, str)


def test_a_chain_of_replies(room: Room) -> None:
    chain = views.thread(room, "letter/13")
    assert [current for _, current in chain].count(True) == 1
    hrefs = [value.href for value, current in chain if not current]
    assert "/letter/12" in hrefs


@pytest.mark.statement(81)
def test_a_citation_in_three_forms(room: Room) -> None:
    made = cite.citation(room, "letter/12")
    assert made.csl["issued"] == {"date-parts": [[1936, 5, 27]]}
    assert made.csl["recipient"] == [{"literal": "Leon Trotsky"}]
    assert made.text.startswith("Victor Serge (1936)") and "w3id.org/serge-trotsky/letter/12" in made.text
    assert "author = {{Victor Serge}}" in made.bibtex
    assert cite.bibtex({**made.csl, "title": "50 % & {more}"}).count(r"50 \% \& \{more\}") == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_cells_that_spreadsheets_would_run(cell: str) -> None:
    assert browse.safe(cell) == f"'{cell}"


@pytest.mark.statement(26)
def test_one_piece_of_linked_data_that_is_part_of_the_record(pages: Served, room: Room) -> None:
    page = pages.client.get("/letter/12.html", headers={"Accept": BROWSER})
    scripts = lxml.html.document_fromstring(page.content).xpath("//script[@type='application/ld+json']")
    assert len(scripts) == 1
    said = _triples(scripts[0].text.encode(), ox.RdfFormat.JSON_LD)
    record = _triples(pages.client.get("/letter/12.nt").content, ox.RdfFormat.N_TRIPLES)
    assert len(said) > 10 and said <= record
    # What it tells of the data set stands in a graph named by the description's address.
    data_set = _triples(scripts[0].text.encode(), ox.RdfFormat.JSON_LD, f"<{pages.url}/dataset>")
    described = _triples(pages.client.get("/dataset?format=nt").content, ox.RdfFormat.N_TRIPLES)
    assert len(data_set) > 10 and data_set <= described


def _triples(body: bytes, form: ox.RdfFormat, graph: str = "DEFAULT") -> set[str]:
    return {str(quad.triple) for quad in ox.parse(input=body, format=form) if str(quad.graph_name) == graph}


@pytest.mark.statement(27)
def test_links_to_every_format(pages: Served) -> None:
    page = pages.client.get("/person/serge.html", headers={"Accept": BROWSER})
    tree = lxml.html.document_fromstring(page.content)
    assert set(tree.xpath("//link[@rel='alternate']/@href")) == {
        f"/person/serge.{form}" for form in ("ttl", "jsonld", "nt", "rdf")
    }


@pytest.mark.statement(29)
@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ({}, "", "en"),
        ({"Accept-Language": "fr-CA, en;q=0.5"}, "", "fr"),
        ({"Accept-Language": "de, fr;q=0.4, en;q=0.3"}, "", "fr"),
        ({"Accept-Language": "fr;q=0"}, "", "en"),
        ({"Accept-Language": "fr"}, "?lang=en", "en"),
        ({"Cookie": "lang=fr"}, "", "fr"),
        ({"Cookie": "lang=xx"}, "?lang=zz", "en"),
    ],
)
def test_the_language_of_the_interface(pages: Served, headers: dict[str, str], query: str, expected: str) -> None:
    page = pages.client.get(f"/letter/12.html{query}", headers={"Accept": BROWSER, **headers})
    tree = lxml.html.document_fromstring(page.content)
    assert tree.get("lang") == expected
    assert {"accept", "accept-language", "cookie"} <= {
        field.strip().lower() for field in page.headers["vary"].split(",")
    }
    # The content keeps its language whatever the interface speaks.
    assert tree.xpath("//p[@class='remark']/span/@lang") == ["en"]


def test_no_template_trusts_its_input() -> None:
    from lod.web import site

    folder = site.files("lod.web").joinpath("templates")
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "") and "autoescape" not in text and "<style" not in text, file.name
        assert ' style="' not in text, file.name
