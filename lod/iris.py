"""Every IRI an edition mints comes from here. A path is the part after the base: `letter/12/writing`."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote

from anyascii import anyascii

from lod.terms import Iri, address, iri

KINDS = (
    "letter",
    "document",
    "person",
    "organisation",
    "place",
    "event",
    "work",
    "holding",
    "correspondence",
    "type",
    "language",
)
"""The kinds of things, in the order in which a dump tells of them."""

_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_NOT_IN_PATH = re.compile(r"""[\x00-\x20"#%<>?\[\\\]^`{|}\x7f]""")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@lru_cache(maxsize=16384)
def slug(words: str) -> str:
    """A key made from words: composed, transliterated, lower case, `[a-z0-9-]`; `""` when nothing is left."""
    return _NOT_IN_KEY.sub("-", anyascii(unicodedata.normalize("NFC", words)).lower()).strip("-")


def is_key(key: str) -> bool:
    """True for what may stand in an IRI as it is."""
    return _KEY.fullmatch(key) is not None


def owner(path: str) -> str:
    """The path of the thing whose document describes `path`: of a part its owner, of a record its thing."""
    pieces = path.split("/", 2)
    if len(pieces) == 1:
        return path
    return f"{pieces[0]}/{pieces[1].removesuffix('.ttl')}" if len(pieces) == 2 else f"{pieces[0]}/{pieces[1]}"


def source_path(file: str) -> str:
    """The path of a source file: its name, with what no path may hold (blanks, `#`, `%` …) percent-encoded."""
    return "source/" + _NOT_IN_PATH.sub(lambda found: quote(found[0], safe=""), file)


def source_file(path: str) -> str:
    """The name of the file that a path made by `source_path` stands for."""
    return unquote(path.removeprefix("source/"))


class Iris:
    """Mints the IRIs of one edition from its base."""

    __slots__ = ("_start", "base")

    def __init__(self, base: str) -> None:
        self.base = base
        self._start = f"<{base}"

    def of(self, path: str) -> Iri:
        """The IRI of a path whose segments are keys already."""
        return Iri(f"{self._start}{path}>")

    def record(self, path: str) -> Iri:
        """The IRI of the record about a thing, the same in every format."""
        return Iri(f"{self._start}{path}.ttl>")

    def node(self, path_or_address: str) -> Iri:
        """The IRI of a path of ours, or of an absolute address of somebody else's."""
        return iri(path_or_address) if "://" in path_or_address else self.of(path_or_address)

    def path(self, term: Iri) -> str:
        """The path of an IRI of ours, `""` for anybody else's."""
        return address(term)[len(self.base) :] if term.startswith(self._start) else ""
