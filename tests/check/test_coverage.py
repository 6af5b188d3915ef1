"""Gaps are told once a sort, counted, with three examples: never a row for each."""

from dataclasses import replace

from lod.check.coverage import EXAMPLES, check_coverage
from lod.dates import parse
from lod.model import (
    Action,
    Claim,
    Dating,
    Event,
    Letter,
    Link,
    Name,
    Organisation,
    Person,
    Place,
    Record,
    Standing,
    Work,
)
from lod.report import Level, Report, Source

SOURCE = Source("people.xml", 12)
PERSON = Person("serge", SOURCE, (Name("Victor Serge"),), sex="M")
PLACE = Place("brussels", SOURCE, (Name("Brussels"),), coordinates=("50.85", "4.35"))
DAY = Dating(parse("1936-04-22"))


def _letter(key: str = "1", **told: object) -> Letter:
    letter = Letter(
        key,
        Source("letters.xml", 23),
        "letter",
        True,
        Action("sent", (Link("person/serge"),), (Link("place/brussels"),), DAY),
        Action("received", (Link("person/serge"),)),
        languages=("fr",),
    )
    return replace(letter, **told)  # type: ignore[arg-type]


def _notes(*records: Record) -> dict[str, str]:
    report = Report()
    check_coverage(records, report)
    assert {finding.level for finding in report} <= {Level.NOTE}
    codes = [finding.code for finding in report]
    assert len(codes) == len(set(codes)), "one note a sort"
    return {finding.code.removeprefix("coverage-"): finding.message for finding in report}


def test_what_is_told_in_full_has_no_note() -> None:
    dated = replace(PERSON, events=(Event("person/serge/birth", SOURCE, "birth", "Birth", dating=DAY),))
    assert _notes(_letter(), dated, PLACE) == {}


def test_a_gap_is_counted_with_its_first_keys() -> None:
    letters = [_letter(str(number), languages=()) for number in range(1, 6)]
    notes = _notes(*letters, PERSON, PLACE)
    assert notes["letter-language"] == "5 of 5 letters have no language: letter/1, letter/2, letter/3, …"
    assert notes["letter-language"].count("letter/") == EXAMPLES


def test_a_month_is_no_day() -> None:
    month = Action("sent", (Link("person/serge"),), (), Dating(parse("1936-04")))
    notes = _notes(_letter(), _letter("2", sent=month), PERSON, PLACE)
    assert notes["letter-date"] == "1 of 2 letters are not dated to the day: letter/2"
    assert notes["letter-place"] == "1 of 2 letters have no place of writing: letter/2"


def test_any_dated_event_is_a_date_of_a_person() -> None:
    other = Person("nin", SOURCE, (Name("Nin"),))
    arrest = Event("event/arrest", SOURCE, "arrest", "Arrest", dating=DAY, participants=(Link("person/nin"),))
    notes = _notes(other, arrest)
    assert "person-date" not in notes
    assert notes["person-life"] == "1 of 1 people have no date of birth or death: person/nin"
    assert notes["person-sex"] == "1 of 1 people have no sex: person/nin"
    assert _notes(other)["person-date"] == "1 of 1 people have no date of any kind: person/nin"


def test_registers_without_their_usual_facts() -> None:
    notes = _notes(
        Organisation("poum", SOURCE, (Name("POUM"),)),
        Place("uccle", SOURCE, (Name("Uccle"),)),
        Event("event/congress", SOURCE, "congress", "Congress"),
    )
    assert notes["organisation-country"] == "1 of 1 organisations have no seat or country: organisation/poum"
    assert notes["organisation-language"] == "1 of 1 organisations have a name without language: organisation/poum"
    assert notes["place-coordinates"] == "1 of 1 places have no coordinates: place/uccle"
    assert notes["event-date"] == "1 of 1 events have no date: event/congress"


def test_what_no_text_names() -> None:
    work = Work("carnets", SOURCE, "book", (Name("Carnets"),))
    notes = _notes(_letter(mentions=(Link("work/carnets"),)), PERSON, PLACE, work, replace(work, key="ma-vie"))
    assert notes["work-unnamed"] == "1 of 2 works are named in no letter or document: work/ma-vie"
    assert "person-unnamed" not in notes


def test_doubtful_and_unresolved_mentions() -> None:
    doubtful = Link("person/serge", "V.", Claim(Standing.UNCERTAIN))
    foreign = Link("https://d-nb.info/gnd/118623974", "Trotsky")
    notes = _notes(_letter(mentions=(doubtful, doubtful, foreign)), PERSON, PLACE)
    assert notes["mention-doubtful"] == "2 of 3 mentions are doubtful, in: letter/1"
    assert notes["mention-unresolved"] == "1 of 3 mentions have no entry in a register, in: letter/1"


def test_an_empty_edition_has_no_gaps() -> None:
    assert _notes() == {}
