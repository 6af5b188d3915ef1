"""Keys of letters: the source's own; longer only where two letters share one; remembered where the source gives none.

What is remembered, and how letters are found again: `remembered`.
"""

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import parse_qsl, urlsplit

from lod import withdrawn
from lod.config import Edition, SourceFile
from lod.iris import is_key, slug
from lod.readers.files import Description
from lod.readers.parse import TEI, XML, Element, line
from lod.readers.places import Places
from lod.readers.remembered import Row, pairs, read_ids
from lod.readers.renamed import Letter, Renamed
from lod.readers.sayings import Said, Sayings, digest
from lod.readers.sharing import Candidate, hashed, mark_twins, settle
from lod.readers.xml import words
from lod.report import Report, Source

_ID = f"{XML}id"
_TELLING = ("when", "from", "to", "notBefore", "notAfter", "ref")
_UUID = re.compile(r"[0-9a-f-]{30,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileKeys(Collection[Letter]):
    """The keys of the letters in a file, in its order. `others`: by number, those that are not simply the ones given."""

    said: Sayings
    others: Mapping[int, Letter]

    def __iter__(self) -> Iterator[Letter]:
        for number, said in enumerate(self.said):
            yield self.others.get(number) or Letter(said.given)

    def __len__(self) -> int:
        return len(self.said)

    def __contains__(self, letter: object) -> bool:
        return any(letter == each for each in self)


class Keys:
    """All letters of an edition and the keys they get. Only those are held whose key is not simply the one given."""

    def __init__(self) -> None:
        self._said: list[tuple[SourceFile, Sayings]] = []
        self._ends = array("I")
        self._lines = array("I")
        self._places = Places()
        self._renamed = Renamed({}, {})
        self._count = 0
        self._wanting = array("I")
        """Places of letters whose keys are made from content."""
        self._lost: dict[Row, str] = {}
        """Rows of `ids.tsv` whose letters are gone."""

    def propose(self, source: SourceFile, letters: Sayings) -> None:
        """Take in the letters of the next file, in its order."""
        self._said.append((source, letters))
        self._places.extend(letters.digests)
        self._lines.extend(letters.lines)
        self._ends.append(len(self._lines))

    def of(self, number: int) -> FileKeys:
        """The keys of the letters in the file that came as number `number`, from 0."""
        first, end = self._ends[number - 1] if number else 0, self._ends[number]
        others = {place - first: letter for place, letter in self._renamed.between(first, end)}
        return FileKeys(self._said[number][1], others)

    def made(self) -> Iterator[tuple[Row, str]]:
        """Keys made from content, each with the row by which `ids.tsv` is to remember it."""
        yield from self._lost.items()
        wanting, first = set(self._wanting), 0
        for number, ((source, letters), end) in enumerate(zip(self._said, self._ends, strict=True)):
            if not wanting.isdisjoint(range(first, end)):
                for place, said, letter in zip(range(first, end), letters, self.of(number), strict=True):
                    if place in wanting:
                        yield Row(source.file, said.fingerprint), letter.key
            first = end

    def find(self, key: str) -> Source | None:
        """Where the letter with this key stands; None when there is none."""
        place = self._renamed.find(key)
        if place is None:
            place = self._places.find(digest(key))
            if place is None or place in self._renamed:
                return None
        return self._source(place)

    def __iter__(self) -> Iterator[str]:
        """All keys, each once."""
        for number in range(len(self._said)):
            for key, left_out, shadowed in self.of(number):
                if not left_out and not shadowed:
                    yield key

    def __len__(self) -> int:
        return self._count

    def __getstate__(self) -> dict[str, object]:
        # what other processes ask needs nothing of ids.tsv
        return {**self.__dict__, "_wanting": array("I"), "_lost": {}}

    def settle(self, edition: Edition, report: Report) -> None:
        """Give every letter its key."""
        remembered = read_ids(edition.folder, report)
        self._places.settle()
        candidates = dict(self._candidates())
        groups: dict[str, list[Candidate]] = {}
        for candidate in candidates.values():
            groups.setdefault(candidate.given, []).append(candidate)
        keyless = groups.pop("", [])
        published = _published(edition) if any(len(group) > 1 for group in groups.values()) else frozenset()
        for given, group in groups.items():
            settle(given, group, published, report)
        taken = Counter(each.key for each in candidates.values() if not each.twin and each.given)
        for candidate in candidates.values():
            lengthened = candidate.key != candidate.given and not candidate.twin
            if lengthened and taken[candidate.key] + (self._alone(candidate.key, candidates) is not None) > 1:
                candidate.key = f"{candidate.key}-{hashed('|'.join(candidate.qualifiers()))}"
        mark_twins(keyless, report)
        for place, each in candidates.items():
            if not each.twin and (not each.given or each.by_content):
                self._wanting.append(place)
        self._remember([candidates[place] for place in self._wanting], edition, remembered, candidates, report)
        self._enter(candidates)

    def _candidates(self) -> Iterator[tuple[int, Candidate]]:
        """Letters, by place, that their source gives no key, or one that others have too."""
        digests, several, first = self._places.digests, self._places.several, 0
        for (source, letters), end in zip(self._said, self._ends, strict=True):
            some = [place for place in range(first, end) if not digests[place] or digests[place] in several]
            if some:
                wanted = set(some)
                for place, said in enumerate(letters, first):
                    if place in wanted:
                        yield place, Candidate(source, Source(source.file, said.line), said)
            first = end

    def _alone(self, key: str, candidates: Mapping[int, Candidate]) -> int | None:
        """The place of the letter that no other shares this key with, as its source gives it; None when there is none."""
        place = self._places.find(digest(key))
        if place is None or place in candidates:
            return None
        number = bisect_right(self._ends, place)
        first = self._ends[number - 1] if number else 0
        return place if self._said[number][1].at(place - first).given == key else None

    def _enter(self, candidates: Mapping[int, Candidate]) -> None:
        """Remember what the letters are called that do not simply have the key given."""
        others: dict[int, Letter] = {}
        named: dict[str, int] = {}
        for place, candidate in candidates.items():
            if not candidate.twin and candidate.key not in named:
                alone = self._alone(candidate.key, candidates)
                named[candidate.key] = place if alone is None else min(place, alone)
                if alone is not None and place < alone:
                    others[alone] = Letter(candidate.key, shadowed=True)
        for place, each in candidates.items():
            others[place] = Letter(each.key, bool(each.twin), named.get(each.key) != place)
        self._count = len(self._lines) - sum(each.left_out or each.shadowed for each in others.values())
        self._renamed = Renamed(others, named)

    def _source(self, place: int) -> Source:
        return Source(self._said[bisect_right(self._ends, place)][0].file, self._lines[place])

    def _remember(
        self,
        wanting: list[Candidate],
        edition: Edition,
        remembered: dict[Row, str],
        candidates: Mapping[int, Candidate],
        report: Report,
    ) -> None:
        """Keys for letters whose source gives none of their own: the remembered one, else one made of what they say."""
        free = dict(remembered)
        waiting: list[Candidate] = []
        for candidate in wanting:
            known = free.pop(candidate.row(), "")
            candidate.key = known or candidate.key
            if not known:
                waiting.append(candidate)
        taken = {candidate.key for candidate in candidates.values() if candidate.key} | set(remembered.values())
        for candidate, row in _found_again(waiting, free, edition):
            if row is not None:
                candidate.key = free.pop(row)
                message = (
                    f"known before as '{row.fingerprint}'" if not candidate.given else "known before in other words"
                )
                report.note("letter-changed", message, candidate.at, f"letter/{candidate.key}")
            elif not candidate.given:
                candidate.key = _made(candidate, lambda key: key in taken or self._alone(key, candidates) is not None)
                taken.add(candidate.key)
                message, hint = (
                    "the source gives neither key nor address",
                    "give it a @key; until then ids.tsv keeps its IRI",
                )
                report.note("key-made", message, candidate.at, f"letter/{candidate.key}", hint)
        self._lose(free, edition, report)

    def _lose(self, free: dict[Row, str], edition: Edition, report: Report) -> None:
        """Tell of letters that are gone, and keep their rows: they may be put back."""
        gone = withdrawn.read(edition.folder, edition.base) if free else {}
        self._lost = {row: key for row, key in free.items() if f"letter/{key}" not in gone}
        for row, key in self._lost.items():
            message, hint = (
                f"the letter '{row.fingerprint}' is no longer there",
                "put it back, or declare it in withdrawn.tsv",
            )
            report.error("letter-lost", message, Source(row.file), f"letter/{key}", hint)


def _published(edition: Edition) -> frozenset[str]:
    """The paths that were published and not withdrawn."""
    gone = withdrawn.read(edition.folder, edition.base)
    return frozenset(withdrawn.approved(edition.folder)).difference(gone)


def _found_again(
    waiting: list[Candidate], free: Mapping[Row, str], edition: Edition
) -> Iterator[tuple[Candidate, Row | None]]:
    """Each letter with the row that it is told by; of letters that share a given key, the only one of its key and file."""
    files = frozenset(source.file for source in edition.sources)
    keyless = [candidate for candidate in waiting if not candidate.given]
    found = pairs([candidate.row() for candidate in keyless], free, files)
    for number, candidate in enumerate(keyless):
        yield candidate, found.get(number)
    shared = [candidate for candidate in waiting if candidate.given]
    for candidate in shared:
        own = [
            row for row, key in free.items() if row.file == candidate.at.file and key.startswith(f"{candidate.given}-")
        ]
        alike = [each for each in shared if (each.given, each.at.file) == (candidate.given, candidate.at.file)]
        yield candidate, own[0] if len(own) == len(alike) == 1 else None


def given_key(description: Description, source: SourceFile) -> str:
    """The key of a `correspDesc`: `@key`, else its `xml:id`, else the last segment of `@ref`; as an IRI may hold it.

    In an edition with a file for each letter: the id of the `TEI` element, else the name of the file.
    """
    attributes = description.given
    given = attributes.get("key", "").strip()
    if not given:
        identifier, address = attributes.get(_ID, ""), attributes.get("ref", "")
        given = identifier or (_last(address) if address else "")
        if source.format == "tei" and (identifier or not given):
            given = _of_file(description.element, source)
    prefix = source.prefix
    return f"{prefix}{given}" if is_key(given) and not prefix else slug(f"{prefix}{given}") if given else ""


def _of_file(element: Element, source: SourceFile) -> str:
    """The TEI element's id or the file's stem; with the description's own id or number where one file holds several."""
    text = next(element.iterancestors(f"{TEI}TEI"), None)
    if text is None:
        return element.get(f"{XML}id") or ""
    name = (text.get(f"{XML}id") or "").removesuffix(".xml")
    if not name and text.getparent() is None:
        name = source.file.rpartition("/")[2].removesuffix(".xml")
    several = len(list(text.iterfind(f"{TEI}teiHeader//{TEI}correspDesc"))) > 1
    own = element.get(f"{XML}id") or ""
    return f"{name} {own}" if several and own else ("" if several else name or own)


def _last(address: str) -> str:
    """The last telling segment of an address: of its path, or of its query or fragment when these tell it apart."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.query:
        values = [value for _, value in parse_qsl(parts.query) if value]
        if values:
            return " ".join(values)
    if parts.fragment:
        return parts.fragment
    segment = parts.path.rstrip("/").rpartition("/")[2]
    return re.sub(r"\.(xml|html?|php)$", "", segment)


def said(description: Description, content: str, source: SourceFile) -> Said:
    """What a `correspDesc` says of itself. `content` is what its actions say, each `in_one_line`, with ` | ` between."""
    given = given_key(description, source)
    edition = description.given.get("source", "").lstrip("#")
    address = description.given.get("ref", "")
    fingerprint = blake2b(content.encode(), digest_size=16).hexdigest() if given else content
    short = _short(edition) if edition else ""
    return Said(
        line(description.element), given, short, hashed(address) if address else "", hashed(content), fingerprint
    )


def in_one_line(action: Element) -> str:
    """Date, people and places of a `correspAction`."""
    found = [action.get("type") or ""]
    for child in action:
        if isinstance(child.tag, str):
            given = dict(child.items())
            values = [value for name in _TELLING if (value := given.get(name))]
            said = words(child)
            found.append(" ".join([*values, said] if said else values))
    return " | ".join(found)


def _made(candidate: Candidate, taken: Callable[[str], bool]) -> str:
    """A key from a letter's own words; a fingerprint more when another letter has it."""
    pieces = candidate.fingerprint().split(" | ")
    key = slug(" ".join([candidate.source.prefix, *(re.sub(r"https?://\S+", "", piece) for piece in pieces)]))[
        :80
    ].strip("-")
    return key if key and not taken(key) else f"{key or 'letter'}-{hashed(candidate.fingerprint())}"


@lru_cache(maxsize=1024)
def _short(edition: str) -> str:
    return hashed(edition) if _UUID.fullmatch(edition) or len(edition) > 16 or not slug(edition) else slug(edition)
