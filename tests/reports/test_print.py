"""Every report can be printed from its page."""

from __future__ import annotations

import pytest
from django.test import Client

from inventory import menus
from items.models import Item
from tests.books import Books

[REPORTS] = [menu for menu in menus.MENUS if menu.label == "Reports"]
PAGES = [page for group in REPORTS.groups for page in group.pages if group.label != "Audit"]


@pytest.mark.parametrize("report", PAGES, ids=lambda report: report.label)
def test_it_has_a_button_that_prints(
    client: Client, books: Books, ht9000: Item, report: menus.Page
) -> None:
    books.have(ht9000, "600.00", "A1 A2")
    books.sold(ht9000, "A1")
    books.sell(ht9000, 5, "999.00")
    books.order(ht9000, 1, "600.00")
    said = client.get(report.url, {"start": "2026-11-01", "end": "2026-11-30"}).content.decode()
    assert "data-print" in said
    assert "js/print.js" in said
