"""Documents that several tests of this folder look at."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from items.models import Item, SerialUnit
from tests.books import Books, nov
from tests.factories import CustomerFactory, VendorFactory
from tests.journals import write
from transactions.models import Transaction


@pytest.fixture
def trade(books: Books, ht9000: Item) -> dict[str, Transaction]:
    """Bought, billed, sold, invoiced, adjusted: one document of each kind of it, by slug."""
    order = books.order(ht9000, 3, "600.00", on=nov(2))
    receipt = books.receive(order, "A1 A2", on=nov(3))
    bill = books.bill(receipt, on=nov(4))
    sale = books.sell(ht9000, 1, "999.00", on=nov(5), serials="A2")
    shipment = books.fulfill(sale, "A1", on=nov(6))
    invoice = books.invoice(shipment, on=nov(7))
    adjustment = books.adjust(ht9000, 1, "N1", on=nov(8), rate="580.00")
    documents = (order, receipt, bill, sale, shipment, invoice, adjustment)
    return {document.kind.slug: document for document in documents}


@pytest.fixture
def whole_trade(
    books: Books, ht9000: Item, place: SimpleNamespace, trade: dict[str, Transaction]
) -> dict[str, Transaction]:
    """And all that came of it: returns both ways, money, transfers. By slug."""
    maple, acme = CustomerFactory(name="Maple"), VendorFactory(name="Acme")
    till = books.account("1010")
    books.receive(trade["purchase-order"], "A3", on=nov(9))
    authorized = books.make("return_authorization", trade["invoice"], on=nov(9))
    books.make("return_receipt", authorized, "A1", on=nov(9))
    credit = books.make("credit_memo", authorized, on=nov(9))
    counter = [books.line(ht9000, 1, "950.00", "A3")]
    cash = books.post("cash_sale", counter, nov(10), customer=maple, account=till)
    refused = books.make("return_authorization", cash, on=nov(10))
    books.make("return_receipt", refused, "A3", on=nov(10))
    refund = books.make("cash_refund", refused, on=nov(10), account=till)
    direct = books.post(
        "vendor_bill", [books.line(ht9000, 1, "590.00", "A4")], nov(11), vendor=acme
    )
    back = [books.line(ht9000, 1, "590.00")]
    returned = books.post(
        "vendor_return_authorization", back, nov(12), vendor=acme, status="pending_return"
    )
    shipped_back = books.make("vendor_return_shipment", returned, "A4", on=nov(12))
    bill_credit = books.make("bill_credit", returned, rate=Decimal("580.00"), on=nov(12))
    paid = books.pay((direct, "100.00"), (bill_credit, "10.00"), on=nov(13))
    received = books.pay((trade["invoice"], "999.00"), (credit, "99.00"), on=nov(13))
    books.receive(books.order(ht9000, 2, "600.00", on=nov(13)), "A5 A6", on=nov(13))
    moved = books.transfer(ht9000, 1, "A5", at=place.main, to=place.east, on=nov(14))
    order = books.order_transfer(ht9000, 1, at=place.main, to=place.east, on=nov(14))
    sent = books.make("transfer_shipment", order, "A6", on=nov(15), status="shipped")
    arrived = books.make("transfer_receipt", order, on=nov(16))
    written = write(books, ("6500", "25.00", 0), ("1000", 0, "25.00"), on=nov(17))
    counted = books.post(
        "inventory_count", [books.line(ht9000, 0, at=place.east)], nov(17), location=place.east,
        account=books.account("6500"),
    )  # fmt: skip
    renamed = books.rename(SerialUnit.objects.get(number="A2"), "A-2", on=nov(18))
    documents = (
        counted, renamed,
        authorized, credit, cash, refund, returned, shipped_back, bill_credit, paid, received,
        written, moved, order, sent, arrived, Transaction.objects.of("return_receipt").latest("pk"),
    )  # fmt: skip
    return {**trade, **{document.kind.slug: document for document in documents}}
