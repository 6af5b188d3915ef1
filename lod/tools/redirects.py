"""`lod redirects`: the rules by which names lead to a server, as w3id.org takes them (an `.htaccess` for each namespace).

https://github.com/perma-id/w3id.org keeps a folder for each namespace. Nothing is written here but what the edition's settings
and the operator say: `base` the names, the address the server.
"""

from pathlib import Path
from urllib.parse import urlsplit

from lod.config import Edition
from lod.errors import LodError

FILE = ".htaccess"
MODEL = "correspondence-lod"
"""The folder of our terms, profile, shapes and context, which every server of lod answers for."""
_HEAD = """\
# {names}
# Made by `lod redirects`; to be proposed to https://github.com/perma-id/w3id.org as {folder}/.htaccess
Options -MultiViews
RewriteEngine on
SetEnvIf Request_URI ".*" LOD_SERVER={server}

"""
_EDITION = """\
# A name leads to the same path on the server, which answers 303, 301, 404 or 410 itself and negotiates.
RewriteRule ^(.*)$ %{ENV:LOD_SERVER}/$1 [R=302,L,NE,QSA]
"""
_RULES = """\
# The server negotiates: what a client accepts goes along with the redirect.
RewriteRule ^$ %{ENV:LOD_SERVER}/profile [R=303,L]
RewriteRule ^ns$ %{ENV:LOD_SERVER}/ns [R=303,L]
RewriteRule ^ns\\.(ttl|jsonld|nt|rdf|html)$ %{ENV:LOD_SERVER}/ns.$1 [R=303,L]
RewriteRule ^profile/?$ %{ENV:LOD_SERVER}/profile [R=303,L]
RewriteRule ^profile/([a-z0-9.-]+)$ %{ENV:LOD_SERVER}/profile/$1 [R=303,L]
RewriteRule ^shapes$ %{ENV:LOD_SERVER}/shapes [R=303,L]
RewriteRule ^shapes/([a-z]+\\.ttl)$ %{ENV:LOD_SERVER}/shapes/$1 [R=303,L]
RewriteRule ^context\\.jsonld$ %{ENV:LOD_SERVER}/context.jsonld [R=302,L]
"""


def rules(edition: Edition, server: str, prefix: str = "") -> dict[str, str]:
    """Folder → rules, for the edition's names and for those of the data model.

    `server` is the server's public address, `prefix` the edition's path on it (`/serge-trotsky`) when it serves several.
    """
    address = urlsplit(server)
    if address.scheme not in ("http", "https") or not address.netloc or address.query or any(map(str.isspace, server)):
        raise LodError(f"'{server}': an address such as https://letters.example.org")
    server = server.rstrip("/")
    folder = urlsplit(edition.base).path.strip("/") or edition.id
    title = " ".join(next(iter(edition.title.values())).split())
    return {
        folder: _HEAD.format(names=f"{edition.base} : names of {title}.", folder=folder, server=server + prefix)
        + _EDITION,
        MODEL: _HEAD.format(
            names=f"https://w3id.org/{MODEL}/ : terms, profile, shapes and JSON-LD context of lod.",
            folder=MODEL,
            server=server,
        )
        + _RULES,
    }


def write(edition: Edition, server: str, out: Path, prefix: str = "") -> list[Path]:
    """Write them below a folder; where they lie."""
    made = []
    for folder, text in rules(edition, server, prefix).items():
        file = out / folder / FILE
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        made.append(file)
    return made
