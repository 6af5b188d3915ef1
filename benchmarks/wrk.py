"""Load made by `wrk` (Debian's), with one thread: a client that takes little of the processors which it shares with the server."""

import os
import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WRK = """
local requests = {}
for line in io.lines(os.getenv("REQUESTS")) do
  local accept, target = line:match("^(%S+) (%S+)$")
  requests[#requests + 1] = {accept, target}
end
local new, number = os.getenv("NEW"), 0
function request()
  number = number + 1
  local one = requests[(number - 1) % #requests + 1]
  local target = one[2]
  if new ~= "" then target = target .. "%0A%23" .. new .. "." .. number end
  return wrk.format("GET", target, {["Accept"] = one[1]})
end
function done(summary, latency, _)
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.timeout + summary.errors.read, latency:percentile(50), latency:percentile(99)))
end
"""
"""What wrk runs: requests of a file in turn, each in a text that was never seen if `NEW` is set; one line of figures."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers a second, milliseconds at the median and for 99 of 100, and requests that were not answered with success."""

    rate: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    failed: int = 0


def measure(
    url: str, requests: Sequence[tuple[str, str]], clients: int, seconds: float, folder: Path, *, new: bool = False
) -> Cell:
    """Load by `wrk` with one thread, which costs a server's processors little. Requests are (Accept, target) pairs."""
    file, script = folder / "requests", folder / "wrk.lua"
    file.write_text("".join(f"{accept} {target}\n" for accept, target in requests), encoding="ascii")
    script.write_text(WRK, encoding="ascii")
    unseen = f"{time.monotonic_ns()}.{clients}" if new else ""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "--latency", "--timeout", "20s"]
    given = {**os.environ, "REQUESTS": str(file), "NEW": unseen}
    done = subprocess.run([*command, "-s", str(script), url], env=given, capture_output=True, text=True, check=True)
    found = re.search(r"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$", done.stdout, re.MULTILINE)
    assert found is not None, done.stdout
    count, spent, failed, median_, tail = map(int, found.groups())
    return Cell(round((count - failed) / (spent / 1e6), 1), round(median_ / 1000, 3), round(tail / 1000, 3), failed)


def show(name: str, line: dict[str, Cell]) -> dict[str, Cell]:
    """Print a line of figures as it comes."""
    cells = (
        f" | {server} {cell.rate:.0f}/s p50 {cell.p50:.2f} p99 {cell.p99:.2f}"
        + (f" !{cell.failed}" if cell.failed else "")
        for server, cell in line.items()
    )
    print(f"{name:49}" + "".join(cells), flush=True)
    return line
