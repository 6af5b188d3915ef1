"""Numbers that clients write: ASCII digits, no more than are needed."""

_DIGITS = 9


def number(said: str, most: int = 10**_DIGITS - 1) -> int | None:
    """The number from 0 to `most` that these digits write, or `None`: other scripts' digits and endless ones are none."""
    if not said.isascii() or not said.isdigit() or len(said) > _DIGITS:
        return None
    return int(said) if int(said) <= most else None
