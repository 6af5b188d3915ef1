"""Statements 5–8: what well-known clients ask for they get; those that are here are asked what they send."""

import os
import shutil
import subprocess

import httpx
import pytest
import rdflib
from accepts import SENT, recording
from harvested import CLIENTS, Harvested

from tests.conftest import ROOT


def asked(site: Harvested, fields: tuple[str, ...]) -> str:
    """The suffix of the document that a name leads to."""
    plain = [(name, words) for name, words in site.served.client.headers.items() if name != "accept"]
    response = httpx.get(f"{site.url}/person/serge", headers=[*plain, *(("Accept", field) for field in fields)])
    assert response.status_code == 303, response.text
    assert response.headers["location"].startswith(f"{site.url}/person/serge.")
    return response.headers["location"].rpartition(".")[2]


@pytest.mark.statement(5, 6, 7, 8)
@pytest.mark.parametrize("client", SENT)
def test_what_well_known_clients_ask_for_they_get(shipped_site: Harvested, client: str) -> None:
    sent = SENT[client]
    assert asked(shipped_site, sent.fields) == sent.suffix, sent.origin
    joined = (", ".join(sent.fields),)
    assert asked(shipped_site, joined) == sent.suffix, "one list or several fields: the same"


COMMANDS = {
    "curl": ["curl", "-s"],
    "rapper": ["rapper", "-q", "-g"],
    "Chrome": [os.environ.get("CHROMIUM", "chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"],
    "Comunica": ["node", "comunica.mjs", "SELECT * { ?s ?p ?o }"],
}


@pytest.mark.statement(5, 6, 7, 8)
def test_the_clients_that_are_here_send_what_leads_them_there(shipped_site: Harvested) -> None:
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    there = {name: command for name, command in COMMANDS.items() if shutil.which(command[0], path=path)}
    if not (CLIENTS / "node_modules").is_dir():
        there.pop("Comunica", None)
    assert there.keys() == COMMANDS.keys() or os.environ.get("CI") != "true", "make clients harvesters browser"
    with recording() as recorder:
        rdflib.Graph().parse(f"{recorder.url}/rdflib", format=None)
        for name, command in there.items():
            subprocess.run(
                [*command, f"{recorder.url}/{name}"],
                cwd=CLIENTS,
                env={**os.environ, "PATH": path},
                capture_output=True,
                timeout=60,
            )
    assert {"rdflib", *there} <= recorder.accepts.keys()
    for name in ("rdflib", *there):
        assert asked(shipped_site, recorder.accepts[name]) == SENT[name].suffix, recorder.accepts[name]
