"""Profit by item, and its tie to the income statement (SPEC §5.2 rule 6, §7.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounting.models import AccountingPeriod, JournalEntry, JournalLine
from reports.dates import DateRange, month_of
from reports.statements import income_statement
from reports.trade import profitability
from tests.books import Books, nov
from transactions.models import Transaction

PAGE = "/reports/profitability/"
NOVEMBER = month_of(nov(1))
OCTOBER = month_of(date(2026, 10, 1))


def figures(dates: DateRange) -> dict[str, tuple[Decimal, ...]]:
    """Quantity, revenue, cost and profit by item."""
    rows = profitability.items(dates)
    return {row.name: (row.quantity, row.revenue, row.cost, row.profit) for row in rows}


def decimals(*values: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(value) for value in values)


def tied(dates: DateRange) -> profitability.Tie:
    """The tie, after seeing that it ends at the statement without a difference."""
    found = profitability.tie(profitability.items(dates), dates)
    statement = income_statement(dates.first, dates.last)
    assert not found.difference
    assert found.listed.revenue + found.without_item.revenue == statement.income.total
    assert found.listed.cost + found.without_item.cost == statement.cost_of_sales.total
    return found


def sell_cables(books: Books, cable, quantity: int, on: date) -> None:
    order = books.sell(cable, quantity, "25.00", on=on)
    books.invoice(books.fulfill(order, quantity=quantity, on=on), on=on)


@pytest.fixture
def november(two_sold: None, books: Books, ht9000, tk100, cable) -> None:
    """Two computers at a profit, one other at a loss, five cables, and a price variance."""
    books.have(tk100, "850.00", "T1 T2")
    books.sold(tk100, "T1", "800.00", on=nov(9))
    books.receive(books.order(cable, 20, "10.00", on=nov(2)), quantity=20, on=nov(2))
    sell_cables(books, cable, 5, nov(10))
    receipt = books.receive(books.order(ht9000, 2, "600.00", on=nov(10)), "B1 B2", on=nov(10))
    books.bill(receipt, on=nov(11), rate="601.50")


def test_each_item_shows_what_was_sold_what_it_brought_and_what_it_cost(november):
    assert figures(NOVEMBER) == {
        "HT9000": decimals("2", "1998.00", "1203.00", "795.00"),  # with the price variance
        "TK100": decimals("1", "800.00", "850.00", "-50.00"),
        "CBL": decimals("5", "125.00", "50.00", "75.00"),
    }


def test_the_items_tie_to_the_income_statement(november):
    found = tied(NOVEMBER)
    assert (found.listed.revenue, found.listed.cost) == decimals("2923.00", "2103.00")
    assert not found.without_item
    assert not found.others


@pytest.mark.parametrize("day", [2, 8, 9, 11, 23])
def test_the_items_tie_day_by_day(november, day):
    tied(DateRange(nov(day), nov(day)))
    tied(DateRange(None, nov(day)))
    tied(DateRange(nov(day), None))


def test_an_item_without_income_or_cost_of_sales_is_not_listed(books, ht9000, tk100):
    books.have(tk100, "850.00", "T1")
    assert figures(NOVEMBER) == {}
    books.adjust(tk100, -1, "T1", on=nov(5))  # an expense
    assert figures(NOVEMBER) == {}
    assert not tied(NOVEMBER).listed


def test_what_has_no_item_is_a_line_below(november, books):
    entry = JournalEntry.objects.create(date=nov(12), memo="Freight refund")
    JournalLine.objects.create(
        entry=entry, debit=books.account("1000"), credit=books.account("5000"), amount=30
    )
    found = tied(NOVEMBER)
    assert (found.without_item.revenue, found.without_item.cost) == decimals("0.00", "-30.00")
    assert found.listed.cost == Decimal("2103.00")


def test_a_unit_shipped_in_october_and_invoiced_in_november_stands_in_both(october, books, ht9000):
    first = date(2026, 10, 2)
    books.receive(books.order(ht9000, 1, "600.00", on=first), "A1", on=first)
    late = books.fulfill(books.sell(ht9000, 1, "999.00", on=first), "A1", on=date(2026, 10, 31))
    books.invoice(late, on=nov(1))
    assert figures(OCTOBER) == {"HT9000": decimals("1", "0.00", "600.00", "-600.00")}
    assert figures(NOVEMBER) == {"HT9000": decimals("0", "999.00", "0.00", "999.00")}
    assert figures(DateRange()) == {"HT9000": decimals("1", "999.00", "600.00", "399.00")}
    tied(OCTOBER)
    tied(NOVEMBER)


def test_a_void_takes_the_money_out_on_its_own_day_and_the_quantity_away(october, books, ht9000):
    day = date(2026, 10, 5)
    books.receive(books.order(ht9000, 1, "600.00", on=day), "A1", on=day)
    shipped = books.fulfill(books.sell(ht9000, 1, "999.00", on=day), "A1", on=day)
    AccountingPeriod.objects.filter(start=date(2026, 10, 1)).update(closed=True)
    assert figures(OCTOBER)["HT9000"] == decimals("1", "0.00", "600.00", "-600.00")
    books.void(shipped)  # October is closed: reversed today, in November
    assert figures(OCTOBER)["HT9000"] == decimals("0", "0.00", "600.00", "-600.00")
    assert figures(NOVEMBER)["HT9000"] == decimals("0", "0.00", "-600.00", "600.00")
    tied(OCTOBER)
    tied(NOVEMBER)


def test_a_return_takes_the_sale_out_again(two_sold, books, ht9000):
    invoice = Transaction.objects.of("invoice").get()
    authorized = books.make("return_authorization", invoice, "A1235", on=nov(11))
    books.make("return_receipt", authorized, "A1235", on=nov(11))
    assert figures(NOVEMBER)["HT9000"] == decimals("1", "1998.00", "600.00", "1398.00")
    books.make("credit_memo", authorized, on=nov(12))
    assert figures(NOVEMBER)["HT9000"] == decimals("1", "999.00", "600.00", "399.00")
    assert figures(DateRange(nov(11), None))["HT9000"] == decimals(
        "-1", "-999.00", "-600.00", "-399.00"
    )
    tied(NOVEMBER)
    tied(DateRange(nov(11), None))


def test_a_share_is_in_percent_with_one_decimal_and_none_of_nothing():
    assert profitability.percent(Decimal("1.00"), Decimal("8.00")) == Decimal("12.5")
    assert profitability.percent(Decimal("-50.00"), Decimal("800.00")) == Decimal("-6.3")
    assert profitability.percent(Decimal("1.00"), Decimal("0.00")) is None
    assert profitability.percent(Decimal("1.00"), Decimal("-2.00")) is None


def test_the_books_behind_an_item_add_up_to_its_figures(november, ht9000):
    lines = list(profitability.bookings(NOVEMBER, ht9000))
    assert sum(line.revenue for line in lines) == Decimal("1998.00")
    assert sum(line.cost for line in lines) == Decimal("1203.00")
    assert not profitability.bookings(NOVEMBER, None)


# The page


def test_the_page_lists_items_by_profit_with_shares_and_the_tie(client: Client, november):
    answer = client.get(PAGE)
    names = [row.record.name for row in answer.context["listing"].table.rows]
    assert names == ["HT9000", "CBL", "TK100"]
    html = answer.content.decode()
    for text in ("97.0%", "39.8%", "−6.3%", "The items tie to the income statement to the cent."):
        assert text in html, text
    assert "<svg" in html


def test_figures_lead_to_the_item_its_units_and_the_journal(client: Client, november, ht9000):
    html = client.get(PAGE).content.decode()
    dates = "start=2026-11-01&amp;end=2026-11-30"
    assert f'href="{ht9000.get_absolute_url()}"' in html
    assert f'href="/reports/serialized-profit/?{dates}&amp;item={ht9000.pk}"' in html
    assert f'href="{PAGE}{ht9000.pk}/?{dates}"' in html
    assert f'href="/reports/income-statement/?{dates}"' in html


def test_the_journal_behind_an_item_leads_to_documents(client: Client, november, ht9000):
    answer = client.get(f"{PAGE}{ht9000.pk}/")
    rows = [row.record for row in answer.context["listing"].table.rows]
    assert len(rows) == 3
    html = answer.content.decode()
    for row in rows:
        assert f'href="{row.entry.posting.document.get_absolute_url()}"' in html
    assert "5010 Bill Price Variance" in html
    assert client.get(f"{PAGE}other/").status_code == 200
    assert client.get(f"{PAGE}987654/").status_code == 404


def test_a_journal_line_that_no_document_booked_has_its_row(client: Client, books):
    entry = JournalEntry.objects.create(date=nov(12))
    JournalLine.objects.create(
        entry=entry, debit=books.account("1000"), credit=books.account("4000"), amount=30
    )
    assert "30.00" in client.get(f"{PAGE}other/").content.decode()


def test_search_narrows_and_says_what_it_leaves_out(client: Client, november):
    answer = client.get(PAGE, {"q": "CBL"})
    tie = answer.context["tie"]
    assert [row.record.name for row in answer.context["listing"].table.rows] == ["CBL"]
    assert tie.others[0].revenue == Decimal("2798.00")
    assert not tie.difference


@pytest.mark.parametrize("sort", ["name", "-quantity", "revenue", "-cost", "profit"])
def test_the_page_sorts(client: Client, november, sort):
    assert len(client.get(PAGE, {"sort": sort}).context["listing"].table.rows) == 3


def test_the_file_holds_every_item(client: Client, november):
    lines = client.get(PAGE, {"export": "csv"}).getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Item,Quantity Sold,Revenue,Cost,Gross Profit")
    assert lines[1] == "HT9000,2,1998.00,1203.00,795.00,97.0,39.8"
    assert len(lines) == 4
    assert client.get(PAGE, {"export": "xlsx"}).getvalue().startswith(b"PK")


def test_filtering_by_htmx_brings_picture_and_tie_too(client: Client, november):
    headers = {"HX-Request": "true", "HX-Target": "results"}
    html = client.get(PAGE, {"q": "CBL"}, headers=headers).content.decode()
    assert "<html" not in html
    for part in ("presets", "profit-chart", "tie-out"):
        assert f'id="{part}"' in html
    assert html.count('hx-swap-oob="true"') == 3


def test_nothing_sold_yet(client: Client, books):
    assert "Nothing was earned or spent on items" in client.get(PAGE).content.decode()


def test_a_range_that_ends_before_it_starts_is_said(client: Client, november):
    html = client.get(PAGE, {"start": "2026-11-20", "end": "2026-11-01"}).content.decode()
    assert "The range ends before it starts." in html


def test_more_items_and_sales_cost_no_more_queries(queries_of, books, ht9000, tk100, cable):
    books.have(ht9000, "600.00", "A1 A2 A3")
    books.sold(ht9000, "A1")
    page, lines = queries_of(PAGE), queries_of(f"{PAGE}{ht9000.pk}/")
    books.sold(ht9000, "A2", on=nov(4))
    books.sold(ht9000, "A3", on=nov(5))
    books.have(tk100, "850.00", "T1")
    books.sold(tk100, "T1")
    books.receive(books.order(cable, 20, "10.00", on=nov(2)), quantity=20, on=nov(2))
    sell_cables(books, cable, 5, nov(10))
    assert queries_of(PAGE) == page
    assert queries_of(f"{PAGE}{ht9000.pk}/") == lines


def test_strangers_are_sent_to_log_in(stranger: Client, ht9000):
    for url in (PAGE, f"{PAGE}{ht9000.pk}/", f"{PAGE}other/"):
        assert "/login/" in stranger.get(url).url
