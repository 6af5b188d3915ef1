"""A look at a query before anything evaluates it: no federation, no updates, no foreign graphs, no absurd shapes.

It reads tokens, not grammar. Where `<` might begin an IRI or mean "less than" and the two readings could hide a keyword
from us, it refuses. The evaluator has no sockets either; this gives a clear message, and guards remote stores.
"""

import re
from dataclasses import dataclass, field

from lod.store.answers import QUERY_BYTES, Federation, Malformed, Refusal, TooComplex, TooLong, Update

DEPTH = 100
"""Most brackets open at once."""

CHAIN = 500
"""Most operators on one level of brackets."""

TOKEN = re.compile(
    r"""
    (?P<space>[\s]+|\#[^\r\n]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*+\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*+'{3}
             | "(?:[^"\\\r\n]|\\[^\r\n])*+" | '(?:[^'\\\r\n]|\\[^\r\n])*+')
  | (?P<variable>[?$]\w+)
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:_|[^\W\d_][\w.-]*+)?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)?(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*)
  | (?P<number>[+-]?\d[\w.]*(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<open>[({\[])
  | (?P<close>[)}\]])
  | (?P<operator>\|\||&&|!=|<=|>=|\^\^|[-+*/|^!=<>?])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""Tokens of SPARQL, roughly: every text is cut into some, whatever it is."""

_SUSPECT = (
    r"\U",
    "SERVICE",
    "FROM",
    "INSERT",
    "DELETE",
    "LOAD",
    "CLEAR",
    "DROP",
    "CREATE",
    "ADD",
    "MOVE",
    "COPY",
    "WITH",
)
_CHAINING = (*"-+*/|^!=<>?&", "UNION", "OPTIONAL", "MINUS")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE = re.compile(r"service", re.IGNORECASE)
_QUERY_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_CHAINING_WORDS = frozenset({"UNION", "OPTIONAL", "MINUS"})
_OPERANDS = frozenset({"iri", "string", "variable", "tag", "name", "number", "close"})
_QUOTES = ("'", '"', "''", '""')
"""Tokens that begin like a string which goes on, if its end was found."""
_RUN = re.compile(r"[\w.-]*")
_VAIN = 400_000
"""Most characters looked at in vain, for a colon that makes a name or a sign that ends a string: each may be looked for up to the end
of the text, from every place in it."""
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_LOCAL_SCHEMES = ("http:", "https:", "urn:", "tag:")


def scan(text: str) -> Refusal | None:
    """Why this text is not even tried, or `None`. Costs well under a millisecond for usual queries."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > QUERY_BYTES:
        return TooLong(f"The query has {size:,} bytes; at most {QUERY_BYTES:,} are taken.")
    if not text.strip():
        return Malformed("The query is empty.", 1, 1)
    return None if plain(text.upper()) else by_tokens(text)


def by_tokens(text: str) -> Refusal | None:
    """The careful look."""
    unescaped = unescape(text)
    # Evaluators differ on whether escapes count before or after tokens are cut: both readings must be harmless.
    return _Scanner(text).run() or (_Scanner(unescaped).run() if unescaped != text else None)


def plain(upper: str) -> bool:
    """True when the tokens need no look: no word that any refusal begins with, and too few signs for the others."""
    for word in _SUSPECT:
        if word in upper:
            return False
    return sum(map(upper.count, "({[")) <= DEPTH and sum(map(upper.count, _CHAINING)) <= CHAIN


def unescape(text: str) -> str:
    """The text with its `\\u` escapes resolved."""
    return _ESCAPE.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - text.rfind("\n", 0, offset)


@dataclass(slots=True)
class _Scanner:
    text: str
    chains: list[int] = field(default_factory=lambda: [0])
    brackets: list[str] = field(default_factory=lambda: [""])
    before: str = ""
    """Kind of the token before."""
    from_clause: bool = False
    form: str = ""
    """`SELECT` and the like, once met."""
    vain: int = 0
    """Characters looked at in vain."""

    def run(self) -> Refusal | None:
        for match in TOKEN.finditer(self.text):
            kind = match.lastgroup or ""
            if kind == "space":
                continue
            refusal = self.token(kind, match) or self.sought(kind, match)
            if refusal is not None:
                return refusal
            self.before = kind
        return None

    def token(self, kind: str, match: re.Match[str]) -> Refusal | None:
        if kind == "open":
            return self.opened(match)
        if kind == "close":
            if len(self.chains) > 1:
                self.chains.pop()
                self.brackets.pop()
        elif kind == "operator" or (kind == "number" and self.adds(match)):
            return self.linked(match)
        elif kind == "word":
            return self.word(match)
        elif kind == "iri":
            return self.iri(match)
        if kind != "iri":
            self.from_clause = False
        return None

    def sought(self, kind: str, match: re.Match[str]) -> Refusal | None:
        """Count what was looked at before this token was known not to be a longer one."""
        begin = match.start()
        if kind == "word":
            self.vain += _RUN.match(self.text, begin).end() - begin  # type: ignore[union-attr]
        elif match[0] in _QUOTES:
            self.vain += self.unclosed(begin, match[0])
        if self.vain <= _VAIN:
            return None
        line, column = position(self.text, begin)
        return TooComplex(
            f"Too many words without a space or strings without an end, up to line {line}, column {column}."
        )

    def unclosed(self, begin: int, quotes: str) -> int:
        """How far the end of a string was looked for, of a long one that would begin with these quotes or of a short one."""
        rest = len(self.text) - begin
        if self.text.startswith(quotes[0] * 3, begin):
            return rest
        end = self.text.find("\n", begin) if len(quotes) == 1 else begin
        return end - begin if end >= 0 else rest

    def opened(self, match: re.Match[str]) -> Refusal | None:
        self.chains.append(0)
        self.brackets.append(match[0])
        if len(self.chains) - 1 > DEPTH:
            line, column = position(self.text, match.start())
            return TooComplex(f"Brackets are nested more than {DEPTH} deep at line {line}, column {column}.")
        return None

    def adds(self, match: re.Match[str]) -> bool:
        """True for the `+1` of `2+1`; not for the signed numbers of VALUES."""
        return match[0][0] in "+-" and self.brackets[-1] == "(" and self.before in _OPERANDS

    def linked(self, match: re.Match[str]) -> Refusal | None:
        self.chains[-1] += 1
        if self.chains[-1] > CHAIN:
            line, column = position(self.text, match.start())
            return TooComplex(
                f"More than {CHAIN} operators in one group, up to line {line}, column {column}: use IN or VALUES."
            )
        return None

    def word(self, match: re.Match[str]) -> Refusal | None:
        word = match[0].upper()
        if word == "SERVICE":
            return self.federation(match.start())
        if not self.form:
            if word in _UPDATES:
                line, column = position(self.text, match.start())
                return Update(
                    f"{word} at line {line}, column {column}: this endpoint answers queries, it changes nothing."
                )
            if word in _QUERY_FORMS:
                self.form = word
        # NAMED stands between FROM and the IRI.
        self.from_clause = word == "FROM" or (self.from_clause and word == "NAMED")
        return self.linked(match) if word in _CHAINING_WORDS else None

    def iri(self, match: re.Match[str]) -> Refusal | None:
        if self.from_clause:
            self.from_clause = False
            if _SCHEME.match(match[0]) and not match[0][1:].lower().startswith(_LOCAL_SCHEMES):
                line, column = position(self.text, match.start())
                return Federation(
                    f"FROM {match[0]} at line {line}, column {column}: only graphs held here can be named.",
                    line,
                    column,
                )
        # "?a<'>')SERVICE…": an IRI for us, a comparison for the evaluator. Refuse when a SERVICE could profit from it.
        ambiguous = self.brackets[-1] == "(" and self.before in _OPERANDS and any(c in match[0] for c in "'#()[]")
        if ambiguous and _SERVICE.search(self.text):
            return self.federation(match.start())
        return None

    def federation(self, offset: int) -> Federation:
        line, column = position(self.text, offset)
        return Federation(
            f"SERVICE at line {line}, column {column}: this endpoint asks no other endpoint. "
            "Send each endpoint its own query, or federate on your side.",
            line,
            column,
        )
