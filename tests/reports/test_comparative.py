"""The income statement beside another time (SPEC §7.8)."""

from __future__ import annotations

import html
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounting.models import Account
from items.models import Item
from reports.comparison import RangeComparison, range_columns
from reports.dates import DateRange, a_year_earlier, months_within, previous_period
from reports.layout import ledger_url
from tests.books import Books, nov

PAGE = "/reports/income-statement/"
NOVEMBER = {"start": "2026-11-01", "end": "2026-11-30"}


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def autumn(october: None, books: Books, ht9000: Item) -> None:
    """Sold at 999.00 in October and at 1,200.00 in November, bought at 600.00; one written off."""
    bought = date(2026, 10, 2)
    books.receive(books.order(ht9000, 3, "600.00", on=bought), "A1 A2 A3", on=bought)
    books.sold(ht9000, "A1", on=date(2026, 10, 20))
    books.sold(ht9000, "A2", "1200.00", on=nov(5))
    books.adjust(ht9000, -1, "A3", on=nov(12))


def columns(page) -> dict[str, list[Decimal | None]]:
    return {row.label: [cell.amount for cell in row.cells] for row in page.context["rows"]}


@pytest.mark.parametrize(
    ("start", "end", "previous", "year"),
    [
        ("2026-11-01", "2026-11-30", ("2026-10-01", "2026-10-31"), ("2025-11-01", "2025-11-30")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-12-31")),
        ("2026-07-01", "2026-09-30", ("2026-04-01", "2026-06-30"), ("2025-07-01", "2025-09-30")),
        ("2026-11-03", "2026-11-09", ("2026-10-27", "2026-11-02"), ("2025-11-03", "2025-11-09")),
        ("2026-11-08", "2026-11-08", ("2026-11-07", "2026-11-07"), ("2025-11-08", "2025-11-08")),
        ("2024-02-01", "2024-02-29", ("2024-01-01", "2024-01-31"), ("2023-02-01", "2023-02-28")),
        ("2025-02-01", "2025-02-28", ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),
        ("2024-02-29", "2024-03-02", ("2024-02-26", "2024-02-28"), ("2023-02-28", "2023-03-02")),
    ],
)
def test_the_days_compared(start, end, previous, year):
    dates = DateRange(day(start), day(end))
    assert previous_period(dates) == DateRange(*map(day, previous))
    assert a_year_earlier(dates) == DateRange(*map(day, year))


def test_a_single_month_has_no_total_beside_it():
    month, half_year = (
        range_columns(DateRange(day("2026-11-01"), day(end)), RangeComparison.MONTHS)
        for end in ("2026-11-30", "2027-04-30")
    )
    assert [column.label for column in month] == ["Nov 2026"]
    assert [column.label for column in half_year][-2:] == ["Apr 2027", "Total"]


def test_the_months_of_a_range_go_as_far_as_it():
    assert months_within(DateRange(day("2025-12-10"), day("2026-02-03"))) == [
        DateRange(day("2025-12-10"), day("2025-12-31")),
        DateRange(day("2026-01-01"), day("2026-01-31")),
        DateRange(day("2026-02-01"), day("2026-02-03")),
    ]


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        ("2026-11-01", "2026-11-30", ["Nov 2026", "Oct 2026"]),
        ("2026-01-01", "2026-12-31", ["2026", "2025"]),
        ("2026-11-03", "2026-11-04", ["2026-11-03 to 2026-11-04", "2026-11-01 to 2026-11-02"]),
    ],
)
def test_a_column_is_called_by_its_dates(start, end, labels):
    found = range_columns(DateRange(day(start), day(end)), RangeComparison.PREVIOUS)
    assert [column.label for column in found] == labels


def test_the_previous_month_stands_beside_this_one(client: Client, autumn):
    page = client.get(PAGE, {**NOVEMBER, "compare": "previous"})
    found = columns(page)
    assert found["Total Income"] == [Decimal("1200.00"), Decimal("999.00")]
    assert found["Net Income"] == [Decimal("0.00"), Decimal("399.00")]
    assert found["6500 Inventory Adjustment"] == [Decimal("600.00"), None]
    changes = {r.label: (r.change, r.percent) for r in page.context["rows"] if r.cells}
    assert changes["Total Income"] == (Decimal("201.00"), Decimal("20.12"))
    assert changes["Net Income"] == (Decimal("-399.00"), Decimal("-100.00"))
    assert changes["6500 Inventory Adjustment"] == (Decimal("600.00"), None)


def test_a_loss_that_shrinks_is_a_change_for_the_better(client: Client, october, books, ht9000):
    """The percentage goes by the size of what it is compared with, not by its sign."""
    bought = date(2026, 10, 2)
    books.receive(books.order(ht9000, 3, "600.00", on=bought), "A1 A2 A3", on=bought)
    books.adjust(ht9000, -2, "A1 A2", on=date(2026, 10, 5))
    books.adjust(ht9000, -1, "A3", on=nov(5))
    net = client.get(PAGE, {**NOVEMBER, "compare": "previous"}).context["rows"][-1]
    assert (net.change, net.percent) == (Decimal("600.00"), Decimal("50.00"))


def test_months_side_by_side_add_up_to_their_total(client: Client, autumn):
    asked = {"start": "2026-09-15", "end": "2026-11-30", "compare": "months"}
    page = client.get(PAGE, asked)
    assert page.context["labels"] == ["Sep 2026", "Oct 2026", "Nov 2026", "Total"]
    rows = {label: amounts for label, amounts in columns(page).items() if amounts}
    assert rows["Net Income"] == [0, Decimal("399.00"), Decimal("0.00"), Decimal("399.00")]
    for amounts in rows.values():
        *months, total = (amount or Decimal(0) for amount in amounts)
        assert sum(months) == total
    assert b"Change" not in page.content


def test_each_column_leads_to_the_ledger_of_its_own_dates(client: Client, autumn):
    page = client.get(PAGE, {**NOVEMBER, "compare": "previous"})
    income = Account.objects.get(number="4000")
    for start, end in (("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-31")):
        url = ledger_url(income, DateRange(day(start), day(end)))
        assert f'href="{url}"' in html.unescape(page.content.decode())


def test_an_account_that_only_the_other_time_knows_is_shown(client: Client, autumn):
    asked = {"start": "2026-10-01", "end": "2026-10-31", "compare": "last_year"}
    assert columns(client.get(PAGE, asked))["4000 Sales Income"] == [Decimal("999.00"), None]
    december = {"start": "2026-12-01", "end": "2026-12-31", "compare": "previous"}
    assert columns(client.get(PAGE, december))["4000 Sales Income"] == [None, Decimal("1200.00")]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"start": "", "end": "2026-11-30", "compare": "previous"}, "Give both dates"),
        ({"start": "2024-10-31", "end": "2026-10-01", "compare": "months"}, "room for 24 months"),
        ({**NOVEMBER, "compare": "tomorrow"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_compared_is_explained(client: Client, autumn, asked, message):
    page = client.get(PAGE, asked)
    assert message in page.content.decode()
    assert page.context["labels"] == ["Amount"]


def test_two_years_of_months_fit(client: Client, autumn):
    asked = {"start": "2024-11-30", "end": "2026-10-01", "compare": "months"}
    assert len(client.get(PAGE, asked).context["labels"]) == 25


def test_the_file_holds_the_comparison(client: Client, autumn):
    answer = client.get(PAGE, {**NOVEMBER, "compare": "previous", "export": "csv"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Account,Nov 2026,Oct 2026,Change,Change %"
    assert "4000 Sales Income,1200.00,999.00,201.00,20.12" in lines


def test_more_columns_cost_no_more_queries(queries_of, autumn):
    plain = queries_of(f"{PAGE}?start=2025-01-01&end=2026-11-30")
    for compare in RangeComparison.values:
        asked = f"{PAGE}?start=2025-01-01&end=2026-11-30&compare={compare}"
        assert queries_of(asked) == plain
