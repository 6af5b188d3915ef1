"""Real editions as they are served: read and mapped (not checked: other tests do that), dumped into a folder."""

from pathlib import Path

from lod import config, dumps, mapping, readers
from lod.config import Edition
from lod.formats import TURTLE
from lod.report import Report
from lod.web import Published

ROOT = Path(__file__).parents[2]
PAPERS = ROOT / "corpus" / "serge-trotsky"
PEC = ROOT / "tests" / "editions" / "pec"

_CMIF = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader>
    <fileDesc>
      <titleStmt><title>Postcards to Coyoacán</title><editor>Somebody else <email>nobody@example.org</email></editor></titleStmt>
      <publicationStmt>
        <publisher><ref target="https://example.org/">Somebody else</ref></publisher>
        <idno type="url">https://example.org/postcards/cmif.xml</idno><date when="2026-01-01"/>
        <availability><licence target="https://creativecommons.org/publicdomain/zero/1.0/">CC0</licence></availability>
      </publicationStmt>
      <sourceDesc><bibl type="online" xml:id="one">Postcards <ref target="https://example.org/">online</ref></bibl></sourceDesc>
    </fileDesc>
    <profileDesc>
      <correspDesc key="1" source="#one" ref="https://example.org/postcards/1">
        <correspAction type="sent"><persName ref="https://viaf.org/viaf/34453242">Léon Blum</persName>
          <date when="1938-01-02"/></correspAction>
        <correspAction type="received"><persName ref="http://www.wikidata.org/entity/Q33391">Leo Trotzki</persName></correspAction>
      </correspDesc>
      <correspDesc key="2" source="#one" ref="https://example.org/postcards/2">
        <correspAction type="sent"><persName ref="http://www.wikidata.org/entity/Q33391">Leo Trotzki</persName>
          <date when="1938-02"/></correspAction>
        <correspAction type="received"><persName ref="https://viaf.org/viaf/34453242">Léon Blum</persName></correspAction>
      </correspDesc>
    </profileDesc>
  </teiHeader>
  <text><body><p/></body></text>
</TEI>
"""
_SETTINGS = """id = "postcards"
base = "https://example.org/postcards/"
title = { en = "Postcards to Coyoacán" }
description = { en = "Two postcards that never were" }
languages = ["en"]
editors = ["Somebody else"]
publisher = "Somebody else"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
rights = "Made up"

[[source]]
file = "letters.xml"
format = "cmif"
"""


def dumped(folder: Path, out: Path) -> Published:
    """An edition with a dump of it in `out`."""
    edition: Edition = config.load(folder)
    corpus = readers.read(edition, Report())
    blocks = (triples for _, triples in mapping.map_edition(edition, corpus.records, corpus.sources))
    dumps.write(blocks, edition.base, out / edition.id / f"{edition.id}.{TURTLE.name}", TURTLE.name)
    return Published(edition, out / edition.id)


def postcards(folder: Path) -> Path:
    """A made-up edition of two postcards between two people of the Papers, known by VIAF and Wikidata."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "letters.xml").write_text(_CMIF, encoding="utf-8")
    (folder / "edition.toml").write_text(_SETTINGS, encoding="utf-8")
    return folder
