"""What a company comes to, in figures that a backup records and a restore compares."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model, QuerySet, Sum
from django.utils import timezone

from accounting.models import JournalLine
from items.models import Item, ItemLocation, SerialUnit
from operations.archive import About
from transactions.models import Posting, StockMove, Transaction

COUNTED: tuple[tuple[str, type[Model]], ...] = (
    ("users", get_user_model()),
    ("items", Item),
    ("documents", Transaction),
    ("postings", Posting),
    ("stock moves", StockMove),
    ("units", SerialUnit),
    ("journal lines", JournalLine),
)
# Any of these, and somebody has begun to work here.
WORK = (get_user_model(), Item, Transaction)


def totals(using: str) -> dict[str, str]:
    """How many of each there are, what was booked and what the stock is worth; money as text."""
    counts = {name: str(_rows(model, using).count()) for name, model in COUNTED}
    booked = _rows(JournalLine, using).aggregate(sum=Sum("amount"))["sum"] or 0
    held = SerialUnit.objects.using(using).held().count()
    worth = _rows(ItemLocation, using).aggregate(sum=Sum("value"))["sum"] or 0
    return {
        **counts,
        "units held": str(held),
        "journal total": f"{booked:.2f}",
        "stock value": f"{worth:.2f}",
    }


def about_now(using: str) -> About:
    """What there is to say about a database at this moment."""
    connection = connections[using]
    return About(
        made_at=timezone.now().isoformat(timespec="seconds"),
        database=connection.vendor,
        server=".".join(str(part) for part in connection.get_database_version()),
        totals=totals(using),
        migrations=applied_migrations(using),
    )


def differences(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    """Where two sets of totals differ, in words."""
    return [
        f"{name}: {value} expected, {found.get(name, 'nothing')} found"
        for name, value in expected.items()
        if found.get(name) != value
    ]


def applied_migrations(using: str) -> list[str]:
    """The version of a database: every migration that was applied to it."""
    applied = MigrationRecorder(connections[using]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def unknown_migrations(applied: list[str]) -> list[str]:
    """Those that this version of Serialbook does not have: a newer one made them."""
    own = MigrationLoader(None).disk_migrations
    known = {f"{app}.{name}" for app, name in own}
    known |= {f"{app}.{name}" for migration in own.values() for app, name in migration.replaces}
    return [name for name in applied if name not in known]


def is_in_use(using: str) -> bool:
    """Whether a database holds somebody's work: users, items or documents."""
    tables = set(connections[using].introspection.table_names())
    return any(m._meta.db_table in tables and _rows(m, using).exists() for m in WORK)


def _rows(model: type[Model], using: str) -> QuerySet[Any]:
    return model._default_manager.using(using)
