"""`make bench`: what posting costs against the raw database, on SQLite and on PostgreSQL.

PostgreSQL takes part where DATABASE_URL points to one; the databases used are new and go away.
Numbers of units may be given: `make bench ARGS="100 1000"`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ
import psycopg
from psycopg import sql

SIZES = ("100", "1000", "10000")
COLUMNS = ("job", "database", "n", "seconds", "raw_seconds", "ratio", "statements")

JOBS = "import django; django.setup(); from tests.benchmarks import posting; posting.main()"


def main(sizes: list[str]) -> None:
    results = []
    for database in databases():
        with database as url:
            results += measure(url, sizes or list(SIZES))
    print("\n" + table(results))


def databases() -> Iterator[Any]:
    yield sqlite()
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres://", "postgresql://", "psql://", "pgsql://")):
        yield postgresql(url)


@contextmanager
def sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


@contextmanager
def postgresql(url: str) -> Iterator[str]:
    """A database beside the one that the address names, on the same server."""
    settings = environ.Env.db_url_config(url)
    name = f"serialbook_bench_{os.getpid()}"
    server = psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield url.removesuffix(settings["NAME"]) + name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def measure(url: str, sizes: list[str]) -> list[dict[str, Any]]:
    """Run the jobs on a database, passing on their JSON lines as they come."""
    environment = {**os.environ, "DATABASE_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "inventory.settings"
    command = [sys.executable, "-c", JOBS, *sizes]
    results = []
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as jobs:
        assert jobs.stdout is not None
        for line in jobs.stdout:
            print(line, end="", flush=True)
            results.append(json.loads(line))
    if jobs.returncode:
        sys.exit(jobs.returncode)
    return results


def table(results: list[dict[str, Any]]) -> str:
    rows = [COLUMNS, *([f"{result[name]}" for name in COLUMNS] for result in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


if __name__ == "__main__":
    main(sys.argv[1:])
