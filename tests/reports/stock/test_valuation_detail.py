"""Every movement of an item, and the balance after each (SPEC §7.8)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from company.models import UserPreference
from items.models import Item
from reports.dates import DateRange
from reports.stock import as_of
from reports.stock.movements import Movements
from tests.books import TODAY, nov

PAGE = "/reports/inventory-valuation-detail/"
NOVEMBER = DateRange(nov(1), nov(30))


def movements(item: Item, dates: DateRange = NOVEMBER, location: int | None = None) -> Movements:
    return Movements(Item.objects.filter(pk=item.pk), dates, location)


def told(found: Movements) -> list[tuple]:
    sections = found.sections(list(found.rows()))
    return [(m.row["date"], m.row["number"], *m.balance) for s in sections for m in s.movements]


def balances(*figures: str) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(q), Decimal(v)) for q, v in (figure.split("/") for figure in figures)]


def test_the_balance_of_an_ordinary_item_runs_at_average_cost(moved):
    found = told(movements(moved.cable))
    assert [row[0].day for row in found] == [3, 5, 6]  # no transfer
    assert [row[2:] for row in found] == balances("20/200.00", "40/500.00", "35/437.50")


def test_back_dated_documents_stand_on_their_day_and_voids_on_theirs(moved):
    """The adjustment was posted last and counts from the 3rd; October's void on the 23rd."""
    found = told(movements(moved.ht9000))
    assert [row[0].day for row in found] == [2, 3, 4, 8, 15, 18, 23]  # no pick
    assert [row[2:] for row in found] == balances(
        "4/2300.00", "5/3000.00", "6/3650.00", "5/3050.00", "4/2550.00", "5/3050.00", "6/3550.00"
    )


def test_opening_and_closing_are_the_stock_of_their_days(moved):
    summary = movements(moved.ht9000, DateRange(nov(5), nov(22))).summary()
    stock = {
        day: as_of.valued(as_of.stock(as_of.moves_until(day).filter(item=moved.ht9000)))
        for day in (nov(4), nov(22))
    }
    assert summary.opening == stock[nov(4)] == balances("6/3650.00")[0]
    assert summary.closing == stock[nov(22)] == balances("5/3050.00")[0]
    assert (summary.came, summary.went.quantity) == (balances("1/500.00")[0], 2)


def test_a_location_sees_a_transfer_come(moved):
    found = movements(moved.ht9000, location=moved.east.pk)
    assert [row[2:] for row in told(found)] == balances("1/650.00", "2/1250.00", "3/1750.00")
    left = movements(moved.ht9000, DateRange(nov(10), nov(10)), moved.main.pk)
    assert left.summary().went == balances("1/600.00")[0]


def test_a_receipt_of_many_numbers_is_one_movement(moved):
    rows = list(movements(moved.ht9000, DateRange(nov(2), nov(3))).rows())
    assert [(row["units"], row["quantity_in"]) for row in rows] == [(3, 3), (1, 1)]
    assert rows[1]["serial"] == "C9"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_balance_is_carried_from_page_to_page(moved, size):
    """However the rows are cut into pages, every row shows the same balance."""
    found = Movements(Item.objects.all(), DateRange(nov(3), nov(30)))
    rows = list(found.rows())
    whole = {(s.item.pk, i): m.balance for s in found.sections(rows)
             for i, m in enumerate(s.movements)}  # fmt: skip
    seen: dict[int, int] = {}
    for start in range(0, len(rows), size):
        page = rows[start : start + size]
        for section in found.sections(page):
            count = seen.get(section.item.pk, 0)
            assert section.begins == (count == 0)
            for movement in section.movements:
                assert movement.balance == whole[section.item.pk, count]
                count += 1
            seen[section.item.pk] = count
            assert section.ends == ((section.item.pk, count) not in whole)
    assert sum(seen.values()) == len(rows) == 9


def test_the_second_page_brings_the_balance_forward(client: Client, moved, user):
    """Of ten movements five are on a page: the cables' three, and the computers' first two."""
    UserPreference.objects.create(user=user, rows_per_page=5)
    asked = {"start": "2026-11-01", "end": "2026-11-30"}
    first, second = client.get(PAGE, asked), client.get(PAGE, {**asked, "page": 2})
    assert [s.item.name for s in first.context["sections"]] == ["CBL", "HT9000"]
    assert "10 rows, page 1 of 2" in first.content.decode()
    assert "Carried forward" in first.content.decode()
    assert "Brought forward" not in first.content.decode()
    (section,) = second.context["sections"]
    assert section.opening == first.context["sections"][1].closing == balances("5/3000.00")[0]
    assert section.closing == balances("6/3550.00")[0]
    assert "Brought forward" in second.content.decode()
    assert "Closing HT9000" in second.content.decode()


def test_the_page_leads_to_documents_numbers_and_items(client: Client, moved):
    asked = {"start": "2026-11-01", "end": "2026-11-30", "item": moved.ht9000.pk}
    page = client.get(PAGE, asked)
    html = page.content.decode()
    movement = page.context["sections"][0].movements[0]
    query = f"start=2026-11-01&amp;end=2026-11-30&amp;item={moved.ht9000.pk}"
    for address in (
        moved.ht9000.get_absolute_url(),
        f"/transactions/item-receipt/{movement.row['document']}/",
        f"/serials/{moved.ht9000.pk}/C9/",
        f"/reports/inventory-activity/?{query}&amp;q={movement.row['number']}",
    ):
        assert f'href="{address}"' in html
    assert "3 serial numbers" in html
    assert "tone-void" in html  # October's shipment, taken back


def test_the_file_runs_the_same_balances(client: Client, moved):
    asked = {"start": "2026-11-05", "end": "2026-11-30", "export": "csv", "item": moved.cable.pk}
    lines = client.get(PAGE, asked).getvalue().decode("utf-8-sig").splitlines()
    assert lines[1] == "CBL,,Opening,,,,,,,20,200.00"
    assert lines[2] == "CBL,2026-11-05,Item Receipt,IR-5,,20,,300.00,,40,500.00"
    assert lines[3].endswith(",62.50,35,437.50")
    assert len(lines) == 4
    assert client.get(PAGE, {**asked, "export": "xlsx"}).getvalue().startswith(b"PK")


def test_dates_without_movements_say_so(client: Client, moved):
    html = client.get(PAGE, {"start": "2026-11-20", "end": "2026-11-21"}).content.decode()
    assert "Nothing moved in these dates" in html
    assert "3,487.50" in html  # the opening, and the closing


@pytest.mark.parametrize("asked", [{"start": "soon"}, {"item": "none"}, {"location": "7777"}])
def test_nonsense_asks_for_all(client: Client, moved, asked):
    assert client.get(PAGE, asked).status_code == 200


def test_the_last_balances_of_all_items_are_todays_stock(moved):
    found = Movements(Item.objects.all(), DateRange())
    closing = sum(s.closing.value for s in found.sections(list(found.rows())))
    assert closing == found.summary().closing.value == Decimal("3987.50")
    assert found.summary().closing == as_of.valued(as_of.stock(as_of.moves_until(TODAY)))
