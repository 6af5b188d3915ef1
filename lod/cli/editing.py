"""Commands for those who make an edition."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lod.cli.console import (
    ERR,
    OUT,
    DumpFolder,
    EditionFolder,
    Every,
    Fresh,
    Strict,
    cache_of,
    progress_shown,
    show,
    told,
)
from lod.dumps import DUMPS
from lod.errors import LodError
from lod.formats import TURTLE
from lod.tools import findings as findings_shown


def new(folder: Annotated[Path, typer.Argument(help="A folder with TEI, CMIF or tables in it.")]) -> None:
    """Look at what a folder holds and write an edition.toml that builds."""
    from lod.tools import new as edition_maker

    target = folder / "edition.toml"
    with told():
        if target.exists():
            raise LodError(f"{target} is there already: nothing was written")
        looks = edition_maker.look(folder)
        target.write_text(edition_maker.toml(folder, looks), encoding="utf-8")
    files, read = {each.file for each in looks}, {each.file for each in looks if each.format}
    OUT.print(
        f"{target}: {len(read)} of {len(files)} files are read; next: lod check {folder}",
        highlight=False,
        soft_wrap=True,
    )


def check(
    folder: EditionFolder,
    form: Annotated[str, typer.Option("--format", "-f", help="How findings are told: table, json or md.")] = "table",
    strict: Strict = False,
    every: Every = False,
    fresh: Fresh = False,
) -> None:
    """Read, map and check an edition, and write nothing but what was found."""
    if form != findings_shown.TABLE and form not in findings_shown.FORMATS:
        ERR.print(f"there is no format '{form}': table, {', '.join(findings_shown.FORMATS)}", style="red")
        raise typer.Exit(2)
    from lod import build as main_path

    with told(), progress_shown() as progress:
        built = main_path.examine(folder, progress, cache_of(fresh), date.today().isoformat())
    if form == findings_shown.TABLE:
        show(built.report, strict=strict, every=every)
    else:
        typer.echo(findings_shown.FORMATS[form](built.report))
    raise typer.Exit(0 if built.report.passes(strict=strict) else 1)


def build(
    folder: EditionFolder,
    out: DumpFolder = Path("dumps"),
    formats: Annotated[list[str] | None, typer.Option("--format", "-f", help="ttl or nt; may be given again.")] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Add new IRIs to published.txt: from then on they stay for ever.")
    ] = False,
    strict: Strict = False,
    every: Every = False,
    fresh: Fresh = False,
) -> None:
    """Read an edition, map it to RDF, check it, and write its dump."""
    names = tuple(formats or [TURTLE.name])
    unknown = [name for name in names if name not in DUMPS]
    if unknown:
        ERR.print(f"there is no format '{unknown[0]}': {', '.join(DUMPS)}", style="red")
        raise typer.Exit(2)
    from lod import build as main_path

    with told(), progress_shown() as progress:
        built = main_path.build(folder, out, names, progress, cache_of(fresh), date.today().isoformat())
    show(built.report, strict=strict, every=every)
    if approve:
        OUT.print(f"published.txt: {main_path.approve(built)} new IRIs", highlight=False)
    edition = built.corpus.edition
    for name in names:
        OUT.print(
            f"{main_path.dump_file(out, edition.id, name)}: {built.triples} triples about {built.things} things",
            highlight=False,
            soft_wrap=True,
        )
    raise typer.Exit(0 if built.report.passes(strict=strict) else 1)


def explain(
    key: Annotated[str, typer.Argument(help="A key or path: 12, letter/12, person/serge, person/solntsev/death.")],
    folder: Annotated[Path, typer.Option("--edition", "-e", help="The edition's folder.")] = Path(
        "corpus/serge-trotsky"
    ),
) -> None:
    """Follow one thing through the house: its lines in the source, its record, its triples, its findings."""
    from lod import build as main_path
    from lod.dumps import turtle
    from lod.tools import plainly
    from lod.tools.explain import Explainer

    with told(), progress_shown() as progress:
        explainer = Explainer(main_path.examine(folder, progress, cache_of()))
        found = explainer.explain(key)
    if not found:
        ERR.print(f"nothing in {folder} has the key '{key}'", style="red")
        raise typer.Exit(2)
    for each in found:
        OUT.rule(each.path)
        OUT.print(f"source  {each.source}", highlight=False)
        for number, words in each.lines:
            typer.echo(f"  {number:>6}  {words}")
        if each.record is not None:
            OUT.print(f"record  {type(each.record).__name__}", highlight=False)
            for line in plainly.lines(each.record):
                typer.echo(f"  {line}")
        OUT.print(f"triples {len(each.triples)}", highlight=False)
        typer.echo(turtle.block(each.triples, turtle.Compact(explainer.base)))
        show(list(each.findings))


def vocab(
    ontology: Annotated[Path, typer.Option(help="The folder that describes the terms.")] = Path("ontology"),
    target: Annotated[Path, typer.Option(help="The module to write.")] = Path("lod/vocab.py"),
) -> None:
    """Write the constants and the JSON-LD context for every term that ontology/ describes."""
    from lod.tools import vocab as vocabulary

    with told():
        target.write_text(vocabulary.generate(ontology), encoding="utf-8")
        context = ontology / "context.jsonld"
        context.write_text(vocabulary.context(ontology), encoding="utf-8")
    OUT.print(f"{target} and {context} written", highlight=False)
