"""The serialisations a document, a dump or a result comes in: one table, used by files, negotiation and clients alike."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One serialisation: short name and file suffix, media type, and a name for people."""

    name: str
    media_type: str
    label: str
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The header's value; text formats say their charset (N-Triples and the XML and JSON ones are UTF-8 by rule)."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


TURTLE = Format("ttl", "text/turtle", "Turtle", ("application/x-turtle", "application/turtle"))
JSON_LD = Format("jsonld", "application/ld+json", "JSON-LD", ("application/json",))
N_TRIPLES = Format("nt", "application/n-triples", "N-Triples", ("text/plain",))
RDF_XML = Format("rdf", "application/rdf+xml", "RDF/XML", ("application/xml", "text/xml"))
TRIG = Format("trig", "application/trig", "TriG")
N_QUADS = Format("nq", "application/n-quads", "N-Quads")
HTML = Format("html", "text/html", "HTML", ("application/xhtml+xml",))

RDF_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
DOCUMENT_FORMATS = (*RDF_FORMATS, HTML)
GRAPH_FORMATS = (*RDF_FORMATS, TRIG, N_QUADS)
"""What a query that makes a graph is answered in."""

JSON_RESULTS = Format("json", "application/sparql-results+json", "SPARQL JSON", ("application/json",))
XML_RESULTS = Format("xml", "application/sparql-results+xml", "SPARQL XML", ("application/xml", "text/xml"))
CSV_RESULTS = Format("csv", "text/csv", "CSV")
TSV_RESULTS = Format("tsv", "text/tab-separated-values", "TSV")
RESULT_FORMATS = (JSON_RESULTS, XML_RESULTS, CSV_RESULTS, TSV_RESULTS)

SPREADSHEET = Format("spreadsheet", "text/csv;profile=spreadsheet", "CSV for spreadsheets")
"""CSV whose cells no spreadsheet takes for a formula. Asked for by name only, never by `Accept`."""

_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fits_xml(text: bytes) -> bool:
    """True for UTF-8 without a character that no XML document can hold, not even escaped (XML 1.0, 2.2)."""
    return len(text.translate(None, _CONTROLS)) == len(text) and not any(each in text for each in _NONCHARACTERS)


def xml_words(words: str) -> str:
    """Words for people with U+FFFD in the place of each such character."""
    return _NOT_IN_XML.sub("\ufffd", words)
