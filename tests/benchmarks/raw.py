"""The limit: what a posting wrote, written again for another item by the driver alone.

The same tables with their keys, indexes and triggers, one transaction with its commit, in the
quickest plain way of the driver; but nothing asked, checked or explained. What the rows hold is
known before the clock starts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from time import perf_counter
from typing import Any

from django.db import connection, models

from accounting.models import JournalEntry, JournalLine
from items.models import Item, ItemLocation, SerialUnit
from transactions.models import Posting, StockMove

Rows = list[tuple[Any, ...]]
# What moves change of a unit.
STATE = ("status", "location_id", "last_location_id", "left_on", "moved_on", "last_posting")


def repeat(item: Item, twin: Item, postings: Sequence[Posting]) -> float:
    """Seconds to write what the postings wrote for an item, for its twin."""
    lots = [Stored(StockMove, posting_id=posting.pk) for posting in postings]
    journals = [
        (Stored(JournalEntry, id=posting.entry_id), Stored(JournalLine, entry_id=posting.entry_id))
        for posting in postings
        if posting.entry_id
    ]
    quantities = _paired(item, twin)
    units = Stored(SerialUnit, item_id=item.pk)
    arrive = not lots[0].column("source_status")[0]
    ids = [] if arrive else _ids(SerialUnit, item_id=twin.pk)
    line, own = _of_its_own(postings, twin)
    units.put(item_id=twin.pk, last_posting=own)
    for moves in lots:
        moves.put(item_id=twin.pk, posting_id=own, line_id=line)
    with _Transaction() as transaction:
        if arrive:
            transaction.insert(units)
            ids = transaction.ids(SerialUnit, item_id=twin.pk)
        else:
            state = {column: units.column(column)[0] for column in STATE}
            transaction.update(SerialUnit, state, item_id=twin.pk)
        for moves in lots:
            moves.set("unit_id", ids)
            transaction.insert(moves)
        for pk, values in quantities:
            transaction.update(ItemLocation, values, id=pk)
        for entry, lines in journals:
            lines.put(entry_id=transaction.insert_one(entry))
            transaction.insert(lines)
    return transaction.seconds


class Stored:
    """Rows as the database holds them, their ids left out."""

    def __init__(self, model: type[models.Model], **where: Any) -> None:
        self.model = model
        self.columns = [f.column for f in model._meta.local_concrete_fields if not f.primary_key]
        found = _select(model, self.columns, where)
        self._by_column = [list(values) for values in zip(*found, strict=True)]

    @property
    def rows(self) -> Rows:
        return list(zip(*self._by_column, strict=True))

    def column(self, name: str) -> list[Any]:
        return self._by_column[self.columns.index(name)]

    def set(self, name: str, values: list[Any]) -> None:
        self._by_column[self.columns.index(name)] = values

    def put(self, **values: Any) -> None:
        """The same value in every row."""
        for name, value in values.items():
            self.set(name, [value] * len(self.column(name)))


BEGIN = {"postgresql": "BEGIN", "sqlite": "BEGIN IMMEDIATE"}
MARK = {"postgresql": "%s", "sqlite": "?"}


class _Transaction:
    """A transaction on a cursor of the driver, not of Django; afterwards, how long it took."""

    def __enter__(self) -> _Transaction:
        connection.ensure_connection()
        self.cursor = connection.connection.cursor()
        self.mark = MARK[connection.vendor]
        self.start = perf_counter()
        self.cursor.execute(BEGIN[connection.vendor])
        return self

    def __exit__(self, *_: Any) -> None:
        self.cursor.execute("COMMIT")
        self.seconds = perf_counter() - self.start

    def insert(self, stored: Stored) -> None:
        """COPY on PostgreSQL; one statement on SQLite, where that beats executemany."""
        into = f"{stored.model._meta.db_table} ({', '.join(stored.columns)})"
        if connection.vendor == "postgresql":
            with self.cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in stored.rows:
                    copy.write_row(row)
            return
        values = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(stored.columns)))
        self.cursor.execute(
            f"INSERT INTO {into} SELECT {values} FROM json_each(?)", [json.dumps(stored.rows)]
        )

    def insert_one(self, stored: Stored) -> int:
        """The id of the row."""
        marks = ", ".join(self.mark for _ in stored.columns)
        into = f"{stored.model._meta.db_table} ({', '.join(stored.columns)})"
        self.cursor.execute(f"INSERT INTO {into} VALUES ({marks}) RETURNING id", stored.rows[0])
        return self.cursor.fetchone()[0]

    def update(self, model: type[models.Model], values: dict[str, Any], **where: Any) -> None:
        changes = ", ".join(f"{column} = {self.mark}" for column in values)
        self.cursor.execute(
            f"UPDATE {model._meta.db_table} SET {changes} WHERE {_all(where, self.mark)}",
            [*values.values(), *where.values()],
        )

    def ids(self, model: type[models.Model], **where: Any) -> list[int]:
        self.cursor.execute(
            f"SELECT id FROM {model._meta.db_table} WHERE {_all(where, self.mark)} ORDER BY id",
            [*where.values()],
        )
        return [pk for (pk,) in self.cursor.fetchall()]


def _of_its_own(postings: Sequence[Posting], twin: Item) -> tuple[int, int]:
    """The ids of a line and of a posting for the twin's rows, so that no verb meets them."""
    document = postings[0].document
    line = document.lines.get()
    document.pk = line.pk = None
    document.number = document.corrects_id = None
    document.save()
    line.transaction, line.item = document, twin
    line.save()
    posting = Posting.objects.create(
        document=document, step=document.status, date=document.date, by=document.created_by
    )
    return line.pk, posting.pk


def _paired(item: Item, twin: Item) -> list[tuple[int, dict[str, Any]]]:
    """The id of each of the twin's quantity rows, and what the item's holds by column."""
    found = []
    columns = (*ItemLocation.QUANTITIES, "value")
    for place, *values in _select(ItemLocation, ["location_id", *columns], {"item_id": item.pk}):
        row, _ = ItemLocation.objects.get_or_create(item=twin, location_id=place)
        found.append((row.pk, dict(zip(columns, values, strict=True))))
    return found


def _ids(model: type[models.Model], **where: Any) -> list[int]:
    return [pk for (pk,) in _select(model, ["id"], where)]


def _select(model: type[models.Model], columns: list[str], where: dict[str, Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {model._meta.db_table} "
            f"WHERE {_all(where, '%s')} ORDER BY id",
            [*where.values()],
        )
        return [tuple(map(_plain, row)) for row in cursor.fetchall()]


def _all(where: dict[str, Any], mark: str) -> str:
    return " AND ".join(f"{column} = {mark}" for column in where)


def _plain(value: Any) -> Any:
    """Dates as text, which every driver takes."""
    return value.isoformat() if isinstance(value, date) else value
