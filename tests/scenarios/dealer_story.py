"""A dealer's month, told once a month for a year by `tests/scenarios/test_a_dealers_year.py`.

Each month a computer costs 10.00 more than in the month before: 610.00 in January, 720.00 in
December. A cable costs 12.50: as many are bought at 10.00 as at 15.00.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from accounting.models import Account
from items.models import Item
from tests.books import Books
from tests.factories import AccountFactory, CustomerFactory, VendorFactory
from tests.journals import write
from transactions.models import Transaction

CLEARANCES = {6: range(1, 7), 12: range(7, 13)}  # the month, and the months whose stock goes


class Story:
    """Acme sells to us; Maple and Ridge buy from us, in two shops."""

    def __init__(self, books: Books, computer: Item, cable: Item, place: SimpleNamespace) -> None:
        self.books, self.computer, self.cable = books, computer, cable
        self.main, self.east = place.main, place.east
        self.acme = VendorFactory(name="Acme")
        self.maple, self.ridge = CustomerFactory(name="Maple"), CustomerFactory(name="Ridge")
        AccountFactory(number="6100", name="Rent", type=Account.Type.EXPENSE)
        self.left_over: dict[str, Transaction] = {}  # what the month before left to be done

    def month(self, month: int) -> None:
        """January is 1. What is left undone is done in the month after."""
        self.now, self.cost = month, 600 + 10 * month
        if month == 1:  # the owner pays in 20,000.00
            write(self.books, ("1000", "20000.00", 0), ("3900", 0, "20000.00"), on=self.on(1))
        if self.left_over:
            self.finish_last_month()
        self.buy()
        self.sell_to_maple()
        self.sell_over_the_counter()
        self.trade_in()
        self.return_to_vendor()
        self.move_between_the_shops()
        self.damage_and_mistake()
        self.pay()
        if month in CLEARANCES:
            self.clear()

    def on(self, day: int) -> date:
        return date(2026, self.now, day)

    def sn(self, number: int) -> str:
        """The numbers of a month's computers: 03-1, 03-2 … for March."""
        return f"{self.now:02}-{number}"

    def finish_last_month(self) -> None:
        """On the 1st: bill and pay what came late, pay the cables, be paid 400.00 by Maple.

        The two cables on their way arrive. The computer traded in is sold for 180.00.
        """
        last, day = self.left_over, self.on(1)
        bill = self.books.bill(last["late receipt"], on=day)
        self.books.pay((bill, bill.total), on=day)
        self.books.pay((last["cables at 10"], "100.00"), (last["cables at 15"], "150.00"), on=day)
        self.books.pay((last["Maple's invoice"], "400.00"), on=day)
        self.books.make("transfer_receipt", last["transfer"], on=day)
        self.over_the_counter(self.computer, f"X{self.now - 1:02}", "180.00", day)

    def buy(self) -> None:
        """Five computers in two receipts, billed at 2.00 too much each; a sixth is billed later.

        Twenty cables, half of them at 10.00 and half at 15.00.
        """
        books, order = self.books, self.order(self.computer, 5, self.cost, 2)
        books.receive(order, " ".join(map(self.sn, (1, 2, 3, 4))), on=self.on(2))
        books.receive(order, self.sn(5), on=self.on(4))
        self.computers = order
        self.bill = books.bill(order, on=self.on(5), rate=self.cost + 2)
        for rate in (10, 15):
            cables = self.order(self.cable, 10, rate, 3)
            receipt = books.receive(cables, on=self.on(3), quantity=10)
            self.left_over[f"cables at {rate}"] = books.bill(receipt, on=self.on(6))
        late = self.order(self.computer, 1, self.cost, 20)
        self.left_over["late receipt"] = books.receive(late, self.sn(6), on=self.on(27))

    def order(self, item: Item, quantity: int, rate: int, day: int) -> Transaction:
        return self.books.order(item, quantity, rate, on=self.on(day), vendor=self.acme)

    def sell_to_maple(self) -> None:
        """Two computers at 1,000.00; one comes back to EAST and is credited.

        In the last month of a quarter what comes back is broken and written off.
        """
        books = self.books
        order = books.sell(self.computer, 2, "1000.00", on=self.on(7), customer=self.maple)
        shipment = books.fulfill(order, f"{self.sn(1)} {self.sn(2)}", on=self.on(8), to="picked")
        books.advance(shipment, "packed", on=self.on(8))
        books.advance(shipment, "shipped", on=self.on(9))
        self.invoice = self.left_over["Maple's invoice"] = books.invoice(order, on=self.on(9))
        returned = self.returned(self.invoice, self.sn(1), at=self.east, restock=self.now % 3 != 0)
        self.credit = books.make("credit_memo", returned, on=self.on(16))

    def returned(self, sale: Transaction, serials: str = "", count: Any = None, **line: Any):
        """The authorization of what a customer has brought back."""
        authorized = self.books.make(
            "return_authorization", sale, on=self.on(14), quantity=count or 1
        )
        self.books.make(
            "return_receipt", authorized, serials, on=self.on(15), quantity=count, line=line
        )
        return authorized

    def sell_over_the_counter(self) -> None:
        """A computer at 950.00 for cash. Eight cables at 25.00 to Ridge, who is refunded two."""
        self.over_the_counter(self.computer, self.sn(3), "950.00", self.on(10))
        order = self.books.sell(self.cable, 8, "25.00", on=self.on(10), customer=self.ridge)
        shipment = self.books.fulfill(order, on=self.on(10), quantity=8)
        self.cables_sold = self.books.invoice(shipment, on=self.on(11))
        returned = self.returned(self.cables_sold, count=2)
        till = self.books.account("1010")
        self.books.make("cash_refund", returned, on=self.on(16), account=till)

    def over_the_counter(self, item: Item, serials: str, price: str, day: date, count: int = 1):
        return self.books.post(
            "cash_sale", [self.books.line(item, count, price, serials)], day,
            customer=self.ridge, account=self.books.account("1010"),
        )  # fmt: skip

    def trade_in(self) -> None:
        """Ridge is given 150.00 for an old computer that is worth 100.00."""
        line = self.books.line(
            self.computer, 1, "150.00", f"X{self.now:02}", override_rate=Decimal("100.00")
        )
        self.traded = self.books.post(
            "credit_memo", [line], self.on(12), customer=self.ridge, confirmed=["SER-11"]
        )

    def return_to_vendor(self) -> None:
        """Acme takes a computer back and gives credit for 5.00 less than it cost."""
        books = self.books
        authorized = books.make(
            "vendor_return_authorization", self.computers, on=self.on(17), quantity=1,
            status="pending_return",
        )  # fmt: skip
        books.make("vendor_return_shipment", authorized, self.sn(4), on=self.on(18))
        self.bill_credit = books.make(
            "bill_credit", authorized, on=self.on(19), rate=Decimal(self.cost - 5)
        )

    def move_between_the_shops(self) -> None:
        """A computer is carried to EAST; four cables are sent there, of which two arrive."""
        books, ends = self.books, {"at": self.main, "to": self.east}
        books.transfer(self.computer, 1, self.sn(5), on=self.on(20), **ends)
        order = books.order_transfer(self.cable, 4, on=self.on(20), **ends)
        books.make("transfer_shipment", order, on=self.on(21), status="shipped")
        books.make("transfer_receipt", order, on=self.on(24), quantity=2)
        self.left_over["transfer"] = order

    def damage_and_mistake(self) -> None:
        """Two cables are cut by accident. A cash sale was entered twice; one of them is voided."""
        self.books.adjust(self.cable, -2, on=self.on(22), reason="damage")
        mistake = self.over_the_counter(self.cable, "", "25.00", self.on(22), count=3)
        self.books.void(mistake, "entered twice")

    def pay(self) -> None:
        """Maple pays 600.00 beside its credit, Ridge the rest beside the trade-in; we pay Acme."""
        day, books = self.on(25), self.books
        books.pay((self.invoice, "1600.00"), (self.credit, "1000.00"), on=day)
        books.pay((self.cables_sold, "200.00"), (self.traded, "150.00"), on=day)
        books.pay((self.bill, self.bill.total), (self.bill_credit, self.bill_credit.total), on=day)
        write(books, ("6100", "200.00", 0), ("1000", 0, "200.00"), on=day)

    def clear(self) -> None:
        """Ridge buys the six computers carried to EAST since the last clearance, 700.00 each."""
        numbers = " ".join(f"{month:02}-5" for month in CLEARANCES[self.now])
        line = self.books.line(self.computer, 6, "700.00", numbers, at=self.east)
        sold = self.books.post("invoice", [line], self.on(28), customer=self.ridge)
        self.books.pay((sold, "4200.00"), on=self.on(28))
