"""What columns are called in German, French and English: a small table of words, for guesses that an editor goes through.

Compared without signs, blanks, accents and case: `Lieu d'expédition`, `lieu_d_expedition`; `Empfänger`, `Empfaenger`.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import product

_BODY = {
    "id": ("id", "kennung", "nr", "nummer", "schlüssel", "numéro", "no", "identifiant", "number", "identifier"),
    "name": ("name", "nom", "vollständiger name", "nom complet", "full name", "titel", "titre", "title", "label"),
    "otherNames": ("weitere namen", "namensvarianten", "varianten", "autres noms", "variantes", "variants", "other names"),
    "uri": ("uri", "gnd", "gnd-id", "gnd-nummer", "viaf", "wikidata", "geonames", "idref", "bnf", "isni", "url", "normdaten"),
    "note": ("bemerkung", "bemerkungen", "anmerkung", "anmerkungen", "kommentar", "notiz", "notizen", "remarque",
             "remarques", "commentaire", "note", "notes", "remark", "remarks", "comment", "comments"),
}  # fmt: skip
_LETTERS = {
    "key": ("briefnummer", "brief-nr", "brief-id", "nummer", "nr", "lfd. nr", "laufende nummer", "id", "kennung",
            "numéro de lettre", "numéro", "no", "n°", "letter number", "number", "letter id", "identifiant"),
    "edition": ("druckort", "gedruckt in", "édition", "publié dans", "printed in", "published in"),
    "ref": ("url", "link", "webadresse", "lien", "address on the web"),
    "type": ("briefart", "dokumenttyp", "dokumentart", "typ", "art", "type de document", "genre", "document type", "kind"),
    "language": ("sprache", "briefsprache", "langue", "language"),
    "sender": ("absender", "absenderin", "absender/innen", "verfasser", "verfasserin", "schreiber", "schreiberin", "autor",
               "autorin", "von", "expéditeur", "expéditrice", "auteur", "de", "sender", "writer", "author", "from"),
    "senderPlace": ("absendeort", "absenderort", "ort des absenders", "schreibort", "entstehungsort", "ausstellungsort",
                    "lieu d'expédition", "lieu d'envoi", "lieu d'écriture", "place of sending", "place sent", "sent from",
                    "ort", "lieu", "place"),
    "senderDate": ("absendedatum", "briefdatum", "schreibdatum", "datum", "datierung", "date d'expédition", "date d'envoi",
                   "date de la lettre", "date", "date sent", "sent"),
    "addressee": ("empfänger", "empfängerin", "empfänger/innen", "adressat", "adressatin", "an", "destinataire", "à",
                  "addressee", "recipient", "receiver", "to"),
    "addresseePlace": ("empfangsort", "empfängerort", "ort des empfängers", "adressort", "zielort", "bestimmungsort",
                       "lieu de destination", "lieu de réception", "destination", "place of receipt", "sent to"),
    "addresseeDate": ("empfangsdatum", "eingangsdatum", "date de réception", "date received", "received"),
    "page": ("seite", "seiten", "pages"),
    "repository": ("archiv", "aufbewahrungsort", "standort", "besitzende institution", "institution", "dépôt",
                   "lieu de conservation", "archive", "held at"),
    "shelfmark": ("signatur", "archivsignatur", "cote", "shelf mark", "call number"),
    "note": _BODY["note"],
}  # fmt: skip
_LIVES = {
    "sex": ("geschlecht", "sexe", "gender"),
    "birth": ("geburtsdatum", "geburtsjahr", "geboren", "geb.", "date de naissance", "naissance", "né", "date of birth", "born"),
    "birthPlace": ("geburtsort", "lieu de naissance", "place of birth"),
    "death": ("sterbedatum", "todesdatum", "sterbejahr", "todesjahr", "gestorben", "gest.", "date de décès", "date de mort",
              "décès", "mort", "date of death", "died"),
    "deathPlace": ("sterbeort", "todesort", "lieu de décès", "lieu de mort", "place of death"),
    "occupation": ("beruf", "berufe", "tätigkeit", "profession", "métier"),
    "place": ("wohnort", "lieu de résidence", "residence"),
}  # fmt: skip
_PLACES = {
    "latitude": ("breite", "breitengrad", "geographische breite", "lat"),
    "longitude": ("länge", "längengrad", "geographische länge", "lon", "lng", "long"),
    "within": ("land", "region", "pays", "country"),
}
_WORKS = {
    "author": ("autor", "autorin", "verfasser", "auteur"),
    "date": ("datum", "jahr", "erscheinungsjahr", "année", "year"),
    "place": ("erscheinungsort", "verlagsort", "lieu de publication", "place of publication"),
}
_EVENTS = {"date": ("datum", "zeit", "jahr", "année", "year"), "place": ("ort", "lieu", "location")}
_BODIES = {"place": ("sitz", "ort", "siège", "lieu", "seat"), "within": ("teil von", "partie de", "part of")}
_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "letters": _LETTERS,
    "persons": {**_BODY, **_LIVES},
    "places": {**_BODY, **_PLACES},
    "organisations": {**_BODY, **_BODIES},
    "events": {**_BODY, **_EVENTS},
    "works": {**_BODY, **_WORKS},
}
"""For each sort of rows and each of our columns what others call it, best first."""
_POINTERS = (
    "id",
    "gnd",
    "gndid",
    "gndnummer",
    "viaf",
    "wikidata",
    "geonames",
    "idref",
    "bnf",
    "isni",
    "uri",
    "url",
    "norm",
)
"""What stands beside the name of a column with names when another holds pointers: `Absender GND`."""


def plain(column: str) -> str:
    """The name of a column as it is compared."""
    letters = unicodedata.normalize("NFD", column.replace("ß", "ss").casefold())
    found = "".join(letter for letter in letters if letter.isalnum())
    return found.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def forms(name: str, sort: str) -> Iterator[str]:
    """What a column of ours may be called, as it is compared, best first."""
    words = _WORDS[sort]
    yield from map(plain, words.get(name, ()))
    about = name.removesuffix("ID")
    if about != name:
        for word, pointer in product((about, *words.get(about, ())), _POINTERS):
            yield from (plain(f"{word}{pointer}"), plain(f"{pointer}{word}"))
