"""Commands that link an edition to authorities and to others."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lod import config
from lod.cli.console import OUT, EditionFolder, progress_shown, told


def propose(
    folder: EditionFolder,
    authority: Annotated[
        list[Path] | None, typer.Option("--authority", "-a", help="An authority file: .csv .json .jsonl .ttl .nt .rdf.")
    ] = None,
    geonames: Annotated[bool, typer.Option("--geonames", help="Places in GeoNames, offline.")] = False,
    inhabitants: Annotated[int, typer.Option(help="The least that a town in GeoNames has: 500 1000 5000 15000.")] = 500,
    service: Annotated[list[str] | None, typer.Option("--service", help="A reconciliation service's address.")] = None,
    lookup: Annotated[
        list[str] | None,
        typer.Option("--lookup", help="Another edition's /lookup: what it has under addresses we have too."),
    ] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="person organisation place work event.")] = None,
    lacking: Annotated[
        list[str] | None, typer.Option("--lacking", help="Only what has no link to this authority yet: gnd, wikidata …")
    ] = None,
    review: Annotated[Path, typer.Option("--review", "-r", help="The table to write; a page beside it.")] = Path(
        "review.csv"
    ),
) -> None:
    """Write a table of candidates with score and evidence. Nothing is linked by it."""
    from lod.tools import link as links

    asked = links.Sources(
        tuple(authority or ()), inhabitants if geonames else 0, tuple(service or ()), tuple(lookup or ())
    )
    with told(), progress_shown() as progress:
        found = links.candidates(folder, asked, kind or ["person", "organisation", "place"], lacking or [], progress)
        title = f"Candidates for {config.load(folder).id}"
        page = links.write_review(found, review, title, date.today().isoformat())
    things, against = len({each.subject.id for each in found}), sum(bool(each.against) for each in found)
    OUT.print(
        f"{review}, {page}: {len(found)} candidates for {things} things, {against} of them rejected as namesakes",
        highlight=False,
        soft_wrap=True,
    )


def accept(
    folder: EditionFolder,
    table: Annotated[Path, typer.Argument(help="The table, with decisions in it.")],
    by: Annotated[
        str, typer.Option("--by", help="Who decided, as TEI's @resp points: organisations.xml#data-editors.")
    ] = "",
    when: Annotated[str, typer.Option("--when", help="The day of the decision; today without it.")] = "",
) -> None:
    """Write the accepted rows into the TEI as idno; everything else keeps every byte."""
    from lod.tools import link as links

    with told():
        written = links.accept(folder, table, by, when or date.today().isoformat())
    for each in written:
        said = "written" if each.new else "stood there already"
        OUT.print(
            f"{each.file}: {each.decision.subject} {each.decision.object} {said}", highlight=False, soft_wrap=True
        )
    OUT.print(f"{sum(each.new for each in written)} links written", highlight=False)
