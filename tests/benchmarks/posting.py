"""Receiving, picking and shipping many units, on a scratch database of its own.

Run by `tests/benchmarks/__main__.py` once a database: prints one JSON line a job and size.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.benchmarks import raw
from tests.books import Books
from tests.factories import ItemFactory
from transactions.models import Transaction, TransactionLine
from transactions.posting import advance, post

TURNS = 3  # the quickest counts: what is slower is somebody else's work


def main() -> None:
    call_command("migrate", verbosity=0)
    books = Books()
    rehearse(books)
    for size in map(int, sys.argv[1:]):
        turns = [Turn(books, size) for _ in range(TURNS)]
        for job in ("receive", "pick and ship"):
            report(job, size, [turn.figures[job] for turn in turns])


def rehearse(books: Books) -> None:
    """Load everything that is loaded on first use."""
    Turn(books, 10)


class Figures:
    """What a job cost: through posting, by the driver alone, and in statements."""

    def __init__(self) -> None:
        self.seconds = self.raw_seconds = 0.0
        self.statements = 0

    @contextmanager
    def measured(self) -> Iterator[None]:
        with connection.execute_wrapper(self._count):
            start = perf_counter()
            yield
            self.seconds += perf_counter() - start

    def _count(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.statements += 1
        return execute(*args)


class Turn:
    """A number of units ordered, received, sold, picked and shipped; and again by the driver."""

    def __init__(self, books: Books, size: int) -> None:
        self.books = books
        self.item, self.twin = ItemFactory(), ItemFactory()
        self.numbers = [f"{self.item.name}-{n:06}" for n in range(size)]
        self.figures = {"receive": Figures(), "pick and ship": Figures()}
        self.receive(self.figures["receive"])
        self.pick_and_ship(self.figures["pick and ship"])

    def receive(self, figures: Figures) -> None:
        order = self.books.order(self.item, len(self.numbers), "600.00", on=timezone.localdate())
        with figures.measured():
            receipt = self._follow(order, "item_receipt", vendor=order.vendor)
        figures.raw_seconds = raw.receive(self.item, self.twin, receipt.postings.get())

    def pick_and_ship(self, figures: Figures) -> None:
        order = self.books.sell(self.item, len(self.numbers), "999.00", on=timezone.localdate())
        with figures.measured():
            picked = self._follow(
                order, "item_fulfillment", customer=order.customer, status="picked"
            )
        with figures.measured():
            shipped = advance(picked, to="shipped", by=self.books.user).document
        # Only now: until it is shipped, a posting takes every unit its document picked.
        picking, shipping = shipped.postings.order_by("id")
        figures.raw_seconds = raw.relocate(self.twin, picking)
        figures.raw_seconds += raw.relocate(self.twin, shipping)

    def _follow(self, order: Transaction, kind: str, **header: Any) -> Transaction:
        """Post a document that takes every unit of the order."""
        source = order.lines.select_related("item", "location", "transaction").get()
        line = TransactionLine(
            item=source.item,
            quantity=source.quantity,
            rate=source.rate,
            location=source.location,
            created_from_line=source,
        )
        line.serials = self.numbers
        document = Transaction(type=kind, date=order.date, created_from=order, **header)
        return post(document, [line], by=self.books.user).document


def report(job: str, size: int, turns: list[Figures]) -> None:
    seconds = min(turn.seconds for turn in turns)
    raw_seconds = min(turn.raw_seconds for turn in turns)
    line = {
        "job": job,
        "database": connection.vendor,
        "n": size,
        "seconds": round(seconds, 4),
        "raw_seconds": round(raw_seconds, 4),
        "ratio": round(seconds / raw_seconds, 2),
        "statements": turns[0].statements,
    }
    print(json.dumps(line), flush=True)
