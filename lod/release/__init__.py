"""Releases: versioned, immutable, reproducible folders of an edition, and the one table of what changed when.

Deletions, the event stream, OAI-PMH and `Last-Modified` are views of that table.
"""

from lod.release.change import Change, Kind, Table
from lod.release.history import History, Release
from lod.release.make import Made, approve, make
from lod.release.material import Material

__all__ = ["Change", "History", "Kind", "Made", "Material", "Release", "Table", "approve", "make"]
