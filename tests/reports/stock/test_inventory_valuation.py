"""What stock was worth on any day, by the moves and by the ledger (SPEC §5.7 rule 3, §7.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounting.models import Account, JournalEntry, JournalLine
from company.models import Company
from items.models import Item, SerialUnit
from reports.stock import as_of
from reports.stock.valuation import item_values, month_ends, value_by_month
from tests.books import TODAY, nov
from tests.factories import AccountFactory, ItemFactory

PAGE = "/reports/inventory-valuation/"
Status = SerialUnit.Status


def stock_of(day: date) -> as_of.Stock:
    return as_of.stock(as_of.moves_until(day))


def rows_of(day: date, location: int | None = None):
    return {row.name: row for row in item_values(Item.objects.all(), stock_of(day), location)}


def test_the_value_of_every_day_is_the_one_worked_out_by_hand(moved, days):
    found = {day: as_of.valued(stock_of(day)).value for day in days}
    assert found == {day: Decimal(value) for day, value in days.items()}


def test_every_account_ties_to_the_ledger_on_every_day(moved, days):
    for day, value in days.items():
        lines = {line.account.number: line for line in as_of.account_lines(stock_of(day), day)}
        assert [line.difference for line in lines.values()] == [0] * len(lines), day
        if Decimal(value):
            assert lines["1300"].ledger == Decimal(value)


def test_stock_in_transit_ties_to_its_own_account(moved):
    in_transit = Company.current().in_transit_account
    lines = {line.account: line for line in as_of.account_lines(stock_of(nov(16)), nov(16))}
    assert lines[in_transit].serialized == lines[in_transit].ledger == Decimal("500.00")
    assert in_transit not in {x.account for x in as_of.account_lines(stock_of(TODAY), TODAY)}


def test_items_with_accounts_of_their_own_tie_each_to_theirs(moved, books):
    account = AccountFactory(number="1320", name="Used Stock", type=Account.Type.CURRENT_ASSET)
    used = ItemFactory(name="USED", asset_account=account)
    books.have(used, "30.00", "U1 U2")
    lines = {line.account.number: line for line in as_of.account_lines(stock_of(TODAY), TODAY)}
    assert lines["1320"].serialized == lines["1320"].ledger == Decimal("60.00")
    assert lines["1300"].in_stock == lines["1300"].ledger == Decimal("3987.50")


def test_a_row_tells_on_hand_picked_in_transit_value_and_share(moved):
    rows = rows_of(nov(16))
    cable, computer = rows["CBL"], rows["HT9000"]
    assert (cable.on_hand, cable.picked, cable.moving) == (35, 0, 0)
    assert (computer.on_hand, computer.picked, computer.moving) == (3, 1, 1)
    assert (cable.value, computer.value) == (Decimal("437.50"), Decimal("2550.00"))
    assert computer.in_transit.value == Decimal("500.00")
    assert (cable.share, computer.share) == (Decimal("14.6"), Decimal("85.4"))


def test_a_location_has_its_own_rows(moved):
    east = rows_of(TODAY, moved.east.pk)
    assert (east["HT9000"].on_hand, east["HT9000"].value) == (3, Decimal("1750.00"))
    assert (east["CBL"].on_hand, east["CBL"].value) == (4, Decimal("50.00"))
    assert east["HT9000"].share == Decimal("97.2")


def test_the_months_end_at_the_day_asked_for():
    days = month_ends(nov(23))
    assert days[-3:] == [date(2026, 9, 30), date(2026, 10, 31), nov(23)]
    assert len(days) == 12


def test_the_chart_shows_the_value_of_what_is_listed(moved):
    every = dict(value_by_month(Item.objects.all(), TODAY, None))
    assert every[date(2026, 10, 31)] == Decimal("500.00")
    assert every[date(2026, 9, 30)] == 0
    assert every[TODAY] == Decimal("3987.50")
    cables = Item.objects.filter(pk=moved.cable.pk)
    assert value_by_month(cables, TODAY, moved.east.pk)[-1] == (TODAY, Decimal("50.00"))


# The page


def test_the_page_says_that_stock_and_ledger_agree(client: Client, moved):
    html = client.get(PAGE).content.decode()
    assert "3,987.50" in html
    assert "the difference is 0.00" in html
    assert "is narrowed" not in html


def test_the_page_says_when_the_ledger_holds_more_than_the_stock(client: Client, moved):
    income = Account.objects.get(number="4000")
    entry = JournalEntry.objects.create(date=nov(20), memo="by hand")
    asset = moved.cable.asset_account
    JournalLine.objects.create(entry=entry, debit=asset, credit=income, amount=Decimal("9.00"))
    html = client.get(PAGE).content.decode()
    assert "Stock and ledger differ" in html
    assert "the difference is 0.00" not in html
    assert "the difference is 0.00" in client.get(PAGE, {"date": "2026-11-19"}).content.decode()
    back = JournalEntry.objects.create(date=nov(20), memo="and back")
    JournalLine.objects.create(entry=back, debit=income, credit=asset, amount=Decimal("9.00"))


def test_the_page_narrows_by_item_location_and_search_and_says_so(client: Client, moved):
    def names(**asked: object) -> list[str]:
        page = client.get(PAGE, asked)
        return [row.record.name for row in page.context["listing"].table.rows]

    assert names() == ["CBL", "HT9000"]
    assert names(item=moved.cable.pk) == ["CBL"]
    assert names(q="hi-tech") == ["HT9000"]
    assert names(sort="-value") == ["HT9000", "CBL"]
    assert names(date="2026-10-25") == ["HT9000"]
    assert names(location=moved.east.pk, date="2026-11-17") == ["CBL", "HT9000"]
    html = client.get(PAGE, {"item": moved.cable.pk}).content.decode()
    assert "The list above is narrowed" in html


def test_a_row_leads_to_its_item_its_serial_numbers_and_its_movements(client: Client, moved):
    html = client.get(PAGE, {"date": "2026-11-20", "location": moved.main.pk}).content.decode()
    item, place = moved.ht9000.pk, moved.main.pk
    for address in (
        moved.ht9000.get_absolute_url(),
        f"/reports/serials-on-hand/?location={place}&amp;date=2026-11-20&amp;item={item}&amp;status=on_hand",
        f"/reports/inventory-valuation-detail/?location={place}&amp;item={item}&amp;start=&amp;end=2026-11-20",
    ):
        assert f'href="{address}"' in html


def test_the_valuation_as_a_file(client: Client, moved):
    answer = client.get(PAGE, {"export": "csv", "date": "2026-11-16"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Item,Description,On Hand,Picked,In Transit,Value,% of Total"
    assert lines[1:] == [
        "CBL,Cable,35,0,0,437.50,14.6",
        "HT9000,Hi-Tech 9000 2Ghz Computer,3,1,1,2550.00,85.4",
    ]
    sheet = client.get(PAGE, {"export": "xlsx"})
    assert sheet.getvalue().startswith(b"PK")


def test_filtering_by_htmx_brings_tie_out_and_chart_too(client: Client, moved):
    headers = {"HX-Request": "true", "HX-Target": "results"}
    html = client.get(PAGE, {"date": "2026-11-05"}, headers=headers).content.decode()
    assert "<html" not in html
    for name in ("tie-out", "value-chart", "presets", "asked"):
        assert f'id="{name}"' in html
    assert html.count('hx-swap-oob="true"') == 4


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_wrong_day_is_explained(client: Client, moved, day):
    page = client.get(PAGE, {"date": day})
    assert page.status_code == 200
    assert page.context["listing"].filterset.form.errors


PAGES = (
    "inventory-valuation", "inventory-valuation-detail", "serials-on-hand", "stock-ledger",
    "inventory-activity",
)  # fmt: skip


@pytest.mark.parametrize("report", PAGES)
def test_strangers_to_stock_reports_are_sent_to_log_in(stranger: Client, db, report):
    answer = stranger.get(f"/reports/{report}/")
    assert answer.status_code == 302
    assert answer.url.startswith("/login/")


def test_paper_says_what_was_asked_for(client: Client, moved):
    asked = {"date": "2026-11-10", "location": moved.east.pk, "item": moved.cable.pk, "q": "cbl"}
    html = client.get(PAGE, asked).content.decode()
    assert "At the end of 2026-11-10 · EAST · CBL · “cbl”" in html
    asked = {"start": "2026-11-01", "end": "2026-11-30", "type": "item_receipt"}
    html = client.get("/reports/inventory-activity/", asked).content.decode()
    assert "2026-11-01 to 2026-11-30 · Item Receipt<" in html


@pytest.mark.parametrize("report", PAGES)
def test_inactive_locations_are_offered(client: Client, moved, report):
    moved.east.inactive = True
    moved.east.save()
    assert "EAST (inactive)" in client.get(f"/reports/{report}/").content.decode()


@pytest.mark.parametrize("report", PAGES)
def test_without_multi_location_inventory_no_page_speaks_of_locations(
    client: Client, moved, report
):
    def said() -> str:
        html = client.get(f"/reports/{report}/").content.decode()
        return html[html.index('id="content"') :].lower()

    assert "location" in said()
    Company.objects.update(multi_location_inventory=False)
    assert "location" not in said()


@pytest.mark.parametrize("report", PAGES)
def test_more_stock_costs_no_more_queries(queries_of, books, moved, report):
    url = f"/reports/{report}/?start=&end="
    before = queries_of(url)
    for number in range(6):
        item = ItemFactory(name=f"N{number}")
        books.have(item, "10.00", f"X{number} Y{number}", at=moved.east if number % 2 else None)
        books.fulfill(
            books.sell(item, 1, "20.00", on=nov(4), at=moved.east if number % 2 else None),
            f"X{number}",
            on=nov(4),
        )
    assert queries_of(url) == before
