"""The Serial Numbers subtab: SPEC §7.3, §6.6 and worked example 20."""

from __future__ import annotations

import csv
import io
import re
from types import SimpleNamespace

import pytest
from django.test import Client

from company.models import Company, UserPreference
from inventory import paging
from items.models import Item, SerialUnit
from tests.books import Books, nov
from tests.factories import LocationFactory


def rows(client: Client, item: Item, **query: str) -> list[str]:
    """The numbers the subtab lists, by its own export."""
    return [row["Serial Number"] for row in export(client, item, **query)]


def export(client: Client, item: Item, **query: str) -> list[dict[str, str]]:
    answer = client.get(f"/items/{item.pk}/", {"tab": "serials", "export": "csv", **query})
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def page(client: Client, item: Item, **query: str) -> str:
    answer = client.get(f"/items/{item.pk}/", {"tab": "serials", **query})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def scattered(books: Books, ht9000: Item, place: SimpleNamespace) -> Item:
    """Example 20: M1, M2 at MAIN, E1 at EAST, O1 at OLD, now inactive; S1 sold from MAIN."""
    books.have(ht9000, "600.00", "M1 M2 S1", at=place.main)
    books.have(ht9000, "600.00", "E1", at=place.east)
    books.have(ht9000, "600.00", "O1", at=place.old)
    books.sold(ht9000, "S1")
    place.old.inactive = True
    place.old.save()
    return ht9000


def test_example_20_the_rows_of_every_filter(client, scattered, place):
    assert rows(client, scattered) == ["E1", "M1", "M2"]
    assert rows(client, scattered, filter_by="on_hand", location="all") == ["E1", "M1", "M2"]
    with_inactive = {"location": "all_inactive"}
    assert rows(client, scattered, filter_by="on_hand", **with_inactive) == ["E1", "M1", "M2", "O1"]
    assert rows(client, scattered, filter_by="all", location="all") == ["E1", "M1", "M2", "S1"]
    everything = rows(client, scattered, filter_by="all", **with_inactive)
    assert everything == ["E1", "M1", "M2", "O1", "S1"]
    assert rows(client, scattered, filter_by="on_hand", location=str(place.east.pk)) == ["E1"]


def test_example_20_the_note_about_hidden_serial_numbers(client, scattered, place):
    note = "1 serial number at inactive locations is hidden"
    for filter_by in ("on_hand", "all"):
        assert note in page(client, scattered, filter_by=filter_by)
        assert "hidden." not in page(
            client, scattered, filter_by=filter_by, location="all_inactive"
        )
    assert "hidden." not in page(client, scattered, location=str(place.east.pk))
    assert "location=all_inactive" in page(client, scattered)


def test_example_20_the_items_list_counts_inactive_locations(client, scattered):
    answer = client.get("/items/", {"view": "stock", "export": "csv"})
    [row] = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert (row["Name"], row["Quantity On Hand"]) == ("HT9000", "4")


def test_a_second_hidden_number_changes_the_words_of_the_note(client, books, scattered, place):
    place.old.inactive = False
    place.old.save()
    books.have(scattered, "600.00", "O2", at=place.old)
    place.old.inactive = True
    place.old.save()
    assert "2 serial numbers at inactive locations are hidden" in page(client, scattered)


def test_a_named_location_lists_what_was_last_seen_there(client, scattered, place):
    at_main = {"filter_by": "all", "location": str(place.main.pk)}
    assert rows(client, scattered, **at_main) == ["M1", "M2", "S1"]
    assert rows(client, scattered, filter_by="all", location=str(place.old.pk)) == ["O1"]


def test_locations_are_offered_only_with_multi_location_inventory(client, scattered):
    assert "All (including Inactive)" in page(client, scattered)
    assert "OLD (inactive)" in page(client, scattered)
    Company.objects.update(multi_location_inventory=False)
    text = page(client, scattered)
    assert "All (including Inactive)" not in text
    assert "MAIN" not in text
    assert rows(client, scattered) == ["E1", "M1", "M2", "O1"]


def test_nonsense_in_the_address_falls_back_to_the_defaults(client, scattered):
    assert rows(client, scattered, filter_by="x", location="99999") == ["E1", "M1", "M2"]
    assert rows(client, scattered, filter_by="", location="") == ["E1", "M1", "M2"]


def test_the_footer_counts_the_rows_and_on_hand_equals_the_quantity_on_hand(client, books, ht9000):
    books.have(ht9000, "600.00", "B1 B2 B3")
    assert books.quantities(ht9000)["OH"] == 3
    [foot] = page(client, ht9000).split("<tfoot")[1:]
    assert "3 rows" in foot


def test_example_10_a_reused_number_is_one_row_with_its_latest_unit(client, books, ht9000):
    books.have(ht9000, "600.00", "A1234")
    books.sold(ht9000, "A1234", on=nov(8))
    order = books.order(ht9000, 1, "620.00", on=nov(10))
    books.receive(order, "A1234", on=nov(10))
    [row] = export(client, ht9000, filter_by="all")
    assert row["Times Used"] == "2"
    assert row["Unit Cost"] == "620.00"
    assert row["Status"] == "On Hand"
    assert row["Received Date"] == "2026-11-10"
    assert row["Customer"] == ""


def test_the_columns_of_a_sold_number(client, books, ht9000):
    receipt = books.have(ht9000, "600.00", "A1")
    fulfillment = books.sold(ht9000, "A1", "999.00", on=nov(8))
    [row] = export(client, ht9000, filter_by="all")
    assert row.pop("Item") == "HT9000"  # in the file alone, which has no page around it
    assert row == {
        "Serial Number": "A1",
        "Status": "Sold",
        "Location": "",
        "On Hand": "0",
        "Available": "0",
        "In Transit": "0",
        "Unit Cost": "600.00",
        "Received Date": "2026-11-02",
        "Received On": str(receipt),
        "Vendor": "Acme",
        "Date Out": "2026-11-08",
        "Out On": str(fulfillment),
        "Customer": "Maple",
        "Sale Price": "999.00",
        "Profit": "399.00",
        "Times Used": "1",
        "Memo": "",
    }


def test_a_shipped_number_shows_no_loss_while_it_is_not_invoiced(client, books, ht9000):
    books.have(ht9000, "600.00", "A1")
    order = books.sell(ht9000, 1, "999.00", on=nov(3))
    fulfillment = books.fulfill(order, "A1", on=nov(3))
    [row] = export(client, ht9000, filter_by="all")
    assert (row["Sale Price"], row["Profit"]) == ("not invoiced", "not invoiced")
    assert row["Customer"] == "Maple"
    invoice = books.invoice(fulfillment, on=nov(4))
    [row] = export(client, ht9000, filter_by="all")
    assert (row["Sale Price"], row["Profit"]) == ("999.00", "399.00")
    books.void(invoice)
    [row] = export(client, ht9000, filter_by="all")
    assert row["Profit"] == "not invoiced"


def test_the_number_of_a_voided_receipt_is_not_listed(client, books, ht9000):
    order = books.order(ht9000, 2, "600.00", on=nov(2))
    books.receive(order, "A1", on=nov(2))
    receipt = books.receive(order, "A2", on=nov(2))
    books.void(receipt)
    assert rows(client, ht9000, filter_by="all", location="all_inactive") == ["A1"]


def test_numbers_are_found_by_a_fragment_in_any_spelling(client, books, ht9000):
    books.have(ht9000, "600.00", "WD-ABC1 WD-ABC2 ST-XYZ")
    assert rows(client, ht9000, q="abc") == ["WD-ABC1", "WD-ABC2"]
    assert rows(client, ht9000, q="abc2, xyz") == ["ST-XYZ", "WD-ABC2"]
    assert rows(client, ht9000, q="nothing") == []
    assert "Nothing matches" in page(client, ht9000, q="nothing")


@pytest.fixture
def many(books: Books, ht9000: Item, user) -> Item:
    """A00 to A29, five a page; A00 to A09 sold."""
    UserPreference.objects.create(user=user, rows_per_page=5)
    books.have(ht9000, "600.00", " ".join(f"A{n:02}" for n in range(30)))
    books.sold(ht9000, " ".join(f"A{n:02}" for n in range(10)))
    return ht9000


def shown(text: str) -> list[str]:
    return re.findall(r'href="/serials/\d+/([^"]+)/"', text)


def test_one_goes_to_a_number_in_any_spelling(client, many):
    text = page(client, many, go="a17")
    assert shown(text) == ["A17", "A18", "A19", "A20", "A21"]
    assert 'value="a17"' in text
    assert "Previous</a>" in text
    assert shown(page(client, many, go="A055")) == ["A10", "A11", "A12", "A13", "A14"]
    assert shown(page(client, many, go="ZZ")) == ["A25", "A26", "A27", "A28", "A29"]
    assert shown(page(client, many, go="A055", filter_by="all"))[0] == "A06"


def test_a_short_list_has_no_field_to_go_by(client, books, many, tk100):
    assert "Go to number" in page(client, many)
    books.have(tk100, "700.00", "B1 B2")
    assert "Go to number" not in page(client, tk100)


@pytest.mark.parametrize(
    ("query", "summary"),
    [
        ({}, "20 rows"),
        ({"filter_by": "all"}, "30 rows"),
        ({"q": "A1"}, "10 rows"),
        ({"q": "A0", "filter_by": "all"}, "10 rows"),
    ],
)
def test_it_says_how_many_rows_there_are(client, many, query, summary):
    assert f"<p>{summary}</p>" in page(client, many, **query)


def test_what_is_on_hand_is_told_to_the_last_unit_and_all_only_so_far(client, many, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 12)
    assert "<p>20 rows</p>" in page(client, many)
    assert "<p>12+ rows</p>" in page(client, many, filter_by="all")


def test_the_rows_of_every_filter_are_as_many_as_is_said(client, books, scattered, place):
    """By quantities where they tell, and by numbers once: S1 was bought again and sold again."""
    order = books.order(scattered, 1, "500.00", on=nov(4), at=place.main)
    books.receive(order, "S1", on=nov(4))
    books.sold(scattered, "S1", on=nov(5))
    for filter_by in ("on_hand", "all"):
        for location in ("all", "all_inactive", place.main.pk, place.old.pk):
            query = {"filter_by": filter_by, "location": str(location)}
            count = len(rows(client, scattered, **query))
            words = "1 row" if count == 1 else f"{count} rows"
            assert f"<p>{words}</p>" in page(client, scattered, **query)


def test_a_fragment_that_many_numbers_hold_finds_the_same(client, many, monkeypatch):
    few = rows(client, many, q="A1, A2", filter_by="all")
    monkeypatch.setattr(paging, "COUNTED", 3)
    assert rows(client, many, q="A1, A2", filter_by="all") == few
    assert len(few) == 20


def test_sorting_by_number_and_by_the_day_of_arrival(client, books, ht9000):
    books.have(ht9000, "600.00", "B1")
    order = books.order(ht9000, 1, "600.00", on=nov(9))
    books.receive(order, "A1", on=nov(9))
    assert rows(client, ht9000, sort="-number") == ["B1", "A1"]
    assert rows(client, ht9000, sort="received_on") == ["B1", "A1"]
    assert rows(client, ht9000, sort="-received_on") == ["A1", "B1"]


def test_all_of_too_many_numbers_are_sorted_by_what_has_an_index(client, many, monkeypatch):
    def heads(**query: str) -> set[str]:
        return set(re.findall(r"sort=-?(\w+)", page(client, many, **query)))

    everything = {"number", "status", "location", "unit_cost", "received_on", "left_on", "memo"}
    assert heads(filter_by="all") == everything
    monkeypatch.setattr(paging, "COUNTED", 12)
    assert heads(filter_by="all") == {"number", "received_on"}
    assert heads() == everything
    assert heads(filter_by="all", q="A1") == everything
    by_number = rows(client, many, filter_by="all")
    assert rows(client, many, filter_by="all", sort="-status") == by_number
    assert sorted(rows(client, many, filter_by="all", sort="-received_on")) == sorted(by_number)


def test_the_empty_subtab_tells_the_next_step(client, books, ht9000):
    assert "New Purchase Order" in page(client, ht9000)
    books.have(ht9000, "600.00", "A1")
    books.sold(ht9000, "A1")
    text = page(client, ht9000)
    assert "None on hand" in text
    assert "filter_by=all" in text


def test_an_ordinary_item_has_no_serial_numbers(client, books, cable):
    text = page(client, cable)
    assert "?tab=serials" not in text
    assert "Purchasing/Inventory" in text


def test_fifty_rows_cost_the_queries_of_five(client, books, ht9000, tk100, place, count_queries):
    LocationFactory(name="WEST")
    books.have(ht9000, "600.00", " ".join(f"A{n}" for n in range(60)))
    books.sold(ht9000, " ".join(f"A{n}" for n in range(30)))
    assert SerialUnit.objects.filter(item=ht9000).count() == 60
    few = count_queries(lambda: page(client, ht9000, q="A1", filter_by="all"))
    assert few == count_queries(lambda: page(client, ht9000, q="A", filter_by="all"))
    whole = count_queries(lambda: page(client, ht9000, filter_by="all"))
    books.have(tk100, "700.00", "B1 B2 B3 B4 B5")
    assert whole == count_queries(lambda: page(client, tk100, filter_by="all"))
