"""Beginning and what came, less what went, is the ending (SPEC §7.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from items.models import Item
from reports.dates import DateRange
from reports.stock import as_of
from reports.stock.ledger import LedgerLine, column, ledger, sums
from tests.books import TODAY, nov

PAGE = "/reports/stock-ledger/"
NOVEMBER = DateRange(nov(1), nov(30))


def lines(dates: DateRange = NOVEMBER, **more) -> dict[tuple[str, str], LedgerLine]:
    found = ledger(Item.objects.all(), dates, **more)
    return {(x.item.name, x.location.name if x.location else ""): x for x in found}


def amount(quantity: int, value: str) -> as_of.Amount:
    return as_of.Amount(Decimal(quantity), Decimal(value))


def test_november_of_the_computers_at_both_places(moved):
    main, east = lines()["HT9000", "MAIN"], lines()["HT9000", "EAST"]
    assert main.beginning == amount(1, "500.00")
    assert main.receipts == amount(3, "1800.00")
    assert main.other_inputs == amount(1, "700.00")  # the adjustment
    assert main.sales == amount(0, "100.00")  # A1 sold for 600.00; B1's 500.00 taken back
    assert main.other_outputs == amount(2, "1100.00")  # A2 transferred, B2 shipped
    assert main.ending == amount(3, "1800.00")
    assert (east.beginning, east.receipts) == (amount(0, "0.00"), amount(1, "650.00"))
    assert east.other_inputs == amount(2, "1100.00")
    assert east.ending == amount(3, "1750.00")


def test_november_of_the_cables_at_average_cost(moved):
    main, east = lines()["CBL", "MAIN"], lines()["CBL", "EAST"]
    assert main.receipts == amount(40, "500.00")
    assert main.sales == amount(5, "62.50")
    assert main.other_outputs == amount(4, "50.00")  # transferred
    assert (main.ending, main.ending.average) == (amount(31, "387.50"), Decimal("12.50"))
    assert (east.other_inputs, east.ending) == (amount(4, "50.00"), amount(4, "50.00"))


@pytest.mark.parametrize(
    "dates",
    [
        NOVEMBER,
        DateRange(),
        DateRange(nov(4), nov(4)),
        DateRange(date(2026, 10, 1), date(2026, 10, 31)),
        DateRange(nov(9), nov(16)),
        DateRange(nov(23), nov(23)),
    ],
)
def test_beginning_and_ending_are_the_stock_of_their_days(moved, dates):
    """Of every line, in quantity and in value: by another road than the ledger's own columns."""
    found = lines(dates)
    for when, day in (("beginning", as_of.date.fromordinal(max(dates.first.toordinal() - 1, 1))),
                      ("ending", min(dates.last, TODAY))):  # fmt: skip
        stock: dict[tuple[int, int], as_of.Amount] = {}
        for spot, held in as_of.stock(as_of.moves_until(day)).items():
            if spot.status in as_of.VALUED:
                key = (spot.item, spot.location)
                stock[key] = stock.get(key, as_of.Amount()).plus(held)
        told = {
            (line.item.pk, line.location.pk): getattr(line, when)
            for line in found.values()
            if any(getattr(line, when))
        }
        assert told == stock


def test_a_void_counts_against_what_it_undoes(moved, books):
    """A receipt of one month, voided in the next: so much less received."""
    receipt = books.receive(
        books.order(moved.cable, 3, "10.00", on=nov(20)), quantity=3, on=nov(20)
    )
    books.void(receipt)
    assert lines()["CBL", "MAIN"].receipts == amount(40, "500.00")
    (line,) = [x for x in lines(DateRange(nov(23), nov(23))).values() if x.location == moved.main
               and x.item == moved.ht9000]  # fmt: skip
    assert (line.sales, line.inputs) == (amount(-1, "-500.00"), amount(0, "0.00"))


def test_the_last_dates_leave_out_what_was_voided(moved, books):
    receipt = books.receive(
        books.order(moved.cable, 3, "10.00", on=nov(20)), quantity=3, on=nov(20)
    )
    assert lines()["CBL", "MAIN"].last["receipts"] == nov(20)
    books.void(receipt)
    main = lines()["CBL", "MAIN"]
    assert (main.last["receipts"], main.last["sales"]) == (nov(5), nov(6))
    assert lines()["HT9000", "MAIN"].last["sales"] == nov(8)
    assert "sales" not in lines()["HT9000", "EAST"].last


def test_without_locations_an_item_is_one_line(moved):
    found = lines(by_location=False)
    assert set(found) == {("CBL", ""), ("HT9000", "")}
    assert found["HT9000", ""].ending == amount(6, "3550.00")


def test_one_location_alone(moved):
    assert {key[1] for key in lines(location=moved.east.pk)} == {"EAST"}
    assert lines(location=moved.east.pk)["HT9000", "EAST"].ending == amount(3, "1750.00")


@pytest.mark.parametrize(
    ("source", "target", "kind", "sign", "is_void", "expected"),
    [
        ("", "on_hand", "item_receipt", 1, False, "receipts"),
        ("", "on_hand", "vendor_bill", 1, False, "receipts"),
        ("", "on_hand", "inventory_adjustment", 1, False, "other_inputs"),
        ("sold", "on_hand", "return_receipt", 1, False, "other_inputs"),
        ("in_transit", "on_hand", "transfer_receipt", 1, False, "other_inputs"),
        ("picked", "sold", "item_fulfillment", -1, False, "sales"),
        ("on_hand", "returned_to_vendor", "vendor_return", -1, False, "other_outputs"),
        ("on_hand", "on_hand", "inventory_transfer", -1, False, "other_outputs"),
        ("on_hand", "voided", "item_receipt", -1, True, "receipts"),
        ("sold", "on_hand", "item_fulfillment", 1, True, "sales"),
        ("on_hand", "on_hand", "inventory_transfer", 1, True, "other_outputs"),
        ("adjusted_out", "on_hand", "inventory_adjustment", 1, True, "other_outputs"),
    ],
)
def test_where_a_move_is_shown(source, target, kind, sign, is_void, expected):
    assert column(source, target, kind, sign, is_void) == expected


# The page


def test_the_page_shows_this_month_and_its_totals(client: Client, moved):
    page = client.get(PAGE)
    table = page.context["listing"].table
    assert table.totals["ending"].value == Decimal("3987.50")
    totals = sums(ledger(Item.objects.all(), NOVEMBER))
    assert (
        totals["beginning"].plus(totals["inputs"]).plus(totals["outputs"], -1) == totals["ending"]
    )
    assert "3,987.50" in page.content.decode()


def test_the_page_narrows_sorts_and_leads_on(client: Client, moved):
    def found(**asked: object) -> list[tuple[str, str]]:
        table = client.get(PAGE, asked).context["listing"].table
        return [(row.record.item.name, row.record.location.name) for row in table.rows]

    assert found() == [("CBL", "EAST"), ("CBL", "MAIN"), ("HT9000", "EAST"), ("HT9000", "MAIN")]
    assert found(item=moved.cable.pk, location=moved.east.pk) == [("CBL", "EAST")]
    assert found(q="computer", sort="-ending_value")[0] == ("HT9000", "MAIN")
    assert len(found(sort="last_sale")) == len(found(sort="-beginning_average")) == 4
    html = client.get(PAGE).content.decode()
    asked = f"location={moved.east.pk}&amp;start=2026-11-01&amp;end=2026-11-30"
    address = f"/reports/inventory-valuation-detail/?{asked}&amp;item={moved.ht9000.pk}"
    assert f'href="{address}"' in html


def test_the_ledger_as_a_file(client: Client, moved):
    answer = client.get(PAGE, {"export": "csv"})
    rows = answer.getvalue().decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Item,Location,Beginning Qty,Average,Beginning Value,Receipts")
    assert rows[2] == (
        "CBL,MAIN,0,,0.00,40,0,500.00,5,4,112.50,2026-11-05,2026-11-06,31,12.50,387.50"
    )
    assert client.get(PAGE, {"export": "xlsx"}).getvalue().startswith(b"PK")
