"""Plain values and arrays of numbers as bytes that another process, or a later run, reads: JSON, packed. Nothing in it can run."""

import base64
import json
from typing import Any

import brotli
import numpy as np

from lod.spool import QUALITY


def pack(value: object) -> bytes:
    """Dictionaries with text keys, lists, text, numbers, and NumPy's arrays."""
    return bytes(brotli.compress(json.dumps(value, ensure_ascii=False, default=_spelt).encode(), quality=QUALITY))


def unpack(data: bytes) -> Any:
    """The same back; `ValueError` when it is none."""
    try:
        return json.loads(brotli.decompress(data), object_hook=_read)
    except brotli.error as error:
        raise ValueError(str(error)) from None


def _spelt(value: Any) -> dict[str, str]:
    return {"array": value.dtype.str, "of": base64.b64encode(value.tobytes()).decode()}


def _read(said: dict[str, Any]) -> Any:
    return np.frombuffer(base64.b64decode(said["of"]), said["array"]) if said.keys() == {"array", "of"} else said
