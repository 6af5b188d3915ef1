"""The two looks at every file, spread over processes; what the cache has of a file is taken from there."""

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from lod.cache import Cache
from lod.config import Edition, SourceFile
from lod.parallel import Crew
from lod.readers import cache as kept
from lod.readers.contents import Contents, contents
from lod.readers.directory import Directory
from lod.readers.files import Files
from lod.readers.met import Encounters
from lod.readers.telling import Task, Told, tell
from lod.spool import Chunk, Spool

_FEW = 2_000
"""Letters of an edition that are held in memory rather than on disk."""
_KEPT = 2 * 1024 * 1024
"""Bytes of sources that stay in memory as they were parsed, from the first look to the second: that takes some fifteen times as many."""
_WORTH_A_PROCESS = 4 * 1024 * 1024
"""Bytes of sources that are read before another process would have begun."""


class Passes:
    """Reads the files of one edition, in their order."""

    def __init__(self, edition: Edition, spool: Spool, crew: Crew, cache: Cache | None) -> None:
        self.edition = edition
        self.spool = spool
        self._crew = crew
        self._cache = cache
        self._letters = 0
        sizes = sum(_size(edition, source) for source in edition.sources)
        self._files = Files(edition.data, keep=sizes <= _KEPT)
        self._keys: list[str] = [kept.file_key(edition, source) if cache else "" for source in edition.sources]

    def contents(self) -> list[Contents]:
        """The table of contents of every file."""
        found: dict[int, Contents] = {}
        for number, key in enumerate(self._keys):
            entry = self._cache.get(key) if self._cache and key else None
            if entry is not None:
                found[number] = self._put_away(entry[0])
        missing = [number for number in range(len(self._keys)) if number not in found]
        job = partial(_contents, self._files, self._cache)
        items = [(self.edition.sources[number], self._keys[number]) for number in missing]
        read = map(self._put_away, self._crew_for(missing).each(job, items))
        found.update(zip(missing, read, strict=True))
        return [found[number] for number in range(len(self._keys))]

    def _put_away(self, found: Contents) -> Contents:
        """What letters say of themselves goes to disk as soon as there are many."""
        self._letters += len(found.letters)
        if self._letters > _FEW:
            found.letters.put_away(self.spool.folder / "said")
        return found

    def told(self, directory: Directory, files: Sequence[Contents], met: Encounters) -> Iterator[Told]:
        """What every readable file tells. `met`: whom all files met, to which the caller adds each file's before the next."""
        few = sum(len(each.letters) for each in files) <= _FEW
        numbers = [number for number, found in enumerate(files) if found.readable]

        def task(number: int) -> Task:
            return self._task(number, directory, files[number], held=few)

        known = {number: told for number in numbers if (told := self._remembered(task(number), directory))}
        missing = [number for number in numbers if number not in known]
        results = self._read(directory, missing, map(task, missing))
        for number in numbers:
            told = known.pop(number, None) or next(results)
            clashes = met.clashes(told.met)
            yield tell(directory, replace(task(number), taken=clashes), self._files) if clashes else told
        if self._cache and missing:
            self._cache.trim()

    def _task(self, number: int, directory: Directory, found: Contents, *, held: bool) -> Task:
        letters = directory.keys.of(number)
        key = kept.telling_key(self.edition, self._keys[number], letters.others)
        out = self.spool.folder / f"letters-{number}"
        return Task(self.edition.sources[number], letters, found.books, out, held, key)

    def _remembered(self, task: Task, directory: Directory) -> Told | None:
        """What the cache has of a file, when the directory would still answer as it did."""
        entry = self._cache.get(task.key) if self._cache and task.key else None
        if entry is None or not entry[0].asked.still(directory):
            return None
        told: Told = entry[0]
        if entry[1]:
            task.out.write_bytes(entry[1])
            told.letters = [Chunk(task.out, each.offset, each.length, each.count) for each in told.letters]
        elif not task.held:
            told.letters = [Chunk.write(task.out, each.load()) for each in told.letters]
        return told

    def _read(self, directory: Directory, numbers: Sequence[int], tasks: Iterable[Task]) -> Iterator[Told]:
        crew = self._crew_for(numbers)
        if crew.processes <= 1:
            return crew.each(partial(_tell, directory, self._files, self._cache), tasks)
        file = self.spool.folder / "directory"
        file.write_bytes(pickle.dumps(directory, pickle.HIGHEST_PROTOCOL))
        return crew.each(partial(_tell_by, file, self._files, self._cache), tasks)

    def _crew_for(self, numbers: Sequence[int]) -> Crew:
        """The crew, when there is enough to do."""
        sizes: Mapping[int, int] = {number: _size(self.edition, self.edition.sources[number]) for number in numbers}
        return self._crew if sum(sizes.values()) > _WORTH_A_PROCESS else Crew(1)


def _size(edition: Edition, source: SourceFile) -> int:
    try:
        return (edition.data / source.file).stat().st_size
    except OSError:
        return 0


def _contents(files: Files, cache: Cache | None, item: tuple[SourceFile, str]) -> Contents:
    source, key = item
    found = contents(files, source)
    if cache and key:
        cache.put(key, found)
    return found


def _tell(directory: Directory, files: Files, cache: Cache | None, task: Task) -> Told:
    told = tell(directory, task, files)
    if cache and task.key:
        cache.put(task.key, told, task.out.read_bytes() if told.letters and not task.held else b"")
    return told


def _tell_by(file: Path, files: Files, cache: Cache | None, task: Task) -> Told:
    return _tell(_loaded(file), files, cache, task)


@lru_cache(maxsize=1)
def _loaded(file: Path) -> Directory:
    directory: Directory = pickle.loads(file.read_bytes())  # noqa: S301 (written by this very run)
    return directory
