"""The web: things and their documents, pages, SPARQL, dumps and the description of the data set."""

from lod.web.app import create_app
from lod.web.server import serve
from lod.web.site import Published

__all__ = ["Published", "create_app", "serve"]
