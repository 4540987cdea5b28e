"""Every status of every order and authorization is reached, and left again (SPEC §4)."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from company.models import Company
from items.models import Item
from tests.books import Books, nov
from tests.factories import CustomerFactory, VendorFactory
from tests.scenarios.desk import figures, refused, statuses
from transactions import types
from transactions.models import Transaction


class Seen:
    """The statuses that a document was seen in, in order."""

    def __init__(self, books: Books, document: Transaction) -> None:
        self.books, self.document, self.labels = books, document, [books.status(document)]

    def after(self, made: Any = None) -> Any:
        self.labels.append(self.books.status(self.document))
        return made

    def step(self, to: str) -> None:
        self.after(self.books.advance(self.document, to))

    def all_but(self, *others: str) -> bool:
        """Whether every status of the kind was seen, but these."""
        return set(self.labels) | set(others) == set(self.document.kind.statuses.labels)


@pytest.fixture
def approval(books: Books) -> None:
    Company.objects.update(approve_sales_orders=True, approve_purchase_orders=True)


def test_purchase_order(books: Books, ht9000: Item, approval: None) -> None:
    order = books.order(ht9000, 3, "600.00", on=nov(2))
    seen = Seen(books, order)
    refused(lambda: books.receive(order, "A1", on=nov(3)))
    seen.step("pending_receipt")
    first = seen.after(books.receive(order, "A1", on=nov(3)))
    bill = seen.after(books.bill(first, on=nov(3)))
    rest = seen.after(books.receive(order, "A2 A3", on=nov(4)))
    refused(lambda: books.receive(order, "A4", on=nov(4)))
    seen.after(books.bill(rest, on=nov(4)))
    assert seen.labels == [
        "Pending Supervisor Approval", "Pending Receipt", "Pending Billing/Partially Received",
        "Partially Received", "Pending Bill", "Fully Billed",
    ]  # fmt: skip
    seen.after(books.void(bill))
    seen.after(books.void(first))
    assert seen.labels[-2:] == ["Pending Bill", "Partially Received"]
    assert figures(ht9000, "OH OO") == [2, 1]
    seen.step("closed")
    assert figures(ht9000, "OO") == [0]
    seen.step("pending_receipt")
    assert (seen.labels[-1], figures(ht9000, "OO")) == ("Partially Received", [1])
    assert seen.all_but("Rejected by Supervisor")


def test_a_purchase_order_is_rejected_for_good(books: Books, ht9000: Item, approval: None) -> None:
    order = books.order(ht9000, 3, "600.00", on=nov(2))
    books.advance(order, "rejected")
    assert books.status(order) == "Rejected by Supervisor"
    for to in types.get("purchase_order").statuses.values:
        refused(lambda to=to: books.advance(order, to))


def test_a_closed_purchase_order_is_billed_for_what_came(books: Books, ht9000: Item) -> None:
    order = books.order(ht9000, 3, "600.00", on=nov(2))
    books.receive(order, "A1", on=nov(3))
    books.advance(order, "closed")
    refused(lambda: books.receive(order, "A2", on=nov(3)))
    books.bill(order, on=nov(4))
    assert books.balances() == {"1300": Decimal(600), "2000": Decimal(-600)}


def test_sales_order(books: Books, ht9000: Item, approval: None) -> None:
    books.adjust(ht9000, 3, "A1 A2 A3", on=nov(2), rate="600.00")
    order = books.sell(ht9000, 3, "999.00", on=nov(4))
    seen = Seen(books, order)
    refused(lambda: books.fulfill(order, "A1", on=nov(5)))
    seen.step("pending_fulfillment")
    picked = seen.after(books.fulfill(order, "A1", on=nov(5), to="picked"))
    assert figures(ht9000, "OH PK CM AV") == [2, 1, 2, 0]
    seen.after(books.advance(picked, "packed", on=nov(5)))
    seen.after(books.advance(picked, "shipped", on=nov(6)))
    first = seen.after(books.invoice(picked, on=nov(6)))
    rest = seen.after(books.fulfill(order, "A2 A3", on=nov(7)))
    last = seen.after(books.invoice(rest, on=nov(7)))
    assert seen.labels == [
        "Pending Approval", "Pending Fulfillment", "Pending Fulfillment", "Pending Fulfillment",
        "Pending Billing/Partially Fulfilled", "Partially Fulfilled", "Pending Billing", "Billed",
    ]  # fmt: skip
    for made in (last, rest, first, picked):
        seen.after(books.void(made))
    assert seen.labels[-4:] == [
        "Pending Billing", "Partially Fulfilled", "Pending Billing/Partially Fulfilled",
        "Pending Fulfillment",
    ]  # fmt: skip
    assert figures(ht9000, "OH PK CM AV") == [3, 0, 3, 0]
    seen.step("closed")
    assert figures(ht9000, "CM BO") == [0, 0]
    seen.step("pending_fulfillment")
    assert figures(ht9000, "CM BO") == [3, 0]
    seen.step("cancelled")
    assert figures(ht9000, "CM BO") == [0, 0]
    assert seen.all_but()
    for to in order.kind.statuses.values:
        refused(lambda to=to: books.advance(order, to))


def test_fulfillments_of_one_order_stand_at_different_stages(books: Books, ht9000: Item) -> None:
    books.have(ht9000, "600.00", "A1 A2 A3")
    order = books.sell(ht9000, 3, "999.00", on=nov(4))
    stages = ("picked", "packed", "shipped")
    made = [books.fulfill(order, f"A{n}", on=nov(5), to=to) for n, to in enumerate(stages, 1)]
    assert statuses(*made) == ["Picked", "Packed", "Shipped"]
    assert figures(ht9000, "OH PK CM") == [0, 2, 0]
    assert books.balance("5000") == 600
    refused(lambda: books.invoice(made[1], on=nov(5)))
    books.advance(made[0], "shipped", on=nov(6))
    refused(lambda: books.advance(made[0], "packed", on=nov(6)))
    books.advance(made[1], "shipped", on=nov(6))
    assert books.status(order) == "Pending Billing"


def test_invoice_and_bill_are_open_until_paid(books: Books, ht9000: Item) -> None:
    receipt = books.have(ht9000, "600.00", "A1")
    invoice = books.invoice(books.fulfill(books.sell(ht9000, 1, 999, on=nov(3)), "A1", on=nov(3)))
    [bill] = receipt.children.all()
    paid = []
    for document, first, rest in ((invoice, 900, 99), (bill, 500, 100)):
        books.pay((document, first))
        assert statuses(document) == ["Open"]
        refused(lambda document=document, rest=rest: books.pay((document, rest + 1)))
        paid.append(books.pay((document, rest)))
        assert statuses(document) == ["Paid In Full"]
        refused(lambda document=document: books.void(document))
    for payment in paid:
        books.void(payment)
    assert statuses(invoice, bill) == ["Open", "Open"]


class TestReturnAuthorization:
    def invoice(self, books: Books, item: Item) -> Transaction:
        books.have(item, "600.00", "A1 A2")
        order = books.sell(item, 2, "999.00", on=nov(3))
        return books.invoice(books.fulfill(order, "A1 A2", on=nov(3)), on=nov(3))

    def test_every_status(self, books: Books, ht9000: Item) -> None:
        invoice = self.invoice(books, ht9000)
        authorized = books.make(
            "return_authorization", invoice, on=nov(5), status="pending_approval"
        )
        seen = Seen(books, authorized)
        refused(lambda: books.make("return_receipt", authorized, "A1", on=nov(6)))
        seen.step("pending_receipt")
        assert figures(ht9000, "OH CM") == [0, 0]
        first = seen.after(books.make("return_receipt", authorized, "A1", on=nov(6)))
        second = seen.after(books.make("return_receipt", authorized, "A2", on=nov(7)))
        memo = seen.after(books.make("credit_memo", first, on=nov(8)))
        till = books.account("1010")
        refund = seen.after(books.make("cash_refund", second, on=nov(8), account=till))
        assert seen.labels == [
            "Pending Approval", "Pending Receipt", "Partially Received", "Pending Refund",
            "Pending Refund", "Refunded",
        ]  # fmt: skip
        assert statuses(memo, refund) == ["Open", "Refunded"]
        books.pay((invoice, "999.00"), (memo, "999.00"))
        assert statuses(memo, invoice) == ["Fully Applied", "Open"]
        for made in (refund, second):
            seen.after(books.void(made))
        assert seen.labels[-2:] == ["Pending Refund", "Partially Received"]
        seen.step("closed")
        refused(lambda: books.make("return_receipt", authorized, "A2", on=nov(9)))
        seen.step("pending_receipt")
        assert seen.labels[-1] == "Partially Received"
        assert seen.all_but("Cancelled")

    def test_it_is_cancelled_only_while_nothing_came(self, books: Books, ht9000: Item) -> None:
        invoice = self.invoice(books, ht9000)
        one = books.make("return_authorization", invoice, quantity=1, on=nov(5))
        books.advance(one, "cancelled")
        two = books.make("return_authorization", invoice, quantity=2, on=nov(5))
        received = books.make("return_receipt", two, "A1", on=nov(6))
        refused(lambda: books.advance(two, "cancelled"))
        books.void(received)
        books.advance(two, "cancelled")
        assert statuses(one, two) == ["Cancelled", "Cancelled"]


class TestVendorReturnAuthorization:
    def test_every_status(self, books: Books, ht9000: Item) -> None:
        order = books.order(ht9000, 3, "600.00", on=nov(2))
        books.receive(order, "A1 A2", on=nov(2))
        refused(lambda: books.make("vendor_return_authorization", order, on=nov(3), quantity=1))
        receipt = books.receive(order, "A3", on=nov(2))
        books.bill(order, on=nov(3))
        authorized = books.make(
            "vendor_return_authorization", order, on=nov(5), status="pending_approval"
        )
        seen = Seen(books, authorized)
        refused(lambda: books.make("vendor_return_shipment", authorized, "A1", on=nov(6)))
        seen.step("pending_return")
        assert figures(ht9000, "OH CM AV") == [3, 0, 3]
        first = seen.after(books.make("vendor_return_shipment", authorized, "A1", on=nov(6)))
        credit = seen.after(books.make("bill_credit", first, on=nov(6)))
        seen.after(books.make("vendor_return_shipment", authorized, "A2 A3", on=nov(7)))
        seen.after(books.make("bill_credit", authorized, on=nov(8)))
        assert seen.labels == [
            "Pending Approval", "Pending Return", "Pending Credit/Partially Returned",
            "Partially Returned", "Pending Credit", "Credited",
        ]  # fmt: skip
        assert books.balances() == {}
        bill = Transaction.objects.of("vendor_bill").get()
        books.pay((bill, "600.00"), (credit, "600.00"))
        assert statuses(credit, bill) == ["Fully Applied", "Open"]
        refused(lambda: books.void(receipt))
        assert seen.all_but("Cancelled", "Closed")

    def test_closed_and_cancelled(self, books: Books, ht9000: Item) -> None:
        order = books.have(ht9000, "600.00", "A1 A2").created_from
        one = books.make("vendor_return_authorization", order, quantity=1, on=nov(5))
        books.advance(one, "cancelled")
        two = books.make("vendor_return_authorization", order, on=nov(5))
        sent = books.make("vendor_return_shipment", two, "A1", on=nov(6))
        refused(lambda: books.advance(two, "cancelled"))
        books.advance(two, "closed")
        assert statuses(one, two) == ["Cancelled", "Closed"]
        refused(lambda: books.make("vendor_return_shipment", two, "A2", on=nov(6)))
        books.make("bill_credit", two, on=nov(7))  # what was sent is still credited
        assert books.balance("2010") == 0
        refused(lambda: books.void(sent))


class TestTransferOrder:
    def test_every_status(self, books: Books, ht9000: Item, place: SimpleNamespace) -> None:
        books.have(ht9000, "600.00", "A1 A2 A3")
        order = books.post(
            "transfer_order", [books.line(ht9000, 3)], nov(4), status="pending_approval",
            location=place.main, to_location=place.east,
        )  # fmt: skip
        seen = Seen(books, order)
        refused(lambda: books.make("transfer_shipment", order, "A1", on=nov(5), status="shipped"))
        seen.step("pending_fulfillment")
        first = seen.after(
            books.make("transfer_shipment", order, "A1", on=nov(5), status="shipped")
        )
        arrived = seen.after(books.make("transfer_receipt", first, on=nov(6)))
        rest = seen.after(
            books.make("transfer_shipment", order, "A2 A3", on=nov(6), status="shipped")
        )
        last = seen.after(books.make("transfer_receipt", rest, on=nov(7)))
        assert seen.labels == [
            "Pending Approval", "Pending Fulfillment", "Pending Receipt/Partially Fulfilled",
            "Partially Fulfilled", "Pending Receipt", "Received",
        ]  # fmt: skip
        for made in (last, rest, arrived, first):
            seen.after(books.void(made))
        assert seen.labels[-4:] == [
            "Pending Receipt", "Partially Fulfilled", "Pending Receipt/Partially Fulfilled",
            "Pending Fulfillment",
        ]  # fmt: skip
        seen.step("closed")
        assert figures(ht9000, "CM BO OO") == [0, 0, 0]
        seen.step("pending_fulfillment")
        assert figures(ht9000, "CM BO OO") == [3, 0, 3]
        assert seen.all_but("Rejected")

    def test_rejected(self, books: Books, ht9000: Item, place: SimpleNamespace) -> None:
        ends = {"location": place.main, "to_location": place.east}
        lines = [books.line(ht9000, 3)]
        order = books.post("transfer_order", lines, nov(4), status="pending_approval", **ends)
        books.advance(order, "rejected")
        refused(lambda: books.advance(order, "pending_fulfillment"))
        assert figures(ht9000, "CM BO OO") == [0, 0, 0]

    def test_what_was_sent_arrives_though_the_order_was_closed(
        self, books: Books, ht9000: Item, place: SimpleNamespace
    ) -> None:
        books.have(ht9000, "600.00", "A1 A2")
        order = books.order_transfer(ht9000, 2, at=place.main, to=place.east, on=nov(4))
        books.make("transfer_shipment", order, "A1", on=nov(5), status="shipped")
        books.advance(order, "closed")
        assert figures(ht9000, "OH CM AV", place.main) == [1, 0, 1]
        assert figures(ht9000, "OO IT", place.east) == [1, 1]
        refused(lambda: books.make("transfer_receipt", order, on=nov(4)))
        books.make("transfer_receipt", order, on=nov(6))
        assert figures(ht9000, "OH OO IT", place.east) == [1, 0, 0]

    def test_no_more_arrives_than_was_sent(
        self, books: Books, cable: Item, place: SimpleNamespace
    ) -> None:
        books.adjust(cable, 10, on=nov(2), rate="2.00")
        order = books.order_transfer(cable, 8, at=place.main, to=place.east, on=nov(4))
        sent = books.make("transfer_shipment", order, on=nov(5), quantity=5, status="shipped")
        books.make("transfer_receipt", sent, on=nov(6), quantity=3)
        refused(lambda: books.make("transfer_receipt", sent, on=nov(6), quantity=3))
        books.make("transfer_receipt", sent, on=nov(6), quantity=2)
        assert figures(cable, "OH OO IT", place.east) == [5, 3, 0]
        assert (books.value(cable, place.main), books.value(cable, place.east)) == (10, 10)


def test_parties_made_inactive_finish_what_is_open(books: Books, ht9000: Item) -> None:
    maple, acme = CustomerFactory(name="Maple"), VendorFactory(name="Acme")
    order = books.order(ht9000, 1, "600.00", on=nov(2))
    sale = books.sell(ht9000, 1, "999.00", on=nov(2))
    for party in (maple, acme):
        party.inactive = True
        party.save()
    receipt = books.receive(order, "A1", on=nov(3))
    books.bill(receipt, on=nov(3))
    books.invoice(books.fulfill(sale, "A1", on=nov(3)), on=nov(3))
    assert statuses(order, sale) == ["Fully Billed", "Billed"]
    refused(lambda: books.order(ht9000, 1, "600.00"))
    refused(lambda: books.sell(ht9000, 1, "999.00"))
