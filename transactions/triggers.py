"""Triggers that keep the ledger, the journal and the audit trail append-only, on both databases."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from simple_history.models import HistoricalChanges

# Postings may be given their journal entry once, so they are guarded by PROTECT alone.
LEDGER = ("transactions_stockmove", "accounting_journalline", "accounting_journalentry")
EVENTS = ("UPDATE", "DELETE")

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This table is append-only: % on %', TG_OP, TG_TABLE_NAME;
END $$
"""


def tables() -> list[str]:
    """Every table whose rows are never changed or deleted: the versions of records among them."""
    versions = [m._meta.db_table for m in apps.get_models() if issubclass(m, HistoricalChanges)]
    return [*LEDGER, "audit_trail_auditevent", *sorted(versions)]


def name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def create(connection: Any) -> None:
    """Create the triggers where they are missing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in tables():
            for event in EVENTS:
                cursor.execute(_create(connection.vendor, table, event))


def drop(connection: Any) -> None:
    """Drop the triggers, for what must empty the tables (a test's flush)."""
    with connection.cursor() as cursor:
        for table in tables():
            for event in EVENTS:
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name(table, event)}{on_table}")


def _create(vendor: str, table: str, event: str) -> str:
    if vendor == "postgresql":
        return (
            f"CREATE OR REPLACE TRIGGER {name(table, event)} BEFORE {event} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name(table, event)} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'This table is append-only: {event} on {table}'); END"
    )
