"""Brings serial number X1 of an item into each state of the truth table (SPEC §6.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

from items.models import Item
from tests.books import Books, nov
from tests.factories import CustomerFactory
from transactions.models import Transaction

X1 = "X1"


class State:
    """One item, one number, and the document that brought it where it is."""

    def __init__(self, books: Books, item: Item, place: SimpleNamespace, start: int = 2) -> None:
        self.books, self.item, self.place, self.start = books, item, place, start
        self.maple = CustomerFactory(name="Maple")
        self.ridge = CustomerFactory(name="Ridge")

    def bring(self, state: str) -> Transaction | None:
        """Give the number its state; the document that did."""
        steps: dict[str, Callable[[], Any]] = {
            "never": lambda: None,
            "here": lambda: self.buy(self.place.main),
            "other": lambda: self.buy(self.place.east),
            "inactive": self._inactive,
            "picked": self._picked,
            "transit": self._transit,
            "sold": self.sell,
            "vendor": self._vendor,
            "adj": self._adjusted_out,
            "w/o": self._written_off,
        }
        return steps[state]()

    def day(self, after: int) -> date:
        return nov(self.start + after)

    def buy(self, place: Any, typed: str = X1) -> Transaction:
        """Received and billed; the receipt."""
        order = self.books.order(self.item, len(typed.split()), "600.00", on=self.day(0), at=place)
        receipt = self.books.receive(order, typed, on=self.day(0))
        self.books.bill(receipt, on=self.day(0))
        return receipt

    def sell(self, typed: str = X1) -> Transaction:
        """Bought, sold and invoiced to Maple; the fulfillment."""
        self.buy(self.place.main, typed)
        return self.books.sold(self.item, typed, on=self.day(2))

    def invoice_of(self, fulfillment: Transaction) -> Transaction:
        return Transaction.objects.of("invoice").get(
            lines__created_from_line__transaction=fulfillment
        )

    def _inactive(self) -> Transaction:
        bought = self.buy(self.place.old)
        self.place.old.inactive = True
        self.place.old.save()
        return bought

    def _picked(self) -> Transaction:
        self.buy(self.place.main)
        order = self.books.sell(self.item, 1, "999.00", on=self.day(2))
        return self.books.fulfill(order, X1, on=self.day(2), to="picked")

    def _transit(self) -> Transaction:
        self.buy(self.place.main)
        order = self.books.order_transfer(
            self.item, 1, at=self.place.main, to=self.place.east, on=self.day(2)
        )
        return self.books.make("transfer_shipment", order, X1, on=self.day(2), status="shipped")

    def _vendor(self) -> Transaction:
        bought = self.buy(self.place.main)
        returned = self.books.make(
            "vendor_return_authorization", bought.created_from, on=self.day(2)
        )
        return self.books.make("vendor_return_shipment", returned, X1, on=self.day(2))

    def _adjusted_out(self) -> Transaction:
        self.buy(self.place.main)
        return self.books.adjust(self.item, -1, X1, on=self.day(2))

    def _written_off(self) -> Transaction:
        invoice = self.invoice_of(self.sell())
        authorized = self.books.make("return_authorization", invoice, on=self.day(3))
        return self.books.make(
            "return_receipt", authorized, X1, on=self.day(3), line={"restock": False}
        )
