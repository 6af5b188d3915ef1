"""What a release holds, file by file."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lod import dumps
from lod.config import Edition
from lod.dumps import cmif, jsonld, linkedart, linksets, profiles, tables
from lod.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TURTLE
from lod.iris import Iris
from lod.mapping import PROFILE
from lod.mapping.blocks import saying
from lod.release import deletions, shacl
from lod.release.change import Table
from lod.release.files import Folder
from lod.release.material import Material
from lod.release.sorting import sorted_lines
from lod.release.state import State
from lod.report import FILE as REPORT
from lod.terms import Triple, n_triples
from lod.vocab import schema

Progress = Callable[[str], None]
SHACL_REPORT = "shacl-report.ttl"


def write(
    material: Material, state: State, table: Table, folder: Folder, *, version: str, date: str, progress: Progress
) -> tuple[str, dict[str, int]]:
    """Fill a folder. Gives the SHA-256 of the sorted N-Quads, and how many links there are to each authority."""
    progress("dumps")
    canonical = _dumps(material, folder)
    progress("profiles")
    _profiles(material, state, folder)
    progress("links")
    links = _links(material, folder, date)
    progress("letters")
    _letters(material, folder, date)
    progress("tables")
    _tables(material, state, folder)
    _changes(material, table, folder, version)
    _model(material.model, folder)
    return canonical, links


def _dumps(material: Material, folder: Folder) -> str:
    name = material.edition.id
    for form in (TURTLE, JSON_LD, RDF_XML):
        pieces = dumps.DUMPS[form.name](_owners(material), material.edition.base)
        folder.text(
            f"{name}.{form.name}", pieces, form.media_type, f"{form.label} dump", "dump", profile=PROFILE, packed=True
        )
    lines = (n_triples(triple) for triples in _owners(material) for triple in dict.fromkeys(triples))
    with sorted_lines(lines) as pieces:
        title = f"{N_TRIPLES.label} dump, sorted"
        file = folder.text(
            f"{name}.{N_TRIPLES.name}", pieces, N_TRIPLES.media_type, title, "dump", profile=PROFILE, packed=True
        )
    # Everything is in the default graph: sorted N-Triples and sorted N-Quads are the same lines.
    folder.again(file, f"{name}.{N_QUADS.name}", N_QUADS.media_type, f"{N_QUADS.label} dump, sorted")
    return file.sha256


def _owners(material: Material) -> Iterator[Sequence[Triple]]:
    return (triples for _, triples in material.blocks)


def _profiles(material: Material, state: State, folder: Folder) -> None:
    base, name = material.edition.base, material.edition.id
    for profile in profiles.SELECTIONS:
        for form in (TURTLE, JSON_LD):
            kept = filter(None, (list(profile.select(triples)) for triples in _owners(material)))
            folder.text(
                f"{name}-{profile.name}.{form.name}",
                dumps.DUMPS[form.name](kept, base),
                form.media_type,
                f"{profile.label}, {form.label}",
                "profile",
                profile=profile.iri,
                packed=True,
            )
    art = profiles.LINKED_ART
    lines = linkedart.write(state.documents(), base, state.languages())
    title = "Linked Art, a record a line"
    folder.text(f"{name}-{art.name}.jsonl", lines, "application/jsonl", title, "profile", profile=art.iri, packed=True)


def _links(material: Material, folder: Folder, date: str) -> dict[str, int]:
    edition = material.edition
    found = linksets.linksets(saying(material.blocks, schema.sameAs))
    for each in found:
        lines = linksets.n_triples_lines(each)
        title = f"Links to {each.label}"
        folder.text(f"links/{each.name}.nt", lines, N_TRIPLES.media_type, title, "linkset", packed=True)
        listed = linksets.beacon(
            each,
            title=f"{next(iter(edition.title.values()))}: {each.label}",
            feed=f"{edition.base}beacon/{each.name}.txt",
            timestamp=date,
            target=edition.base,
        )
        folder.text(f"beacon/{each.name}.txt", listed, "text/plain", f"BEACON list for {each.label}", "beacon")
    return {each.name: len(each.links) for each in found}


def _letters(material: Material, folder: Folder, date: str) -> None:
    """CMIF of the printed letters, for editions that have any."""
    edition = material.edition
    if any(path.startswith("letter/") for path, _ in material.blocks):
        header = cmif_header(edition, f"{edition.base}cmif.xml", date)
        pieces = cmif.write(material.blocks, edition.base, header)
        folder.text(f"{edition.id}.cmif.xml", pieces, "application/tei+xml", "Letters as CMIF", "letters")


def cmif_header(edition: Edition, url: str, modified: str) -> cmif.Header:
    """What the CMIF file of an edition says of itself."""
    title = edition.title.get("en") or next(iter(edition.title.values()))
    return cmif.Header(title, edition.editors, edition.publisher, edition.licence, url, modified)


def _tables(material: Material, state: State, folder: Folder) -> None:
    edition = material.edition
    made = list(tables.tables(state.documents(), edition.base, material.times()))
    for table in made:
        folder.put(f"tables/{table.name}.csv", [tables.to_csv(table)], "text/csv", f"{table.description}, CSV", "table")
        parquet = [tables.to_parquet(table)]
        media_type = "application/vnd.apache.parquet"
        folder.put(f"tables/{table.name}.parquet", parquet, media_type, f"{table.description}, Parquet", "table")
    title = next(iter(edition.title.values()))
    described = tables.csvw(made, title=title, licence=edition.licence, language=edition.languages[0])
    name = "tables/csv-metadata.json"
    folder.put(name, [described], "application/csvm+json", "What the tables hold (CSVW)", "table")


def _changes(material: Material, table: Table, folder: Folder, version: str) -> None:
    edition = material.edition
    tsv = "text/tab-separated-values"
    folder.text("changes.tsv", [table.text()], tsv, "What changed in which release", "change")
    gone = deletions.text(material.withdrawn.values())
    folder.text("deletions.tsv", [gone], tsv, "Deleted and redirected names", "change")
    findings = [material.report.to_json(), "\n"]
    folder.text(REPORT, findings, "application/json", "Findings of the check", "report")
    report = shacl.report(material.report, Iris(edition.base), version)
    folder.text(
        SHACL_REPORT,
        dumps.DUMPS[TURTLE.name]([report], edition.base),
        TURTLE.media_type,
        "SHACL report",
        "report",
    )


def _model(house: Path, folder: Folder) -> None:
    """The terms, the shapes and the JSON-LD context that the data were made with."""
    for name, title in (
        ("correspondence-lod.ttl", "Our own terms"),
        ("profile.ttl", "Terms of the application profile"),
    ):
        folder.put(f"model/{name}", [(house / "ontology" / name).read_bytes()], TURTLE.media_type, title, "model")
    folder.put("model/context.jsonld", [jsonld.CONTEXT.read_bytes()], JSON_LD.media_type, "JSON-LD context", "model")
    for file in sorted((house / "shapes").glob("*.ttl")):
        title = f"Shapes: {file.stem}"
        folder.put(f"model/shapes/{file.name}", [file.read_bytes()], TURTLE.media_type, title, "model")
