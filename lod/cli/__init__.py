"""`lod`: editions of letters as linked open data. Exit code 0: clean; 1: findings of level error; 2: cannot go on."""

import gc

gc.disable()  # imports make thousands of things that stay: looking for cycles among them takes a sixth of a start

import typer  # noqa: E402

from lod.cli import editing, linking, publishing, serving  # noqa: E402

gc.freeze()
gc.enable()

_COMMANDS = {
    "Making an edition": (editing.new, editing.check, editing.build, editing.explain),
    "Publishing it": (publishing.release, publishing.diff, publishing.redirects),
    "Serving it": (serving.serve, serving.load, serving.query),
    "The terms": (editing.vocab,),
}


def _assembled() -> typer.Typer:
    made = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
    for title, commands in _COMMANDS.items():
        for command in commands:
            made.command(rich_help_panel=title)(command)
    link = typer.Typer(
        no_args_is_help=True, help="Links to authorities and other editions: proposed, decided, written."
    )
    link.command()(linking.propose)
    link.command()(linking.accept)
    made.add_typer(link, name="link", rich_help_panel="Linking it")
    return made


app = _assembled()
