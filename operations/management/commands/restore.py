from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from operations import engines
from operations.archive import About, BackupFailed, read_about
from operations.totals import differences, is_in_use, totals, unknown_migrations

NOTHING = "Nothing was restored, and the database is as it was."


class Command(BaseCommand):
    help = (
        "Fill an empty database with what `backup` wrote, bring it up to this version, compare the "
        "totals and run the audit. Stop Serialbook first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what backup wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="put it in the place of what is in the database, which is lost",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # A pool would open connections that look like somebody else's.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        try:
            about = self._restore(options["file"], options["replace"])
        except BackupFailed as failed:
            raise CommandError(f"{NOTHING} {failed}") from None
        except OSError as error:
            raise CommandError(f"{NOTHING} {error.filename}: {error.strerror}.") from None
        self.stdout.write(f"Restored the company as of {about.made_at}; the totals agree.")
        call_command("audit", verbosity=0, stdout=self.stdout)

    def _restore(self, file: Path, replace: bool) -> About:
        about = read_about(file)
        _refuse_what_cannot_be(about)
        if is_in_use("default") and not replace:
            raise BackupFailed(
                "This database is in use. Set DATABASE_URL to an empty one, or say --replace to "
                "lose what is in it."
            )
        engine = engines.own()
        engine.check(file, about)
        with engine.set_aside():
            engine.load(file, about)
            _compare(about)
            call_command("migrate", verbosity=0, interactive=False)
            _compare(about)
        return about


def _refuse_what_cannot_be(about: About) -> None:
    if about.database != connection.vendor:
        raise BackupFailed(
            f"It is a backup of {about.database}, and DATABASE_URL names {connection.vendor}."
        )
    if newer := unknown_migrations(about.migrations):
        raise BackupFailed(
            f"It was made by a newer Serialbook ({newer[0]} is not known here). Upgrade first."
        )


def _compare(about: About) -> None:
    if wrong := differences(about.totals, totals("default")):
        raise BackupFailed(f"The totals do not agree: {'; '.join(wrong)}.")
