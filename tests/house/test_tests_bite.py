"""The tests of the guards can fail: each guard is taken away in turn, and its tests notice."""

import os
import re
import subprocess
import sys
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


@pytest.mark.parametrize("mutation", BITES)
def test_without_the_guard_its_tests_fail(mutation: str, tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "pytest", GUARDS, "-q", "-p", "no:randomly", "-p", "no:cacheprovider",
        "-p", "tests.house.mutations", "-n", "0", "--create-db",
    ]  # fmt: skip
    environment = os.environ | {
        "MUTATION": mutation,
        "DATABASE_URL": f"sqlite:///{tmp_path}/mutated.sqlite3",
    }
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    failed = set(re.findall(r"^FAILED \S+::(\w+)", run.stdout, re.MULTILINE))
    assert failed >= BITES[mutation], run.stdout[-3000:]
    assert "passed" in run.stdout, "the others still pass: the mutation broke one guard, not all"
