"""Values too many to hold: packed in chunks in a folder of their own, read as often as wanted and by any process.

A `Spool` is the folder, a `Section` one file in it, a `Chunk` some of its values: a few bytes that can be handed to another
process, which reads the values itself. Nothing here is kept from run to run.
"""

import os
import pickle
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, TypeVar, dataclass_transform
from uuid import uuid4

import brotli

T = TypeVar("T")
QUALITY = 1
"""Of compression: a gigabyte a second, to a fifteenth of what triples take as text. More of it costs more time than it saves."""
_PER_CHUNK = 500
"""Values that one chunk of a `Writer` holds: what memory can spare, and enough to share what they have in common."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(*, order: bool = False) -> Callable[[type[T]], type[T]]:
    """A dataclass with slots whose instances nobody changes, which the type checker sees to.

    `dataclass(frozen=True)` sees to it while the program runs: then to make one takes two to three times as long.
    """
    return dataclass(slots=True, unsafe_hash=True, order=order)


class Value:
    """Base of dataclasses that go to disk and to other processes: pickled as a call of their class.

    That takes a third of the time of the way that dataclasses bring along.
    """

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), _values(self.__match_args__)(self)


@cache
def _values(names: tuple[str, ...]) -> Callable[[Value], tuple[object, ...]]:
    """What takes the fields of a value, all at once where there are several."""
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


@dataclass(frozen=True, slots=True)
class Chunk(Generic[T]):
    """`count` values in `length` bytes of a file. Valid as long as its spool."""

    file: Path
    offset: int
    length: int
    count: int

    @classmethod
    def write(cls, file: Path, values: Iterable[T]) -> "Chunk[T]":
        """Several values as one chunk at the end of a file."""
        held = list(values)
        data = _packed(held)
        with file.open("ab") as stream:
            offset = stream.tell()
            stream.write(data)
        return cls(file, offset, len(data), len(held))

    def load(self) -> list[T]:
        """The values, read from the file."""
        values: list[T] = pickle.loads(brotli.decompress(self.data()))  # noqa: S301 (written by this very run, or found whole)
        return values

    def data(self) -> bytes:
        """The bytes in the file."""
        with self.file.open("rb") as stream:
            stream.seek(self.offset)
            return stream.read(self.length)


def _packed(values: Sequence[object]) -> bytes:
    return bytes(brotli.compress(pickle.dumps(values, pickle.HIGHEST_PROTOCOL), quality=QUALITY))


class Held(Chunk[T]):
    """A few values that stay in memory, with the face of a chunk."""

    __slots__ = ("_values",)
    _values: list[T]

    def __init__(self, values: list[T]) -> None:
        super().__init__(Path(), 0, 0, len(values))
        object.__setattr__(self, "_values", values)

    def load(self) -> list[T]:
        return list(self._values)

    def data(self) -> bytes:
        return _packed(self._values)

    def __reduce__(self) -> tuple[object, ...]:
        return Held, (self._values,)


class Writer(Generic[T]):
    """Values put one by one into a file of their own, chunk by chunk: what a worker makes and hands over as `chunks`.

    Without a file they stay in memory, as one chunk.
    """

    def __init__(self, file: Path | None) -> None:
        self.chunks: list[Chunk[T]] = []
        self._file = file
        self._held: list[T] = []
        self._count = 0
        if file is not None:
            file.unlink(missing_ok=True)

    def add(self, value: T) -> None:
        """Put in one more."""
        self._held.append(value)
        self._count += 1
        if len(self._held) >= _PER_CHUNK and self._file is not None:
            self._write()

    def __len__(self) -> int:
        return self._count

    def __enter__(self) -> "Writer[T]":
        return self

    def __exit__(self, *_: object) -> None:
        if self._held:
            self._write()

    def _write(self) -> None:
        self.chunks.append(Held(self._held) if self._file is None else Chunk.write(self._file, self._held))
        self._held = []


class Section(Generic[T]):
    """Values of one sort in the order they came. Iterating reads chunk by chunk; it may be done any number of times."""

    def __init__(self, folder: "_Folder", name: str) -> None:
        self._folder = folder  # it lasts as long as anybody can read from it
        self._file = folder.path / name
        self._chunks: list[Chunk[T]] = []

    def append(self, values: Iterable[T]) -> Chunk[T]:
        """Write several values as one chunk: what one worker gets, or one reader holds at a time."""
        return self.take(Chunk.write(self._file, values))

    def take(self, chunk: Chunk[T]) -> Chunk[T]:
        """Add a chunk that another process wrote, into a file of its own in the spool's folder."""
        self._chunks.append(chunk)
        return chunk

    def adopt(self, chunks: Iterable[Chunk[T]]) -> None:
        """Take in what a `Writer` wrote to a file in the same folder."""
        self._chunks += chunks

    @property
    def chunks(self) -> Sequence[Chunk[T]]:
        """All chunks, in order."""
        return self._chunks

    def __iter__(self) -> Iterator[T]:
        for chunk in self._chunks:
            yield from chunk.load()

    def __len__(self) -> int:
        return sum(chunk.count for chunk in self._chunks)


class Spool:
    """A temporary folder with sections. It goes when `close` is called, at the end of a `with`, or with its last user."""

    def __init__(self) -> None:
        self._folder = _Folder()
        self._sections: dict[str, Section[Any]] = {}

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._folder.path

    def section(self, name: str) -> Section[Any]:
        """The section of this name, made when first asked for."""
        if name not in self._sections:
            self._sections[name] = Section(self._folder, name)
        return self._sections[name]

    def close(self) -> None:
        """Remove the folder. Doing it twice does no harm."""
        self._folder.remove()

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Folder:
    """A temporary folder, removed with the last reference to it."""

    def __init__(self) -> None:
        # Its removal is settled before it is there: a signal may come at any time.
        self.path = Path(tempfile.gettempdir(), f"lod-{uuid4().hex}")
        self.remove = weakref.finalize(self, _remove, self.path, os.getpid())
        self.path.mkdir(mode=0o700)


def _remove(folder: Path, maker: int) -> None:
    # a process that was forked inherits the spool, but does not own the folder
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)
