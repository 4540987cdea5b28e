"""The Items list, its View All and its View Stock (SPEC §7.2)."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from company.models import Company
from items.models import Item, ItemLocation
from tests.books import Books, nov
from tests.factories import ItemFactory, VendorFactory


def export(client: Client, **query: str) -> list[dict[str, str]]:
    answer = client.get("/items/", {"export": "csv", **query})
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def names(client: Client, **query: str) -> list[str]:
    return [row["Name"] for row in export(client, **query)]


def page(client: Client, **query: str) -> str:
    answer = client.get("/items/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def row_of(text: str, name: str) -> str:
    """The table row of an item on a page."""
    return next(row for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL) if f">{name}</a>" in row)


@pytest.fixture
def busy(books: Books, ht9000: Item) -> Item:
    """5 bought, 2 of them picked, 1 more promised; 4 still to come."""
    order = books.order(ht9000, 9, "600.00", on=nov(2))
    books.receive(order, "A1 A2 A3 A4 A5", on=nov(3))
    books.fulfill(books.sell(ht9000, 2, "999.00", on=nov(4)), "A1 A2", on=nov(4), to="picked")
    books.sell(ht9000, 1, "999.00", on=nov(5))
    return ht9000


def test_a_stranger_is_sent_to_the_log_in(stranger, db):
    answer = stranger.get("/items/?view=stock")
    assert (answer.status_code, answer.url[:7]) == (302, "/login/")


def test_view_all_shows_what_an_item_is(client, books, ht9000):
    ht9000.preferred_vendor = VendorFactory(name="Acme")
    ht9000.description = "Fast"
    ht9000.save()
    [row] = export(client)
    assert row == {
        "Name": "HT9000",
        "Display Name": "Hi-Tech 9000 2Ghz Computer",
        "Type": "Serialized Inventory",
        "Description": "Fast",
        "Base Price": "999.00",
        "Purchase Price": "600.00",
        "Preferred Vendor": "Acme",
        "Inactive": "No",
    }


def test_view_stock_shows_the_quantities(client, busy):
    [row] = export(client, view="stock")
    assert row == {
        "Name": "HT9000",
        "Display Name": "Hi-Tech 9000 2Ghz Computer",
        "Type": "Serialized Inventory",
        "Preferred Location": "",
        "Quantity On Hand": "3",
        "Quantity On Order": "4",
        "Quantity Committed": "1",
        "Reorder Point": "3",
        "Preferred Stock Level": "",
        "Available": "2",
        "Picked": "2",
        "Back Ordered": "0",
        "In Transit": "0",
    }


def test_each_figure_leads_to_what_it_counts(client, busy):
    row = row_of(page(client, view="stock"), "HT9000")
    item = f"/items/{busy.pk}/?tab=serials&amp;filter_by=on_hand&amp;location=all_inactive"
    assert item in row
    for kind in ("purchase-order", "sales-order", "item-fulfillment"):
        assert f"/transactions/{kind}/?item={busy.pk}&amp;open=1" in row


def test_every_link_of_the_stock_view_leads_somewhere(client, busy):
    row = row_of(page(client, view="stock"), "HT9000")
    for address in re.findall(r'href="([^"]+)"', row):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_a_row_at_its_reorder_point_is_marked_in_words_and_color(client, books, ht9000):
    books.have(ht9000, "600.00", "A1 A2 A3 A4")
    row = row_of(page(client, view="stock"), "HT9000")
    assert ">Low<" not in row
    assert "is-low" not in row
    books.sold(ht9000, "A1")  # 3 left, the reorder point
    row = row_of(page(client, view="stock"), "HT9000")
    assert ">Low<" in row
    assert "is-low" in row


def test_the_filter_at_or_below_reorder_point(client, books, ht9000, tk100):
    books.have(tk100, "850.00", "T1 T2 T3")
    assert names(client, view="stock") == ["HT9000", "TK100"]
    assert names(client, view="stock", low="on") == ["HT9000"]


def test_locations_with_reorder_points_of_their_own(client, books, ht9000, place):
    books.have(ht9000, "600.00", "A1 A2 A3 A4 A5 A6", at=place.main)
    books.have(ht9000, "600.00", "E1", at=place.east)
    ItemLocation.objects.filter(location=place.main).update(reorder_point=2)
    ItemLocation.objects.filter(location=place.east).update(reorder_point=1)
    text = page(client, view="stock")
    assert export(client, view="stock")[0]["Reorder Point"] == "3"
    assert "Low at EAST" in row_of(text, "HT9000")
    assert names(client, low="on") == ["HT9000"]

    Company.objects.update(multi_location_inventory=False)
    assert "EAST" not in page(client, view="stock")
    assert names(client, low="on") == []


def test_inactive_items_are_hidden_unless_asked_for(client, books, ht9000):
    ItemFactory(name="OLD-1", inactive=True)
    assert names(client) == ["HT9000"]
    assert names(client, inactive="on") == ["HT9000", "OLD-1"]
    assert "Inactive" in row_of(page(client, inactive="on"), "OLD-1")


def test_search_by_name_upc_and_description(client, books, ht9000, tk100, cable):
    Item.objects.filter(pk=cable.pk).update(upc="0123456789", description="Two meters")
    assert names(client, q="tek-know") == ["TK100"]
    assert names(client, q="0123456789") == ["CBL"]
    assert names(client, q="two meters") == ["CBL"]
    assert names(client, type="inventory") == ["CBL"]


def test_sorting_by_a_quantity(client, books, ht9000, tk100):
    books.have(tk100, "850.00", "T1 T2")
    assert names(client, view="stock", sort="-on_hand") == ["TK100", "HT9000"]
    assert names(client, view="stock", sort="on_hand") == ["HT9000", "TK100"]


def test_without_multi_location_inventory_no_location_is_shown(client, books, ht9000):
    assert "Preferred Location" in page(client, view="stock")
    Company.objects.update(multi_location_inventory=False)
    assert "Location" not in page(client, view="stock")


def test_an_empty_list_says_what_to_do(client, books):
    assert "New Item" in page(client, view="stock")
    assert "No items yet" in page(client, view="stock")


def test_fifty_rows_cost_the_queries_of_five(client, books, ht9000, place, count_queries):
    books.have(ht9000, "600.00", "A1")
    ItemFactory.create_batch(4, preferred_location=place.main)
    few = count_queries(lambda: page(client, view="stock"))
    ItemFactory.create_batch(45, preferred_location=place.main)
    assert count_queries(lambda: page(client, view="stock")) == few
    assert count_queries(lambda: page(client)) == few
