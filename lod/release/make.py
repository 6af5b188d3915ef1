"""Makes a release: a folder with every format, sums and manifest, and the rows it adds to the change table.

Nothing comes from a clock: the date is given. The same edition, date and version give the same bytes.
"""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as day
from pathlib import Path

from lod.check import published
from lod.config import Edition
from lod.errors import ReleaseError
from lod.mapping import PROFILE
from lod.release import change, contents, crate, dates, manifest
from lod.release.change import Change, Record, Table
from lod.release.files import Folder
from lod.release.history import LOG, History, last_of_each, write_log
from lod.release.manifest import Manifest
from lod.release.material import Material
from lod.release.state import State

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A release that was made, or was there already (`new` is False)."""

    manifest: Manifest
    folder: Path
    changes: Sequence[Change]
    new: bool


def make(
    material: Material, to: Path, *, date: str, version: str, trial: bool = False, progress: Progress = lambda _: None
) -> Made:
    """Make a release of an edition in `to/{edition}/{version}`.

    A trial replaces the trial before it, leaves releases alone and no record with the edition; when nothing has changed
    since the last recorded release it makes that one again. `ReleaseError` when something released would be lost or
    changed, when the version was used, or when the date lies before the release before.
    """
    edition, home = material.edition, to / material.edition.id
    _check(material, date, version)
    table = _table(edition, home)
    progress("changes")
    state = State(material.blocks, edition.base)
    now, records = _digests(material, state)
    if trial:
        date, version = _on_trial(table, now, date, version)
    changes, again = _changes(table, now, records, material, version, date)
    if not again:
        table.extend(changes)
    folder = home / version
    made = _released(folder) if trial and again else None
    if made is None:
        work = home / f"{version}.part"
        shutil.rmtree(work, ignore_errors=True)
        made = _write(material, state, table, work, version, table.versions()[version], trial, progress)
        _settle(work, folder, made)
    _log(home, table, state, edition, version)
    _put(home / change.FILE, table.text())
    if not trial:
        _record(edition, made, table)
    return Made(made, folder, changes, not again)


def _check(material: Material, date: str, version: str) -> None:
    if not material.report.clean:
        raise ReleaseError("there are findings of level error: mend them, `lod check` lists them")
    if not date:
        raise ReleaseError("no source says when it was last changed: give the day of the release, `--date 2026-11-23`")
    if not _VERSION.fullmatch(version) or version == LOG:
        raise ReleaseError(f"version '{version}': letters, digits, dots and hyphens, such as 1.0 or 2026-11-23")
    try:
        day.fromisoformat(date)
    except ValueError:
        raise ReleaseError(f"date '{date}': a day such as 2026-11-23") from None


def _table(edition: Edition, home: Path) -> Table:
    """The table that goes on: the edition's own record, else that of the folder. Trials are taken out of the folder."""
    record, trials = dates.recorded(edition), _clear(home)
    here = Table.read(home / change.FILE)
    if not len(record):
        return Table(row for row in here if row.version not in trials)
    known = record.versions()
    if unknown := [each for each in here.versions() if each not in known and each not in trials]:
        raise ReleaseError(
            f"{home / change.FILE} tells of {', '.join(unknown)}, which {edition.folder / dates.RECORDS} does not know: "
            "take the record from there"
        )
    return record


def _clear(home: Path) -> set[str]:
    """Take earlier trials away; their versions. Releases are never touched; where there are none, nothing is left."""
    is_trial = {file.parent: Manifest.read(file).trial for file in home.glob(f"*/{manifest.FILE}")}
    found = [folder for folder, trial in is_trial.items() if trial]
    for folder in [home] if found and all(is_trial.values()) else found:
        shutil.rmtree(folder)
        shutil.rmtree(home / LOG / folder.name, ignore_errors=True)
    return {folder.name for folder in found}


def _on_trial(table: Table, now: Mapping[str, str], date: str, version: str) -> tuple[str, str]:
    """Date and version of a trial: those of the last release if nothing has changed since, else never before it."""
    days = table.versions()
    if not days:
        return date, version
    last = list(days)[-1]
    return (days[last], last) if table.live() == now else (max(date, *days.values()), version)


def _released(folder: Path) -> Manifest | None:
    """The manifest of a release that lies there, if there is one: it is what a trial of the same would be."""
    file = folder / manifest.FILE
    return Manifest.read(file) if file.is_file() else None


def _digests(material: Material, state: State) -> tuple[dict[str, str], dict[str, Record]]:
    """Of each document its digest, of each thing its record, by paths in order."""
    now, records = {}, {}
    for path, triples in material.blocks:
        now[path] = change.digest_of(state.document(triples))
        records[path] = dates.record(path, triples, state.iris)
    return {path: now[path] for path in sorted(now)}, records


def _changes(
    table: Table,
    now: Mapping[str, str],
    records: Mapping[str, Record],
    material: Material,
    version: str,
    date: str,
) -> tuple[list[Change], bool]:
    """The rows of this release; and whether it is one that was made before, which is then made again."""
    versions = table.versions()
    before = table.live()
    if version in versions:
        if version != list(versions)[-1] or before != now:
            raise ReleaseError(
                f"version {version} was released on {versions[version]} with other content: give another"
            )
        return table.of(version), True
    if versions and date < max(versions.values()):
        raise ReleaseError(f"date {date} lies before the last release, {max(versions.values())}")
    if versions and before == now:
        raise ReleaseError(f"nothing has changed since {list(versions)[-1]}")
    return change.compare(before, now, records, material.withdrawn, version, date), False


def _write(
    material: Material,
    state: State,
    table: Table,
    work: Path,
    version: str,
    date: str,
    trial: bool,
    progress: Progress,
) -> Manifest:
    folder = Folder(work)
    canonical, links = contents.write(material, state, table, folder, version=version, date=date, progress=progress)
    edition = material.edition
    described = crate.metadata(edition, folder.files, date=date, version=version, profile=PROFILE)
    folder.text(crate.FILE, [described], "application/ld+json", "RO-Crate metadata", "description")
    versions = list(table.versions())
    rows = table.of(version)
    made = Manifest(
        edition=edition.id,
        base=edition.base,
        version=version,
        date=date,
        previous=versions[-2] if len(versions) > 1 else "",
        profile=PROFILE,
        triples=state.triples,
        documents=len(table.live()),
        canonical=canonical,
        counts=state.counts(),
        changes={kind.value: count for kind in change.Kind if (count := sum(row.kind is kind for row in rows))},
        links=links,
        files=tuple(folder.files),
        trial=trial,
    )
    if trial and _recorded(edition, made):
        made = replace(made, trial=False)
    folder.text(manifest.FILE, [made.to_json()], "application/json", "Manifest", "description")
    _put(work / "SHA256SUMS", folder.sums())
    return made


def _recorded(edition: Edition, made: Manifest) -> bool:
    """True when a trial turns out to be a recorded release, byte for byte."""
    file = edition.folder / dates.RECORDS / f"{made.version}.json"
    return file.is_file() and Manifest.read(file) == replace(made, trial=False)


def _settle(work: Path, folder: Path, made: Manifest) -> None:
    """Move a finished release to its place. One that is there already must be the same, byte for byte."""
    if not folder.is_dir():
        work.replace(folder)
        return
    there = Manifest.read(folder / manifest.FILE)
    differing = [file.name for file in made.files if there.file(file.name) != file]
    shutil.rmtree(work)
    if differing or there.canonical != made.canonical:
        names = ", ".join(differing[:5])
        raise ReleaseError(f"{folder} is there already and differs ({names}): releases never change")


def _log(home: Path, table: Table, state: State, edition: Edition, version: str) -> None:
    """Write what changed documents say now, unless it is written: the changes since the last log that is here."""
    folder = home / LOG / version
    if folder.is_dir():
        return
    logged = list(History(home.parent, edition.id).logs)
    versions = list(table.versions())
    begin = versions.index(logged[-1]) + 1 if logged else 0
    rows = last_of_each([row for each in versions[begin:] for row in table.of(each)])
    work = folder.with_name(f"{version}.part")
    shutil.rmtree(work, ignore_errors=True)
    write_log(rows, state.documents(), edition.base, work)
    work.replace(folder)


def _record(edition: Edition, made: Manifest, table: Table) -> None:
    """What is committed with the edition: its table, the manifest, and every IRI, which from now on stays."""
    folder = edition.folder / dates.RECORDS
    file = folder / f"{made.version}.json"
    if file.is_file() and Manifest.read(file) != made:
        raise ReleaseError(f"{file} tells of another release of that name: releases never change")
    _put(file, made.to_json())
    _put(folder / change.FILE, table.text())


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(file)


def approve(material: Material) -> int:
    """Add every IRI of a release to the edition's list of published ones; how many were new."""
    subjects = {triple[0] for _, triples in material.blocks for triple in triples}
    return published.approve(subjects, material.edition)
