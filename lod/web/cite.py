"""How to cite a record: CSL-JSON from the data, a sentence through citeproc-py, BibTeX from the same fields."""

import json
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Any

from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from starlette.requests import Request
from starlette.responses import Response

from lod.terms import address
from lod.web import modified, problems
from lod.web.conditional import Representation, respond
from lod.web.site import Room
from lod.web.texts import title

_STYLE = "harvard-cite-them-right"
_KINDS = {"letter": "personal_communication", "document": "chapter", "work": "book"}
_ENTRIES = {
    "dataset": "misc",
    "personal_communication": "misc",
    "chapter": "incollection",
    "book": "misc",
    "entry": "inreference",
}
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
FORMATS = {
    "bib": "application/x-bibtex; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """One record as a citation in three forms."""

    text: str
    csl: dict[str, Any]
    bibtex: str


@lru_cache(maxsize=1)
def _style() -> CitationStylesStyle:
    return CitationStylesStyle(_STYLE, validate=False)


def citation(room: Room, path: str) -> Citation:
    """How to cite the record of a thing."""
    csl = fields(room, path)
    return Citation(sentence(csl), csl, bibtex(csl))


def fields(room: Room, path: str) -> dict[str, Any]:
    """The record as CSL-JSON. A person, a place or an event is cited as an entry of the data set."""
    edition, row = room.edition, room.texts.by_path.get(path)
    changed = modified.last_modified(room, path)
    found: dict[str, Any] = {
        "id": path.replace("/", "-"),
        "type": _KINDS.get(path.split("/")[0], "entry"),
        "title": title(room.documents, path),
        "container-title": room.title,
        "publisher": edition.publisher,
        "URL": address(room.documents.iris.of(path)),
    }
    if row is not None:
        found["author"] = [{"literal": title(room.documents, one)} for one in row.writers]
        found["recipient"] = [{"literal": title(room.documents, one)} for one in row.addressees]
        if row.earliest:
            found["issued"] = {"date-parts": [[int(piece) for piece in _exact(row.edtf, row.earliest)]]}
    else:
        found["editor"] = [{"literal": name} for name in edition.editors]
        if changed:
            found["issued"] = {"date-parts": [[changed.year, changed.month, changed.day]]}
    return {name: value for name, value in found.items() if value}


def dataset(room: Room) -> Citation:
    """How to cite the whole data set: the newest release by its version and day, else the present state."""
    edition, latest = room.edition, room.history.latest
    latest = None if latest and latest.manifest.trial else latest
    day = latest.manifest.date if latest else (last.isoformat() if (last := modified.of_all(room)) else "")
    csl: dict[str, Any] = {
        "id": edition.id,
        "type": "dataset",
        "title": room.title + (f", version {latest.version}" if latest else ""),
        "editor": [{"literal": name} for name in edition.editors],
        "publisher": edition.publisher,
        "URL": edition.base,
    }
    if day:
        csl["issued"] = {"date-parts": [[int(piece) for piece in day.split("-")]]}
    return Citation(sentence(csl), csl, bibtex(csl))


def _exact(edtf: str, earliest: str) -> list[str]:
    """Year, month and day as far as they are known."""
    known = edtf if edtf.replace("-", "").isdigit() and not edtf.startswith("-") else earliest.rsplit("-", 2)[0]
    return known.split("-")


def sentence(csl: dict[str, Any]) -> str:
    """The citation in words, in the style that citeproc-py brings."""
    plain = {**csl, "author": csl.get("author") or csl.get("editor") or []}
    plain.pop("editor", None)
    source = CiteProcJSON([plain])
    bibliography = CitationStylesBibliography(_style(), source, formatter.plain)
    bibliography.register(Cited([CitationItem(csl["id"])]))
    return unescape(str(bibliography.bibliography()[0])).strip()


def bibtex(csl: dict[str, Any]) -> str:
    """The same as one BibTeX entry, its special characters escaped."""
    names = {"author": csl.get("author"), "editor": csl.get("editor")}
    said = {
        name: " and ".join(f"{{{_tex(one['literal'])}}}" for one in those) for name, those in names.items() if those
    }
    said["title"] = f"{{{_tex(csl['title'])}}}"
    if "recipient" in csl:
        said["note"] = "To " + " and ".join(_tex(one["literal"]) for one in csl["recipient"])
    if "container-title" in csl:
        said["booktitle" if csl["type"] != "personal_communication" else "howpublished"] = _tex(csl["container-title"])
    for part, value in zip(("year", "month", "day"), csl.get("issued", {}).get("date-parts", [[]])[0], strict=False):
        said[part] = str(value)
    said |= {"publisher": _tex(csl["publisher"]), "url": csl["URL"]}
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in said.items())
    return f"@{_ENTRIES[csl['type']]}{{{csl['id']},\n{lines}}}\n"


def _tex(text: str) -> str:
    return text.translate(_TEX)


def file(request: Request, room: Room, name: str) -> Response:
    """`/cite/letter/12.bib`, `.json`, `.txt`."""
    path, _, form = name.rpartition(".")
    whole = path == "dataset"
    if form not in FORMATS or not (whole or (path in room.documents and "/" in path)):
        return problems.respond(request, problems.Problem(404, "There is no such citation.", "unknown"))
    made = dataset(room) if whole else citation(room, path)
    body = {"bib": made.bibtex, "json": json.dumps([made.csl], ensure_ascii=False, indent=1), "txt": made.text + "\n"}
    return respond(request, Representation(body[form].encode(), FORMATS[form]), {})
