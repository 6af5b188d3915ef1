"""Authority files: one form for each of the many ways in which an identifier is written, and a key made from it.

GND, VIAF, Wikidata, GeoNames, LCCN, BnF, ISNI, ORCID, NDL, IdRef, Getty; SNAC and the Deutsche Biographie have one
address each, but no scheme. What is not recognised stays as it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lod.iris import slug


@dataclass(frozen=True, slots=True)
class Scheme:
    """One authority: the key's prefix, how its identifiers look, the canonical address, and where it writes them."""

    name: str
    pattern: re.Pattern[str]
    form: str
    hosts: tuple[str, ...]
    short: tuple[str, ...] = ()
    """How `idno/@type` names it, in lower case."""


_GND = re.compile(r"1[0-9]{7,9}[0-9X]|[47][0-9]{6}-[0-9]|[1-9][0-9]{0,7}-[0-9X]|3[0-9]{7}[0-9X]|[1-9][0-9]{6,9}[0-9X]")
_OF_GND = ("d-nb.info", "dnb.de", "dnb.info")
SCHEMES = (
    Scheme(
        "gnd",
        _GND,
        "https://d-nb.info/gnd/{}",
        (*_OF_GND, "lobid.org", "explore.gnd.network"),
        ("gnd", "pnd", "gkd", "swd"),
    ),
    Scheme("viaf", re.compile(r"[1-9][0-9]{0,21}"), "http://viaf.org/viaf/{}", ("viaf.org",), ("viaf",)),
    Scheme(
        "wikidata",
        re.compile(r"Q[1-9][0-9]{0,11}"),
        "http://www.wikidata.org/entity/{}",
        ("wikidata.org", "m.wikidata.org"),
        ("wikidata", "wd"),
    ),
    Scheme(
        "geonames",
        re.compile(r"[1-9][0-9]{0,9}"),
        "https://sws.geonames.org/{}/",
        ("geonames.org", "sws.geonames.org"),
        ("geonames", "geoname"),
    ),
    Scheme(
        "lccn",
        re.compile(r"n[a-z]{0,2}[0-9]{8,10}|sh[0-9]{8,10}"),
        "http://id.loc.gov/authorities/names/{}",
        ("id.loc.gov", "lccn.loc.gov"),
        ("lc", "lccn", "loc"),
    ),
    Scheme(
        "bnf",
        re.compile(r"cb[0-9]{8}[0-9bcdfghjkmnpqrstvwxz]"),
        "https://data.bnf.fr/ark:/12148/{}",
        ("data.bnf.fr", "catalogue.bnf.fr", "ark.bnf.fr", "n2t.net"),
        ("bnf",),
    ),
    Scheme(
        "isni", re.compile(r"[0-9]{15}[0-9X]"), "https://isni.org/isni/{}", ("isni.org", "isni-url.oclc.nl"), ("isni",)
    ),
    Scheme(
        "orcid",
        re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]"),
        "https://orcid.org/{}",
        ("orcid.org",),
        ("orcid",),
    ),
    Scheme("ndl", re.compile(r"[0-9]{8,9}"), "http://id.ndl.go.jp/auth/ndlna/{}", ("id.ndl.go.jp",), ("ndl",)),
    Scheme(
        "idref", re.compile(r"[0-9]{8}[0-9X]"), "http://www.idref.fr/{}/id", ("idref.fr",), ("idref", "sudoc", "ppn")
    ),
    Scheme("tgn", re.compile(r"[0-9]{7}"), "http://vocab.getty.edu/tgn/{}", (), ("tgn",)),
    Scheme("ulan", re.compile(r"[0-9]{9}"), "http://vocab.getty.edu/ulan/{}", (), ("ulan",)),
)
_BY_HOST = {host: scheme for scheme in SCHEMES for host in scheme.hosts}
_BY_NAME = {scheme.name: scheme for scheme in SCHEMES}
_BY_SHORT = {short: scheme for scheme in SCHEMES for short in scheme.short}
_BIOGRAPHY = "deutsche-biographie.de"
_OF_BIOGRAPHY = re.compile(r"/(?:(?:gnd|pnd)(?P<gnd>[0-9X-]+)|(?P<own>sfz[0-9]+))(?:\.html)?/?", re.IGNORECASE)
"""Its entries have the GND's number, older ones a number of its own; ADB and NDB are fragments of one page."""
_OF_SNAC = re.compile(r"/ark:/?99166/(w6[0-9bcdfghjkmnpqrstvwxz]{6})/?")
_SNAC = ("snaccooperative.org", "n2t.net")
_RECORD = re.compile(r"/(?:[a-z]{2}/)?([0-9]{8})(?:/.*)?")
"""data.bnf.fr's short form: the record's number, without what makes it an ARK."""
_NOID = "0123456789bcdfghjkmnpqrstvwxz"
_ADDRESS = re.compile(r"(?:https?:)?//(?:www\.)?([^/?#\s:]+)(?::\d+)?([^\s?#]*)(\?[^\s#]*)?(#\S*)?", re.IGNORECASE)
_NBN = re.compile(r"urn:nbn:(?:de|at|ch):[^\s<>\"]+", re.IGNORECASE)
"""RFC 8458: each country's national library has its own. That of Germany resolves these three."""
_CURIE = re.compile(r"([a-z]+):(?!//)([\w-]+)", re.IGNORECASE)
_PREFERRED = {scheme.name: number for number, scheme in enumerate(SCHEMES)}


def is_address(pointer: str) -> bool:
    """True for an absolute http(s) address."""
    return pointer[:7].lower() == "http://" or pointer[:8].lower() == "https://"


def resolved(pointer: str) -> str:
    """The address of a text or object at which its URN is resolved, where one resolver is appointed; else the pointer as it is."""
    return f"https://nbn-resolving.org/{pointer}" if _NBN.fullmatch(pointer) else pointer


@lru_cache(maxsize=8192)
def recognise(pointer: str) -> tuple[str, str] | None:
    """Scheme and identifier of an authority's address or short form (`gnd:118…`); None for anything else."""
    match = _ADDRESS.fullmatch(pointer)
    if match is None:
        curie = _CURIE.fullmatch(pointer)
        scheme = _BY_SHORT.get(curie[1].lower()) if curie else None
        return (scheme.name, curie[2]) if curie and scheme and scheme.pattern.fullmatch(curie[2]) else None
    host, path = match[1].lower(), match[2]
    scheme = _BY_HOST.get(host)
    if host == "vocab.getty.edu":
        scheme = next((_BY_NAME[name] for name in ("tgn", "ulan") if f"/{name}/" in path), None)
    if host == _BIOGRAPHY:
        entry = _OF_BIOGRAPHY.fullmatch(path)
        number = _segment(_BY_NAME["gnd"], entry["gnd"]) if entry and entry["gnd"] else ""
        return ("gnd", number) if number else None
    if scheme is None or (scheme.name == "gnd" and "/gnd/" not in path.lower()):
        # outside of /gnd/ are titles of the library's catalogue
        return None
    record = _RECORD.fullmatch(path) if host == "data.bnf.fr" else None
    if record is not None:
        return scheme.name, _with_check(f"cb{record[1]}")
    for segment in path.split("/"):
        found = _segment(scheme, segment)
        if found:
            return scheme.name, found
    return None


def _segment(scheme: Scheme, segment: str) -> str:
    for ending in (".html", ".rdf", ".json", ".ttl"):
        segment = segment.removesuffix(ending)
    candidate = segment.upper() if scheme.name in ("gnd", "wikidata", "isni") else segment
    return candidate if scheme.pattern.fullmatch(candidate) else ""


def _with_check(name: str) -> str:
    """A name of an ARK with its check character (J. Kunze, NOID, "Noid check digit algorithm"; the BnF counts from `cb`)."""
    weighed = (place * max(_NOID.find(char), 0) for place, char in enumerate(name, 1))
    return name + _NOID[sum(weighed) % len(_NOID)]


def normalise(pointer: str) -> str:
    """The canonical address of an authority's entity; any other absolute address as it is."""
    pointer = pointer.strip()
    known = recognise(pointer)
    return _address(_BY_NAME[known[0]], known[1]) if known is not None else _one_of_many(pointer)


@lru_cache(maxsize=8192)
def _one_of_many(pointer: str) -> str:
    """The one address for the several that SNAC and the Deutsche Biographie have for an entry; others as they are."""
    match = _ADDRESS.fullmatch(pointer)
    host, path = (match[1].lower(), match[2]) if match else ("", "")
    entry = _OF_BIOGRAPHY.fullmatch(path) if host == _BIOGRAPHY else None
    if entry and entry["own"]:
        return f"https://www.{_BIOGRAPHY}/{entry['own'].lower()}.html"
    name = _OF_SNAC.fullmatch(path) if host in _SNAC else None
    return f"https://snaccooperative.org/ark:/99166/{name[1]}" if name else pointer


def _address(scheme: Scheme, identifier: str) -> str:
    """The canonical address; the Library of Congress has its subjects apart from its names."""
    address = scheme.form.format(identifier)
    is_subject = scheme.name == "lccn" and identifier.startswith("sh")
    return address.replace("/names/", "/subjects/") if is_subject else address


def from_number(kind: str, number: str) -> str:
    """The address that `idno type="VIAF"` with a bare number means; `""` when the type or the number is unknown."""
    scheme = _BY_SHORT.get(kind.strip().lower())
    number = number.strip().replace(" ", "") if scheme and scheme.name == "isni" else number.strip()
    number = number.removeprefix("(DE-588)") if scheme and scheme.name == "gnd" else number
    return _address(scheme, number) if scheme and _segment(scheme, number) == number else ""


@lru_cache(maxsize=8192)
def key(address: str) -> str:
    """The key of somebody known only by an address: `gnd-118816578`, `viaf-…`, else host and path."""
    known = recognise(address)
    if known is not None:
        return slug(f"{known[0]}-{known[1]}")
    return slug(re.sub(r"^https?://(www\.)?", "", _one_of_many(address), flags=re.IGNORECASE))


def preferred(addresses: Iterable[str]) -> list[str]:
    """Addresses in the order in which they should name somebody: authorities as listed above, then others by alphabet."""
    return sorted(set(addresses), key=lambda each: (_PREFERRED.get((recognise(each) or ("", ""))[0], 99), each))


_ROLES = (
    *(
        "person",
        "sender(?:in)?",
        "addressee",
        "recipient",
        "correspondent",
        "author",
        "writer",
        "editor",
        "place",
        "man",
        "woman",
    ),
    *(
        "lady",
        "gentleman",
        "absender(?:in)?",
        "empfänger(?:in)?",
        "adressat(?:in)?",
        "verfasser(?:in)?",
        "schreiber(?:in)?",
    ),
    *(
        "autor(?:in)?",
        "korrespondent(?:in)?",
        "ort",
        "frau",
        "mann",
        "dame",
        "herr",
        "destinataire",
        "expéditeur",
        "expéditrice",
    ),
    *(
        "auteur",
        "personne",
        "femme",
        "homme",
        "lieu",
        "destinatari[oa]",
        "mittente",
        "mottaker",
        "avsender",
        "modtager",
        "afsender",
    ),
)
_ROLE = rf"(?:{'|'.join(_ROLES)})"
_NOBODY = (
    *("unknown", "unkown", "unidentified", "unspecified", "unnamed", "not (?:known|identified|specified|named|given)"),
    *(
        "unbekannte?[rsnm]?",
        "ungenannte?[rsnm]?",
        "nicht (?:ermittelt|bekannt|identifiziert|identifizierbar|angegeben|zu ermitteln)",
    ),
    *(
        "anonym(?:ous|us|e)?",
        r"anon\.?",
        "inconnue?",
        "ukjent",
        "okänd",
        "ukendt",
        "onbekend",
        "ignoto",
        "sconosciut[oa]",
    ),
    *(
        "desconocid[oa]",
        "neznám[ýáé]",
        "nieznan[ya]",
        "ismeretlen",
        "неизвестн[а-я]+",
        "none",
        "null",
        "undefined",
        "tbd",
        "n/a",
    ),
    *("keine angabe", "illegible", "unreadable", "unleserlich"),
    *(r"(?:(?:frau|herrn?|fräulein|mr|mrs|miss|dr|prof)\.? )?n\.? ?n\.?", r"s\.? ?n\.?", r"o\.? ?o\.?", r"s\.? ?l\.?"),
)
_ONE = rf"(?:an? |{_ROLE},? )?(?:{'|'.join(_NOBODY)})(?: {_ROLE})?"
_MANY = rf"(?:diverse[rn]?|verschiedene[rn]?|mehrere|various|several|plusieurs|div\.)(?: {_ROLE}(?:s|innen|en|e)?)?"
_PLACEHOLDER = re.compile(
    rf"\W*(?:(?:an |von |to |from |à |de )?(?:{_ONE}|{_MANY})(?:\W*\([^)]*\))?)?\W*", re.IGNORECASE
)
_SOMEBODY = re.compile(r"\W*(?:(?:[Ee]ine?n?|einer|einem)\s+\w|(?:an?|une?|una|uno|uma?|en|ett?|een)\s+[a-zà-öø-ÿ])")
"""An indefinite article; outside German a small letter after it, or `a Lasco` would be nobody."""
_SEVERAL = re.compile(
    r"\b(?:und|and|et|og|och|en|e|y)\s+[A-ZÄÖÜ]|&"
    r"|\b(?:Familie|Family|Famille|Ehepaar|Eheleute|Mr\.? and Mrs|Geschwister|Brothers|Gebrüder)\b"
)


@lru_cache(maxsize=8192)
def is_placeholder(words: str) -> bool:
    """True for words that stand where nobody is known: `Unknown`, `N.N.`, `?`, `[…]`, nothing."""
    return _PLACEHOLDER.fullmatch(words) is not None


@lru_cache(maxsize=8192)
def is_somebody(words: str) -> bool:
    """True for a description of somebody nobody names: `einen Amtsbruder`, `a friend`. Twice the same words are two people."""
    return _SOMEBODY.match(words) is not None


def is_empty_address(pointer: str) -> bool:
    """True for an address that names nobody: `https://…/unknown`, `viaf/0`, `#`, `.../gnd/`."""
    last = pointer.rstrip("/").rpartition("/")[2].lstrip("#")
    return (
        not last
        or last == "0"
        or (is_placeholder(last) and not last.isdigit())
        or last.rstrip(".").lower() in ("gnd", "viaf.org", "viaf")
    )


@lru_cache(maxsize=8192)
def names_several(words: str) -> bool:
    """True when one name seems to hold a couple, a family or several people."""
    return _SEVERAL.search(words) is not None
