"""How complete an edition's records are, counted: what a reader may rely on before asking."""

from lod.store.documents import Documents
from lod.vocab import crm, schema
from lod.web.happenings import Happenings
from lod.web.texts import Texts

Line = tuple[str, int, int]
"""An English message, how many have it, of how many."""


def lines(documents: Documents, texts: Texts, happenings: Happenings) -> tuple[Line, ...]:
    """The coverage of letters, people, places and events."""
    letters = texts.letters
    total = len(letters)
    people = _paths(documents, "person")
    places = _paths(documents, "place")
    agents = [*people, *_paths(documents, "organisation"), *places]
    events = [row for row in happenings.rows if row.path.startswith("event/")]
    return (
        (
            "letters with a date known to the day",
            sum(bool(row.earliest) and row.earliest == row.latest for row in letters),
            total,
        ),
        ("letters with a date known to the year", sum(bool(row.year) for row in letters), total),
        ("letters that say where they were written", sum(bool(row.written_at) for row in letters), total),
        ("letters with a writer", sum(bool(row.writers) for row in letters), total),
        ("letters with an addressee", sum(bool(row.addressees) for row in letters), total),
        ("letters with a language", sum(bool(row.languages) for row in letters), total),
        ("letters known only from mentions", sum(row.lost for row in letters), total),
        (
            "people with a date of birth or death",
            _having(documents, people, schema.birthDate, schema.deathDate),
            len(people),
        ),
        (
            "people, bodies and places known to an authority file",
            _having(documents, agents, schema.sameAs),
            len(agents),
        ),
        ("places with coordinates", _having(documents, places, crm.P168_place_is_defined_by), len(places)),
        ("events with a date", sum(bool(row.edtf) for row in events), len(events)),
    )


def _paths(documents: Documents, kind: str) -> list[str]:
    return [f"{kind}/{key}" for key in documents.keys(kind)]


def _having(documents: Documents, paths: list[str], *properties: str) -> int:
    """How many things say at least one of these of themselves."""
    return sum(
        any(
            subject == documents.iris.of(path) and predicate in properties
            for subject, predicate, _ in documents.own(path)
        )
        for path in paths
    )
