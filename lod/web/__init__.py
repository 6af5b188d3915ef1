"""The web: things and their documents, pages, SPARQL, dumps and the description of the data set.

What serves is imported when it is asked for: a build makes the index of a dump with modules of this room, and has no use for
a web framework in each of its processes.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lod.web.app import create_app
    from lod.web.server import serve
    from lod.web.site import Published

__all__ = ["Published", "create_app", "serve"]
_HOMES = {"Published": "site", "create_app": "app", "serve": "server"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
