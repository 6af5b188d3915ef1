"""What pip installs is whole: a wheel, with no checkout around it, builds an edition and serves all that comes with the package."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.servers import free_port, running

SAMPLE = ROOT / "tests" / "sample" / "edition"
FROM_THE_PACKAGE = (
    "/",
    "/static/style.css",
    "/?lang=fr",
    "/ns",
    "/profile",
    "/shapes",
    "/context.jsonld",
    "/problems",
    "/sparql",
)
"""Each needs files of the package: templates, a locale, the ontology, shapes, queries."""


@pytest.fixture(scope="module")
def lod(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of a wheel that was made of a copy of this checkout and unpacked as pip does, on the libraries installed here."""
    copy, wheels, site = (tmp_path_factory.mktemp(name) for name in ("checkout", "wheels", "site"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("lod", "ontology", "shapes"):
        ignored = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=ignored)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(copy)]
    subprocess.run(pip, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    return ["env", f"PYTHONPATH={site}", sys.executable, "-m", "lod"]


@pytest.fixture(scope="module")
def dumps(lod: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What it makes of the sample edition."""
    folder = tmp_path_factory.mktemp("elsewhere")
    build = [*lod, "build", str(SAMPLE), "--fresh", "--out", str(folder / "dumps")]
    done = subprocess.run(build, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "dumps"


def test_a_wheel_has_code_of_its_own(lod: list[str], tmp_path: Path) -> None:
    where = [*lod[:-2], "-c", "import lod; print(lod.__file__)"]
    imported = subprocess.run(where, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert not Path(imported).is_relative_to(ROOT)


def test_a_wheel_builds_what_the_checkout_builds(dumps: Path, tmp_path: Path) -> None:
    here = [sys.executable, "-m", "lod", "build", str(SAMPLE), "--fresh", "--out", str(tmp_path)]
    subprocess.run(here, cwd=ROOT, check=True, capture_output=True)
    for name in ("sample.ttl", "report.json"):
        assert (dumps / "sample" / name).read_bytes() == (tmp_path / "sample" / name).read_bytes()


def test_a_wheel_serves_all_that_comes_with_it(lod: list[str], dumps: Path) -> None:
    port = free_port()
    serve = [*lod, "serve", str(SAMPLE), "--out", str(dumps), "--port", str(port)]
    with (
        running(serve, dumps.parent, f"http://127.0.0.1:{port}/ready"),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        assert {path: client.get(path).status_code for path in FROM_THE_PACKAGE} == dict.fromkeys(FROM_THE_PACKAGE, 200)
