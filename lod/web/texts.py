"""Letters and documents as a table: who, to whom, when, where, about what. Made once, with the index of a dump."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lod import dates
from lod.errors import DateError
from lod.store.documents import Told
from lod.store.index import Index
from lod.terms import Iri, Literal
from lod.vocab import crm, lod, schema
from lod.web.rows import Rows, row_of
from lod.web.values import natural, naturally, plain

KINDS = ("letter", "document")


@dataclass(frozen=True, slots=True)
class Text:
    """One letter or document. Things stand as paths; `earliest` and `latest` are days, `""` when open or unknown."""

    path: str
    title: str
    edtf: str = ""
    earliest: str = ""
    latest: str = ""
    writers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    written_at: tuple[str, ...] = ()
    received_at: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    correspondences: tuple[str, ...] = ()
    number: str = ""

    @property
    def lost(self) -> bool:
        """True for one known only from a mention."""
        return "type/status-lost-or-unpublished" in self.kinds

    @property
    def year(self) -> str:
        """The year it was written in, `""` when that is open."""
        return self.earliest[:-6] if self.earliest and self.earliest[:-6] == self.latest[:-6] else ""

    @property
    def month(self) -> str:
        """The month, `1936-04`, `""` when that is open."""
        return self.earliest[:-3] if self.earliest and self.earliest[:-3] == self.latest[:-3] else ""


_FIELDS: dict[Iri, str] = {
    schema.sender: "writers",
    schema.author: "writers",
    schema.recipient: "addressees",
    lod.addressed_to: "addressees",
    schema.locationCreated: "written_at",
    crm.P7_took_place_at: "written_at",
    crm.P2_has_type: "kinds",
    crm.P72_has_language: "languages",
    schema.mentions: "mentions",
    lod.replies_to: "answers",
    schema.isPartOf: "correspondences",
}


_TABLES = """
CREATE TABLE text(place INTEGER PRIMARY KEY, path TEXT, data TEXT);
CREATE TABLE reply(path TEXT, place INTEGER, letter TEXT, PRIMARY KEY (path, place)) WITHOUT ROWID;
CREATE TABLE exchange(correspondence TEXT, place INTEGER, letter TEXT, PRIMARY KEY (correspondence, place)) WITHOUT ROWID;
"""
_NEXT = {
    ">": "SELECT letter FROM exchange WHERE correspondence = ? AND place > {place} ORDER BY place LIMIT 1",
    "<": "SELECT letter FROM exchange WHERE correspondence = ? AND place < {place} ORDER BY place DESC LIMIT 1",
}
_PLACE = "(SELECT place FROM text WHERE path = ?)"


class Texts:
    """The texts of an edition, in order of time, those without a date last."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.by_path: Rows[Text] = Rows(index, "text", Text)

    @property
    def letters(self) -> Sequence[Text]:
        """The letters alone: all are read, so no page asks for them."""
        return [row for row in self.by_path.all() if row.path.startswith("letter/")]

    def answers(self, path: str) -> list[str]:
        """The texts that reply to one, in order of time."""
        rows = self._index.all("SELECT letter FROM reply WHERE path = ? ORDER BY place", path)
        return [letter for (letter,) in rows]

    def beside(self, correspondence: str, path: str) -> tuple[str, str]:
        """The letters before and after one in a correspondence, `""` where there is none."""
        before, after = (
            self._index.one(_NEXT[side].format(place=_PLACE), correspondence, path) or ("",) for side in "<>"
        )
        return before[0], after[0]


class Writer:
    """Writes down the texts of an edition, which come in order of time."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._place = 0
        index.run(_TABLES)

    def add(self, rows: Sequence[tuple[Text, str]]) -> None:
        """Some more, each with its fields as JSON."""
        index, texts = self._index, list(enumerate((row for row, _ in rows), self._place))
        self._place += len(rows)
        said = ((place, row.path, data) for (place, row), (_, data) in zip(texts, rows, strict=True))
        index.insert("INSERT INTO text VALUES (?, ?, ?)", said)
        replies = ((path, place, row.path) for place, row in texts for path in row.answers)
        index.insert("INSERT INTO reply VALUES (?, ?, ?)", replies)
        exchanged = ((path, place, row.path) for place, row in texts for path in row.correspondences)
        index.insert("INSERT INTO exchange VALUES (?, ?, ?)", exchanged)

    def end(self) -> None:
        """All are there."""
        self._index.run("CREATE UNIQUE INDEX text_path ON text(path);")


class Letters(Iterable[Text]):
    """The letters of an index that is being made, in order of time, read each time that somebody goes through them."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __iter__(self) -> Iterator[Text]:
        for rows in self._index.some("SELECT data FROM text WHERE path LIKE 'letter/%' ORDER BY place"):
            yield from (row_of(Text, json.loads(data)) for (data,) in rows)


def in_time(row: Text) -> tuple[str, str, list[tuple[int, int, str]]]:
    """Sorts by the earliest day; what has none comes last."""
    return (row.earliest or row.latest or "~", row.latest or "~", natural(row.path))


def time_key(row: Text) -> str:
    """Text that sorts as `in_time` does."""
    return f"{row.earliest or row.latest or '~'}\0{row.latest or '~'}\0{naturally(row.path)}"


def told_in(documents: Told, path: str) -> Text:
    """One row from the triples of a thing: of its own node, its writing and its receipt."""
    iris = documents.iris
    thing, writing, receipt = iris.of(path), iris.of(f"{path}/writing"), iris.of(f"{path}/receipt")
    span = iris.of(f"{path}/writing-date")
    found: dict[str, dict[str, None]] = {}
    said: dict[str, str] = {}
    for subject, predicate, node in documents.own(path):
        if node[0] == "<":
            name = _FIELDS.get(predicate)
            target = iris.path(Iri(node))
            if name is None or not target or subject not in (thing, writing, receipt):
                continue
            if subject == receipt:
                name = "received_at" if predicate == crm.P7_took_place_at else ""
            elif subject == writing and predicate != crm.P7_took_place_at:
                name = ""
            if name == "correspondences" and not target.startswith("correspondence/"):
                continue
            if name:
                found.setdefault(name, {})[target] = None
        elif subject == span and predicate == crm.P82_at_some_time_within:
            said["edtf"] = plain(Literal(node))[0]
        elif subject == thing and predicate in (schema.dateCreated, schema.identifier):
            said.setdefault("edtf" if predicate == schema.dateCreated else "number", plain(Literal(node))[0])
    return _dated(path, title(documents, path), said, {name: tuple(values) for name, values in found.items()})


def _dated(path: str, words: str, said: dict[str, str], found: dict[str, tuple[str, ...]]) -> Text:
    edtf, (earliest, latest) = said.get("edtf", ""), bounds(said.get("edtf", ""))
    return Text(path, words, edtf, earliest, latest, number=said.get("number", ""), **found)


@lru_cache(maxsize=16384)
def bounds(edtf: str) -> tuple[str, str]:
    """First and last day of an EDTF string, `""` for what cannot be read."""
    try:
        date = dates.parse(edtf)
    except DateError:
        return "", ""
    return date.earliest, date.latest


def title(documents: Told, path: str) -> str:
    """The label of one of our own IRIs in English, else the first there is, else the key."""
    return label(documents, path)[0]


def label(documents: Told, path: str) -> tuple[str, str]:
    """The label and its language."""
    labels = [plain(literal) for literal in documents.labels(documents.iris.of(path))]
    best = next((found for found in labels if found[1] == "en"), labels[0] if labels else None)
    return (best[0], best[1]) if best else (path.split("/", 1)[-1], "")
