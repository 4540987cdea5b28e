"""Every kind of document on paper, as the one who gets it expects it (SPEC §7)."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.test import Client

from items.models import Item
from tests.books import Books
from tests.every_kind import Desk
from transactions import types
from transactions.models import Transaction

PRICES = r"600|999|1,998|1,200|Rate|Amount|Total|Cost|USD"
NAME = "Hi-Tech 9000 2Ghz Computer"


# By kind: its title, what its paper must say, and whether it may speak of money.
PAPERS = {
    "purchase_order": ("Purchase Order", [NAME, "2 600.00 1,200.00", "Total (USD) 1,200.00"], True),
    "item_receipt": ("Item Receipt", [NAME, "A1 A2", "Received by"], False),
    "vendor_bill": ("Vendor Bill", [NAME, "A1 A2", "Total (USD) 1,200.00"], True),
    "vendor_payment": ("Remittance Advice", ["Vendor Bill BILL-1", "Total (USD) 1,200.00"], True),
    "vendor_return_authorization": (
        "Vendor Return Authorization", [NAME, "Total (USD) 1,200.00"], True),
    "vendor_return_shipment": ("Packing Slip", [NAME, "A1 A2", "Received by"], False),
    "bill_credit": ("Bill Credit", [NAME, "A1 A2", "Total (USD) 1,200.00"], True),
    "sales_order": ("Sales Order", [NAME, "Requested serial numbers", "1,998.00"], True),
    "item_fulfillment": ("Packing Slip", ["Ship To", NAME, "A1 A2", "Received by"], False),
    "invoice": ("Invoice", ["Bill To", NAME, "A1 A2", "Total (USD) 1,998.00"], True),
    "cash_sale": ("Sales Receipt", ["Bill To", NAME, "A1 A2", "Total (USD) 1,998.00"], True),
    "customer_payment": ("Payment Receipt", ["Invoice INV-1", "Total (USD) 1,998.00"], True),
    "return_authorization": ("Return Authorization", [NAME, "A1 A2", "1,998.00"], True),
    "return_receipt": ("Return Receipt", [NAME, "A1 A2", "Received by"], False),
    "credit_memo": ("Credit Memo", [NAME, "A1 A2", "Total (USD) 1,998.00"], True),
    "cash_refund": ("Cash Refund", [NAME, "A1 A2", "Total (USD) 1,998.00"], True),
    "inventory_adjustment": (
        "Inventory Adjustment", [NAME, "A1 A2", "6500", "Approved by", "(USD) 1,200.00"], True),
    "inventory_transfer": (
        "Inventory Transfer", ["From MAIN", "To EAST", NAME, "A1 A2", "Received by"], False),
    "transfer_order": ("Transfer Order", ["From MAIN", "To EAST", NAME, "A1 A2"], False),
    "transfer_shipment": (
        "Packing Slip", ["From MAIN", "To EAST", NAME, "A1 A2", "Received by"], False),
    "transfer_receipt": (
        "Transfer Receipt", ["From MAIN", "To EAST", NAME, "A1 A2", "Received by"], False),
    "inventory_count": ("Inventory Count", ["MAIN", NAME, "A1 A2"], False),
    "serial_number_correction": (
        "Serial Number Correction", [NAME, "A1 A7", "read from the box"], False),
    "journal_entry": ("Journal Entry", ["3900", "1000", "Total (USD) 1,450.00"], True),
}  # fmt: skip


def paper(client: Client, document: Transaction) -> str:
    html = client.get(f"{document.get_absolute_url()}print/").content.decode()
    body = html.split('<article class="sheet">')[1].split("</article>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.mark.parametrize("kind", [kind.name for kind in types.all_kinds()])
def test_it_says_what_it_is_for_and_no_more(
    client: Client, books: Books, ht9000: Item, place: SimpleNamespace, kind: str
) -> None:
    document = Desk(books, ht9000, place).document(kind)
    title, words, speaks_of_money = PAPERS[kind]
    said = paper(client, document)
    assert f"{title} {document}" in said
    assert f"Date {document.date}" in said
    if document.party:
        assert document.party.name in said
    assert [word for word in words if word not in said] == []
    assert bool(re.search(rf"\b({PRICES})\b", said)) == speaks_of_money
