"""How much one client may ask at once. Clients are addresses; of IPv6 the network, which belongs to one of them."""

import ipaddress
from collections import Counter

from starlette.requests import Request

from lod.store import TooMany

AT_ONCE = 10
"""So many queries of one client run or wait at once, unless the operator says otherwise."""
_RETRY_SECONDS = 2
_NETWORK_BITS = 64


class Clients:
    """Counts queries under way by client."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._asking: Counter[str] = Counter()

    def enter(self, request: Request) -> str | TooMany:
        """Count a query; the client to `leave` for when it is done. A refusal is not counted."""
        client = name(request)
        if self._asking[client] >= self._at_once:
            detail = f"{self._at_once} of your queries run or wait; ask the next one when one of them is answered."
            return TooMany(detail, _RETRY_SECONDS)
        self._asking[client] += 1
        return client

    def leave(self, client: str) -> None:
        """A query of this client is done."""
        self._asking[client] -= 1
        if self._asking[client] <= 0:
            del self._asking[client]


def name(request: Request) -> str:
    """Who asks. Behind a proxy that is trusted the server has put the client's address here."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))
    return str(address)
