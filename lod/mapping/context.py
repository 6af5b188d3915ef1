"""What every mapper needs: the edition's IRIs and labels, and the small patterns that all kinds share."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from lod.config import Edition
from lod.dates import Date
from lod.iris import Iris, owner, slug, source_path
from lod.mapping.concepts import type_label
from lod.mapping.edition import PrintedEdition, text_name
from lod.mapping.watched import Watched
from lod.model import Claim, Dating, Event, Holding, Letter, Link, Note, Record, SourceDescription, Standing, Work
from lod.terms import Iri, Literal, Node, Triple, iri, text, typed
from lod.vocab import crm, dcterms, edtf, prov, rdf, rdfs, xsd

_EXACT = (xsd.gYear, xsd.gYearMonth, xsd.date)
"""What a date is by the number of hyphens behind its year."""
_OPENING = {Standing.UNCERTAIN: "Perhaps", Standing.CORRECTED: "Told", Standing.DISPUTED: "Told"}

T = TypeVar("T")

_WATCHED = ("labels", "modified", "works", "events", "keepers", "archives")
"""What letters ask by path, of the whole edition."""


@dataclass(slots=True)
class Used:
    """What records led to and a dump describes at its end, in the order in which it was first met."""

    types: dict[str, str] = field(default_factory=dict)
    """Key → label."""
    languages: dict[str, None] = field(default_factory=dict)
    """Tags."""
    correspondences: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Path → label, and the file of the first letter."""
    cited: dict[str, None] = field(default_factory=dict)
    """Places in the printed edition."""
    wanted: dict[str, None] = field(default_factory=dict)
    """Letters whose labels were asked for and are not known here."""

    def join(self, later: "Used") -> None:
        """Take in what later records led to; what was met before stays as it is."""
        _add(self.types, later.types)
        _add(self.languages, later.languages)
        _add(self.correspondences, later.correspondences)
        _add(self.cited, later.cited)
        _add(self.wanted, later.wanted)


def _add(known: dict[str, T], new: Mapping[str, T]) -> None:
    for key, value in new.items():
        known.setdefault(key, value)


class Context:
    """One edition being mapped: what is known of its things. `used` remembers what the records mapped so far led to.

    `records` are all things of the edition; its letters too when they are few. Otherwise a letter's label is known where the
    letter itself is mapped, and `letters` are gone through once for who speaks in the printed edition, if it has one.
    """

    def __init__(
        self,
        edition: Edition,
        records: Sequence[Record],
        sources: Sequence[SourceDescription] = (),
        replaced: Mapping[str, tuple[Iri, ...]] | None = None,
        letters: Iterable[Letter] = (),
    ) -> None:
        self.edition = edition
        self.sources = sources
        self.modified: Mapping[str, str] = {source.file: source.modified for source in sources}
        self.replaced = replaced or {}
        self.iris = Iris(edition.base)
        self.language = edition.languages[0]
        self.printed = PrintedEdition(edition.printed, chain(records, letters))
        self.works: Mapping[str, Work] = {record.path: record for record in records if isinstance(record, Work)}
        self.events: Mapping[str, Event] = {record.path: record for record in records if isinstance(record, Event)}
        self.keepers: Mapping[str, tuple[Link, ...]] = {
            record.path: record.keepers for record in records if isinstance(record, Holding)
        }
        self.archives: Mapping[str, bool] = {keepers[0].target: True for keepers in self.keepers.values() if keepers}
        self.labels: MutableMapping[str, str] = {}
        self.used = Used()
        self._provenance: dict[str, tuple[tuple[Iri, Node], ...]] = {}

    def forget(self) -> Used:
        """Hand over what was used so far, and begin anew."""
        used, self.used = self.used, Used()
        return used

    # ------------------------------------------------------------------ for a piece of the edition
    def watched(self) -> tuple["Context", dict[str, Watched[Any]]]:
        """The same context for some letters, with `used` and labels of its own; and what they will have asked, by field.

        It holds nothing else of the edition but what `fixed` tells: the same letters with the same answers are mapped the same.
        """
        piece, fields = copy(self), {name: Watched(getattr(self, name)) for name in _WATCHED}
        for name, watched in fields.items():
            setattr(piece, name, watched)
        piece.edition, piece.sources, piece.used = self._lean(), (), Used()
        piece._provenance = {}
        return piece, fields

    def fixed(self) -> str:
        """All that mapping letters may depend on besides them and what is asked by path. The same words: the same of it."""
        return repr((self._lean(), sorted(self.replaced.items()), self.printed.told()))

    def _lean(self) -> Edition:
        """The edition's settings without what letters have no business with: its files."""
        return replace(self.edition, folder=Path(), elsewhere=None, sources=())

    # ------------------------------------------------------------------ nodes that are remembered
    def type(self, key: str, label: str = "") -> Iri:
        """The IRI of a type, which then is described in the dump."""
        key = slug(key)
        if key not in self.used.types:
            self.used.types[key] = label or type_label(key)
        return self.iris.of(f"type/{key}")

    def tongue(self, tag: str) -> Iri:
        """The IRI of a language, which then is described in the dump."""
        tag = tag.lower()
        self.used.languages[tag] = None
        return self.iris.of(f"language/{tag}")

    def parts(self, places: Iterable[str]) -> list[str]:
        """The paths of citable parts of the printed edition, which then are described; none when there is no such edition."""
        if not self.printed.path:
            return []
        places = tuple(places)
        self.used.cited |= dict.fromkeys(places)
        return [f"{self.printed.path}/{place}" for place in places]

    # ------------------------------------------------------------------ words
    def words(self, words: str) -> Literal:
        """Our words, in the language of the edition's data."""
        return text(words, self.language)

    def name(self, path: str) -> str:
        """What people call a thing."""
        found = self.labels.get(path) or self.labels.get(owner(path))
        if not found and path.startswith("letter/"):
            self.used.wanted[owner(path)] = None
        return found or path.rpartition("/")[2]

    def short(self, path: str) -> str:
        """What a text is called inside a sentence: `letter 12`, `the prefatory letter`."""
        kind, _, key = path.partition("/")
        if kind != "letter":
            return self.name(path)
        return _inside_a_sentence(key)

    # ------------------------------------------------------------------ shared patterns
    def documented(self, node: Iri, places: Iterable[str]) -> Sequence[Triple]:
        """Where in the printed edition it stands, if there is one."""
        if not self.printed.path:
            return ()
        return [(node, crm.P70i_is_documented_in, self.iris.of(part)) for part in self.parts(dict.fromkeys(places))]

    def provenance(self, file: str) -> tuple[tuple[Iri, Node], ...]:
        """What all records made from a source file say: licence, source, the day of its last change, the data set."""
        if file not in self._provenance:
            modified = self.modified.get(file)
            self._provenance[file] = (
                (dcterms.license, iri(self.edition.licence)),
                (prov.wasDerivedFrom, self.iris.of(source_path(file))),
                *(((dcterms.modified, typed(modified, xsd.date)),) if modified else ()),
                (dcterms.isPartOf, self.iris.of("dataset")),
            )
        return self._provenance[file]

    def remarks(self, node: Iri, notes: Iterable[Note]) -> Iterator[Triple]:
        """Our remarks; a doubtful one says so."""
        for note in notes:
            yield node, crm.P3_has_note, self.words(f"Doubtful: {note.text}" if note.doubtful else note.text)

    def span(self, path: str, date: Date, label: str = "") -> list[Triple]:
        """A time-span: EDTF without loss, first and last moment for sorting, the form as printed."""
        node = self.iris.of(path)
        said: list[Triple] = [
            (node, rdf.type, crm.E52_Time_Span),
            (node, rdfs.label, text(label or date.label, "en")),
        ]
        if date.printed:
            said.append((node, crm.P3_has_note, self.words(date.printed)))
        said.append((node, crm.P82_at_some_time_within, typed(date.edtf, edtf.EDTF)))
        if date.earliest:
            said.append((node, crm.P82a_begin_of_the_begin, typed(f"{date.earliest}T00:00:00Z", xsd.dateTime)))
        if date.latest:
            said.append((node, crm.P82b_end_of_the_end, typed(f"{date.latest}T23:59:59Z", xsd.dateTime)))
        return said

    def assertion(
        self,
        path: str,
        label: str,
        about: str,
        stated: Iri,
        value: Iri,
        claim: Claim,
        standing: str = "",
        speakers: Iterable[str] | None = None,
    ) -> Iterator[Triple]:
        """Who says so (E13): `value` for the property `stated` of the node `about`. Our own conclusions are ours to sign."""
        node = self.iris.of(path)
        standing = standing or ("correction" if claim.standing is Standing.CORRECTED else str(claim.standing))
        ours = standing in ("inferred-by-data", "uncertain")
        yield node, rdf.type, crm.E13_Attribute_Assignment
        yield node, rdfs.label, text(label, "en")
        yield node, crm.P140_assigned_attribute_to, self.iris.of(about)
        yield node, crm.P177_assigned_property_of_type, stated
        yield node, crm.P141_assigned, value
        yield node, crm.P2_has_type, self.type(f"assertion-{standing}")
        if speakers is None:
            speakers = (self.edition.data_editors,) if ours else self._speakers(claim)
        for speaker in dict.fromkeys(speakers):
            if speaker:
                yield node, crm.P14_carried_out_by, self.iris.of(speaker)
        for part in self.parts(claim.places):
            yield node, crm.P16_used_specific_object if ours else crm.P70i_is_documented_in, self.iris.of(part)
        if claim.note:
            yield node, crm.P3_has_note, self.words(claim.note)

    def _speakers(self, claim: Claim) -> list[str]:
        speaking = [place for place in claim.places if not place.startswith(("letter-", "document-"))] or list(
            claim.places
        )
        return [speaker for place in speaking for speaker in self.printed.speakers(place)]

    def dated(
        self,
        owner_path: str,
        about: str,
        dating: Dating,
        span: str,
        assertion: str,
        own: tuple[str, ...] = (),
        sentence: str = "",
        *,
        told: bool = False,
    ) -> list[Triple]:
        """The time-span of a node, and who says so where that is not plain.

        `own` are the places of the text itself, whose writers say the printed value that somebody corrects.
        `told`: the date has places of its own, apart from those of the thing. `sentence` is the beginning of the label
        that the date completes: `letter 1 was received`.
        """
        path = f"{owner_path}/{span}"
        node = self.iris.of(path)
        said: list[Triple] = [(self.iris.of(about), crm.P4_has_time_span, node), *self.span(path, dating.date)]
        if told:
            said += self.documented(node, dating.claim.places)
        standing = dating.claim.standing
        if standing is Standing.CORRECTED and dating.printed:
            said += self._corrected(owner_path, about, dating, path, assertion, own)
        elif standing is not Standing.STATED:
            words = f"{sentence} {dating.date.phrase}" if sentence else dating.date.label
            claim = dating.claim if dating.claim.places else replace(dating.claim, places=own)
            said += self.assertion(
                f"{owner_path}/{assertion}",
                f"{opening(claim)}: {words}",
                about,
                crm.P4_has_time_span,
                node,
                claim,
            )
        return said

    def _corrected(
        self, owner_path: str, about: str, dating: Dating, path: str, assertion: str, own: tuple[str, ...]
    ) -> Iterator[Triple]:
        printed = dating.printed
        if printed is None:
            return
        rival = f"{path}-printed"
        yield from self.span(rival, printed, f"{printed.label} (as printed)")
        rejected, corrected = f"{owner_path}/{assertion}-printed", f"{owner_path}/{assertion}"
        writers = [writer for place in own for writer in self.printed.speakers(place)]
        claim = Claim(Standing.STATED, own)
        yield from self.assertion(
            rejected, "Date as printed", about, crm.P4_has_time_span, self.iris.of(rival), claim, "rejected", writers
        )
        claim = Claim(Standing.CORRECTED, dating.claim.places, dating.claim.note)
        yield from self.assertion(
            corrected, "Date as corrected", about, crm.P4_has_time_span, self.iris.of(path), claim
        )
        yield self.iris.of(corrected), crm.P17_was_motivated_by, self.iris.of(rejected)

    def targets(self, links: Iterable[Link]) -> list[Iri]:
        """What those links point to that hold."""
        return [self.iris.of(link.target) for link in links if link.claim.standing.holds]

    def linked(self, node: Iri, stated: tuple[Iri, ...], links: Iterable[Link]) -> list[Triple]:
        """Direct statements for those links that hold."""
        return [(node, predicate, target) for target in self.targets(links) for predicate in stated]

    def weighed(
        self,
        path: str,
        name: str,
        about: str,
        stated: Iri,
        links: Iterable[Link],
        label: str,
        own: tuple[str, ...] = (),
    ) -> Iterator[Triple]:
        """An assertion for each of the links that are `doubted`: the first is `name`, the next have their key behind it.

        `label` takes the name of the thing: `letter 1 was received at {}`. A claim without places rests on `own`.
        """
        for number, link in enumerate(links):
            part = f"{name}-{slug(link.target.partition('/')[2])}" if number else name
            claim = link.claim if link.claim.places else replace(link.claim, places=own)
            told = f"{opening(claim)}: " + label.replace("{}", self.name(link.target))
            yield from self.assertion(f"{path}/{part}", told, about, stated, self.iris.of(link.target), claim)


@lru_cache(maxsize=256)
def _inside_a_sentence(key: str) -> str:
    """What a letter is called there, by its key."""
    name = text_name(key)
    return f"the {name.lower()}" if key.isalpha() else name[0].lower() + name[1:]


def doubted(links: Iterable[Link]) -> list[Link]:
    """Those that are not plainly stated: somebody must be said to say so."""
    stated = Standing.STATED
    return [link for link in links if link.claim.standing is not stated]


def opening(claim: Claim) -> str:
    """How the label of an assertion begins."""
    return _OPENING.get(claim.standing, "Inference")


def exact(date: Date) -> Literal | None:
    """A date for schema.org, when it is exact to day, month or year."""
    value = date.exact
    return typed(value, _EXACT[value.count("-", 1)]) if value else None
