"""Triggers that keep the stock ledger and the journal append-only, on both databases."""

from __future__ import annotations

from typing import Any

# Postings may be given their journal entry once, so they are guarded by PROTECT alone.
TABLES = ("transactions_stockmove", "accounting_journalline", "accounting_journalentry")
EVENTS = ("UPDATE", "DELETE")

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on %', TG_OP, TG_TABLE_NAME;
END $$
"""


def name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def create(connection: Any) -> None:
    """Create the triggers where they are missing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in TABLES:
            for event in EVENTS:
                cursor.execute(_create(connection.vendor, table, event))


def drop(connection: Any) -> None:
    """Drop the triggers, for what must empty the tables (a test's flush)."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for event in EVENTS:
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name(table, event)}{on_table}")


def _create(vendor: str, table: str, event: str) -> str:
    if vendor == "postgresql":
        return (
            f"CREATE OR REPLACE TRIGGER {name(table, event)} BEFORE {event} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
        )
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name(table, event)} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'The ledger is append-only: {event} on {table}'); END"
    )
