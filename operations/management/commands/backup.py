from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from operations import engines
from operations.archive import BackupFailed, in_place_when_whole, read_about


class Command(BaseCommand):
    help = (
        "Write the whole company into one file, while others work, and read it back: the database "
        "holds everything, uploaded files too. A file that exists is never written over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target",
            type=Path,
            metavar="FILE|DIR",
            help="where to; in a directory the file is named by date and time",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = _file(options["target"])
        try:
            self._write(path)
        except BackupFailed as failed:
            raise CommandError(f"Nothing was backed up. {failed}") from None
        except OSError as error:
            raise CommandError(
                f"Nothing was backed up. {error.filename or path}: {error.strerror}."
            ) from None

    def _write(self, path: Path) -> None:
        engine = engines.own()
        with in_place_when_whole(path) as part:
            engine.dump(part)
            about = read_about(part)
            engine.check(part, about)
        if self.verbosity:
            for name, value in about.totals.items():
                self.stdout.write(f"{name:>14}  {value}")
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes, read back and found whole.")

    def execute(self, *args: Any, **options: Any) -> Any:
        self.verbosity = options["verbosity"]
        return super().execute(*args, **options)


def _file(target: Path) -> Path:
    if target.is_dir():
        return target / f"serialbook-{timezone.now():%Y%m%d-%H%M%S}.zip"
    if target.exists():
        raise CommandError(f"{target} exists. Name another file, or a directory.")
    return target
