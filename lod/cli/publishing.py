"""Commands for those who publish one: releases, what changed, where its names lead."""

from pathlib import Path
from typing import Annotated

import typer

from lod import config
from lod import release as releases
from lod.cli.console import OUT, EditionFolder, progress_shown, show, told
from lod.release import diff as differ
from lod.tools import redirects as redirecting


def release(
    folder: EditionFolder,
    to: Annotated[Path, typer.Option("--to", help="Where releases lie, a folder for each edition.")] = Path("releases"),
    date: Annotated[str, typer.Option(help="The day of the release; default: the last change of the sources.")] = "",
    version: Annotated[str, typer.Option(help="Its name; default: its date; of a trial: trial.")] = "",
    trial: Annotated[
        bool, typer.Option("--trial", help="A look ahead: replaces the trial before it and records nothing.")
    ] = False,
) -> None:
    """Make a versioned release: every format, sums, tables, links, and what changed since the last one.

    What is made is never changed again. The manifest and the change table are written beside edition.toml, to be committed.
    """
    from lod import build as main_path

    with told(), progress_shown() as progress:
        built = main_path.examine(folder, progress)
        show(built.report)
        material = main_path.material(built)
        day = date or main_path.last_change(built)
        name = version or ("trial" if trial else day)
        made = releases.make(material, to, date=day, version=name, trial=trial, progress=progress)
        if not trial:
            releases.approve(material)
    OUT.print(f"{made.folder}: {len(made.manifest.files)} files", highlight=False, soft_wrap=True)
    counted = ", ".join(f"{count} {kind}" for kind, count in made.manifest.changes.items()) or "no changes"
    OUT.print(counted if made.new else f"released before: {counted}", highlight=False)


def diff(
    old: Annotated[Path, typer.Argument(help="A dump, or the folder of a release.")],
    new: Annotated[Path, typer.Argument(help="Another one.")],
    patch: Annotated[bool, typer.Option("--patch", help="As an RDF Patch instead of lines for people.")] = False,
) -> None:
    """What changed between two states of an edition, thing by thing. Exit code 1 when something did."""
    with told():
        before, after = differ.load(old), differ.load(new)
        base = differ.base_of(new, after) or differ.base_of(old, before)
        found = differ.differences(before, after, base)
    lines = differ.patch(found, differ.name(before), differ.name(after)) if patch else differ.readable(found, base)
    for line in lines:
        typer.echo(line, nl=False)
    raise typer.Exit(1 if found else 0)


def redirects(
    folder: EditionFolder,
    public_url: Annotated[
        str, typer.Option(envvar="LOD_PUBLIC_URL", help="Where readers reach the server.")
    ] = "http://localhost:8000",
    several: Annotated[
        bool, typer.Option("--several", help="The server has several editions, each below its id.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", "-o", help="A folder for each namespace is made in it.")] = Path("w3id"),
) -> None:
    """Write the rules (.htaccess for w3id.org) by which names lead to a server."""
    with told():
        edition = config.load(folder)
        made = redirecting.write(edition, public_url, out, f"/{edition.id}" if several else "")
    for file in made:
        OUT.print(str(file), highlight=False, soft_wrap=True)
