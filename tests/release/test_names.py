"""The redirect rules for both w3id namespaces, in a real Apache: every name leads to its place on the server."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from lod import config
from lod.cli import app
from lod.errors import LodError
from lod.tools import redirects
from tests.conftest import ROOT
from tests.web.serving import BROWSER, published, serving

EDITION = config.load(ROOT / "corpus" / "serge-trotsky")
SERVER = "https://letters.example.org/lod"
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


@contextlib.contextmanager
def serving_rules(folder: Path) -> Iterator[httpx.Client]:
    """An Apache that obeys the `.htaccess` files below `folder/rules`."""
    program = shutil.which("apache2") or "/usr/sbin/apache2"
    if not Path(program).is_file():
        pytest.fail("make harvesters installs it") if os.environ.get("CI") == "true" else pytest.skip(
            "apache2 is not here"
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder.chmod(0o755)
    home = Path("/usr/lib/apache2/modules")
    modules = "\n".join(f"LoadModule {name}_module {home}/mod_{name}.so" for name in MODULES)
    if (home / "mod_unixd.so").is_file():
        modules += f"\nLoadModule unixd_module {home}/mod_unixd.so"
    text = CONFIGURATION.format(folder=folder, port=port, modules=modules, rules=folder / "rules")
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


@pytest.fixture(scope="module")
def apache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("apache")
    redirects.write(EDITION, f"{SERVER}/", folder / "rules")
    with serving_rules(folder) as client:
        yield client


def test_the_rules_in_the_repository_are_those_that_lead_to_make_run() -> None:
    there = {
        file.parent.name: file.read_text(encoding="utf-8") for file in (ROOT / "ontology" / "w3id").glob("*/.htaccess")
    }
    assert there == redirects.rules(EDITION, "http://localhost:8000")


def test_the_command_writes_them_for_the_address_it_is_given(tmp_path: Path) -> None:
    command = ["redirects", str(EDITION.folder), "--public-url", SERVER, "--several", "--out", str(tmp_path)]
    ran = CliRunner().invoke(app, command)
    assert ran.exit_code == 0, ran.output
    there = {file.parent.name: file.read_text(encoding="utf-8") for file in tmp_path.glob("*/.htaccess")}
    assert there == redirects.rules(EDITION, SERVER, "/serge-trotsky")
    assert CliRunner().invoke(app, [*command[:3], "nowhere"]).exit_code == 2


def test_names_lead_through_apache_to_documents(tmp_path: Path) -> None:
    one = published(tmp_path / "site")
    with serving([one]) as site:
        redirects.write(one.edition, site.url, tmp_path / "rules")
        with serving_rules(tmp_path) as client:
            for name, accept, kind in (
                ("/harbour/letter/1", "text/turtle", "text/turtle"),
                ("/harbour/person/berg", BROWSER, "text/html"),
                ("/harbour/person/i-berg", "application/ld+json", "application/ld+json"),
                ("/correspondence-lod/ns", "text/turtle", "text/turtle"),
                ("/correspondence-lod/context.jsonld", "*/*", "application/ld+json"),
            ):
                found = client.get(name, headers={"Accept": accept}, follow_redirects=True)
                assert found.status_code == 200 and found.headers["content-type"].startswith(kind), name
            assert client.get("/harbour/person/ghost", follow_redirects=True).status_code == 410


def test_an_edition_among_several_lies_below_its_id_and_an_address_must_be_one() -> None:
    made = redirects.rules(EDITION, SERVER, f"/{EDITION.id}")
    assert f"LOD_SERVER={SERVER}/serge-trotsky\n" in made["serge-trotsky"]
    assert f"LOD_SERVER={SERVER}\n" in made["correspondence-lod"]
    for wrong in (
        "letters.example.org",
        "https://",
        "ftp://example.org",
        "https://example.org/ x",
        "https://x.org/\nRewriteEngine off",
    ):
        with pytest.raises(LodError):
            redirects.rules(EDITION, wrong)


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
