"""`lod serve --reload`: an editor changes the TEI and sees the page."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.web.serving import BROWSER, free_port, wait_ready

SAMPLE = Path(__file__).parents[1] / "sample" / "edition"


def test_the_page_follows_the_source(tmp_path: Path) -> None:
    folder, out = tmp_path / "edition", tmp_path / "dumps"
    shutil.copytree(SAMPLE, folder)
    base = [sys.executable, "-m", "lod"]
    subprocess.run([*base, "build", str(folder), "--out", str(out)], check=False, capture_output=True)
    port = free_port()
    command = [*base, "serve", str(folder), "--out", str(out), "--port", str(port), "--reload"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Accept": BROWSER}) as client:
            wait_ready(client)
            register = folder / "registers.xml"
            text = register.read_text(encoding="utf-8")
            person = "Zinaida Changed-Here"
            assert person not in client.get("/person/").text
            name = text.split("<persName", 1)[1].split("</persName>", 1)[0].rsplit(">", 1)[1]
            register.write_text(text.replace(f">{name}</persName>", f">{person}</persName>", 1), encoding="utf-8")
            end = time.monotonic() + 60
            while person not in client.get("/person/").text:
                assert time.monotonic() < end, "the page did not follow"
                assert client.get("/health").status_code == 200
                time.sleep(0.2)
            # What cannot be built leaves the pages as they are.
            register.write_text("<TEI", encoding="utf-8")
            (folder / "edition.toml").write_text("id = ", encoding="utf-8")
            time.sleep(3)
            assert person in client.get("/person/").text
    finally:
        server.terminate()
        assert server.wait(30) == 0
