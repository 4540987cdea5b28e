"""The limit: the rows of a posting, written again for another item by the driver alone.

The same tables with their keys, indexes and triggers, one transaction with its commit, in the
driver's fastest way; but nothing asked, checked or explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from time import perf_counter
from typing import Any

from django.db import connection, models

from items.models import Item, SerialUnit
from transactions.models import Posting, StockMove

Rows = list[tuple[Any, ...]]
# What a move changes of a unit.
STATE = ("status", "location_id", "left_on", "moved_on", "last_posting")


def receive(item: Item, twin: Item, posting: Posting) -> float:
    """Seconds for the units and the moves that a receipt of `item` wrote."""
    columns, units = _stored(SerialUnit, "item_id", item.pk)
    units = _replaced(columns, units, item_id=[twin.pk] * len(units))
    moves = _stored(StockMove, "posting_id", posting.pk)
    with _Transaction() as transaction:
        _copy(transaction.cursor, SerialUnit, columns, units)
        _copy_moves(transaction.cursor, twin, *moves)
    return transaction.seconds


def relocate(twin: Item, posting: Posting) -> float:
    """Seconds for the moves of a pick or a shipment, and for what they change of the units."""
    columns, moves = _stored(StockMove, "posting_id", posting.pk)
    move = dict(zip(columns, moves[0], strict=True))
    place, day = move["target_location_id"], move["date"]
    state = [move["target_status"], place, day if place is None else None, day, posting.pk]
    mark = MARK[connection.vendor]
    changes = ", ".join(f"{column} = {mark}" for column in STATE)
    with _Transaction() as transaction:
        transaction.cursor.execute(
            f"UPDATE items_serialunit SET {changes} WHERE item_id = {mark}", [*state, twin.pk]
        )
        _copy_moves(transaction.cursor, twin, columns, moves)
    return transaction.seconds


BEGIN = {"postgresql": "BEGIN", "sqlite": "BEGIN IMMEDIATE"}
MARK = {"postgresql": "%s", "sqlite": "?"}


class _Transaction:
    """A transaction with a cursor of the driver, not of Django; afterwards, how long it took."""

    def __enter__(self) -> _Transaction:
        connection.ensure_connection()
        self.cursor = connection.connection.cursor()
        self.start = perf_counter()
        self.cursor.execute(BEGIN[connection.vendor])
        return self

    def __exit__(self, *_: Any) -> None:
        self.cursor.execute("COMMIT")
        self.seconds = perf_counter() - self.start


def _copy_moves(cursor: Any, twin: Item, columns: list[str], moves: Rows) -> None:
    mark = MARK[connection.vendor]
    cursor.execute(f"SELECT id FROM items_serialunit WHERE item_id = {mark}", [twin.pk])
    ids = [pk for (pk,) in cursor.fetchall()]
    _copy(
        cursor,
        StockMove,
        columns,
        _replaced(columns, moves, item_id=[twin.pk] * len(ids), unit_id=ids),
    )


def _copy(cursor: Any, model: type[models.Model], columns: list[str], rows: Rows) -> None:
    into = f"{model._meta.db_table} ({', '.join(columns)})"
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" for _ in columns)
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)


def _stored(model: type[models.Model], column: str, value: int) -> tuple[list[str], Rows]:
    """The columns of a model, its id left out, and its rows as the database holds them."""
    columns = [f.column for f in model._meta.local_concrete_fields if not f.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE {column} = %s "
            "ORDER BY id",
            [value],
        )
        return columns, [tuple(map(_plain, row)) for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    """Dates as text, which every driver takes."""
    return value.isoformat() if isinstance(value, date) else value


def _replaced(columns: list[str], rows: Rows, **values: list[Any]) -> Rows:
    """The rows with other values in some columns."""
    by_column: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for column, replacement in values.items():
        by_column[columns.index(column)] = replacement
    return list(zip(*by_column, strict=True))
