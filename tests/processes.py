"""Real processes over databases of their own, for tests of what outlives a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The address of an empty database: a file in `folder`, or one on the tests' server."""
    name = f"serialbook_{uuid4().hex[:12]}"
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    given = settings.DATABASES["default"]
    place = {"host": given["HOST"], "port": given["PORT"] or None, "user": given["USER"]}
    server = {k: v for k, v in {**place, "password": given["PASSWORD"]}.items() if v}
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            user = f"{given['USER']}:{given['PASSWORD']}@" if given["USER"] else ""
            yield f"postgres://{user}{given['HOST']}:{given['PORT'] or 5432}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(database: str, **more: str) -> dict[str, str]:
    """What a process of Serialbook over a database is started with."""
    return {
        **os.environ, "DATABASE_URL": database, "LOCAL": "true", "SECRET_KEY": "tests",
        "DJANGO_SETTINGS_MODULE": "inventory.settings", **more,
    }  # fmt: skip


def manage(database: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these words; the caller looks at the return code."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, env=environment(database, **more), capture_output=True, text=True, check=False,
    )  # fmt: skip


def run(database: str, code: str) -> str:
    """What a piece of Python over a database prints."""
    code = f"import django\ndjango.setup()\n{code}"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environment(database), check=True, stdout=subprocess.PIPE, text=True,
    ).stdout.strip()  # fmt: skip
