"""The redirect rules for both w3id namespaces, in a real Apache: every name leads to its place on the server."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT

RULES = ROOT / "ontology" / "w3id"
SERVER = "https://serge-trotsky.example.org"
CONFIGURATION = """
ServerRoot "{folder}"
Listen 127.0.0.1:{port}
ServerName localhost
PidFile "{folder}/pid"
ErrorLog "{folder}/errors"
{modules}
DocumentRoot "{rules}"
<Directory "{rules}">
  AllowOverride All
  Require all granted
</Directory>
"""
MODULES = ("mpm_event", "authz_core", "rewrite", "setenvif")


@pytest.fixture(scope="module")
def apache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    program, folder = shutil.which("apache2") or "/usr/sbin/apache2", tmp_path_factory.mktemp("apache")
    if not Path(program).is_file():
        pytest.fail("make harvesters installs it") if os.environ.get("CI") == "true" else pytest.skip(
            "apache2 is not here"
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    rules = folder / "rules"
    shutil.copytree(RULES, rules)
    folder.chmod(0o755)
    home = Path("/usr/lib/apache2/modules")
    modules = "\n".join(f"LoadModule {name}_module {home}/mod_{name}.so" for name in MODULES)
    if (home / "mod_unixd.so").is_file():
        modules += f"\nLoadModule unixd_module {home}/mod_unixd.so"
    text = CONFIGURATION.format(folder=folder, port=port, modules=modules, rules=rules)
    (folder / "apache.conf").write_text(text, encoding="utf-8")
    server = subprocess.Popen([program, "-f", str(folder / "apache.conf"), "-DFOREGROUND", "-X"])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
            end = time.monotonic() + 15
            while time.monotonic() < end:
                try:
                    client.get("/")
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield client
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.parametrize(
    ("name", "status", "place"),
    [
        ("/serge-trotsky/letter/1", 302, "/letter/1"),
        ("/serge-trotsky/letter/1.ttl", 302, "/letter/1.ttl"),
        ("/serge-trotsky/person/solntsev/death", 302, "/person/solntsev/death"),
        ("/serge-trotsky/letter/1?format=ttl", 302, "/letter/1?format=ttl"),
        ("/serge-trotsky/dataset", 302, "/dataset"),
        ("/serge-trotsky/", 302, "/"),
        ("/serge-trotsky/release/1.0/person/serge", 302, "/release/1.0/person/serge"),
        ("/correspondence-lod/ns", 303, "/ns"),
        ("/correspondence-lod/ns.ttl", 303, "/ns.ttl"),
        ("/correspondence-lod/profile/1.0", 303, "/profile/1.0"),
        ("/correspondence-lod/profile/cidoc", 303, "/profile/cidoc"),
        ("/correspondence-lod/shapes", 303, "/shapes"),
        ("/correspondence-lod/shapes/person.ttl", 303, "/shapes/person.ttl"),
        ("/correspondence-lod/context.jsonld", 302, "/context.jsonld"),
        ("/correspondence-lod/", 303, "/profile"),
    ],
)
def test_every_name_leads_to_its_place(apache: httpx.Client, name: str, status: int, place: str) -> None:
    response = apache.get(name, headers={"Accept": "text/turtle"})
    assert (response.status_code, response.headers.get("location")) == (status, SERVER + place)


def test_other_names_lead_nowhere(apache: httpx.Client) -> None:
    for name in ("/correspondence-lod/nothing", "/correspondence-lod/ns.exe", "/correspondence-lod/shapes/../../x"):
        assert apache.get(name).status_code in (404, 403), name
