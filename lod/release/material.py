"""What a release is made of."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from lod.config import Edition
from lod.dumps.tables import Times
from lod.mapping import Block
from lod.report import Report
from lod.withdrawn import Withdrawn


@dataclass(frozen=True, slots=True)
class Material:
    """What a release is made of: an edition that was read, mapped and checked."""

    edition: Edition
    blocks: Collection[Block]
    report: Report
    withdrawn: Mapping[str, Withdrawn]
    model: Path
    """The folder with `ontology/` and `shapes/`, which go into the release."""
    times: Callable[[], Times] = dict
    """How often texts name what they mention: asked when the tables are made."""
