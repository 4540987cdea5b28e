"""The backup file: a plain zip of the database's own dump and a page about it.

Without Serialbook it can still be opened: `about.json` says what is in it, and `database.dump`
(for pg_restore) or `database.sqlite3` is the database.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

ABOUT = "about.json"
FORMAT = 1
MEMBERS = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
# PostgreSQL compresses its dump itself.
COMPRESSION = {"postgresql": ZIP_STORED, "sqlite": ZIP_DEFLATED}


class BackupFailed(Exception):
    """A backup or a restore that was not done, and why, in words for whoever asked for it."""


@dataclass(frozen=True)
class About:
    """What a backup holds: of which moment and database, at which version, and its totals."""

    made_at: str
    database: str  # postgresql or sqlite
    server: str  # the version of the database's software
    totals: dict[str, str]
    migrations: list[str]
    format: int = FORMAT

    @property
    def member(self) -> str:
        return MEMBERS[self.database]


def write_about(file: ZipFile, about: About) -> None:
    file.writestr(ABOUT, json.dumps(asdict(about), indent=2))


def read_about(path: Path) -> About:
    """What a file says about itself. Raises BackupFailed where it is no whole backup."""
    try:
        with ZipFile(path) as file:
            return _about(path, json.loads(file.read(ABOUT)))
    except (BadZipFile, KeyError, ValueError, TypeError):
        raise BackupFailed(
            f"{path} is not a whole backup of Serialbook. Take another file."
        ) from None


def _about(path: Path, said: dict) -> About:
    if said["format"] > FORMAT:
        raise BackupFailed(f"{path} was made by a newer Serialbook. Upgrade first.")
    about = About(**said)
    if about.database not in MEMBERS:
        raise ValueError(about.database)
    return about


@contextmanager
def reading(path: Path, member: str) -> Iterator[IO[bytes]]:
    """The dump inside a backup; read to its end, its checksum is checked as well."""
    try:
        with ZipFile(path) as file, file.open(member) as dump:
            yield dump
    except (BadZipFile, KeyError, EOFError):
        raise BackupFailed(f"{path} is damaged. Take another file.") from None


@contextmanager
def in_place_when_whole(path: Path) -> Iterator[Path]:
    """A file beside `path`, readable by its owner alone, that takes its name once it is whole.

    So whatever is called a backup was written to its end and is on the disk.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
