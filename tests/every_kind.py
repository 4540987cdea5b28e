"""One document of each kind, for tests that look at all of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

from items.models import Item, SerialUnit
from tests.books import Books, nov
from tests.counts import Counts
from tests.journals import write
from tests.transactions.types.test_serial_number_correction import correct
from transactions.models import Transaction


class Desk:
    """Makes one document of each kind: two computers bought at a cost, sold at a price."""

    cost, price = "600.00", "999.00"

    def __init__(self, books: Books, item: Item, place: SimpleNamespace) -> None:
        self.books, self.item, self.place = books, item, place

    def document(self, kind: str) -> Transaction:
        act: Callable[[], Transaction] = getattr(self, kind)
        return act()

    def _of(self, kind: str) -> Transaction:
        return Transaction.objects.of(kind).latest("id")

    # Bought

    def purchase_order(self) -> Transaction:
        return self.books.order(self.item, 2, self.cost, on=nov(2))

    def item_receipt(self) -> Transaction:
        return self.books.have(self.item, self.cost, "A1 A2")

    def vendor_bill(self) -> Transaction:
        self.item_receipt()
        return self._of("vendor_bill")

    def vendor_payment(self) -> Transaction:
        return self.books.pay((self.vendor_bill(), str(2 * Decimal(self.cost))))

    def vendor_return_authorization(self) -> Transaction:
        self.item_receipt()
        return self.books.make("vendor_return_authorization", self._of("purchase_order"))

    def vendor_return_shipment(self) -> Transaction:
        authorized = self.vendor_return_authorization()
        return self.books.make("vendor_return_shipment", authorized, "A1 A2")

    def bill_credit(self) -> Transaction:
        return self.books.make("bill_credit", self.vendor_return_shipment())

    # Sold

    def sales_order(self) -> Transaction:
        self.item_receipt()
        return self.books.sell(self.item, 2, self.price, serials="A1 A2")

    def item_fulfillment(self) -> Transaction:
        return self.books.fulfill(self.sales_order(), "A1 A2")

    def invoice(self) -> Transaction:
        return self.books.invoice(self.item_fulfillment())

    def cash_sale(self) -> Transaction:
        till = self.books.account("1010")
        return self.books.make("cash_sale", self.item_fulfillment(), account=till)

    def customer_payment(self) -> Transaction:
        return self.books.pay((self.invoice(), str(2 * Decimal(self.price))))

    def return_authorization(self) -> Transaction:
        return self.books.make("return_authorization", self.invoice(), "A1 A2")

    def return_receipt(self) -> Transaction:
        return self.books.make("return_receipt", self.return_authorization(), "A1 A2")

    def credit_memo(self) -> Transaction:
        return self.books.make("credit_memo", self.return_receipt())

    def cash_refund(self) -> Transaction:
        till = self.books.account("1010")
        return self.books.make("cash_refund", self.return_receipt(), account=till)

    # Within the company

    def inventory_adjustment(self) -> Transaction:
        return self.books.adjust(self.item, 2, "A1 A2", rate=self.cost)

    def inventory_transfer(self) -> Transaction:
        self.item_receipt()
        return self.books.transfer(self.item, 2, "A1 A2", at=self.place.main, to=self.place.east)

    def transfer_order(self) -> Transaction:
        self.item_receipt()
        return self.books.order_transfer(
            self.item, 2, at=self.place.main, to=self.place.east, serials="A1 A2"
        )

    def transfer_shipment(self) -> Transaction:
        order = self.transfer_order()
        return self.books.make("transfer_shipment", order, "A1 A2", status="shipped")

    def transfer_receipt(self) -> Transaction:
        return self.books.make("transfer_receipt", self.transfer_shipment())

    def inventory_count(self) -> Transaction:
        self.item_receipt()
        counts = Counts(self.books)
        count = counts.start(self.place.main, self.item)
        counts.see(count, "A1 A2")
        return count

    def serial_number_correction(self) -> Transaction:
        self.item_receipt()
        return correct(self.books, SerialUnit.objects.get(item=self.item, number="A1"), "A7")

    def journal_entry(self) -> Transaction:
        amount = str(2 * Decimal(self.cost) + 250)
        return write(self.books, ("1000", amount, 0), ("3900", 0, amount))
