"""What happened, as a table: events and the dated parts of lives, with who and where. Made once, with the index of a dump."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lod.iris import owner
from lod.store.documents import Told
from lod.store.index import Index
from lod.terms import Iri, Literal
from lod.vocab import crm, lrmoo, rdf, schema
from lod.web.rows import Rows
from lod.web.rows import write as write_rows
from lod.web.texts import bounds, title
from lod.web.values import natural, naturally, plain

KINDS = ("event", "person", "organisation")
"""Kinds of things whose documents tell of what happened in time."""
_CLASSES = frozenset(
    {
        crm.E5_Event,
        crm.E7_Activity,
        crm.E67_Birth,
        crm.E69_Death,
        crm.E66_Formation,
        crm.E68_Dissolution,
        crm.E85_Joining,
        crm.E86_Leaving,
        lrmoo.F27_Work_Creation,
        lrmoo.F28_Expression_Creation,
        lrmoo.F30_Manifestation_Creation,
    }
)
_WHO = frozenset(
    {
        crm.P11_had_participant,
        crm.P14_carried_out_by,
        crm.P25_moved,
        crm.P98_brought_into_life,
        crm.P100_was_death_of,
        crm.P95_has_formed,
        crm.P99_dissolved,
        crm.P151_was_formed_from,
        crm.P143_joined,
        crm.P144_joined_with,
        crm.P145_separated,
        crm.P146_separated_from,
    }
)
_WHERE = frozenset({crm.P7_took_place_at, crm.P26_moved_to, crm.P27_moved_from})


@dataclass(slots=True)
class Happening:
    """One thing that happened. `path` is `event/…` or a part (`person/solntsev/death`); who and where are paths."""

    path: str
    title: str = ""
    edtf: str = ""
    earliest: str = ""
    latest: str = ""
    who: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    told_in: list[str] = field(default_factory=list)
    printed: str = ""
    """The date as the source has it."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Words and their language."""


_TABLES = "CREATE TABLE befell(path TEXT, place INTEGER, PRIMARY KEY (path, place)) WITHOUT ROWID;"
_OF = "SELECT happening.path FROM befell JOIN happening USING (place) WHERE befell.path = ? ORDER BY place LIMIT ?"


class Happenings:
    """All of an edition, in order of time, the undated last."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.by_path: Rows[Happening] = Rows(index, "happening", happening_of)

    def of(self, path: str, most: int) -> list[Happening]:
        """The first of what happened to a person or a body, or at a place."""
        return [self.by_path[one] for (one,) in self._index.all(_OF, path, most)]


def write(index: Index, rows: Sequence[Happening]) -> None:
    """Write down what happened; it comes in order of time."""
    write_rows(index, "happening", rows)
    index.run(_TABLES)
    befell = (
        (path, place)
        for place, row in enumerate(rows)
        for path in dict.fromkeys((*row.who, *row.where, owner(row.path)))
        if path != row.path
    )
    index.insert("INSERT INTO befell VALUES (?, ?)", befell)


def happening_of(*said: Any) -> Happening:
    """A row of values as `lod.web.rows.fields` gives them."""
    values: list[Any] = [list(value) if isinstance(value, tuple) else value for value in said]
    return Happening(*values)


def in_time(row: Happening) -> tuple[str, list[tuple[int, int, str]]]:
    """Sorts by the earliest day; what has none comes last."""
    return (row.earliest or row.latest or "~", natural(row.path))


def time_key(row: Happening) -> str:
    """Text that sorts as `in_time` does."""
    return f"{row.earliest or row.latest or '~'}\0{naturally(row.path)}"


def told_by(documents: Told, path: str) -> list[Happening]:
    """What one document tells of, in its order."""
    own, found = documents.own(path), dict[Iri, Happening]()
    for subject, predicate, node in own:
        if predicate == rdf.type and node in _CLASSES and subject not in found:
            here = documents.iris.path(subject)
            found[subject] = Happening(here, title(documents, here))
    spans = {node: subject for subject, predicate, node in own if predicate == crm.P4_has_time_span}
    for subject, predicate, node in own:
        row = found.get(subject)
        if row is not None:
            _take(documents, row, predicate, node)
        elif predicate == crm.P82_at_some_time_within and spans.get(subject) in found:
            _date(found[spans[subject]], plain(Literal(node))[0])
        elif predicate == crm.P3_has_note and spans.get(subject) in found:
            found[spans[subject]].printed = plain(Literal(node))[0]
    return list(found.values())


def _take(documents: Told, row: Happening, predicate: Iri, node: str) -> None:
    if node[0] != "<":
        if predicate == crm.P3_has_note:
            row.notes.append(plain(Literal(node))[:2])
        elif predicate == schema.startDate and not row.edtf:
            _date(row, plain(Literal(node))[0])
        return
    target = documents.iris.path(Iri(node))
    places = row.who if predicate in _WHO else row.where if predicate in _WHERE else None
    if predicate == crm.P70i_is_documented_in:
        places = row.told_in
    if places is not None and target and target not in places:
        places.append(target)


def _date(row: Happening, edtf: str) -> None:
    row.edtf = edtf
    row.earliest, row.latest = bounds(edtf)
