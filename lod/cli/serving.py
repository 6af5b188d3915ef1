"""Commands for those who serve one, and ask it."""

import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from lod import config
from lod.cli.console import ERR, OUT, DumpFolder, progress_shown, told
from lod.errors import LodError
from lod.formats import CSV_RESULTS, RDF_FORMATS, RESULT_FORMATS, TURTLE
from lod.store import MEMORY, Blocking, GraphFile, Limits, Refusal, disk
from lod.store.load import put
from lod.tools.reload import reloading
from lod.web.clients import AT_ONCE
from lod.web.opened import Opened
from lod.web.server import Operation
from lod.web.server import serve as serve_app


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
    with told():
        opened.check()
        ERR.print(f"{', '.join(map(str, folders))} at {address}", highlight=False)
        changes = reloading(folders, out, _change_over) if reload else nullcontext()
        with changes:
            raise typer.Exit(serve_app(opened.app, Operation(host, port, workers, metrics, proxy, access_log, fd)))


def _change_over() -> None:
    os.kill(os.getpid(), signal.SIGHUP)


def load(
    place: Annotated[str, typer.Argument(help="A new folder, or the address of a graph store (SPARQL 1.1 GSP).")],
    folders: Annotated[list[Path], typer.Argument(help="The editions' folders; build them first.")],
    out: DumpFolder = Path("dumps"),
    user: Annotated[str, typer.Option(help="Who may write there.")] = "",
    password: Annotated[str, typer.Option(envvar="LOD_STORE_PASSWORD", help="Better in the environment.")] = "",
) -> None:
    """Put dumps into a store on disk or into any SPARQL 1.1 server, for `lod serve --store`."""
    with told(), progress_shown() as progress:
        files = Opened(tuple(folders), out).files()
        if "://" in place:
            count = put(files, place, user=user, password=password, progress=progress)
        else:
            progress("load")
            count = disk.write(files, Path(place))
    OUT.print(f"{place}: {count:,} triples", highlight=False, soft_wrap=True)


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
        ERR.print(f"there is no format '{form}': {', '.join(known)}", style="red")
        raise typer.Exit(2)
    if text == "-":
        text = sys.stdin.read()
    elif text.endswith(".rq"):
        file = Path(text)
        if not file.is_file():
            ERR.print(f"there is no file {file}", style="red")
            raise typer.Exit(2)
        text = file.read_text(encoding="utf-8")
    with told():
        edition = config.load(folder)
        accept = [known[form]] if form else [CSV_RESULTS, TURTLE]
        dump = out / edition.id / f"{edition.id}.{TURTLE.name}"
        if not dump.is_file():
            raise LodError(f"{dump} is not there: run `lod build {folder}` first")
        with Blocking([GraphFile(dump)], base=edition.base) as store:
            answer = store.query(text, accept, Limits())
    if isinstance(answer, Refusal):
        ERR.print(answer.detail, style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2)
    sys.stdout.buffer.write(answer.body)
