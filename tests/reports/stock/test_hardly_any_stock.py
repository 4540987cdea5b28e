"""Reports of a company with no stock yet, and of one whose only receipt was voided."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from accounting.models import AccountingPeriod
from tests.books import TODAY, nov
from tests.reports.stock.test_serials_on_hand import numbers


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("inventory-valuation", "Nothing was in stock at the end of that day"),
        ("serials-on-hand", "No serial number was in stock at the end of that day"),
        ("stock-ledger", "Nothing was in stock in these dates"),
        ("inventory-activity", "No stock came or went in these dates"),
    ],
)
def test_an_empty_report_says_so(client: Client, books, report, said):
    assert said in client.get(f"/reports/{report}/").content.decode()


def test_a_voided_receipt_was_there_until_its_reversal(books, october, ht9000):
    day = date(2026, 10, 20)
    receipt = books.receive(books.order(ht9000, 1, "500.00", on=day), "B1", on=day)
    AccountingPeriod.objects.filter(start=date(2026, 10, 1)).update(closed=True)
    books.void(receipt)
    assert numbers(nov(22)) == "B1"
    assert numbers(TODAY) == ""
