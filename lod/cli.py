"""`lod`: editions of letters as linked open data. Exit code 0: clean; 1: findings of level error; 2: cannot go on."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lod import build as main_path
from lod import config
from lod import release as releases
from lod.cache import Cache
from lod.dumps import DUMPS
from lod.errors import LodError
from lod.formats import CSV_RESULTS, RDF_FORMATS, RESULT_FORMATS, TURTLE
from lod.release import diff as differ
from lod.report import Finding, Report
from lod.store import MEMORY, Blocking, GraphFile, Limits, Refusal, disk
from lod.store.load import put
from lod.terms import n_triples
from lod.tools import findings as findings_shown
from lod.tools import link as linking
from lod.tools import new as edition_maker
from lod.tools import redirects as redirecting
from lod.tools import vocab as vocabulary
from lod.tools.explain import Explainer
from lod.tools.reload import reloading
from lod.web.clients import AT_ONCE
from lod.web.opened import Opened
from lod.web.server import Operation
from lod.web.server import serve as serve_app

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
_out = Console()
_err = Console(stderr=True)

EditionFolder = Annotated[Path, typer.Argument(help="The edition's folder, with edition.toml in it.")]
Strict = Annotated[bool, typer.Option("--strict", help="Warnings fail the run too.")]
Every = Annotated[bool, typer.Option("--all", help="Every finding, not the first of each code.")]
Fresh = Annotated[
    bool, typer.Option("--fresh", envvar="LOD_FRESH", help="Read every file again; keep nothing for the next run.")
]
DumpFolder = Annotated[Path, typer.Option("--out", "-o", help="Where dumps lie, a folder for each edition.")]


@contextmanager
def _told() -> Iterator[None]:
    """An error that means "cannot go on" becomes its sentence and exit code 2."""
    try:
        yield
    except LodError as error:
        _err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from None


def _cache(fresh: bool = False) -> Cache | None:
    return None if fresh else Cache.of_user()


@app.command()
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
        _err.print(f"there is no format '{unknown[0]}': {', '.join(DUMPS)}", style="red")
        raise typer.Exit(2)
    with _told(), _progress() as progress:
        built = main_path.build(folder, out, names, progress, _cache(fresh))
    _show(built.report, strict=strict, every=every)
    if approve:
        _out.print(f"published.txt: {main_path.approve(built)} new IRIs", highlight=False)
    edition = built.corpus.edition
    for name in names:
        _out.print(
            f"{main_path.dump_file(out, edition.id, name)}: {built.triples} triples about {len(built.corpus.records)} things",
            highlight=False,
            soft_wrap=True,
        )
    raise typer.Exit(0 if built.report.passes(strict=strict) else 1)


@app.command()
def check(
    folder: EditionFolder,
    form: Annotated[str, typer.Option("--format", "-f", help="How findings are told: table, json or md.")] = "table",
    strict: Strict = False,
    every: Every = False,
    fresh: Fresh = False,
) -> None:
    """Read, map and check an edition, and write nothing but what was found."""
    if form != findings_shown.TABLE and form not in findings_shown.FORMATS:
        _err.print(f"there is no format '{form}': table, {', '.join(findings_shown.FORMATS)}", style="red")
        raise typer.Exit(2)
    with _told(), _progress() as progress:
        built = main_path.examine(folder, progress, _cache(fresh))
    if form == findings_shown.TABLE:
        _show(built.report, strict=strict, every=every)
    else:
        typer.echo(findings_shown.FORMATS[form](built.report))
    raise typer.Exit(0 if built.report.passes(strict=strict) else 1)


@app.command()
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
    with _told(), _progress() as progress:
        built = main_path.examine(folder, progress)
        _show(built.report)
        material = main_path.material(built)
        day = date or main_path.last_change(built)
        name = version or ("trial" if trial else day)
        made = releases.make(material, to, date=day, version=name, trial=trial, progress=progress)
        if not trial:
            releases.approve(material)
    _out.print(f"{made.folder}: {len(made.manifest.files)} files", highlight=False, soft_wrap=True)
    counted = ", ".join(f"{count} {kind}" for kind, count in made.manifest.changes.items()) or "no changes"
    _out.print(counted if made.new else f"released before: {counted}", highlight=False)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A dump, or the folder of a release.")],
    new: Annotated[Path, typer.Argument(help="Another one.")],
    patch: Annotated[bool, typer.Option("--patch", help="As an RDF Patch instead of lines for people.")] = False,
) -> None:
    """What changed between two states of an edition, thing by thing. Exit code 1 when something did."""
    with _told():
        before, after = differ.load(old), differ.load(new)
        base = differ.base_of(new, after) or differ.base_of(old, before)
        found = differ.differences(before, after, base)
    lines = differ.patch(found, differ.name(before), differ.name(after)) if patch else differ.readable(found, base)
    for line in lines:
        typer.echo(line, nl=False)
    raise typer.Exit(1 if found else 0)


@app.command()
def serve(
    folders: Annotated[list[Path], typer.Argument(help="One or more editions' folders; build them first.")],
    out: DumpFolder = Path("dumps"),
    released: Annotated[
        Path | None, typer.Option("--releases", help="Where releases lie; default: none are served.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen at.")] = 8000,
    public_url: Annotated[
        str,
        typer.Option(envvar="LOD_PUBLIC_URL", help="Where readers reach this server; default http://localhost:PORT."),
    ] = "",
    seconds: Annotated[float, typer.Option(help="The longest a query may run.")] = Limits().seconds,
    store: Annotated[
        str,
        typer.Option(help="Where queries are answered: memory, a folder from `lod load`, or an endpoint's address."),
    ] = MEMORY,
    slots: Annotated[int, typer.Option(help="Queries that run at once; 0: one a processor.")] = 0,
    client_queries: Annotated[int, typer.Option(help="Queries that one client may have under way.")] = AT_ONCE,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.")] = 1,
    access_log: Annotated[bool, typer.Option("--access-log", help="A line a request on standard output.")] = False,
    metrics: Annotated[int, typer.Option(help="A port of this machine for Prometheus; 0: none.")] = 0,
    proxy: Annotated[str, typer.Option(help="Addresses of proxies that may say who the client is.")] = "",
    fd: Annotated[int, typer.Option(help="A listening socket that was handed over, such as systemd's 3.")] = -1,
    reload: Annotated[
        bool, typer.Option("--reload", help="For editors: a change in an edition's folder builds and shows it anew.")
    ] = False,
) -> None:
    """Serve things, documents, dumps, search and SPARQL. SIGHUP changes over to what lies there now."""
    address = public_url.rstrip("/") or f"http://localhost:{port}"
    opened = Opened(tuple(folders), out, address, Limits(seconds=seconds), store, slots, client_queries, released)
    with _told():
        opened.check()
        _err.print(f"{', '.join(map(str, folders))} at {address}", highlight=False)
        changes = reloading(folders, out, _change_over) if reload else nullcontext()
        with changes:
            raise typer.Exit(serve_app(opened.app, Operation(host, port, workers, metrics, proxy, access_log, fd)))


def _change_over() -> None:
    os.kill(os.getpid(), signal.SIGHUP)


@app.command()
def load(
    place: Annotated[str, typer.Argument(help="A new folder, or the address of a graph store (SPARQL 1.1 GSP).")],
    folders: Annotated[list[Path], typer.Argument(help="The editions' folders; build them first.")],
    out: DumpFolder = Path("dumps"),
    user: Annotated[str, typer.Option(help="Who may write there.")] = "",
    password: Annotated[str, typer.Option(envvar="LOD_STORE_PASSWORD", help="Better in the environment.")] = "",
) -> None:
    """Put dumps into a store on disk or into any SPARQL 1.1 server, for `lod serve --store`."""
    with _told(), _progress() as progress:
        files = Opened(tuple(folders), out).files()
        if "://" in place:
            count = put(files, place, user=user, password=password, progress=progress)
        else:
            progress("load")
            count = disk.write(files, Path(place))
    _out.print(f"{place}: {count:,} triples", highlight=False, soft_wrap=True)


@app.command()
def query(
    text: Annotated[str, typer.Argument(help="The query, or a file that holds it (*.rq); - reads standard input.")],
    folder: Annotated[Path, typer.Option("--edition", "-e", help="The edition's folder.")] = Path(
        "corpus/serge-trotsky"
    ),
    out: DumpFolder = Path("dumps"),
    form: Annotated[
        str, typer.Option("--format", "-f", help="json xml csv tsv, or ttl nt jsonld rdf for graphs.")
    ] = "",
) -> None:
    """Ask a SPARQL query of an edition's dump, under the limits of the public endpoint."""
    known = {each.name: each for each in (*RESULT_FORMATS, *RDF_FORMATS)}
    if form and form not in known:
        _err.print(f"there is no format '{form}': {', '.join(known)}", style="red")
        raise typer.Exit(2)
    if text == "-":
        text = sys.stdin.read()
    elif text.endswith(".rq"):
        file = Path(text)
        if not file.is_file():
            _err.print(f"there is no file {file}", style="red")
            raise typer.Exit(2)
        text = file.read_text(encoding="utf-8")
    with _told():
        edition = config.load(folder)
        accept = [known[form]] if form else [CSV_RESULTS, TURTLE]
        dump = main_path.dump_file(out, edition.id)
        if not dump.is_file():
            raise LodError(f"{dump} is not there: run `lod build {folder}` first")
        with Blocking([GraphFile(dump)], base=edition.base) as store:
            answer = store.query(text, accept, Limits())
    if isinstance(answer, Refusal):
        _err.print(answer.detail, style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2)
    sys.stdout.buffer.write(answer.body)


@app.command()
def explain(
    key: Annotated[str, typer.Argument(help="A key or path: 12, letter/12, person/serge, person/solntsev/death.")],
    folder: Annotated[Path, typer.Option("--edition", "-e", help="The edition's folder.")] = Path(
        "corpus/serge-trotsky"
    ),
) -> None:
    """Follow one thing through the house: its lines in the source, its record, its triples, its findings."""
    with _told(), _progress() as progress:
        found = Explainer(main_path.examine(folder, progress, _cache())).explain(key)
    if not found:
        _err.print(f"nothing in {folder} has the key '{key}'", style="red")
        raise typer.Exit(2)
    for each in found:
        _out.rule(each.path)
        _out.print(f"source  {each.source}", highlight=False)
        for number, words in each.lines:
            typer.echo(f"  {number:>6}  {words}")
        if each.record is not None:
            _out.print("record", each.record)
        _out.print(f"triples {len(each.triples)}", highlight=False)
        for triple in each.triples:
            typer.echo("  " + n_triples(triple), nl=False)
        _show(list(each.findings))


link = typer.Typer(no_args_is_help=True, help="Links to authorities and other editions: proposed, decided, written.")
app.add_typer(link, name="link")


@link.command("propose")
def link_propose(
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
    asked = linking.Sources(
        tuple(authority or ()), inhabitants if geonames else 0, tuple(service or ()), tuple(lookup or ())
    )
    with _told(), _progress() as progress:
        found = linking.candidates(folder, asked, kind or ["person", "organisation", "place"], lacking or [], progress)
        title = f"Candidates for {config.load(folder).id}"
        page = linking.write_review(found, review, title, date.today().isoformat())
    things, against = len({each.subject.id for each in found}), sum(bool(each.against) for each in found)
    _out.print(
        f"{review}, {page}: {len(found)} candidates for {things} things, {against} of them rejected as namesakes",
        highlight=False,
        soft_wrap=True,
    )


@link.command("accept")
def link_accept(
    folder: EditionFolder,
    table: Annotated[Path, typer.Argument(help="The table, with decisions in it.")],
    by: Annotated[
        str, typer.Option("--by", help="Who decided, as TEI's @resp points: organisations.xml#data-editors.")
    ] = "",
    when: Annotated[str, typer.Option("--when", help="The day of the decision; today without it.")] = "",
) -> None:
    """Write the accepted rows into the TEI as idno; everything else keeps every byte."""
    with _told():
        written = linking.accept(folder, table, by, when or date.today().isoformat())
    for each in written:
        said = "written" if each.new else "stood there already"
        _out.print(
            f"{each.file}: {each.decision.subject} {each.decision.object} {said}", highlight=False, soft_wrap=True
        )
    _out.print(f"{sum(each.new for each in written)} links written", highlight=False)


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="A folder with TEI, CMIF or tables in it.")]) -> None:
    """Look at what a folder holds and write an edition.toml that builds."""
    target = folder / "edition.toml"
    with _told():
        if target.exists():
            raise LodError(f"{target} is there already: nothing was written")
        looks = edition_maker.look(folder)
        target.write_text(edition_maker.toml(folder, looks), encoding="utf-8")
    read = [each for each in looks if each.format]
    _out.print(
        f"{target}: {len(read)} of {len(looks)} files are read; next: lod check {folder}",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
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
    with _told():
        edition = config.load(folder)
        made = redirecting.write(edition, public_url, out, f"/{edition.id}" if several else "")
    for file in made:
        _out.print(str(file), highlight=False, soft_wrap=True)


@app.command()
def vocab(
    ontology: Annotated[Path, typer.Option(help="The folder that describes the terms.")] = Path("ontology"),
    target: Annotated[Path, typer.Option(help="The module to write.")] = Path("lod/vocab.py"),
) -> None:
    """Write the constants and the JSON-LD context for every term that ontology/ describes."""
    with _told():
        target.write_text(vocabulary.generate(ontology), encoding="utf-8")
        context = ontology / "context.jsonld"
        context.write_text(vocabulary.context(ontology), encoding="utf-8")
    _out.print(f"{target} and {context} written", highlight=False)


@contextmanager
def _progress() -> Iterator[main_path.Progress]:
    """Steps as they begin, drawn only where somebody looks. SIGTERM ends them as Ctrl-C does: temporary folders go."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _err.status("") as status:
            yield lambda step: status.update(f"{step} …")
    finally:
        signal.signal(signal.SIGTERM, before)


def _show(report: Report | list[Finding], *, strict: bool = False, every: bool = False) -> None:
    """Findings by code; a closing line with the counts."""
    findings = list(report)
    if findings:
        _out.print(findings_shown.table(findings, every=every))
    _out.print(findings_shown.counts(findings, strict=strict), highlight=False)
