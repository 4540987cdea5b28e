"""The balance sheet at the end of a day (SPEC §7.8)."""

from __future__ import annotations

import html
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounting.models import Account
from company.setup import open_year
from items.models import Item
from reports.balance_sheet import ASSETS, LIABILITIES, balance_sheets, positions
from reports.layout import balance_sheet_rows
from reports.statements import OF_THE_STATEMENT
from tests.books import Books, nov

PAGE = "/reports/balance-sheet/"


@pytest.fixture
def two_years(books: Books, ht9000: Item) -> None:
    """Bought in 2025 at 600.00; one sold at 999.00 that December, another in November 2026."""
    open_year(2025)
    bought, sold = date(2025, 12, 1), date(2025, 12, 20)
    order = books.order(ht9000, 3, "600.00", on=bought)
    books.bill(books.receive(order, "A1 A2 A3", on=bought), on=bought)
    books.sold(ht9000, "A1", on=sold)
    books.sold(ht9000, "A2", on=nov(8))


def amounts(day: date) -> dict[str, Decimal | None]:
    return {row.label: row.amount for row in balance_sheet_rows(balance_sheets([day]))}


def test_what_is_owned_is_what_is_owed_and_what_was_earned(two_sold):
    found = amounts(nov(30))
    assert found["1100 Accounts Receivable"] == Decimal("1998.00")
    assert found["1300 Inventory Asset"] == found["Total Other Current Asset"] == 600
    assert found["2000 Accounts Payable"] == found["Total Liabilities"] == 1800
    assert found["Net Income"] == found["Total Equity"] == 798
    assert found["Total Assets"] == found["Total Liabilities and Equity"] == 2598
    assert "2010 Accrued Purchases" not in found  # at zero


@pytest.mark.parametrize(
    ("day", "retained", "net_income"),
    [
        (date(2025, 11, 30), "0.00", "0.00"),
        (date(2025, 12, 31), "0.00", "399.00"),
        (date(2026, 1, 1), "399.00", "0.00"),
        (nov(30), "399.00", "399.00"),
    ],
)
def test_earlier_years_are_retained_and_this_one_is_net_income(
    two_years, day, retained, net_income
):
    [sheet] = balance_sheets([day])
    assert (sheet.retained_earnings, sheet.net_income) == (Decimal(retained), Decimal(net_income))
    assert sheet.total_assets == sheet.total_liabilities_and_equity


def test_equity_accounts_come_before_the_earnings(two_sold, books, tk100):
    books.adjust(tk100, 1, "T1", rate="700.00", account="3900", on=nov(1))
    labels = [row.label for row in balance_sheet_rows(balance_sheets([nov(30)]))]
    start = labels.index("Equity")
    assert labels[start + 1 : start + 5] == [
        "3900 Opening Balance Equity", "Retained Earnings", "Net Income", "Total Equity",
    ]  # fmt: skip
    assert amounts(nov(30))["3900 Opening Balance Equity"] == Decimal("700.00")


def test_every_type_of_account_has_its_place():
    placed = [*ASSETS, *LIABILITIES, Account.Type.EQUITY, *OF_THE_STATEMENT]
    assert sorted(placed) == sorted(Account.Type.values)


@pytest.mark.parametrize(
    ("compare", "earlier"), [("month", date(2026, 10, 31)), ("year", date(2025, 12, 31))]
)
def test_an_earlier_day_stands_beside_it(client: Client, two_years, compare, earlier):
    page = client.get(PAGE, {"date": "2026-11-23", "compare": compare})
    assert page.context["labels"] == ["2026-11-23", f"{earlier}"]
    [total] = [row for row in page.context["rows"] if row.label == "Total Assets"]
    assert [cell.amount for cell in total.cells] == [Decimal("2598.00"), Decimal("2199.00")]
    assert (total.change, total.percent) == (Decimal("399.00"), Decimal("18.14"))


def test_amounts_lead_to_where_they_come_from(client: Client, two_years):
    page = client.get(PAGE, {"date": "2026-11-23"})
    cells = {row.label: row.cells[0] for row in page.context["rows"] if row.cells}
    for label in ("1300 Inventory Asset", "Retained Earnings", "Net Income"):
        assert f'href="{cells[label].url}"' in html.unescape(page.content.decode())
    [totals] = client.get(cells["1300 Inventory Asset"].url).context["ledger"].accounts
    assert totals.closing == cells["1300 Inventory Asset"].amount
    for label in ("Retained Earnings", "Net Income"):
        income = client.get(cells[label].url).context["rows"][-1]
        assert (income.label, income.amount) == ("Net Income", cells[label].amount)


def test_the_page_is_of_today_and_says_that_it_balances(client: Client, two_sold):
    page = client.get(PAGE)
    assert page.context["day"] == nov(23)
    assert page.context["difference"] is None
    assert b"Total assets equal total liabilities and equity" in page.content


def test_a_day_before_the_first_entry_says_so(client: Client, two_sold):
    assert b"Nothing was booked by that day" in client.get(PAGE, {"date": "2026-11-01"}).content


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_wrong_day_is_explained(client: Client, two_sold, day):
    page = client.get(PAGE, {"date": day})
    assert page.context["form"].errors["date"]
    assert page.context["day"] == nov(23)


def test_the_file_holds_both_days(client: Client, two_years):
    asked = {"date": "2026-11-23", "compare": "year", "export": "csv"}
    lines = client.get(PAGE, asked).getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Account,2026-11-23,2025-12-31,Change,Change %"
    assert "Assets" in lines
    assert "Total Assets,2598.00,2199.00,399.00,18.14" in lines


def test_the_position_at_the_ends_of_months(two_years):
    found = positions([date(2025, 11, 30), date(2025, 12, 31), nov(30)])
    assert [(p.assets, p.liabilities, p.equity) for p in found] == [
        (Decimal("0.00"), Decimal("0.00"), Decimal("0.00")),
        (Decimal("2199.00"), Decimal("1800.00"), Decimal("399.00")),
        (Decimal("2598.00"), Decimal("1800.00"), Decimal("798.00")),
    ]


def test_a_second_day_costs_no_more_queries(queries_of, two_years):
    assert queries_of(f"{PAGE}?compare=year") == queries_of(PAGE)
