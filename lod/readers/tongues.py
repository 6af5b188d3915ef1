"""Language tags: BCP 47 in lower case, the shortest code of each language."""

import re

from babel.core import get_global

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")


def is_tag(tag: str) -> bool:
    """True for a tag of a language, of several (`mul`), or of one that is not known (`und`)."""
    return _TAG.fullmatch(tag.strip().replace("_", "-").lower()) is not None


def normal(tag: str) -> str:
    """`de-AT` → `de-at`, `deu` → `de`, `ger` → `de`; `""` for what is no tag or means "undetermined"."""
    tag = tag.strip().replace("_", "-").lower()
    if _TAG.fullmatch(tag) is None or tag[:3] in ("und", "mul", "zxx", "mis"):
        return ""
    first, hyphen, rest = tag.partition("-")
    alias = get_global("language_aliases").get(first, first)
    return f"{alias.lower() if '_' not in alias else first}{hyphen}{rest}"
