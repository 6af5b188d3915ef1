"""Nothing is invented: every word and number of a triple stands in the lines that `lod explain` shows, or follows by a rule listed here.

Shares no code with readers and mapping but the making of keys: words and numbers are compared, cut into pieces as keys are.
"""

import re
from functools import cached_property
from html import unescape

from lod.build import Built
from lod.iris import Iris, owner, slug
from lod.terms import Iri, Literal, Triple, value
from lod.tools.explain import Explainer, Explanation
from lod.vocab import crm, rdf, rdfs, skos

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
MOMENT = "http://www.w3.org/2001/XMLSchema#dateTime"
SENTENCES = """
    January February March April May June July August September October November December spring summer autumn winter BC
    century Writing of letter. Sending. Receipt. Record. Number in the edition. Key of, in its source. Shelf mark.
    Original. Correspondence of and. Inference, perhaps, told: was written at, written by, addressed to, received at.
    May mention, may answer. Date as printed (sent, received). Birth, death, residence, making, publication, formation,
    dissolution of. From, until, undated, about, uncertain, not before, not after, between. The same as. POINT. Types
    used in this edition. Page. Doubtful. In use.
"""
"""What labels and remarks of ours say around the words of the source."""
KINDS = """
    action sent received redirecting assertion inferred data name only identity placeholder preferred variant as written
    identifier key number shelfmark digital edition book work person place organisation event holding role member
    occupation sex status text base published with carrier original male female correspondence birth death date writing
    sending receipt ttl sender addressee formation dissolution language source dataset type scheme editors country
    periodical article object creation publication isbn excerpt translation text
"""
"""Keys of types and parts that the data model fixes."""
RULES = frozenset(slug(f"{SENTENCES} {KINDS}").split("-"))
ADDRESSES = frozenset(
    slug(
        "https www d-nb.info gnd viaf.org sws.geonames.com wikidata entity id.loc.gov authorities names lccn http "
        "vocabulary iso639 relators"
    ).split("-")
)
"""Pieces that the addresses of authorities have in one form or another, however the source writes them."""
_TAG = re.compile(r"<[^<>]*>")
_FINGERPRINT = re.compile(r"(?=.*[a-f])[0-9a-f]{8}")


def cut(words: str) -> set[str]:
    """The pieces of some words, as keys have them."""
    return set(slug(words).split("-")) - {""}


def pieces(words: str) -> set[str]:
    """What a source gives: its words and numbers, of those grown together both halves, numbers without leading zeros too."""
    found = cut(unescape(words))
    found |= {half for piece in found for half in re.findall(r"\d+|[a-z]+", piece)}
    # "20200131" is a date too
    found |= {
        part for piece in found if len(piece) == 8 and piece.isdigit() for part in (piece[:4], piece[4:6], piece[6:])
    }
    return found | {piece.lstrip("0") for piece in found if piece.isdigit()}


class Tracer:
    """One edition, and what its sources say where."""

    def __init__(self, built: Built) -> None:
        self.base = built.corpus.edition.base
        self.iris = Iris(self.base)
        self.blocks = dict(built.blocks)
        self.explainer = Explainer(built)
        self.edition = built.corpus.edition
        self._explained: dict[str, Explanation] = {}
        self._near: dict[str, set[str]] = {}
        self._files: dict[str, set[str]] = {}

    def explain(self, path: str) -> Explanation:
        """What `lod explain` says of a path."""
        if path not in self._explained:
            (self._explained[path],) = self.explainer.explain(path)
        return self._explained[path]

    @cached_property
    def settings(self) -> set[str]:
        """What edition.toml says."""
        return pieces((self.edition.folder / "edition.toml").read_text(encoding="utf-8"))

    def near(self, path: str) -> set[str]:
        """What the lines say that are shown for a path, and the path itself."""
        if path not in self._near:
            self._near[path] = pieces("\n".join(words for _, words in self.explain(path).lines))
        return self._near[path]

    def file(self, path: str) -> set[str]:
        """What the file says that a path comes from."""
        name = self.explain(path).source.file
        if name not in self._files:
            found = self.edition.data / name
            self._files[name] = (
                pieces(found.read_text(encoding="utf-8", errors="replace")) if found.is_file() else set()
            )
        return self._files[name]

    def unexplained(self, triple: Triple) -> set[str]:
        """The pieces of a triple that neither the source nor a rule gives."""
        path = self.iris.path(triple[0])
        thing = owner(path)
        if thing.startswith(("type/", "language/")) and triple[1] in (skos.exactMatch, skos.prefLabel, rdfs.label):
            return set()  # what types and languages are called, and what they match, the data model says
        left = self._said(triple) - RULES
        left -= self.near(path) | self.near(thing) | cut(thing) | cut(self.explain(thing).source.file)
        if left and path.endswith(".ttl") and not self._leads_away(thing, triple):
            left -= self.settings | self.file(thing)
        if left and self._has_a_file(thing) and not self._leads_away(thing, triple):
            left -= self.file(thing)
        if left and self._leads_away(thing, triple) and self._mirrored(thing, triple):
            return set()
        if left:
            left -= self._linked(thing, triple)
        if (
            left
            and triple[2].startswith('"')
            and not thing.startswith("letter/")
            and self._stands_somewhere(triple, left)
        ):
            return set()
        return {piece for piece in left if not _FINGERPRINT.fullmatch(piece) and not self._ends_with(triple, piece)}

    def _ends_with(self, triple: Triple, piece: str) -> bool:
        """True for the fingerprint at the end of a name's key; one in fifty has no letter in it."""
        key = triple[2].rpartition("/")[2]
        return len(piece) == 8 and key.endswith(f"-{piece}>") and ("/name-" in triple[2] or key.count("-") > 2)

    def _leads_away(self, thing: str, triple: Triple) -> bool:
        """True for a link from an entry to another thing: the entry itself must say it, not its neighbour in the file."""
        path = owner(self.iris.path(Iri(triple[2]))) if triple[2].startswith(f"<{self.base}") else ""
        return path in self.blocks and path != thing and not thing.startswith(("letter/", "type/", "language/"))

    def _mirrored(self, thing: str, triple: Triple) -> bool:
        """True when the other one's lines tell of this one, or a line of the register of both: kin, members, parts are said once."""
        other = owner(self.iris.path(Iri(triple[2])))
        one, two = (path.partition("/")[2] for path in (thing, other))
        return cut(one) <= self.near(other) or any(one in line and two in line for line in self.lines(thing))

    def lines(self, path: str) -> list[str]:
        """All lines of the file that a path comes from."""
        return (
            (self.edition.data / self.explain(path).source.file)
            .read_text(encoding="utf-8", errors="replace")
            .splitlines()
        )

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The text of each source, without tags, as one long key."""
        files = (
            self.edition.data / source.file for source in self.edition.sources if not source.file.endswith(".xlsx")
        )
        texts = (_TAG.sub("", unescape(file.read_text(encoding="utf-8", errors="replace"))) for file in files)
        return tuple(f"-{slug(text)}-" for text in texts)

    def _stands_somewhere(self, triple: Triple, left: set[str]) -> bool:
        """True for words that stand together in one of the files, or at least all in one: what one text of many calls a thing."""
        words = f"-{slug(value(Literal(triple[2]))[0])}-"
        return any(words in text or left <= set(text.split("-")) for text in self.plain)

    def _has_a_file(self, thing: str) -> bool:
        """True for all but a letter that shares its file with others: what stands elsewhere in it is no evidence for this one."""
        sources = {source.file: source.format for source in self.edition.sources}
        return not thing.startswith("letter/") or sources.get(self.explain(thing).source.file) == "tei"

    def _linked(self, thing: str, triple: Triple) -> set[str]:
        """What the things are called that this one points to; of a letter that uses a name, what its file says."""
        found: set[str] = set()
        for _, predicate, told in self.blocks[thing]:
            path = owner(self.iris.path(Iri(told))) if told.startswith(f"<{self.base}") else ""
            if path not in self.blocks or path.startswith(("type/", "dataset", "source/")):
                continue
            found |= {
                piece
                for _, said, words in self.blocks[path]
                if said == rdfs.label and words.startswith('"')
                for piece in pieces(value(Literal(words))[0])
            }
            if any(sum(map(str.isdigit, piece)) > 4 for piece in self.near(path) & self.near(thing)):
                found |= cut(path)  # the register's entry has the same address of an authority
            if predicate == crm.P106i_forms_part_of and path.startswith("letter/") and self._has_a_file(path):
                found |= self.file(path)
                if told == triple[2]:
                    found |= cut(path)
        return found

    def _said(self, triple: Triple) -> set[str]:
        """What a triple says beyond its predicate and the classes: words and numbers that somebody must have written."""
        _, predicate, told = triple
        if told.startswith('"'):
            words, _, datatype = value(Literal(told))
            if datatype == MOMENT:
                # the first and last moment follow from the EDTF beside them: the year is compared
                return cut(words.lstrip("-").partition("-")[0].lstrip("0"))
            return cut(words.replace("X", "") if datatype == EDTF else words)
        address = told.strip("<>")
        if address.startswith(self.base):
            return cut(address[len(self.base) :])
        if predicate in (rdf.type, crm.P177_assigned_property_of_type):
            return set()
        return cut(address) - ADDRESSES
