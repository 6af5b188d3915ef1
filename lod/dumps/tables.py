"""Tables for people who do not speak RDF: letters, people, places, organisations, events, mentions.

Each is a CSV file (RFC 4180) described by CSVW metadata, and the same rows as Parquet. Cells with several values hold
them joined by ` | ` in CSV and as lists in Parquet. The first column is the thing's IRI, so tables join with the RDF.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lod.dumps.index import Index
from lod.dumps.linksets import identifier
from lod.terms import Iri, Triple, address
from lod.vocab import crm, lod, lrmoo, schema

SEPARATOR = " | "
Cell = str | tuple[str, ...]
Make = Callable[[Index, Iri], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, what it says in words, its CSVW datatype, and how a cell is made."""

    name: str
    description: str
    make: Make
    datatype: str = "string"
    several: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their columns."""

    name: str
    description: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def _one(*predicates: Iri) -> Make:
    return lambda index, thing: next((text for each in predicates for text in index.texts(thing, each)), "")


def _all(*predicates: Iri) -> Make:
    return lambda index, thing: tuple(dict.fromkeys(text for each in predicates for text in index.texts(thing, each)))


def _iris(*predicates: Iri) -> Make:
    return lambda index, thing: tuple(map(address, index.nodes(thing, *predicates)))


def _labels(*predicates: Iri) -> Make:
    return lambda index, thing: tuple(index.labels(index.nodes(thing, *predicates)))


def _span(index: Index, thing: Iri) -> Iri | None:
    """The time-span of a thing, or of the writing of a text."""
    happening = next(iter(index.parts(thing, lrmoo.F28_Expression_Creation)), thing)
    return next(iter(index.nodes(happening, crm.P4_has_time_span)), None)


def _of_span(predicate: Iri, cut: int = 0) -> Make:
    def make(index: Index, thing: Iri) -> Cell:
        span = _span(index, thing)
        said = index.text(span, predicate) if span else ""
        return said.partition("T")[0] if cut else said

    return make


def _of_part(kind: Iri, predicate: Iri) -> Make:
    def make(index: Index, thing: Iri) -> Cell:
        part = next(iter(index.parts(thing, kind)), None)
        span = next(iter(index.nodes(part, crm.P4_has_time_span)), None) if part else None
        return index.text(span, predicate) if span else ""

    return make


def _authority(name: str) -> Make:
    def make(index: Index, thing: Iri) -> Cell:
        found = (identifier(name, address(each)) for each in index.nodes(thing, schema.sameAs))
        return tuple(filter(None, found))

    return make


_IRI = Column("id", "The thing's IRI", lambda _, thing: address(thing), "anyURI")
_LABEL = Column("label", "What it is called", lambda index, thing: index.label(thing))
_KIND = Column("kind", "What kind of thing it is", _labels(crm.P2_has_type), several=True)
_NOTE = Column("note", "Remarks of the editors", _all(crm.P3_has_note), several=True)
_DATE = (
    Column("date", "Its date in EDTF, as exact as it is known", _of_span(crm.P82_at_some_time_within)),
    Column("earliest", "The first day it may have been", _of_span(crm.P82a_begin_of_the_begin, 1), "date"),
    Column("latest", "The last day it may have been", _of_span(crm.P82b_end_of_the_end, 1), "date"),
)
_LINKS = tuple(
    Column(name, f"Identifiers at {label}", _authority(name), several=True)
    for name, label in (("gnd", "GND"), ("viaf", "VIAF"), ("wikidata", "Wikidata"), ("geonames", "GeoNames"))
)

TABLES: dict[str, tuple[str, str, tuple[Column, ...]]] = {
    "letters": (
        "letter",
        "Letters, telegrams and postcards, printed or known from mentions",
        (
            _IRI,
            _LABEL,
            _KIND,
            Column("number", "Number in the printed edition", _one(schema.identifier)),
            Column("sender", "IRIs of who sent it", _iris(schema.sender), "anyURI", several=True),
            Column("sender_name", "Who sent it", _labels(schema.sender), several=True),
            Column("recipient", "IRIs of whom it is addressed to", _iris(lod.addressed_to), "anyURI", several=True),
            Column("recipient_name", "Whom it is addressed to", _labels(lod.addressed_to), several=True),
            *_DATE,
            Column("place", "IRIs of where it was written", _iris(schema.locationCreated), "anyURI", several=True),
            Column("place_name", "Where it was written", _labels(schema.locationCreated), several=True),
            Column("language", "Its language, as BCP 47", _all(schema.inLanguage), several=True),
            Column("replies_to", "IRIs of the letters it answers", _iris(lod.replies_to), "anyURI", several=True),
            Column(
                "correspondence",
                "IRIs of the correspondences it belongs to",
                _iris(crm.P106i_forms_part_of),
                "anyURI",
                several=True,
            ),
            _NOTE,
        ),
    ),
    "people": (
        "person",
        "People",
        (
            _IRI,
            _LABEL,
            Column("other_names", "Other names and forms of names", _all(schema.alternateName), several=True),
            Column("sex", "male or female", _one(schema.gender)),
            Column("birth", "Date of birth in EDTF", _of_part(crm.E67_Birth, crm.P82_at_some_time_within)),
            Column("death", "Date of death in EDTF", _of_part(crm.E69_Death, crm.P82_at_some_time_within)),
            Column("birth_place", "Where born", _labels(schema.birthPlace), several=True),
            Column("death_place", "Where died", _labels(schema.deathPlace), several=True),
            Column("occupation", "Occupations", _labels(schema.hasOccupation), several=True),
            Column("member_of", "IRIs of organisations", _iris(schema.memberOf), "anyURI", several=True),
            *_LINKS,
            _NOTE,
        ),
    ),
    "organisations": (
        "organisation",
        "Organisations",
        (
            _IRI,
            _LABEL,
            _KIND,
            Column("other_names", "Other names", _all(schema.alternateName), several=True),
            Column("founded", "When it was formed", _one(schema.foundingDate)),
            Column("dissolved", "When it was dissolved", _one(schema.dissolutionDate)),
            Column("part_of", "IRIs of what it is part of", _iris(schema.parentOrganization), "anyURI", several=True),
            *_LINKS,
            _NOTE,
        ),
    ),
    "places": (
        "place",
        "Places",
        (
            _IRI,
            _LABEL,
            _KIND,
            Column("other_names", "Other names", _all(schema.alternateName), several=True),
            Column("within", "IRIs of the places around it", _iris(crm.P89_falls_within), "anyURI", several=True),
            Column("latitude", "Degrees north", _one(schema.latitude), "decimal"),
            Column("longitude", "Degrees east", _one(schema.longitude), "decimal"),
            *_LINKS,
        ),
    ),
    "events": (
        "event",
        "Events",
        (
            _IRI,
            _LABEL,
            _KIND,
            *_DATE,
            Column("place", "IRIs of where it took place", _iris(crm.P7_took_place_at), "anyURI", several=True),
            Column("carried_out_by", "IRIs of who did it", _iris(crm.P14_carried_out_by), "anyURI", several=True),
            Column(
                "participant",
                "IRIs of who took part in it or underwent it",
                _iris(crm.P11_had_participant),
                "anyURI",
                several=True,
            ),
            _NOTE,
        ),
    ),
}
"""Table → kind of its things, what it holds, its columns. Mentions are made apart: a row is a pair."""

_MENTIONS = (
    Column("text", "IRI of the letter or document", lambda *_: "", "anyURI"),
    Column("text_label", "What the text is called", lambda *_: ""),
    Column("mentioned", "IRI of what it mentions", lambda *_: "", "anyURI"),
    Column("mentioned_label", "What is mentioned", lambda *_: ""),
    Column("kind", "person, place, organisation, event, work …", lambda *_: ""),
    Column("times", "How often the text names it; empty where no text was read", lambda *_: "", "integer"),
)


Times = Mapping[tuple[str, str], int]
"""How often a text (its path) names a thing (its path), as far as anybody counted. No triple says it."""


def tables(documents: Iterable[tuple[str, Iterable[Triple]]], base: str, times: Times | None = None) -> Iterator[Table]:
    """All tables of an edition, in the order of the dump: made of its documents, one after the other."""
    rows: dict[str, list[tuple[Cell, ...]]] = {name: [] for name in TABLES}
    of_kind = {kind: (rows[name], columns) for name, (kind, _, columns) in TABLES.items()}
    mentions: list[tuple[Cell, ...]] = []
    for path, triples in documents:
        kind = path.partition("/")[0]
        if kind in of_kind or kind == "document":
            index = Index(triples, base)
            thing = index.iris.of(path)
            if kind in of_kind:
                those, columns = of_kind[kind]
                those.append(tuple(column.make(index, thing) for column in columns))
            if kind in ("letter", "document"):
                mentions += _mentions(index, thing, times or {})
    for name, (_, description, columns) in TABLES.items():
        yield Table(name, description, columns, tuple(rows[name]))
    yield Table("mentions", "Which text mentions whom and what", _MENTIONS, tuple(mentions))


def _mentions(index: Index, text: Iri, times: Times) -> Iterator[tuple[Cell, ...]]:
    for node in index.nodes(text, schema.mentions):
        path = index.iris.path(node)
        said = str(times.get((index.iris.path(text), path), ""))
        yield address(text), index.label(text), address(node), index.label(node), path.partition("/")[0], said


def to_csv(table: Table) -> bytes:
    """RFC 4180: a header, CRLF, quotes where needed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([SEPARATOR.join(cell) if isinstance(cell, tuple) else cell for cell in row])
    return stream.getvalue().encode()


_WRITER = b"lod version 1"
_ARROW = {
    "string": "string",
    "anyURI": "string",
    "date": "string",
    "decimal": "float64",
    "integer": "int64",
}


def to_parquet(table: Table) -> bytes:
    """The same with lists; what is empty is null. Dates stay text: `0009-01-01` and open ends must not be lost."""
    import pyarrow as pa  # 40 MB that only a release needs
    import pyarrow.parquet as pq

    fields, arrays = [], []
    for place, column in enumerate(table.columns):
        kind = pa.type_for_alias(_ARROW[column.datatype])
        arrow = pa.list_(kind) if column.several else kind
        values: list[Any] = [_value(row[place], column) for row in table.rows]
        fields.append(pa.field(column.name, arrow, metadata={"description": column.description}))
        arrays.append(pa.array(values, arrow))
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), sink, compression="zstd")
    return _signed(sink.getvalue(), pq.read_metadata(sink).created_by.encode())


def _signed(parquet: bytes, name: bytes) -> bytes:
    """The same file, with us as the writer in place of a version of pyarrow: the same rows are the same bytes.

    The writer's `name` stands in the footer (Thrift, compact: length and bytes), the footer's length before the last four bytes.
    https://parquet.apache.org/docs/file-format/metadata/
    """
    start, length = parquet.rindex(name) - 1, int.from_bytes(parquet[-8:-4], "little")
    ours = bytes([len(_WRITER)]) + _WRITER
    footer = parquet[start - len(parquet) :].replace(bytes([len(name)]) + name, ours)[:-8]
    length += len(ours) - len(name) - 1
    return parquet[:start] + footer + length.to_bytes(4, "little") + parquet[-4:]


def _value(cell: Cell, column: Column) -> Any:
    if isinstance(cell, tuple):
        return list(cell)
    if not cell:
        return None
    numbers: Mapping[str, Callable[[str], Any]] = {"decimal": float, "integer": int}
    return numbers.get(column.datatype, str)(cell)


def csvw(made: Sequence[Table], *, title: str, licence: str, language: str) -> bytes:
    """The metadata of all tables, as CSV on the Web has it."""
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "dc:title": title,
        "dc:license": {"@id": licence},
        "dialect": {"header": True, "encoding": "utf-8", "delimiter": ",", "lineTerminators": ["\r\n"]},
        "tables": [_described(table) for table in made],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _described(table: Table) -> dict[str, Any]:
    columns = []
    for column in table.columns:
        said: dict[str, Any] = {"name": column.name, "titles": column.name, "dc:description": column.description}
        said["datatype"] = column.datatype
        if column.several:
            said["separator"] = SEPARATOR
        columns.append(said)
    schema_: dict[str, Any] = {"columns": columns}
    if table.name != "mentions":
        schema_ |= {"primaryKey": "id", "aboutUrl": "{+id}"}
    return {"url": f"{table.name}.csv", "dc:description": table.description, "tableSchema": schema_}
