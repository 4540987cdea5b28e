"""The tests of the guards can fail: each guard is taken away in turn, and its tests notice."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUARDS = "tests/transactions/test_guards.py"

BITES = {
    "constraint": {
        "test_the_constraint_refuses_a_second_held_unit",
        "test_a_number_taken_while_we_looked_away_is_refused_by_the_constraint",
    },
    "guard": {"test_a_unit_moved_while_we_looked_away_is_refused_by_the_guarded_update"},
    "triggers": {"test_the_ledger_is_append_only"},
}


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, str], set[str]]:
    """The tests of the guards by how they ended and by what was taken away."""
    command = [
        sys.executable, "-m", "pytest", GUARDS, "-v", "-p", "no:randomly", "-p", "no:cacheprovider",
        "-p", "tests.house.mutations", "-n", "0", "--create-db",
    ]  # fmt: skip
    environment = os.environ | {"DATABASE_URL": "sqlite://:memory:"}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    found = defaultdict(set)
    each = r"^\S+::(\w+)\[(\w+)\S* (PASSED|FAILED)"
    for name, mutation, how in re.findall(each, run.stdout, re.MULTILINE):
        found[mutation, how].add(name)
    assert found, run.stdout[-3000:]
    return found


@pytest.mark.parametrize("mutation", BITES)
def test_without_the_guard_its_tests_fail(outcomes, mutation: str) -> None:
    assert outcomes[mutation, "FAILED"] >= BITES[mutation]
    assert outcomes[mutation, "PASSED"], "the mutation broke one guard, not all"
