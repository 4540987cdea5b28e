"""SQLite by its online backup: never by copying a file that somebody may be writing.

What a restore replaces waits in a file beside it until the new has been looked at.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection, connections

from operations.archive import About, BackupFailed, reading, write_about
from operations.totals import about_now, differences, totals

BLOCK = 1024 * 1024
COPY = "copy"


def dump(path: Path) -> About:
    """Write a backup of one moment; who writes meanwhile is not kept waiting."""
    with _room(path) as copy:
        _copy(_database(), copy)
        with _reading_copy(copy):
            about = about_now(COPY)
        with ZipFile(path, "w", ZIP_DEFLATED) as file:
            file.write(copy, about.member)
            write_about(file, about)
    return about


def check(path: Path, about: About) -> None:
    """Read the whole copy: its checksum, SQLite's own check, and the totals."""
    with _unpacked(path, about, beside=path):
        pass


def load(path: Path, about: About) -> None:
    """Fill the database with the copy in a backup, in one transaction."""
    with _unpacked(path, about, beside=_database()) as copy:
        _copy(copy, _database())


@contextmanager
def set_aside() -> Iterator[None]:
    """What was in the database comes back if anything goes wrong."""
    before = _database().with_name(f"{_database().name}.before-restore")
    if before.exists():
        raise BackupFailed(
            f"An earlier restore was cut off; what it set aside is {before}. "
            "Move that file away, then restore."
        )
    _copy(_database(), before)
    try:
        yield
    except BaseException:
        _copy(before, _database())
        before.unlink()
        raise
    before.unlink()


def _database() -> Path:
    return Path(connection.settings_dict["NAME"])


def _copy(source: Path, target: Path) -> None:
    """All pages in one step, so that the copy is of one moment."""
    connection.close()
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


@contextmanager
def _room(path: Path) -> Iterator[Path]:
    """A place for a copy, on the disk where a file is, for as long as it is needed."""
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        yield Path(folder) / "copy.sqlite3"


@contextmanager
def _unpacked(path: Path, about: About, beside: Path) -> Iterator[Path]:
    """The copy in a backup, looked at: whole, and what the backup says it is."""
    with _room(beside) as copy:
        with reading(path, about.member) as dump, copy.open("wb") as target:
            shutil.copyfileobj(dump, target, BLOCK)
        with _reading_copy(copy):
            _look_at(path, about)
        yield copy


def _look_at(path: Path, about: About) -> None:
    with connections[COPY].cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        said = cursor.fetchone()[0]
    wrong = [said] if said != "ok" else differences(about.totals, totals(COPY))
    if wrong:
        raise BackupFailed(f"{path} is damaged: {'; '.join(wrong)}. Take another file.")


@contextmanager
def _reading_copy(copy: Path) -> Iterator[None]:
    """Let models read a copy, as the database `copy`."""
    connections.databases[COPY] = {**connections.databases["default"], "NAME": str(copy)}
    try:
        yield
    finally:
        connections[COPY].close()
        del connections[COPY]
        del connections.databases[COPY]
