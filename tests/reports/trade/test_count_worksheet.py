"""The physical inventory worksheet (SPEC §7.8)."""

from __future__ import annotations

import pytest
from django.test import Client

from company.models import Company
from reports.trade import worksheet
from tests.books import Books, nov
from tests.factories import ItemFactory, VendorFactory

PAGE = "/reports/count-worksheet/"


@pytest.fixture
def shelves(books: Books, ht9000, tk100, cable, place) -> None:
    """At MAIN A1 on hand and A2 picked, and 20 cables; at EAST E1; A3 sold, a TK100 never."""
    ht9000.preferred_vendor = VendorFactory(name="Acme")
    ht9000.save()
    books.have(ht9000, "600.00", "A1 A2 A3")
    books.have(ht9000, "600.00", "E1", at=place.east)
    books.sold(ht9000, "A3")
    books.fulfill(books.sell(ht9000, 1, "999.00", on=nov(4)), "A2", on=nov(4), to="picked")
    books.receive(books.order(cable, 20, "10.00", on=nov(2)), quantity=20, on=nov(2))
    books.order(tk100, 1, "850.00", on=nov(5))


def sheet(place, **asked: bool) -> dict[str, tuple[object, ...]]:
    options = {"with_serials": True, "with_none": False, **asked}
    return {
        row.stock.item.name: (row.stock.on_hand, row.stock.picked, [u.number for u in row.units])
        for row in worksheet.rows(place, **options)
    }


def test_the_sheet_lists_what_should_be_there_picked_units_too(shelves, place):
    assert sheet(place.main) == {"CBL": (20, 0, []), "HT9000": (1, 1, ["A1", "A2"])}
    assert sheet(place.east) == {"HT9000": (1, 0, ["E1"])}
    assert sheet(place.old) == {}


def test_an_item_of_which_all_is_picked_is_still_in_the_building(books, tk100, place):
    books.have(tk100, "850.00", "T1")
    books.fulfill(books.sell(tk100, 1, "999.00", on=nov(4)), "T1", on=nov(4), to="picked")
    assert sheet(place.main) == {"TK100": (0, 1, ["T1"])}


def test_serial_numbers_are_listed_only_if_asked_for(client: Client, shelves):
    assert ">A1</a>" not in client.get(PAGE).content.decode()
    html = client.get(PAGE, {"serials": "on"}).content.decode()
    assert ">A1</a>" in html
    assert '>A2</a> <span class="muted">picked</span>' in html
    assert ">A3</a>" not in html


def test_items_with_none_on_hand_are_listed_if_asked_for(shelves, place, tk100):
    assert "TK100" not in sheet(place.main)
    assert sheet(place.main, with_none=True)["TK100"] == (0, 0, [])
    tk100.inactive = True
    tk100.save()
    assert "TK100" not in sheet(place.main, with_none=True)


def test_what_is_there_is_counted_though_its_item_is_inactive(shelves, place, cable):
    cable.inactive = True
    cable.save()
    assert "CBL" in sheet(place.main)


def test_the_page_counts_one_location(client: Client, shelves, place):
    here = client.get(PAGE).content.decode()
    assert "MAIN, 2026-11-23" in here
    assert "Acme" in here
    there = client.get(PAGE, {"location": place.east.pk, "serials": "on"}).content.decode()
    assert ">E1</a>" in there
    assert "CBL" not in there
    assert "MAIN, 2026" in client.get(PAGE, {"location": "nonsense"}).content.decode()


def test_without_locations_the_sheet_does_not_speak_of_them(client: Client, shelves, place):
    Company.objects.update(multi_location_inventory=False)
    html = client.get(PAGE, {"location": place.east.pk}).content.decode()
    assert "MAIN, " not in html
    assert "CBL" in html


def test_the_sheet_prints_with_a_line_to_write_on_and_its_head_on_every_page(client, shelves):
    html = client.get(PAGE).content.decode()
    assert html.count('<td class="count"><span class="count-line">') == 2
    assert html.count("<tbody>") == 2  # kept together one by one
    assert "<thead>" in html


def test_the_file_has_a_row_for_each_number(client: Client, shelves):
    def lines(**asked: str) -> list[str]:
        answer = client.get(PAGE, {"export": "csv", **asked})
        return answer.getvalue().decode("utf-8-sig").splitlines()

    assert lines() == [
        "Item,Description,Preferred Vendor,On Hand,Picked,Count",
        "CBL,Cable,,20,0,",
        "HT9000,Hi-Tech 9000 2Ghz Computer,Acme,1,1,",
    ]
    assert lines(serials="on")[3:] == [
        "HT9000,Hi-Tech 9000 2Ghz Computer,Acme,,,,A1,On Hand",
        "HT9000,Hi-Tech 9000 2Ghz Computer,Acme,,,,A2,Picked",
    ]
    assert client.get(PAGE, {"export": "xlsx"}).getvalue().startswith(b"PK")


def test_an_empty_location_says_so(client: Client, shelves, place):
    html = client.get(PAGE, {"location": place.old.pk}).content.decode()
    assert "Nothing is there to count" in html


def test_more_stock_costs_no_more_queries(queries_of, books, shelves):
    before = queries_of(f"{PAGE}?serials=on")
    for n in range(5):
        item = ItemFactory(preferred_vendor=VendorFactory())
        books.have(item, "10.00", f"S{n} T{n} U{n}")
    assert queries_of(f"{PAGE}?serials=on") == before


def test_strangers_are_sent_to_log_in(stranger: Client, books):
    assert "/login/" in stranger.get(PAGE).url
