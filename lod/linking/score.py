"""How well a name fits a name: people by the parts of their names, everything else by its words. Scores run to 100."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from lod.linking.names import RENDERED, SAME, Word

_FAMILY, _GIVEN, _PATRONYMIC, _INITIAL = 1.6, 1.0, 0.6, 0.4
"""What the parts of a name weigh."""
_ASKED, _BORNE = 0.55, 0.45
"""How much it counts that all of the query is in the name, and all of the name in the query."""
_OTHER_FAMILY, _OTHER_GIVEN, _ONLY_GIVEN = 0.3, 0.5, 0.5
_EMPTY_WORDS = frozenset(
    [
        "the",
        "of",
        "and",
        "a",
        "an",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "d",
        "of",
        "der",
        "die",
        "das",
        "und",
        "el",
        "los",
        "las",
        "y",
        "et",
        "di",
    ]
)

Likeness = Mapping[int, float]
"""Likeness (to 100) of one word of a query to words of the index, by number."""


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a name in the index; an initial has the number -1."""

    number: int
    word: Word

    @property
    def weight(self) -> float:
        """How much it tells."""
        return weight(self.word)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a name fits. `contradicts`: both have parts that the other lacks. `explained`: every word of the query is there.

    `same`: the same words but for spelling, none left over on either side.
    """

    score: float = 0.0
    contradicts: bool = False
    explained: bool = False
    same: bool = False


NO_FIT = Fit()


def weight(word: Word) -> float:
    """What a word of a person's name weighs."""
    if not word.full:
        return _INITIAL
    return _PATRONYMIC if word.patronymic else _FAMILY if word.family else _GIVEN


def people(asked: Sequence[Word], near: Sequence[Likeness], name: Sequence[Part]) -> Fit:
    """A person's name: parts in any order, initials for words, one side more complete than the other."""
    pairs = _pairs(asked, near, name)
    full = [pair for pair in pairs if asked[pair[1]].full and name[pair[2]].word.full]
    if not full:
        return NO_FIT
    of_asked, of_name = {i: score for score, i, _ in pairs}, {j: score for score, _, j in pairs}
    have = sum(weight(asked[i]) * score for i, score in of_asked.items()) / sum(map(weight, asked))
    had = sum(name[j].weight * score for j, score in of_name.items()) / sum(part.weight for part in name)
    left = [word for i, word in enumerate(asked) if i not in of_asked]
    over = [part.word for j, part in enumerate(name) if j not in of_name]
    score = _ASKED * have + _BORNE * had
    contradicts = _contradict(left, over)
    if contradicts:
        both = any(word.family for word in left) and any(word.family for word in over)
        score *= _OTHER_FAMILY if both else _OTHER_GIVEN
    elif not _by_family(asked, name, full):
        score *= _ONLY_GIVEN
    same = not left and not over and all(score >= SAME for score, _, _ in pairs) and len(pairs) == len(full)
    return Fit(score, contradicts, not left and all(score >= RENDERED for score, _, _ in pairs), same)


def _by_family(asked: Sequence[Word], name: Sequence[Part], pairs: Sequence[tuple[float, int, int]]) -> bool:
    """Whether the family's name is among what fits: the name's, or the query's where the name has none."""
    if any(part.word.family for part in name):
        return any(name[j].word.family for _, _, j in pairs)
    return any(asked[i].family for _, i, _ in pairs) or not any(word.family for word in asked)


def _pairs(asked: Sequence[Word], near: Sequence[Likeness], name: Sequence[Part]) -> list[tuple[float, int, int]]:
    """Each word of the query with the word of the name it fits best, every word once: (likeness, query's, name's place)."""
    likely = []
    for i, word in enumerate(asked):
        for j, part in enumerate(name):
            score = likeness(word, near[i], part)
            if score:
                likely.append((score, i, j))
    likely.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    found, taken_i, taken_j = [], set(), set()
    for score, i, j in likely:
        if i not in taken_i and j not in taken_j:
            found.append((score, i, j))
            taken_i.add(i)
            taken_j.add(j)
    return found


def likeness(word: Word, near: Likeness, part: Part) -> float:
    """How much a word of a query is like a word of a name: words by their letters, an initial fits all that begin with it."""
    if word.full and part.number >= 0:
        return near.get(part.number, 0.0)
    if (word.full and word.family) or (part.number >= 0 and part.word.family):
        return 0.0
    return RENDERED if not word.first.isdisjoint(part.word.first) else 0.0


def _contradict(left: Sequence[Word], over: Sequence[Word]) -> bool:
    """Both sides have something to say that the other has not: a patronymic against a given name says nothing."""
    if not left or not over:
        return False
    fathers = [all(word.patronymic for word in side) for side in (left, over)]
    return fathers[0] == fathers[1] or not any(fathers)


def pool(asked: Sequence[Word], near: Sequence[Likeness], parts: Sequence[Part]) -> float:
    """How well the words of a query fit all words that somebody is called by, when each of them does; else 0."""
    pairs = _pairs(asked, near, parts)
    named = any(asked[i].family and parts[j].word.family for _, i, j in pairs)
    if len(pairs) < len(asked) or not named:
        return 0.0
    return sum(weight(asked[i]) * score for score, i, _ in pairs) / sum(map(weight, asked))


def titles(asked: Sequence[Word], name: Sequence[Word]) -> Fit:
    """Names of places, bodies, works and events: the same words in any order, or letters that are nearly the same."""
    best, same = 0.0, False
    for one in _spellings(asked):
        for other in _spellings(name):
            if sorted(one.split()) == sorted(other.split()) or one.replace(" ", "") == other.replace(" ", ""):
                best, same = 99.0, True
            best = max(
                best,
                fuzz.ratio(one, other),
                0.98 * fuzz.token_sort_ratio(one, other),
                0.78 * fuzz.token_set_ratio(one, other),
            )
    if same and [word.text for word in asked] == [word.text for word in name]:
        best = 100.0
    return Fit(min(best, 100.0 if same else 96.0), explained=best > SAME, same=same)


def _spellings(name: Sequence[Word]) -> list[str]:
    telling = [word.readings or (word.text,) for word in name if word.text not in _EMPTY_WORDS] or [
        (word.text,) for word in name
    ]
    count = min(3, max(map(len, telling)))
    return list(dict.fromkeys(" ".join(read[min(place, len(read) - 1)] for read in telling) for place in range(count)))
