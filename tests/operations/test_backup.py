"""A company is backed up while it works, and comes back whole, or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connection

from operations.archive import MEMBERS, BackupFailed, in_place_when_whole, read_about
from tests.processes import empty_database, environment, manage, run

FIGURES = """
from operations.totals import totals
print(totals("default"))
"""
# Its file is in the database, so it is in the backup.
IMPORT = """
from django.contrib.auth.models import User
from imports.models import Import, ImportFile
by = User.objects.first()
made = Import.objects.create(kind="items", name="items.csv", by=by, status="wrong")
ImportFile.objects.create(of=made, content=b"Name")
"""
TRIGGERS = """
from django.db import DatabaseError
from transactions.models import StockMove
try:
    StockMove.objects.update(quantity=2)
except DatabaseError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo company."""
    with empty_database(tmp_path_factory.mktemp("company")) as address:
        for words in (["migrate", "--verbosity", "0"], ["demo"]):
            assert manage(address, *words).returncode == 0
        run(address, IMPORT)
        yield address


@pytest.fixture(scope="module")
def backup(company: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups")
    done = manage(company, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    assert "read back and found whole" in done.stdout
    return next(folder.iterdir())


def changed(file: Path, to: Path, **about: object) -> Path:
    """The same backup, saying something else about itself."""
    with ZipFile(file) as old, ZipFile(to, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "about.json":
                content = json.dumps({**json.loads(content), **about}).encode()
            new.writestr(name, content)
    return to


def test_a_company_comes_back_whole_in_an_empty_database(
    company: str, backup: Path, new_database: Callable[[], str]
) -> None:
    empty = new_database()
    done = manage(empty, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert "the totals agree" in done.stdout
    assert "invariants hold" in done.stdout
    assert run(empty, FIGURES) == run(company, FIGURES)
    assert "append-only" in run(empty, TRIGGERS)
    assert run(empty, "from imports.models import *\nprint(ImportFile.objects.get().content)")


def test_a_backup_says_what_is_in_it_and_is_for_its_owner_alone(backup: Path) -> None:
    about = read_about(backup)
    assert about.database == connection.vendor
    assert int(about.totals["documents"]) > 300
    assert "." in about.totals["journal total"]
    assert "transactions.0001_initial" in about.migrations
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]


def test_a_backup_never_writes_over_a_file(company: str, backup: Path) -> None:
    before = backup.read_bytes()
    done = manage(company, "backup", str(backup))
    assert done.returncode == 1
    assert "exists" in done.stderr
    assert backup.read_bytes() == before


def test_a_database_in_use_is_replaced_only_if_told(
    company: str, backup: Path, new_database: Callable[[], str]
) -> None:
    other = new_database()
    manage(other, "migrate", "--verbosity", "0")
    run(other, "from django.contrib.auth.models import User\nUser.objects.create_user('zoe')")
    done = manage(other, "restore", str(backup))
    assert done.returncode == 1
    assert "--replace" in done.stderr
    assert run(other, FIGURES).startswith("{'users': '1', 'items': '0', 'documents': '0'")
    done = manage(other, "restore", "--replace", str(backup))
    assert done.returncode == 0, done.stderr
    assert run(other, FIGURES) == run(company, FIGURES)


def test_what_is_replaced_comes_back_when_the_totals_do_not_agree(
    company: str, backup: Path, tmp_path: Path
) -> None:
    before = run(company, FIGURES)
    totals = {**read_about(backup).totals, "journal total": "1.00"}
    done = manage(
        company, "restore", "--replace", str(changed(backup, tmp_path / "b.zip", totals=totals))
    )
    assert done.returncode == 1
    assert "journal total: 1.00 expected" in done.stderr
    assert run(company, FIGURES) == before
    assert "append-only" in run(company, TRIGGERS)
    done = manage(company, "restore", "--replace", str(backup))  # nothing was left behind
    assert done.returncode == 0, done.stderr


def test_a_backup_of_a_newer_version_is_refused(
    backup: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    newer = [*read_about(backup).migrations, "items.9999_from_the_future"]
    done = manage(
        new_database(), "restore", str(changed(backup, tmp_path / "b.zip", migrations=newer))
    )
    assert done.returncode == 1
    assert "items.9999_from_the_future is not known here" in done.stderr


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(
    backup: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    old = new_database()
    assert manage(old, "restore", str(backup)).returncode == 0
    assert manage(old, "migrate", "items", "0004", "--verbosity", "0").returncode == 0
    done = manage(old, "backup", str(tmp_path / "old.zip"))
    assert done.returncode == 0, done.stderr
    assert "items.0005_look_alikes" not in read_about(tmp_path / "old.zip").migrations
    anew = new_database()
    done = manage(anew, "restore", str(tmp_path / "old.zip"))
    assert done.returncode == 0, done.stderr
    assert manage(anew, "migrate", "--check").returncode == 0


def test_a_backup_of_the_other_database_is_refused(
    backup: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    other = next(name for name in MEMBERS if name != connection.vendor)
    done = manage(
        new_database(), "restore", str(changed(backup, tmp_path / "b.zip", database=other))
    )
    assert done.returncode == 1
    assert f"backup of {other}" in done.stderr


@pytest.mark.parametrize("content", [b"", b"Dear all,", b"PK"])
def test_a_file_that_is_no_backup_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_bytes(content)
    with pytest.raises(BackupFailed, match="Take another file"):
        read_about(file)


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_backup_is_refused(
    damage: str, backup: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    content = bytearray(backup.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 255
    (tmp_path / "bad.zip").write_bytes(content if damage == "flipped" else content[:middle])
    done = manage(new_database(), "restore", str(tmp_path / "bad.zip"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Take another file" in done.stderr


def test_a_file_that_is_not_there_is_said_to_be_missing(new_database: Callable[[], str]) -> None:
    done = manage(new_database(), "restore", "missing.zip")
    assert done.returncode == 1
    assert "missing.zip: No such file" in done.stderr


def test_what_was_not_written_to_its_end_is_not_called_a_backup(tmp_path: Path) -> None:
    def write() -> None:
        with in_place_when_whole(tmp_path / "b.zip") as part:
            part.write_text("half")
            raise BackupFailed("The disk is full.")

    with pytest.raises(BackupFailed):
        write()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's tools")
def test_missing_tools_are_named(company: str, tmp_path: Path, monkeypatch) -> None:
    from operations.engines import postgresql

    monkeypatch.setattr(postgresql, "INSTALLED", str(tmp_path / "{version}"))
    monkeypatch.setattr(postgresql, "version_wanted", lambda: 99)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match=r"pg_dump is missing\. Install .* version 99"):
        postgresql.path_of("pg_dump")
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.1'\n")
    old.chmod(0o755)
    with pytest.raises(BackupFailed, match=r"15\.1 is older than the server \(99\)"):
        postgresql.path_of("pg_dump")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="other connections, on PostgreSQL")
def test_nothing_is_replaced_under_somebody_at_work(company: str, backup: Path) -> None:
    import psycopg

    with psycopg.connect(company):
        done = manage(company, "restore", "--replace", str(backup))
    assert done.returncode == 1
    assert "Stop Serialbook" in done.stderr


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file, on SQLite")
def test_a_backup_is_taken_under_a_writer(company: str, tmp_path: Path) -> None:
    file = environment(company)["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(file, isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE items_item SET description = 'half'")
        done = manage(company, "backup", str(tmp_path))
        writer.execute("ROLLBACK")
    assert done.returncode == 0, done.stderr
