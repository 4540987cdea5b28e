"""Stores what the desks wrote: many documents by a few statements.

The one place outside posting that writes stock and books: a company of a million units through
posting would take a day. It only ever writes into an empty database, every row is what posting
would have written, and the audit that follows proves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from accounting.models import JournalEntry, JournalLine
from demo.volume.desk import Desk, House, unit_row
from inventory import sets
from items.models import ItemLocation, SerialUnit
from transactions.models import (
    Application,
    LineUnit,
    NumberSeries,
    Posting,
    StockMove,
    Transaction,
    TransactionLine,
)

Row = Sequence[Any]

ROWS = 20_000  # in one statement
UNIT = (
    "id", "item_id", "number", "number_key", "status", "location_id", "last_location_id",
    "received_on", "left_on", "moved_on", "last_posting", "unit_cost", "memo",
)  # fmt: skip
MOVE = (
    "posting_id", "line_id", "item_id", "unit_id", "quantity", "date", "source_status",
    "source_location_id", "target_status", "target_location_id", "cost", "source_date",
    "source_posting",
)  # fmt: skip
JOURNAL = ("entry_id", "debit_id", "credit_id", "amount", "source_line")
SHARE = ("line_id", "unit_id", "number", "amount", "sale_id")


def store(desks: Sequence[Desk]) -> None:
    """Write all that the desks hold, what is referred to before what refers to it."""
    _objects(Transaction, [x for desk in desks for x in desk.documents])
    _objects(TransactionLine, [x for desk in desks for x in desk.lines])
    _rows(JournalEntry, ("id", "date", "memo"), [x for desk in desks for x in desk.entries])
    _objects(Posting, [x for desk in desks for x in desk.postings])
    _rows(JournalLine, JOURNAL, [x for desk in desks for x in desk.journal])
    _rows(SerialUnit, UNIT, [unit_row(x) for desk in desks for x in desk.units])
    _rows(StockMove, MOVE, [x for desk in desks for x in desk.moves])
    _rows(LineUnit, SHARE, [x for desk in desks for x in desk.shares])
    _objects(Application, [x for desk in desks for x in desk.applications])
    if connection.vendor == "postgresql":
        connection.check_constraints()  # what is checked by now need not be kept in mind


def finish(house: House) -> None:
    """Write what all stories together left: the quantities and the next document numbers."""
    _objects(ItemLocation, [row for _, row in sorted(house.shelves.rows.items())])
    series = [(name, next_ + 1) for name, next_ in sorted(house.series.items())]
    _rows(NumberSeries, ("type", "next"), series)
    numbered = [Transaction, TransactionLine, JournalEntry, Posting, SerialUnit]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), numbered):
            cursor.execute(statement)


def tidy_up() -> None:
    """Let the database look at what it now holds, as it would by itself before long."""
    vacuums = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if vacuums else "ANALYZE")


def _objects(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Write objects as they are, without an id where they have none."""
    fields = [
        f
        for f in model._meta.local_concrete_fields
        if not (f.primary_key and objects and objects[0].pk is None)
    ]
    rows = [
        [f.get_db_prep_save(getattr(x, f.attname), connection) for f in fields] for x in objects
    ]
    _rows(model, [str(f.column) for f in fields], rows)


def _rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    rows = list(rows)
    for start in range(0, len(rows), ROWS):
        sets.insert(model, columns, rows[start : start + ROWS], ("id",))
