"""RDF terms as the strings N-Triples writes: the cheapest form that can be written, compared and sorted.

There is no constructor for a blank node and `Triple` has no place for one: the type checker refuses it.
"""

import re
from collections.abc import Iterable
from typing import NewType, cast

Iri = NewType("Iri", str)
"""`<https://w3id.org/serge-trotsky/person/serge>`, brackets included."""

Literal = NewType("Literal", str)
"""`"Brussels"@en` or `"1936"^^<http://www.w3.org/2001/XMLSchema#gYear>`."""

Node = Iri | Literal
Triple = tuple[Iri, Iri, Node]

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPES |= {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F) if chr(code) not in _ESCAPES}
_TO_ESCAPE = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
_PLANE_ENDS = "".join(chr(plane * 0x10000 + last) for plane in range(1, 15) for last in (0xFFFE, 0xFFFF))
_NOT_IN_IRI = re.compile(
    r'%(?![0-9A-Fa-f]{2})|[\x00-\x20<>"{}|^`\\\[\]\x7f-\xa0\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff'
    + _PLANE_ENDS
    + "]"
)
"""What RFC 3987 keeps out of an IRI: delimiters, controls, private use, code points that are no characters."""
_PLAIN_IRI = re.compile(r"[A-Za-z0-9:/?#@!$&'()*+,;=._~-]*")
"""Nearly every address: told faster than what must not stand there is searched for."""


def iri(address: str) -> Iri:
    """The term of an absolute IRI. Characters that no IRI may hold are percent-encoded, so that the result parses."""
    if not _PLAIN_IRI.fullmatch(address) and _NOT_IN_IRI.search(address):
        address = _NOT_IN_IRI.sub(_percent, address)
    return Iri(f"<{address}>")


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


def address(term: Iri) -> str:
    """The IRI without its brackets."""
    return term[1:-1]


def escape(value: str) -> str:
    """`value` as it stands between the quotes of a literal."""
    if (
        value.isprintable() and '"' not in value and "\\" not in value
    ):  # nearly always, and seen faster than searched for
        return value
    return _TO_ESCAPE.sub(lambda match: _ESCAPES[match[0]], value) if _TO_ESCAPE.search(value) else value


def text(value: str, language: str = "") -> Literal:
    """A plain literal, or one with a language tag in lower case (stores rewrite tags otherwise)."""
    return Literal(f'"{escape(value)}"@{language.lower()}' if language else f'"{escape(value)}"')


def typed(value: str, datatype: Iri) -> Literal:
    """A literal with a datatype."""
    return Literal(f'"{escape(value)}"^^{datatype}')


_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^<>]*)>)?', re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def value(literal: Literal) -> tuple[str, str, str]:
    """Text, language tag and address of the datatype of a literal; tag and datatype are `""` when there is none."""
    match = _LITERAL.fullmatch(literal)
    if match is None:
        raise ValueError(f"{literal}: no literal as N-Triples writes it")
    words = _ESCAPED.sub(_unescaped, match[1]) if "\\" in match[1] else match[1]
    return words, match[2] or "", match[3] or ""


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(match[3], match[3])


def n_triples(triple: Triple) -> str:
    """One line of N-Triples, line end included."""
    return f"{triple[0]} {triple[1]} {triple[2]} .\n"


def lines(triples: Iterable[Triple]) -> str:
    """The same for several triples: a line for each different one, in the order in which they come first."""
    return " .\n".join([*map(" ".join, dict.fromkeys(triples)), ""])


def triples(lines: str) -> list[Triple]:
    """The triples of lines that `n_triples` wrote. It is no parser: nothing else is understood."""
    return cast("list[Triple]", [tuple(line.split(" ", 2)) for line in lines.split(" .\n")[:-1]])
