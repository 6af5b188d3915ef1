"""Whether an authority's identifier can be one: its check digit, where the authority has any."""

from collections.abc import Callable, Mapping

from lod.authorities import recognise


def _weighted(digits: str) -> int:
    """Each digit times its place from the right, the last counting two."""
    return sum(int(digit) * place for place, digit in enumerate(reversed(digits), 2))


def _sign(number: int) -> str:
    return "X" if number == 10 else str(number)


def gnd(identifier: str) -> bool:
    """Numbers with a hyphen (places, subjects, bodies) carry the remainder by 11, others what is missing to 11."""
    body, hyphen, check = identifier.rpartition("-")
    if hyphen:
        return _sign(_weighted(body) % 11) == check
    return _sign(-_weighted(identifier[:-1]) % 11) == identifier[-1]


def mod_11_2(identifier: str) -> bool:
    """ISO 7064 MOD 11-2, of ISNI and ORCID."""
    digits, total = identifier.replace("-", "").replace(" ", ""), 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    return _sign((12 - total % 11) % 11) == digits[-1]


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "gnd": gnd,
    "isni": mod_11_2,
    "orcid": mod_11_2,
    "idref": lambda identifier: _sign(-_weighted(identifier[:-1]) % 11) == identifier[-1],
}


def possible(address: str) -> bool:
    """False for an address of a known authority whose identifier has a wrong check digit; True for all others."""
    known = recognise(address)
    return known is None or known[0] not in _CHECKS or _CHECKS[known[0]](known[1])
