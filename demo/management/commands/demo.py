from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.utils import timezone

from demo import catalog, company, drives, stock, story
from demo.volume import company as volume
from items.models import Item, SerialUnit
from transactions.models import Transaction

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Fill a fresh database with the demo company: a dealer in hard drives with real serial "
        "numbers and five months of documents. Ends with the audit."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-new",
            action="store_true",
            help="leave a database that is in use as it is, and only say how to log in",
        )
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument(
            "--drives",
            type=Path,
            metavar="FILE",
            help="instead of the five months, take a whole file of drives into stock: "
            f"CSV with the columns {', '.join(drives.COLUMNS)}",
        )
        instead.add_argument(
            "--units",
            type=int,
            metavar="N",
            help="instead of the five months, four years with so many units, in whole thousands, "
            "a hundredth as many items and a tenth as many documents; for measuring, a million "
            "and more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["units"] is not None and options["units"] < volume.UNITS:
            raise CommandError(f"A company has at least {volume.UNITS:,} units.")
        if options["if_new"] and (_has_stock() or get_user_model().objects.exists()):
            self._say_log_in()
            return
        if _has_stock():
            raise CommandError(
                "This database already has items or documents. The demo company wants a fresh "
                "one: set DATABASE_URL, or remove the file, and migrate."
            )
        self._make(options["drives"], options["units"])
        documents, units = Transaction.objects.count(), SerialUnit.objects.count()
        self.stdout.write(f"{catalog.COMPANY}: {documents:,} documents, {units:,} drives.")
        call_command("audit", verbosity=0, stdout=self.stdout)
        self.stdout.write(company.LOG_IN)

    def _make(self, file: Path | None, units: int | None) -> None:
        today = timezone.localdate()
        if units is not None:
            volume.make(units, today, self.stdout.write)
            return
        found = _read(file or drives.OWN)
        if file:
            stock.load(company.make(today), found, today)
        else:
            story.live(found, today)

    def _say_log_in(self) -> None:
        user = get_user_model().objects.filter(username=company.USERNAME).first()
        if user and user.check_password(company.PASSWORD):
            self.stdout.write(company.LOG_IN)


def _has_stock() -> bool:
    return Transaction.objects.exists() or Item.objects.exists()


def _read(file: Path) -> list[drives.Drive]:
    try:
        return drives.read(file)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    except drives.BadDrives as bad:
        raise CommandError(f"{file}: nothing was stored.\n{_listed(bad.problems)}") from None


def _listed(problems: list[str]) -> str:
    shown = problems[:SHOWN]
    rest = len(problems) - len(shown)
    return "\n".join([*shown, *([f"… and {rest:,} more"] if rest else [])])
