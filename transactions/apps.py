from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TransactionsConfig(AppConfig):
    name = "transactions"

    def ready(self) -> None:
        # The one signal in the house: whatever rebuilt or emptied a table, the database ends up
        # with its triggers, its company and its chart of accounts.
        post_migrate.connect(furnish, sender=self)


def furnish(using: str, **_: Any) -> None:
    """Give a migrated database what it cannot do without."""
    from django.db import connections

    from company.setup import ensure_company
    from transactions import triggers

    connection = connections[using]
    if set(triggers.TABLES) <= set(connection.introspection.table_names()):
        triggers.create(connection)
        ensure_company()
