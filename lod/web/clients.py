"""How much one client may ask at once. Clients are addresses; of IPv6 the network, which belongs to one of them."""

import ipaddress
from functools import lru_cache

from starlette.requests import Request

from lod.store import TooMany
from lod.store.shared import Crowd

AT_ONCE = 10
"""So many queries of one client run or wait at once, unless the operator says otherwise."""
_RETRY_SECONDS = 2
_NETWORK_BITS = 64


class Clients:
    """Counts queries under way by client, in all workers that share a crowd."""

    def __init__(self, at_once: int, crowd: Crowd | None = None) -> None:
        self._at_once = at_once
        self._crowd = crowd or Crowd()

    def enter(self, request: Request) -> int | TooMany:
        """Count a query; the place to `leave` when it is done. A refusal is not counted."""
        client = name(request.client.host if request.client else "")
        few = self._crowd.total < self._at_once or self._crowd.of(client) < self._at_once
        place = self._crowd.enter(client) if few else None
        if place is None:
            detail = f"{self._at_once} of your queries run or wait; ask the next one when one of them is answered."
            return TooMany(detail, _RETRY_SECONDS)
        return place

    def leave(self, place: int) -> None:
        """The query that took this place is done."""
        self._crowd.leave(place)


@lru_cache(maxsize=1024)
def name(host: str) -> str:
    """Who asks from this address, which behind a trusted proxy is the one that the proxy tells."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))
    return str(address)
