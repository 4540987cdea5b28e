"""Every unit that was in stock at the end of any day (SPEC §7.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from company.models import UserPreference
from items.models import SerialUnit
from reports.stock import as_of
from reports.stock.serials import by_location, unit_moves, units_held
from tests.books import TODAY, nov

PAGE = "/reports/serials-on-hand/"


def held(day: date, **narrowed: object):
    return units_held(SerialUnit.objects.all(), day, **narrowed)


def numbers(day: date, **narrowed: object) -> str:
    return " ".join(held(day, **narrowed).order_by("number").values_list("number", flat=True))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 19), ""),
        (date(2026, 10, 20), "B1 B2"),
        (date(2026, 10, 31), "B2"),
        (nov(2), "A1 A2 A3 B2"),
        (nov(3), "A1 A2 A3 B2 C9"),
        (nov(8), "A2 A3 A4 B2 C9"),
        (nov(22), "A2 A3 A4 B2 C9"),
        (TODAY, "A2 A3 A4 B1 B2 C9"),
    ],
)
def test_the_numbers_of_a_day(moved, day, expected):
    assert numbers(day) == expected


def test_the_units_of_every_day_cost_what_the_ledger_says(moved, days):
    for day in days:
        lines = as_of.account_lines(as_of.stock(as_of.moves_until(day)), day)
        listed = sum((unit.cost for unit in held(day)), Decimal(0))
        places = by_location(as_of.stock(unit_moves(day)))
        assert listed == sum(line.serialized for line in lines), day
        assert listed == sum(place.value for place in places), day
        assert held(day).count() == sum(place.units for place in places), day


def test_a_unit_shows_the_place_and_state_of_its_day(moved):
    def whereabouts(day: date) -> dict[str, tuple[str, str]]:
        return {unit.number: (unit.place, unit.was) for unit in held(day)}

    assert whereabouts(nov(9))["A2"] == ("MAIN", "on_hand")
    assert whereabouts(nov(10))["A2"] == ("EAST", "on_hand")
    assert whereabouts(nov(11))["A3"] == ("MAIN", "on_hand")
    assert whereabouts(nov(12))["A3"] == ("MAIN", "picked")


def test_locations_and_states_narrow_by_the_day(moved):
    assert numbers(nov(9), location=moved.east.pk) == "A4"
    assert numbers(nov(10), location=moved.east.pk) == "A2 A4"
    assert numbers(nov(12), statuses=["picked"]) == "A3"
    assert numbers(nov(12), statuses=["on_hand"]) == "A2 A4 B2 C9"
    assert numbers(nov(16), statuses=["in_transit"], location=moved.east.pk) == "B2"


def test_a_unit_tells_when_and_by_which_document_it_came(moved):
    unit = held(nov(10)).get(number="A4")
    assert (unit.received_on, unit.receipt_type) == (nov(4), "item_receipt")
    assert unit.cost == Decimal("650.00")
    assert held(nov(10)).get(number="C9").receipt_type == "inventory_adjustment"


def test_a_number_bought_again_is_another_unit_at_its_own_cost(moved, books):
    books.receive(books.order(moved.ht9000, 1, "620.00", on=nov(10)), "A1", on=nov(10))
    cost = {day: held(day).get(number="A1").cost for day in (nov(7), nov(10))}
    assert cost == {nov(7): Decimal("600.00"), nov(10): Decimal("620.00")}
    assert not held(nov(9)).filter(number="A1").exists()


def test_a_unit_sold_again_before_its_void_counts_as_gone_twice_in_between(moved, books):
    """B1's shipment of October is voided on the 23rd; sold again on the 5th, so are the books."""
    books.fulfill(books.sell(moved.ht9000, 1, "900.00", on=nov(5)), "B1", on=nov(5))
    (unit,) = held(nov(10)).filter(number="B1")
    assert unit.cost == Decimal("-500.00")
    lines = as_of.account_lines(as_of.stock(as_of.moves_until(nov(10))), nov(10))
    assert sum(unit.cost for unit in held(nov(10))) == lines[0].serialized
    assert not lines[0].difference
    assert numbers(TODAY) == "A2 A3 A4 B2 C9"


# The page


def test_the_page_totals_ties_and_says_so(client: Client, moved):
    html = client.get(PAGE, {"date": "2026-11-10"}).content.decode()
    assert "the difference is 0.00" in html
    assert "By location" in html
    places = client.get(PAGE, {"date": "2026-11-10"}).context["places"]
    assert [(p.location.name, p.units, p.value) for p in places] == [
        ("EAST", 2, Decimal("1250.00")),
        ("MAIN", 3, Decimal("1800.00")),
    ]


def test_the_page_narrows_and_its_total_with_it(client: Client, moved):
    def found(**asked: object) -> tuple[str, Decimal]:
        page = client.get(PAGE, {"sort": "number", **asked})
        listing = page.context["listing"]
        shown = " ".join(row.record.number for row in listing.table.rows)
        return shown, listing.total.value

    assert found() == ("A2 A3 A4 B1 B2 C9", Decimal("3550.00"))
    assert found(q="a") == ("A2 A3 A4", Decimal("1850.00"))
    assert found(location=moved.east.pk) == ("A2 A4 B2", Decimal("1750.00"))
    assert found(status="picked") == ("A3", Decimal("600.00"))
    assert found(item=moved.ht9000.pk, date="2026-10-31") == ("B2", Decimal("500.00"))
    assert "is narrowed" in client.get(PAGE, {"q": "a"}).content.decode()


@pytest.mark.parametrize(
    "sort", ["number", "-number", "item", "location", "-status", "-received_on", "receipt", "-cost"]
)
def test_pages_by_key_show_every_unit_once(client: Client, moved, user, sort):
    UserPreference.objects.create(user=user, rows_per_page=5)
    url, seen = f"{PAGE}?date=2026-11-23&sort={sort}", []
    while url:
        listing = client.get(url).context["listing"]
        seen += [row.record.number for row in listing.table.rows]
        link = dict(listing.page_links).get("Next")
        url = link and PAGE + link
    assert sorted(seen) == ["A2", "A3", "A4", "B1", "B2", "C9"]


def test_a_row_leads_to_its_number_item_and_receipt(client: Client, moved):
    html = client.get(PAGE).content.decode()
    unit = held(TODAY).get(number="A4")
    for address in (
        f"/serials/{moved.ht9000.pk}/A4/",
        moved.ht9000.get_absolute_url(),
        f"/transactions/item-receipt/{unit.receipt_id}/",
    ):
        assert f'href="{address}"' in html


def test_the_file_lists_every_unit(client: Client, moved):
    answer = client.get(PAGE, {"export": "csv", "date": "2026-11-12"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Serial Number,Item,Location,Status,Received Date,Received On,Unit Cost"
    assert lines[2] == "A3,HT9000,MAIN,Picked,2026-11-02,IR-2,600.00"
    assert len(lines) == 6
