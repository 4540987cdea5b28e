"""Documents that several tests of this folder look at."""

from __future__ import annotations

import pytest

from items.models import Item
from tests.books import Books, nov
from transactions.models import Transaction


def simple_trade(books: Books, ht9000: Item) -> dict[str, Transaction]:
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
def trade(books: Books, ht9000: Item) -> dict[str, Transaction]:
    return simple_trade(books, ht9000)
