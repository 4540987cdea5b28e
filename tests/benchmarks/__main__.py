"""`make bench`: what posting costs against the raw database, on SQLite and on PostgreSQL.

PostgreSQL takes part where DATABASE_URL points to one. `make bench N="1000 10000"
JOBS="receive ship"` measures a part. One JSON line a figure; at the end all of them as tables in
Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from tests.benchmarks.databases import databases

SIZES = (100, 1_000, 10_000, 100_000)
# The modules that measure, and the jobs of each. A module's `main(jobs, sizes)` prints a JSON line
# for each figure; it is called in a process and on a database of its own, new and migrated.
MODULES = {
    "posting": (
        "receive",
        "void",
        "transfer",
        "pick",
        "ship",
        "void-shipment",
        "adjust-out",
    ),
    "checking": ("check",),
    "trail": ("trail",),
    "clients": ("clients",),
    "pages": ("pages",),
}
START = (
    "import django, importlib, json, sys; django.setup(); "
    "from django.core.management import call_command; call_command('migrate', verbosity=0); "
    "importlib.import_module('tests.benchmarks.' + sys.argv[1])"
    ".main(*map(json.loads, sys.argv[2:]))"
)

Line = dict[str, Any]


def main() -> None:
    every = [job for jobs in MODULES.values() for job in jobs]
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--n", nargs="+", type=int, default=SIZES, help="numbers of units")
    parser.add_argument("--jobs", nargs="+", choices=every, default=every)
    chosen = parser.parse_args()
    lines = [
        line
        for module, jobs in MODULES.items()
        if (wanted := [job for job in jobs if job in chosen.jobs])
        for database in databases()
        for line in measure(database, module, wanted, chosen.n)
    ]
    print("".join(f"\n{table}\n" for table in tables(lines)))


def measure(database: Any, module: str, jobs: list[str], sizes: list[int]) -> list[Line]:
    """Run a module's jobs on a database, passing on their JSON lines as they come."""
    command = [sys.executable, "-c", START, module, json.dumps(jobs), json.dumps(sizes)]
    lines = []
    with database as url:
        environment = {**os.environ, "DATABASE_URL": url}
        environment["DJANGO_SETTINGS_MODULE"] = "inventory.settings"
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            for line in run.stdout:
                print(line, end="", flush=True)
                lines.append(json.loads(line))
    if run.returncode:
        sys.exit(run.returncode)
    return lines


def tables(lines: list[Line]) -> list[str]:
    """The lines in Markdown, those with the same columns in one table."""
    alike: dict[tuple[str, ...], list[list[str]]] = {}
    for line in lines:
        alike.setdefault(tuple(line), []).append([_cell(value) for value in line.values()])
    return [_table(columns, rows) for columns, rows in alike.items()]


def _table(columns: tuple[str, ...], rows: list[list[str]]) -> str:
    heading = [column.replace("_", " ") for column in columns]
    widths = [max(map(len, cells)) for cells in zip(heading, *rows, strict=True)]
    ruled = [heading, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) + " |"
        for row in ruled
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    main()
