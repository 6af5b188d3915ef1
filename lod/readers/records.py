"""The records of an edition, as often as wanted: letters from disk, all others from memory."""

from collections.abc import Collection, Iterator, Sequence

from lod.model import Letter, Record
from lod.spool import Section


class Records(Collection[Record]):
    """All records in the order of the sources; `letters` and `others` each by themselves, in the same order."""

    def __init__(self, letters: Section[Letter], others: Sequence[Record], places: Sequence[int]) -> None:
        self.letters = letters
        self.others = tuple(others)
        self._places = places
        """For each of the others the number of letters before it."""

    def __iter__(self) -> Iterator[Record]:
        letters, given = iter(self.letters), 0
        for place, record in zip(self._places, self.others, strict=True):
            while given < place:
                yield next(letters)
                given += 1
            yield record
        yield from letters

    def __len__(self) -> int:
        return len(self.letters) + len(self.others)

    def __contains__(self, record: object) -> bool:
        return record in (self.letters if isinstance(record, Letter) else self.others)
