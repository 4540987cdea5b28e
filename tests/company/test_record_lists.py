"""Every list of plain records, and every list on their pages, sorts, pages and exports."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from items.models import Item
from tests.books import Books, nov
from tests.factories import AccountFactory, CustomerFactory, LocationFactory, VendorFactory

HEADS = re.compile(r'href="(\?[^"]*sort=[^"]+)"')


@pytest.fixture
def pages(books: Books, place: SimpleNamespace, ht9000: Item, tk100: Item) -> list[str]:
    """The addresses of the lists, each with a few rows, some of them with empty columns."""
    for factory in (AccountFactory, CustomerFactory, LocationFactory, VendorFactory):
        factory.create_batch(6)
    receipt = books.have(ht9000, "600.00", "A1 A2 A3 A4 A5 A6")
    books.adjust(tk100, 1, "T1", rate="5.00")
    shipped = books.sold(ht9000, "A1 A2 A3", on=nov(4))
    books.fulfill(books.sell(ht9000, 3, "999.00"), "A4 A5 A6")
    books.post(
        "inventory_adjustment",
        [books.line(ht9000, 1, "1.00", f"B{n}") for n in range(6)],
        account=books.account("6500"),
    )
    return [
        *(f"/{name}/" for name in ("customers", "vendors", "locations", "accounts", "periods")),
        shipped.customer.get_absolute_url(),
        f"{shipped.customer.get_absolute_url()}?tab=transactions",
        receipt.vendor.get_absolute_url(),
        f"{receipt.vendor.get_absolute_url()}?tab=transactions",
        place.main.get_absolute_url(),
        f"{place.main.get_absolute_url()}?tab=serials",
        books.account("1300").get_absolute_url(),
    ]


def test_every_column_sorts_and_the_next_page_goes_on_from_there(client: Client, pages: list[str]):
    client.post("/preferences/?tab=general", {"rows_per_page": "5"})
    for page in pages:
        path = page.partition("?")[0]
        links = set(HEADS.findall(client.get(page).text))
        assert links, page
        for link in links:
            answer = client.get(path + link.replace("&amp;", "&"))
            assert answer.status_code == 200, path + link
            listing = answer.context["listing"]
            if following := listing.page.links["Next"]:
                after = client.get(path + listing.address(page=following)).context["listing"]
                shown = {row.pk for row in listing.page.rows}
                assert not shown & {row.pk for row in after.page.rows}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_exports(client: Client, pages: list[str], kind: str):
    for page in pages:
        answer = client.get(f"{page}{'&' if '?' in page else '?'}export={kind}")
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        assert b"".join(answer)
