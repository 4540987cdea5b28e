"""PostgreSQL by its own tools, pg_dump and pg_restore, of the server's version.

What a restore replaces waits in a schema of its own until the new has been looked at.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from django.db import connection, transaction
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from operations.archive import About, BackupFailed, reading, write_about
from operations.totals import about_now
from reports.integrity.runs import one_moment

ASIDE = "before_restore"
INSTALLED = "/usr/lib/postgresql/{version}/bin"  # where Debian keeps several versions
BLOCK = 1024 * 1024

# What stands in the way of a dump: our tables and functions, not what extensions brought.
_OWN = """
SELECT 'TABLE', c.oid::regclass::text FROM pg_class c
WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'FUNCTION', p.oid::regprocedure::text FROM pg_proc p
WHERE p.pronamespace = %s::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1 DESC
"""


def dump(path: Path) -> About:
    """Write a backup of one moment: what is posted meanwhile is neither dumped nor counted."""
    with one_moment(), connection.cursor() as cursor, ZipFile(path, "w") as file:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        about = about_now("default")
        with file.open(about.member, "w", force_zip64=True) as target:
            _dump(target, snapshot)
        write_about(file, about)
    return about


def _dump(target: IO[bytes], snapshot: str) -> None:
    words = [
        "--format=custom", f"--snapshot={snapshot}", f"--exclude-schema={ASIDE}",
        "--no-owner", "--no-privileges", "--no-comments", f"--dbname={_place()}",
    ]  # fmt: skip
    with _tool("pg_dump", *words, stdout=subprocess.PIPE) as process:
        shutil.copyfileobj(process.stdout, target, BLOCK)  # type: ignore[arg-type]
        _finish(process)


def check(path: Path, about: About) -> None:
    """Have pg_restore read the whole dump, without writing it anywhere."""
    _feed(path, about, f"--file={os.devnull}")


def load(path: Path, about: About) -> None:
    """Fill the database with a dump, all of it or nothing."""
    _feed(
        path, about, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        f"--dbname={_place()}",
    )  # fmt: skip


def _feed(path: Path, about: About, *words: str) -> None:
    with reading(path, about.member) as dump, _tool("pg_restore", *words) as process:
        with suppress(BrokenPipeError):  # when it has given up, it says why
            shutil.copyfileobj(dump, process.stdin, BLOCK)  # type: ignore[arg-type]
        _finish(process)


@contextmanager
def set_aside() -> Iterator[None]:
    """An empty database for a while: what was in it comes back if anything goes wrong."""
    _refuse_company()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
        cursor.execute(f"CREATE SCHEMA {ASIDE}")
        _move(cursor, schema, ASIDE)
    try:
        yield
    except BaseException:
        with transaction.atomic(), connection.cursor() as cursor:
            for kind, name in _own(cursor, schema):
                cursor.execute(f"DROP {kind} {name} CASCADE")
            _move(cursor, ASIDE, schema)
            cursor.execute(f"DROP SCHEMA {ASIDE}")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


# The tools


def _tool(name: str, *words: str, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start one of PostgreSQL's tools; the password is in its environment, not in its words."""
    password = connection.get_connection_params().get("password", "")
    return subprocess.Popen(
        [path_of(name), *words],
        env={**os.environ, **({"PGPASSWORD": str(password)} if password else {})},
        stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE,
    )  # fmt: skip


def _finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for a tool, and say what it said if it failed."""
    _, said = process.communicate()
    if process.returncode:
        raise BackupFailed(f"PostgreSQL's tool failed: {said.decode(errors='replace').strip()}")


def path_of(name: str) -> str:
    """The tool of the server's version, or one on the path that is no older."""
    wanted = version_wanted()
    own = Path(INSTALLED.format(version=wanted)) / name
    found = str(own) if own.exists() else shutil.which(name)
    how = f"Install PostgreSQL's client tools of version {wanted} (Debian: postgresql-client)."
    if not found:
        raise BackupFailed(f"{name} is missing. {how}")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"\b(\d+)(\.\d+)?", said)
    if not version or int(version[1]) < wanted:
        raise BackupFailed(f"{said.strip()} is older than the server ({wanted}). {how}")
    return found


def version_wanted() -> int:
    """The server's, 15 or 17."""
    return connection.pg_version // 10000  # type: ignore[attr-defined]


def _place() -> str:
    """Where the database is, as the tools take it; without the password."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"password"}
    given = connection.get_connection_params()
    return make_conninfo(**{name: value for name, value in given.items() if name in known})


# Setting aside


def _refuse_company() -> None:
    """Nobody else may be at work in a database that is being replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
        left = cursor.fetchone()
    if others:
        raise BackupFailed(
            f"{others} other connections to this database are open. "
            "Stop Serialbook and whatever else uses it, then restore."
        )
    if left:
        raise BackupFailed(
            f"An earlier restore was cut off; what it set aside is in the schema {ASIDE}. "
            f"Drop that schema once nothing in it is wanted, then restore."
        )


def _own(cursor: Any, schema: str) -> list[tuple[str, str]]:
    """The kinds and names of what is ours in a schema, tables first."""
    cursor.execute(_OWN, [schema, schema])
    return cursor.fetchall()


def _move(cursor: Any, schema: str, to: str) -> None:
    for kind, name in _own(cursor, schema):
        cursor.execute(f'ALTER {kind} {name} SET SCHEMA "{to}"')
