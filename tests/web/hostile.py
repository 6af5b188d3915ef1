"""The sample edition with every label, name and note turned into an attack, and one bad address of each kind."""

import re
from pathlib import Path

from lod.web import Published
from tests.web.serving import BASE, SAMPLE, edition

SCRIPT = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2>"
ATTRIBUTE = "\" onmouseover=window.hacked=3 autofocus onfocus=window.hacked=4 x='"
FORMULA = "=HYPERLINK(1)"
ADDRESSES = ("javascript:window.hacked=5", "data:text/html,<script>window.hacked=6</script>", "vbscript:x")


def hostile(folder: Path) -> Published:
    """A dump in which nothing that a page may show is harmless."""
    text = SAMPLE.read_text(encoding="utf-8")
    payload = (FORMULA + SCRIPT + ATTRIBUTE).replace("\\", "\\\\").replace('"', '\\"')
    spoilt = re.sub(
        r'((?:rdfs:label|skos:prefLabel|schema:name|schema:alternateName|schema:description|crm:P3_has_note|crm:P190_has_symbolic_content)\s+)"((?:[^"\\]|\\.)*)"',
        lambda match: f'{match[1]}"{payload}{match[2]}"',
        text,
    )
    assert spoilt.count("window.hacked=1") > 10
    things = re.findall(rf"^<{re.escape(BASE)}((?:person|letter|place)/[a-z0-9-]+)>", spoilt, re.M) or re.findall(
        r"^<((?:person|letter|place)/[a-z0-9-]+)>", spoilt, re.M
    )
    links = "".join(
        f"<{BASE}{thing}> <https://schema.org/sameAs> <{_iri(address)}> ; <https://schema.org/url> <{_iri(address)}> .\n"
        for thing in dict.fromkeys(things)
        for address in ADDRESSES
    )
    dumps = folder / "dumps"
    dumps.mkdir(parents=True, exist_ok=True)
    (dumps / "harbour.ttl").write_text(spoilt + "\n" + links, encoding="utf-8")
    return Published(edition(folder / "corpus" / "harbour"), dumps)


def _iri(address: str) -> str:
    return address.replace("<", "%3C").replace(">", "%3E")
