"""What scenario tests do beside posting: change an order, correct a document, be refused."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from items.models import Item, ItemLocation, SerialUnit
from items.refusals import Refused
from locations.models import Location
from tests.books import Books
from transactions import posting
from transactions.models import Posting, Transaction, TransactionLine


def lines_of(document: Transaction) -> list[TransactionLine]:
    """The lines as a form gives them back: with the serial numbers that are named on them."""
    lines = list(document.lines.select_related("item", "location").order_by("line_no"))
    for line in lines:
        line.serials = list(line.line_units.exclude(number="").values_list("number", flat=True))
    return lines


def set_all(line: TransactionLine, changes: Mapping[str, Any]) -> None:
    """Fields of a line, quantity and rate as plain numbers."""
    for name, value in changes.items():
        setattr(line, name, Decimal(value) if name in ("quantity", "rate") else value)


def amend(
    books: Books,
    document: Transaction,
    changes: Mapping[int, Mapping[str, Any]] | None = None,
    *,
    add: Sequence[TransactionLine] = (),
    drop: Collection[int] = (),
    confirmed: Collection[str] = (),
    request_id: Any = None,
    **header: Any,
) -> Transaction:
    """Change an open order: fields of lines by line number, lines more and fewer, its header."""
    document = Transaction.objects.get(pk=document.pk)
    for name, value in header.items():
        setattr(document, name, value)
    kept = [line for line in lines_of(document) if line.line_no not in drop]
    for line in kept:
        set_all(line, (changes or {}).get(line.line_no, {}))
    return posting.amend(
        document, [*kept, *add], by=books.user, confirmed=confirmed, request_id=request_id
    ).document


def correct(
    books: Books,
    document: Transaction,
    serials: str = "",
    on: date | None = None,
    request_id: Any = None,
    **changes: Any,
) -> Transaction:
    """Void a document and post it anew, its first line with other numbers or fields."""
    document.refresh_from_db()
    anew = Transaction(type=document.type, date=on or document.date)
    for name in ("vendor", "customer", "account", "created_from", "reason", "status"):
        setattr(anew, name, getattr(document, name))
    lines = []
    for stored in document.lines.select_related("item", "location", "created_from_line"):
        moved = SerialUnit.objects.filter(moves__line=stored).distinct()
        line = copy.copy(stored)
        line.pk, line.serials = None, list(moved.values_list("number", flat=True))
        lines.append(line)
    lines[0].serials = serials.split() or lines[0].serials
    set_all(lines[0], changes)
    return posting.correct(
        document, anew, lines, "typed wrongly", by=books.user, request_id=request_id
    ).document


def all_there_is() -> tuple[Any, ...]:
    """Every document, line, unit, quantity and posting: what a refusal must leave alone."""
    rows = ItemLocation.objects.order_by("pk")
    return (
        list(Transaction.objects.order_by("pk").values_list("pk", "status", "total", "date")),
        list(TransactionLine.objects.order_by("pk").values()),
        list(SerialUnit.objects.order_by("pk").values()),
        [row for row in rows.values_list("item", "location", "value", *ItemLocation.QUANTITIES)
         if any(row[2:])],
        Posting.objects.count(),
    )  # fmt: skip


def refused(act: Callable[[], Any]) -> Refused:
    """What is said of an act that must be refused, and that it left everything as it was."""
    before = all_there_is()
    with pytest.raises(Refused) as caught:
        act()
    assert all_there_is() == before
    return caught.value


def figures(item: Item, names: str, at: Location | None = None) -> list[int]:
    """Some of an item's quantities, as `figures(item, "OH CM BO")`."""
    found = Books.quantities(item, at)
    return [int(found[name]) for name in names.split()]


def served(*orders: Transaction) -> list[tuple[int, int]]:
    """Committed and back ordered of each order, all its lines together."""
    return [(_sum(order, "committed"), _sum(order, "back_ordered")) for order in orders]


def _sum(order: Transaction, name: str) -> int:
    return int(sum(order.lines.values_list(name, flat=True)))


def statuses(*documents: Transaction) -> Iterable[str]:
    return [Books.status(document) for document in documents]


def invoice_of(fulfillment: Transaction) -> Transaction:
    return Transaction.objects.of("invoice").get(lines__created_from_line__transaction=fulfillment)
