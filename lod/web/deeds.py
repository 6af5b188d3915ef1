"""What was done and what befell, told in order of time on the page of a person, a body, a place or a text."""

from dataclasses import dataclass

from lod.terms import Iri, typed
from lod.vocab import crm, edtf
from lod.web.happenings import Happening, told_by
from lod.web.site import Room
from lod.web.texts import bounds, title
from lod.web.values import Value, literal


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a life: when, what, who else, where, and where the book tells of it."""

    path: str
    key: str
    """The anchor of a part of this very page, `""` for anything else."""
    when: Value | None
    what: Value
    """Without words where who says it all: a membership of which no role is told."""
    who: tuple[Value, ...]
    where: tuple[Value, ...]
    told_in: tuple[Value, ...]
    notes: tuple[Value, ...]


_SHOWN = 200
"""More than this does not help anybody: the rest is found in the list of events, narrowed down by place or person."""


def of(room: Room, path: str) -> tuple[Deed, ...]:
    """For texts and works what their own records tell; for all else everything that names them."""
    if path.split("/")[0] in ("letter", "document", "work"):
        text = room.texts.by_path.get(path)
        known = {*text.writers, *text.addressees} if text else set()
        found = [row for row in told_by(room.documents, path) if row.path != path]
        rows = [
            row for row in found if row.edtf or row.where or row.notes or row.told_in or not known.issuperset(row.who)
        ]
    else:
        rows = room.happenings.of(path, _SHOWN)
    return tuple(_deed(room, path, row) for row in rows)


def _deed(room: Room, path: str, row: Happening) -> Deed:
    def named(paths: list[str]) -> tuple[Value, ...]:
        return tuple(room.names.value(one, here=path) for one in paths if one not in (path, row.path))

    own, date = row.path.startswith(f"{path}/"), when(row.edtf, row.printed)
    return Deed(
        row.path,
        row.path.removeprefix(f"{path}/") if own else "",
        date,
        _brief(room, path, row, date) if own else room.names.value(row.path, here=path),
        named(row.who),
        named(row.where),
        named(row.told_in),
        tuple(Value(text, language) for text, language in row.notes),
    )


def _brief(room: Room, path: str, row: Happening, date: Value | None) -> Value:
    """What a part is on the page of its own thing: what stands beside it is not said twice."""
    bodies = [title(room.documents, one) for one in row.who if one != path]
    text, language = room.names.brief(row.path, title(room.documents, path), date.text if date else "", bodies)
    return Value(text, language) if text else _role(room, path, row)


def _role(room: Room, path: str, row: Happening) -> Value:
    """As what somebody belonged: `Worker`, or nothing."""
    part = room.documents.iris.of(row.path)
    for subject, predicate, node in room.documents.own(path):
        kind = room.documents.iris.path(Iri(node)) if subject == part and predicate == crm.P2_has_type else ""
        if kind.startswith("type/role-"):
            text, language = room.names.label(kind)
            return Value(text[:1].upper() + text[1:], language)
    return Value("")


def when(date: str, printed: str = "") -> Value | None:
    """A date for people, with the form in the source where that says something else."""
    if not date:
        return None
    said = literal(typed(date, edtf.EDTF))
    printed = "" if printed == said.text else printed
    return Value(said.text, note=said.note, printed=printed, dated=bool(bounds(date)[0] or bounds(date)[1]))
