"""Every change of stock, document by document (SPEC §7.8)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from company.models import UserPreference
from items.models import Item
from reports.dates import DateRange
from reports.stock.activity import activity
from reports.stock.ledger import ledger
from tests.books import nov

PAGE = "/reports/inventory-activity/"
ALL = {"start": "", "end": ""}


def told(item: Item, **narrowed: object) -> list[tuple]:
    rows = activity().filter(item=item, **narrowed).order_by("date", "move", "quantity")
    return [(r.date.day, r.kind, r.unit_number, r.location.name, int(r.quantity)) for r in rows]


def test_every_change_of_the_computers(moved):
    assert told(moved.ht9000, date__gte=nov(3)) == [
        (3, "inventory_adjustment", "C9", "MAIN", 1),
        (4, "item_receipt", "A4", "EAST", 1),
        (8, "item_fulfillment", "A1", "MAIN", -1),
        (10, "inventory_transfer", "A2", "MAIN", -1),
        (10, "inventory_transfer", "A2", "EAST", 1),
        (15, "transfer_shipment", "B2", "MAIN", -1),
        (18, "transfer_receipt", "B2", "EAST", 1),
        (23, "item_fulfillment", "B1", "MAIN", 1),  # October's, voided
    ]


def test_every_change_of_the_cables(moved):
    assert told(moved.cable) == [
        (3, "item_receipt", None, "MAIN", 20),
        (5, "item_receipt", None, "MAIN", 20),
        (6, "item_fulfillment", None, "MAIN", -5),
        (16, "inventory_transfer", None, "MAIN", -4),
        (16, "inventory_transfer", None, "EAST", 4),
    ]


def test_the_changes_add_up_to_the_stock_ledger(moved):
    dates = DateRange(nov(4), nov(23))
    for line in ledger(Item.objects.all(), dates):
        rows = activity().filter(
            item=line.item, location=line.location, date__gte=nov(4), date__lte=nov(23)
        )
        change = sum((row.quantity for row in rows), Decimal(0))
        assert change == line.ending.quantity - line.beginning.quantity


def test_the_page_narrows(client: Client, moved):
    def found(**asked: object) -> int:
        return len(client.get(PAGE, {**ALL, **asked}).context["listing"].table.rows)

    assert found() == 19
    assert found(item=moved.cable.pk) == 5
    assert found(location=moved.east.pk) == 4
    assert found(type="inventory_transfer") == 4
    assert found(start="2026-11-10", end="2026-11-15") == 3
    assert found(q="a2") == 3
    assert found(q="if-1") == 2  # shipped, and taken back
    assert found(q="cbl") == 5


def test_the_page_shows_this_month_the_latest_first(client: Client, moved):
    page = client.get(PAGE)
    rows = [row.record for row in page.context["listing"].table.rows]
    assert (len(rows), rows[0].unit_number, rows[-1].date) == (16, "B1", nov(2))
    html = page.content.decode()
    assert "+20" in html
    assert "\N{MINUS SIGN}5" in html
    assert "tone-void" in html


def test_a_row_leads_to_its_document_item_and_number(client: Client, moved):
    html = client.get(PAGE, {**ALL, "q": "A1"}).content.decode()
    row = activity().get(unit_number="A1", quantity=-1)
    for address in (
        f"/transactions/item-fulfillment/{row.document}/",
        moved.ht9000.get_absolute_url(),
        f"/serials/{moved.ht9000.pk}/A1/",
    ):
        assert f'href="{address}"' in html


@pytest.mark.parametrize(
    "sort", ["date", "-date", "document", "type", "-item", "number", "location", "-quantity"]
)
def test_pages_by_key_show_every_change_once(client: Client, moved, user, sort):
    UserPreference.objects.create(user=user, rows_per_page=5)
    url, seen = f"{PAGE}?start=&end=&sort={sort}", []
    while url:
        listing = client.get(url).context["listing"]
        seen += [(row.record.move, row.record.location_id) for row in listing.table.rows]
        link = dict(listing.page_links).get("Next")
        url = link and PAGE + link
    assert len(seen) == len(set(seen)) == 19


def test_the_activity_as_a_file(client: Client, moved):
    answer = client.get(PAGE, {"export": "csv", "sort": "date"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Document,Date,Type,Item,Serial Number,Location,Quantity"
    assert "IF-3,2026-11-08,Item Fulfillment,HT9000,A1,MAIN,-1" in lines
    assert len(lines) == 17
    assert client.get(PAGE, {"export": "xlsx"}).getvalue().startswith(b"PK")
