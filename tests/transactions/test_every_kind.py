"""The pages that every kind of document has: its list, its view, its void, its way to a new one."""

from __future__ import annotations

import csv
import io
from copy import deepcopy
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine

from items.models import Item, SerialUnit
from tests import stage
from tests.books import Books, nov
from tests.factories import CustomerFactory, VendorFactory
from tests.journals import write
from tests.transactions.conftest import simple_trade
from transactions import types
from transactions.models import Transaction

KINDS = [kind.slug for kind in types.all_kinds()]


@pytest.fixture(scope="module")
def traded_once(lasting: None) -> dict[str, Transaction]:
    with time_machine.travel(stage.NOON, tick=False):
        return trade_in_all(stage.books(), stage.places(), stage.ht9000())


@pytest.fixture
def whole_trade(traded_once: dict[str, Transaction], books: Books) -> dict[str, Transaction]:
    """A document of each kind by its slug, the test's own to change."""
    return deepcopy(traded_once)


def trade_in_all(books: Books, place: SimpleNamespace, ht9000: Item) -> dict[str, Transaction]:
    """A trade and all that came of it: returns both ways, money, transfers. By slug."""
    trade = simple_trade(books, ht9000)
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


# What nothing in `whole_trade` was made from, and whose units have not moved since.
LAST = {
    "vendor-bill", "inventory-adjustment", "inventory-transfer", "transfer-receipt", "cash-refund",
    "customer-payment", "vendor-payment", "journal-entry", "inventory-count",
    "serial-number-correction",
}  # fmt: skip


def test_has_a_list_a_view_and_a_way_to_a_new_one(client, whole_trade):
    for slug, document in whole_trade.items():
        listed = client.get(f"/transactions/{slug}/").content.decode()
        assert document.number in listed
        assert f"/transactions/{slug}/new/" in listed
        seen = client.get(document.get_absolute_url()).content.decode()
        assert f"{document.kind.label} {document}" in seen
        assert client.get(f"/transactions/{slug}/new/").status_code == 200


@pytest.mark.parametrize("slug", KINDS)
def test_sends_a_stranger_to_the_log_in(stranger, db, slug):
    for page in ("", "new/", "1/", "1/void/", "1/serials/1/"):
        answer = stranger.get(f"/transactions/{slug}/{page}")
        assert answer.headers["Location"].startswith("/login/"), page


def test_exports_its_list(client, whole_trade):
    for slug, document in whole_trade.items():
        answer = client.get(f"/transactions/{slug}/?export=csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = {row["Number"]: row for row in csv.DictReader(io.StringIO(text))}
        document.refresh_from_db()
        assert rows[document.number]["Status"] == document.status_label


@pytest.mark.parametrize("slug", KINDS)
def test_can_be_voided_or_says_what_stands_in_the_way(client, whole_trade, slug):
    document = whole_trade[slug]
    page = f"{document.get_absolute_url()}void/"
    assert "This field is required" in client.post(page, {"why": ""}).content.decode()
    last = slug in LAST
    answer = client.post(page, {"why": "entered twice"})
    document.refresh_from_db()
    assert document.is_voided == last
    if last:
        seen = client.get(answer.headers["Location"]).content.decode()
        assert "Voided: entered twice" in seen
        assert page not in seen
    else:
        assert "Void those first." in answer.content.decode()


@pytest.mark.parametrize("slug", ["no-such-kind", "purchase_order"])
def test_is_in_the_registry(client, books, slug):
    assert client.get(f"/transactions/{slug}/").status_code == 404
    assert client.get(f"/transactions/{slug}/new/").status_code == 404


def test_shows_its_documents_at_its_own_address_only(client, whole_trade):
    order = whole_trade["purchase-order"]
    assert client.get(f"/transactions/invoice/{order.pk}/").status_code == 404
