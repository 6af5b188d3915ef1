"""The graphs that `lod build` writes for queries that name them."""

from pathlib import Path

import pyoxigraph as ox

from lod import build
from lod.build import Built
from lod.release import graphs
from lod.store.disk import FORMATS


def test_ontology_links_and_report(shipped: Built, tmp_path: Path) -> None:
    (tmp_path / "linkset-of-last-year.nt").write_text("", encoding="utf-8")
    made = graphs.write(build.material(shipped), tmp_path)
    assert sorted(made) == sorted(file.name for file in tmp_path.iterdir()), "what is no longer true is gone"
    assert {"ontology.nt", "linkset-gnd.nt", "linkset-wikidata.nt", "report.ttl"} <= set(made)
    for name in made:
        quads = list(ox.parse(path=str(tmp_path / name), format=FORMATS[Path(name).suffix]))
        assert quads, name
        if name.startswith("linkset-"):
            assert {str(quad.predicate) for quad in quads} == {"<http://www.w3.org/2002/07/owl#sameAs>"}


def test_the_same_twice(shipped: Built, tmp_path: Path) -> None:
    material = build.material(shipped)
    for name in ("one", "two"):
        graphs.write(material, tmp_path / name)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
