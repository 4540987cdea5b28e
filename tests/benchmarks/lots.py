"""A lot of units and what is done to it, one document after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.utils import timezone

from items.models import Item
from locations.models import Location
from tests.books import Books
from tests.factories import ItemFactory, LocationFactory
from transactions.models import Transaction, TransactionLine
from transactions.posting import advance, post, void

Act = Callable[[], Any]


def new_item() -> Item:
    """One whose name no other process has taken either."""
    return ItemFactory(name=f"Item {uuid4().hex[:12]}")


@dataclass
class Lot:
    """So many units of an item, and a twin item for which the driver writes the same rows."""

    size: int
    item: Item = field(default_factory=new_item)
    twin: Item = field(default_factory=new_item)
    shop: Location = field(default_factory=LocationFactory)
    document: Transaction | None = None  # the latest
    prefix: str = "SN"

    @property
    def numbers(self) -> list[str]:
        return [f"{self.prefix}-{n:06}" for n in range(self.size)]


class Hands:
    """Prepares each job for a lot, and gives back what is to be measured."""

    def __init__(self) -> None:
        # Without a password: to hash one takes a hundred megabytes.
        user, _ = get_user_model().objects.get_or_create(username="clerk")
        self.books = Books(user)
        self.today = timezone.localdate()

    def prepare(self, job: str, lot: Lot) -> Act:
        prepare = getattr(self, job.replace("-", "_"))
        return prepare(lot)

    def receive(self, lot: Lot) -> Act:
        order = self.books.order(lot.item, lot.size, "600.00", on=self.today)
        return self._follow("item_receipt", lot, order, vendor=order.vendor)

    def void(self, lot: Lot) -> Act:
        assert lot.document
        return lambda: void(lot.document, "Measured.", by=self.books.user)

    def transfer(self, lot: Lot) -> Act:
        start = self.books.company.default_location
        line = self._line(lot, at=start)
        header = {"location": start, "to_location": lot.shop}
        return self.post_later("inventory_transfer", line, **header)

    def pick(self, lot: Lot) -> Act:
        order = self.books.sell(lot.item, lot.size, "999.00", on=self.today, at=lot.shop)
        return self._follow(
            "item_fulfillment", lot, order, customer=order.customer, status="picked"
        )

    def ship(self, lot: Lot) -> Act:
        assert lot.document
        return lambda: advance(lot.document, to="shipped", by=self.books.user)

    void_shipment = void

    def adjust_out(self, lot: Lot) -> Act:
        line = self._line(lot, at=lot.shop, quantity=-lot.size)
        header = {"account": self.books.account("6500"), "reason": "correction"}
        return self.post_later("inventory_adjustment", line, **header)

    def _follow(self, kind: str, lot: Lot, order: Transaction, **header: Any) -> Act:
        """A document that takes every unit of the order."""
        source = order.lines.select_related("item", "location", "transaction").get()
        line = self._line(lot, at=source.location, rate=source.rate, created_from_line=source)
        return self.post_later(kind, line, created_from=order, **header)

    def _line(self, lot: Lot, **values: Any) -> TransactionLine:
        line = self.books.line(lot.item, **{"quantity": lot.size, **values})
        line.serials = lot.numbers
        return line

    def post_later(self, kind: str, line: TransactionLine, **header: Any) -> Act:
        """A document of one line, to be posted when the clock runs."""
        document = Transaction(type=kind, date=self.today, **header)
        return lambda: post(document, [line], by=self.books.user)


def walk(hands: Hands, lot: Lot, jobs: Sequence[str]) -> None:
    """Do the jobs to the lot, one after another."""
    for job in jobs:
        lot.document = hands.prepare(job, lot)().document
