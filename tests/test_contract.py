"""Every statement of docs/contract.md is held by tests, and tests name statements that are there."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.conftest import ROOT

STATEMENTS = [
    int(number)
    for number in re.findall(r"^(\d+)\. \S", (ROOT / "docs" / "contract.md").read_text(encoding="utf-8"), re.MULTILINE)
]


def named(file: Path) -> dict[int, list[str]]:
    """Statement → the test functions of a file that name it with `@pytest.mark.statement(…)`."""
    found: dict[int, list[str]] = defaultdict(list)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.statement":
                    assert node.name.startswith("test_"), f"{file}: {node.name} is no test"
                    for argument in mark.args:
                        found[ast.literal_eval(argument)].append(node.name)
    return found


def test_every_statement_has_a_test() -> None:
    assert list(range(1, 86)) == STATEMENTS
    held: dict[int, list[str]] = defaultdict(list)
    for file in (ROOT / "tests").rglob("test_*.py"):
        if "node_modules" not in file.parts:
            for number, tests in named(file).items():
                held[number] += tests
    assert sorted(set(STATEMENTS) - held.keys()) == [], "statements that no test names"
    assert sorted(held.keys() - set(STATEMENTS)) == [], "statements that are not in docs/contract.md"
