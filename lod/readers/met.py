"""Whom and what the letters name without a register: one node for each, never two people in one.

A pointer decides: register entry, authority, local id. Without one the name as written is the key, within its file only.
Placeholders are nobody twice: one node for each letter and role. What one file met is added to what files before it met.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from zlib import crc32

from lod import authorities
from lod.iris import slug
from lod.model import Event, Link, Name, Organisation, Person, Place, Record, Work
from lod.report import Source

T = TypeVar("T")
NAME_ONLY = "identity-name-only"
PLACEHOLDER = "identity-placeholder"
COUNTRY = "country"


@dataclass(slots=True)
class Met:
    """Somebody or something met: the forms of the name with their counts, addresses of the same, how it is known."""

    path: str
    source: Source
    forms: Counter[str] = field(default_factory=Counter)
    described: Counter[str] = field(default_factory=Counter)
    """What texts call it without naming it: `he`, `the Father` (TEI's `rs`)."""
    same_as: set[str] = field(default_factory=set)
    identity: str = ""
    kind: str = ""
    """For works: `book`, `object` …; for places: `country`."""
    language: str = ""

    def add(self, later: "Met") -> None:
        """What a later file tells of the same."""
        self.forms.update(later.forms)
        self.described.update(later.described)
        self.same_as |= later.same_as
        self.identity = later.identity or self.identity
        self.kind = later.kind if later.kind == COUNTRY else self.kind

    def packed(self) -> "_Packed":
        """As plain values, for another process."""
        source, words = self.source, (dict(self.forms), dict(self.described))
        return self.path, source.file, source.line, words, self.same_as, self.identity, self.kind, self.language


_Packed = tuple[str, str, int, tuple[dict[str, int], dict[str, int]], set[str], str, str, str]


@dataclass(slots=True)
class Counted:
    """Whose names were counted while something was read, each name as often as it was counted."""

    forms: list[tuple[Counter[str], str]] = field(default_factory=list)
    of_one_letter: bool = False
    """True when somebody was among them who is met in one letter only, whatever others write."""


class Encounters:
    """All that was met in a file, or in an edition. `taken`: names that files before it took keys for, by path."""

    def __init__(self, taken: Mapping[str, str] | None = None) -> None:
        self.found: dict[str, Met] = {}
        self._named: dict[tuple[str, str, str], str] = {}
        self._taken: dict[str, str] = dict(taken or {})
        self._watching: list[Counted] = []

    # ------------------------------------------------------------------ counting
    def watched(self, read: Callable[[], T]) -> tuple[T, Counted]:
        """What `read` gives, and whom it meets."""
        counted = Counted()
        self._watching.append(counted)
        try:
            return read(), counted
        finally:
            self._watching.pop()

    def again(self, counted: Counted) -> None:
        """The same are met once more, under the same names."""
        for forms, form in counted.forms:
            forms[form] += 1
        for watching in self._watching:
            watching.forms += counted.forms

    def _count(self, forms: Counter[str], form: str) -> None:
        forms[form] += 1
        for counted in self._watching:
            counted.forms.append((forms, form))

    def _only_here(self) -> None:
        for counted in self._watching:
            counted.of_one_letter = True

    # ------------------------------------------------------------------ files
    def add(self, other: "Encounters") -> None:
        """What a later file met. Whoever was met first says where; all forms and addresses count."""
        for path, met in other.found.items():
            known = self.found.get(path)
            if known is None:
                self.found[path] = met
            else:
                known.add(met)
        for path, form in other._taken.items():
            self._taken.setdefault(path, form)

    def clashes(self, other: "Encounters") -> dict[str, str]:
        """Paths that a later file gave to one name and this one to another, with the name that has it here."""
        return {path: self._taken[path] for path, form in other._taken.items() if self._taken.get(path, form) != form}

    def __reduce__(self) -> tuple[object, ...]:
        return _unpacked, ([met.packed() for met in self.found.values()], self._taken)

    # ------------------------------------------------------------------ who is met
    def by_pointer(
        self,
        kind: str,
        key: str,
        form: str,
        source: Source,
        same_as: tuple[str, ...] = (),
        sort: str = "",
        *,
        described: bool = False,
    ) -> str:
        """The path of somebody with a key of their own. `same_as`: addresses of authorities; `described`: not named."""
        path = f"{kind}/{key}"
        met = self._entry(path, source, sort)
        if form:
            self._count(met.described if described else met.forms, form)
        met.same_as.update(same_as)
        return path

    def by_name(self, kind: str, form: str, file: str, source: Source, *, letter: str = "", apart: bool = False) -> str:
        """The path of somebody known only by a name: one node for each name and file, or one for each letter (`apart`)."""
        scope = f"{file}-{letter}" if apart and letter else file
        if scope != file:
            self._only_here()
        known = self._named.get((kind, scope, form))
        if known is None:
            known = self._named[kind, scope, form] = self._free(f"{kind}/{slug(f'{scope} {form}')}", form)
        met = self._entry(known, source)
        met.identity = NAME_ONLY
        self._count(met.forms, form)
        return known

    def is_country(self, path: str) -> None:
        """Whose nationality it is said to be is a country, when no register tells of it."""
        if path in self.found:
            self.found[path].kind = COUNTRY

    def placeholder(self, kind: str, form: str, letter: str, role: str, source: Source) -> str:
        """The path of somebody not known at all, in one letter and role."""
        path = f"{kind}/{letter}-{role}"
        met = self._entry(path, source)
        met.identity = PLACEHOLDER
        self._count(met.forms, form)
        self._only_here()
        return path

    def _entry(self, path: str, source: Source, kind: str = "") -> Met:
        met = self.found.get(path)
        if met is None:
            met = self.found[path] = Met(path, source, kind=kind)
        return met

    def _free(self, path: str, form: str) -> str:
        """Another name with the same key takes a fingerprint of its own words."""
        first = self._taken.setdefault(path, form)
        return path if first == form and not path.endswith("/") else f"{path.rstrip('-')}-{crc32(form.encode()):08x}"

    def records(self) -> list[Record]:
        """What was met, as records, in the order of their paths."""
        return [_record(met) for _, met in sorted(self.found.items())]


def _unpacked(found: list[_Packed], taken: dict[str, str]) -> Encounters:
    encounters = Encounters(taken)
    for path, file, line, words, same_as, identity, kind, language in found:
        forms, described = map(Counter, words)
        encounters.found[path] = Met(path, Source(file, line), forms, described, same_as, identity, kind, language)
    return encounters


def _record(met: Met) -> Record:
    kind, _, key = met.path.partition("/")
    forms = _by_frequency(met.forms) or _by_frequency(met.described)[:1] or [key]
    descriptive = met.identity == PLACEHOLDER or not met.forms
    names = [Name(forms[0], "descriptive" if descriptive else "preferred", met.language)]
    names += [Name(form, "variant", met.language) for form in forms[1:] if not descriptive]
    links = tuple(Link(address) for address in sorted(met.same_as))
    match kind:
        case "person":
            return Person(key, met.source, tuple(names), same_as=links, identity=met.identity)
        case "organisation":
            return Organisation(key, met.source, tuple(names), same_as=links, identity=met.identity)
        case "place":
            return Place(key, met.source, tuple(names), met.kind, same_as=links, identity=met.identity)
        case "event":
            return Event(met.path, met.source, met.kind or "event", forms[0], same_as=links)
        case _:
            titles = tuple(
                Name(name.text, "preferred" if not number else "variant") for number, name in enumerate(names)
            )
            return Work(key, met.source, met.kind or "work", titles, same_as=links)


def _by_frequency(forms: Counter[str]) -> list[str]:
    return sorted(forms, key=lambda form: (-forms[form], form))


class Unions:
    """Pointers that name the same thing because one element holds several: union-find over normalised pointers."""

    def __init__(self) -> None:
        self._parent: dict[tuple[str, str], str] = {}
        self._groups: dict[tuple[str, str], list[str]] = {}

    def join(self, kind: str, pointers: list[str]) -> None:
        """Say that these name one thing."""
        roots = [self._root(kind, pointer) for pointer in pointers]
        first = min(roots)
        for root in roots:
            self._parent[kind, root] = first

    def settle(self) -> None:
        """All are joined: gather the groups."""
        for kind, pointer in list(self._parent):
            self._groups.setdefault((kind, self._root(kind, pointer)), []).append(pointer)
        for key, group in self._groups.items():
            self._groups[key] = authorities.preferred(group)

    def of(self, kind: str, pointer: str) -> tuple[str, ...]:
        """All pointers that name the same thing, this one included; authorities first."""
        if (kind, pointer) not in self._parent:
            return (pointer,)
        return tuple(self._groups[kind, self._root(kind, pointer)])

    def _root(self, kind: str, pointer: str) -> str:
        path = []
        self._parent.setdefault((kind, pointer), pointer)
        while self._parent[kind, pointer] != pointer:
            path.append(pointer)
            pointer = self._parent[kind, pointer]
        for step in path:
            self._parent[kind, step] = pointer
        return pointer
