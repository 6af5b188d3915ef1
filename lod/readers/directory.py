"""What the edition holds: every entry of every file by its id, so that a pointer leads somewhere or is a finding.

Made of all files' tables of contents before any record is read; from then on nothing in it changes. A pointer may be an IRI
of ours, an authority's address in any of its forms, `#id`, `file.xml#id`, a bare id, or a short form that the file's
`prefixDef` spells out.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from hashlib import blake2b

from lod import authorities
from lod.config import Edition, SourceFile
from lod.iris import slug
from lod.readers.contents import Contents, Entry
from lod.readers.keys import Keys
from lod.readers.met import Unions
from lod.report import Report, Source

_GROUPS = re.compile(r"\$(\d)")
_LETTER = "letter/"


class PointerForms(ABC):
    """How pointers are read: the forms they come in, in the one form that compares."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.prefixes: dict[str, list[tuple[str, re.Pattern[str], str]]] = {}

    @abstractmethod
    def identified(self, file: str, identifier: str) -> str:
        """The path of the entry with this id, in this file or else in any; `""` for none."""

    def is_own(self, pointer: str) -> bool:
        """True for an IRI below the edition's base."""
        return pointer.startswith(self.edition.base)

    def spelt_out(self, pointers: Iterable[str], file: str) -> list[str]:
        """Pointers as written, each once, short forms spelt out as the file says."""
        return list(dict.fromkeys(self._spelt_out(pointer, file) for pointer in pointers))

    def _spelt_out(self, pointer: str, file: str) -> str:
        known = self.prefixes.get(file)
        if not known:
            return pointer
        prefix, colon, rest = pointer.partition(":")
        if colon and not rest.startswith("//"):
            for ident, pattern, replacement in known:
                match = pattern.fullmatch(rest) if ident == prefix else None
                if match:
                    try:
                        return match.expand(replacement)
                    except (re.error, IndexError):
                        return pointer
        return pointer

    def groups(self, pointers: list[str], file: str) -> list[list[str]]:
        """Pointers in groups that name one thing each: addresses of different authorities and one local id go together."""
        groups: list[list[str]] = []
        for pointer in pointers:
            token = self.token(pointer, file)
            scheme = _scheme(token)
            fitting = next((group for group in groups if all(_scheme(each) != scheme for each in group)), None)
            if any(token in group for group in groups):
                continue
            if fitting is None:
                groups.append([token])
            else:
                fitting.append(token)
        return groups

    def token(self, pointer: str, file: str) -> str:
        """A pointer in the one form that compares: a path, a canonical address, or `local:` and an id."""
        own = self.own(pointer, file)
        if own:
            return own
        if authorities.is_address(pointer) or authorities.recognise(pointer):
            return authorities.normalise(pointer)
        return f"local:{pointer.rpartition('#')[2]}"

    def own(self, pointer: str, file: str) -> str:
        """The path that an IRI of ours or a local id stands for; `""` for another pointer."""
        if self.is_own(pointer):
            return pointer.removeprefix(self.edition.base)
        if "://" in pointer:
            return ""
        other, _, identifier = pointer.rpartition("#")
        return self.identified(other or file, identifier)


class Paths(Mapping[str, Source]):
    """Every path that exists, and where it is told. Those of letters are not held: their keys know them."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._things: dict[str, Source] = {}

    def __getitem__(self, path: str) -> Source:
        found = self._things.get(path)
        if found is None and path.startswith(_LETTER):
            found = self._keys.find(path.removeprefix(_LETTER))
        if found is None:
            raise KeyError(path)
        return found

    def __setitem__(self, path: str, source: Source) -> None:
        self._things[path] = source

    def setdefault(self, path: str, source: Source) -> Source:
        """Where a path is told: as it is known, else at `source`."""
        known = self.get(path)
        if known is None:
            known = self._things[path] = source
        return known

    def __iter__(self) -> Iterator[str]:
        yield from self._things
        yield from (path for key in self._keys if (path := f"{_LETTER}{key}") not in self._things)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Directory(PointerForms):
    """Pointers of one edition to paths."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(edition)
        self.keys = Keys()
        self.paths = Paths(self.keys)
        self._unions = Unions()
        self._passing: set[str] = set()
        self._named: dict[str, str] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._anywhere: dict[str, str] = {}
        self._rows: dict[str, str] = {}
        self._authorities: dict[str, str] = {}
        self._digest = ""

    # ------------------------------------------------------------------ building
    def take(self, found: Contents, source: SourceFile, report: Report) -> None:
        """Enter what a file holds."""
        report.extend(found.findings)
        for ident, pattern, replacement in found.prefixes:
            try:
                compiled = re.compile(pattern)
            except re.error:
                continue
            spelt = _GROUPS.sub(r"\\\1", replacement)
            self.prefixes.setdefault(source.file, []).append((ident, compiled, spelt))
        self.keys.propose(source, found.letters)
        for entry in found.entries:
            self._take_entry(entry, source, report)

    def settle(self, files: Iterable[tuple[SourceFile, Contents]], report: Report) -> None:
        """Give every letter its key and every name its pointers, once all files are taken."""
        self.keys.settle(self.edition, report)
        for number, (source, found) in enumerate(files):
            keys = self.keys.of(number).others if found.holdings and found.readable else {}
            for letter, path, line in found.holdings if found.readable else ():
                if letter not in keys or not keys[letter].left_out:
                    self.paths.setdefault(path, Source(source.file, line))
            for kind, written in found.unions:
                for group in self.groups(self.spelt_out(written, source.file), source.file):
                    if len(group) > 1:
                        self._unions.join(kind, group)
        self._unions.settle()

    def _take_entry(self, entry: Entry, source: SourceFile, report: Report) -> None:
        path, told = entry.path, Source(source.file, entry.line)
        self._ids[source.file, entry.identifier] = path
        known = self._anywhere.setdefault(entry.identifier, path)
        if source.format == "table":
            self._rows.setdefault(entry.identifier, path)
        if source.format == "registers" and path in self._passing:
            # what letters repeat of an entry gives way to the register
            self._passing.discard(path)
            self.paths[path] = told
        elif source.format == "tei" and known == path and path not in self.paths:
            self._passing.add(path)
            self.paths[path] = told
        elif source.format != "tei":
            self._enter(path, entry.identifier, told, report)
        for address in entry.addresses:
            self._authorities.setdefault(address, path)

    def _enter(self, path: str, identifier: str, source: Source, report: Report) -> None:
        first, named = self.paths.setdefault(path, source), self._named.setdefault(path, identifier)
        kind, _, key = path.partition("/")
        twice = (first, named) != (source, identifier) and not key.partition("/")[2].startswith(
            ("birth", "death", "formation", "dissolution")
        )
        if twice:
            report.error(
                "key-twice", f"'{key}' already names a {kind} at {first}", source, path, "one of them needs another key"
            )

    # ------------------------------------------------------------------ asking
    def identified(self, file: str, identifier: str) -> str:
        """The path of the entry with this id, in this file or else in any; `""` for none.

        Ids of tables are keys, made of what a cell says: `P2`, `p2` and `P 2` are one row.
        """
        found = self._ids.get((file, identifier)) or self._anywhere.get(identifier, "")
        return found or (self._rows.get(slug(identifier), "") if self._rows else "")

    def known(self, token: str) -> str:
        """The path of a token that an entry, or an entry's authority, stands for; `""` for none."""
        return token if token in self.paths else self._authorities.get(token, "")

    def same(self, kind: str, token: str) -> tuple[str, ...]:
        """All pointers that name the same thing of a kind, this one included; authorities first."""
        return self._unions.of(kind, token)

    def near(self, path: str) -> str:
        """The path most like one that does not exist; `""` when none is like it."""
        return next(iter(get_close_matches(path, self.paths, 1, 0.75)), "")

    def digest(self) -> str:
        """A checksum of all paths."""
        if not self._digest:
            digest = blake2b(digest_size=16)
            for path in self.paths:
                digest.update(f"{path}\n".encode())
            self._digest = digest.hexdigest()
        return self._digest


def _scheme(token: str) -> str:
    known = authorities.recognise(token)
    return known[0] if known else ("local" if "://" not in token else token.split("/")[2])
