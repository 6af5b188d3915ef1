"""What was read of each file, kept from run to run: a build after a change reads the changed file again, and no other."""

from hashlib import blake2b
from pathlib import Path

from lod.cache import checksum, code
from lod.config import Edition, SourceFile
from lod.errors import SourceError
from lod.readers.parse import PIECE, open_file

_LIBRARIES = ("lxml", "babel", "convertdate", "anyascii", "openpyxl")
_CODE = (
    "readers/*.py",
    "authorities.py",
    "cache.py",
    "config.py",
    "dates.py",
    "edtf.py",
    "errors.py",
    "formats.py",
    "iris.py",
    "model.py",
    "report.py",
    "spool.py",
    "terms.py",
    "withdrawn.py",
)


def file_key(edition: Edition, source: SourceFile) -> str:
    """What a file's table of contents is made of; `""` for a file that cannot be read."""
    try:
        names = filter(None, (source.file, source.settings))
        content = [_digest(edition.data, name) for name in names]
    except (SourceError, OSError):
        return ""
    return checksum("contents", code(_CODE, _LIBRARIES), repr(source), *content)


def _digest(folder: Path, name: str) -> bytes:
    digest = blake2b()
    with open_file(folder, name) as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.digest()


def telling_key(edition: Edition, key: str, letters: object) -> str:
    """What a file tells, besides the answers of the directory: the same, the edition's settings, its letters' keys."""
    settings = (edition.base, edition.printed, edition.data_editors, edition.languages, edition.editors)
    return checksum("telling", key, repr(settings), repr(letters)) if key else ""
