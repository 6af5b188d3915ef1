"""`lod link`: candidates for an edition's links to authorities and to other editions, and what an editor decided of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lod import config, mapping, readers
from lod.errors import LinkingError
from lod.linking import accept as accepting
from lod.linking import review, services, sources
from lod.linking.accept import Written
from lod.linking.entity import Entity, gather
from lod.linking.propose import Proposal, lacking, names, propose
from lod.report import Report
from lod.store.documents import Documents

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where candidates come from: authority files, GeoNames, reconciliation services, look-ups of other editions."""

    files: tuple[Path, ...] = ()
    geonames: int = 0
    """The least inhabitants of a town to look at; 0: not GeoNames."""
    services: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()


def entities(folder: Path) -> list[Entity]:
    """The edition's entities as its sources tell of them now, whatever dump there is."""
    edition = config.load(folder)
    corpus = readers.read(edition, Report())
    triples = (triple for _, block in mapping.map_edition(edition, corpus.records, corpus.sources) for triple in block)
    return gather(Documents(triples, edition.base))


def candidates(
    folder: Path, asked: Sources, kinds: Sequence[str], schemes: Sequence[str], progress: Progress
) -> list[Proposal]:
    """Everything the sources have for the entities of these kinds that no address of `schemes` is known of yet."""
    progress("read")
    every = entities(folder)
    wanted = lacking(every, schemes, kinds)
    found: list[Proposal] = []
    for file in asked.files:
        progress(file.name)
        found += propose(wanted, sources.read(file), file.name)
    if asked.geonames:
        progress("GeoNames")
        towns = lacking([each for each in every if each.kind == "place"], ["geonames"], ["place"])
        spelt = [name for each in towns for name in names(each)]
        found += propose(towns, sources.GeoNames(asked.geonames).entities(spelt), "https://www.geonames.org/")
    for address in asked.services:
        progress(address)
        found += services.Service(address).propose(wanted)
    for address in asked.lookups:
        progress(address)
        found += services.by_address(address, [each for each in every if each.kind in kinds])
    order = {each.id: place for place, each in enumerate(every)}
    return sorted(found, key=lambda each: (order[each.subject.id], bool(each.against), -each.score, each.object))


def write_review(proposals: Sequence[Proposal], file: Path, title: str, date: str) -> Path:
    """The table at `file`, the page beside it; where the page is."""
    page = file.with_suffix(".html")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(review.table(proposals, date), encoding="utf-8")
    page.write_text(review.page(proposals, title, file.name), encoding="utf-8")
    return page


def accept(folder: Path, table: Path, by: str, when: str) -> list[Written]:
    """Write the accepted rows of a reviewed table into the edition's TEI. `by`: a TEI pointer, else the edition's own editors."""
    edition = config.load(folder)
    corpus = readers.read(edition, Report())
    known = accepting.places(
        _registered(corpus.records, {each.file for each in edition.sources if each.format in ("registers", "tei")}),
        edition.base,
    )
    resp = by or _editors(known, f"{edition.base}{edition.data_editors}")
    if not resp:
        raise LinkingError(
            "say who decided with --by: a TEI pointer such as organisations.xml#data-editors, or #initials"
        )
    data = getattr(edition, "data", folder)
    return accepting.write(data, known, review.decisions(table), resp, when)


def _registered(records: Iterable[object], files: set[str]) -> list[object]:
    """The records that stand in TEI: only there an `idno` can be written."""
    return [record for record in records if getattr(getattr(record, "source", None), "file", "") in files]


def _editors(known: dict[str, tuple[str, str]], name: str) -> str:
    file, key = known.get(name, ("", ""))
    return f"{file}#{key}" if file else ""
