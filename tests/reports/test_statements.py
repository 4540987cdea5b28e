"""The income statement and the trial balance (SPEC §5.2 rule 6, §7.8, §8 example 9)."""

from __future__ import annotations

import html
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils.html import escape

from accounting.models import Account
from inventory.export import XLSX
from reports.dates import DateRange, month_of, months_to_draw
from reports.layout import income_statement_rows, ledger_url
from reports.statements import by_month, income_statement, trial_balance
from tests.books import nov
from transactions.models import Transaction

PAGE = "/reports/income-statement/"
PAGES = ["income-statement", "balance-sheet", "trial-balance", "general-ledger"]


def oct_(day: int) -> date:
    return date(2026, 10, day)


def amounts(start: date, end: date) -> dict[str, Decimal | None]:
    rows = income_statement_rows([income_statement(start, end)], [DateRange(start, end)])
    return {row.label: row.amount for row in rows}


def test_november_shows_income_cost_of_sales_and_gross_profit(two_sold):
    november = income_statement(nov(1), nov(30))
    assert november.income.total == Decimal("1998.00")
    assert november.cost_of_sales.total == Decimal("1200.00")
    assert november.gross_profit == Decimal("798.00")
    assert november.net_income == Decimal("798.00")


def test_an_adjustment_is_an_expense_below_gross_profit(two_sold, books, ht9000):
    books.adjust(ht9000, -1, "A1236", on=nov(12))
    found = amounts(nov(1), nov(30))
    assert found["Gross Profit"] == Decimal("798.00")
    assert found["6500 Inventory Adjustment"] == found["Total Expense"] == Decimal("600.00")
    assert found["Net Ordinary Income"] == found["Net Income"] == Decimal("198.00")


def test_other_income_and_expense_stand_below_net_ordinary_income(two_sold, books, ht9000):
    Account.objects.create(number="7000", name="Found Goods", type=Account.Type.OTHER_INCOME)
    Account.objects.create(number="8000", name="Flood", type=Account.Type.OTHER_EXPENSE)
    books.adjust(ht9000, 1, "F1", rate="50.00", account="7000", on=nov(12))
    books.adjust(ht9000, -1, "A1236", account="8000", on=nov(12))
    found = amounts(nov(1), nov(30))
    assert found["Net Ordinary Income"] == Decimal("798.00")
    assert found["Total Other Income"] == Decimal("50.00")
    assert found["Net Other Income"] == Decimal("-550.00")
    assert found["Net Income"] == Decimal("248.00")


def test_shipped_in_one_month_and_invoiced_in_the_next(october, books, ht9000):
    """SPEC §5.2 rule 6: the cost is October's, the income November's."""
    order = books.order(ht9000, 1, "600.00", on=oct_(5))
    books.receive(order, "A1", on=oct_(5))
    fulfillment = books.fulfill(books.sell(ht9000, 1, "999.00", on=oct_(30)), "A1", on=oct_(31))
    books.invoice(fulfillment, on=nov(1))
    assert income_statement(oct_(1), oct_(31)).gross_profit == Decimal("-600.00")
    assert income_statement(nov(1), nov(30)).gross_profit == Decimal("999.00")
    months = by_month([month_of(oct_(1)), month_of(nov(1))])
    assert [(m.income, m.cost_of_sales, m.net_income) for m in months] == [
        (Decimal("0.00"), Decimal("600.00"), Decimal("-600.00")),
        (Decimal("999.00"), Decimal("0.00"), Decimal("999.00")),
    ]


def test_a_voided_sale_leaves_nothing(two_sold, books):
    books.void(Transaction.objects.get(type="invoice"))
    books.void(Transaction.objects.get(type="item_fulfillment"))
    assert income_statement(nov(1), nov(30)).net_income == 0


def test_each_amount_leads_to_the_ledger_of_its_account_and_the_same_dates(
    client: Client, two_sold
):
    page = client.get(PAGE, {"start": "2026-11-01", "end": "2026-11-30"})
    text = page.content.decode()
    link = ledger_url(Account.objects.get(number="4000"), DateRange(nov(1), nov(30)))
    assert f'href="{escape(link)}"><span class="money">1,998.00</span></a>' in text
    assert "798.00" in text
    ledger = client.get(link)
    assert ledger.context["ledger"].credits - ledger.context["ledger"].debits == 1998


def test_the_page_shows_this_month_unless_asked(client: Client, two_sold):
    page = client.get(PAGE)
    assert page.context["dates"] == DateRange(nov(1), nov(30))
    assert page.context["form"]["start"].value() == "2026-11-01"


def test_a_month_without_entries_says_so(client: Client, two_sold):
    page = client.get(PAGE, {"start": "2026-09-01", "end": "2026-09-30"})
    assert b"Nothing was earned or spent" in page.content


@pytest.mark.parametrize(
    "start", ["yesterday", "2026-02-30", "2026-12-24", "0001-01-01", "9999-12-01"]
)
def test_wrong_dates_are_explained(client: Client, two_sold, start):
    page = client.get(PAGE, {"start": start, "end": "2026-11-30"})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_the_file_holds_the_statement(client: Client, two_sold):
    answer = client.get(PAGE, {"start": "2026-11-01", "end": "2026-11-30", "export": "csv"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Account,Amount"
    assert "4000 Sales Income,1998.00" in lines
    assert "Gross Profit,798.00" in lines


def test_debits_and_credits_of_the_trial_balance_are_equal(two_sold, books, ht9000):
    books.adjust(ht9000, -1, "A1236", on=nov(12))
    balance = trial_balance(nov(23))
    assert balance.debits == balance.credits == Decimal("3798.00")
    assert {line.account.number: line.balance for line in balance.lines} == books.balances()


def test_the_trial_balance_is_that_of_its_day(client: Client, two_sold):
    page = client.get("/reports/trial-balance/", {"date": "2026-11-07"})
    assert {line.account.number: line.balance for line in page.context["balance"].lines} == {
        "1300": Decimal("1800.00"),
        "2000": Decimal("-1800.00"),
    }


def test_the_trial_balance_as_a_file(client: Client, two_sold):
    answer = client.get("/reports/trial-balance/", {"export": "csv"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[-1] == "Total,3798.00,3798.00"


def test_each_account_of_the_trial_balance_leads_to_its_ledger_of_the_year(
    client: Client, two_sold
):
    page = client.get("/reports/trial-balance/", {"date": "2026-11-07"})
    line, url = page.context["lines"][0]
    assert url in html.unescape(page.content.decode())
    [totals] = client.get(url).context["ledger"].accounts
    assert (totals.account, totals.closing) == (line.account, line.balance)


@pytest.mark.parametrize("page", PAGES)
def test_a_report_comes_as_a_workbook_too(client: Client, two_sold, page):
    answer = client.get(f"/reports/{page}/", {"export": "xlsx"})
    assert answer["Content-Type"] == XLSX
    with ZipFile(BytesIO(answer.getvalue())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>1998" in sheet  # a number, not text


@pytest.mark.parametrize("page", [*PAGES, "serialized-profit"])
def test_strangers_are_sent_to_log_in(stranger: Client, db, page):
    answer = stranger.get(f"/reports/{page}/")
    assert answer.status_code == 302
    assert answer.url.startswith("/login/")


@pytest.mark.parametrize("page", PAGES)
def test_a_longer_ledger_costs_no_more_queries(queries_of, books, ht9000, page):
    books.have(ht9000, "600.00", "A1 A2 A3 A4 A5 A6 A7 A8")
    books.sold(ht9000, "A1")
    queries = queries_of(f"/reports/{page}/")
    for number in range(2, 8):
        books.sold(ht9000, f"A{number}", on=nov(number))
    assert queries_of(f"/reports/{page}/") == queries


@pytest.mark.parametrize(
    ("start", "end", "first", "count"),
    [
        (nov(1), nov(30), date(2026, 6, 1), 6),  # one month: the six up to it
        (date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 1), 11),  # a year, as far as it got
        (None, None, date(2026, 6, 1), 6),
        (date(2020, 1, 1), nov(30), date(2026, 6, 1), 6),
        (date(2027, 1, 1), date(2027, 1, 31), date(2026, 8, 1), 6),
    ],
)
def test_the_months_drawn(start, end, first, count):
    months = months_to_draw(DateRange(start, end), nov(23))
    assert (months[0].start, len(months)) == (first, count)
