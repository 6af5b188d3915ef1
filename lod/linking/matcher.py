"""Finds what a name means among many entities, with a score, the evidence for it, and whether it may be taken unseen.

A match is **sure** (`Candidate.match`) only when the name is the thing's own name word by word, when nothing else bears a
name that could be meant, when no property differs, and when what the query tells of years, places and identifiers is
confirmed. In doubt an editor decides.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lod.authorities import recognise
from lod.linking import score
from lod.linking.entity import STRONG, Entity, Form
from lod.linking.index import Words
from lod.linking.judge import Named, sure, weigh
from lod.linking.names import Parsed, Word, fold, parse, words
from lod.linking.properties import Asked, Verdict, find
from lod.linking.query import Candidate, Condition, Query
from lod.linking.score import NO_FIT, Fit, Likeness, Part

LEAST = 20.0
"""Candidates below this are not told."""
_UNNAMED = 60.0
"""What a candidate starts with when no name was asked for."""
_LOOKED_THROUGH = 20_000
"""Among more entities than this, properties without a name find nothing, identifiers excepted."""
_LISTED = 4000
"""Words that more names have than this are looked for only together with others."""
_SCORED = 120
"""So many candidates are compared word by word."""
_WEAK, _WRITTEN, _DESCRIBED, _POOLED, _BY_KIN = 0.9, 0.97, 0.7, 0.9, 0.75
_OTHERWISE_CALLED = 0.5
"""For a family name that fits while what stands beside it is not what the person is called by, in any form."""


@dataclass(slots=True)
class _Known:
    """An entity with its names cut into words."""

    entity: Entity
    names: list[tuple[Form, tuple[Part, ...], str]] = field(default_factory=list)
    """Each form of the name, in words, and folded."""
    kin: tuple[Part, ...] = ()

    def all(self) -> tuple[Part, ...]:
        """Every word of every name, each once."""
        named = [
            part for form, parts, _ in self.names if form.kind != "descriptive" for part in parts if part.number >= 0
        ]
        return tuple({part.word.text: part for part in named}.values())


class Matcher:
    """Made once of entities; then any number of threads may ask."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._words = Words()
        self._known: list[_Known] = []
        self._by_id: dict[str, int] = {}
        self._bearers: dict[int, list[int]] = defaultdict(list)
        self._called: dict[str, list[int]] = defaultdict(list)
        self._kinds: set[str] = set()
        for entity in entities:
            self._take(entity)

    def _take(self, entity: Entity) -> None:
        known, place = _Known(entity), len(self._known)
        people = entity.kind == "person"
        numbers: set[int] = set()
        for form in entity.names:
            parts = tuple(self._part(word) for word in words(form.text, people and form.kind != "descriptive"))
            if parts:
                known.names.append((form, parts, fold(form.text)))
                numbers.update(part.number for part in parts)
        known.kin = tuple(
            self._part(Word(word.text, word.readings, word.first, family=True))
            for name in entity.family
            for word in words(name)
            if word.full
        )
        numbers.update(part.number for part in known.kin)
        if not people:
            numbers.update(
                self._words.number(word)
                for _, parts, _ in known.names
                for word in _joined([part.word for part in parts])
            )
        for number in numbers - {-1}:
            self._bearers[number].append(place)
        self._known.append(known)
        self._kinds.add(entity.kind)
        self._by_id[entity.id] = place
        for address in entity.same_as:
            known_as = recognise(address)
            for name in {address, *(known_as[1:] if known_as else ())}:
                self._called[name].append(place)

    def _part(self, word: Word) -> Part:
        return Part(self._words.number(word) if word.full else -1, word)

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[Entity]:
        return (known.entity for known in self._known)

    def get(self, identifier: str) -> Entity | None:
        """The entity with this id."""
        place = self._by_id.get(identifier)
        return None if place is None else self._known[place].entity

    def match(self, query: Query) -> list[Candidate]:
        """Candidates, the best first, `query.limit` of them at most."""
        parsed = parse(query.name)
        conditions = (*query.conditions, *_life(parsed, query))
        named = (
            self._named(query, parsed)
            if parsed.forms
            else {place: Named(NO_FIT, Form("")) for place in self._alone(query)}
        )
        found = []
        for place, name in named.items():
            candidate = self._candidate(place, name, conditions, bool(parsed.forms))
            if candidate is not None:
                found.append((candidate, name))
        found.sort(key=lambda pair: (-pair[0].score, -pair[0].name_score, pair[0].entity.id))
        certain = sure(found, alone=bool(query.ids) and not parsed.forms and not conditions)
        return [
            _decided(candidate, certain and place == 0)
            for place, (candidate, _) in enumerate(found[: max(query.limit, 0)])
        ]

    def _alone(self, query: Query) -> Iterable[int]:
        """Without a name: what the ids say, else everything of the kind that a condition agrees with."""
        if not query.ids and not query.conditions:
            return []
        if query.ids:
            return [self._by_id[each] for each in query.ids if each in self._by_id]
        values = [value.id or value.text for each in query.conditions for value in each.values]
        called = [place for value in values for place in self._called.get(value.strip(), ())]
        if called or len(self._known) > _LOOKED_THROUGH:
            return dict.fromkeys(called)
        return [place for place, known in enumerate(self._known) if not query.kinds or known.entity.kind in query.kinds]

    def _named(self, query: Query, parsed: Parsed) -> dict[int, Named]:
        """How the names of every likely entity fit, the best of the forms in which the query gives the name."""
        best: dict[int, Named] = {}
        for people in (each for each in (True, False) if self._asks_for(query.kinds, each)):
            for text in parsed.forms:
                asked = words(text, people)
                near = [self._words.near(word) if word.full else {} for word in asked]
                joined = () if people else _joined(asked)
                sought = [*near, *(self._words.near(word) for word in joined)]
                for place in self._likely([*asked, *joined], sought, query.kinds, people):
                    named = self._fit(self._known[place], text, asked, near, people)
                    if named.fit.score > (best[place].fit.score if place in best else 0.0):
                        best[place] = named
        wanted = set(query.ids)
        return {place: named for place, named in best.items() if not wanted or self._known[place].entity.id in wanted}

    def _likely(
        self, asked: Sequence[Word], near: Sequence[Likeness], kinds: tuple[str, ...], people: bool
    ) -> list[int]:
        """The entities that share most with a name, rare words before common ones."""
        weights: dict[int, float] = defaultdict(float)
        lists = [
            (len(bearers), likeness * (1 + score.weight(word)) / (1 + len(bearers)) ** 0.25, bearers)
            for word, likenesses in zip(asked, near, strict=True)
            for number, likeness in likenesses.items()
            if (bearers := self._bearers.get(number))
        ]
        lists.sort(key=lambda each: each[0])
        for count, gain, bearers in lists:
            if count <= _LISTED or not weights:
                for place in bearers:
                    weights[place] += gain
            else:
                for place in weights.keys() & set(bearers):
                    weights[place] += gain
        allowed = {kind for kind in self._kinds if (kind == "person") == people and (not kinds or kind in kinds)}
        if allowed != self._kinds:
            weights = {place: gain for place, gain in weights.items() if self._known[place].entity.kind in allowed}
        return heapq.nlargest(_SCORED, weights, key=lambda place: (weights[place], -place))

    def _asks_for(self, kinds: tuple[str, ...], people: bool) -> bool:
        return any((kind == "person") == people and (not kinds or kind in kinds) for kind in self._kinds)

    def _fit(
        self, known: _Known, written: str, asked: tuple[Word, ...], near: Sequence[Likeness], people: bool
    ) -> Named:
        best = Named(NO_FIT, Form(known.entity.label))
        text = fold(written)
        for form, parts, spelt in known.names:
            parted = people and form.kind != "descriptive"
            fit = score.people(asked, near, parts) if parted else score.titles(asked, [part.word for part in parts])
            fit = _weighed(fit, form, people, text == spelt)
            if fit.score > best.fit.score:
                best = Named(fit, form, asked)
        if people and len(asked) > 1 and not best.fit.same and not _nameless(known):
            best = self._pooled(known, asked, near, best)
            if best.form.kind != "composed" and _otherwise_called(asked, near, known):
                best = Named(Fit(best.fit.score * _OTHERWISE_CALLED, True, best.fit.explained), best.form, asked)
        return best

    def _pooled(self, known: _Known, asked: tuple[Word, ...], near: Sequence[Likeness], best: Named) -> Named:
        """A given name from one form, a family name from another, or from wife, husband, parent, child."""
        own = known.all()
        for parts, factor in ((own, _POOLED), ((*own, *known.kin), _BY_KIN)):
            fit = Fit(score.pool(asked, near, parts) * factor, explained=True)
            if fit.score > best.fit.score:
                best = Named(fit, Form(known.entity.label, "composed"), asked)
        return best

    def _candidate(self, place: int, named: Named, conditions: Sequence[Condition], by_name: bool) -> Candidate | None:
        entity = self._known[place].entity
        weighed = weigh(entity, named.fit.score if by_name else _UNNAMED, conditions)
        if weighed is None or weighed[0] < LEAST:
            return None
        score, evidence = weighed
        if not by_name and conditions and not any(each.verdict is Verdict.AGREES for each in evidence):
            return None
        return Candidate(entity, round(score, 1), False, named.form.text, round(named.fit.score, 1), evidence)

    def suggest(self, prefix: str, kinds: tuple[str, ...] = ()) -> list[Entity]:
        """Entities whose id, or a word of whose names, begins with this, or whose names hold it; own ids first."""
        wanted, start = prefix.strip(), fold(prefix)
        listed: dict[str, tuple[float, Entity]] = {}
        pieces = start.split()
        places = self._beginning(pieces) if pieces else range(len(self._known))
        for place in places:
            entity = self._known[place].entity
            if kinds and entity.kind not in kinds:
                continue
            names = [fold(form.text) for form in entity.names if form.kind != "descriptive"] or [fold(entity.label)]
            rank = (
                0 if fold(entity.label).startswith(start) else 1 if any(name.startswith(start) for name in names) else 2
            )
            listed[entity.id] = (rank - min(entity.letters, 900) / 1000, entity)
        for entity in (
            self._known[place].entity for key, place in self._by_id.items() if wanted and key.startswith(wanted)
        ):
            if not kinds or entity.kind in kinds:
                listed[entity.id] = (-2.0 if entity.id == wanted else -1.0, entity)
        return [entity for _, entity in sorted(listed.values(), key=lambda pair: (pair[0], pair[1].label))]

    def _beginning(self, pieces: list[str]) -> set[int]:
        """Who has a word that begins with each piece."""
        groups = [{place for number in self._words.begin(piece) for place in self._bearers[number]} for piece in pieces]
        return set.intersection(*groups)


def _weighed(fit: Fit, form: Form, people: bool, letter_by_letter: bool) -> Fit:
    """A name that somebody bears counts for all it is worth, one that somebody wrote once for less."""
    factor = 1.0
    if form.kind not in STRONG:
        factor = _WEAK if people and form.kind not in ("as-written", "descriptive") else _WRITTEN
    if letter_by_letter:
        return Fit(100.0 * factor, False, True, True)
    if people and form.kind == "descriptive":
        factor = _DESCRIBED
    return Fit(100.0 if fit.same and factor == 1.0 else fit.score * factor, fit.contradicts, fit.explained, fit.same)


def _otherwise_called(asked: Sequence[Word], near: Sequence[Likeness], known: _Known) -> bool:
    """True when a given name or a patronymic of the query is none by which the person goes, though such are known."""
    parts = list({part.word.text: part for _, name, _ in known.names for part in name}.values())
    for fathers in (True, False):
        borne = [part for part in parts if part.word.patronymic == fathers and not part.word.family]
        named = [
            (word, likely)
            for word, likely in zip(asked, near, strict=True)
            if word.patronymic == fathers and not word.family
        ]
        spelt = any(part.word.full for part in borne)
        if borne and named and not any(_goes_by(word, likely, part, spelt) for word, likely in named for part in parts):
            return True
    return False


def _goes_by(word: Word, likely: Likeness, part: Part, spelt: bool) -> bool:
    """An initial of theirs speaks for a name only where their names are not known in full: V. is not every Vladimir."""
    return (part.word.full or not word.full or not spelt) and bool(score.likeness(word, likely, part))


def _nameless(known: _Known) -> bool:
    return all(form.kind == "descriptive" for form, _, _ in known.names)


def _joined(name: Sequence[Word]) -> tuple[Word, ...]:
    """The words of a place's name as one: `Verkhne-Uralsk` is `Verkhneuralsk` elsewhere."""
    return words("".join(word.text for word in name), False) if 1 < len(name) <= 3 else ()


def _life(parsed: Parsed, query: Query) -> Iterator[Condition]:
    """The years behind a name, as conditions, unless the query has its own."""
    asked = {known.id for each in query.conditions if (known := find(each.property, "person"))}
    for property, found in (("birthDate", parsed.born), ("deathDate", parsed.died)):
        if found and property not in asked:
            yield Condition(property, (Asked(str(found)),))


def _decided(candidate: Candidate, sure: bool) -> Candidate:
    if not sure:
        return candidate
    return Candidate(candidate.entity, candidate.score, True, candidate.name, candidate.name_score, candidate.evidence)
