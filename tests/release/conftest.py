"""A small edition whose state is plain triples, so that tests can edit it, and the shipped edition as a release."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from lod.build import Built, last_change, material
from lod.config import Edition
from lod.mapping import Block
from lod.release import Made, Material, dates, make
from lod.report import Report
from lod.terms import Triple, iri, text, typed
from lod.vocab import crm, dcterms, foaf, rdf, rdfs, schema, xsd
from lod.withdrawn import COLUMNS, FILE, read
from tests.conftest import ROOT

BASE = "https://example.org/small/"


@dataclass
class Small:
    """People who know each other. What is taken away is declared in `withdrawn.tsv`."""

    folder: Path
    people: dict[str, dict[str, object]] = field(default_factory=dict)
    gone: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Key → reason and what replaces it."""

    @property
    def edition(self) -> Edition:
        return Edition(
            folder=self.folder,
            id="small",
            title={"en": "Small"},
            description={"en": "A small edition."},
            base=BASE,
            languages=("en",),
            editors=("Asta Holm",),
            publisher="Small Press",
            licence="https://creativecommons.org/publicdomain/zero/1.0/",
            rights="Free.",
            sources=(),
        )

    def blocks(self) -> list[Block]:
        made: list[Block] = []
        for key, said in self.people.items():
            node, record = iri(f"{BASE}person/{key}"), iri(f"{BASE}person/{key}.ttl")
            birth = iri(f"{BASE}person/{key}/birth")
            triples: list[Triple] = [
                (node, rdf.type, crm.E21_Person),
                (node, rdf.type, schema.Person),
                (node, rdfs.label, text(str(said["name"]), "en")),
                (node, schema.name, text(str(said["name"]))),
                *((node, schema.relatedTo, iri(f"{BASE}person/{other}")) for other in sorted(said["knows"])),  # type: ignore[call-overload]
                (birth, rdf.type, crm.E67_Birth),
                (birth, rdfs.label, text(f"Birth of {key}", "en")),
                (birth, crm.P98_brought_into_life, node),
                (node, schema.birthDate, typed(str(said["born"]), xsd.gYear)),
                (record, rdf.type, foaf.Document),
                (record, rdfs.label, text(f"Record of {key}", "en")),
                (record, foaf.primaryTopic, node),
                (record, dcterms.modified, typed(str(said.get("modified", "2020-01-01")), xsd.date)),
            ]
            replaced = [old for old, (_, instead) in self.gone.items() if instead == key]
            triples += [(node, dcterms.replaces, iri(f"{BASE}person/{old}")) for old in sorted(replaced)]
            made.append((f"person/{key}", triples))
        return made

    def material(self) -> Material:
        rows = ["\t".join(COLUMNS)]
        for key, (reason, instead) in self.gone.items():
            rows.append(
                "\t".join((f"{BASE}person/{key}", "2026-01-01", reason, f"{BASE}person/{instead}" if instead else ""))
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / FILE).write_text("\n".join(rows) + "\n", encoding="utf-8")
        return Material(self.edition, self.blocks(), Report(), read(self.folder, BASE), ROOT)

    def kept(self) -> Material:
        """The same, as a build makes it: records keep the days that they had in the last release."""
        stuff = self.material()
        return replace(stuff, blocks=list(dates.kept(stuff.blocks, self.edition)))


@pytest.fixture(scope="session")
def released(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The shipped edition as a trial release."""
    to = tmp_path_factory.mktemp("releases")
    return make(material(shipped), to, date=last_change(shipped), version="test", trial=True)
