from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TransactionsConfig(AppConfig):
    name = "transactions"

    def ready(self) -> None:
        # Whatever rebuilt or emptied a table, the database ends up with its triggers, its company
        # and chart of accounts, and the groups of its roles. (The other signals are heard in
        # audit_trail/listening.py and signin/listening.py.)
        post_migrate.connect(furnish, sender=self)


def furnish(using: str, **_: Any) -> None:
    """Give a migrated database what it cannot do without."""
    from django.db import connections

    from company.setup import ensure_company
    from transactions import triggers
    from users.roles import ensure_roles

    connection = connections[using]
    if set(triggers.tables()) <= set(connection.introspection.table_names()):
        triggers.create(connection)
        ensure_company()
        ensure_roles()
