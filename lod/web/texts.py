"""Letters and documents as a table: who, to whom, when, where, about what. Made once when a dump is loaded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lod import dates
from lod.errors import DateError
from lod.store.documents import Documents
from lod.terms import Iri, Literal
from lod.vocab import crm, lod, schema
from lod.web.values import natural, plain

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


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts of one person or body, each in order of time."""

    written: list[Text] = field(default_factory=list)
    received: list[Text] = field(default_factory=list)
    mentioned_in: list[Text] = field(default_factory=list)


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


class Texts:
    """The texts of an edition, in order of time, those without a date last."""

    def __init__(self, documents: Documents) -> None:
        paths = (f"{kind}/{key}" for kind in KINDS for key in documents.keys(kind))
        self.rows: tuple[Text, ...] = tuple(sorted((_text(documents, path) for path in paths), key=in_time))
        self.by_path = {row.path: row for row in self.rows}
        self._shelves: dict[str, Shelf] = {}
        self.answered: dict[str, list[Text]] = {}
        self.in_correspondence: dict[str, list[Text]] = {}
        for row in self.rows:
            self._shelve(row)

    def _shelve(self, row: Text) -> None:
        for path in row.writers:
            self.shelf(path).written.append(row)
        for path in row.addressees:
            self.shelf(path).received.append(row)
        for path in row.mentions:
            self.shelf(path).mentioned_in.append(row)
        for path in row.answers:
            self.answered.setdefault(path, []).append(row)
        for path in row.correspondences:
            self.in_correspondence.setdefault(path, []).append(row)

    def shelf(self, path: str) -> Shelf:
        """The texts that have to do with this thing."""
        return self._shelves.setdefault(path, Shelf()) if path not in self._shelves else self._shelves[path]

    @property
    def letters(self) -> Sequence[Text]:
        """The letters alone."""
        return [row for row in self.rows if row.path.startswith("letter/")]


def in_time(row: Text) -> tuple[str, str, list[tuple[int, int, str]]]:
    """Sorts by the earliest day; what has none comes last."""
    return (row.earliest or row.latest or "~", row.latest or "~", natural(row.path))


def _text(documents: Documents, path: str) -> Text:
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


def bounds(edtf: str) -> tuple[str, str]:
    """First and last day of an EDTF string, `""` for what cannot be read."""
    try:
        date = dates.parse(edtf)
    except DateError:
        return "", ""
    return date.earliest, date.latest


def title(documents: Documents, path: str) -> str:
    """The label of one of our own IRIs in English, else the first there is, else the key."""
    return label(documents, path)[0]


def label(documents: Documents, path: str) -> tuple[str, str]:
    """The label and its language."""
    labels = [plain(literal) for literal in documents.labels(documents.iris.of(path))]
    best = next((found for found in labels if found[1] == "en"), labels[0] if labels else None)
    return (best[0], best[1]) if best else (path.split("/", 1)[-1], "")


def by_year(rows: Iterable[Text]) -> dict[str, int]:
    """How many in each year; `""` for those whose year is open."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.year] = counts.get(row.year, 0) + 1
    return counts
