"""Items out of a file: new ones are made, those that are there are brought up to date."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imports import running
from items.models import Item
from tests.factories import AccountFactory, ItemFactory, VendorFactory
from tests.imports.desk import said

HEAD = ["Name", "Type", "Display Name", "UPC", "Base Price", "Reorder Point", "Preferred Vendor"]
DRIVE = ["ST4000", "Serialized Inventory", "Seagate 4 TB", "0763649041123", "199.00", "5", "Acme"]


@pytest.fixture
def acme(books):
    return VendorFactory(name="Acme")


def test_a_row_an_item_with_the_companys_accounts(desk, books, acme, user):
    file = desk.bring_in("items", [HEAD, DRIVE, ["CBL", "inventory", "", "", "2.5050", "", ""]])
    drive = Item.objects.get(name="ST4000")
    assert (drive.item_type, drive.upc, drive.base_price, drive.reorder_point) == (
        "serialized",
        "0763649041123",
        Decimal("199.00"),
        5,
    )
    assert drive.preferred_vendor == acme
    assert drive.asset_account == books.company.asset_account
    assert not Item.objects.get(name="CBL").is_serialized
    assert file.counts["New items"] == 2
    version = drive.history.get()
    assert (version.history_user, version.history_change_reason) == (
        user,
        "Imported from stock.csv",
    )


def test_the_same_file_again_changes_nothing(desk, books, acme):
    desk.bring_in("items", [HEAD, DRIVE])
    before = Item.objects.values().get()
    again = desk.check("items", [HEAD, DRIVE])
    assert again.status == "nothing"
    assert "These rows were imported on" in desk.page(again)
    assert Item.objects.values().get() == before


def test_a_row_changes_what_it_says_and_leaves_what_it_does_not(desk, books, acme):
    desk.bring_in("items", [HEAD, DRIVE])
    file = desk.bring_in("items", [["SKU", "Base Price", "UPC"], ["st4000", "189.00", ""]])
    assert file.counts["Changed items"] == 1
    assert said(file, "note") == [(2, "", "Base Price “199.00” becomes “189.00”.")]
    drive = Item.objects.get()
    assert (drive.name, drive.base_price, drive.upc) == (
        "ST4000",
        Decimal("189.00"),
        "0763649041123",
    )
    assert drive.history.count() == 2


WRONG = [
    ("Type", "Assembly", "“Assembly” is no type of item: write Inventory or Serialized Inventory."),
    ("Base Price", "-1", "Enter zero or more."),
    ("Base Price", "1.005", "A serialized item's price is in whole cents."),
    ("Reorder Point", "1.5", "A serialized item comes in whole units."),
    ("Base Price", "cheap", "“cheap” isn't a number."),
    ("Preferred Vendor", "Nobody", "There is no active preferred vendor “Nobody”."),
    ("UPC", "7.63E+11", "“7.63E+11” looks like a rounded number."),
    ("Inactive", "perhaps", "“perhaps” is neither Yes nor No."),
    ("Income Account", "1300", "1300 Inventory Asset is not an account of type Income."),
    ("Asset Account", "1310", "There is no active asset account “1310”."),
    (
        "Description",
        "x" * 10_001,
        "Ensure this value has at most 10000 characters (it has 10001).",
    ),
    ("Display Name", "x" * 121, "Ensure this value has at most 120 characters (it has 121)."),
]


@pytest.mark.parametrize(("column", "value", "message"), WRONG)
def test_a_wrong_cell_is_named(desk, books, column, value, message):
    head = ["Name", column]
    assert desk.check("items", [head, ["ST4000", ""]]).status == "ready"
    assert said(desk.check("items", [head, ["ST4000", value]])) == [(2, "", message)]
    assert not Item.objects.exists()


def test_a_name_twice_or_missing_is_named(desk, books):
    rows = [["Name", "UPC"], ["ST4000", ""], ["", "1"], ["st4000", ""], ["x" * 61, ""]]
    assert [(row, text) for row, _, text in said(desk.check("items", rows))] == [
        (3, "The name is missing."),
        (4, "st4000 is in row 2 already."),
        (5, "Ensure this value has at most 60 characters (it has 61)."),
    ]


def test_many_items_change_by_the_same_number_of_statements(desk, books, monkeypatch):
    monkeypatch.setattr(running, "BEAT", 3600)  # signs of life come by the clock, not by the row
    vendors = [VendorFactory(name=name) for name in ("Acme", "Zenith")]
    counts = []
    # No more than fit one of Django's batches: SQLite takes 999 parameters a statement.
    for start, size in ((0, 3), (10, 30)):
        names = [f"I{n}" for n in range(start, start + size)]
        for name in names:
            ItemFactory(name=name, preferred_vendor=vendors[0])
        rows = [["Name", "Preferred Vendor"], *([name, "zenith"] for name in names)]
        with CaptureQueriesContext(connection) as queries:
            file = desk.bring_in("items", rows)
        counts.append(len(queries))
        assert file.counts["Changed items"] == size
    assert counts[0] == counts[1]
    assert not Item.objects.exclude(preferred_vendor=vendors[1]).exists()


def test_what_is_fixed_stays_fixed(desk, books, ht9000):
    AccountFactory(number="1320", type="current_asset")
    head = ["Name", "Type", "Asset Account"]
    assert desk.check("items", [head, ["HT9000", "", "1320"]]).status == "ready"
    books.have(ht9000, "600.00", "A1")
    rows = [head, ["HT9000", "Inventory", ""], ["HT9000", "", "1320"]]
    assert [text for *_, text in said(desk.check("items", rows[:2]))] == [
        "The type is fixed once the item is saved; make a new item."
    ]
    assert [text for *_, text in said(desk.check("items", [rows[0], rows[2]]))] == [
        "The asset account is locked while any unit is in stock."
    ]


def test_the_exported_list_comes_in_again_unchanged(desk, books, client):
    for n in range(3):
        ItemFactory(name=f"=ITEM-{n}", description="Two\nlines", purchase_price="1.50")
    for form in ("csv", "xlsx"):
        content = b"".join(client.get(f"/items/?view=all&export={form}").streaming_content)
        file = desk.check("items", content, f"items.{form}")
        assert (file.status, said(file)) == ("nothing", [])
        assert file.counts["Already there"] == 3
