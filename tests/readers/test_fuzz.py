"""Five hundred mutants a reader: findings, never a crash, a hang or a read outside the folder. Each reader in a process of its own."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.readers.fuzz import KINDS

MUTANTS, SEED = 500, 1


@pytest.mark.parametrize("kind", KINDS)
def test_mutants_end_in_findings(kind: str) -> None:
    command = [sys.executable, "-m", "tests.readers.fuzz", kind, str(MUTANTS), str(SEED)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout)
    assert figures["mutants"] == MUTANTS
    assert len(figures["codes"]) > 5, "the mutants do not get far enough to be worth reading"
