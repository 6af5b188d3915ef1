"""The graphs beside the dump, for queries that name them: the ontology, the links to authorities, the report."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from lod import dumps
from lod.dumps import linksets
from lod.formats import N_TRIPLES, TURTLE
from lod.iris import Iris
from lod.mapping.blocks import saying
from lod.release import shacl
from lod.release.material import Material
from lod.vocab import schema

FOLDER = "graphs"
"""Where they lie beside a dump. `{name}.ttl` or `.nt` there is served as the graph `{base}graph/{name}`."""


def write(material: Material, folder: Path) -> list[str]:
    """Write them into a folder, which then holds no others; their names. The same material gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, form, pieces in _graphs(material):
        file = folder / f"{name}.{form}"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(pieces)
        made.append(file.name)
    for stale in folder.iterdir():
        if stale.name not in made:
            stale.unlink()
    return made


def _graphs(material: Material) -> Iterator[tuple[str, str, Iterable[str]]]:
    base = material.edition.base
    yield "ontology", N_TRIPLES.name, _ontology(material.model / "ontology")
    for found in linksets.linksets(saying(material.blocks, schema.sameAs)):
        yield f"linkset-{found.name}", N_TRIPLES.name, linksets.n_triples_lines(found)
    report = shacl.report(material.report, Iris(base), "current")
    yield "report", TURTLE.name, dumps.DUMPS[TURTLE.name]([report], base)


def _ontology(folder: Path) -> list[str]:
    """Our terms and the profile, sorted."""
    files = sorted(folder.glob("*.ttl"))
    return sorted(
        {f"{quad.triple} .\n" for file in files for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)}
    )
